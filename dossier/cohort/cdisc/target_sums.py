"""Sums of target diameters beside the responses of the same visits, from another data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dossier.cohort.cdisc.parameters import CENTRAL
from dossier.cohort.model import DataQuery
from dossier.cohort.raw_table import SECOND_FILE, RawTable

_SUM: Final = "TARGET SUM (mm)"
_RESPONSE: Final = "TARGET RESPONSE"


@dataclass(frozen=True)
class VisitSum:
    """The sum of target diameters at a visit by a reader.

    Parameters
    ----------
    patient, reader, visit, date
        Whose, by whom, and when, as the data set writes it; ``""`` where it does not say.
    sum_mm
        The sum; None where it cannot be formed.
    response
        ``CR`` or ``NE`` where the lesions say so and the sum alone does not; else ``""``.
    row
        Its first record in the data set, as a spreadsheet counts.
    """

    patient: str
    reader: str
    visit: str
    date: str
    sum_mm: float | None
    response: str
    row: int

    def of_central(self) -> VisitSum:
        """The same sum as that of central review."""
        return replace(self, reader=CENTRAL)


def with_target_sums(
    responses: RawTable, sums: Sequence[VisitSum], source: RawTable, queries: Sequence[DataQuery]
) -> RawTable:
    """Put the sums beside the responses, by patient, reader and visit, or else by date.

    A visit with a sum and no response, such as baseline, becomes an assessment of its own, whose
    row is that in the data set of the sums.

    Parameters
    ----------
    responses
        Assessments made of RS or ADRS.
    sums
        The sums.
    source
        The data set they come from.
    queries
        What forming them showed.
    """
    patient = responses.meaning.get("patient_id", "USUBJID")
    date = responses.meaning.get("date")
    reader = responses.meaning.get("assessor")
    visit = next(
        (name for name in ("VISITNUM", "VISIT", "AVISIT") if name in responses.columns), ""
    )

    def column(name: str | None) -> tuple[str, ...]:
        return responses.columns[name] if name else ("",) * len(responses.rows)

    readers = column(reader)
    one_reader = not any(readers) or not any(each.reader for each in sums)
    by_visit: dict[tuple[str, str, str], int] = {}
    by_date: dict[tuple[str, str, str], int] = {}
    for at, each in enumerate(sums):
        who = "" if one_reader else each.reader.casefold()
        if each.visit:
            by_visit.setdefault((each.patient, who, each.visit), at)
        if each.date:
            by_date.setdefault((each.patient, who, each.date), at)
    of_row: list[int | None] = []
    used: set[int] = set()
    for whom, who, when, day in zip(
        column(patient), readers, column(visit), column(date), strict=True
    ):
        name = "" if one_reader else who.casefold()
        found = by_visit.get((whom, name, when)) if when else None
        if found is None:
            found = by_date.get((whom, name, day)) if day else None
        of_row.append(found)
        if found is not None:
            used.add(found)
    alone = [at for at in range(len(sums)) if at not in used]
    if one_reader and not any(readers):
        alone = _of_one_reader(alone, sums)
    told = [None if at is None else sums[at] for at in of_row] + [sums[at] for at in alone]
    added = {
        patient: [sums[at].patient for at in alone],
        **({date: [sums[at].date for at in alone]} if date else {}),
        **({reader: [sums[at].reader for at in alone]} if reader else {}),
        **({visit: [sums[at].visit for at in alone]} if visit else {}),
    }
    columns = {
        name: (*texts, *added.get(name, ("",) * len(alone)))
        for name, texts in responses.columns.items()
    }
    columns[_SUM] = tuple(
        "" if each is None or each.sum_mm is None else f"{each.sum_mm:.10g}" for each in told
    )
    meaning = {**responses.meaning, "target_sum_mm": _SUM}
    if "target_response" not in meaning:
        columns[_RESPONSE] = tuple("" if each is None else each.response for each in told)
        if any(columns[_RESPONSE]):
            meaning["target_response"] = _RESPONSE
    return replace(
        responses,
        columns=columns,
        rows=(*responses.rows, *(SECOND_FILE + sums[at].row for at in alone)),
        second_label=source.label,
        meaning=meaning,
        queries=(*responses.queries, *source.queries, *queries),
    )


def visits_of_sums(
    source: RawTable, sums: Sequence[VisitSum], queries: Sequence[DataQuery]
) -> RawTable:
    """Assessments of the sums alone, where no data set of responses is there.

    Parameters
    ----------
    source, sums, queries
        As in `with_target_sums`.
    """
    columns = {
        "USUBJID": tuple(each.patient for each in sums),
        "DATE": tuple(each.date for each in sums),
        "ASSESSOR": tuple(each.reader for each in sums),
        _SUM: tuple("" if each.sum_mm is None else f"{each.sum_mm:.10g}" for each in sums),
        _RESPONSE: tuple(each.response for each in sums),
    }
    meaning = {
        "patient_id": "USUBJID",
        "date": "DATE",
        "assessor": "ASSESSOR",
        "target_sum_mm": _SUM,
        "target_response": _RESPONSE,
    }
    if not any(columns["ASSESSOR"]):
        del meaning["assessor"], columns["ASSESSOR"]
    return replace(
        source,
        table="assessments",
        columns=columns,
        rows=tuple(each.row for each in sums),
        meaning=meaning,
        queries=(*source.queries, *queries),
    )


def _of_one_reader(alone: Sequence[int], sums: Sequence[VisitSum]) -> list[int]:
    """One of several sums on the same visit where the responses name no reader."""
    first: dict[tuple[str, str], int] = {}
    for at in alone:
        first.setdefault((sums[at].patient, sums[at].visit or sums[at].date), at)
    return list(first.values())
