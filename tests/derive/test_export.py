"""Derived values per patient as tables for other programs."""

import numpy as np
import pandas as pd
import pytest
from patient_stories import START, cohort_of, date

from dossier.derive.export import ADRS_COLUMNS, ADTTE_COLUMNS, adrs, adtte, patients_csv
from dossier.derive.patients import derive


@pytest.fixture(scope="module")
def cohort():
    return cohort_of(
        {"visits": "PR(57) PR(113) PD(169) SD(225)", "died": 300, "stopped": 170},
        {"visits": "SD(57) NE(113)", "alive": 390},
        {"visits": "", "new_therapy": 80, "alive": 100},
        {"started": None},
        {"visits": "SD(57)", "death_cause": "cancer"},
    )


@pytest.fixture(scope="module")
def patients(cohort):
    return derive(cohort)


def records(table, patient, code):
    return table[(table["USUBJID"] == patient) & (table["PARAMCD"] == code)]


def test_a_flat_table_reads_as_people_write(patients):
    text = patients_csv(patients).to_csv(index=False)
    header, first, *_ = text.splitlines()
    cells = dict(zip(header.split(","), first.split(","), strict=True))
    assert list(patients_csv(patients)) == list(patients.frame)
    assert (cells["treated"], cells["pfs_days"], cells["pfs_event"]) == ("Y", "169", "1")
    fourth = text.splitlines()[4].split(",")
    assert fourth[header.split(",").index("pfs_days")] == ""


def test_times_with_decimals_keep_them():
    story = {"best_response": "SD", "pfs_days": 161.25, "pfs_event": 1.0}
    assert patients_csv(derive(cohort_of(story)))["pfs_days"].tolist() == [161.25]


def test_adtte_of_an_event(patients, cohort):
    table = adtte(patients, cohort)
    assert tuple(table) == ADTTE_COLUMNS
    (pfs,) = records(table, "P001", "PFS").to_dict("records")
    assert (pfs["AVAL"], pfs["AVALU"], pfs["CNSR"]) == (169, "DAYS", 0)
    assert (pfs["STARTDT"], pfs["ADT"]) == (START, date(169))
    assert (pfs["EVNTDESC"], pfs["CNSDTDSC"]) == ("progression", "")
    assert (pfs["SRCDOM"], pfs["SRCVAR"], pfs["SRCSEQ"]) == ("assessments", "response", 4)
    assert pfs["RULE"] == "PFS-PD"
    (response,) = records(table, "P001", "RSD").to_dict("records")
    assert (response["STARTDT"], response["ADT"], response["AVAL"]) == (date(57), date(169), 112)


CENSORED = {
    ("P002", "PFS"): (57, "no event at last evaluable assessment", "last evaluable assessment"),
    ("P002", "OS"): (390, "alive at last contact", "last date known alive"),
    ("P003", "PFS"): (0, "new anticancer therapy", "start of treatment"),
    ("P002", "TOT"): (390, "treatment ongoing at last contact", "last date known alive"),
}


@pytest.mark.parametrize(("key", "expected"), CENSORED.items(), ids=map(str, CENSORED))
def test_adtte_of_a_censored_time(patients, cohort, key, expected):
    (record,) = records(adtte(patients, cohort), *key).to_dict("records")
    assert record["CNSR"] == 1
    assert (record["AVAL"], record["EVNTDESC"], record["CNSDTDSC"]) == expected
    assert record["ADT"] == date(expected[0])


def test_a_time_that_is_unknown_has_no_record(patients, cohort):
    table = adtte(patients, cohort)
    assert records(table, "P005", "PFS").empty
    assert records(table, "P002", "RSD").empty
    assert "P004" not in set(table["USUBJID"])


def test_adtte_holds_every_time_of_the_frame(patients, cohort):
    table = adtte(patients, cohort)
    names = {"PFS": "pfs", "OS": "os", "RSD": "dor", "TOT": "time_on_treatment",
             "TTNT": "time_to_next_treatment"}  # fmt: skip
    frame = patients.frame.set_index("patient_id")
    assert set(table["PARAMCD"]) == set(names)
    for code, endpoint in names.items():
        found = table[table["PARAMCD"] == code].set_index("USUBJID")
        known = frame[frame[f"{endpoint}_days"].notna()]
        assert found["AVAL"].tolist() == known[f"{endpoint}_days"].tolist()
        assert (1 - found["CNSR"]).tolist() == known[f"{endpoint}_event"].tolist()
        assert found["EVNTDESC"].tolist() == known[f"{endpoint}_reason"].tolist()
    whole = table["ADT"] - table["STARTDT"] == pd.to_timedelta(table["AVAL"], unit="D")
    assert whole.all()


def test_adrs(patients, cohort):
    table = adrs(patients, cohort)
    assert tuple(table) == ADRS_COLUMNS
    visits = records(table, "P001", "OVR")
    assert visits["AVALC"].tolist() == ["PR", "PR", "PD", "SD"]
    assert visits["AVAL"].tolist() == [2, 2, 5, 3]
    assert visits["ANL01FL"].tolist() == ["Y", "Y", "Y", ""]
    assert visits["ADT"].tolist() == [date(day) for day in (57, 113, 169, 225)]
    assert visits["ADY"].tolist() == [58, 114, 170, 226]
    assert visits["SRCSEQ"].tolist() == [2, 3, 4, 5]
    (best,) = records(table, "P001", "CBOR").to_dict("records")
    assert (best["AVALC"], best["ADT"], best["RULE"]) == ("PR", date(57), "BOR-PR")
    assert (best["SRCDOM"], best["SRCVAR"], best["SRCSEQ"]) == ("assessments", "response", 2)
    answers = {code: records(table, "P001", code)["AVALC"].tolist() for code in ("CRSP", "CB16W")}
    assert answers == {"CRSP": ["Y"], "CB16W": ["Y"]}
    (none,) = records(table, "P003", "CBOR").to_dict("records")
    assert (none["AVALC"], none["AVAL"], none["SRCDOM"]) == ("NE", 6, "patients")
    assert none["ADT"] is pd.NaT
    assert "P004" not in set(table["USUBJID"])


def test_adrs_of_responses_as_given():
    cohort = cohort_of({"best_response": "PR"}, {"best_response": "SD"}, cutoff=80)
    table = adrs(derive(cohort), cohort)
    assert set(table["PARAMCD"]) == {"BOR", "RSP", "CB16W", "CB24W"}
    assert records(table, "P001", "BOR")["PARAM"].tolist() == ["Best Overall Response (as given)"]
    assert records(table, "P002", "CB16W")["AVALC"].tolist() == ["UNKNOWN"]
    assert np.isnan(records(table, "P002", "CB16W")["AVAL"].item())


def test_adrs_without_confirmation():
    cohort = cohort_of({"visits": "PR(57)"}, confirmation=False)
    table = adrs(derive(cohort), cohort)
    assert set(table["PARAMCD"]) == {"OVR", "BOR", "RSP", "CB16W", "CB24W"}
    assert records(table, "P001", "RSP")["AVALC"].tolist() == ["Y"]


def test_days_without_dates_give_no_dates():
    cohort = cohort_of({"visits": "SD(57) PD(113)", "started": None}, by_day=True)
    cohort.given["patients"] = frozenset({"patient_id"})
    made = derive(cohort)
    (pfs,) = records(adtte(made, cohort), "P001", "PFS").to_dict("records")
    assert (pfs["AVAL"], pfs["ADT"]) == (113, pd.NaT)
    assert records(adrs(made, cohort), "P001", "OVR")["ADY"].tolist() == [58, 114]
