"""ADSL, or DM of SDTM: one row a patient, and beside it the endpoints of ADRS and ADTTE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dossier.cohort.cdisc.adrs import best_responses, holds_visits, is_confirmed
from dossier.cohort.cdisc.adtte import given_times
from dossier.cohort.cdisc.deaths import deaths_only_there
from dossier.cohort.cdisc.parameters import parameters
from dossier.cohort.cdisc.records import cells, counted, date_of, filled, note
from dossier.cohort.model import DataQuery
from dossier.cohort.raw_table import Elsewhere, RawTable
from dossier.cohort.settings import Derivation
from dossier.errors import Problem

_PLANNED = ("TRT01P", "ARM")
_ACTUAL = ("TRT01A", "ACTARM")
_COMPLETED = "COMPLETED"
_STARTS = ("TRTSDT", "TRTSDTM", "TR01SDT", "TR01SDTM", "RFXSTDTC", "RFSTDTC")


def patients_of(adsl: RawTable) -> RawTable:
    """Make the patients of ADSL or DM.

    Parameters
    ----------
    adsl
        The data set, headings in capitals.
    """
    meaning = {
        name: heading
        for name, headings in {
            "patient_id": ("USUBJID", "SUBJID"),
            "arm": _PLANNED + _ACTUAL,
            "treatment_start": _STARTS,
            "treatment_end": ("TRTEDT", "TRTEDTM", "RFXENDTC"),
            "death_date": ("DTHDT", "DTHDTM", "DTHDTC"),
            "last_known_alive": ("LSTALVDT", "LSTALVDTM", "RFPENDTC"),
        }.items()
        if (heading := filled(adsl, *headings))
    }
    reasons = _reasons_with_completion(adsl)
    for heading in reasons:
        meaning["end_of_treatment_reason"] = heading
    return replace(
        adsl,
        table="patients",
        columns=adsl.columns | reasons,
        meaning=meaning,
        queries=(*adsl.queries, *_arms_not_as_planned(adsl)),
    )


def _reasons_with_completion(adsl: RawTable) -> dict[str, tuple[str, ...]]:
    """Why treatment ended, with those who completed it; nothing where no status says so.

    ADaM gives a reason to those who discontinued only; that others completed treatment is their
    status (EOTSTT).
    """
    status = filled(adsl, "EOTSTT")
    reason = filled(adsl, "DCTREAS", "DCSREAS")
    if status is None or not any(each.upper() == _COMPLETED for each in adsl.columns[status]):
        return {}
    told = adsl.columns[reason] if reason else ("",) * len(adsl.rows)
    heading = f"{reason}, else {status}" if reason else status
    return {
        heading: tuple(
            each or (state if state.upper() == _COMPLETED else "")
            for each, state in zip(told, adsl.columns[status], strict=True)
        )
    }


def is_randomised(adsl: RawTable) -> bool:
    """Whether patients of several arms have a date of randomisation."""
    arm = cells(adsl, "TRT01P", "ARM")
    dates = cells(adsl, "RANDDT", "RANDDTM")
    return len({name for name, date in zip(arm, dates, strict=True) if name and date}) > 1


def with_derived_endpoints(
    patients: RawTable,
    adrs: RawTable | None,
    adtte: RawTable | None,
    options: Derivation,
    others: Sequence[RawTable] = (),
) -> tuple[RawTable, list[Problem]]:
    """Put the best response of ADRS and the times of ADTTE beside each patient.

    Parameters
    ----------
    patients
        As `patients_of` makes them.
    adrs, adtte
        The data sets, headings in capitals.
    options
        Whether the confirmed best response is meant, and whose assessments.
    others
        Other dated records, which prove a patient alive.
    """
    identifiers = cells(patients, "USUBJID", "SUBJID")
    columns: dict[str, tuple[str, ...]] = {}
    meaning = dict(patients.meaning)
    queries: list[DataQuery] = []
    problems: list[Problem] = []

    row_of = dict(zip(identifiers, patients.rows, strict=True))
    elsewhere: dict[str, Elsewhere] = {}

    def add(heading: str, name: str | None, by_patient: Mapping[str, str]) -> None:
        columns[heading] = tuple(by_patient.get(each, "") for each in identifiers)
        if name:
            meaning[name] = heading

    def place(heading: str, raw: RawTable, column: str | None, rows: Mapping[str, int]) -> None:
        there = {row_of[each]: row for each, row in rows.items() if each in row_of}
        elsewhere[heading] = Elsewhere(raw.label, column or heading, there)

    if adrs is not None:
        found = best_responses(adrs, confirmed=options.confirmation, assessor=options.assessor)
        if found:
            parameter, first = found
            values = cells(adrs, "AVALC")
            add(
                parameter.code,
                "best_response",
                {patient: _best_response(values[at]) for patient, at in first.items()},
            )
            rows = {patient: adrs.rows[at] for patient, at in first.items()}
            place(parameter.code, adrs, "AVALC", rows)
            if is_confirmed(parameter) != options.confirmation:
                queries.append(_other_confirmation(adrs, parameter.code, options))
            problems += _unknown_patients(adrs, first, identifiers)
        elif not holds_visits(adrs):
            queries.append(_no_known_parameter(adrs, "best_response", "benefit", "pfs", "dor"))
    if adtte is not None:
        times, wrong = given_times(adtte, options.assessor)
        problems += wrong
        if not times and not wrong:
            queries.append(_no_known_parameter(adtte, "pfs", "os", "dor"))
        for endpoint, time in times.items():
            add(f"{time.code} (days)", f"{endpoint}_days", time.days)
            add(f"{time.code} (event)", f"{endpoint}_event", time.event)
            add(f"{time.code} (ended by)", None, time.ended)
            place(f"{time.code} (days)", adtte, "AVAL", time.rows)
            place(f"{time.code} (event)", adtte, "CNSR", time.rows)
            queries += time.queries
        survival = times.get("os")
        if survival is not None and options.endpoints == "derived":
            deaths = deaths_only_there(patients, survival, adrs, others)
            if deaths.taken:
                heading = f"{meaning['death_date']}, else {survival.code}"
                add(heading, "death_date", deaths.dates)
                rows = {each: survival.rows[each] for each in deaths.taken}
                place(heading, adtte, filled(adtte, "ADT", "ADTM"), rows)
            for part in ("days", "event"):
                heading = f"{survival.code} ({part})"
                columns[heading] = tuple(
                    "" if patient in deaths.denied else text
                    for patient, text in zip(identifiers, columns[heading], strict=True)
                )
            queries += deaths.queries
        records = {each: at for at, each in enumerate(cells(adtte, "USUBJID", "SUBJID"))}
        problems += _unknown_patients(adtte, records, identifiers)
        queries += _other_start(patients, adtte)
    return (
        replace(
            patients,
            columns=patients.columns | columns,
            meaning=meaning,
            elsewhere=elsewhere,
            queries=(*patients.queries, *queries),
        ),
        problems,
    )


def _best_response(value: str) -> str:
    # ADaM's MISSING says that there was no assessment, which RECIST calls not evaluable.
    return "NE" if value.upper() == "MISSING" else value


def _unknown_patients(
    raw: RawTable, records: Mapping[str, int], known: Sequence[str]
) -> list[Problem]:
    there = set(known)
    heading = filled(raw, "USUBJID", "SUBJID")
    expected = "an identifier of the patients table"
    return [
        Problem(
            "no patient has this identifier",
            raw.label,
            raw.rows[at],
            heading,
            each[:100],
            each[:80],
            expected,
        )
        for each, at in records.items()
        if each not in there
    ]


def _other_confirmation(adrs: RawTable, code: str, options: Derivation) -> DataQuery:
    has, wants = ("unconfirmed", "confirmed") if options.confirmation else ("confirmed", "any")
    return note(
        adrs,
        "best-response-other-rule",
        f"the best response given ({code}) is the {has} one; {wants} responses count here",
        "where it is compared with the response derived from the visits, differences are expected "
        "(derivation.confirmation)",
        "best_response",
        column="PARAMCD",
        severity="warning",
    )


def _no_known_parameter(raw: RawTable, *endpoints: str) -> DataQuery:
    codes = [each.code for each in parameters(raw) if each.code]
    named = ", ".join(codes[:12]) + (", ..." if len(codes) > 12 else "")
    return note(
        raw,
        "no-known-parameter",
        f"no parameter is one that this program knows: {named or 'PARAMCD is empty'}",
        "the data set is not used",
        *endpoints,
        column="PARAMCD",
        severity="warning",
    )


def _other_start(patients: RawTable, adtte: RawTable) -> list[DataQuery]:
    """Times of ADTTE that begin on another day than treatment."""
    starts = dict(zip(cells(patients, "USUBJID", "SUBJID"), cells(patients, *_STARTS), strict=True))
    begins = cells(adtte, "STARTDT", "STARTDTM")
    codes = cells(adtte, "PARAMCD")
    identifiers = cells(adtte, "USUBJID", "SUBJID")
    others = set()
    for code, begin, patient in zip(codes, begins, identifiers, strict=True):
        begin_date, start_date = date_of(begin), date_of(starts.get(patient, ""))
        if code.upper() in ("PFS", "OS") and begin_date and start_date and begin_date != start_date:
            others.add(patient)
    if not others:
        return []
    return [
        note(
            adtte,
            "time-from-another-day",
            f"the times of {counted(len(others), 'patient')} are counted from another day than "
            "the start of treatment, such as that of randomisation",
            "times given are used as they are; times derived here begin with treatment",
            "pfs",
            "os",
            column="STARTDT",
        )
    ]


def _arms_not_as_planned(adsl: RawTable) -> list[DataQuery]:
    """Patients who were treated in another arm than planned."""
    planned_in, actual_in = filled(adsl, *_PLANNED), filled(adsl, *_ACTUAL)
    if planned_in is None or actual_in is None:
        return []
    identifiers = cells(adsl, "USUBJID", "SUBJID")
    arms = zip(adsl.columns[planned_in], adsl.columns[actual_in], strict=True)
    return [
        DataQuery(
            rule="arm-not-as-planned",
            severity="note",
            message=f"the patient was to be treated in {planned!r} and was in {actual!r}",
            consequence=f"counted in the arm planned ({planned_in}), as intended to treat; by the "
            f"treatment given with columns.patients.arm: {actual_in}",
            patient=identifiers[at],
            file=adsl.label,
            row=adsl.rows[at],
            column=planned_in,
            value=planned,
            endpoints=("best_response", "benefit", "pfs", "os", "dor", "safety"),
        )
        for at, (planned, actual) in enumerate(arms)
        if planned and actual and planned != actual
    ]
