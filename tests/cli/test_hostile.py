"""What a clumsy user gets: the right exit status, one clear message, and no file touched."""

from __future__ import annotations

import datetime
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from dossier.building import build
from dossier.checking import check_named
from dossier.cli import group as main_group
from dossier.cli.terminal import print_problems
from dossier.cohort.read import read_cohort
from dossier.cohort.spreadsheet_errors import NOT_CALCULATED, cells_in_error
from dossier.derive.patients import derive
from dossier.errors import InputError, Problem
from dossier.writing import write_together


def run(*arguments):
    command = [sys.executable, "-c", "from dossier.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def study(tmp_path):
    assert run("init", tmp_path / "study").returncode == 0
    return tmp_path / "study"


class TestInput:
    def test_a_table_with_headings_only_has_no_patients(self, study):
        table = study / "patients.csv"
        table.write_text(table.read_text().splitlines()[0] + "\n")
        done = run("check", study)
        assert done.returncode == 3
        assert done.stderr.splitlines() == [
            "patients.csv: there are no patients; expected one row a patient"
        ]

    def test_a_misspelt_start_names_the_nearest_heading(self, study):
        table = study / "patients.csv"
        table.write_text(table.read_text().replace("treatment_start", "treatment_strat", 1))
        done = run("check", study)
        assert done.returncode == 3
        assert "is it 'treatment_strat'?" in done.stderr

    def test_one_wrong_code_of_a_whole_column_is_one_message(self, study):
        rows = [
            f"P{number},2024-01-02,{'boys' if number != 4 else 'lad'}" for number in range(1, 13)
        ]
        (study / "patients.csv").write_text("\n".join(["patient_id,treatment_start,sex", *rows]))
        (study / "cohort.yaml").write_text("cohort: {title: x}\ndata: {patients: patients.csv}\n")
        done = run("check", study)
        assert done.returncode == 3
        expected = "expected one of female, male, other, or a mapping under 'values'"
        assert done.stderr.splitlines() == [
            f"patients.csv:2, column sex, patient P1: unknown code (found 'boys'); {expected}; "
            "the same in 10 more rows: 3-4, 6-13",
            f"patients.csv:5, column sex, patient P4: unknown code (found 'lad'); {expected}",
            "12 problems. Nothing was written.",
        ]


@pytest.fixture
def one_patient(tmp_path):
    """A study of patients whose rows are given; what is wrong with it, as lines."""

    def read(*rows, headings="patient_id,treatment_start,death_date,age,arm", settings=""):
        (tmp_path / "patients.csv").write_text("\n".join([headings, *rows]) + "\n")
        text = f"cohort: {{title: x{settings}}}\ndata: {{patients: patients.csv}}\n"
        (tmp_path / "cohort.yaml").write_text(text)
        try:
            return read_cohort(tmp_path)
        except InputError as error:
            return [str(problem).partition("; expected")[0] for problem in error.problems]

    return read


class TestCells:
    def test_a_date_that_stands_for_no_date(self, one_patient):
        assert one_patient("A,2024-01-02,9999-12-31,60,x") == [
            "patients.csv:2, column death_date, patient A: the year of this date lies outside "
            "1900 to 2100 (found '9999-12-31')"
        ]

    def test_a_cutoff_that_stands_for_no_date(self, one_patient):
        assert one_patient("A,2024-01-02,,60,x", settings=", data_cutoff: 9999-12-31") == [
            "cohort.yaml:1, column cohort.data_cutoff: the year of 9999-12-31 lies outside "
            "1900 to 2100"
        ]

    @pytest.mark.parametrize("nothing", ["None", "NULL", "NA", "nan", "NaT", "<NA>", "."])
    def test_what_programs_write_for_nothing(self, one_patient, nothing):
        read = one_patient(f"A,2024-01-02,{nothing},{nothing},x")
        assert read.patients["death_date"].isna().all()
        assert read.patients["age"].isna().all()

    def test_a_word_that_may_be_meant_is_not_taken_for_nothing(self, one_patient):
        assert one_patient("A,2024-01-02,,,None").patients["arm"].tolist() == ["None"]

    @pytest.mark.parametrize("column", ["pfs_days", "os_days", "dor_days", "prior_pfs_days"])
    def test_nobody_lives_so_long(self, one_patient, column):
        headings = f"patient_id,treatment_start,{column}"
        (told,) = one_patient("A,2024-01-02,1e308", headings=headings)
        assert told.endswith("the number is out of range (found '1e308')")

    def test_a_mark_that_would_turn_a_number_round(self, one_patient):
        (told,) = one_patient("A,2024-01-02,,60,\u202e21 arm")
        assert "a mark that turns the direction of text (U+202E)" in told

    def test_more_arms_than_a_page_holds(self, one_patient):
        (told,) = one_patient(*(f"P{at},2024-01-02,,60,arm {at}" for at in range(26)))
        assert told == (
            "patients.csv:1, column arm: there are 26 arms, more than tables can hold side by side"
        )

    def test_letters_that_no_page_can_print_are_named_with_their_cells(self, one_patient, tmp_path):
        headings = "patient_id,treatment_start,tumour_type"
        read = one_patient("A,2024-01-02,Hürthle", "B,2024-01-02,结直肠癌", headings=headings)
        with pytest.raises(InputError) as raised:
            build(read, tmp_path / "out", formats=["pdf"])
        (problem,) = raised.value.problems
        place = (problem.file, problem.row, problem.column, problem.patient, problem.value)
        assert place == ("patients.csv", 3, "tumour_type", "B", "结直肠癌")
        assert not (tmp_path / "out").exists()
        with pytest.raises(InputError) as before:
            check_named(read, derive(read))
        assert before.value.problems == raised.value.problems
        names = {path.name for path in build(read, tmp_path / "web", formats=["html", "xlsx"])}
        assert names == {"dossier.html", "dossier.xlsx", "results.json"}

    def test_of_a_wrong_column_the_first_thousand_are_told(self, capsys):
        problems = [
            Problem("this is not a date", "p.csv", row, "start", value=f"x{row}")
            for row in range(2, 1205)
        ]
        print_problems(problems)
        told = capsys.readouterr().err.splitlines()
        assert told[999] == "p.csv:1001, column start: this is not a date (found 'x1001')"
        assert told[1000:] == [
            "p.csv, column start: this is not a date: 203 more",
            "1203 problems. Nothing was written.",
        ]


class TestWorkbooks:
    """An empty cell says that there is nothing; a formula that failed does not."""

    def told(self, tmp_path, *rows):
        book = openpyxl.Workbook()
        book.active.title = "Patients & more"
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / "patients.xlsx")
        (tmp_path / "cohort.yaml").write_text(
            "cohort: {title: x}\ndata: {patients: patients.xlsx}\n"
        )
        try:
            return read_cohort(tmp_path)
        except InputError as error:
            return [str(problem) for problem in error.problems]

    def test_errors_and_formulas_without_a_result(self, tmp_path):
        told = self.told(
            tmp_path,
            ["patient_id", "treatment_start", "death_date", "tumour_type", "notes"],
            ["A", datetime.date(2024, 1, 2), "#REF!", "#N/A", "#REF!"],
            ["B", datetime.date(2024, 1, 2), "=TODAY()", "lung", "=1+1"],
        )
        wrong = "this is an error of a formula (found '{}'); expected a value, or an empty cell"
        assert told == [
            "patients.xlsx:2, column tumour_type, patient A: " + wrong.format("#N/A"),
            "patients.xlsx:2, column death_date, patient A: " + wrong.format("#REF!"),
            "patients.xlsx:3, column death_date, patient B: the result of the formula is not in "
            "the file (found '#NOT CALCULATED!'); expected the workbook opened and saved in Excel, "
            "or the result in place of the formula",
        ]

    def test_a_column_that_nobody_reads_may_hold_anything(self, tmp_path):
        headings = ["patient_id", "treatment_start", "notes"]
        read = self.told(tmp_path, headings, ["A", datetime.date(2024, 1, 2), "=1+1"])
        assert len(read.patients) == 1

    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            (b'<c r="B2" t="str"><f>A1</f><v></v></c>', None),
            (b'<c r="B2" t="n"><f>A1</f><v>3</v></c>', None),
            (b'<x:c t="e" r="AB10"><x:f>A1</x:f><x:v>#DIV/0!</x:v></x:c>', (9, 27, "#DIV/0!")),
            (b"<c r='B2'><f>A1&amp;B1</f><v/></c>", (1, 1, NOT_CALCULATED)),
            (b'<c r="B2"><f t="shared" si="0"/></c><c r="C2"/>', (1, 1, NOT_CALCULATED)),
        ],
    )
    def test_how_a_workbook_says_so(self, cell, value):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("xl/workbook.xml", '<sheet name="A &amp; B" r:id="rId7"/>')
            links = '<Relationship Target="/xl/worksheets/s.xml" Id="rId7"/>'
            archive.writestr("xl/_rels/workbook.xml.rels", links)
            archive.writestr("xl/worksheets/s.xml", b"<row>" + cell + b"</row>")
        found = [(row, column, text) for (row, column), text in
                 cells_in_error(file.getvalue(), "A & B").items()]  # fmt: skip
        assert found == ([] if value is None else [value])

    def test_what_is_no_workbook_has_no_errors(self):
        assert cells_in_error(b"PK\x03\x04nothing", "x") == {}
        assert cells_in_error(b"", "x") == {}


class TestCheckBeforeBuild:
    """What check lets pass, build accepts."""

    def settings(self, study, more):
        text = "cohort: {title: x}\ndata: {patients: patients.csv, assessments: assessments.csv}\n"
        (study / "cohort.yaml").write_text(text + more)
        return run("check", study)

    def test_everything_that_cohort_yaml_names(self, study):
        (study / "broken.yaml").write_text("id: [")
        done = self.settings(
            study,
            "criteria: [durable-benefitt, mine.yaml, broken.yaml]\n"
            "dossier:\n  language: nl\n  template: nothing\n  previous: ../nowhere\n",
        )
        assert done.returncode == 3
        told = [line.partition("; expected")[0] for line in done.stderr.splitlines()]
        assert told == [
            "cohort.yaml:3, column criteria: there is no criterion named 'durable-benefitt'",
            f"{study / 'mine.yaml'}: the file does not exist",
            f"{study / 'broken.yaml'}:2: the file cannot be read as YAML here "
            "(did not find expected node content)",
            "cohort.yaml:6, column dossier.template: there is no such template pack "
            "(found 'nothing')",
            "nowhere: the file does not exist",
            "5 problems. Nothing was written.",
        ]

    def test_the_language_of_the_pack(self, study):
        done = self.settings(study, "dossier: {language: de}\n")
        assert done.returncode == 3
        assert "cohort.yaml:3, column dossier.language: " in done.stderr
        assert done.stderr.endswith("(found 'de'); expected one of en, nl\n")

    def test_a_scenarios_file(self, study):
        (study / "s.yaml").write_text("scenarios:\n- {id: a, reason: b, set: [x.y=3]}\n")
        done = self.settings(study, "dossier: {scenarios: s.yaml}\n")
        assert done.returncode == 3
        assert "s.yaml:2: scenario a: no criterion has a rule named 'x.y'" in done.stderr
        done = self.settings(study, "dossier: {scenarios: s.yaml, sensitivity: none}\n")
        assert done.returncode == 0

    def test_a_pack_is_named_from_where_cohort_yaml_stands(self, study, tmp_path):
        assert run("templates", "copy", "pharmacist", study / "own").returncode == 0
        assert self.settings(study, "dossier: {template: own}\n").returncode == 0
        done = run("build", study, "-o", tmp_path / "out", "--format", "html")
        assert done.returncode == 0, done.stderr


class TestCommandLine:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["--set", "durable-benefit"],
            ["--set", "nothing.like_it=1"],
            ["--set", "durable-benefit.pfs=soon"],
            ["--template", "nothing-like-it"],
            ["--lang", "de"],
        ],
    )
    def test_a_wrong_option_is_status_2(self, arguments, study, tmp_path):
        done = run("build", study, "-o", tmp_path / "out", *arguments)
        assert done.returncode == 2
        assert done.stdout == ""
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize(
        "command",
        [
            ["what-if", "STUDY", "--sweep", "soon"],
            ["what-if", "STUDY", "--sweep", "durable-benefit.pfs=3..12 parsecs"],
            ["what-if", "STUDY", "--lang", "de"],
            ["portfolio", "STUDY", "--by", "shoe_size"],
            ["trace", "STUDY", "endpoints.nothing"],
            ["trace", "STUDY", "endpoints.orr", "--patient", "nobody"],
            ["templates", "show", "nothing-like-it"],
            ["criteria", "show", "nothing-like-it"],
        ],
    )
    def test_every_command_says_so(self, command, study):
        done = run(*(str(study) if word == "STUDY" else word for word in command))
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr

    def test_a_wrong_rule_in_a_file_is_wrong_input(self, study):
        scenarios = study / "scenarios.yaml"
        scenarios.write_text(
            "scenarios:\n  - {id: one, reason: why, set: [durable-benefit.pfsx=3 months]}\n"
            "sweeps: [durable-benefit.zz=3..4]\n"
        )
        done = run("what-if", study, scenarios)
        assert done.returncode == 3
        assert "scenarios.yaml:2: scenario one: no criterion has a rule named" in done.stderr
        assert "scenarios.yaml:3: no criterion has a rule named" in done.stderr

    @pytest.mark.parametrize(
        "command",
        ["design --null .1 --alternative .3 --alpha .05 --power .8 --n-max 30", "criteria list",
         "criteria show pfs-ratio", "criteria schema", "templates list", "templates show jca"],
    )  # fmt: skip
    def test_every_command_takes_quiet_and_no_color(self, command):
        group = CliRunner().invoke(main_group, [*command.split(), "--quiet", "--no-color"])
        assert group.exit_code == 0, group.output

    def test_what_is_required_is_told_with_its_verdict(self, study):
        done = run("evaluate", study, "--require", "drup-clinical-benefit", "--require", "tapur")
        assert done.returncode == 1
        assert "drup-clinical-benefit (not assessable)" in done.stderr
        assert "tapur (was not judged; add it with -c)" in done.stderr

    def test_queries_that_cannot_be_written_are_status_3(self, study, tmp_path):
        done = run("check", study, "-o", tmp_path / "nowhere" / "queries.csv")
        assert done.returncode == 3
        assert "queries.csv: the file cannot be written" in done.stderr

    def test_one_data_query_is_one(self, study):
        assert "12 patients read, 1 data query, no errors." in run("check", study).stderr


class TestOtherFiles:
    @pytest.mark.parametrize("text", ["[" * 100_000, '{"schema": "dossier.results/1"}', "[1]", ""])
    @pytest.mark.parametrize("command", ["diff", "verify"])
    def test_results_that_no_build_wrote(self, command, text, tmp_path):
        (tmp_path / "results.json").write_text(text)
        done = run(command, *[tmp_path] * (2 if command == "diff" else 1))
        assert (done.returncode, done.stdout) == (3, "")
        assert "results.json: this " in done.stderr

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("study,orr\n", "s.csv: there are no studies; expected one row a study"),
            ("study,orr\nA\x1b[31m,0.4\n",
             "s.csv:2: the cell holds a control character (U+001B); expected plain text"),
        ],
    )  # fmt: skip
    def test_published_figures(self, text, message, tmp_path):
        (tmp_path / "s.csv").write_text(text)
        done = run("score", tmp_path / "s.csv", "-c", "esmo-mcbs-1.1-form-3")
        assert (done.returncode, done.stdout, done.stderr.strip()) == (3, "", message)


class TestAllOrNothing:
    def test_a_folder_in_the_way_leaves_every_file_as_it_was(self, tmp_path):
        (tmp_path / "a.txt").write_text("old")
        (tmp_path / "b.txt").mkdir()
        with pytest.raises(InputError, match=r"b\.txt is a folder"):
            write_together(tmp_path, {"a.txt": b"new", "new.txt": b"new", "b.txt": b"new"})
        assert (tmp_path / "a.txt").read_text() == "old"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt"]

    def test_an_interrupt_puts_the_earlier_files_back(self, tmp_path, monkeypatch):
        for name in ("a.txt", "b.txt"):
            (tmp_path / name).write_text("old")
        replace = Path.replace

        def interrupted(self, target):
            if Path(target).name == "b.txt" and not self.name.endswith(".before"):
                raise KeyboardInterrupt
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_together(tmp_path, {"a.txt": b"new", "b.txt": b"new"})
        left = {path.name: path.read_text() for path in tmp_path.iterdir()}
        assert left == {"a.txt": "old", "b.txt": "old"}

    def test_nothing_is_left_over_when_all_went_well(self, tmp_path):
        (tmp_path / "a.txt").write_text("old")
        write_together(tmp_path, {"a.txt": b"new"})
        assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.txt", "new")]
