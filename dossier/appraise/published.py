"""Published studies: a table of summary figures, one study a row, judged row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

from dossier.appraise.criterion import Criterion, used_facts
from dossier.appraise.judge import judge, load_criteria
from dossier.appraise.overrides import with_overrides
from dossier.appraise.published_columns import COLUMNS
from dossier.appraise.published_evidence import study_evidence
from dossier.appraise.verdict import CriterionVerdict
from dossier.cohort.values import unprintable_in
from dossier.errors import InputError, Problem
from dossier.yaml_source import nearest

__all__ = ["ScoredStudy", "score", "score_studies"]

Table = Any  # a path, a pandas DataFrame, or rows as mappings

DESIGNS: Final = {
    "single-arm": "single-arm",
    "single arm": "single-arm",
    "randomised": "randomised",
    "randomized": "randomised",
    "rct": "randomised",
}
SETTINGS: Final = {
    "non-curative": "non-curative",
    "noncurative": "non-curative",
    "palliative": "non-curative",
    "curative": "curative",
    "adjuvant": "curative",
}
MAX_BYTES: Final = 20_000_000


@dataclass(frozen=True)
class ScoredStudy:
    """One study judged by one criterion.

    Parameters
    ----------
    study
        Name of the study.
    row
        Row of the table as a spreadsheet counts it (the heading is row 1).
    verdict
        The verdict.
    problems
        Figures of the row that cannot be right together; it was judged all the same.
    """

    study: str
    row: int
    verdict: CriterionVerdict
    problems: tuple[Problem, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Entry of the result: the study, then the verdict as in results.json."""
        result: dict[str, Any] = {"study": self.study, "row": self.row}
        result |= self.verdict.to_dict()
        if self.problems:
            impossible = [{"en": str(each), "nl": str(each)} for each in self.problems]
            result["warnings"] = [*impossible, *result.get("warnings", [])]
        return result


def score(
    table: Table, criteria: str | Path | Sequence[str | Path], *, overrides: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Judge published studies from their summary figures.

    Parameters
    ----------
    table
        Path of a CSV file, a data frame, or rows as mappings; one study a row. Proportions are 0-1,
        durations months, an empty cell is unknown, ``NR`` a median that is not reached.
    criteria
        One criterion or several, each an identifier or a path.
    overrides
        Thresholds to replace, ``rule=value``.

    Returns
    -------
    list of dict
        One entry for each study and criterion, in the order of the rows.

    Raises
    ------
    InputError
        With every cell that cannot be read, a column that is probably misspelt, or what is wrong
        with the criteria.

    Examples
    --------
    >>> row = {"study": "capmatinib", "orr": 0.41, "dor_median_months": 9.7}
    >>> score([row], "esmo-mcbs-1.1-form-3")[0]["preliminary_grade"]
    3
    """
    return [each.to_dict() for each in score_studies(table, criteria, overrides=overrides)]


def score_studies(
    table: Table, criteria: str | Path | Sequence[str | Path], *, overrides: Sequence[str] = ()
) -> list[ScoredStudy]:
    """Judge published studies; as `score`, with the verdicts and problems as objects.

    Raises
    ------
    InputError
        As `score`.
    """
    references = [criteria] if isinstance(criteria, str | Path) else list(criteria)
    judged = with_overrides(load_criteria(references), overrides)
    name, rows = _rows(table)
    problems = _column_problems(rows, name, judged)
    scored: list[ScoredStudy] = []
    for number, row in rows:
        try:
            scored += _scored(row, number, name, judged)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return scored


def _scored(
    row: Mapping[str, Any], number: int, name: str | None, criteria: Sequence[Criterion]
) -> list[ScoredStudy]:
    problems: list[Problem] = []
    design = _choice(row, "design", DESIGNS, name, number, problems)
    setting = _choice(row, "setting", SETTINGS, name, number, problems)
    study = str(row.get("study", "")).strip()
    if not study or study.lower() == "nan":
        problems.append(Problem("the study has no name", name, number, "study"))
    try:
        figures = study_evidence(row, file=name, number=number)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    others = {key: value for key, value in row.items() if key not in COLUMNS}
    declared = {**others, **figures.declared}
    return [
        ScoredStudy(
            study,
            number,
            judge(criterion, figures.evidence, design=design, setting=setting, declared=declared),
            figures.problems,
        )
        for criterion in criteria
    ]


def _choice(
    row: Mapping[str, Any],
    column: str,
    choices: Mapping[str, str],
    name: str | None,
    number: int,
    problems: list[Problem],
) -> str:
    text = str(row.get(column, "")).strip()
    if text.lower() in ("", "nan", "none", "<na>"):
        return ""
    if text.lower() in choices:
        return choices[text.lower()]
    expected = " or ".join(dict.fromkeys(choices.values()))
    problems.append(Problem("unknown word", name, number, column, value=text, expected=expected))
    return ""


# -- tables


def _rows(table: Table) -> tuple[str | None, list[tuple[int, dict[str, Any]]]]:
    """Name of the file, and rows with their number; the heading is row 1."""
    if isinstance(table, str | Path):
        path = Path(table)
        return path.name, _csv_rows(path)
    records = table.to_dict("records") if hasattr(table, "to_dict") else list(table)
    return None, [
        (number, {str(key).strip(): value for key, value in record.items()})
        for number, record in enumerate(records, start=2)
    ]


def _csv_rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    text = _text(path)
    heading = text.partition("\n")[0]
    separator = max(",;\t", key=heading.count)
    columns: list[str] = []
    rows = []
    problems = []
    for first, cells in _records(text, separator, path.name):
        if not any(cell.strip() for cell in cells):
            continue
        if not columns:
            columns = [cell.strip() for cell in cells]
            problems += _heading_problems(columns, path.name)
        elif len(cells) > len(columns):
            message = f"the row has {len(cells)} cells, the heading {len(columns)}"
            problems.append(Problem(message, path.name, first))
        elif wrong := next(filter(None, map(unprintable_in, cells)), None):
            problems.append(Problem(wrong.message, path.name, first, expected=wrong.expected))
        else:
            rows.append((first, dict(zip(columns, cells, strict=False))))
    if not columns:
        problems.append(Problem("the file is empty", path.name))
    elif not rows and not problems:
        problems.append(Problem("there are no studies", path.name, expected="one row a study"))
    if problems:
        raise InputError(problems)
    return rows


def _records(text: str, separator: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of a table with the row on which each starts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    row = 1
    try:
        for cells in reader:
            yield row, cells
            row = reader.line_num + 1
    except csv.Error:
        message = "the table cannot be read from here on"
        raise InputError([Problem(message, name, row)]) from None


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        message = "the file does not exist" if isinstance(error, FileNotFoundError) else (
            "the file cannot be read"
        )  # fmt: skip
        raise InputError([Problem(message, str(path))]) from None
    if len(content) > MAX_BYTES:
        raise InputError([Problem("the file is too large for a table of studies", path.name)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1252", errors="replace")


def _heading_problems(columns: Sequence[str], name: str) -> list[Problem]:
    twice = {column for column in columns if column and columns.count(column) > 1}
    found = [Problem("the heading stands twice", name, 1, column) for column in sorted(twice)]
    if "study" not in columns:
        found.append(Problem("the column study is missing", name, 1, expected="study"))
    return found


def _column_problems(
    rows: Sequence[tuple[int, Mapping[str, Any]]], name: str | None, criteria: Sequence[Criterion]
) -> list[Problem]:
    """Columns that are nearly one of ours; any other column is the user's own and is left alone."""
    known = [*COLUMNS, *(fact for criterion in criteria for fact in used_facts(criterion))]
    columns = dict.fromkeys(column for _, row in rows for column in row)
    found = []
    for column in columns:
        if column in known or column.lower() in _OWN:
            continue
        meant = nearest(column, known)
        if meant is not None and _alike(column, meant):
            expected = f"{meant} (did you mean {meant}?)"
            found.append(Problem("unknown column", name, 1, column, expected=expected))
    return found


_OWN: Final = frozenset(
    ("source", "sources", "note", "notes", "remark", "drug", "year", "author", "published", "rule")
)


def _alike(column: str, known: str) -> bool:
    """Whether one is the other misspelt, rather than a name that resembles it by its nature."""
    return SequenceMatcher(None, column.lower(), known).ratio() >= 0.85
