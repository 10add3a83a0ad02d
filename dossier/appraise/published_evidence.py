"""Evidence from published summary figures: one row of a table, or the comparator of a cohort."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dossier.appraise.evidence import Evidence, Observation
from dossier.appraise.published_columns import (
    FACTS,
    FIGURES,
    LANDMARKS,
    MONTHS,
    NOT_REACHED,
    RATIOS,
    SHARES,
    UNKNOWN,
)
from dossier.errors import InputError, Problem
from dossier.units import DAYS_PER_MONTH
from dossier.yaml_source import nearest

_NUMBER = re.compile(
    r"[-+]?(?:[0-9]{1,12}(?:\.[0-9]{0,25})?|\.[0-9]{1,25})(?:[eE](?:\+?[0-9]|-[0-9]{1,3}))?"
)


@dataclass(frozen=True)
class StudyEvidence:
    """What one row of published figures says.

    Parameters
    ----------
    evidence
        The figures.
    declared
        The facts of the row: yes, no, or absent where unknown.
    problems
        Impossible figures, in words; the row is judged all the same.
    """

    evidence: Evidence
    declared: Mapping[str, bool]
    problems: tuple[Problem, ...] = ()


def control_evidence(figures: Mapping[str, float | str | None]) -> Evidence:
    """Evidence of published control figures and hazard ratios (``comparator`` of cohort.yaml).

    Raises
    ------
    InputError
        When a name is unknown, is no figure of a control, or a value cannot be read.
    """
    known = [name for name in FIGURES if name.startswith(("control_", *RATIOS))]
    problems = []
    for name, value in figures.items():
        if name not in known:
            meant = nearest(name, known)
            problems.append(
                Problem(
                    f"comparator has no figure named {name!r}",
                    column=f"comparator.{name}",
                    expected=f"{meant} (did you mean {meant}?)"
                    if meant
                    else "figures of the control (control_os_median_months ...) or hazard ratios",
                )
            )
        elif isinstance(value, bool):
            problems.append(_not_a_number(f"comparator.{name}", str(value)))
    if problems:
        raise InputError(problems)
    row = _Row({name: value for name, value in figures.items() if value is not None}, None, None)
    evidence = row.evidence("settings.comparator.", names={}, published=True)
    if row.problems:
        raise InputError(
            Problem(p.message, column=f"comparator.{p.column}", value=p.value, expected=p.expected)
            for p in row.problems
        )
    return Evidence(evidence.observations, control="published" if figures else "")


def study_evidence(
    row: Mapping[str, Any], *, file: str | None = None, number: int | None = None
) -> StudyEvidence:
    """Evidence of one study, from published summary figures.

    Parameters
    ----------
    row
        Cells by column; proportions 0-1, durations in months; empty is unknown, ``NR`` a median
        that is not reached.
    file, number
        File and row, for the problems.

    Raises
    ------
    InputError
        When a cell cannot be read.
    """
    reader = _Row(row, file, number)
    names = {canonical: column for column, canonical in {**SHARES, **MONTHS}.items()}
    names |= {canonical: column for column, canonical in {**LANDMARKS, **RATIOS}.items()}
    for canonical, column in list(names.items()):
        stem, months = column.removesuffix("_months"), column[len(column.removesuffix("_months")) :]
        names[f"lower limit of {canonical}"] = f"{stem}_ci_lower{months}"
        names[f"upper limit of {canonical}"] = f"{stem}_ci_upper{months}"
    evidence = reader.evidence("", names=names, published=False)
    declared = reader.facts()
    if reader.problems:
        raise InputError(reader.problems)
    # The column grade_3_4_toxicity is defined as toxicity that affects daily well-being.
    declared.setdefault("toxicity_affects_wellbeing", True)
    has_control = any(name.startswith("control ") for name in evidence.observations) or any(
        name in evidence.observations for name in RATIOS.values()
    )
    evidence = Evidence(
        evidence.observations, control="published" if has_control else "", names=names
    )
    return StudyEvidence(evidence, declared, tuple(reader.impossible()))


class _Row:
    """One row, cell by cell; collects what cannot be read."""

    def __init__(self, cells: Mapping[str, Any], file: str | None, number: int | None) -> None:
        self._cells = {str(name).strip(): value for name, value in cells.items()}
        self._file = file
        self._number = number
        self.problems: list[Problem] = []

    def _problem(self, column: str, message: str, value: Any, expected: str | None) -> Problem:
        shown = None if value is None else str(value)
        return Problem(message, self._file, self._number, column, value=shown, expected=expected)

    def text(self, column: str) -> str:
        """The cell as text, ``""`` where unknown."""
        text = str(self._cells.get(column, "")).strip()
        return "" if text.lower() in UNKNOWN else text

    def exact(self, column: str, *, share: bool = False) -> Fraction | None:
        """The cell as the decimal number that was written."""
        text = self.text(column)
        if not text or text.lower() in NOT_REACHED:
            return None
        percent = text.endswith("%")
        plain = text.removesuffix("%").strip().replace(",", ".")
        if not _NUMBER.fullmatch(plain):
            self.problems.append(self._problem(column, "this is not a number", text, "a number"))
            return None
        value = Fraction(plain) / (100 if percent else 1)
        if share and not 0 <= value <= 1:
            expected = "a proportion between 0 and 1 (0.41, or 41%)"
            self.problems.append(self._problem(column, "not a proportion", text, expected))
            return None
        if value < 0:
            self.problems.append(
                self._problem(column, "a negative number", text, "a number of at least 0")
            )
            return None
        return value

    def number(self, column: str, *, share: bool = False) -> float | None:
        """The cell as a number; None where unknown or not reached."""
        value = self.exact(column, share=share)
        return None if value is None else float(value)

    def facts(self) -> dict[str, bool]:
        """The declared facts of the row."""
        found = {}
        for fact in FACTS:
            text = self.text(fact)
            if text:
                answer = yes_or_no(text)
                if answer is None:
                    self.problems.append(
                        self._problem(fact, "neither yes nor no", text, "yes, no, or empty")
                    )
                else:
                    found[fact] = answer
        return found

    def evidence(self, path: str, *, names: Mapping[str, str], published: bool) -> Evidence:
        """Every figure of the row as an observation."""
        found: dict[str, Observation] = {}
        n, responders = self.exact("n"), self.exact("responders")
        for column, value in (("n", n), ("responders", responders)):
            if value is not None and value.denominator != 1:
                text = self.text(column)
                self.problems.append(self._problem(column, "not a whole number", text, "a count"))
            elif value is not None:
                found[column] = Observation(value, n=int(n) if n is not None else None)
        for column, name in SHARES.items():
            found |= self._plain(column, name, path, n, published, share=True)
        if self._counted(n, responders, found.get("orr")) and n and responders is not None:
            # A count does not depend on how the rate was rounded.
            found["orr"] = Observation(
                responders / n,
                lower=self.number("orr_ci_lower", share=True),
                upper=self.number("orr_ci_upper", share=True),
                n=int(n),
                events=int(responders),
            )
        for column, name in LANDMARKS.items():
            found |= self._plain(column, name, path, n, published, share=True)
        for column, name in RATIOS.items():
            found |= self._plain(column, name, path, n, published, share=False)
        for column, name in MONTHS.items():
            found |= self._median(column, name, path, n, published)
        return Evidence(found, names=names)

    @staticmethod
    def _counted(n: Fraction | None, responders: Fraction | None, orr: Observation | None) -> bool:
        """Whether responders and patients give the response rate."""
        if not n or responders is None or responders > n:
            return False
        if orr is None or orr.value is None:
            return True
        return abs(responders / n - Fraction(orr.value)) <= Fraction(1, 200)

    def _plain(
        self, column: str, name: str, path: str, n: Fraction | None, published: bool, *, share: bool
    ) -> dict[str, Observation]:
        value = self.exact(column, share=share)
        lower = self.number(f"{column}_ci_lower", share=share)
        upper = self.number(f"{column}_ci_upper", share=share)
        if value is None and lower is None and upper is None:
            return {}
        return {
            name: Observation(
                value,
                lower=lower,
                upper=upper,
                n=int(n) if n is not None and not published else None,
                path=path and f"{path}{column}",
                missing=() if value is not None else (column,),
                published=published,
            )
        }

    def _median(
        self, column: str, name: str, path: str, n: Fraction | None, published: bool
    ) -> dict[str, Observation]:
        stem = column.removesuffix("_months")
        value = self.number(column)
        lower = self.number(f"{stem}_ci_lower_months")
        upper = self.number(f"{stem}_ci_upper_months")
        not_reached = self.text(column).lower() in NOT_REACHED
        if value is None and lower is None and not not_reached:
            return {}
        longer, proof = self._proof(stem, lower) if not_reached else (None, "")
        return {
            name: Observation(
                _days(value),
                lower=_days(lower),
                upper=_days(upper),
                n=int(n) if n is not None and not published else None,
                path=path and f"{path}{column}",
                longer_than=_days(longer),
                proof=proof,
                reached=not not_reached,
                reason="not reached" if not_reached else None,
                missing=() if value is not None else (column,),
                published=published,
            )
        }

    def _proof(self, stem: str, lower: float | None) -> tuple[float | None, str]:
        """What shows how long a median that is not reached is at least.

        Half of the patients were followed for the median follow-up, and the curve is above 50%
        over all that was observed. That holds for times counted from the start of treatment, not
        for the duration of response.
        """
        follow_up = self.number("follow_up_median_months")
        if (
            stem in ("os_median", "pfs_median")
            and follow_up is not None
            and follow_up > (lower or 0)
        ):
            return follow_up, "follow-up"
        return lower, "limit"

    def impossible(self) -> list[Problem]:
        """Figures that cannot be right together; the row is judged all the same."""
        found = []
        n, responders = self.exact("n"), self.exact("responders")
        if n is not None and responders is not None and responders > n:
            found.append(
                self._problem("responders", "more responders than patients", responders, f"<= {n}")
            )
        orr = self.exact("orr", share=True)
        if n and responders is not None and orr is not None and responders <= n:
            counted = responders / n
            # A published rate is rounded to a whole per cent at worst.
            fits = abs(counted - orr) <= Fraction(1, 100)
            expected = f"{float(counted):.3f}, which is {responders} of {n}"
            message = "does not fit the responders"
            found += [] if fits else [self._problem("orr", message, self.text("orr"), expected)]
        for column in (*SHARES, *RATIOS, *LANDMARKS, *MONTHS):
            found += self._limits_hold(column)
        return found

    def _limits_hold(self, column: str) -> list[Problem]:
        months = column.endswith("_months")
        stem = column.removesuffix("_months")
        ending = "_months" if months else ""
        value = self.exact(column)
        lower = self.exact(f"{stem}_ci_lower{ending}")
        upper = self.exact(f"{stem}_ci_upper{ending}")
        outside = value is not None and (
            (lower is not None and value < lower) or (upper is not None and value > upper)
        )
        crossed = lower is not None and upper is not None and lower > upper
        if not (outside or crossed):
            return []
        limits = " to ".join("?" if limit is None else _shown(limit) for limit in (lower, upper))
        message = (
            "the confidence limits do not hold the estimate"
            if outside
            else "the lower confidence limit is above the upper one"
        )
        return [self._problem(column, f"{message} ({limits})", self.text(column) or None, None)]


def yes_or_no(value: Any) -> bool | None:
    """A declared fact; None where it is neither yes nor no.

    Examples
    --------
    >>> yes_or_no("ja"), yes_or_no(0), yes_or_no("perhaps")
    (True, False, None)
    """
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in ("yes", "true", "1", "1.0", "ja", "y", "j", "waar"):
        return True
    if text in ("no", "false", "0", "0.0", "nee", "n", "onwaar"):
        return False
    return None


def _days(months: float | None) -> float | None:
    return None if months is None else months * DAYS_PER_MONTH


def _shown(value: Fraction) -> str:
    return f"{float(value):.10g}"


def _not_a_number(column: str, value: str) -> Problem:
    return Problem("this is not a number", column=column, value=value, expected="a number")
