"""Times to an event back to the patients: how long, and what ended or censored each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dossier.derive.rule_sets import endpoint_under
from dossier.estimate.competing_risks import DEATH, PROGRESSION
from dossier.trace.chain import Chain, Mask, PartOf, parts
from dossier.trace.groups import Group
from dossier.trace.model import Contribution, Finding, SourceRow

_REASONS = ("event_types", "censoring_reasons", "unknown_reasons", "censoring")
_OF_SETTINGS = ("label", "months", "days")  # of a landmark
_TITLES = {
    "pfs": "progression-free survival",
    "os": "overall survival",
    "dor": "duration of response",
    "follow_up": "follow-up",
    "time_on_treatment": "time on treatment",
    "time_to_next_treatment": "time to next treatment",
}


class _Data:
    """Days, ends and reasons of one endpoint, for every patient."""

    def __init__(self, chain: Chain, group: Group, endpoint: str) -> None:
        self.chain, self.endpoint = chain, endpoint
        self.days = chain.values(f"{endpoint}_days").astype(float)
        ended = chain.values(f"{endpoint}_event").astype(float)
        # Reverse Kaplan-Meier: who is still followed has the event, a death censors.
        self.event = (ended == 0) if endpoint == "follow_up" else (ended == 1)
        self.known = ~(np.isnan(self.days) | np.isnan(ended))
        # The rows of follow-up are those of survival.
        self.origin = "os" if endpoint == "follow_up" else endpoint
        self.reason = chain.values(f"{self.origin}_reason")
        responders = chain.mask("responder")
        self.population = group.treated & responders if endpoint == "dor" else group.treated
        words = "patients with a response" if endpoint == "dor" else "treated patients"
        self.called = group.called(words)

    def part(self, *, events_only: bool) -> PartOf:
        """What a patient brings in; ``events_only`` counts those with the event."""
        chain = self.chain

        def part(place: int) -> Contribution:
            event = bool(self.event[place])
            status = "event" if event else "censored"
            return Contribution(
                chain.patient(place),
                chain.number(f"{self.endpoint}_days", place),
                event or not events_only,
                status if self.known[place] else "unknown",
                str(self.reason[place]),
                None,
                chain.text(f"{self.origin}_rule", place),
                self._rows(place),
            )

        return part

    def _rows(self, place: int) -> tuple[SourceRow, ...]:
        rows = self.chain.deciding(self.origin, place, "ends")
        if self.endpoint != "dor":
            return rows
        return (*self.chain.deciding("best_response", place, "begins"), *rows)

    def found(
        self, meaning: str, places: Mask, *, events_only: bool = False, recounted: bool = True
    ) -> Finding:
        """The patients of a number."""
        rules = self.chain.texts(f"{self.origin}_rule")
        contributions = parts(places, self.part(events_only=events_only), rules)
        return Finding(
            f"{_title(self.endpoint)}: {meaning}",
            self.called,
            int(self.population.sum()),
            contributions,
            ("POP-TREATED",),
            len(contributions) if recounted else None,
        )


def is_time(endpoint: str, chain: Chain) -> bool:
    """Whether an endpoint is a time to an event."""
    return {f"{endpoint}_days", f"{endpoint}_event"} <= set(chain.frame.columns)


def time_to_event(
    chain: Chain, group: Group, keys: Sequence[str], time: Mapping[str, Any]
) -> Finding | None:
    """A number of a time to an event.

    Parameters
    ----------
    chain, group
        What is traced, and whom it is about.
    keys
        Keys below ``endpoints``: the endpoint, and the number.
    time
        The endpoint as it stands in results.json.
    """
    endpoint, key, *rest = keys
    if key == "rule_sets":
        return _under_rule_set(chain, group, rest)
    data = _Data(chain, group, endpoint)
    inside = data.population & data.known
    match key:
        case "n":
            return data.found("patients in the analysis", inside)
        case "events":
            return data.found("patients with the event", inside & data.event)
        case "censored":
            return data.found("patients without the event so far", inside & ~data.event)
        case "unknown":
            return data.found(
                "patients left out, time or status not known", data.population & ~data.known
            )
        case _ if key in _REASONS:
            places = {
                "event_types": inside & data.event,
                "censoring_reasons": inside & ~data.event,
                "unknown_reasons": data.population & ~data.known,
                "censoring": inside & ~data.event,
            }[key]
            why = chain.values(f"{endpoint}_censoring") if key == "censoring" else data.reason
            return data.found(f"patients with {rest[0]!r}", places & (why == rest[0]))
        case "lasting":
            return _lasting(data, inside, rest, time)
    if key not in ("median", "landmark", "landmarks", "range", "restricted_mean"):
        return None
    return _of_curve(data, inside, (key, *rest), time)


def _under_rule_set(chain: Chain, group: Group, keys: Sequence[str]) -> Finding | None:
    """A number of progression-free survival under a rule set."""
    name, key, *rest = keys
    in_force = chain.cohort.settings.derivation.pfs
    endpoint = "pfs" if name == in_force else endpoint_under(name)
    return time_to_event(chain, group, [endpoint, key, *rest], {})


def _lasting(
    data: _Data, inside: Mask, keys: Sequence[str], time: Mapping[str, Any]
) -> Finding | None:
    """A number of the responses that lasted at least so long."""
    place, key = int(keys[0]), keys[1]
    if key in (*_OF_SETTINGS, "method", "confidence", "reason"):
        return None
    share = time["lasting"][place]
    long = inside & (data.days >= share["days"])
    judged = long | (inside & data.event)
    label = share["label"]
    counts = {
        "n": (f"responses that lasted {label} or ended before", judged),
        "events": (f"responses that lasted {label}", long),
        "too_early": (f"responses still going on when last seen, before {label}", inside & ~judged),
        "unknown": ("responses of unknown duration", data.population & ~data.known),
    }
    if key in counts:
        return data.found(*counts[key])
    words = f"{share['events']} of {share['n']} responses lasted {label}"
    return data.found(words, judged, recounted=False)


def _of_curve(
    data: _Data, inside: Mask, keys: Sequence[str], time: Mapping[str, Any]
) -> Finding | None:
    """A number that all times have a part in, or the few at an end of the range."""
    key, *rest = keys
    if rest[-1] in ("reason", "note") or (key == "landmarks" and rest[1] in _OF_SETTINGS):
        return None
    if key == "landmark" and rest[0] in _OF_SETTINGS:
        return None
    if "reason" in time:
        return Finding(f"{_title(data.endpoint)}: nothing was estimated, {time['reason']}")
    if key == "landmarks" and rest[1] == "at_risk":
        mark = time["landmarks"][int(rest[0])]
        still = inside & (data.days >= mark["days"])
        return data.found(f"patients still under observation at {mark['label']}", still)
    if keys == ("landmark", "at_risk"):
        still = inside & (data.days >= time["landmark"]["days"])
        return data.found("patients still under observation at the landmark", still)
    if keys == ("restricted_mean", "at_risk"):
        still = inside & (data.days >= time["restricted_mean"]["tau_days"])
        return data.found("patients still under observation at the horizon", still)
    if key == "range":
        side = "minimum" if rest[0].startswith("minimum") else "maximum"
        at = inside & (data.days == time["range"][f"{side}_days"])
        words = "shortest" if side == "minimum" else "longest"
        return data.found(f"the {words} time observed", at, recounted=False)
    method = time.get("method", "kaplan-meier")
    at_landmark = "share without the event at the landmark"
    names = {"median": "median", "landmark": at_landmark, "landmarks": at_landmark}
    meaning = f"{names.get(key, 'restricted mean')} ({method}) of all times"
    return data.found(meaning, inside, events_only=True, recounted=False)


def progression_incidence(
    chain: Chain, group: Group, keys: Sequence[str], incidence: Mapping[str, Any]
) -> Finding | None:
    """A number of the incidence of progression, with death as competing event."""
    key = keys[1]
    data = _Data(chain, group, "pfs")
    progressed = data.event & np.isin(data.reason.astype(str), PROGRESSION)
    died = data.event & np.isin(data.reason.astype(str), DEATH)
    known = data.known & (~data.event | progressed | died)
    inside = data.population & known
    counts = {
        "n": ("patients in the analysis", inside),
        "events": ("patients with progression", inside & progressed),
        "competing_events": ("patients who died without progression", inside & died),
        "censored": ("patients with neither so far", inside & ~data.event),
        "unknown": ("patients left out", data.population & ~known),
    }
    if key in counts:
        return data.found(*counts[key])
    if key != "landmarks" or keys[3] in _OF_SETTINGS or keys[-1] == "reason":
        return None
    if "reason" in incidence:
        return Finding(f"nothing was estimated: {incidence['reason']}")
    if keys[3] == "at_risk":
        still = inside & (data.days >= incidence["landmarks"][int(keys[2])]["days"])
        return data.found("patients still under observation at the landmark", still)
    meaning = f"cumulative incidence ({incidence['method']}) of all times"
    return data.found(meaning, inside, events_only=True, recounted=False)


def time_to_response(chain: Chain, group: Group, keys: Sequence[str]) -> Finding | None:
    """A number of the times to response, all of them observed."""
    days = chain.values("time_to_response_days").astype(float)
    population = group.treated & chain.mask("responder")
    inside = population & ~np.isnan(days)
    key = keys[1]
    if key.startswith(("minimum", "maximum")) and inside.any():
        end = days[inside].min() if key.startswith("minimum") else days[inside].max()
        inside = inside & (days == end)
    elif key not in ("n", "median") or keys[-1] == "reason":
        return None

    def part(place: int) -> Contribution:
        return Contribution(
            chain.patient(place),
            chain.number("time_to_response_days", place),
            counted=True,
            status="event",
            reason=chain.text("best_response", place),
            rule=chain.text("best_response_rule", place),
            sources=chain.best_response_rows(place),
        )

    contributions = parts(inside, part, chain.texts("best_response_rule"))
    return Finding(
        "time from the start of treatment to the assessment that carries the response",
        group.called("patients with a response"),
        int(population.sum()),
        contributions,
        ("POP-TREATED", "TTR"),
        len(contributions) if key == "n" else None,
    )


def _title(endpoint: str) -> str:
    if endpoint.startswith("pfs_"):
        name = endpoint.removeprefix("pfs_").replace("_", "-")
        return f"{_TITLES['pfs']}, rule set {name}"
    return _TITLES.get(endpoint, endpoint.replace("_", " "))
