"""Every example's dossier, as its readers get it: valid, repeatable, saying what it must."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from shelf import CASES, EXAMPLES, ROOT, write
from validators.html import check_htmls
from validators.validate import (
    check_pdfs,
    check_word_accessibility,
    check_word_second_opinion,
    check_words,
    pdf_text,
    word_text,
)

NEVER = re.compile(r"(?<![\w-])(nan|None|inf|NaN|null|undefined)(?![\w-])")


def words(text: str) -> str:
    """Text without what a line break or a narrow column does to it."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u2060", ""))


@pytest.mark.validator
def test_every_pdf_conforms_to_pdf_ua_1_and_pdf_a_2a(built):
    found = check_pdfs([folder / "dossier.pdf" for folder in built.values()], ("ua1", "2a"))
    assert {str(path): problems for path, problems in found.items() if problems} == {}


@pytest.mark.validator
def test_every_word_file_passes_the_open_xml_sdk(built):
    found = check_words([folder / "dossier.docx" for folder in built.values()])
    assert {str(path): problems for path, problems in found.items() if problems} == {}


@pytest.mark.validator
def test_every_html_file_is_accessible(built):
    found = check_htmls([folder / "dossier.html" for folder in built.values()])
    assert {str(path): problems for path, problems in found.items() if problems} == {}


@pytest.mark.parametrize(("example", "language"), CASES)
def test_word_has_what_a_screen_reader_needs(built, example, language):
    path = built[example, language] / "dossier.docx"
    assert check_word_accessibility(path) == []
    assert check_word_second_opinion(path) == []


@pytest.mark.parametrize(("example", "language"), CASES)
def test_no_reader_meets_a_missing_number(built, example, language):
    text = word_text(built[example, language] / "dossier.docx")
    assert NEVER.findall(text) == []
    assert "{{" not in text
    results = (built[example, language] / "results.json").read_text()
    assert "NaN" not in results
    assert "Infinity" not in results


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_same_input_gives_the_same_bytes(built, example, tmp_path):
    write(example, "en", tmp_path, PYTHONHASHSEED="7", TZ="Asia/Tokyo", LC_ALL="C")
    for name in ("dossier.docx", "dossier.pdf", "dossier.html", "results.json"):
        assert (tmp_path / name).read_bytes() == (built[example, "en"] / name).read_bytes(), name


def test_summit_prints_the_published_response_rate(built):
    folder = built["summit-biliary", "en"]
    for text in (pdf_text(folder / "dossier.pdf"), word_text(folder / "dossier.docx")):
        assert "16.0% (4/25)" in words(text)
        assert "95% CI 4.5–36.1" in words(text)


def test_summit_says_why_survival_is_not_judged(built):
    folder = built["summit-biliary", "en"]
    text = words(pdf_text(folder / "dossier.pdf"))
    assert "overall survival and duration of response cannot be estimated" in text
    assert "unknown for 25 of 25, 21 of 25 and 4 of 4 patients" in text
    results = json.loads((folder / "results.json").read_text())
    verdicts = {criterion["id"]: criterion["verdict"] for criterion in results["criteria"]}
    assert verdicts["esmo-mcbs-1.1-form-3"] == "not_assessable"


def test_everything_in_the_showcase_can_be_judged(built):
    results = json.loads((built["simulated-drup", "en"] / "results.json").read_text())
    assert {c["verdict"] for c in results["criteria"]} <= {"met", "not_met"}
    assert results["endpoints"]["pfs"]["median"]["reached"]


def test_the_simulated_example_is_what_its_script_makes(tmp_path):
    source = ROOT / "examples" / "simulated-drup"
    script = (source / "simulate.py").read_text()
    (tmp_path / "simulate.py").write_text(script)
    subprocess.run([sys.executable, "simulate.py"], cwd=tmp_path, check=True)
    for name in ("patients.csv", "assessments.csv", "adverse_events.csv"):
        assert (tmp_path / name).read_bytes() == (source / name).read_bytes()
