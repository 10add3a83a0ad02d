import pytest

START = "treatment_start"


@pytest.mark.parametrize(
    "heading",
    [
        "patient_id",
        "Patient ID",
        "PATIENT_ID",
        "patient-id",
        "Patient.ID",
        "patientid",
        "USUBJID",
        "SubjID",
    ],
)
def test_a_column_is_found_by_its_name_or_by_its_cdisc_name(cohort, heading):
    read = cohort(patients__csv=f"{heading},TRTSDT\nP1,2024-01-01\n")
    assert read.patients["patient_id"].tolist() == ["P1"]
    assert read.headings["patients"] == {"patient_id": heading, START: "TRTSDT"}


def test_our_name_goes_before_a_cdisc_name_and_both_are_kept(cohort):
    read = cohort(patients__csv="USUBJID,patient_id\nS-1,P1\n")
    assert read.patients["patient_id"].tolist() == ["P1"]
    assert read.patients["USUBJID"].tolist() == ["S-1"]


def test_a_mapping_wins_and_the_column_it_replaces_is_not_taken_for_another(cohort):
    read = cohort(
        "columns: {patients: {patient_id: Subject number, age: AGE_AT_CONSENT}}\n",
        patients__csv="patient_id,Subject number,AGE,Age_at_consent\nx,P1,60,61\n",
    )
    assert read.patients["patient_id"].tolist() == ["P1"]
    assert read.patients["age"].tolist() == [61]
    assert read.patients["AGE"].tolist() == ["60"]
    assert "patient_id" in read.given["patients"]


def test_other_columns_are_kept_as_text_under_their_heading(cohort):
    read = cohort(patients__csv="patient_id,Mutation,row,Smoker\nP1,V600E,9,N/A\n")
    assert read.patients["Mutation"].tolist() == ["V600E"]
    assert read.patients["Smoker"].tolist() == [""]
    assert read.patients["row"].tolist() == [2]
    assert read.given["patients"] == {"patient_id", "Mutation", "Smoker"}


def test_two_columns_can_come_from_one_heading(cohort):
    read = cohort(
        "columns: {patients: {death_date: Last, last_known_alive: Last}}\n",
        patients__csv="patient_id,Last\nP1,2024-01-01\n",
    )
    assert read.patients["death_date"].equals(read.patients["last_known_alive"])


def test_times_come_in_the_declared_unit(cohort):
    read = cohort(
        "columns:\n  patients:\n    os_days: {column: OS, unit: months}\n"
        "    pfs_days: {column: PFS, unit: weeks}\n",
        patients__csv="patient_id,OS,PFS,os_event,pfs_event\nP1,2,3,1,1\n",
    )
    assert read.patients["os_days"].tolist() == [60.875]
    assert read.patients["pfs_days"].tolist() == [21]


def test_a_missing_column_is_a_problem_with_the_nearest_heading(problems):
    (problem,) = problems(patients__csv="patientnr,age\n1,60\n")
    assert problem.file == "patients.csv"
    assert problem.row == 1
    assert problem.column == "patient_id"
    assert problem.message == (
        "there is no column 'patient_id' (identifier of the patient); is it 'patientnr'?"
    )
    assert problem.expected == (
        "a heading 'patient_id' or 'USUBJID' or 'SUBJID', "
        "or columns.patients.patient_id in cohort.yaml"
    )


def test_undeclared_comment_lines_are_recognised_as_the_cause(problems):
    (problem,) = problems(patients__csv="#Patient,#Age\nPATIENT_ID,AGE\n1,60\n")
    assert "data.patients.comment: '#'" in problem.expected


def test_headings_that_could_both_be_meant_are_a_problem(problems):
    (problem, *_) = problems(patients__csv="patient_id,Age,AGE \n1,60,61\n".replace("Age", "A ge"))
    assert problem.message == "several headings could be 'age': 'A ge', 'AGE'"
    assert problem.expected == "the right one under columns.patients.age"


def test_a_mapped_heading_that_is_not_there_is_a_problem_in_cohort_yaml(problems):
    (problem,) = problems(
        "columns:\n  patients:\n    age: Age at consnt\n",
        patients__csv="patient_id,Age at consent\nP1,60\n",
    )
    assert (problem.file, problem.row, problem.column) == ("cohort.yaml", 7, "columns.patients.age")
    assert problem.message == (
        "patients.csv has no heading 'Age at consnt', did you mean 'Age at consent'?"
    )
    assert problem.value == "Age at consnt"
    assert problem.expected == "one of the headings 'patient_id', 'Age at consent'"


@pytest.mark.parametrize(
    ("settings", "column", "message"),
    [
        ("columns: {patients: {treatment_strt: x}}", "columns.patients.treatment_strt",
         "there is no column 'treatment_strt' in patients, did you mean 'treatment_start'?"),
        ("values: {patients: {sexe: {a: b}}}", "values.patients.sexe",
         "there is no column 'sexe' in patients, did you mean 'sex'?"),
        ("columns: {patients: {age: {column: treatment_start, unit: months}}}",
         "columns.patients.age",
         "'age' is no duration, it cannot have a unit"),
        ("values: {patients: {sex: {1: mail}}}\ncolumns: {patients: {sex: treatment_start}}",
         "values.patients.sex.1",
         "'1' cannot mean this in 'sex': unknown code, did you mean 'male'?"),
    ],
)  # fmt: skip
def test_mappings_that_make_no_sense_are_problems_in_cohort_yaml(
    problems, settings, column, message
):
    found = {each.column: each for each in problems(settings + "\n")}
    assert found[column].file == "cohort.yaml"
    assert found[column].row == 5
    assert found[column].message == message
