"""What changed since the previous dossier: in results.json, in the document, and proven again."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from small_cohorts import tables, written

from dossier.building import build, with_changes
from dossier.cli import group
from dossier.cohort.read import read_cohort
from dossier.compose.dossier import compose
from dossier.errors import InputError
from dossier.evaluation import evaluate
from dossier.trace.tracing import trace
from dossier.verifying import verify

NUMBER = 20


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """A data cut, and the one after it: a new patient, one gone, a corrected response."""
    folder = tmp_path_factory.mktemp("studies")
    frames = tables(NUMBER, 3)
    old = {name: frame[frame["patient_id"] != "P020"] for name, frame in frames.items()}
    new = {name: frame[frame["patient_id"] != "P001"].copy() for name, frame in frames.items()}
    visits = new["assessments"]
    place = visits.index[visits["response"] == "SD"][0]
    visits.loc[place, "response"] = "PD"
    return (
        written(folder / "old", old),
        written(folder / "new", new),
        visits.loc[place, "patient_id"],
    )


@pytest.fixture(scope="module")
def changes(studies):
    old, new, _ = studies
    return with_changes(evaluate(read_cohort(new)), old)


def test_patients(changes, studies):
    found = changes.to_dict()["changes"]["patients"]
    assert found["compared"]
    assert [each["patient"] for each in found["new_patients"]] == ["P020"]
    assert [each["patient"] for each in found["vanished_patients"]] == ["P001"]
    (corrected,) = (each for each in found["changed_patients"] if each["patient"] == studies[2])
    (entry,) = corrected["entries"]
    assert (entry["table"], entry["what"], entry["column"]) == (
        "assessments",
        "changed",
        "response",
    )
    lines = (studies[1] / "assessments.csv").read_text().splitlines()
    assert lines[entry["row"] - 1].startswith(studies[2])
    assert lines[entry["row"] - 1].endswith("PD")


def test_numbers_are_those_of_both(changes, studies):
    old = evaluate(read_cohort(studies[0])).to_dict()
    for each in changes.to_dict()["changes"]["main"]:
        value = old
        for key in each["path"].split("."):
            value = value[key]
        assert each["old"] == value
        if each["old"] is not None and each["new"] is not None:
            assert each["difference"] == each["new"] - each["old"]
        else:
            assert each["reason"]


def test_a_dossier_folder_names_no_patients(studies, tmp_path):
    old, new, _ = studies
    build(read_cohort(old), tmp_path, formats=["json"])
    by_folder = with_changes(evaluate(read_cohort(new)), tmp_path).to_dict()["changes"]
    by_cohort = with_changes(evaluate(read_cohort(new)), old).to_dict()["changes"]
    assert by_folder["patients"] == {
        "compared": False,
        "reason": "the previous dossier holds results, not patients",
    }
    for key in ("previous", "main", "verdicts", "other", "counts"):
        assert by_folder[key] == by_cohort[key]


def test_criteria_and_software_apart_from_data(studies, tmp_path):
    _, new, _ = studies
    build(read_cohort(new), tmp_path, formats=["json"], overrides=["durable-benefit.pfs=2 months"])
    file = tmp_path / "results.json"
    version = json.loads(file.read_text())["provenance"]["software"]["version"]
    file.write_text(file.read_text().replace(f'"version": "{version}"', '"version": "0.0.9"', 1))
    found = with_changes(evaluate(read_cohort(new)), tmp_path).to_dict()["changes"]
    kinds = {each["kind"] for each in found["other"]}
    assert {"criterion", "software"} <= kinds
    assert "data" not in kinds
    assert found["previous"]["software"] == "dossier 0.0.9"


def test_no_null_without_a_reason(changes):
    def nulls(value, told=False):
        if isinstance(value, dict):
            told = "reason" in value
            return any(nulls(each, told) for each in value.values())
        if isinstance(value, list):
            return any(nulls(each) for each in value)
        return value is None and not told

    assert not nulls(changes.to_dict()["changes"])


def _texts(document):
    return " ".join(re.sub(r"\s+", " ", str(block)) for block in document.blocks)


@pytest.mark.parametrize(("language", "title"), [
    ("en", "Changes since the previous dossier"), ("nl", "Veranderingen sinds het vorige dossier"),
])  # fmt: skip
def test_the_section(changes, studies, language, title):
    printed = _texts(compose(changes, language=language))
    assert title in printed
    assert "P020" in printed
    without = _texts(compose(evaluate(read_cohort(studies[1])), language=language))
    assert title not in without


def test_every_number_of_the_section_is_in_the_results(changes):
    results = changes.to_dict()
    paths = re.findall(r"path='(changes\.[^']*)'", _texts(compose(changes)))
    assert len(paths) > 20
    for path in paths:
        value = results
        for key in path.split("."):
            value = value[int(key)] if isinstance(value, list) else value[key]
        assert trace(changes, path).meaning.startswith("compares this evaluation")


def test_build_and_verify(studies, tmp_path):
    old, new, _ = studies
    arguments = ["build", str(new), "-o", str(tmp_path), "--previous", str(old), "--format", "html"]
    done = CliRunner().invoke(group, arguments)
    assert done.exit_code == 0, done.output
    assert "changes" in json.loads((tmp_path / "results.json").read_text())
    assert verify(tmp_path, new, previous=old).same
    with pytest.raises(InputError, match="compared with a previous one"):
        verify(tmp_path, new)


def test_cohort_yaml_may_name_it(studies, tmp_path):
    new = studies[1]
    with (new / "cohort.yaml").open("a") as file:
        file.write("dossier: {previous: ../old}\n")
    build(read_cohort(new), tmp_path, formats=["html"])
    assert "changes" in json.loads((tmp_path / "results.json").read_text())
    assert verify(tmp_path, new).same


def test_a_previous_that_is_not_there(studies, tmp_path):
    arguments = ["build", str(studies[1]), "-o", str(tmp_path / "out")]
    done = CliRunner().invoke(group, [*arguments, "--previous", str(tmp_path / "nowhere")])
    assert isinstance(done.exception, InputError)
    assert not (tmp_path / "out").exists()
