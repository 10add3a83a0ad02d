"""The decision at 16 weeks on which schemes of pay-for-performance rest, patient by patient.

The Drug Rediscovery Protocol (NCT02925234) pays for the first 16 weeks out of the scheme and for
what follows where there is benefit. The table counts all treated patients: payment is decided on
every one of them, evaluable for response or not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["CONTINUED", "STATES", "Decision", "DecisionRow", "decision_at_16_weeks"]

Mask = NDArray[np.bool_]

# Keys of results.json, and the states of the derive stage.
STATES = {
    "benefit": "benefit",
    "no_benefit": "no benefit",
    "too_early": "too early",
    "not_assessable": "unknown",
}
CONTINUED = {"yes": "yes", "no": "no", "too_early": "too early", "unknown": "unknown"}


@dataclass(frozen=True)
class DecisionRow:
    """Some of the treated patients.

    Parameters
    ----------
    n
        How many.
    scan_in_window
        Those with an assessment in the window around week 16; None without visits.
    continued
        By whether treatment went on after week 16 (keys of `CONTINUED`); empty where the input has
        no end of treatment.
    reasons
        The same patients by the basis of their benefit, or by why there is none.
    """

    n: int
    scan_in_window: int | None
    continued: dict[str, int]
    reasons: dict[str, DecisionRow] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON form; what the input does not say is left out."""
        result: dict[str, Any] = {"n": self.n}
        if self.scan_in_window is not None:
            result["scan_in_window"] = self.scan_in_window
        if self.continued:
            result["continued"] = self.continued
        if self.reasons:
            result["reasons"] = {name: row.to_dict() for name, row in self.reasons.items()}
        return result


@dataclass(frozen=True)
class Decision:
    """The section ``decision_16w`` of results.json.

    Parameters
    ----------
    all
        All treated patients.
    states
        They by state, the keys of `STATES`; each by its reasons.
    window
        First and last day of an assessment at week 16; None without visits.
    """

    all: DecisionRow
    states: dict[str, DecisionRow]
    window: tuple[int, int] | None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result = self.all.to_dict()
        if self.window is not None:
            result["window"] = {"first_day": self.window[0], "last_day": self.window[1]}
        return result | {name: row.to_dict() for name, row in self.states.items()}


def decision_at_16_weeks(patients: pd.DataFrame, treated: Mask) -> Decision:
    """Count the treated patients by benefit at 16 weeks, and what was done.

    Parameters
    ----------
    patients
        Frame of the derive stage.
    treated
        Patients to count, shape (patients,).
    """
    state = patients["benefit_16w"].to_numpy(dtype=object)
    basis = patients["benefit_16w_basis"].to_numpy(dtype=object)
    states = {}
    for name, words in STATES.items():
        inside = treated & (state == words)
        reasons = {
            str(reason): _row(patients, inside & (basis == reason))
            for reason in sorted(set(basis[inside]))
        }
        ordered = sorted(reasons.items(), key=lambda pair: (-pair[1].n, pair[0]))
        states[name] = _row(patients, inside, dict(ordered))
    return Decision(_row(patients, treated), states, _window(patients, treated))


def _row(
    patients: pd.DataFrame, inside: Mask, reasons: dict[str, DecisionRow] | None = None
) -> DecisionRow:
    scans = None
    if "decision_16w_day" in patients:
        found = ~np.isnan(patients["decision_16w_day"].to_numpy(dtype=float))
        scans = int((inside & found).sum())
    continued = {}
    if "continued_16w" in patients:
        went_on = patients["continued_16w"].to_numpy(dtype=object)
        continued = {key: int((inside & (went_on == x)).sum()) for key, x in CONTINUED.items()}
    return DecisionRow(int(inside.sum()), scans, continued, reasons or {})


def _window(patients: pd.DataFrame, treated: Mask) -> tuple[int, int] | None:
    if "decision_16w_day" not in patients or not treated.any():
        return None
    first, last = (
        int(patients[f"decision_16w_{end}_day"].to_numpy(dtype=float)[treated][0])
        for end in ("first", "last")
    )
    return first, last
