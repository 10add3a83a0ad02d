"""Cells with letters that the typeface of the documents lacks."""

from __future__ import annotations

from unicodedata import normalize

from dossier.cohort.columns import TABLES
from dossier.cohort.model import Cohort
from dossier.errors import Problem
from dossier.fonts import missing_glyphs

__all__ = ["cells_without_signs"]

# Left out, or printed as another sign.
_NOT_PRINTED = str.maketrans("", "", "\u200b\u2011\u2060\ufeff\t\n\r")
_MOST_NAMED = 5


def cells_without_signs(cohort: Cohort) -> list[Problem]:
    """Every text cell that a Word file or a PDF cannot print, one problem a cell.

    Parameters
    ----------
    cohort
        A cohort as read.
    """
    problems = []
    for table, columns in TABLES.items():
        for column in columns:
            if column.kind == "text" and cohort.has(table, column.name):
                problems += _in_column(cohort, table, column.name)
    return problems


def _in_column(cohort: Cohort, table: str, column: str) -> list[Problem]:
    frame = cohort.table(table)
    texts = frame[column].to_numpy(dtype=object)
    missing = {
        text: signs
        for text in dict.fromkeys(map(str, texts))
        if not text.isascii()
        and (signs := missing_glyphs(normalize("NFC", text).translate(_NOT_PRINTED)))
    }
    problems = []
    for at, text in enumerate(map(str, texts)) if missing else ():
        if text not in missing:
            continue
        file, row, heading = cohort.cell(table, int(frame["row"].iloc[at]), column)
        named = ", ".join(missing[text][:_MOST_NAMED])
        more = ", ..." if len(missing[text]) > _MOST_NAMED else ""
        problems.append(
            Problem(
                f"the typeface of Word and PDF files has no sign for {named}{more}",
                file,
                row,
                heading,
                str(frame["patient_id"].iloc[at])[:100],
                text[:80],
                "Latin, Greek or Cyrillic letters, or no other format than html and xlsx",
            )
        )
    return problems
