"""What the judge says: the result of the appraise stage."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """Outcome of a rule or a criterion. Missing data is never 'not met'."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_ASSESSABLE = "not_assessable"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class RuleVerdict:
    """One rule with its arithmetic.

    Parameters
    ----------
    id
        Identifier within the criterion, e.g. ``pfs``.
    text
        The rule as the criteria file states it, e.g. ``pfs.median >= 6 months``.
    verdict
        Outcome on the statistic the rule names.
    observed, ci_lower, ci_upper
        The quantity in ``unit`` with its limits; None where unknown or not reached.
    n
        Patients behind the quantity.
    comparison
        ``>=``, ``>``, ``<=``, ``<`` or ``is`` (declared facts).
    threshold
        In ``unit``; None where the criteria file has none (status ``unverified``).
    unit
        ``%``, ``months``, ``weeks``, ``days`` or ``""``. A share is stored as 0-1 with unit ``%``.
    margin
        Observed minus threshold, signed so that a positive margin is on the side of 'met'.
    verdict_at_lower_limit
        Outcome when the limit that is least favourable takes the place of the estimate.
    quantity
        Name of what was observed, e.g. ``pfs.median``.
    path
        Its place in results.json, e.g. ``endpoints.pfs.median.months``; ``""`` for declared facts.
    missing
        Names of what would have to be known.
    reason
        Why it is not assessable, or a remark on how it was judged, in plain words.
    source, status, read_on
        Where the threshold comes from, ``verified``/``secondary``/``project``/``unverified``, and
        when it was read.
    declared
        Whether the fact was declared by a person instead of computed.
    overridden
        Whether `--set` replaced the threshold.
    """

    id: str
    text: str
    verdict: Verdict
    observed: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    n: int | None = None
    comparison: str = ""
    threshold: float | None = None
    unit: str = ""
    margin: float | None = None
    verdict_at_lower_limit: Verdict | None = None
    quantity: str = ""
    path: str = ""
    missing: tuple[str, ...] = ()
    reason: str | None = None
    source: str = ""
    status: str = ""
    read_on: str = ""
    declared: bool = False
    overridden: bool = False


@dataclass(frozen=True)
class Explanation:
    """The tree of a verdict: a rule, or `all`/`any`/`not`/`grade` over parts.

    ``rule`` is the id of a `RuleVerdict` at a leaf and ``""`` elsewhere; ``label`` names a grade.
    """

    kind: str
    verdict: Verdict
    rule: str = ""
    label: str = ""
    parts: tuple[Explanation, ...] = ()


@dataclass(frozen=True)
class Adjustment:
    """A change to the preliminary grade, applied or not, and why."""

    text: str
    change: int
    verdict: Verdict
    reason: str | None = None


@dataclass(frozen=True)
class CriterionVerdict:
    """A criterion judged.

    Parameters
    ----------
    id, version
        Of the criteria file.
    title, summary
        By language.
    verdict
        Outcome.
    verdict_at_lower_limit
        Outcome when every rule is judged at its least favourable confidence limit.
    grade, preliminary_grade
        After and before adjustments, as text (``3``, ``A``); None where the criterion has no
        grades or none can be given.
    possible_grades
        Where data are missing, the grades still possible, best first.
    rules
        Every rule, in the order of the file.
    explanation
        How the rules combine.
    adjustments
        In the order of the file.
    missing
        What would decide an open verdict.
    reason
        Why not applicable, not assessable or ungraded; None where the verdict speaks for itself.
    warnings
        Remarks a reader must see, by language.
    sources
        References of the criterion.
    sha256
        Hash of the criteria file.
    overrides
        Thresholds replaced by the user, ``rule=value``.
    """

    id: str
    version: str
    title: dict[str, str]
    verdict: Verdict
    rules: tuple[RuleVerdict, ...]
    explanation: Explanation
    summary: dict[str, str] = field(default_factory=dict)
    verdict_at_lower_limit: Verdict | None = None
    grade: str | None = None
    preliminary_grade: str | None = None
    possible_grades: tuple[str, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str | None = None
    warnings: tuple[dict[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    sha256: str = ""
    overrides: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Entry of ``criteria`` in results.json."""
        raise NotImplementedError
