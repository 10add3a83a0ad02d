"""`dossier trace`, `dossier export`, and the further files of `dossier build`."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from dossier.cli import group
from dossier.errors import InputError

SIMULATED = Path(__file__).resolve().parents[2] / "examples" / "simulated-drup"


def run(*arguments: str | Path):
    return CliRunner().invoke(group, [str(each) for each in arguments])


class TestTrace:
    def test_a_table_that_ends_at_the_rows(self):
        done = run("trace", SIMULATED, "endpoints.orr.events")
        assert done.exit_code == 0
        for words in (
            "Value: 18",
            "Population: patients evaluable for response, n = 58",
            "Counted again from the patients: 18, as printed",
            "BOR-PR",
            "carries assessments.csv:3",
            "confirms assessments.csv:4",
        ):
            assert words in done.stdout

    def test_json_of_one_patient(self):
        done = run("trace", SIMULATED, "endpoints.pfs", "--patient", "SIM-001", "--format", "json")
        found = json.loads(done.stdout)
        assert found["traced"] == "endpoints.pfs.median.months"
        assert [each["patient"] for each in found["patients"]] == ["SIM-001"]
        assert found["patients"][0]["sources"] == [
            {"role": "ends", "file": "patients.csv", "row": 2, "column": "Death"}
        ]

    def test_a_number_from_elsewhere_says_so(self):
        done = run("trace", SIMULATED, "criteria.0.rules.0.observed", "--format", "table")
        assert "criteria.0.rules.0.observed follows endpoints.orr.estimate" in done.stdout

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("endpoints.orrr",), "did you mean 'endpoints.orr'?"),
            (("endpoints.orr", "--patient", "SIM-1"), "did you mean 'SIM-"),
            (("losses",), "is a section"),
        ],
    )
    def test_a_wrong_place_is_an_input_error(self, arguments, words):
        done = run("trace", SIMULATED, *arguments)
        assert isinstance(done.exception, InputError)
        assert words in str(done.exception)
        assert done.stdout == ""


class TestExport:
    def test_three_tables(self, tmp_path):
        done = run("export", SIMULATED, "-o", tmp_path / "out")
        assert done.exit_code == 0
        names = [Path(line).name for line in done.stdout.splitlines()]
        assert names == ["patients.csv", "adrs.csv", "adtte.csv"]
        tables = {
            name: list(csv.DictReader(io.StringIO((tmp_path / "out" / name).read_text("utf-8"))))
            for name in names
        }
        assert len(tables["patients.csv"]) == 60
        assert sum(row["responder"] == "Y" for row in tables["patients.csv"]) == 18
        confirmed = [row for row in tables["adrs.csv"] if row["PARAMCD"] == "CRSP"]
        assert sum(row["AVALC"] == "Y" for row in confirmed) == 18
        pfs = [row for row in tables["adtte.csv"] if row["PARAMCD"] == "PFS"]
        assert sum(row["CNSR"] == "0" for row in pfs) == 45

    def test_no_text_starts_a_formula(self, tmp_path):
        table = tmp_path / "p.csv"
        table.write_text('patient_id,treatment_start,death_date\n"=1+1",2023-01-01,2023-02-01\n')
        assert run("export", table, "-o", tmp_path / "out").exit_code == 0
        for path in (tmp_path / "out").iterdir():
            assert "=1+1" in path.read_text()
            assert ",=1+1" not in path.read_text()
            assert "\n=1+1" not in path.read_text()


class TestBuild:
    def test_the_workbook_and_the_figures(self, tmp_path):
        done = run("build", SIMULATED, "-o", tmp_path, "--format", "xlsx", "--figures")
        assert done.exit_code == 0
        written = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())
        assert sorted(str(tmp_path / name) for name in written) == sorted(done.stdout.splitlines())
        assert {"dossier.xlsx", "results.json"} <= set(written)
        figures = [name for name in written if name.startswith("figures/")]
        figures.remove("figures/SHA256SUMS")
        stems = {Path(name).stem for name in figures}
        assert "figure_pfs" in stems
        assert len(figures) == 3 * len(stems)
        for stem in stems:
            assert (tmp_path / f"figures/{stem}.svg").read_bytes().startswith(b"<svg")
            with Image.open(tmp_path / f"figures/{stem}.png") as picture:
                assert picture.width > 500
            rows = (tmp_path / f"figures/{stem}.csv").read_text("utf-8-sig").splitlines()
            assert len(rows) > 1

    def test_a_failed_run_leaves_the_figures(self, tmp_path):
        study = tmp_path / "study"
        shutil.copytree(SIMULATED, study)
        out = tmp_path / "out"
        assert run("build", study, "-o", out, "--format", "json", "--figures").exit_code == 0
        before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        settings = study / "cohort.yaml"
        settings.write_text(settings.read_text().replace("title: Ex", "title: 患 Ex"))
        done = run("build", study, "-o", out, "--format", "json,pdf", "--figures")
        assert isinstance(done.exception, InputError)
        assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
