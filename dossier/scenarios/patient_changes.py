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

__all__ = ["PatientChange", "changes_in_counting", "changes_in_derivation", "patients_changed"]

Mask = NDArray[np.bool_]
Texts = NDArray[np.object_]
Places = NDArray[np.intp]


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
    for what, places in _derived_otherwise(old, new).items():
        worded, rule = _VALUES[what], f"{what}_rule"
        each = (
            places, old["patient_id"].to_numpy()[places], new["row"].to_numpy()[places],
            worded(old, what, places), worded(new, what, places),
            old[rule].to_numpy()[places], new[rule].to_numpy()[places],
        )  # fmt: skip
        found += [
            (place, PatientChange(
                str(patient), row, what, was or "none", now or "none", before_by, now_by
            ))
            for place, patient, row, was, now, before_by, now_by in zip(
                *(values.tolist() for values in each), strict=True
            )
        ]  # fmt: skip
    return tuple(change for _, change in sorted(found, key=lambda pair: pair[0]))


def patients_changed(before: tuple[Patients, Counted], after: tuple[Patients, Counted]) -> int:
    """How many patients there are in `changes_in_derivation` and `changes_in_counting`."""
    changed = np.zeros(len(before[0].frame), dtype=np.bool_)
    if before[0] is not after[0]:
        for places in _derived_otherwise(before[0].frame, after[0].frame).values():
            changed[places] = True
    for _, mask in _counted_otherwise(before[1], after[1]):
        changed |= mask
    return int(changed.sum())


def _derived_otherwise(old: pd.DataFrame, new: pd.DataFrame) -> dict[str, Places]:
    """Places of the patients for whom each value is otherwise."""
    found: dict[str, Places] = {}
    for what in _VALUES:
        if what not in old and f"{what}_days" not in old:
            continue
        otherwise = np.zeros(len(old), dtype=np.bool_)
        for column in (what,) if what in old else (f"{what}_{part}" for part in _OF_TIMES):
            one, two = old[column].to_numpy(), new[column].to_numpy()
            if one.dtype == object:
                otherwise |= one != two
            else:
                otherwise |= (one != two) & ~(np.isnan(one) & np.isnan(two))
        if otherwise.any():
            found[what] = np.flatnonzero(otherwise)
    return found


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
    patients, rows = frame["patient_id"].to_numpy(), frame["row"].to_numpy()

    def note(mask: Mask, what: str, one: Callable[[int], str], two: Callable[[int], str]) -> None:
        found.extend(
            (int(place), PatientChange(
                str(patients[place]), int(rows[place]), what,
                one(int(place)), two(int(place)), "", why,
            ))
            for place in np.flatnonzero(mask)
        )  # fmt: skip

    for what, mask in _counted_otherwise(before, after):
        if what in _COUNTED:
            one, two = _COUNTED[what](before), _COUNTED[what](after)
            note(mask, what, _yes_or_no(one), _yes_or_no(two))
        else:
            was, now = _states(before.outcomes[what]), _states(after.outcomes[what])
            note(mask, what, _state_of(was), _state_of(now))
    return tuple(change for _, change in sorted(found, key=lambda pair: (pair[0], pair[1].what)))


def _counted_otherwise(before: Counted, after: Counted) -> Iterator[tuple[str, Mask]]:
    """What is counted otherwise, and for which patients."""
    for what, members in _COUNTED.items():
        yield what, members(before) != members(after)
    if before.outcomes is not after.outcomes:
        both = before.evaluable & after.evaluable
        for name in before.outcomes.keys() & after.outcomes.keys():
            one, two = _states(before.outcomes[name]), _states(after.outcomes[name])
            yield name, (one != two) & both


def _yes_or_no(mask: Mask) -> Callable[[int], str]:
    return lambda place: "yes" if mask[place] else "no"


def _states(outcome: Outcome) -> Places:
    """Whether each patient has the outcome, as places in ``_STATES``."""
    return np.select([outcome.success, outcome.too_early, outcome.unknown], [1, 2, 3], 0)


def _state_of(states: Places) -> Callable[[int], str]:
    return lambda place: _STATES[states[place]]


def _as_it_is(frame: pd.DataFrame, what: str, places: Places) -> Texts:
    values: Texts = frame[what].to_numpy(dtype=object)[places]
    return values


def _time_in_words(frame: pd.DataFrame, what: str, places: Places) -> Texts:
    days = frame[f"{what}_days"].to_numpy(dtype=float)[places]
    reason = frame[f"{what}_reason"].to_numpy(dtype=object)[places]
    event = frame[f"{what}_event"].to_numpy(dtype=float)[places]
    return np.array(list(_times(days, event, reason)), dtype=object)


def _times(days: Any, event: Any, reason: Any) -> Iterator[str]:
    for day, happened, why in zip(days, event, reason, strict=True):
        if np.isnan(day):
            yield str(why)
        else:
            ended = "event" if happened == 1 else "censored"
            yield f"{day:g} days, {ended}: {why}" if why else f"{day:g} days, {ended}"


_COUNTED: Mapping[str, Callable[[Counted], Mask]] = {
    "counted in times": lambda counted: counted.treated,
    "counted in rates": lambda counted: counted.evaluable,
}
_STATES = ("no", "yes", "too early", "unknown")
_OF_TIMES = ("days", "event", "reason")
_VALUES: Mapping[str, Callable[[pd.DataFrame, str, Places], Texts]] = {
    "best_response": _as_it_is,
    "pfs": _time_in_words,
    "os": _time_in_words,
    "dor": _time_in_words,
    "benefit_16w": _as_it_is,
    "benefit_24w": _as_it_is,
}
