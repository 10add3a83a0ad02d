"""The sensitivity analyses of a dossier: its numbers are the base case, and print is as stated."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dossier.building import render, results_of
from dossier.cohort.model import Cohort
from dossier.cohort.read import read_cohort
from dossier.compose.document import Figure, Number, Table, plain_text
from dossier.compose.dossier import compose
from dossier.compose.reading import document_text, numbers_in
from dossier.errors import InputError
from dossier.evaluation import evaluate
from dossier.result_paths import find, leaves
from dossier.scenarios.what_if import sensitivity, what_if
from dossier.trace import trace

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SUMMIT, SIMULATED = EXAMPLES / "summit-biliary", EXAMPLES / "simulated-drup"


def study(folder, **dossier):
    """The simulated study with other keys in its `dossier` section."""
    place = folder / "study"
    shutil.copytree(SIMULATED, place)
    lines = "".join(f"  {key}: {value}\n" for key, value in dossier.items())
    file = place / "cohort.yaml"
    file.write_text(file.read_text().replace("\ndossier:\n", f"\ndossier:\n{lines}"))
    return place


@pytest.fixture(scope="module")
def evaluated():
    return evaluate(read_cohort(SIMULATED))


@pytest.fixture(scope="module")
def found(evaluated):
    return results_of(evaluated)


def rows(document, anchor):
    (table,) = [b for b in document.blocks if isinstance(b, Table) and b.anchor == anchor]
    return table.rows


class TestTheBaseCase:
    def test_is_the_dossier(self, found):
        results, _ = found
        base = results["scenarios"]["scenarios"][0]
        for name in ("orr", "cbr_16w", "cbr_24w"):
            assert base["endpoints"][name]["estimate"] == results["endpoints"][name]["estimate"]
        for name in ("pfs", "os"):
            median = results["endpoints"][name]["median"]["months"]
            assert base["endpoints"][f"{name}.median"]["estimate"] == median
        assert [c["verdict"] for c in base["criteria"]] == [
            c["verdict"] for c in results["criteria"]
        ]

    def test_is_judged_as_the_dossier_was_asked_to(self):
        cohort = read_cohort(SIMULATED)
        asked = evaluate(cohort, ["durable-benefit"], overrides=["durable-benefit.pfs=9 months"])
        tested = sensitivity(asked)
        assert [each.criterion for each in tested.matrix.base.judged] == ["durable-benefit"]
        assert tested.matrix.base.judged[0].verdict is asked.verdicts[0].verdict
        assert str(asked.verdicts[0].verdict) == "not_met"

    def test_scenarios_are_those_of_what_if(self, evaluated, found):
        alone = what_if(evaluated.cohort, {"include": "standard-sensitivity"}).matrix
        here = {row.scenario.id: row for row in found[1].matrix.rows}
        shared = [row for row in alone.rows if row.scenario.id in here]
        assert len(shared) > 40
        for row in shared:
            ours = here[row.scenario.id]
            assert (ours.figures, ours.flipped, ours.reason) == (
                row.figures, row.flipped, row.reason,
            )  # fmt: skip
            assert ours.patients_changed == row.patients_changed, row.scenario.id
            if row.flipped:
                assert found[1].matrix.changes_of(ours) == alone.changes_of(row)


class TestInPrint:
    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_every_number_stands_in_the_results(self, evaluated, found, language):
        results, tested = found
        document = compose(evaluated, language=language, what_if=tested)
        places = [n for n in numbers_in(document) if n.path.startswith("scenarios.")]
        assert len(places) > 150
        for number in places:
            assert find(results, number.path) is not None, number

    def test_the_matrix_is_that_of_the_results(self, evaluated, found):
        results, tested = found
        document = compose(evaluated, what_if=tested)
        printed = 0
        for row in rows(document, "table_sensitivity"):
            for cell in row[1:]:
                for run in () if cell is None else cell.children:
                    if not isinstance(run, Number) or ".scenarios." not in run.path:
                        continue
                    value = find(results, run.path)[1]
                    share = "median" not in run.path
                    text = run.text.strip("()%").replace("−", "-")
                    assert abs(float(text) - value * (100 if share else 1)) < 0.0501, run
                    printed += 1
        assert printed > 80

    def test_every_scenario_has_a_row_or_a_reason(self, evaluated, found):
        _, tested = found
        document = compose(evaluated, what_if=tested)
        text = "\n".join(
            plain_text(cell.children)
            for row in rows(document, "table_sensitivity")
            for cell in row
            if cell is not None
        )
        from dossier.compose.pack import open_pack

        say = open_pack("standard", "en").say
        for row in tested.matrix.rows[1:]:
            if row.scenario.left_out is None:
                assert say.reason(row.scenario.reason).lower() in text.lower()

    def test_scenarios_that_change_nothing_share_a_row(self, evaluated, found):
        document = compose(evaluated, what_if=found[1])
        printed = [
            [plain_text(cell.children) for cell in row if cell is not None]
            for row in rows(document, "table_sensitivity")
        ]
        heading = printed.index(["The same results as in the base case"])
        assert "stable disease from 5 weeks" in printed[heading + 1][0].lower()
        alone = [row[0] for row in printed[1:heading]]
        assert "Responses count without confirmation" in alone
        assert "Stable disease from 5 weeks" not in alone
        verdicts = [
            plain_text(row[0].children) for row in rows(document, "table_sensitivity_verdicts")
        ]
        assert any(
            "other scenarios, none prespecified, give the verdicts of the base case" in row
            for row in verdicts
        )

    def test_a_changed_verdict_names_its_rules_and_patients(self, evaluated, found):
        document = compose(evaluated, what_if=found[1])
        changes = rows(document, "table_sensitivity_changes")
        assert len(changes) == sum(len(row.flipped) for row in found[1].matrix.flipping) > 0
        text = " ".join(plain_text(cell.children) for cell in changes[0])
        assert "Median progression-free survival ≥\u00a06\u00a0months: met → not met" in text
        assert "Counted in times: 42 patients fewer" in text

    def test_the_tornado_says_what_it_found(self, evaluated, found):
        document = compose(evaluated, what_if=found[1])
        figures = {b.anchor: b.scene for b in document.blocks if isinstance(b, Figure)}
        scene = figures["figure_tornado_pfs_median"]
        assert "base case 7.2\u00a0months" in scene.alt
        assert "the other side of the threshold" in scene.alt
        widths = [row[3] - row[2] for row in scene.data_rows]
        assert widths == sorted(widths, reverse=True)
        assert len(scene.data_rows) > 3

    def test_numbers_are_stated_in_words(self, evaluated, found):
        text = document_text(compose(evaluated, what_if=found[1])).replace("\u00a0", " ")
        assert re.search(r"Beside it stand 46 scenarios", text)
        assert "The verdict of a criterion changes in 1 of the scenarios" in text

    def test_without_scenarios_the_section_says_so(self, evaluated):
        assert "No sensitivity analyses were made" in document_text(compose(evaluated))


class TestSettings:
    def test_switched_off(self, tmp_path):
        made = render(evaluate(read_cohort(study(tmp_path, sensitivity="none"))), ("json",))
        assert "scenarios" not in json.loads(made["results.json"])

    def test_a_file_of_its_own(self, tmp_path):
        place = study(tmp_path, scenarios="own.yaml")
        (place / "own.yaml").write_text(
            "scenarios:\n  - {id: rare, reason: rare only, prespecified: yes,"
            " population: {rare_cancer: yes}}\n"
        )
        results, _ = results_of(evaluate(read_cohort(place)))
        told = results["scenarios"]
        assert [each["id"] for each in told["scenarios"]] == ["base", "rare"]
        assert (told["prespecified"], told["post_hoc"]) == (1, 0)
        assert told["scenarios_file"]["name"] == "own.yaml"
        assert len(told["scenarios_file"]["sha256"]) == 64

    def test_a_wrong_file_is_told_with_its_line(self, tmp_path):
        place = study(tmp_path, scenarios="own.yaml")
        (place / "own.yaml").write_text("scenarios:\n  - {id: a, reason: r, populatio: treated}\n")
        with pytest.raises(InputError, match=r"own\.yaml:2.*did you mean 'population'"):
            results_of(evaluate(read_cohort(place)))

    def test_another_base_case_is_refused(self, tmp_path):
        place = study(tmp_path, scenarios="own.yaml")
        (place / "own.yaml").write_text("base: {population: treated}\n")
        with pytest.raises(InputError, match="the base case of a dossier is the dossier itself"):
            results_of(evaluate(read_cohort(place)))

    def test_many_values_are_not_left_out_one_by_one(self, tmp_path):
        place = study(tmp_path, leave_one_out_up_to=2)
        tested = sensitivity(evaluate(read_cohort(place)))
        told = {row.scenario.id: row.reason for row in tested.matrix.rows}
        assert "60 values, more than 2" in told["without-each-patient"]
        assert "without-biomarker-EXMP mutation" in told


class TestTraces:
    def test_every_kind_of_number_is_known(self, evaluated, found):
        scenarios = found[0]["scenarios"]
        kinds = {}
        for path, value in leaves(scenarios, "scenarios"):
            kinds.setdefault(re.sub(r"\.\d+\.", ".#.", path), (path, value))
        assert len(kinds) > 100
        for path, value in list(kinds.values())[::3]:
            traced = trace(evaluated, path, scenarios=scenarios)
            assert traced.value == value
            assert traced.meaning

    def test_a_changed_verdict_leads_to_its_patients(self, evaluated, found):
        scenarios = found[0]["scenarios"]
        place = next(n for n, each in enumerate(scenarios["scenarios"])
                     if each.get("verdict_changes"))  # fmt: skip
        path = f"scenarios.scenarios.{place}.endpoints.pfs.median.estimate"
        traced = trace(evaluated, path, scenarios=scenarios)
        assert traced.follows == ("endpoints.pfs.median.months",)
        assert {each.patient for each in traced.patients} >= {"SIM-001"}


def test_nobody_treated_has_no_scenarios():
    made = evaluate(read_cohort(SUMMIT))
    nobody = replace(made.results, populations={**made.results.populations, "treated": 0})
    assert sensitivity(replace(made, results=nobody)) is None


def test_a_criterion_on_the_pfs_ratio_is_judged_in_scenarios_as_in_the_dossier():
    patients = pd.DataFrame({
        "patient_id": [f"P{i}" for i in range(20)], "treatment_start": "2023-01-02",
        "best_response": "PR", "pfs_days": 400, "pfs_event": [0, 1] * 10, "prior_pfs_days": 100,
    })  # fmt: skip
    cohort = Cohort.from_frames(patients=patients, title="Test")
    made = evaluate(cohort, criteria=["pfs-ratio"], overrides=["pfs-ratio.share=15%"])
    assert made.verdicts[0].verdict == "met"
    told = sensitivity(made, lambda _: None)
    judged = [each.verdict for row in told.matrix.rows for each in row.judged]
    assert len(judged) > 5
    assert set(judged) == {"met"}
