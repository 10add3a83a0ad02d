"""How the study was conducted, as a reader sees it: screening, deviations, follow-up, dates."""

from pathlib import Path
from typing import Any

import pytest

from dossier.cohort.read import read_cohort
from dossier.compose.document import Document, Figure, Table, plain_text
from dossier.compose.dossier import compose
from dossier.compose.reading import document_text
from dossier.compose.scene import Label
from dossier.evaluation import Evaluation, evaluate
from dossier.result_paths import leaves
from dossier.trace import trace

SCREENED = """\
patient_id,treatment_start,screen_failure_reason
P1,2024-01-01,
P2,,brain metastases
P3,2024-01-08,
"""


def study(folder: Path, *, settings: str = "", **tables: str) -> Evaluation:
    """Evaluate a small study, its tables given as text by name."""
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    data = "".join(f"  {name}: {name}.csv\n" for name in tables)
    text = f"cohort:\n  title: A study\n  data_cutoff: 2024-12-31\ndata:\n{data}{settings}"
    (folder / "cohort.yaml").write_text(text, encoding="utf-8")
    return evaluate(read_cohort(folder), criteria=[])


def rows_of(document: Document, name: str) -> list[tuple[str, ...]]:
    """Rows of a table as text."""
    (table,) = [
        block
        for block in document.blocks
        if isinstance(block, Table) and block.anchor.endswith(name)
    ]
    return [
        tuple(plain_text(cell.children).replace("\u00a0", " ") for cell in row if cell)
        for row in table.rows
    ]


def labels_of(document: Document, name: str) -> str:
    figures = [block for block in document.blocks if isinstance(block, Figure)]
    (figure,) = [figure for figure in figures if figure.anchor.endswith(name)]
    shapes: tuple[Any, ...] = figure.scene.shapes
    return " ".join(shape.text for shape in shapes if isinstance(shape, Label))


@pytest.mark.parametrize(
    ("language", "screened", "lost"),
    [
        ("en", "Screened patients", "Not enrolled"),
        ("nl", "Gescreende patiënten", "Niet geïncludeerd"),
    ],
)
def test_screening_stands_alike_in_flow_and_table(tmp_path, language, screened, lost) -> None:
    document = compose(study(tmp_path, patients=SCREENED), language=language)
    assert rows_of(document, "analysis_sets")[0][:2] == (screened, "3")
    assert ("brain metastases", "1") in [row[:2] for row in rows_of(document, "analysis_sets")]
    figure = labels_of(document, "flow").replace("\u00a0", " ")
    assert f"{screened} (n = 3)" in figure
    assert f"{lost} (n = 1)" in figure
    assert "brain metastases: 1" in figure


def test_without_screen_failures_nothing_is_said_of_screening(tmp_path) -> None:
    text = document_text(
        compose(study(tmp_path, patients=SCREENED.replace("brain metastases", "")))
    )
    assert "creened" not in text


DEVIATIONS = """\
patient_id,category,important
P1,Eligibility,yes
P1,Visit schedule,
P3,Visit schedule,no
"""


def test_protocol_deviations_by_category(tmp_path) -> None:
    tables = {"patients": SCREENED, "protocol_deviations": DEVIATIONS}
    document = compose(study(tmp_path, **tables))
    assert rows_of(document, "protocol_deviations") == [
        ("Any deviation", "2 (100.0%)", "3", "1 (50.0%)"),
        ("Visit schedule", "2 (100.0%)", "2", "0"),
        ("Eligibility", "1 (50.0%)", "1", "1 (50.0%)"),
    ]
    text = document_text(document)
    assert "Of one deviation it is not known whether it is important" in text
    assert "does not say which deviations the sponsor agreed to in advance" in text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Deviations from the protocol and waivers of its entry criteria"),
        ("nl", "Afwijkingen van het protocol en van de inclusiecriteria"),
    ],
)
def test_deviations_that_were_not_supplied_are_named_as_missing(
    tmp_path, language, sentence
) -> None:
    assert sentence in document_text(compose(study(tmp_path, patients=SCREENED), language=language))


PARTIAL = """\
patient_id,treatment_start,death_date,last_known_alive
P1,2024-01-01,2024-05,2024-05-10
P2,2024-01-01,2024-03-31,
P3,2024-01-01,,2024-12-31
"""


def test_endpoints_with_partial_dates_at_their_bounds(tmp_path) -> None:
    found = study(tmp_path, patients=PARTIAL).to_dict()["partial_dates"]
    assert (found["dates"], found["patients"], found["policy"]) == (1, 1, "middle")
    assert found["columns"] == [
        {"table": "patients", "column": "death_date", "dates": 1, "patients": 1}
    ]
    # Death of P1: not before the last contact on day 130, not after the month, day 151.
    days = {case: each["days"] for case, each in found["endpoints"]["os"].items()}
    assert days == {"as_taken": 135.0, "earliest": 130.0, "latest": 151.0}


def test_partial_dates_in_the_document(tmp_path) -> None:
    document = compose(study(tmp_path, patients=PARTIAL))
    rows = {row[0]: row[1:] for row in rows_of(document, "partial_dates")}
    assert rows["Median overall survival"] == ("4.4 months", "4.3 months", "5.0 months")
    assert "One date lacks its day, or its day and month: death_date (patients.csv): 1." in (
        document_text(document)
    )


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Every date in the data is complete"),
        ("nl", "Alle datums in de gegevens zijn volledig"),
    ],
)
def test_complete_dates_are_one_sentence(tmp_path, language, sentence) -> None:
    evaluation = study(tmp_path, patients=SCREENED)
    assert evaluation.to_dict()["partial_dates"] == {
        "dates": 0, "patients": 0, "policy": "middle", "columns": [],
    }  # fmt: skip
    assert sentence in document_text(compose(evaluation, language=language))


FOLLOWED = """\
patient_id,treatment_start,treatment_end,end_of_treatment_reason,death_date,last_known_alive
P1,2024-01-01,2024-04-01,progression,2024-04-10,
P2,2024-01-01,2024-06-01,Lost to follow-up,,2024-06-29
P3,2024-07-04,,,,2024-12-31
"""
SCANS = """\
patient_id,day,response
P1,56,SD
P2,60,SD
P2,150,SD
P3,55,SD
P3,112,PD
"""


def test_how_completely_patients_were_observed(tmp_path) -> None:
    schedule = "derivation: {schedule: 8 weeks, visit_window_days: 7}\n"
    found = study(tmp_path, settings=schedule, patients=FOLLOWED, assessments=SCANS)
    section = found.to_dict()["observation"]
    assert {name: section[name] for name in ("n", "died", "alive", "status_unknown")} == {
        "n": 3, "died": 1, "alive": 2, "status_unknown": 0,
    }  # fmt: skip
    assert section["lost_to_follow_up"] == {"patients": 1}
    assert section["minimum_potential_follow_up"]["days"] == 180
    # P1 100 of 100 days until death, P2 180 of 365, P3 180 of 180.
    complete = section["completeness"]
    assert (complete["observed_days"], complete["potential_days"]) == (460, 645)
    assert complete["estimate"] == pytest.approx(460 / 645)
    # P1: day 56 until death on day 100. P2: 56, 112 ... 336 until the cut-off on day 365, of which
    # one was near enough. P3: 56, and 112 with progression.
    assessments = section["assessments"]
    assert (assessments["done"], assessments["due"]) == (4, 9)


def test_what_is_not_known_of_follow_up_says_why(tmp_path) -> None:
    section = study(tmp_path, patients=SCREENED).to_dict()["observation"]
    assert section["lost_to_follow_up"] == {
        "patients": None, "reason": "no reasons for the end of treatment were given",
    }  # fmt: skip
    assert section["assessments"]["estimate"] is None
    assert section["assessments"]["reason"] == "no schedule of assessments is declared"


@pytest.mark.parametrize(
    "path",
    [
        "observation.alive",
        "observation.died",
        "observation.lost_to_follow_up.patients",
        "observation.n",
        "partial_dates.dates",
        "partial_dates.patients",
        "partial_dates.columns.0.dates",
        "populations.screened",
        "losses.enrolled.brain metastases",
    ],
)
def test_counts_lead_to_rows(tmp_path, path) -> None:
    patients = FOLLOWED.replace("2024-04-10", "2024-04").replace(
        "end_of_treatment_reason,", "end_of_treatment_reason,screen_failure_reason,"
    )
    lines = patients.splitlines()
    rows = [",".join([*cells[:4], "", *cells[4:]]) for cells in (x.split(",") for x in lines[1:])]
    table = "\n".join([lines[0], *rows, "P4,,,,brain metastases,,"]) + "\n"
    evaluation = study(tmp_path, patients=table)
    found = trace(evaluation, path)
    assert found.agrees
    assert found.patients
    assert all(each.sources for each in found.patients)


def test_every_number_of_these_sections_says_where_it_comes_from(tmp_path) -> None:
    evaluation = study(
        tmp_path, patients=PARTIAL, protocol_deviations="patient_id,category\nP1,X\n"
    )
    results = evaluation.to_dict()
    for section in ("partial_dates", "observation", "protocol_deviations"):
        for path, value in leaves(results[section], section):
            found = trace(evaluation, path)
            assert found.value == value
            assert "this version traces no patients" not in found.meaning, path
            assert found.agrees is not False, path


def test_hospitals_are_counted_but_not_named(tmp_path) -> None:
    table = "patient_id,treatment_start,site\nP1,2024-01-01,A\nP2,2024-01-01,B\nP3,2024-01-01,\n"
    evaluation = study(tmp_path, patients=table)
    (site,) = evaluation.to_dict()["baseline"]
    assert site == {"name": "site", "kind": "variety", "n": 2, "missing": 1, "distinct": 2}
    document = compose(evaluation)
    assert rows_of(document, "baseline") == [
        ("Hospital", ""), ("Different hospitals", "2"), ("Missing", "1 (33.3%)"),
    ]  # fmt: skip
    found = trace(evaluation, "baseline.0.distinct")
    assert [each.patient for each in found.patients] == ["P1", "P2"]
