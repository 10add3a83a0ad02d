"""What a reader sees of a study with several randomised arms."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from dossier.cohort.model import Cohort
from dossier.cohort.read import read_cohort
from dossier.compose.document import Document, Figure, Table, plain_text
from dossier.compose.dossier import compose
from dossier.compose.reading import document_text
from dossier.evaluation import Evaluation, evaluate
from dossier.locations import shipped

EXAMPLE = shipped("templates").parent / "examples" / "adam-three-arms"
JUDGED = "C: Combination"


@cache
def made(judged: str | None) -> Evaluation:
    cohort = read_cohort(EXAMPLE, {"cohort": {"judged_arm": judged}})
    return evaluate(cohort, criteria=["durable-benefit", "esmo-mcbs-1.1-form-3"])


@cache
def composed(judged: str | None, language: str = "en") -> Document:
    return compose(made(judged), language=language)


def text_of(judged: str | None, language: str = "en") -> str:
    return document_text(composed(judged, language)).replace("\u00a0", " ")


def table_of(judged: str | None, anchor: str) -> list[list[str]]:
    blocks = composed(judged).blocks
    table = next(b for b in blocks if isinstance(b, Table) and b.anchor == anchor)
    return [[plain_text(c.children).replace("\u00a0", " ") for c in row if c] for row in table.rows]


def test_the_estimand_names_the_arms_and_the_contrast() -> None:
    text = text_of(None)
    assert "A: Drug X and C: Combination, each against B: Placebo, as assigned by" in text
    assert "Hazard ratio of each arm against B: Placebo (Cox)" in text
    assert "no contrast with another treatment" not in text


def test_what_is_missing_is_the_choice_of_an_arm_and_not_a_response_rate() -> None:
    text = text_of(None)
    assert "Missing: which of the arms is to be judged (setting cohort.judged_arm)" in text
    assert "Missing: objective response rate" not in text
    dutch = text_of(None, "nl")
    assert "welke van de armen wordt beoordeeld (instelling cohort.judged_arm)" in dutch


def test_the_chosen_arm_is_judged_with_its_own_counts() -> None:
    response = next(row for row in table_of(JUDGED, "table_verdicts") if "response" in row[0])
    arm = made(JUDGED).results.arms[JUDGED].proportions["orr"]
    assert f"{arm.events}/{arm.n}" in response[2]
    assert arm.n == 132


@pytest.mark.parametrize("judged", [None, JUDGED])
def test_published_rates_stand_beside_the_rate_of_an_arm_not_of_all_together(
    judged: str | None,
) -> None:
    rows = [row for row in table_of(judged, "table_programmes") if "This study" in row[0]]
    arms = made(judged).results.arms
    shown = list(arms) if judged is None else [judged]
    assert len(rows) == len(shown)
    for row, arm in zip(rows, shown, strict=True):
        rate = arms[arm].proportions["orr"]
        assert f"arm {arm}" in row[0]
        assert f"({rate.events}/{rate.n})" in row[2]


def test_fatal_events_and_deaths_are_told_apart() -> None:
    deaths = made(None).results.safety.deaths
    assert deaths is not None
    assert (
        f"deaths from any cause are recorded in {deaths.deaths}. Of {deaths.fatal_without_death} "
        "of the 221 no death is recorded" in text_of(None)
    )


def test_deaths_that_other_records_deny_are_a_limitation() -> None:
    denied = [
        query
        for query in made(JUDGED).queries
        if query.rule == "death-only-in-adtte" and "the patient was alive on" in query.message
    ]
    assert denied
    assert f"end with the death of {len(denied)} patients who, by other records" in text_of(JUDGED)
    assert f"eindigen bij {len(denied)} patiënten met overlijden" in text_of(JUDGED, "nl")


def test_endpoints_that_the_study_gives_otherwise_are_a_limitation() -> None:
    queries = made(JUDGED).queries
    patients = {q.patient for q in queries if q.rule == "derived-differs-from-given"}
    assert patients
    assert f"For {len(patients)} of 400 treated patients the study gave" in text_of(JUDGED)
    assert f"Bij {len(patients)} van 400 behandelde patiënten gaf" in text_of(JUDGED, "nl")


def test_the_tables_of_verdicts_name_the_arm_that_is_judged() -> None:
    for language, words in (("en", "Judged: arm"), ("nl", "Beoordeeld: arm")):
        # Below the table of all criteria and below that of each.
        assert text_of(JUDGED, language).count(f"{words} {JUDGED}.") >= 2
        assert words not in text_of(None, language)


def test_the_queries_listed_add_up_to_all_of_them() -> None:
    rows = table_of(None, "table_query_listing")
    many = [int(match[1]) for row in rows if (match := re.match(r"(\d+) queries", row[0]))]
    single = [row for row in rows if re.fullmatch(r"Q\d+", row[0])]
    total = len(made(None).queries)
    assert sum(many) + len(single) == total
    assert len(rows) < 40
    *kinds, last = table_of(None, "table_query_summary")
    assert sum(int(row[2]) for row in kinds) == int(last[2]) == total


def test_recorded_terms_are_printed_in_the_language_of_the_document() -> None:
    dutch = text_of(None, "nl")
    for term in ("PROTOCOL VIOLATION", "LACK OF EFFICACY", "DISEASE PROGRESSION", "SUICIDE"):
        assert term not in dutch
    assert "Schending van het protocol" in dutch
    assert "zoals gecodeerd in de gegevens, niet vertaald" in dutch


def test_who_completed_treatment_is_not_said_to_have_stopped_without_a_reason() -> None:
    rows = {row[0]: row[1:] for row in table_of(None, "table_disposition")}
    assert [int(shown.split()[0]) for shown in rows["Completed"]] == [68, 66, 73]
    assert "Ended, reason not given" not in rows


def test_a_single_arm_design_has_no_arm_to_choose(tmp_path: Path) -> None:
    from dossier.errors import InputError

    with pytest.raises(InputError, match="an arm is judged where the design is 'randomised'"):
        read_cohort(EXAMPLE, {"cohort": {"design": "single-arm", "judged_arm": JUDGED}})


@pytest.mark.parametrize(
    ("anchor", "of_all"),
    [
        ("table_disposition", "disposition"),
        ("table_best_response", "endpoints.best_response.counts"),
        ("table_censoring", ""),
        ("table_deaths", ""),
    ],
)
def test_an_arm_a_column_and_no_column_of_all_together(anchor: str, of_all: str) -> None:
    blocks = composed(None).blocks
    table = next(b for b in blocks if isinstance(b, Table) and b.anchor == anchor)
    heads = [plain_text(c.children).replace("\u00a0", " ") for c in table.header[0] if c]
    assert heads[1:] == [
        "A: Drug X, n = 134",
        "B: Placebo, n = 134",
        "C: Combination, n = 132",
    ]
    assert "by treatment arm" in plain_text(table.caption)


def test_the_arms_of_a_table_add_up_to_all_patients() -> None:
    evaluated = made(None)
    rows = {row[0]: row[1:] for row in table_of(None, "table_disposition")}
    ongoing = rows["On treatment at the data cut-off"]
    assert (
        sum(int(shown.split()[0]) for shown in ongoing)
        == (evaluated.results.disposition["ongoing"])
    )
    died = next(row for row in table_of(None, "table_deaths") if row[0].startswith("Died"))
    deaths = evaluated.results.safety.deaths
    assert deaths is not None
    assert sum(int(shown.split()[0]) for shown in died[1:]) == deaths.deaths


def test_the_text_states_hazard_ratios_and_no_rate_of_all_arms_together() -> None:
    text = text_of(None)
    everybody = made(None).results.proportions["orr"]
    assert "In C: Combination against B: Placebo the hazard ratio for progression or death" in text
    assert f"({everybody.events}/{everybody.n})" not in text


def test_the_summary_states_the_contrast_of_the_arm_that_is_judged() -> None:
    lead = text_of(JUDGED).partition("Request.")[0]
    assert "In C: Combination against B: Placebo" in lead
    assert "In A: Drug X against" not in lead
    assert "In A: Drug X against" in text_of(None).partition("Request.")[0]


def test_a_criterion_made_for_other_studies_has_no_empty_table() -> None:
    captions = [plain_text(b.caption) for b in composed(JUDGED).blocks if isinstance(b, Table)]
    rules = [caption for caption in captions if caption.endswith("every rule")]
    assert [caption.partition(",")[0] for caption in rules] == ["Durable clinical benefit"]


def test_a_reference_that_nobody_declared_is_said_to_be_the_first_in_the_alphabet() -> None:
    cohort = read_cohort(EXAMPLE, {"cohort": {"reference_arm": None, "judged_arm": None}})
    found = document_text(compose(evaluate(cohort, criteria=[])))
    assert "A: Drug X is the first in alphabetical order" in found
    assert "in alphabetical order" not in text_of(None)


def test_events_without_grades_are_not_said_to_be_none_of_grade_3() -> None:
    cohort = read_cohort(EXAMPLE)
    events = cohort.adverse_events.assign(grade=float("nan"))
    given = {**cohort.given, "adverse_events": cohort.given["adverse_events"] - {"grade"}}
    document = compose(
        evaluate(replace(cohort, adverse_events=events, given=given), criteria=["durable-benefit"])
    )
    table = next(
        b
        for b in document.blocks
        if isinstance(b, Table) and b.anchor == "table_adverse_events_by_arm"
    )
    words = " ".join(plain_text(c.children) for row in table.rows for c in row if c)
    assert "the input has no grades" in words
    assert "; 0" not in words


def test_quality_of_life_is_described_by_arm(tmp_path: Path) -> None:
    cohort = read_cohort(EXAMPLE)
    start = cohort.patients[["patient_id", "treatment_start"]]
    answers = [
        start.assign(date=start["treatment_start"], score=50.0),
        start.assign(
            date=start["treatment_start"] + pd.Timedelta(days=56),
            score=60.0 + 10.0 * (cohort.patients["arm"] == JUDGED),
        ),
    ]
    table = pd.concat(answers).assign(instrument="EORTC QLQ-C30", scale="Pain")
    table["treatment_start"] = table["treatment_start"].dt.strftime("%Y-%m-%d")
    path = tmp_path / "quality_of_life.csv"
    table.assign(date=table["date"].dt.strftime("%Y-%m-%d"))[
        ["patient_id", "date", "instrument", "scale", "score"]
    ].to_csv(path, index=False)
    made = read_cohort(EXAMPLE, {"data": {"adam": str(EXAMPLE), "quality_of_life": str(path)}})
    document = compose(evaluate(made, criteria=[]))
    found = next(
        b for b in document.blocks if isinstance(b, Table) and b.anchor == "table_quality_of_life"
    )
    rows = [[plain_text(c.children) for c in row if c] for row in found.rows]
    week_8 = next(row for row in rows if row[0].strip().startswith("8"))
    assert [cell.partition(" ")[0] for cell in week_8[1:]] == ["+10.0", "+10.0", "+20.0"]
    assert "mean change from baseline, by treatment arm" in plain_text(found.caption)


def test_the_terminal_shows_each_arm_and_the_hazard_ratios(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dossier.cli.tables import print_evaluation

    monkeypatch.setenv("COLUMNS", "120")  # narrower ones break the lines
    print_evaluation(made(JUDGED), no_color=True)
    shown = capsys.readouterr().out
    assert "C: Combination, 132 treated" in shown
    assert "C: Combination against B: Placebo" in shown
    everybody = made(JUDGED).results.proportions["orr"]
    assert f"({everybody.events}/{everybody.n})" not in shown


def arm_document(patients: pd.DataFrame, pack: str = "standard") -> Document:
    cohort = Cohort.from_frames(
        patients=patients, title="T", design="randomised", data_cutoff="2024-06-01"
    )
    return compose(evaluate(cohort, criteria=[]), template=pack)


def arm_tables(patients: pd.DataFrame) -> dict[str, dict[str, list[str]]]:
    """Rows of the tables of a randomised study with arms A and B, by their label."""
    document = arm_document(patients)
    return {
        block.anchor: {
            label: values
            for row in reversed(block.rows)
            if len(row) > 1
            for label, *values in [[plain_text(c.children) for c in row if c]]
        }
        for block in document.blocks
        if isinstance(block, Table)
    }


def two_arms(**columns: list[object]) -> pd.DataFrame:
    """Four patients in arm A and four in arm B, all with a partial response."""
    return pd.DataFrame(
        {
            "patient_id": list("abcdefgh"),
            "arm": ["A"] * 4 + ["B"] * 4,
            "treatment_start": "2023-01-02",
            "best_response": "PR",
        }
        | columns
    )


def test_what_an_arm_does_not_know_is_a_dash_and_not_zero() -> None:
    nothing = [None] * 4
    tables = arm_tables(
        two_arms(
            age=[50, 52, 54, 56, *nothing],
            pfs_days=[100, 200, 300, 400, *nothing],
            pfs_event=[1, 1, 1, 0, *nothing],
            os_days=[500] * 8,
            os_event=[0] * 8,
        )
    )
    baseline = tables["table_baseline"]
    assert baseline["Median (quartiles)"][1] == baseline["Range"][1] == "–"
    assert baseline["Missing"][1].startswith("4")
    # Of all patients too few are known; of arm A enough.
    times = tables["table_times"]
    assert times["Patients analysed"] == ["4", "0"]
    assert times["progression or death, as recorded"][0] == "3"
    assert times["Median"] == ["8.2", "not estimable"]
    assert times["At risk"][1] == "–"


def test_deaths_of_an_arm_are_counted_where_only_the_other_has_unknown_vital_status() -> None:
    cause = "disease progression"
    tables = arm_tables(
        two_arms(
            os_days=[100, 200, 300, 400, 90, None, None, None],
            os_event=[1, 1, 1, 0, 1, None, None, None],
            death_cause=[cause, cause, cause, None, None, None, None, None],
        )
    )
    deaths = tables["table_deaths"]
    assert deaths["Known to have died"][0].startswith("3")
    assert deaths["Known to have died"][1] == "1"
    assert deaths["Disease progression"][0].startswith("3")
    assert deaths["Disease progression"][1] == "0"
    assert deaths["Vital status not known"][0] == "0"
    assert deaths["Vital status not known"][1].startswith("3")


def test_an_endpoint_that_one_arm_lacks_is_told_of_that_arm_and_the_other_by_arm_too() -> None:
    nothing = [None] * 4
    text = document_text(
        arm_document(
            two_arms(
                pfs_days=[100, 200, 300, 400, *nothing],
                pfs_event=[1, 1, 1, 0, *nothing],
                os_days=[100, 200, 300, 400] * 2,
                os_event=[1, 1, 1, 0] * 2,
            )
        )
    ).replace("\u00a0", " ")
    assert "Median progression-free survival: A 8.2 months" in text
    assert "B not estimable (unknown for 4 of 4 patients)" in text
    assert "Median overall survival: A 8.2 months" in text
    assert "Median overall survival was" not in text  # of both arms together
    assert "Progression-free survival, B: not estimable, unknown for 4 of 4 patients." in text
    assert "Progression-free survival: not estimable" not in text


@pytest.mark.parametrize("pack", ["standard", "ciebom", "pharmacist"])
def test_no_curve_of_all_arms_stands_in_for_one_of_too_many_arms(pack: str) -> None:
    patients = two_arms(
        arm=list("ABCDEFGH"), pfs_days=[100] * 8, pfs_event=[1, 0] * 4, os_days=[200] * 8,
        os_event=[1, 0] * 4,
    )  # fmt: skip
    document = arm_document(patients, pack)
    figures = {block.anchor for block in document.blocks if isinstance(block, Figure)}
    assert not {"figure_pfs", "figure_os"} & figures
    assert "8 arms" in document_text(document).replace("\u00a0", " ")
