import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dossier.cohort.frames import with_settings
from dossier.cohort.model import Cohort
from dossier.cohort.read import read_cohort
from dossier.errors import InputError

PATIENTS = pd.DataFrame(
    {
        "USUBJID": [1, 2, 3],
        "treatment_start": pd.to_datetime(["2024-01-01", "2024-01-08", None]),
        "death_date": [None, datetime.date(2024, 6, 1), pd.NaT],
        "age": [61.5, 70, np.nan],
        "rare_cancer": [True, False, None],
        "sex": pd.Categorical(["F", None, "M"]),
        "ecog": pd.array([0, 1, None], dtype="Int64"),
        "Mutation": ["V600E", None, np.nan],
    }
)
VISITS = pd.DataFrame(
    {
        "patient_id": ["1", "1", "2"],
        "date": pd.to_datetime(["2024-02-26", "2024-04-22", "2024-03-04"]).tz_localize("UTC"),
        "response": ["PR", "PR", "SD"],
    },
    index=[7, 7, 9],
)


def test_frames_are_read_like_files():
    read = Cohort.from_frames(patients=PATIENTS, assessments=VISITS)
    patients = read.patients
    assert patients["patient_id"].tolist() == ["1", "2", "3"]
    assert patients["treatment_start"].isna().tolist() == [False, False, True]
    assert patients["death_date"][1] == pd.Timestamp("2024-06-01")
    assert patients["age"].tolist()[:2] == [61.5, 70]
    assert patients["rare_cancer"].tolist()[:2] == [1, 0]
    assert patients["sex"].tolist() == ["female", "", "male"]
    assert patients["ecog"].tolist()[:2] == [0, 1]
    assert patients["Mutation"].tolist() == ["V600E", "", ""]
    assert patients["row"].tolist() == [2, 3, 4]
    assert read.assessments["date"][0] == pd.Timestamp("2024-02-26")
    assert read.assessments["patient"].tolist() == [0, 0, 1]
    assert read.settings.cohort.title == "Cohort"
    assert [(each.table, each.name, each.rows) for each in read.sources] == [
        ("patients", "(data frame)", 3),
        ("assessments", "(data frame)", 3),
    ]


def test_the_hash_of_a_frame_is_that_of_its_content():
    as_text = PATIENTS.assign(age=["61.5", "70", ""], ecog=["0", "1", ""])
    one = Cohort.from_frames(patients=PATIENTS).sources[0].sha256
    assert one == Cohort.from_frames(patients=as_text).sources[0].sha256
    assert one != Cohort.from_frames(patients=PATIENTS.assign(age=[61, 70, 0])).sources[0].sha256


def test_a_file_and_its_frame_give_the_same_cohort(study):
    text = "patient_id,treatment_start,age\nP1,2024-01-01,60\nP2,2024-02-01,61.5\n"
    from_file = read_cohort(study(patients__csv=text))
    frame = from_file.patients[["patient_id", "treatment_start", "age"]]
    pd.testing.assert_frame_equal(Cohort.from_frames(patients=frame).patients, from_file.patients)


def test_metadata_are_keys_of_the_cohort_section_or_sections():
    read = Cohort.from_frames(
        patients=PATIENTS,
        title="T",
        data_cutoff=pd.Timestamp("2024-05-31"),
        derivation={"partial_dates": "last"},
        criteria=["durable-benefit"],
        columns={"patients": {"biomarker": "Mutation"}},
    )
    assert read.settings.cohort.title == "T"
    assert read.data_cutoff == datetime.date(2024, 5, 31)
    assert read.settings.derivation.partial_dates == "last"
    assert read.settings.criteria == ("durable-benefit",)
    assert read.patients["biomarker"].tolist() == ["V600E", "", ""]


@pytest.mark.parametrize(
    ("metadata", "part"),
    [
        ({"titel": "T"}, "unknown argument 'titel', did you mean 'title'?"),
        (
            {"derivation": {"sd_minimum": 3}},
            "unknown key 'sd_minimum', did you mean 'sd_minimum_days'?",
        ),
        ({"title": ""}, "cohort.title: the value cannot be used"),
        ({"data": {"date_form": "x"}}, "unknown key 'date_form', did you mean 'date_format'?"),
        ({"data_cutoff": "May"}, "'May' is not a date such as 2024-05-31"),
    ],
)
def test_wrong_metadata(metadata, part):
    with pytest.raises(InputError) as raised:
        Cohort.from_frames(patients=PATIENTS, **metadata)
    assert part in str(raised.value)


def test_problems_in_a_frame_say_where():
    with pytest.raises(InputError) as raised:
        Cohort.from_frames(patients=PATIENTS.assign(age=[61, 700, np.inf]))
    found = [(each.file, each.row, each.column, each.patient) for each in raised.value.problems]
    assert found == [
        ("patients (data frame)", 3, "age", "2"),
        ("patients (data frame)", 4, "age", "3"),
    ]


@pytest.mark.parametrize(
    ("frame", "part"),
    [
        ([1, 2], "the table 'patients' is no data frame"),
        (pd.DataFrame([[1, 2]], columns=["patient_id", "patient_id"]), "the heading occurs more"),
        (pd.DataFrame(), "there is no column 'patient_id'"),
        (pd.DataFrame({"patient_id": []}), "there are no patients"),
    ],
)
def test_frames_that_are_no_table(frame, part):
    with pytest.raises(InputError) as raised:
        Cohort.from_frames(patients=frame)
    assert part in str(raised.value)


def test_a_frame_handed_over_is_left_alone():
    before = PATIENTS.copy(deep=True)
    patients = Cohort.from_frames(patients=PATIENTS).patients
    patients.loc[0, "patient_id"] = "changed"
    pd.testing.assert_frame_equal(PATIENTS, before)


PARTIAL = pd.DataFrame(
    {"patient_id": ["P1"], "treatment_start": ["2024-01-01"], "death_date": ["2024-03"]}
)


def test_other_settings_leave_the_cohort_as_it_was():
    read = Cohort.from_frames(patients=PARTIAL)
    changed = with_settings(
        read, {"estimation": {"landmarks": ["168 days"]}, "derivation": {"confirmation_days": 27}}
    )
    assert str(changed.settings.estimation.landmarks[0]) == "168 days"
    assert changed.settings.derivation.confirmation_days == 27
    assert read.settings.derivation.confirmation_days == 28
    assert changed.patients is read.patients
    assert changed.queries == read.queries


def test_other_settings_for_partial_dates_read_the_data_again():
    read = Cohort.from_frames(patients=PARTIAL)
    changed = with_settings(read, {"derivation": {"partial_dates": "last"}})
    assert read.patients["death_date"][0] == pd.Timestamp("2024-03-15")
    assert changed.patients["death_date"][0] == pd.Timestamp("2024-03-31")
    with pytest.raises(InputError, match="the date is not complete"):
        with_settings(read, {"derivation": {"partial_dates": "refuse"}})


def test_a_cutoff_given_later_makes_the_data_queries_anew():
    read = Cohort.from_frames(patients=PARTIAL)
    changed = with_settings(read, {"cohort": {"data_cutoff": "2024-02-01"}})
    assert "death-after-cutoff" in {each.rule for each in changed.queries}
    assert changed.data_cutoff == datetime.date(2024, 2, 1)


@pytest.mark.parametrize(
    ("overrides", "part"),
    [
        ({"estimation": {"landmark": []}}, "did you mean 'landmarks'?"),
        ({"estimatoin": {}}, "unknown key 'estimatoin', did you mean 'estimation'?"),
        ({"data": {"missing": ["9"]}}, "the files of a cohort cannot be changed by settings"),
        ({"derivation": {"assessor": "central"}}, "no assessment was read by 'central'"),
        ({"columns": {"patients": {"age": "Years"}}}, "has no heading 'Years'"),
    ],
)
def test_settings_that_do_not_fit(overrides, part):
    with pytest.raises(InputError) as raised:
        with_settings(Cohort.from_frames(patients=PARTIAL), overrides)
    assert part in str(raised.value)
    assert all(each.file is None for each in raised.value.problems)


def test_a_cohort_that_came_from_no_table_cannot_be_read_differently():
    made = replace(Cohort.from_frames(patients=PARTIAL), raw={})
    assert with_settings(made, {"estimation": {"ci": "plain"}}).settings.estimation.ci == "plain"
    with pytest.raises(InputError, match="they cannot be read differently"):
        with_settings(made, {"derivation": {"partial_dates": "last"}})


def test_declared_forms_hold_for_numbers_and_dates_of_a_frame():
    frame = pd.DataFrame(
        {
            "patient_id": ["P1", "P2"],
            "treatment_start": [datetime.date(2024, 5, 3), "2024-03-05"],
            "age": [61.5, "61,5"],
        }
    )
    source = {"patients": {"date_format": "YYYY-DD-MM", "decimal": ","}}
    patients = Cohort.from_frames(patients=frame, data=source).patients
    assert patients["treatment_start"].tolist() == [pd.Timestamp("2024-05-03")] * 2
    assert patients["age"].tolist() == [61.5, 61.5]
