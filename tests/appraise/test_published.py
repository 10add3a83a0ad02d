"""A table of published studies: reading, judging, and figures that cannot be right."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dossier.appraise.published import score, score_studies
from dossier.errors import InputError

FORM_3 = "esmo-mcbs-1.1-form-3"
STUDIES = Path(__file__).parents[2] / "examples" / "published-studies" / "studies.csv"


def only(row, criteria=FORM_3):
    (entry,) = score([{"study": "s"} | row], criteria)
    return entry


def test_an_entry_has_the_keys_of_the_contract():
    entry = only({"orr": 0.41, "dor_median_months": 9.7})
    assert set(entry) >= {
        "study", "id", "verdict", "grade", "preliminary_grade", "missing", "rules",
    }  # fmt: skip
    assert (entry["study"], entry["id"], entry["verdict"]) == ("s", FORM_3, "met")
    assert (entry["grade"], entry["preliminary_grade"], entry["missing"]) == (3, 3, [])


def test_columns_name_what_is_missing():
    assert only({"orr": 0.3})["missing"] == ["pfs_median_months", "dor_median_months"]
    assert only({})["missing"] == ["pfs_median_months", "orr", "dor_median_months"]


@pytest.mark.parametrize("empty", ["", "  ", None, float("nan"), "NA", pd.NA, "unknown"])
def test_an_empty_cell_is_unknown(empty):
    assert only({"orr": empty, "pfs_median_months": 1})["missing"] == ["orr", "dor_median_months"]


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ({"pfs_median_months": "NR"}, "not_assessable"),
        ({"pfs_median_months": "not reached", "pfs_median_ci_lower_months": 6}, "met"),
        ({"pfs_median_months": "NR", "pfs_median_ci_lower_months": 5.9}, "not_assessable"),
        ({"pfs_median_months": "NR", "follow_up_median_months": 6.1}, "met"),
        ({"pfs_median_months": "NR", "follow_up_median_months": 5}, "not_assessable"),
        # follow-up counts from the start of treatment, duration of response from the response
        (
            {"orr": 0.3, "dor_median_months": "NR", "follow_up_median_months": 30},
            "not_assessable",
        ),
        ({"orr": 0.3, "dor_median_months": "NR", "dor_median_ci_lower_months": 9}, "met"),
    ],
)
def test_a_median_that_was_not_reached(row, verdict):
    assert only(row)["verdict"] == verdict


def test_responders_give_the_rate_and_no_rounding_moves_it():
    assert only({"n": 20, "responders": 12})["grade"] == 3
    # 59.5% was printed as 60%
    entry = only(
        {"n": 42, "responders": 25, "orr": 0.60, "pfs_median_months": 1, "dor_median_months": 1}
    )
    assert entry["grade"] == 2
    assert only({"orr": "60%"})["grade"] == 3
    assert only({"orr": "0,6"})["grade"] == 3


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"orr": 0.5, "orr_ci_lower": 0.6, "orr_ci_upper": 0.7}, "do not hold the estimate"),
        ({"orr": 0.5, "orr_ci_upper": 0.4}, "do not hold the estimate (? to 0.4)"),
        ({"n": 20, "responders": 21}, "more responders than patients"),
        ({"n": 20, "responders": 12, "orr": 0.5}, "does not fit the responders"),
        ({"os_hr": 0.5, "os_hr_ci_lower": 0.6}, "do not hold the estimate"),
        (
            {"dor_median_months": 9, "dor_median_ci_lower_months": 10},
            "do not hold the estimate",
        ),
        ({"orr_ci_lower": 0.6, "orr_ci_upper": 0.5}, "above the upper one"),
    ],
)
def test_an_impossible_row_is_judged_with_a_warning(row, words):
    (study,) = score_studies([{"study": "s"} | row], FORM_3)
    assert words in str(study.problems[0])
    assert study.problems[0].row == 2
    assert words in study.to_dict()["warnings"][0]["en"]
    assert study.verdict.verdict.value in ("met", "not_met", "not_assessable")


def test_every_cell_that_cannot_be_read_is_reported_together():
    rows = [
        {"study": "a", "orr": 41, "design": "cohort", "pfs_median_months": "six"},
        {"study": "", "qol_improved": "perhaps", "setting": "cure", "n": 2.5},
    ]
    with pytest.raises(InputError) as caught:
        score(rows, FORM_3)
    columns = {(problem.row, problem.column) for problem in caught.value.problems}
    assert columns >= {
        (2, "orr"), (2, "design"), (2, "pfs_median_months"),
        (3, "study"), (3, "qol_improved"), (3, "setting"), (3, "n"),
    }  # fmt: skip


def test_a_misspelt_column_is_refused_and_a_column_of_ones_own_is_not():
    with pytest.raises(InputError, match="did you mean dor_median_months"):
        only({"dor_median_month": 9})
    assert only({"orr": 0.7, "source": "a paper", "our_opinion": "good"})["grade"] == 3


@pytest.mark.parametrize(
    "text",
    [
        "study,orr,dor_median_months\nA,0.41,9.7\n",
        "study;orr;dor_median_months\r\nA;0,41;9,7\r\n",
        "\ufeffstudy\torr\tdor_median_months\nA\t0.41\t9.7\n\n",
        '# \nstudy,orr,dor_median_months\n"A",0.41,9.7\n'[3:],
    ],
)
def test_tables_are_read_as_they_come(tmp_path, text):
    path = tmp_path / "studies.csv"
    path.write_text(text, encoding="utf-8", newline="")
    (entry,) = score(path, FORM_3)
    assert (entry["study"], entry["grade"]) == ("A", 3)


def test_windows_text_and_data_frames(tmp_path):
    path = tmp_path / "studies.csv"
    path.write_bytes("study,orr\nCafé,0.7\n".encode("windows-1252"))
    assert score(path, FORM_3)[0]["study"] == "Café"
    frame = pd.DataFrame({"study": ["A", "B"], "orr": [0.7, None], "n": [20, 30]})
    assert [entry["grade"] for entry in score(frame, FORM_3)] == [3, None]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "does not exist"),
        ("", "empty"),
        ("orr\n0.4\n", "column study is missing"),
        ("study,orr,orr\nA,1,1\n", "stands twice"),
        ("study,orr\nA,0.4,9\n", "3 cells"),
    ],
)
def test_a_table_that_cannot_be_used(tmp_path, content, words):
    path = tmp_path / "studies.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=words):
        score(path, FORM_3)


def test_several_criteria_and_overrides():
    entries = score([{"study": "s", "orr": 0.25}], [FORM_3, "durable-benefit"])
    assert [entry["id"] for entry in entries] == [FORM_3, "durable-benefit"]
    (entry,) = score([{"study": "s", "orr": 0.5}], FORM_3, overrides=["orr_60=50%"])
    assert entry["grade"] == 3
    assert entry["overrides"] == ["orr_60=50%"]


def test_the_published_examples_come_out_as_their_readme_says():
    def grades(criterion):
        return {
            entry["study"]: entry["preliminary_grade"]
            for entry in score(STUDIES, criterion)
            if entry["verdict"] != "not_applicable"
        }

    assert set(grades(FORM_3).values()) == {3}
    assert grades("esmo-mcbs-1.1-form-1") == {"KATHERINE": "A"}
    form_2a = grades("esmo-mcbs-1.1-form-2a")
    assert {name: form_2a[name] for name in ("EV-301", "DESTINY-Breast04", "ASCENT")} == {
        "EV-301": 4, "DESTINY-Breast04": 4, "ASCENT": 4,
    }  # fmt: skip
    assert (form_2a["EMILIA"], form_2a["TROPiCS-02"], form_2a["ABC-06, mFOLFOX"]) == (2, 4, 1)
    verdicts = {e["study"]: e["verdict"] for e in score(STUDIES, "paskwil-palliative-2024")}
    assert verdicts["KEYNOTE-590, CPS 10 or more"] == "met"
    assert verdicts["ABC-06, mFOLFOX"] == "not_met"
    assert verdicts["Selpercatinib, RET medullary thyroid cancer"] == "not_assessable"


@pytest.mark.parametrize("value", ["1e99999999", "9" * 5000, "inf", "-3", "1/0", "0x10", "٣"])
def test_a_cell_made_to_do_harm_is_not_a_number(value):
    with pytest.raises(InputError):
        only({"pfs_median_months": value})
