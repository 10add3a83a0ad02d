"""Which patients a scenario changes, from what to what, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.derive.model import Patients
from dossier.estimate.outcomes import Outcome
from dossier.scenarios.population_estimate import Counted

__all__ = ["PatientChange", "changes_in_counting", "changes_in_derivation"]

Mask = NDArray[np.bool_]
Texts = NDArray[np.object_]


@dataclass(frozen=True)
class PatientChange:
    """One thing that is otherwise for one patient.

    Parameters
    ----------
    patient, row
        Identifier, and row in the patients file.
    what
        ``best_response``, ``pfs``, ``os``, ``dor``, ``benefit_16w``, ``benefit_24w``; ``counted in
        rates`` and ``counted in times`` for the denominators; or a rate where the way outcomes
        that are not known are counted changes it.
    before, after
        The values, in words.
    rule_before, rule_after
        Identifiers of the rules that gave them; for denominators what the scenario asks for.
    """

    patient: str
    row: int
    what: str
    before: str
    after: str
    rule_before: str = ""
    rule_after: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "patient": self.patient,
            "row": self.row,
            "what": self.what,
            "before": self.before,
            "after": self.after,
            "rule_before": self.rule_before,
            "rule_after": self.rule_after,
        }


def changes_in_derivation(before: Patients, after: Patients) -> tuple[PatientChange, ...]:
    """Patients whose response, times or benefit are otherwise, in the order of the file.

    Both must be of the same patients, in the same order.
    """
    found: list[tuple[int, PatientChange]] = []
    old, new = before.frame, after.frame
    for what, worded in _VALUES.items():
        if what not in old and f"{what}_days" not in old:
            continue
        one, two = worded(old, what), worded(new, what)
        if np.array_equal(one, two):
            continue
        rule = f"{what}_rule"
        found += [
            (int(place), PatientChange(
                str(old["patient_id"].iat[place]), int(new["row"].iat[place]), what,
                one[place] or "none", two[place] or "none",
                old[rule].iat[place], new[rule].iat[place],
            ))
            for place in np.flatnonzero(one != two)
        ]  # fmt: skip
    return tuple(change for _, change in sorted(found, key=lambda pair: pair[0]))


def changes_in_counting(
    frame: pd.DataFrame, before: Counted, after: Counted, why: str
) -> tuple[PatientChange, ...]:
    """Patients who enter or leave a denominator, or whose unknown outcome is decided.

    Parameters
    ----------
    frame
        Of the derive stage, for the names of the patients.
    before, after
        Who counts in the base case and in the scenario.
    why
        What the scenario asks for.
    """
    found: list[tuple[int, PatientChange]] = []

    def note(mask: Mask, what: str, one: Callable[[int], str], two: Callable[[int], str]) -> None:
        found.extend(
            (int(place), PatientChange(
                str(frame["patient_id"].iat[place]), int(frame["row"].iat[place]), what,
                one(int(place)), two(int(place)), "", why,
            ))
            for place in np.flatnonzero(mask)
        )  # fmt: skip

    for what, one, two in (
        ("counted in times", before.treated, after.treated),
        ("counted in rates", before.evaluable, after.evaluable),
    ):
        note(one != two, what, _yes_or_no(one), _yes_or_no(two))
    both = before.evaluable & after.evaluable
    if before.outcomes is not after.outcomes:
        for name in before.outcomes.keys() & after.outcomes.keys():
            one_, two_ = _states(before.outcomes[name]), _states(after.outcomes[name])
            note((one_ != two_) & both, name, one_.__getitem__, two_.__getitem__)
    return tuple(change for _, change in sorted(found, key=lambda pair: (pair[0], pair[1].what)))


def _yes_or_no(mask: Mask) -> Callable[[int], str]:
    return lambda place: "yes" if mask[place] else "no"


def _states(outcome: Outcome) -> Texts:
    states: Texts = np.select(
        [outcome.success, outcome.too_early, outcome.unknown], ["yes", "too early", "unknown"], "no"
    ).astype(object)
    return states


def _as_it_is(frame: pd.DataFrame, what: str) -> Texts:
    values: Texts = frame[what].to_numpy(dtype=object)
    return values


def _time_in_words(frame: pd.DataFrame, what: str) -> Texts:
    days = frame[f"{what}_days"].to_numpy(dtype=float)
    reason = frame[f"{what}_reason"].to_numpy(dtype=object)
    event = frame[f"{what}_event"].to_numpy(dtype=float)
    return np.array(list(_times(days, event, reason)), dtype=object)


def _times(days: Any, event: Any, reason: Any) -> Iterator[str]:
    for day, happened, why in zip(days, event, reason, strict=True):
        if np.isnan(day):
            yield str(why)
        else:
            ended = "event" if happened == 1 else "censored"
            yield f"{day:g} days, {ended}: {why}" if why else f"{day:g} days, {ended}"


_VALUES: Mapping[str, Callable[[pd.DataFrame, str], Texts]] = {
    "best_response": _as_it_is,
    "pfs": _time_in_words,
    "os": _time_in_words,
    "dor": _time_in_words,
    "benefit_16w": _as_it_is,
    "benefit_24w": _as_it_is,
}
