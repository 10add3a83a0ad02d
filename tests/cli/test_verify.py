"""`dossier verify`: what is as it was written is proven, and every kind of change is found."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from dossier.building import build
from dossier.cli import group
from dossier.cohort.read import read_cohort
from dossier.errors import InputError
from dossier.verifying import verify

SUMMIT = Path(__file__).resolve().parents[2] / "examples" / "summit-biliary"
CHANGES = {"overrides": ["durable-benefit.response=15%"], "language": "nl"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A study with its dossier in a folder of its own; never changed by a test."""
    study = tmp_path_factory.mktemp("study") / "summit"
    shutil.copytree(SUMMIT, study)
    build(read_cohort(study), study / "out", formats=["docx", "html", "pdf", "xlsx"], figures=True,
          **CHANGES)  # fmt: skip
    return study


@pytest.fixture
def study(written, tmp_path):
    shutil.copytree(written, tmp_path / "moved")
    return tmp_path / "moved"


def wrong(found):
    return {(check.subject, check.name) for check in found.checks if not check.same}


def replaced(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_dossier_is_proven_wherever_it_was_moved(study):
    found = verify(study / "out")
    assert wrong(found) == set()
    assert found.same
    assert found.values > 500
    documents = {check.name for check in found.checks if check.subject == "documents"}
    assert {"dossier.docx", "dossier.html", "dossier.pdf", "dossier.xlsx"} <= documents
    assert any(name.startswith("figures/") for name in documents)


def test_the_data_may_be_elsewhere(study, tmp_path):
    shutil.move(study / "out", tmp_path / "archive")
    assert verify(tmp_path / "archive", study).same


def test_a_number_changed_in_the_results(study):
    replaced(study / "out" / "results.json", '"n": 25', '"n": 26')
    found = verify(study / "out")
    results = [check for check in found.checks if check.subject == "results" and not check.same]
    assert [(check.recorded, check.found) for check in results] == [("26", "25")]
    assert ("documents", "dossier.pdf") in wrong(found)  # it shows other results


@pytest.mark.parametrize("name", ["dossier.html", "dossier.docx", "dossier.pdf", "dossier.xlsx"])
def test_a_document_changed_by_hand(study, name):
    file = study / "out" / name
    if name == "dossier.html":
        replaced(file, "16,0%", "36,0%")
    elif name == "dossier.pdf":
        file.write_bytes(file.read_bytes() + b"\n")
    else:
        content = {}
        with zipfile.ZipFile(file) as package:
            content = {each: package.read(each) for each in package.namelist()}
        part = next(each for each in content if each.endswith(("document.xml", "sheet1.xml")))
        content[part] += b" "
        with zipfile.ZipFile(file, "w") as package:
            for each, data in content.items():
                package.writestr(each, data)
    found = verify(study / "out")
    assert wrong(found) == {("documents", name)}


def test_a_document_of_another_run(study):
    build(read_cohort(study), study / "other", formats=["html"], **CHANGES | {"overrides": []})
    shutil.copy(study / "other" / "dossier.html", study / "out")
    (check,) = [each for each in verify(study / "out").checks if not each.same]
    assert check.name == "dossier.html"
    assert "other results" in check.remark


def test_a_file_that_is_no_document(study):
    (study / "out" / "dossier.docx").write_bytes(b"PK\x03\x04 broken")
    (study / "out" / "dossier.pdf").write_bytes(b"%PDF-1.7")
    assert wrong(verify(study / "out")) == {
        ("documents", "dossier.docx"),
        ("documents", "dossier.pdf"),
    }


def test_changed_data(study):
    replaced(study / "data_clinical_patient.txt", "\tSD", "\tPR")
    found = verify(study / "out")
    assert ("data", "data_clinical_patient.txt") in wrong(found)
    assert ("results", "endpoints.orr.events") in wrong(found)


def test_the_study_may_be_one_of_several_beside_the_dossier(study, tmp_path):
    examples = tmp_path / "repository" / "examples"
    examples.mkdir(parents=True)
    (study / "out").rename(tmp_path / "repository" / "out")
    study.rename(examples / "study")
    assert not wrong(verify(tmp_path / "repository" / "out"))


def test_changed_settings_need_the_place(study):
    with (study / "cohort.yaml").open("a") as file:
        file.write("\n# a remark\n")
    with pytest.raises(InputError, match="not found beside it"):
        verify(study / "out")
    assert wrong(verify(study / "out", study)) == {("data", "cohort.yaml")} | {
        ("documents", check.name)
        for check in verify(study / "out", study).checks
        if check.subject == "documents"
    }


def test_other_software(study):
    results = json.loads((study / "out" / "results.json").read_text())
    version = results["provenance"]["software"]["version"]
    replaced(study / "out" / "results.json", f'"version": "{version}"', '"version": "0.0.1"')
    assert ("software", "version") in wrong(verify(study / "out"))


def test_the_command(study, tmp_path):
    def run(*arguments):
        return CliRunner().invoke(group, ["verify", *map(str, arguments), "--no-color"])

    (study / "out" / "letter.txt").write_text("to the authority")
    done = run(study / "out")
    assert done.exit_code == 0, done.output
    assert "Verified." in done.output
    assert "Not checked: letter.txt" in done.output
    replaced(study / "out" / "dossier.html", "16,0%", "36,0%")
    done = run(study / "out")
    assert done.exit_code == 1
    assert "dossier.html: it was changed after it was written" in done.output
    found = json.loads(run(study / "out", "--format", "json").output)
    assert found["verified"] is False
    for folder in (tmp_path, tmp_path / "nowhere"):
        assert isinstance(run(folder).exception, InputError)
    (tmp_path / "results.json").write_text("[1]")
    assert "no results.json of a dossier" in str(run(tmp_path).exception)


def test_a_dossier_names_no_place(study):
    for file in (study / "out").iterdir():
        if file.is_file():
            assert str(study).encode() not in file.read_bytes()
