import hashlib
from pathlib import Path

import pytest

import dossier.cohort.read as reading
from dossier.cohort.read import read_cohort
from dossier.errors import InputError

SUMMIT = Path(__file__).parent / "data" / "summit_data_clinical_patient.txt"
SUMMIT_YAML = """\
cohort:
  title: Neratinib in HER2-mutated biliary tract cancer
data:
  patients:
    file: summit_data_clinical_patient.txt
    comment: "#"
columns:
  patients:
    age: AGE_CURRENT
    best_response: Best Overall Response (BOR)
    os_days: {column: OS_MONTHS, unit: months}
    os_event: OS_STATUS
values:
  patients:
    os_event: {DECEASED: yes, LIVING: no}
"""


@pytest.fixture
def summit(tmp_path):
    (tmp_path / SUMMIT.name).write_bytes(SUMMIT.read_bytes())
    (tmp_path / "cohort.yaml").write_text(SUMMIT_YAML)
    return tmp_path


def test_the_summit_file_is_read_by_its_mappings_alone(summit):
    """Four comment lines with damaged headings, a tab after each line, codes for unknown."""
    read = read_cohort(summit)
    patients = read.patients
    assert len(patients) == 25
    assert patients["patient_id"].tolist() == [str(number) for number in range(1, 26)]
    assert patients["row"].tolist() == list(range(6, 31))
    assert patients["best_response"].value_counts().to_dict() == {
        "SD": 8,
        "PD": 7,
        "NE": 6,
        "PR": 4,
    }
    assert patients["sex"].value_counts().to_dict() == {"female": 13, "male": 12}
    assert patients["os_days"][0] == 1.64 * 365.25 / 12
    assert patients["os_event"].tolist()[14:18] == [1, 1, 1, 0]
    assert patients["os_event"].isna().sum() == 21
    assert patients["age"].dropna().tolist() == [71, 57, 69, 58]
    assert patients["RACE"].tolist()[13:15] == ["", "WHITE"]
    assert {"RACE", "PED_IND", "sex", "os_days"} < read.given["patients"]
    assert {each.rule for each in read.queries} == {"os-time-without-status"}
    assert read.data_cutoff is None


def test_the_files_are_recorded_with_their_hashes(summit):
    settings, patients = read_cohort(summit / "cohort.yaml").sources
    assert (settings.table, settings.name) == ("settings", "cohort.yaml")
    assert settings.sha256 == hashlib.sha256(SUMMIT_YAML.encode()).hexdigest()
    assert (patients.table, patients.name, patients.rows) == ("patients", SUMMIT.name, 25)
    assert patients.sha256 == hashlib.sha256(SUMMIT.read_bytes()).hexdigest()
    assert patients.detail == "tab-separated, UTF-8, headings on row 5"


def test_a_single_patient_table(tmp_path):
    (tmp_path / "my cohort.csv").write_text("USUBJID,AGE\nP1,60\n")
    read = read_cohort(tmp_path / "my cohort.csv")
    assert read.settings.cohort.title == "my cohort"
    assert read.patients["age"].tolist() == [60]
    assert [each.name for each in read.sources] == ["my cohort.csv"]


def test_overrides_win_over_the_file(summit):
    read = read_cohort(
        str(summit), {"cohort": {"drug": "neratinib"}, "estimation": {"ci": "plain"}}
    )
    assert read.settings.cohort.title == "Neratinib in HER2-mutated biliary tract cancer"
    assert read.settings.cohort.drug == "neratinib"
    assert read.settings.estimation.ci == "plain"


def test_a_wrong_override_is_not_looked_for_in_the_file(summit):
    with pytest.raises(InputError) as raised:
        read_cohort(summit, {"estimation": {"cii": "plain"}})
    (problem,) = raised.value.problems
    assert problem.file is None
    assert problem.row is None
    assert problem.column == "estimation.cii"
    assert "did you mean 'ci'?" in problem.message


def test_files_elsewhere_are_named_without_their_folder(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    folder = tmp_path / "study"
    (folder / "data").mkdir(parents=True)
    elsewhere.mkdir()
    (elsewhere / "patients.csv").write_text("patient_id,treatment_start\nP1,2024-01-01\n")
    (elsewhere / "ae.csv").write_text("patient_id,term\nP1,Rash\n")
    (folder / "data" / "visits.csv").write_text("patient_id,day,response\nP1,57,PR\n")
    (folder / "cohort.yaml").write_text(
        f"cohort: {{title: x}}\ndata:\n  patients: ../elsewhere/patients.csv\n"
        f"  assessments: data/visits.csv\n  adverse_events: {elsewhere / 'ae.csv'}\n"
    )
    names = [each.name for each in read_cohort(folder).sources]
    assert names == ["cohort.yaml", "patients.csv", "data/visits.csv", "ae.csv"]


def test_a_folder_without_settings_and_without_data_sets(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(InputError, match="and no data sets of CDISC"):
        read_cohort(tmp_path)


@pytest.mark.parametrize("name", ["nothing.yaml", "nothing.csv", "nothing", "no/where/cohort.yaml"])
def test_a_path_that_does_not_exist(tmp_path, name):
    with pytest.raises(InputError, match="the file does not exist"):
        read_cohort(tmp_path / name)


def test_all_problems_of_settings_and_tables_come_at_once(tmp_path):
    (tmp_path / "patients.csv").write_text("patient_id,age,Arm\nP1,old,A\n")
    (tmp_path / "visits.csv").write_text("patient_id,day,response\nP2,57,XX\n")
    (tmp_path / "cohort.yaml").write_text(
        "cohort:\n  title: x\n  desing: single-arm\n"
        "data:\n  patients: patients.csv\n  assessments: visits.csv\n  adverse_events: ae.csv\n"
        "derivation:\n  sd_minimum_days: six weeks\n"
        "estimation:\n  landmarks: [6 moons]\n"
    )
    with pytest.raises(InputError) as raised:
        read_cohort(tmp_path)
    assert [(each.file, each.row, each.column) for each in raised.value.problems] == [
        ("cohort.yaml", 3, "cohort.desing"),
        ("cohort.yaml", 9, "derivation.sd_minimum_days"),
        ("cohort.yaml", 11, "estimation.landmarks item 1"),
        ("ae.csv", None, None),
        ("patients.csv", 2, "age"),
        ("visits.csv", 2, "response"),
        ("visits.csv", 2, "patient_id"),
    ]
    assert str(raised.value).count("\n") == 6


def test_settings_that_hide_the_tables_stop_the_reading(tmp_path):
    (tmp_path / "cohort.yaml").write_text("cohort: {title: x}\ndata: {patient: p.csv}\n")
    with pytest.raises(InputError) as raised:
        read_cohort(tmp_path)
    assert [(each.row, each.message) for each in raised.value.problems] == [
        (2, "the key 'patients' is missing"),
        (2, "unknown key 'patient', did you mean 'patients'?"),
    ]


@pytest.mark.parametrize(
    ("settings", "files", "row", "column", "message", "expected"),
    [
        (
            "derivation:\n  assessor: centrl\n",
            {"assessments__csv": "patient_id,day,response,assessor\nP1,9,PR,CENTRAL\nP1,9,PR,X\n"},
            7, "derivation.assessor",
            "no assessment was read by 'centrl', did you mean 'central'?", "one of central, x",
        ),
        (
            "derivation:\n  assessor: central\n",
            {},
            6, "derivation.assessor",
            "no assessment was read by 'central'", "a column 'assessor' in the assessments",
        ),
        (
            "",
            {"assessments__csv": "patient_id,day,response,assessor\nP1,57,PR,Ann\nP1,57,PR,Bob\n"},
            None, "derivation.assessor",
            "the scans were read by several assessors, and none is the investigator",
            "one of ann, bob",
        ),
    ],
)  # fmt: skip
def test_choices_that_are_not_in_the_data(
    problems, settings, files, row, column, message, expected
):
    (problem,) = problems(settings, **files)
    assert (problem.row, problem.column) == (row, column)
    assert (problem.message, problem.expected) == (message, expected)


def test_a_reference_arm_that_is_not_in_the_data(study):
    path = study(patients__csv="patient_id,arm\nP1,Standard\nP2,New\n")
    with pytest.raises(InputError) as raised:
        read_cohort(path, {"cohort": {"reference_arm": "Standrd"}})
    (problem,) = raised.value.problems
    assert problem.column == "cohort.reference_arm"
    assert problem.message == "no patient is in the arm 'Standrd', did you mean 'Standard'?"
    assert problem.expected == "one of New, Standard"


def test_settings_without_values_are_defaults(cohort):
    read = cohort(
        "derivation:\n  # confirmation: true\nestimation:\ncolumns:\n  patients:\nvalues:\n"
    )
    assert read.settings.derivation.confirmation
    assert read.settings.columns == {}


@pytest.mark.parametrize(
    ("written", "fact"),
    [("yes", True), ("No", False), ("true", True), ("0.3", 0.3), ("often", "often")],
)
def test_declared_facts(cohort, written, fact):
    read = cohort(f"declared:\n  qol_improved: {written}\n").settings.declared["qol_improved"]
    assert read == fact
    assert type(read) is type(fact)


@pytest.mark.parametrize("cutoff", ["20240531", "31-05-2024", "2024-02-30", "soon", "1717113600"])
def test_a_data_cutoff_that_is_no_date(tmp_path, cutoff):
    (tmp_path / "cohort.yaml").write_text(
        f"cohort:\n  title: x\n  data_cutoff: {cutoff}\ndata: {{patients: p.csv}}\n"
    )
    (tmp_path / "p.csv").write_text("patient_id\nP1\n")
    with pytest.raises(InputError) as raised:
        read_cohort(tmp_path)
    (problem,) = raised.value.problems
    assert (problem.row, problem.column) == (3, "cohort.data_cutoff")
    assert problem.message == f"{cutoff!r} is not a date such as 2024-05-31"


def test_a_form_of_dates_that_is_none(problems):
    (problem,) = problems(data="  patients: patients.csv\n  date_format: dagmaandjaar\n")
    assert (problem.row, problem.column) == (5, "data.date_format")
    assert "is not a form of dates" in problem.message


def test_no_message_tells_where_the_machine_keeps_its_files(summit):
    (summit / "cohort.yaml").write_text(
        SUMMIT_YAML.replace("file: summit", f"file: {summit}/nothing")
    )
    with pytest.raises(InputError) as raised:
        read_cohort(summit)
    assert str(summit) not in str(raised.value)


def test_reading_leaves_the_heavy_libraries_alone():
    import subprocess
    import sys

    code = (
        "import sys, dossier.cohort.settings\n"
        "print([m for m in ('pandas', 'numpy', 'python_calamine') if m in sys.modules])\n"
        "import dossier.cohort.read\n"
        "print([m for m in ('scipy', 'lifelines', 'python_calamine') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n[]\n"


def test_the_tables_that_settings_name(summit):
    settings = read_cohort(summit).settings
    named = reading.files_named(settings, summit)
    assert list(named.sources) == ["patients"]
