"""The committed examples, and both commands as their users see them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from dossier.cli import group
from dossier.cohort.read import read_cohort
from dossier.scenarios.what_if import what_if

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SUMMIT = EXAMPLES / "summit-biliary"
SIMULATED = EXAMPLES / "simulated-drup"


def run(*arguments):
    """The exit status of a problem is made by `main`; here the problem itself comes out."""
    return CliRunner().invoke(group, [*map(str, arguments)])


def rows(matrix):
    return {row.scenario.id: row for row in matrix.rows}


@pytest.fixture(scope="module")
def summit():
    return what_if(read_cohort(SUMMIT), SUMMIT / "scenarios.yaml")


@pytest.fixture(scope="module")
def simulated():
    return what_if(read_cohort(SIMULATED), SIMULATED / "scenarios.yaml")


class TestSummit:
    def test_the_patients_without_a_response_decide(self, summit):
        found = rows(summit.matrix)
        assert (found["base"].figures["orr"].events, found["base"].figures["orr"].n) == (4, 25)
        best, left_out = found["best-case"], found["unknown-left-out"]
        assert (best.figures["orr"].events, best.figures["orr"].n) == (10, 25)
        assert (left_out.figures["orr"].events, left_out.figures["orr"].n) == (4, 19)
        assert best.flipped == ("durable-benefit",)
        assert len({c.patient for c in summit.matrix.changes_of(left_out)}) == 6

    def test_one_more_response_reaches_20_per_cent(self, summit):
        more = next(e for e in summit.tipping if (e.endpoint, e.lever) == ("orr", "more"))
        assert (more.criterion, more.changes) == ("durable-benefit", 1)

    def test_the_threshold_flips_at_four_of_25(self, summit):
        (sweep,) = summit.sweeps
        assert [flip.at for flip in sweep.flips] == [16.0]

    def test_the_number_of_scenarios_is_stated(self, summit):
        assert summit.to_dict()["scenarios_run"] == 5 + 25


class TestSimulated:
    def test_every_scenario_has_numbers_or_a_reason(self, simulated):
        for row in simulated.matrix.rows:
            assert (row.reason is None) == bool(row.figures)

    def test_what_has_no_data_says_so(self, simulated):
        found = rows(simulated.matrix)
        assert "schedule" in found["pfs-fda"].reason
        assert found["assessments-every-8-weeks"].reason is None

    def test_the_second_reading_is_a_row_of_its_own(self, simulated):
        found = rows(simulated.matrix)
        assert found["assessor-central"].reason is None
        assert found["assessor-central"].figures
        assert found["assessor-central"].figures != found["base"].figures

    def test_rare_cancers_alone_do_not_meet_it(self, simulated):
        row = rows(simulated.matrix)["rare-cancers"]
        durable = row.judged[0]
        assert durable.changed
        assert ("pfs", "met", "not_met") in durable.rules_changed
        assert "pfs" in durable.deciding

    def test_every_shipped_criterion_is_compared(self, simulated):
        verdicts = {each.verdict.id: each.verdict.verdict.value for each in simulated.compared}
        assert verdicts["drup-clinical-benefit"] == "met"
        assert verdicts["esmo-mcbs-1.1-form-1"] == "not_applicable"


class TestWhatIfCommand:
    def test_table(self):
        done = run("what-if", SUMMIT, SUMMIT / "scenarios.yaml", "--no-color")
        assert done.exit_code == 0, done.output
        assert "30 scenarios run" in done.output
        assert "leave one" in done.output

    def test_files_and_csv(self, tmp_path):
        done = run(
            "what-if", SUMMIT, SUMMIT / "scenarios.yaml", "-o", tmp_path, "--format", "csv", "-q"
        )
        assert sorted(p.name for p in tmp_path.iterdir()) == ["what-if.csv", "what-if.json"]
        assert (tmp_path / "what-if.csv").read_text() == done.output
        lines = list(csv.DictReader(io.StringIO(done.output)))
        assert {line["scenario"] for line in lines} >= {"base", "best-case", "without-patient-7"}
        written = json.loads((tmp_path / "what-if.json").read_text())
        assert written["schema"] == "dossier.what-if/1"

    def test_json_and_sweep_without_a_file(self):
        done = run("what-if", SUMMIT, "--sweep", "durable-benefit.response=5..40%",
                   "--format", "json")  # fmt: skip
        found = json.loads(done.output)
        assert found["scenarios_run"] == 0
        assert found["sweeps"][0]["flips"][0]["at"] == 16.0

    def test_wrong_scenarios_write_nothing(self, tmp_path):
        file = tmp_path / "s.yaml"
        file.write_text("scenarios:\n  - {id: a, reason: r, populatio: treated}\n")
        done = run("what-if", SUMMIT, file, "-o", tmp_path / "out")
        assert "did you mean 'population'" in str(done.exception)
        assert not (tmp_path / "out").exists()


class TestDiffCommand:
    def test_the_same_has_no_difference(self):
        done = run("diff", SUMMIT, SUMMIT)
        assert (done.exit_code, done.output) == (0, "No difference.\n")

    def test_a_changed_response_is_found(self, tmp_path):
        shutil.copytree(SUMMIT, tmp_path / "new")
        file = tmp_path / "new" / "data_clinical_patient.txt"
        text = file.read_text()
        assert "\tSD\t" in text or "\tSD" in text
        file.write_text(text.replace("\tSD", "\tPR", 1))
        done = run("diff", SUMMIT, tmp_path / "new", "--format", "json")
        assert done.exit_code == 1
        found = json.loads(done.output)
        (record,) = found["records"]
        assert (record["column"], record["old"], record["new"]) == ("best_response", "SD", "PR")
        assert record["patient"] in {each["patient"] for each in found["patients"]}
        assert any(
            each["path"] == "criteria.durable-benefit.verdict" for each in found["differences"]
        )

    def test_two_dossiers(self, tmp_path):
        for name, more in (("one", []), ("two", ["--set", "durable-benefit.response=10%"])):
            done = run("build", SUMMIT, "-o", tmp_path / name, "--format", "json", *more)
            assert done.exit_code == 0, done.output
        same = run("diff", tmp_path / "one", tmp_path / "one" / "results.json")
        assert same.exit_code == 0
        done = run("diff", tmp_path / "one", tmp_path / "two", "--no-color")
        assert done.exit_code == 1
        assert done.output.startswith("Verdicts")
        against_cohort = run("diff", tmp_path / "one", SUMMIT)
        assert against_cohort.exit_code == 0, against_cohort.output

    def test_something_else_is_refused(self, tmp_path):
        (tmp_path / "results.json").write_text("[]")
        done = run("diff", tmp_path, SUMMIT)
        assert "no results.json of a dossier" in str(done.exception)
