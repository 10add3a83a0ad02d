"""What the judge says: the result of the appraise stage."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dossier.appraise.stability import VerdictStability


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
        ``>=``, ``>``, ``<=``, ``<``, or ``is`` for a fact that is yes or no: 1 or 0.
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
    published
        Whether the figure was published elsewhere instead of computed from this cohort.
    words
        The rule in plain words by language; the file's own title where it has one.
    explanation
        What the file says about the rule, by language.
    reasons
        ``reason`` by language.
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
    published: bool = False
    words: dict[str, str] = field(default_factory=dict)
    explanation: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Entry of ``rules``: a null always stands beside a reason; limits only where known."""
        result: dict[str, Any] = {
            "id": self.id,
            "text": self.text,
            "verdict": self.verdict.value,
            "observed": self._shown(self.observed),
            "threshold": self._shown(self.threshold),  # a fact is compared with yes
            "unit": self.unit,
            "missing": list(self.missing),
            "comparison": self.comparison,
        }
        for name in ("margin", "ci_lower", "ci_upper", "n"):
            if (value := getattr(self, name)) is not None:
                result[name] = value
        for name in ("quantity", "path", "source", "status", "read_on"):
            if value := getattr(self, name):
                result[name] = value
        if self.verdict_at_lower_limit is not None:
            result["verdict_at_lower_limit"] = self.verdict_at_lower_limit.value
        for name in ("declared", "overridden", "published"):
            if getattr(self, name):
                result[name] = True
        if self.reason is not None:
            result["reason"] = self.reason
        elif self.observed is None or self.threshold is None:
            result["reason"] = "not given"
        return result

    def _shown(self, value: float | None) -> float | bool | None:
        """A yes or no as true or false."""
        if value is not None and self.comparison == "is":
            return bool(value)
        return value


@dataclass(frozen=True)
class Explanation:
    """The tree of a verdict: a rule, or `all`/`any`/`not`/`grade` over parts.

    ``kind`` is also ``shown`` (one part, which counts only where it is known), ``others`` (no part:
    what every study meets), ``grades``, and ``groups`` with a ``group`` for each kind of study: its
    condition (the first of two parts) and what it asks. ``rule`` is the id of a
    `RuleVerdict` at a leaf and ``""`` elsewhere; ``label`` names a grade or a group, ``labels`` the
    same by language.
    """

    kind: str
    verdict: Verdict
    rule: str = ""
    label: str = ""
    parts: tuple[Explanation, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON form, without what is empty."""
        result: dict[str, Any] = {"kind": self.kind, "verdict": self.verdict.value}
        if self.rule:
            result["rule"] = self.rule
        if self.label:
            result["label"] = self.label
        if self.parts:
            result["parts"] = [part.to_dict() for part in self.parts]
        return result


@dataclass(frozen=True)
class Adjustment:
    """A change to the preliminary grade, applied or not, and why.

    ``verdict`` is ``met`` where it was applied. Where it is not known whether it applies
    (``not_assessable``) it was not, and ``missing`` names what would have to be known.
    ``texts`` and ``reasons`` are ``text`` and ``reason`` by language.
    """

    text: str
    change: int
    verdict: Verdict
    reason: str | None = None
    id: str = ""
    missing: tuple[str, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "id": self.id,
            "text": self.text,
            "change": self.change,
            "verdict": self.verdict.value,
            "missing": list(self.missing),
        }
        if self.reason is not None:
            result["reason"] = self.reason
        return result


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
        Where data are missing, the grades still possible after adjustments, best first; ``no
        grade`` among them where even the lowest is not certain.
    not_shown
        What is not known and was not counted, because the rule counts it only where it is shown;
        it might have led to a better verdict.
    grade_at_lower_limit
        Grade after adjustments when every rule is judged at its least favourable limit.
    met_from_grade
        The lowest grade that counts as met; None without a grade.
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
    reasons
        ``reason`` by language.
    notes
        Remarks of the criteria file, by language.
    stability
        What resamples of the patients say, where the settings ask for them.
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
    not_shown: tuple[str, ...] = ()
    grade_at_lower_limit: str | None = None
    met_from_grade: str | None = None
    reasons: dict[str, str] = field(default_factory=dict)
    notes: tuple[dict[str, str], ...] = ()
    stability: VerdictStability | None = None

    def to_dict(self) -> dict[str, Any]:
        """Entry of ``criteria`` in results.json: a null always stands beside a reason."""
        result: dict[str, Any] = {
            "id": self.id,
            "version": self.version,
            "title": dict(self.title),
            "verdict": self.verdict.value,
            "grade": grade_value(self.grade),
            "preliminary_grade": grade_value(self.preliminary_grade),
            "missing": list(self.missing),
            "rules": [rule.to_dict() for rule in self.rules],
            "explanation": self.explanation.to_dict(),
        }
        if self.verdict_at_lower_limit is not None:
            result["verdict_at_lower_limit"] = self.verdict_at_lower_limit.value
        if self.grade_at_lower_limit is not None:
            result["grade_at_lower_limit"] = grade_value(self.grade_at_lower_limit)
        if self.possible_grades:
            result["possible_grades"] = [grade_value(grade) for grade in self.possible_grades]
        if self.not_shown:
            result["not_shown"] = list(self.not_shown)
        if self.adjustments:
            result["adjustments"] = [step.to_dict() for step in self.adjustments]
        reason = self.reason
        if self.grade is None and reason is None:
            reason = "this criterion has no grades"
        if reason is not None:
            result["reason"] = reason
        if self.stability is not None:
            result["stability"] = self.stability.to_dict()
        if self.warnings:
            result["warnings"] = [dict(warning) for warning in self.warnings]
        if self.overrides:
            result["overrides"] = list(self.overrides)
        if self.sources:
            result["sources"] = list(self.sources)
        if self.sha256:
            result["sha256"] = self.sha256
        return result


def grade_value(grade: str | None) -> int | str | None:
    """A grade as a number where it is one."""
    return int(grade) if grade is not None and grade.isdigit() else grade
