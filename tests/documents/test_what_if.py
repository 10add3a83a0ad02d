"""The what-if documents of the examples, and the dossier of one scenario, pass every validator."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from content.compare import assert_same
from shelf import ROOT
from validators.html import check_htmls
from validators.validate import (
    check_pdfs,
    check_word_accessibility,
    check_word_second_opinion,
    check_words,
    word_text,
)

NEVER = re.compile(r"(?<![\w-])(nan|None|inf|NaN|null|undefined)(?![\w-])")
CASES = {
    ("simulated-drup", "en"): (),
    ("simulated-drup", "nl"): (),
    ("summit-biliary", "en"): (),
    ("summit-biliary", "nl"): (),
    ("summit-biliary", "scenario"): ("--build", "women"),
}


@pytest.fixture(scope="session")
def written(shelf) -> dict[tuple[str, str], Path]:
    return {case: shelf.made("what-if-" + "-".join(case), partial(write, case)) for case in CASES}


def write(case: tuple[str, str], folder: Path) -> None:
    example, language = case
    study = ROOT / "examples" / example
    subprocess.run(
        [
            sys.executable, "-c", "from dossier.cli import main; main()",
            "what-if", str(study), str(study / "scenarios.yaml"), "-o", str(folder), "-q",
            "--format", "docx,pdf,html", "--lang", "nl" if language == "nl" else "en",
            *CASES[case],
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip


def files(written, ending):
    return [path for folder in written.values() for path in sorted(folder.glob(f"*.{ending}"))]


@pytest.mark.validator
def test_every_pdf_conforms_to_pdf_ua_1_and_pdf_a_2a(written):
    found = check_pdfs(files(written, "pdf"), ("ua1", "2a"))
    assert len(found) == len(CASES)
    assert {str(path): problems for path, problems in found.items() if problems} == {}


@pytest.mark.validator
def test_every_word_file_passes_the_open_xml_sdk(written):
    found = check_words(files(written, "docx"))
    assert {str(path): problems for path, problems in found.items() if problems} == {}


@pytest.mark.validator
def test_every_html_file_is_accessible(written):
    found = check_htmls(files(written, "html"))
    assert {str(path): problems for path, problems in found.items() if problems} == {}


def test_word_has_what_a_screen_reader_needs(written):
    for path in files(written, "docx"):
        assert check_word_accessibility(path) == []
        assert check_word_second_opinion(path) == []


def test_no_reader_meets_a_missing_number(written):
    for path in files(written, "docx"):
        text = word_text(path)
        assert NEVER.findall(text) == []
        assert "{{" not in text


def test_the_three_files_hold_the_same_in_the_same_order(written):
    for word in files(written, "docx"):
        assert_same(word.parent, word.stem)
