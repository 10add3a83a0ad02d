"""Deaths that ADTTE knows and ADSL does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dossier.cohort.cdisc.adrs import visit_responses
from dossier.cohort.cdisc.adtte import GivenTime
from dossier.cohort.cdisc.records import cells, date_of
from dossier.cohort.model import DataQuery
from dossier.cohort.raw_table import RawTable

_PROOFS = (
    ("LSTALVDT", "LSTALVDTM"),
    ("TRTEDT", "TRTEDTM"),
)
_DAYS_OF_RECORDS = ("ASTDT", "ASTDTM", "AESTDTC", "ADT", "ADTM")


@dataclass(frozen=True)
class Deaths:
    """Deaths of ADTTE without a date of death in ADSL.

    Parameters
    ----------
    dates
        Dates of death of all patients, those of ADTTE where only it has one.
    taken
        Patients whose date is that of ADTTE.
    denied
        Patients who were alive after it: their survival in ADTTE is not believed.
    queries
        One for each of these patients.
    """

    dates: Mapping[str, str]
    taken: frozenset[str]
    denied: frozenset[str]
    queries: tuple[DataQuery, ...]


def deaths_only_there(
    patients: RawTable,
    survival: GivenTime,
    adrs: RawTable | None,
    others: Sequence[RawTable] = (),
) -> Deaths:
    """Look for deaths that only ADTTE has.

    Its date is taken, such as one imputed there from a month, unless other records show the patient
    alive after it. Where ADSL has no dates of death at all nothing is taken: the survival times
    then say who died.

    Parameters
    ----------
    patients
        ADSL as `dossier.cohort.cdisc.adsl.patients_of` makes it.
    survival
        Overall survival of ADTTE.
    adrs
        The visits, which prove a patient alive.
    others
        Other dated records that do: adverse events, by their start, and questionnaires.
    """
    heading = patients.meaning.get("death_date")
    if heading is None or not any(patients.columns[heading]):
        return Deaths({}, frozenset(), frozenset(), ())
    alive = _last_alive(patients, adrs, others)
    dates: dict[str, str] = {}
    taken: set[str] = set()
    denied: set[str] = set()
    queries = []
    for at, patient in enumerate(cells(patients, "USUBJID", "SUBJID")):
        dates[patient] = patients.columns[heading][at]
        day = survival.date.get(patient, "")[:10]
        if dates[patient] or survival.event.get(patient) != "1" or date_of(day) is None:
            continue
        message = (
            f"there is no date of death, but {survival.code} of ADTTE ends with death on {day}"
        )
        if alive.get(patient, "") > day:
            denied.add(patient)
            message += f"; the patient was alive on {alive[patient]}"
            consequence = "not counted as a death, nor compared with the survival derived here"
        else:
            taken.add(patient)
            dates[patient] = day
            consequence = "the date of ADTTE is used"
        queries.append(
            DataQuery(
                rule="death-only-in-adtte",
                severity="error",
                message=message,
                consequence=consequence,
                patient=patient,
                file=patients.label,
                row=patients.rows[at],
                column=heading,
                endpoints=("benefit", "pfs", "os", "dor"),
            )
        )
    return Deaths(dates, frozenset(taken), frozenset(denied), tuple(queries))


def _last_alive(
    patients: RawTable, adrs: RawTable | None, others: Sequence[RawTable]
) -> dict[str, str]:
    """The last complete date, in ISO 8601, on which each patient was alive."""
    last: dict[str, str] = {}
    sources = [(patients, cells(patients, *names)) for names in _PROOFS]
    sources += [(raw, cells(raw, *_DAYS_OF_RECORDS)) for raw in others]
    if adrs is not None:
        visits = visit_responses(adrs)
        sources.append((visits, cells(visits, "ADT", "ADTM", "RSDTC")))
    for raw, dates in sources:
        for patient, date in zip(cells(raw, "USUBJID", "SUBJID"), dates, strict=True):
            if date_of(date) is not None:
                last[patient] = max(last.get(patient, ""), date[:10])
    return last
