"""`--attach-sources`: the PDF holds what it was made from, conforms, and repeats byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pikepdf
import pytest
from validators.validate import check_pdfs

from dossier.building import build
from dossier.cohort.read import read_cohort
from dossier.errors import InputError
from dossier.evaluation import evaluate
from dossier.sources import sources_of
from dossier.verifying import verify

SUMMIT = Path(__file__).resolve().parents[2] / "examples" / "summit-biliary"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("attached") / "study"
    shutil.copytree(SUMMIT, folder)
    build(read_cohort(folder), folder / "out", formats=["pdf"], attach_sources=True)
    return folder


@pytest.mark.validator
def test_it_is_pdf_a_3a_and_pdf_ua_1(built):
    path = built / "out" / "dossier.pdf"
    assert check_pdfs([path], ("ua1", "3a")) == {path: []}


def test_it_holds_the_results_the_settings_and_the_criteria(built):
    criteria = {path.name: path for path in SUMMIT.parents[1].glob("criteria/*/*.yaml")}
    with pikepdf.open(built / "out" / "dossier.pdf") as pdf:
        relations = {str(each.UF): str(each.AFRelationship) for each in pdf.Root.AF}
        held = {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}
    assert relations.pop("results.json") == "/Data"
    assert set(relations.values()) == {"/Source"}
    assert held.pop("results.json") == (built / "out" / "results.json").read_bytes()
    assert held.pop("cohort.yaml") == (SUMMIT / "cohort.yaml").read_bytes()
    assert held
    assert held == {name: criteria[name].read_bytes() for name in held}


def test_it_repeats_and_verifies(built, tmp_path):
    build(read_cohort(built), tmp_path, formats=["pdf"], attach_sources=True)
    again = (tmp_path / "dossier.pdf").read_bytes()
    assert again == (built / "out" / "dossier.pdf").read_bytes()
    assert verify(built / "out").same


def test_without_it_nothing_is_held(built, tmp_path):
    build(read_cohort(built), tmp_path, formats=["pdf"])
    with pikepdf.open(tmp_path / "dossier.pdf") as pdf:
        assert pikepdf.Name.AF not in pdf.Root
        assert not pdf.attachments


def test_settings_that_changed_meanwhile_are_not_attached(tmp_path):
    study = tmp_path / "study"
    shutil.copytree(SUMMIT, study)
    evaluation = evaluate(read_cohort(study))
    with (study / "cohort.yaml").open("a", encoding="utf-8") as file:
        file.write("# later\n")
    with pytest.raises(InputError, match="changed while the dossier was made"):
        sources_of(evaluation)
