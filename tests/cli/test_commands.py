"""The command line as its users see it: what is printed where, exit status, files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dossier.cli import group, main

ROOT = Path(__file__).resolve().parents[2]
SUMMIT = ROOT / "examples" / "summit-biliary"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, as on a terminal without colours."""
    return subprocess.run(
        [sys.executable, "-c", "from dossier.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "160"},
    )


@pytest.fixture
def study(tmp_path):
    shutil.copytree(SUMMIT, tmp_path / "study")
    return tmp_path / "study"


class TestHelp:
    def test_help_lists_the_commands_and_loads_nothing_heavy(self):
        probe = (
            "import sys; from dossier.cli import main\n"
            "try: main()\n"
            "except SystemExit: pass\n"
            "print(sorted({'pandas', 'numpy', 'pydantic', 'reportlab', 'docx'} & set(sys.modules)))"
        )
        done = subprocess.run(
            [sys.executable, "-c", probe, "--help"], capture_output=True, text=True, check=True
        )
        for command in ("init", "check", "evaluate", "build"):
            assert f"\n  {command} " in done.stdout
        assert done.stdout.rstrip().endswith("[]")

    @pytest.mark.parametrize("command", ["init", "check", "evaluate", "build"])
    def test_every_command_explains_itself(self, command):
        result = CliRunner().invoke(group, [command, "--help"])
        assert result.exit_code == 0
        assert "Usage:" in result.output

    def test_an_unknown_command_names_the_nearest(self):
        result = CliRunner().invoke(group, ["biuld"])
        assert result.exit_code == 2
        assert "Did you mean 'build'?" in result.output


class TestInit:
    def test_the_starter_study_builds_unchanged(self, tmp_path):
        assert run("init", tmp_path / "my").returncode == 0
        done = run("build", tmp_path / "my", "-o", tmp_path / "out")
        assert done.returncode == 0, done.stderr
        assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
            "dossier.docx",
            "dossier.pdf",
            "results.json",
        ]

    def test_nothing_is_overwritten(self, tmp_path):
        run("init", tmp_path)
        before = (tmp_path / "cohort.yaml").read_text()
        done = run("init", tmp_path)
        assert done.returncode == 3
        assert "cohort.yaml" in done.stderr
        assert (tmp_path / "cohort.yaml").read_text() == before


class TestCheck:
    def test_queries_go_to_standard_output(self):
        done = run("check", ROOT / "examples" / "simulated-drup", "--format", "json")
        queries = json.loads(done.stdout)
        assert done.returncode == 0
        assert {"assessment-after-death", "partial-date"} <= {q["rule"] for q in queries}
        assert all({"id", "severity", "message", "consequence"} <= q.keys() for q in queries)

    def test_every_problem_is_told_at_once_with_its_place(self, study):
        table = study / "data_clinical_patient.txt"
        text = table.read_text().replace("\tSD\t", "\tSDD\t", 1).replace("1.64", "soon")
        table.write_text(text)
        done = run("check", study)
        assert done.returncode == 3
        assert done.stdout == ""
        lines = done.stderr.splitlines()
        assert any("data_clinical_patient.txt:6" in x and "'soon'" in x for x in lines)
        assert any("data_clinical_patient.txt:7" in x and "'SDD'" in x for x in lines)

    @pytest.mark.parametrize("command", ["check", "evaluate"])
    def test_a_misspelt_fact_names_the_nearest(self, command, study):
        settings = study / "cohort.yaml"
        settings.write_text(settings.read_text() + "\ndeclared: {qol_imroved: yes}\n")
        done = run(command, study)
        assert (done.returncode, done.stdout) == (3, "")
        assert "declared.qol_imroved" in done.stderr
        assert "did you mean 'qol_improved'" in done.stderr

    def test_queries_as_csv_start_no_formula(self, tmp_path):
        (tmp_path / "p.csv").write_text(
            'patient_id,treatment_start,death_date\n"=1+1",2023-01-01,2022-12-01\n'
        )
        done = run("check", tmp_path / "p.csv", "--format", "csv")
        assert "'=1+1" in done.stdout
        assert ",=1+1" not in done.stdout


class TestEvaluate:
    def test_a_table_that_says_why(self):
        done = run("evaluate", SUMMIT)
        assert done.returncode == 0
        assert "16.0% (4/25)" in done.stdout
        assert "95% CI 4.5–36.1" in done.stdout
        assert "not known for 21 of 25 patients" in done.stdout
        assert "not assessable" in done.stdout.lower()

    def test_what_the_study_recorded_is_not_called_confirmed(self):
        lines = run("evaluate", SUMMIT).stdout.splitlines()
        assert any("Objective response rate (as recorded)" in line for line in lines)
        assert not [line for line in lines if "(confirmed)" in line or " 0/0 " in line]

    def test_json_by_the_contract(self):
        result = json.loads(run("evaluate", SUMMIT, "--format", "json").stdout)
        assert result["schema"] == "dossier.results/1"
        assert result["endpoints"]["orr"]["events"] == 4
        assert [c["id"] for c in result["criteria"]] == [
            "durable-benefit",
            "esmo-mcbs-1.1-form-3",
            "drup-clinical-benefit",
        ]

    def test_csv_has_a_line_for_every_number(self):
        lines = run("evaluate", SUMMIT, "--format", "csv").stdout.splitlines()
        assert "endpoints.orr.events,4" in lines

    def test_one_criterion_with_another_threshold(self):
        done = run(
            "evaluate", SUMMIT, "-c", "durable-benefit",
            "--set", "durable-benefit.response=10%", "--format", "json",
        )  # fmt: skip
        (criterion,) = json.loads(done.stdout)["criteria"]
        rule = next(rule for rule in criterion["rules"] if rule["id"] == "response")
        assert rule["verdict"] == "met"
        assert rule["threshold"] == 0.1

    def test_a_demanded_criterion_that_is_not_met_is_status_1(self):
        done = run("evaluate", SUMMIT, "--require", "esmo-mcbs-1.1-form-3")
        assert done.returncode == 1
        assert "esmo-mcbs-1.1-form-3" in done.stderr

    def test_an_unknown_criterion_is_a_wrong_command_line(self):
        done = run("evaluate", SUMMIT, "-c", "durable-benifit")
        assert done.returncode == 2
        assert "durable-benefit" in done.stderr


class TestBuild:
    def test_a_failed_run_leaves_the_previous_dossier(self, study, tmp_path):
        out = tmp_path / "out"
        assert run("build", study, "-o", out).returncode == 0
        before = {p.name: p.read_bytes() for p in out.iterdir()}
        settings = study / "cohort.yaml"
        settings.write_text(settings.read_text().replace("SEX", "GENDER"))
        done = run("build", study, "-o", out)
        assert done.returncode == 3
        assert "GENDER" in done.stderr
        assert "Traceback" not in done.stderr
        assert {p.name: p.read_bytes() for p in out.iterdir()} == before

    def test_a_character_nobody_can_draw_is_named(self, study, tmp_path):
        settings = study / "cohort.yaml"
        settings.write_text(settings.read_text().replace("title: Neratinib", "title: 患 Neratinib"))
        done = run("build", study, "-o", tmp_path / "out")
        assert done.returncode == 3
        assert "U+60A3" in done.stderr
        assert not (tmp_path / "out").exists()

    def test_only_what_was_asked_for(self, tmp_path):
        done = run("build", SUMMIT, "-o", tmp_path, "--format", "json")
        assert done.returncode == 0
        assert [p.name for p in tmp_path.iterdir()] == ["results.json"]

    @pytest.mark.parametrize(
        "arguments",
        [["--format", "odt"], ["--nonsense"], ["--set"]],
    )
    def test_a_wrong_command_line_is_status_2(self, arguments, tmp_path):
        done = run("build", SUMMIT, "-o", tmp_path / "out", *arguments)
        assert done.returncode == 2
        assert not (tmp_path / "out").exists()

    def test_a_language_without_translation_says_so(self, tmp_path):
        done = run("build", SUMMIT, "-o", tmp_path / "out", "--lang", "fr")
        assert done.returncode in (2, 3)
        assert "en" in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_cohort_that_is_not_there(self, tmp_path):
        done = run("build", tmp_path / "nowhere")
        assert done.returncode == 3
        assert "nowhere" in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_folder_that_cannot_be_written(self, tmp_path):
        (tmp_path / "out").write_text("a file")
        done = run("build", SUMMIT, "-o", tmp_path / "out" / "deeper")
        assert done.returncode in (2, 3)
        assert "Traceback" not in done.stderr


def test_main_is_the_entry_point(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["dossier", "--version"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("dossier")


def test_a_criteria_file_is_found_from_where_cohort_yaml_stands(study):
    assert run("criteria", "new", study / "mine.yaml").returncode == 0
    settings = study / "cohort.yaml"
    settings.write_text(settings.read_text().replace("criteria: [", "criteria: [mine.yaml, "))
    done = run("evaluate", study, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert "mine" in [criterion["id"] for criterion in json.loads(done.stdout)["criteria"]]
