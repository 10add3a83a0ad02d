"""What-if documents and dossiers of one scenario: print is what is stated, and says what it is."""

from __future__ import annotations

import csv
import json
import re
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner

from dossier.building import render, render_what_if
from dossier.cli import group
from dossier.cohort.read import read_cohort
from dossier.compose.document import Figure, Number, Table
from dossier.compose.dossier import compose
from dossier.compose.reading import document_text, numbers_in
from dossier.errors import InputError
from dossier.evaluation import evaluate
from dossier.result_paths import find
from dossier.scenarios.scenario_dossier import base_evaluation, scenario_evaluation
from dossier.scenarios.what_if import what_if

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SUMMIT, SIMULATED = EXAMPLES / "summit-biliary", EXAMPLES / "simulated-drup"
BANNERS = {"en": "SCENARIOS: not the base case", "nl": "SCENARIO’S: niet het basisscenario"}


@pytest.fixture(scope="module")
def simulated():
    return what_if(read_cohort(SIMULATED), SIMULATED / "scenarios.yaml")


@pytest.fixture(scope="module")
def summit():
    return what_if(read_cohort(SUMMIT), SUMMIT / "scenarios.yaml")


def composed(found, language="en"):
    return compose(
        base_evaluation(found), template="what-if", language=language, what_if=found, what_if_at=""
    )


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [document[n].get_textpage().get_text_range() for n in range(len(document))]


def headers(word: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(word)) as package:
        return [
            re.sub("<[^>]+>", "", package.read(name).decode("utf-8"))
            for name in package.namelist()
            if re.fullmatch(r"word/header\d+\.xml", name)
        ]


class TestTheDocument:
    @pytest.mark.parametrize("language", ["en", "nl"])
    @pytest.mark.parametrize("study", ["simulated", "summit"])
    def test_every_number_of_a_scenario_stands_in_its_file(self, study, language, request):
        found = request.getfixturevalue(study)
        results = found.to_dict()
        own = ("scenarios", "leave_one_out", "sweeps", "tipping_points", "minimum_responders",
               "predictions", "stability")  # fmt: skip
        numbers = [n for n in numbers_in(composed(found, language)) if n.path.startswith(own)]
        assert len(numbers) > 50
        for number in numbers:
            assert find(results, number.path) is not None, number

    def test_the_matrix_is_that_of_the_file(self, simulated):
        results = simulated.to_dict()
        (table,) = [
            block for block in composed(simulated).blocks
            if isinstance(block, Table) and block.anchor == "table_sensitivity"
        ]  # fmt: skip
        printed = 0
        for row in table.rows:
            for cell in row[1:]:
                for run in () if cell is None else cell.children:
                    if isinstance(run, Number) and run.path.startswith("scenarios."):
                        value = find(results, run.path)[1]
                        share = 1 if "median" in run.path else 100
                        text = run.text.strip("()%").replace("−", "-")
                        assert abs(float(text) - value * share) < 0.0501, run
                        printed += 1
        assert printed > 200

    def test_it_has_every_kind_of_analysis(self, simulated):
        anchors = {getattr(block, "anchor", "") for block in composed(simulated).blocks}
        assert {
            f"table_{name}"
            for name in ("scenario_list", "sensitivity", "sensitivity_verdicts",
                         "sensitivity_changes", "sweeps", "tipping_points", "minimum_responders",
                         "predictions", "verdict_stability", "compared_criteria")
        } <= anchors  # fmt: skip
        assert {"figure_tornado_orr", "figure_tornado_pfs_median", "figure_sweep"} <= anchors

    def test_the_number_of_scenarios_is_printed(self, summit):
        assert "30 scenarios were run" in document_text(composed(summit))

    def test_the_sweep_states_its_flip_point(self, summit):
        (figure,) = [
            block for block in composed(summit).blocks
            if isinstance(block, Figure) and block.anchor == "figure_sweep"
        ]  # fmt: skip
        assert "The verdict flips at 16%" in figure.scene.alt
        assert [row[:2] for row in figure.scene.data_rows] == [(5.0, 16.0), (16.0, 40.0)]

    def test_a_draw_is_never_certain(self, simulated):
        certain = {p.rule for p in simulated.predictions
                   if p.probability == 1 and p.method.startswith("resampling")}  # fmt: skip
        assert certain
        (table,) = [
            block for block in composed(simulated).blocks
            if isinstance(block, Table) and block.anchor == "table_predictions"
        ]  # fmt: skip
        texts = [run.text for row in table.rows for run in row[2].children]
        assert "above 99.9%" in texts

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_every_page_says_that_these_are_scenarios(self, summit, language):
        files = render_what_if(summit, ("pdf", "docx"), language=language)
        assert set(files) == {"what-if.json", "what-if.pdf", "what-if.docx"}
        assert len(pages(files["what-if.pdf"])) > 4
        for text in pages(files["what-if.pdf"]):
            assert BANNERS[language] in text
        texts = headers(files["what-if.docx"])
        assert texts
        assert all(BANNERS[language] in text for text in texts)


class TestOneScenario:
    def test_every_page_and_file_says_which(self):
        evaluation, scenario = scenario_evaluation(
            read_cohort(SIMULATED), SIMULATED / "scenarios.yaml", "rare-cancers"
        )
        files = render(evaluation, ("pdf", "docx", "html"), scenario=scenario)
        banner = "SCENARIO rare-cancers: not the base case"
        assert all(banner in text for text in pages(files["dossier.pdf"]))
        assert all(banner in text for text in headers(files["dossier.docx"]))
        assert banner in files["dossier.html"].decode("utf-8")
        results = json.loads(files["results.json"])
        assert results["scenario"]["id"] == "rare-cancers"
        assert "scenarios" not in results
        with pikepdf.open(BytesIO(files["dossier.pdf"])) as pdf:
            assert (
                "rare-cancers" in str(dict(pdf.docinfo)) + pdf.Root.Metadata.read_bytes().decode()
            )
        with zipfile.ZipFile(BytesIO(files["dossier.docx"])) as package:
            custom = package.read("docProps/custom.xml").decode("utf-8")
        assert "rare-cancers" in custom

    @pytest.mark.parametrize(
        "name",
        ["rare-cancers", "cut-off-2024-12", "population-treated", "not-evaluable-excluded",
         "response-unconfirmed", "pfs-five-months", "confirmation=no, population=treated, "
         "not_evaluable=excluded"],
    )  # fmt: skip
    def test_its_numbers_are_those_of_the_matrix(self, simulated, name):
        evaluation, _ = scenario_evaluation(
            read_cohort(SIMULATED), SIMULATED / "scenarios.yaml", name
        )
        row = next(row for row in simulated.matrix.rows if row.scenario.id == name)
        results = evaluation.to_dict()
        for endpoint, figure in row.figures.items():
            found = find(results, figure.path)
            assert found is not None
            assert found[1] == figure.estimate, endpoint
        assert [(v.id, v.verdict, v.grade) for v in evaluation.verdicts] == [
            (each.criterion, each.verdict, each.grade) for each in row.judged
        ]

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            ("rare-cancer", "did you mean 'rare-cancers'"),
            ("not-evaluable-best", "outcomes that are not known are decided"),
            ("pfs-fda", "declare derivation.schedule"),
        ],
    )
    def test_what_cannot_be_written_says_why(self, name, problem):
        with pytest.raises(InputError, match=problem):
            scenario_evaluation(read_cohort(SIMULATED), SIMULATED / "scenarios.yaml", name)


class TestAgainstEditedFiles:
    """Two scenarios computed again from files that somebody edited by hand."""

    def edited(self, folder, keep=lambda row: True, **settings):
        place = folder / "study"
        shutil.copytree(SIMULATED, place)
        file = place / "patients.csv"
        with file.open(encoding="cp1252", newline="") as source:
            rows = list(csv.DictReader(source, delimiter=";"))
        kept = [row for row in rows if keep(row)]
        with file.open("w", encoding="cp1252", newline="") as target:
            writer = csv.DictWriter(target, rows[0].keys(), delimiter=";")
            writer.writeheader()
            writer.writerows(kept)
        names = {row["Subject"] for row in kept}
        others = sorted(each.name for each in place.glob("*.csv") if each != file)
        for table in others:
            lines = (place / table).read_text(encoding="cp1252").splitlines()
            head, rest = lines[0], lines[1:]
            column = [h.strip('"') for h in head.split(";")].index("Subject")
            rest = [line for line in rest if line.split(";")[column].strip('"') in names]
            (place / table).write_text("\n".join([head, *rest]) + "\n", encoding="cp1252")
        text = (place / "cohort.yaml").read_text()
        for old, new in settings.values():
            assert old in text
            text = text.replace(old, new)
        (place / "cohort.yaml").write_text(text)
        return evaluate(read_cohort(place))

    def same(self, evaluation, row):
        results = evaluation.to_dict()
        for endpoint, figure in row.figures.items():
            assert find(results, figure.path)[1] == pytest.approx(figure.estimate), endpoint
        verdicts = {v.id: v.verdict for v in evaluation.verdicts}
        assert verdicts == {each.criterion: each.verdict for each in row.judged}

    def test_a_tumour_type_taken_out_of_the_files(self, simulated, tmp_path):
        row = next(r for r in simulated.matrix.rows
                   if r.scenario.left_out and r.scenario.left_out[0] == "tumour_type")  # fmt: skip
        value = row.scenario.left_out[1]
        found = self.edited(tmp_path, lambda each: each["Tumour type"] != value)
        assert found.results.populations["treated"] < 59
        self.same(found, row)

    def test_unconfirmed_responses_written_into_cohort_yaml(self, simulated, tmp_path):
        row = next(r for r in simulated.matrix.rows if r.scenario.id == "response-unconfirmed")
        found = self.edited(
            tmp_path, rule=("partial_dates: middle", "partial_dates: middle\n  confirmation: false")
        )
        assert row.patients_changed > 0
        self.same(found, row)


class TestCommand:
    def test_documents_into_a_folder(self, tmp_path):
        done = CliRunner().invoke(
            group, ["what-if", str(SUMMIT), str(SUMMIT / "scenarios.yaml"), "-o", str(tmp_path),
                    "--format", "html,xlsx", "--lang", "nl", "-q"],
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "what-if.csv", "what-if.html", "what-if.json", "what-if.xlsx",
        ]  # fmt: skip
        assert "Wat-als-analyse" in (tmp_path / "what-if.html").read_text("utf-8")

    @pytest.mark.parametrize(
        "wrong", [["--format", "docx"], ["--format", "word"], ["--build", "women"]]
    )
    def test_what_is_missing_is_a_wrong_command_line(self, wrong):
        done = CliRunner().invoke(
            group, ["what-if", str(SUMMIT), str(SUMMIT / "scenarios.yaml"), *wrong]
        )
        assert done.exit_code == 2
