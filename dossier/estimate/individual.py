"""Each patient as their own control (PFS ratio), exceptional responders, and earlier treatment."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.cohort.settings import Estimation
from dossier.estimate.baseline import described
from dossier.estimate.descriptions import Characteristic
from dossier.estimate.kaplan_meier import kaplan_meier, quantile
from dossier.estimate.model import Proportion
from dossier.estimate.outcomes import proportion
from dossier.estimate.times import median_with_reason

__all__ = [
    "EXCEPTIONAL_BASES",
    "NOT_GIVEN",
    "ExceptionalResponders",
    "MedianRatio",
    "PfsRatio",
    "exceptional_responders",
    "judged_share",
    "pfs_ratio",
    "prior_treatment",
]

Mask = NDArray[np.bool_]

NOT_GIVEN = "earlier progression-free survival not given"
EXCEPTIONAL_BASES = ("complete response", "long progression-free survival")
NOT_YET = "followed too short so far"
# Columns of the patients table that tell of earlier treatment.
_PRIOR = ("prior_lines", "prior_pfs_days")


@dataclass(frozen=True)
class MedianRatio:
    """A median ratio with limits; None means not reached or not estimable (``reason``)."""

    ratio: float | None
    ci_lower: float | None
    ci_upper: float | None
    method: str
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "ratio": self.ratio,
            "ci_lower": self.ci_lower,
            "ci_upper": self.ci_upper,
            "reached": self.ratio is not None,
            "method": self.method,
        }
        return result if self.reason is None else result | {"reason": self.reason}


@dataclass(frozen=True)
class PfsRatio:
    """Progression-free survival against that of the same patient on the last earlier line.

    Parameters
    ----------
    share
        Patients who reached the threshold, of those who reached or missed it.
    threshold
        The ratio asked for.
    with_ratio
        Patients with a ratio, exact or a lower limit: those of the share and the indeterminate.
    indeterminate
        Censored before the threshold: neither a success nor a failure, and in no denominator.
    not_given
        Patients without an earlier progression-free survival.
    unknown_reasons
        Why the ratio of others is not known.
    lowest, highest
        The share of all with a ratio if no, or every, indeterminate patient came to reach it; None
        without such patients.
    median
        Of all ratios.
    """

    share: Proportion
    threshold: float
    with_ratio: int
    indeterminate: int
    not_given: int
    unknown_reasons: dict[str, int]
    lowest: float | None
    highest: float | None
    median: MedianRatio

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result = self.share.to_dict()
        del result["too_early"]
        result |= {
            "threshold": self.threshold,
            "not_reached": self.share.n - self.share.events,
            "with_ratio": self.with_ratio,
            "indeterminate": self.indeterminate,
            "not_given": self.not_given,
            "unknown_reasons": self.unknown_reasons,
            "lowest": self.lowest,
            "highest": self.highest,
            "median": self.median.to_dict(),
        }
        if self.lowest is None and "reason" not in result:
            result["reason"] = "no patient has a ratio"
        return result


def pfs_ratio(
    patients: pd.DataFrame, treated: Mask, threshold: float, estimation: Estimation
) -> PfsRatio:
    """Estimate the share of patients who reach a PFS ratio, and the median ratio.

    A patient censored before the threshold may still reach it and is left out of the share (Von
    Hoff, Clin Cancer Res 1998; 4: 1079-1086, asks for a ratio of 1.33, others for 1.3). As those
    censored later have succeeded, leaving out is in favour of the treatment: `lowest` and `highest`
    say how far. The median takes the ratio as a time that may be censored (Kaplan-Meier); it
    supposes that censoring does not depend on the ratio, which nobody can check (Texier et al.,
    Comput Math Methods Med 2018: 1672176).

    Parameters
    ----------
    patients
        Frame of the derive stage, with ``pfs_ratio``.
    treated
        Patients to count, shape (patients,).
    threshold
        ``derivation.pfs_ratio_threshold``.
    estimation
        Settings of the limits.
    """
    state = patients["pfs_ratio_state"].to_numpy(dtype=object)[treated]
    reason = patients["pfs_ratio_reason"].to_numpy(dtype=object)[treated]
    not_given = reason == NOT_GIVEN
    why = Counter(str(each) for each in reason[(state == "unknown") & ~not_given])
    met, missed, open_ = (int((state == x).sum()) for x in ("met", "not met", "indeterminate"))
    known = met + missed + open_
    unknown = sum(why.values())
    return PfsRatio(
        share=judged_share(met, missed, unknown, estimation),
        threshold=threshold,
        with_ratio=known,
        indeterminate=open_,
        not_given=int(not_given.sum()),
        unknown_reasons=dict(sorted(why.items(), key=lambda pair: (-pair[1], pair[0]))),
        lowest=met / known if known else None,
        highest=(met + open_) / known if known else None,
        median=_median(patients, treated, estimation),
    )


def judged_share(met: int, missed: int, unknown: int, estimation: Estimation) -> Proportion:
    """The share who reached the ratio, of those who reached or missed it."""
    nobody = "no patient has a ratio that can be judged"
    return proportion(met, met + missed, estimation, unknown=unknown, nobody=nobody)


def _median(patients: pd.DataFrame, treated: Mask, estimation: Estimation) -> MedianRatio:
    ratio = patients["pfs_ratio"].to_numpy(dtype=float)
    event = patients["pfs_event"].to_numpy(dtype=float)
    known = treated & ~np.isnan(ratio) & ~np.isnan(event)
    method = f"kaplan-meier of the ratio, {estimation.ci} limits"
    if not known.any():
        return MedianRatio(None, None, None, method, "no patient has a ratio")
    ended = event[known] == 1
    curve = kaplan_meier(
        ratio[known], ended, limits=estimation.ci, confidence=estimation.confidence
    )
    found = median_with_reason(*quantile(curve), int(ended.sum()))
    return MedianRatio(found.days, found.ci_lower_days, found.ci_upper_days, method, found.reason)


@dataclass(frozen=True)
class ExceptionalResponders:
    """Patients with a complete response, or free of progression for very long.

    Parameters
    ----------
    share
        Those who are, of the treated; a patient followed too short counts as none so far.
    bases
        They by what makes them exceptional.
    followed_too_short
        Patients without progression who may become one.
    """

    share: Proportion
    bases: dict[str, int]
    followed_too_short: int

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result = self.share.to_dict()
        del result["too_early"]
        return result | {"bases": self.bases, "followed_too_short": self.followed_too_short}


def exceptional_responders(
    patients: pd.DataFrame, treated: Mask, estimation: Estimation
) -> ExceptionalResponders:
    """Count the exceptional responders among the treated, as far as is known.

    Parameters
    ----------
    patients
        Frame of the derive stage.
    treated
        Patients to count, shape (patients,).
    estimation
        Settings of the limits.
    """
    flag = patients["exceptional_responder"].to_numpy(dtype=bool)
    basis = patients["exceptional_responder_basis"].to_numpy(dtype=object)
    rule = patients["exceptional_responder_rule"].to_numpy(dtype=object)
    unknown = int((treated & (rule == "EXCEPTIONAL-UNKNOWN")).sum())
    share = proportion(
        int((treated & flag).sum()), int(treated.sum()) - unknown, estimation, unknown=unknown
    )
    return ExceptionalResponders(
        share,
        {name: int((treated & (basis == name)).sum()) for name in EXCEPTIONAL_BASES},
        int((treated & (basis == NOT_YET)).sum()),
    )


def prior_treatment(cohort: Cohort, treated: Mask) -> tuple[Characteristic, ...]:
    """Earlier lines by their number, and progression-free survival on the last of them, in days.

    Parameters
    ----------
    cohort
        The cohort as read.
    treated
        Patients to describe, shape (patients,).
    """
    inside = cohort.patients[treated]
    return tuple(
        described(name, inside[name], as_number=name == "prior_pfs_days")
        for name in _PRIOR
        if cohort.has("patients", name)
    )
