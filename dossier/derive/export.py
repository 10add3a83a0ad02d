"""Derived values per patient for other programs: a flat table, and ADaM-like ADRS and ADTTE.

Names and codes follow ADaM and the vocabulary of pharmaverse/admiralonco. They are ADaM-like, not
a submission data set: SRCDOM, SRCVAR and SRCSEQ point to the table, column and row of the user's
own files, and RULE names the rule of derivation. Times are differences of dates: AVAL = ADT -
STARTDT, no day added.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from dossier.cohort.columns import RESPONSES, VISIT_RESPONSES
from dossier.cohort.model import Cohort
from dossier.derive.model import Patients
from dossier.derive.readings import readings_of
from dossier.derive.response import BestResponse, best_responses
from dossier.derive.timeline import Dates, Flags, Floats, Integers, Texts, dates_of, timeline_of
from dossier.derive.times import texts
from dossier.derive.visits import NO_VISIT, SOURCES, Visits, day_known

ADRS_COLUMNS: Final = (
    "STUDYID", "USUBJID", "PARAMCD", "PARAM", "AVALC", "AVAL", "ADT", "ADY", "ANL01FL",
    "SRCDOM", "SRCVAR", "SRCSEQ", "RULE",
)  # fmt: skip
ADTTE_COLUMNS: Final = (
    "STUDYID", "USUBJID", "PARAMCD", "PARAM", "AVAL", "AVALU", "STARTDT", "ADT", "CNSR",
    "EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "SRCSEQ", "RULE",
)  # fmt: skip

# AVAL of a response, as in admiralonco; progression that iRECIST reset has none.
_AVAL = {code: float(place) for place, code in enumerate(RESPONSES, start=1)}
_YES_NO = {"Y": 1.0, "N": 0.0}
_BENEFIT = {"benefit": "Y", "no benefit": "N", "too early": "TOO EARLY", "unknown": "UNKNOWN"}
_TIMES = {
    "pfs": ("PFS", "Progression-Free Survival"),
    "os": ("OS", "Overall Survival"),
    "dor": ("RSD", "Duration of Response"),
    "time_on_treatment": ("TOT", "Time on Treatment"),
    "time_to_next_treatment": ("TTNT", "Time to Next Treatment"),
}


def patients_csv(patients: Patients) -> pd.DataFrame:
    """The frame of patients as it should stand in a CSV file.

    Whole numbers have no decimals, what is not known is blank, and flags are Y or N.

    Parameters
    ----------
    patients
        What the derive stage found.

    Returns
    -------
    pandas.DataFrame
        One row a patient, the columns of `Patients.frame`.
    """
    return pd.DataFrame({name: _plain(column) for name, column in patients.frame.items()})


def _plain(column: pd.Series) -> pd.Series:
    if column.dtype == bool:
        return column.map({True: "Y", False: "N"})
    known = column.dropna()
    if column.dtype.kind == "f" and (known % 1 == 0).all():
        return column.astype("Int64")
    return column


def adrs(patients: Patients, cohort: Cohort) -> pd.DataFrame:
    """Responses of the treated patients, one record a patient, parameter and visit.

    OVR: the response at every visit that could count, as used (entered or measured, iRECIST
    settled); ANL01FL is Y for those from which best response is taken. BOR, CBOR: best overall
    response without and with confirmation; one used as given is BOR, for nobody knows. RSP, CRSP: a
    complete or partial response, the same. CB16W, CB24W: clinical benefit, ``TOO EARLY`` or
    ``UNKNOWN`` without a number.

    Parameters
    ----------
    patients
        What the derive stage found.
    cohort
        The cohort it was derived from.

    Returns
    -------
    pandas.DataFrame
        Columns `ADRS_COLUMNS`, by patient; AVAL as in admiralonco (CR 1 to NE 6; Y 1, N 0).
    """
    frame, options = patients.frame, cohort.settings.derivation
    start = dates_of(cohort.patients, "treatment_start")
    records: list[pd.DataFrame] = []
    if day_known(cohort):
        timeline = timeline_of(cohort)
        visits = readings_of(cohort, timeline).visits
        last_day = np.minimum(timeline.cutoff, timeline.new_therapy)
        best = best_responses(visits, last_day, options)
        single = best_responses(visits, last_day, options, confirmation=False)
        records.append(_visit_records(visits, best, start))
        records.append(_single_records(visits, single, frame, start))
        confirmed = options.confirmation
    else:
        confirmed = False
        records.append(_best_records(frame, start, "BOR", "Best Overall Response (as given)"))
    if confirmed:
        records.append(_best_records(frame, start, "CBOR", "Best Confirmed Overall Response"))
    code, name = ("CRSP", "Confirmed Response") if confirmed else ("RSP", "Response")
    responder = frame["responder"].to_numpy(dtype=bool)
    day = np.where(responder, frame["best_response_day"], np.nan)
    answer = np.where(responder, "Y", "N").astype(object)
    records.append(_of_patients(code, name, answer, start, day, _source(frame, "best_response")))
    for weeks in (16, 24):
        endpoint = f"benefit_{weeks}w"
        answer = frame[endpoint].map(_BENEFIT).to_numpy(dtype=object)
        nowhere = np.full(len(frame), np.nan)
        title = f"Clinical Benefit at {weeks} Weeks"
        records.append(
            _of_patients(f"CB{weeks}W", title, answer, start, nowhere, _source(frame, endpoint))
        )
    return _finished(records, frame, cohort, ADRS_COLUMNS)


def adtte(patients: Patients, cohort: Cohort) -> pd.DataFrame:
    """Times to an event of the treated patients, one record a patient and parameter.

    CNSR is 0 for an event and 1 for censoring; EVNTDESC says what ended or censored the time, and
    for a censored time CNSDTDSC what the date is. A patient whose time is unknown has no record.

    Parameters
    ----------
    patients
        What the derive stage found.
    cohort
        The cohort it was derived from.

    Returns
    -------
    pandas.DataFrame
        Columns `ADTTE_COLUMNS`, by patient. Dates are missing where the file gives only days, or
        no whole number of them.
    """
    frame = patients.frame
    start = dates_of(cohort.patients, "treatment_start")
    records = []
    for endpoint, (code, name) in _TIMES.items():
        if f"{endpoint}_days" not in frame:
            continue
        days = frame[f"{endpoint}_days"].to_numpy(dtype=np.float64)
        event = frame[f"{endpoint}_event"].to_numpy(dtype=np.float64)
        begins = start
        if endpoint == "dor":
            begins = _dates(start, frame["best_response_day"].to_numpy(dtype=np.float64))
        reason = frame[f"{endpoint}_reason"].to_numpy(dtype=object)
        record = pd.DataFrame(
            {
                "patient": np.arange(len(frame)),
                "PARAMCD": code,
                "PARAM": name,
                "AVAL": days,
                "AVALU": "DAYS",
                "STARTDT": begins.astype("datetime64[ns]"),
                "ADT": _dates(begins, days).astype("datetime64[ns]"),
                "CNSR": 1 - event,
                "EVNTDESC": reason,
                "CNSDTDSC": np.where(event == 0, _censoring_date(frame, endpoint, reason), ""),
                **_source(frame, endpoint),
            }
        )
        records.append(record[~np.isnan(days)].astype({"CNSR": "int64"}))
    return _finished(records, frame, cohort, ADTTE_COLUMNS)


def _censoring_date(frame: pd.DataFrame, endpoint: str, reason: Texts) -> Texts:
    table = frame[f"{endpoint}_table"].to_numpy(dtype=object)
    rule = frame[f"{endpoint}_rule"].to_numpy(dtype=object)
    by_disease = endpoint in ("pfs", "dor")
    at_cutoff = np.array([text.endswith("at the data cut-off") for text in reason], dtype=bool)
    return np.select(
        [
            np.array([text.endswith("-GIVEN") for text in rule], dtype=bool),
            by_disease & (table == "assessments"),
            np.full(len(frame), by_disease),
            at_cutoff,
        ],
        ["as given", "last evaluable assessment", "start of treatment", "data cut-off"],
        "last date known alive",
    ).astype(object)


def _source(frame: pd.DataFrame, endpoint: str) -> dict[str, Any]:
    column = f"{endpoint}_column"
    return {
        "SRCDOM": frame[f"{endpoint}_table"].to_numpy(dtype=object),
        "SRCVAR": frame[column].to_numpy(dtype=object) if column in frame else "",
        "SRCSEQ": frame[f"{endpoint}_row"].to_numpy(dtype=np.float64),
        "RULE": frame[f"{endpoint}_rule"].to_numpy(dtype=object),
    }


def _visit_records(visits: Visits, best: BestResponse, start: Dates) -> pd.DataFrame:
    patient, place = np.nonzero(visits.response != NO_VISIT)
    day = visits.day[patient, place].astype(np.float64)
    answer = texts(VISIT_RESPONSES)[visits.response[patient, place]]
    used: Flags = best.used[patient, place]
    return _records(
        patient,
        "OVR",
        "Overall Response",
        answer,
        start,
        day,
        {
            "ANL01FL": np.where(used, "Y", ""),
            "SRCDOM": "assessments",
            "SRCVAR": texts(SOURCES)[visits.source[patient, place]],
            "SRCSEQ": visits.row[patient, place].astype(np.float64),
            "RULE": "",
        },
    )


def _single_records(
    visits: Visits, single: BestResponse, frame: pd.DataFrame, start: Dates
) -> pd.DataFrame:
    found = single.place >= 0
    day = np.where(found, visits.day_at(single.place), np.nan)
    source = {
        "SRCDOM": np.where(found, "assessments", "patients"),
        "SRCVAR": np.where(found, visits.column_at(single.place), ""),
        "SRCSEQ": np.where(found, visits.row_at(single.place), frame["row"]),
        "RULE": "",
    }
    answer = texts(RESPONSES)[single.response]
    title = "Best Overall Response (confirmation not required)"
    return _of_patients("BOR", title, answer, start, day, source)


def _best_records(frame: pd.DataFrame, start: Dates, code: str, name: str) -> pd.DataFrame:
    answer = frame["best_response"].to_numpy(dtype=object)
    day = frame["best_response_day"].to_numpy(dtype=np.float64)
    return _of_patients(code, name, answer, start, day, _source(frame, "best_response"))


def _of_patients(
    code: str, name: str, answer: Texts, start: Dates, day: Floats, source: dict[str, Any]
) -> pd.DataFrame:
    everybody = np.arange(len(answer))
    return _records(everybody, code, name, answer, start, day, {"ANL01FL": "Y", **source})


def _records(
    patient: Integers,
    code: str,
    name: str,
    answer: Texts,
    start: Dates,
    day: Floats,
    source: dict[str, Any],
) -> pd.DataFrame:
    # A study day has no 0: the day treatment starts is day 1 (SDTM, ADaM).
    return pd.DataFrame(
        {
            "patient": patient,
            "PARAMCD": code,
            "PARAM": name,
            "AVALC": answer,
            "AVAL": pd.Series(answer, dtype=object).map(_AVAL | _YES_NO).astype(np.float64),
            "ADT": _dates(start[patient], day).astype("datetime64[ns]"),
            "ADY": day + 1,
            **source,
        }
    )


def _dates(start: Dates, days: Floats) -> Dates:
    """Dates that many days after the start; NaT where the days are unknown or not whole."""
    whole = ~np.isnan(days) & (days % 1 == 0)
    date = start + np.where(whole, days, 0).astype("timedelta64[D]")
    dates: Dates = np.where(whole, date, np.datetime64("NaT", "D"))
    return dates


def _finished(
    records: Iterable[pd.DataFrame], frame: pd.DataFrame, cohort: Cohort, columns: tuple[str, ...]
) -> pd.DataFrame:
    """The records of the treated patients, patient by patient."""
    found = pd.concat(records, ignore_index=True)
    found = found[frame["treated"].to_numpy(dtype=bool)[found["patient"].to_numpy()]]
    found = found.sort_values("patient", kind="stable", ignore_index=True)
    identifier = frame["patient_id"].to_numpy(dtype=object)[found["patient"].to_numpy()]
    study: object = cohort.settings.cohort.trial
    if not study and "STUDYID" in cohort.patients:
        study = cohort.patients["STUDYID"].to_numpy(dtype=object)[found["patient"].to_numpy()]
    found = found.assign(STUDYID=study, USUBJID=identifier)
    for name in ("ADY", "SRCSEQ"):
        if name in columns:
            found[name] = found[name].astype("Int64")
    return found[list(columns)]
