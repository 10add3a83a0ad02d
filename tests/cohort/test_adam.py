"""A folder of CDISC ADaM data sets is a cohort, without a mapping."""

import io
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from dossier.cohort.frames import with_settings
from dossier.cohort.model import Cohort
from dossier.cohort.read import read_cohort
from dossier.derive.export import adrs, adtte
from dossier.derive.patients import derive
from dossier.errors import InputError
from dossier.evaluation import evaluate
from dossier.trace import trace

EXAMPLE = Path(__file__).parents[2] / "examples" / "adam-three-arms"

ADSL = """\
STUDYID,USUBJID,AGE,SEX,ARM,ACTARM,RANDDT,TRTSDT,TRTEDT,DTHDT,LSTALVDT,DCSREAS
S,S-01,61,F,Drug,Drug,2024-01-01,2024-01-02,2024-06-30,2024-09-01,2024-09-01,DEATH
S,S-02,70,M,Drug,Placebo,2024-01-03,2024-01-03,2024-03-01,,2024-10-01,
S,S-03,55,F,Placebo,Placebo,2024-01-05,2024-01-05,2024-05-01,,2024-10-02,
S,S-04,58,F,Placebo,Placebo,2024-01-08,,,,2024-02-01,
S,S-09,49,M,Screen Failure,Screen Failure,,,,,,
"""
ADRS = """\
USUBJID,ARM,PARAM,PARAMCD,PARCAT2,AVISIT,ADT,AVALC,ANL01FL
S-01,Drug,Overall Response by Investigator,OVRINV,Investigator,SCREENING,2023-12-20,SD,Y
S-01,Drug,Overall Response by Investigator,OVRINV,Investigator,WEEK 8,2024-02-27,PR,Y
S-01,Drug,Overall Response by Investigator,OVRINV,Investigator,WEEK 16,2024-04-23,PR,Y
S-01,Drug,Overall Response by Investigator,OVRINV,Investigator,WEEK 24,2024-06-18,PD,Y
S-02,Drug,Overall Response by Investigator,OVRINV,Investigator,WEEK 8,2024-02-28,SD,Y
S-02,Drug,Overall Response by Investigator,OVRINV,Investigator,WEEK 16,2024-04-24,ND,Y
S-03,Placebo,Overall Response by Investigator,OVRINV,Investigator,WEEK 8,2024-03-01,PD,Y
S-01,Drug,Overall Response by BICR,OVRBICR,Blinded review,WEEK 8,2024-02-27,SD,Y
S-01,Drug,Overall Response by BICR,OVRBICR,Blinded review,WEEK 16,2024-04-23,PD,Y
S-01,Drug,Best Confirmed Overall Response by Investigator,CBOR,Investigator,,2024-02-27,PR,Y
S-02,Drug,Best Confirmed Overall Response by Investigator,CBOR,Investigator,,2024-02-28,SD,Y
S-03,Placebo,Best Confirmed Overall Response by Investigator,CBOR,Investigator,,2024-03-01,PD,Y
S-04,Placebo,Best Confirmed Overall Response by Investigator,CBOR,Investigator,,,MISSING,Y
S-09,,Best Confirmed Overall Response by Investigator,CBOR,Investigator,,,MISSING,Y
S-01,Drug,Best Overall Response (confirmation not required),BOR,Investigator,,2024-02-27,CR,Y
S-01,Drug,Best Overall Response of CR/PR by Investigator,BCP,Investigator,,2024-02-27,Y,Y
S-01,Drug,Best Confirmed Overall Response by BICR,CBORBICR,Blinded review,,2024-02-27,SD,Y
"""
ADTTE = """\
USUBJID,PARAM,PARAMCD,AVAL,AVALU,STARTDT,ADT,CNSR,EVNTDESC,CNSDTDSC
S-01,Progression Free Survival,PFS,169,DAYS,2024-01-02,2024-06-18,0,Disease Progression,
S-02,Progression Free Survival,PFS,57,DAYS,2024-01-03,2024-02-28,1,,Last assessment
S-03,Progression Free Survival,PFS,57,DAYS,2024-01-05,2024-03-01,0,Disease Progression,
S-01,Overall Survival,OS,8.0,MONTHS,2024-01-02,2024-09-01,0,Death,
S-02,Overall Survival,OS,9,MONTHS,2024-01-03,2024-10-01,2,,Alive
S-03,Overall Survival,OS,9.5,MONTHS,2024-01-05,2024-10-02,1,,Alive
S-01,Duration of Confirmed Response,CRSD,16,WEEKS,2024-02-27,2024-06-18,0,Disease Progression,
S-01,Total Number of Exacerbations,TNE,3,COUNT,,,0,,
"""
ADAE = """\
STUDYID,USUBJID,ARM,AEDECOD,AEBODSYS,AETOXGR,AESER,AREL,AEACN,ASTDT,AENDT,TRTEMFL,ADTHAUT
S,S-01,Drug,Rash,Skin,3,Y,PROBABLE,DRUG WITHDRAWN,2024-02-01,2024-02-09,Y,
S,S-01,Drug,Nausea,Gut,1,N,REMOTE,DOSE NOT CHANGED,2024-03-01,,Y,
S,S-02,Drug,Cough,Chest,2,N,NONE,DOSE NOT CHANGED,2023-12-01,,,
"""
ADQS = """\
USUBJID,PARCAT1,PARCAT2,PARAM,PARAMCD,AVAL,ADT
S-01,EORTC QLQ-C30,Symptom Scales,EORTC QLQ-C30: Fatigue,QS028FA,33.3,2024-01-02
S-01,EORTC QLQ-C30,Original Items,EORTC QLQ-C30: Tired,QS02818,2,2024-01-02
S-01,EORTC QLQ-C30,Symptom Scales,EORTC QLQ-C30: Pain,QS028PA,,2024-01-02
S-01,EORTC QLQ-C30,Symptom Scales,EORTC QLQ-C30: Pain,QS028PA,50,
"""
ALL = {"adsl": ADSL, "adrs": ADRS, "adtte": ADTTE, "adae": ADAE}


@pytest.fixture
def folder(tmp_path):
    """Write data sets as CSV: text by name, and cohort.yaml where given."""

    def write(settings=None, **datasets):
        for name, text in (datasets or ALL).items():
            (tmp_path / f"{name}.csv").write_text(text)
        if settings is not None:
            (tmp_path / "cohort.yaml").write_text(settings)
        return tmp_path

    return write


def rules(cohort: Cohort) -> set[str]:
    return {query.rule for query in cohort.queries}


def test_patients_are_those_of_adsl_with_the_endpoints_beside_them(folder):
    read = read_cohort(folder())
    patients = read.patients.set_index("patient_id")
    assert list(patients.index) == ["S-01", "S-02", "S-03", "S-04"]
    assert patients["treatment_start"]["S-01"] == pd.Timestamp("2024-01-02")
    assert patients["best_response"].tolist() == ["PR", "SD", "PD", "NE"]
    assert patients["pfs_days"].tolist()[:3] == [168, 56, 56]
    assert patients["pfs_event"].tolist()[:3] == [1, 0, 1]
    assert patients["os_days"]["S-01"] == pytest.approx(8 * 30.4375)
    assert patients["os_event"].tolist()[:3] == [1, 0, 0]
    assert patients["dor_days"]["S-01"] == 112
    assert read.heading("patients", "pfs_days") == "PFS (days)"


def test_screen_failures_are_counted_apart(folder):
    read = read_cohort(folder())
    assert [each.patient for each in read.screen_failures] == ["S-09"]
    (query,) = [each for each in read.queries if each.rule == "screen-failures"]
    assert query.message == "1 patient is a screen failure or never assigned to treatment"
    assert "counted in no denominator" in query.consequence
    # S-04 was randomised but never treated: enrolled.
    assert "S-04" in read.patients["patient_id"].tolist()


def test_records_of_screen_failures_go_with_them(folder):
    events = ADAE + "S,S-09,,Fall,Injury,1,N,NONE,,2024-01-01,,Y,\n"
    read = read_cohort(folder(**ALL | {"adae": events}))
    assert len(read.adverse_events) == 2
    (query,) = [each for each in read.queries if each.rule == "screen-failures"]
    assert "with 1 record of them" in query.consequence


def test_a_screen_failure_who_was_treated_stays(folder):
    row = "S,S-10,49,M,Screen Failure,Screen Failure,,2024-02-01,,,,\n"
    read = read_cohort(folder(adsl=ADSL + row))
    assert "S-10" in read.patients["patient_id"].tolist()
    (query,) = [each for each in read.queries if each.rule == "screen-failure-treated"]
    assert (query.severity, query.patient, query.row) == ("error", "S-10", 7)


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("ARMCD", "SCRNFAIL"), ("ARMCD", "Scrnfail"), ("ARMNRS", "SCREEN FAILURE"),
        ("ACTARMCD", "NOTASSGN"), ("ARM", "Not Assigned"),
    ],
)  # fmt: skip
def test_what_cdisc_calls_a_screen_failure(folder, column, code):
    adsl = f"STUDYID,USUBJID,TRTSDT,{column}\nS,S-01,2024-01-01,A\nS,S-02,,{code}\n"
    assert [each.patient for each in read_cohort(folder(adsl=adsl)).screen_failures] == ["S-02"]


def test_the_screen_failure_of_any_patients_table(tmp_path):
    table = "patient_id,treatment_start,arm\nP1,2024-01-01,A\nP2,,Screen failure\n"
    (tmp_path / "patients.csv").write_text(table)
    assert [each.patient for each in read_cohort(tmp_path / "patients.csv").screen_failures] == [
        "P2"
    ]


def test_cells_are_still_named_rightly_after_patients_were_left_out(folder):
    first = "S,S-00,49,M,Screen Failure,Screen Failure,,,,,,\n"
    adsl = ADSL.replace("S,S-01", first + "S,S-01", 1).replace("2024-06-30", "2024-09-30")
    read = read_cohort(folder(adsl=adsl))
    (query,) = [each for each in read.queries if each.rule == "treatment-end-after-death"]
    assert (query.row, query.value, query.column) == (3, "2024-09-30", "TRTEDT")


def test_visits_are_the_records_of_an_overall_response(folder):
    read = read_cohort(folder())
    visits = read.assessments[["patient_id", "response", "assessor", "row"]]
    assert visits.to_numpy().tolist() == [
        ["S-01", "PR", "investigator", 3],
        ["S-01", "PR", "investigator", 4],
        ["S-01", "PD", "investigator", 5],
        ["S-02", "SD", "investigator", 6],
        ["S-03", "PD", "investigator", 8],
        ["S-01", "SD", "central", 9],
        ["S-01", "PD", "central", 10],
    ]
    found = {query.rule: query.message for query in read.queries}
    assert found["response-at-baseline"] == ("1 record has a response at screening or baseline")
    assert found["visit-without-response"] == "1 record of an overall response has no value"


def test_the_assessor_decides_which_best_response_is_given(folder):
    place = folder()
    assert read_cohort(place).patients["best_response"][0] == "PR"
    central = read_cohort(place, {"derivation": {"assessor": "central"}})
    assert central.patients["best_response"][0] == "SD"
    changed = with_settings(read_cohort(place), {"derivation": {"assessor": "central"}})
    assert changed.patients["best_response"][0] == "SD"


def test_without_confirmation_the_unconfirmed_best_response_is_given(folder):
    read = read_cohort(folder(), {"derivation": {"confirmation": False}})
    assert read.patients["best_response"][0] == "CR"
    assert read.heading("patients", "best_response") == "BOR"


def test_a_wrong_code_is_named_where_it_stands(folder):
    wrong = ADRS.replace("CBOR,Investigator,,2024-02-28,SD", "CBOR,Investigator,,2024-02-28,??")
    with pytest.raises(InputError) as raised:
        read_cohort(folder(**ALL | {"adrs": wrong}))
    (problem,) = raised.value.problems
    assert (problem.file, problem.row, problem.column) == ("adrs.csv", 12, "AVALC")


def test_a_value_of_another_data_set_is_traced_to_it(folder):
    given = {name: ALL[name] for name in ("adsl", "adtte")}
    evaluation = evaluate(read_cohort(folder(adrs=ADRS.split("S-01")[0] + _BEST, **given)))
    places = {
        path: [
            (each.patient, source.file, source.row, source.column)
            for each in trace(evaluation, path).patients
            for source in each.sources
        ]
        for path in ("endpoints.orr", "endpoints.pfs")
    }
    assert places["endpoints.orr"] == [
        ("S-01", "adrs.csv", 2, "AVALC"),
        ("S-02", "adrs.csv", 3, "AVALC"),
    ]
    assert places["endpoints.pfs"] == [
        ("S-01", "adtte.csv", 2, "AVAL"),
        ("S-02", "adtte.csv", 3, "AVAL"),
        ("S-03", "adtte.csv", 4, "AVAL"),
    ]


_BEST = """\
S-01,Drug,Best Confirmed Overall Response by Investigator,CBOR,Investigator,,2024-02-27,PR,Y
S-02,Drug,Best Confirmed Overall Response by Investigator,CBOR,Investigator,,2024-02-28,SD,Y
"""


def test_the_exported_data_sets_carry_the_study_of_adsl(folder):
    read = read_cohort(folder())
    patients = derive(read)
    for exported in (adrs(patients, read), adtte(patients, read)):
        assert exported["STUDYID"].unique().tolist() == ["S"]


def test_the_other_best_response_is_better_than_none(folder):
    adrs = "\n".join(line for line in ADRS.splitlines() if "CBOR" not in line)
    read = read_cohort(folder(**ALL | {"adrs": adrs}))
    assert read.heading("patients", "best_response") == "BOR"
    assert "best-response-other-rule" in rules(read)


def test_a_first_day_that_counts_as_day_one_is_taken_off(folder):
    read = read_cohort(folder())
    told = [each.message for each in read.queries if each.rule == "first-day-counted"]
    assert told == ["PFS counts the first day as day 1"]


@pytest.mark.parametrize(
    ("old", "new", "column", "value"),
    [
        ("S-01,Overall Survival,OS,8.0", "S-01,Overall Survival,OS,eight", "AVAL", "eight"),
        ("OS,8.0,MONTHS", "OS,8.0,FORTNIGHTS", "AVALU", "FORTNIGHTS"),
        ("2024-09-01,0,Death", "2024-09-01,dead,Death", "CNSR", "dead"),
    ],
)
def test_a_time_that_cannot_be_read_is_a_problem(folder, old, new, column, value):
    with pytest.raises(InputError) as raised:
        read_cohort(folder(**ALL | {"adtte": ADTTE.replace(old, new)}))
    (problem,) = raised.value.problems
    assert (problem.file, problem.row, problem.column) == ("adtte.csv", 5, column)
    assert (problem.patient, problem.value) == ("S-01", value)


def test_a_patient_whom_adsl_does_not_have_is_a_problem(folder):
    with pytest.raises(InputError) as raised:
        read_cohort(folder(**ALL | {"adtte": ADTTE.replace("S-03", "S-33")}))
    assert {(each.file, each.patient) for each in raised.value.problems} == {("adtte.csv", "S-33")}


def test_several_records_of_a_patient_are_told(folder):
    again = "S-01,Progression Free Survival,PFS,99,DAYS,,,0,,\n"
    read = read_cohort(folder(**ALL | {"adtte": ADTTE + again}))
    (query,) = [each for each in read.queries if each.rule == "several-records"]
    assert query.message == "PFS: 4 records of 3 patients"
    assert read.patients["pfs_days"][0] == 168


def test_times_from_randomisation_are_told(folder):
    adtte = ADTTE.replace("168,DAYS,2024-01-02", "168,DAYS,2024-01-01")
    adtte = adtte.replace("S-01,Progression Free Survival,PFS,169,DAYS,2024-01-02",
                          "S-01,Progression Free Survival,PFS,170,DAYS,2024-01-01")  # fmt: skip
    read = read_cohort(folder(**ALL | {"adtte": adtte}))
    (query,) = [each for each in read.queries if each.rule == "time-from-another-day"]
    assert query.message.startswith("the times of 1 patient are counted from another day")


def test_adverse_events_are_those_that_came_with_treatment(folder):
    read = read_cohort(folder())
    events = read.adverse_events
    assert events["term"].tolist() == ["Rash", "Nausea"]
    assert events["grade"].tolist() == [3, 1]
    assert events["related"].tolist() == [1, 0]
    assert events["serious"].tolist() == [1, 0]
    assert events["action_taken"].tolist() == ["drug withdrawn", "dose not changed"]
    (query,) = [each for each in read.queries if each.rule == "event-not-treatment-emergent"]
    assert query.message.startswith("1 event is not flagged")


def test_severity_is_not_taken_for_a_grade(folder):
    read = read_cohort(folder(**ALL | {"adae": ADAE.replace("AETOXGR", "AESEV")}))
    assert read.adverse_events["grade"].isna().all()
    assert "severity-without-grade" in rules(read)


def test_scales_of_questionnaires(folder):
    read = read_cohort(folder(**ALL | {"adqlqc": ADQS}))
    scores = read.quality_of_life[["instrument", "scale", "score"]]
    assert scores.to_numpy().tolist() == [["EORTC QLQ-C30", "Fatigue", 33.3]]
    assert "score-without-date" in rules(read)


def test_the_planned_arm_counts_and_the_difference_is_told(folder):
    read = read_cohort(folder())
    assert read.patients["arm"].tolist() == ["Drug", "Drug", "Placebo", "Placebo"]
    (query,) = [each for each in read.queries if each.rule == "arm-not-as-planned"]
    assert query.patient == "S-02"
    treated = with_settings(read, {"columns": {"patients": {"arm": "ACTARM"}}})
    assert treated.patients["arm"].tolist() == ["Drug", "Placebo", "Placebo", "Placebo"]


def test_randomised_arms_are_recognised_where_nobody_says(folder):
    place = folder()
    assert read_cohort(place).settings.cohort.design == "randomised"
    assert read_cohort(place).settings.cohort.title == place.name
    told = {"cohort": {"design": "single-arm"}}
    assert read_cohort(place, told).settings.cohort.design == "single-arm"


@pytest.mark.parametrize("data", ["", "data:\n", "data: {adam: .}\n"])
def test_settings_beside_the_data_sets_need_not_name_them(folder, data):
    text = f"cohort: {{title: Mine, data_cutoff: 2024-08-31}}\n{data}"
    read = read_cohort(folder(text))
    assert read.settings.cohort.title == "Mine"
    assert len(read.patients) == 4
    assert read.sources[0].table == "settings"
    assert "death-after-cutoff" in rules(read)


def test_the_data_sets_may_be_in_another_folder(folder, tmp_path_factory):
    place = folder()
    study = tmp_path_factory.mktemp("study")
    (study / "qol.csv").write_text(
        "patient_id,date,instrument,scale,score\nS-01,2024-01-02,EQ-5D,VAS,70\n"
    )
    place.rename(study / "adam")
    (study / "cohort.yaml").write_text(
        "cohort: {title: x}\ndata: {adam: adam, quality_of_life: qol.csv}\n"
    )
    read = read_cohort(study)
    assert [each.name for each in read.sources] == [
        "cohort.yaml", "qol.csv", "adam/adsl.csv", "adam/adrs.csv", "adam/adtte.csv",
        "adam/adae.csv",
    ]  # fmt: skip
    assert read.quality_of_life["scale"].tolist() == ["VAS"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("{adam: ., patients: adsl.csv}", "the patients come from one place: adam or patients"),
        ("{adam: ., sdtm: .}", "the patients come from one place: adam or sdtm"),
        ("{adam: nowhere}", "there is no such folder"),
        ("{assessments: adrs.csv}", "the key 'patients' is missing"),
    ],
)
def test_data_that_do_not_say_who_the_patients_are(folder, data, message):
    with pytest.raises(InputError, match=message):
        read_cohort(folder(f"cohort: {{title: x}}\ndata: {data}\n"))


def frames():
    return {name: pd.read_csv(io.StringIO(text)) for name, text in ALL.items()}


def written_as(folder: Path, suffix: str) -> Path:
    """The data sets written as files of one kind, dates as that kind has them."""
    folder.mkdir()
    for name, frame in frames().items():
        file = folder / f"{name.upper()}{suffix}"
        if suffix == ".csv.gz":
            frame.to_csv(file, index=False)
            continue
        for column in [each for each in frame if each.endswith("DT")]:
            frame[column] = pd.to_datetime(frame[column]).dt.date
        if suffix == ".parquet":
            frame.rename(columns=str.lower).to_parquet(file)
        else:
            texts = frame.select_dtypes(["object", "string"]).columns
            dates = [each for each in texts if each.endswith("DT")]
            frame[texts.difference(dates)] = frame[texts.difference(dates)].fillna("")
            pyreadstat.write_xport(frame, file, file_format_version=5)
    return folder


@pytest.mark.parametrize("suffix", [".xpt", ".parquet", ".csv.gz"])
def test_however_the_data_sets_are_kept_it_is_the_same_cohort(folder, tmp_path, suffix):
    as_text = read_cohort(folder())
    other = read_cohort(written_as(tmp_path / "other", suffix))
    for table in ("patients", "assessments", "adverse_events"):
        ours = as_text.table(table)
        columns = [name for name in ours if name == name.lower()]
        pd.testing.assert_frame_equal(ours[columns], other.table(table)[columns])
    assert [q.message for q in as_text.queries] == [q.message for q in other.queries]
    assert as_text.screen_failures == other.screen_failures


def test_the_same_data_set_twice_is_read_once(folder, tmp_path):
    place = folder()
    written_as(tmp_path / "other", ".xpt")
    (tmp_path / "other" / "ADSL.xpt").rename(place / "adsl.xpt")
    read = read_cohort(place)
    assert read.sources[0].name == "adsl.xpt"
    assert ("file-not-read", "adsl.csv") in {(q.rule, q.file) for q in read.queries}
    changed = with_settings(read, {"derivation": {"confirmation": False}})
    assert "file-not-read" in rules(changed)


def test_two_data_sets_of_one_kind_ask_for_a_choice(folder):
    with pytest.raises(InputError) as raised:
        read_cohort(folder(adsl=ADSL, adrs_onco=ADRS, adrs_imwg=ADRS))
    (problem,) = raised.value.problems
    assert problem.message == (
        "several files could be the data set ADRS: adrs_imwg.csv, adrs_onco.csv"
    )


def test_data_sets_named_one_by_one(folder):
    place = folder("cohort: {title: x}\ndata: {patients: adsl.csv, assessments: adrs.csv}\n")
    read = read_cohort(place)
    assert len(read.assessments) == 7
    assert read.patients["best_response"][0] == "PR"


def test_data_frames_of_cdisc():
    made = frames()
    read = Cohort.from_frames(
        patients=made["adsl"], assessments=made["adrs"], adverse_events=made["adae"], title="x"
    )
    assert len(read.patients) == 4
    assert read.assessments["assessor"].unique().tolist() == ["investigator", "central"]


DEATHS = ADTTE.replace("2024-10-01,2,,Alive", "{date},0,Death,")


def test_a_death_that_only_adtte_dates_is_a_death(folder):
    read = read_cohort(folder(**ALL | {"adtte": DEATHS.format(date="2024-10-15")}))
    (query,) = [each for each in read.queries if each.rule == "death-only-in-adtte"]
    assert (query.severity, query.patient, query.row) == ("error", "S-02", 3)
    assert query.consequence == "the date of ADTTE is used"
    assert read.patients["death_date"][1] == pd.Timestamp("2024-10-15")


def test_a_death_before_a_day_on_which_the_patient_was_alive_is_none(folder):
    read = read_cohort(folder(**ALL | {"adtte": DEATHS.format(date="2024-08-15")}))
    (query,) = [each for each in read.queries if each.rule == "death-only-in-adtte"]
    assert query.message.endswith("with death on 2024-08-15; the patient was alive on 2024-10-01")
    assert pd.isna(read.patients["death_date"][1])
    assert pd.isna(read.patients["os_event"][1])


@pytest.mark.parametrize(
    "records",
    [
        {"adae": ADAE + "S,S-02,Drug,Cough,Chest,2,N,NONE,DOSE NOT CHANGED,2024-10-20,,,\n"},
        {"adqs": ADQS + "S-02,EORTC QLQ-C30,Symptom Scales,Fatigue,QS028FA,50,2024-10-20\n"},
    ],
    ids=["adverse event", "questionnaire"],
)
def test_every_dated_record_proves_a_patient_alive(folder, records):
    read = read_cohort(folder(**ALL | {"adtte": DEATHS.format(date="2024-10-15")} | records))
    (query,) = [each for each in read.queries if each.rule == "death-only-in-adtte"]
    assert query.message.endswith("with death on 2024-10-15; the patient was alive on 2024-10-20")
    assert pd.isna(read.patients["death_date"][1])


def test_without_dates_of_visits_the_study_day_counts(folder):
    adrs = ADRS.replace(",ADT,", ",ADY,")
    for date, day in {"2023-12-20": -13, "2024-02-27": 57, "2024-04-23": 113, "2024-06-18": 169,
                      "2024-02-28": 57, "2024-04-24": 113, "2024-03-01": 57}.items():  # fmt: skip
        adrs = adrs.replace(date, str(day))
    read = read_cohort(folder(adsl=ADSL, adrs=adrs))
    assert read.assessments["day"].tolist()[:4] == [56, 112, 168, 56]


class TestEndpointsAsGiven:
    SETTINGS = {"derivation": {"endpoints": "as-given"}}  # noqa: RUF012

    def test_what_they_would_be_derived_from_is_left_out(self, folder):
        read = read_cohort(folder(), self.SETTINGS)
        assert read.assessments.empty
        assert not read.given["assessments"]
        assert not read.has("patients", "death_date")
        (query,) = [each for each in read.queries if each.rule == "assessments-not-used"]
        assert query.message.endswith("7 assessments are there too")

    def test_they_come_back_with_the_setting(self, folder):
        given = read_cohort(folder(), self.SETTINGS)
        derived = with_settings(given, {"derivation": {"endpoints": "derived"}})
        assert len(derived.assessments) == 7
        assert derived.queries == read_cohort(folder()).queries

    def test_an_assessor_may_be_named_all_the_same(self, folder):
        settings = {"derivation": {"endpoints": "as-given", "assessor": "central"}}
        read = read_cohort(folder(), settings)
        assert read.patients["best_response"][0] == "SD"
        assert with_settings(read, {"estimation": {"ci": "plain"}}).assessments.empty

    def test_there_must_be_some(self, folder):
        with pytest.raises(InputError, match="there are no endpoints to take as given"):
            read_cohort(folder(adsl=ADSL), self.SETTINGS)

    def test_times_given_reach_to_the_latest_of_them(self, folder):
        late = ADTTE.replace("OS,9.5,MONTHS", "OS,95,MONTHS")
        read = read_cohort(folder(**ALL | {"adtte": late}), self.SETTINGS)
        assert read.data_cutoff.year == 2031

    def test_any_cohort_can_ask_for_it(self):
        read = Cohort.from_frames(
            patients=pd.DataFrame(
                {"patient_id": ["P1"], "treatment_start": ["2024-01-01"], "best_response": ["PR"]}
            ),
            assessments=pd.DataFrame({"patient_id": ["P1"], "day": [57], "response": ["SD"]}),
            derivation={"endpoints": "as-given"},
        )
        assert read.assessments.empty
        assert read.patients["best_response"].tolist() == ["PR"]


class TestTheExample:
    def test_three_arms_of_400_patients(self):
        read = read_cohort(EXAMPLE)
        arms = read.patients["arm"].value_counts().to_dict()
        assert arms == {"A: Drug X": 134, "B: Placebo": 134, "C: Combination": 132}
        assert len(read.assessments) == 1600
        assert set(read.assessments["assessor"]) == {"investigator"}
        assert len(read.adverse_events) == 1934
        assert read.patients["os_event"].notna().sum() == 258
        assert read.screen_failures == ()

    def test_endpoints_as_given(self):
        read = read_cohort(EXAMPLE, TestEndpointsAsGiven.SETTINGS)
        counts = read.patients["best_response"].value_counts().to_dict()
        assert counts == {"CR": 336, "PR": 55, "SD": 9}
        assert read.patients[["pfs_event", "os_event"]].sum().tolist() == [258, 185]
