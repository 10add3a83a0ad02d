"""ADAE, or AE of SDTM: adverse events, those that came with treatment."""

from __future__ import annotations

from dossier.cohort.cdisc.records import cells, counted, filled, note, of_records
from dossier.cohort.model import DataQuery
from dossier.cohort.raw_table import RawTable


def adverse_events_of(adae: RawTable) -> RawTable:
    """Make the adverse events of ADAE; those not flagged as treatment-emergent are left out.

    Parameters
    ----------
    adae
        The data set, headings in capitals. Where it has no TRTEMFL, every event stays, and their
        dates decide.
    """
    emergent = cells(adae, "TRTEMFL")
    flagged = any(emergent)
    kept = [at for at, flag in enumerate(emergent) if flag.upper() == "Y" or not flagged]
    queries = _queries(adae, len(adae.rows) - len(kept))
    # What ADAE copies from ADSL says nothing of the event.
    own = [name for name in adae.columns if name.startswith("A") and name not in _OF_PATIENT]
    return of_records(
        adae,
        "adverse_events",
        kept,
        ("USUBJID", "SUBJID", *own, "TRTEMFL"),
        meaning={
            "patient_id": filled(adae, "USUBJID", "SUBJID"),
            "term": filled(adae, "AEDECOD", "AETERM"),
            "grade": filled(adae, "ATOXGR", "AETOXGR"),
            "soc": filled(adae, "AEBODSYS", "AESOC"),
            "related": filled(adae, "AREL", "AEREL"),
            "serious": filled(adae, "AESER"),
            "start": filled(adae, "ASTDT", "ASTDTM", "AESTDTC"),
            "end": filled(adae, "AENDT", "AENDTM", "AEENDTC"),
            "action_taken": filled(adae, "AEACN"),
        },
        queries=queries,
    )


_OF_PATIENT = frozenset(
    {"AGE", "AGEU", "AGEGR1", "AGEGR1N", "ARM", "ARMCD", "ACTARM", "ACTARMCD", "AEWITHFL"}
)


def _queries(adae: RawTable, left_out: int) -> list[DataQuery]:
    queries = []
    if left_out:
        queries.append(
            note(
                adae,
                "event-not-treatment-emergent",
                f"{counted(left_out, 'event')} {'is' if left_out == 1 else 'are'} not flagged as "
                "treatment-emergent (TRTEMFL)",
                "left out: they were there before treatment, or came long after it",
                "safety",
                column="TRTEMFL",
            )
        )
    severity = filled(adae, "ASEV", "AESEV")
    if filled(adae, "ATOXGR", "AETOXGR") is None and severity:
        queries.append(
            note(
                adae,
                "severity-without-grade",
                f"the events have a severity ({severity}), but no CTCAE grade",
                "events of grade 3 or higher cannot be counted: severity is not taken for a grade",
                "safety",
                column=severity,
                severity="warning",
            )
        )
    return queries
