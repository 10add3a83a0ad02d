"""Each patient as their own control, and patients who did far better than expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dossier.cohort.settings import Derivation
from dossier.derive.timeline import Flags, Floats, Integers, Texts
from dossier.derive.times import texts
from dossier.derive.visits import CR, Codes
from dossier.units import DAYS_PER_MONTH

# State, rule and reason of every way a pair of times can be judged; the first that fits holds.
_RATIO = (
    ("unknown", "PFS-RATIO-UNKNOWN", "earlier progression-free survival not given"),
    ("unknown", "PFS-RATIO-UNKNOWN", "earlier progression-free survival of 0 days"),
    ("unknown", "PFS-RATIO-UNKNOWN", "progression-free survival not known"),
    ("met", "PFS-RATIO-MET", "ratio reached"),
    ("indeterminate", "PFS-RATIO-INDETERMINATE", "censored before the ratio was reached"),
    ("not met", "PFS-RATIO-NOT-MET", "progression or death before the ratio was reached"),
)


@dataclass(frozen=True)
class Ratio:
    """Progression-free survival against that on the earlier line, one entry a patient.

    Parameters
    ----------
    value
        The ratio; a lower limit where progression-free survival is censored, NaN where unknown.
    state
        ``met``, ``not met``, ``indeterminate`` or ``unknown``.
    reason
        Why.
    rule
        The rule that decided.
    """

    value: Floats
    state: Texts
    reason: Texts
    rule: Texts


def pfs_ratio(
    prior_days: Floats, pfs_days: Floats, pfs_event: Floats, options: Derivation
) -> Ratio:
    """Compare progression-free survival with that of the same patient on the last earlier line.

    A censored time that has not reached the ratio yet may still do so: it is indeterminate, never
    a failure. One that has reached it has, whatever comes later.

    Parameters
    ----------
    prior_days
        Progression-free survival on the last earlier line; NaN where not given.
    pfs_days, pfs_event
        Progression-free survival on this treatment; NaN where unknown.
    options
        The ``derivation`` section of the settings.
    """
    usable = np.where(prior_days > 0, prior_days, np.nan)
    value = pfs_days / usable
    # A relative 1e-9 keeps 39 days after 30 from failing 1.3: neither number is exact in binary.
    reached = value >= options.pfs_ratio_threshold * (1 - 1e-9)
    judged: Integers = np.select(
        [
            np.isnan(prior_days),
            np.isnan(usable),
            np.isnan(value) | np.isnan(pfs_event),
            reached,
            pfs_event == 0,
        ],
        list(range(5)),
        5,
    )
    state, rule, reason = (texts(column)[judged] for column in zip(*_RATIO, strict=True))
    return Ratio(np.where(state == "unknown", np.nan, value), state, reason, rule)


_EXCEPTIONAL = (
    ("EXCEPTIONAL-CR", "complete response"),
    ("EXCEPTIONAL-PFS", "long progression-free survival"),
    ("EXCEPTIONAL-UNKNOWN", "progression-free survival not known"),
    ("EXCEPTIONAL-NOT-YET", "followed too short so far"),
    ("EXCEPTIONAL-NONE", "progression or death before the limit"),
)


@dataclass(frozen=True)
class Exceptional:
    """Exceptional responders, one entry a patient in every array.

    Parameters
    ----------
    flag
        Whether the patient is one, as far as is known.
    basis
        ``complete response``, ``long progression-free survival``, or why not.
    rule
        The rule that decided.
    """

    flag: Flags
    basis: Texts
    rule: Texts


def exceptional_responders(
    response: Codes, pfs_days: Floats, pfs_event: Floats, options: Derivation
) -> Exceptional:
    """Patients with a complete response, or free of progression beyond two years.

    Both are options. A censored time beyond the limit counts: the patient was free of progression
    until then.

    Parameters
    ----------
    response
        Best overall response, position in ``RESPONSES``.
    pfs_days, pfs_event
        Progression-free survival; NaN where unknown.
    options
        The ``derivation`` section of the settings.
    """
    limit = options.exceptional_pfs_months * DAYS_PER_MONTH
    complete = (response == CR) & options.exceptional_complete_response
    judged: Integers = np.select(
        [complete, pfs_days > limit, np.isnan(pfs_days), pfs_event == 0], list(range(4)), 4
    )
    rule, basis = (texts(column)[judged] for column in zip(*_EXCEPTIONAL, strict=True))
    return Exceptional(judged <= 1, basis, rule)
