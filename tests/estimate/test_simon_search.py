"""Simon's designs found again: clinfun's, every one by brute force, and on the command line."""

import csv
import doctest
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dossier.cli.design import command
from dossier.cohort.settings import TwoStage
from dossier.estimate import simon_search as module
from dossier.estimate.declared_design import design_of
from dossier.estimate.simon_search import simon_design
from dossier.estimate.two_stage import TwoStageDesign, operating_characteristics
from dossier.yaml_source import parse_yaml

REFERENCE = Path(__file__).parents[1] / "reference"

with (REFERENCE / "simon_designs.csv").open(newline="") as file:
    DESIGNS = list(csv.DictReader(file))


def design_of_row(row):
    sizes = (int(row[key]) for key in ("r1", "n1", "r", "n"))
    return TwoStageDesign(*sizes, p0=float(row["p0"]), p1=float(row["p1"]))


def label(row):
    return "-".join(row[key] for key in ("p0", "p1", "r1", "n1", "r", "n"))


@pytest.mark.parametrize(
    "row", [row for row in DESIGNS if row["type"] in ("optimal", "minimax")], ids=label
)
def test_search_finds_the_published_design(row):
    limits = (float(row[key]) for key in ("p0", "p1", "alpha", "beta"))
    assert simon_design(*limits, kind=row["type"]) == design_of_row(row)


@pytest.mark.parametrize(("alpha", "beta"), [(0.1, 0.2), (0.4, 0.1), (0.3, 0.3)])
def test_search_against_every_design(alpha, beta):
    qualifying = []
    for n in range(2, 16):
        for n1 in range(1, n):
            for r1 in range(n1):
                for r in range(r1, n):
                    design = TwoStageDesign(r1, n1, r, n, 0.2, 0.6)
                    found = operating_characteristics(design)
                    if found.alpha <= alpha and found.power >= 1 - beta:
                        qualifying.append((found.expected_n_p0, n, design))
    fewest = min(qualifying, key=lambda entry: entry[0])
    smallest = min(qualifying, key=lambda entry: (entry[1], entry[0]))
    for kind, best in (("optimal", fewest), ("minimax", smallest)):
        chosen = simon_design(0.2, 0.6, alpha, beta, kind=kind, n_max=15)
        assert operating_characteristics(chosen).expected_n_p0 == pytest.approx(best[0])
        assert (chosen.r1, chosen.n1, chosen.n) == (best[2].r1, best[2].n1, best[2].n)


def test_search_without_a_result():
    with pytest.raises(ValueError, match="at most 20 patients"):
        simon_design(0.1, 0.15, 0.05, 0.2, n_max=20)


@pytest.mark.parametrize(
    "arguments",
    [
        {"p0": 0.3, "p1": 0.1, "alpha": 0.05, "beta": 0.2},
        {"p0": 0.1, "p1": 0.3, "alpha": 0, "beta": 0.2},
        {"p0": 0.1, "p1": 0.3, "alpha": 0.05, "beta": 1},
        {"p0": 0.1, "p1": 0.3, "alpha": 0.05, "beta": 0.2, "kind": "best"},
    ],
)
def test_search_refuses(arguments):
    with pytest.raises(ValueError):  # noqa: PT011
        simon_design(**arguments)


class TestCommand:
    @pytest.mark.parametrize(
        "row", [row for row in DESIGNS if row["type"] in ("optimal", "minimax")][::6], ids=label
    )
    def test_prints_the_published_design(self, row):
        power = f"{1 - float(row['beta']):g}"
        done = CliRunner().invoke(
            command,
            ["--null", row["p0"], "--alternative", row["p1"], "--alpha", row["alpha"],
             "--power", power, "--format", "json"],
        )  # fmt: skip
        assert done.exit_code == 0
        found = {design["kind"]: design for design in json.loads(done.output)["designs"]}
        design = found[row["type"]]
        assert design["stage1"] == {"n": int(row["n1"]), "minimum": int(row["r1"]) + 1}
        assert design["total"] == {"n": int(row["n"]), "minimum": int(row["r"]) + 1}
        assert design["expected_n_null"] == pytest.approx(float(row["EN_p0"]), abs=5.1e-5)

    ARGUMENTS = ("--null", "0.1", "--alternative", "0.3", "--alpha", "0.05", "--power", "0.8")

    def test_the_table_ends_with_lines_for_cohort_yaml(self):
        done = CliRunner().invoke(command, self.ARGUMENTS)
        assert done.exit_code == 0
        lines = [line for line in done.output.splitlines() if line.startswith("two_stage:")]
        declared = [TwoStage.model_validate(parse_yaml(line).value["two_stage"]) for line in lines]
        assert [design_of(each) for each in declared] == [
            TwoStageDesign(r1=1, n1=10, r=5, n=29, p0=0.1, p1=0.3),
            TwoStageDesign(r1=1, n1=15, r=5, n=25, p0=0.1, p1=0.3),
        ]

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            pytest.param(("--null", "0.4"), "must lie below", id="probabilities exchanged"),
            pytest.param(("--alpha", "5"), "not in the range", id="a percentage"),
            pytest.param(("--n-max", "20"), "larger --n-max", id="too few patients"),
        ],
    )
    def test_a_wrong_command_line(self, changed, message):
        done = CliRunner().invoke(command, (*self.ARGUMENTS, *changed))
        assert done.exit_code == 2
        assert message in done.output


def test_examples_in_the_docstrings():
    assert doctest.testmod(module).failed == 0
