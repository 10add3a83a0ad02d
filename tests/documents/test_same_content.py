"""Whoever reads the Word file, the PDF or the HTML of an example reads the same, word for word."""

from __future__ import annotations

import pytest
from content.compare import assert_same, differences, printed
from content.contents import contents_of
from content.pdf import read_pdf
from content.word import read_word
from shelf import CASES, LANGUAGES, ROOT

from dossier.building import render
from dossier.cohort.read import read_cohort
from dossier.evaluation import evaluate

LARGEST_SHARE_OF_WRONG_PAGES = 0.1


@pytest.mark.parametrize(("example", "language"), CASES)
def test_the_three_files_hold_the_same_in_the_same_order(shelf, example, language):
    assert_same(shelf.example(example, language))


@pytest.mark.validator
@pytest.mark.parametrize(("example", "language"), CASES)
def test_libreoffice_prints_what_the_word_file_holds(shelf, example, language):
    word = read_word(shelf.example(example, language) / "dossier.docx")
    office = read_pdf(shelf.laid_out() / f"{example}-{language}.pdf")
    found = differences(printed(word.all), printed(office.all), ("Word", "LibreOffice"))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("example", "language"), CASES)
def test_the_contents_of_the_pdf_say_the_right_pages(shelf, example, language):
    entries = contents_of(shelf.example(example, language) / "dossier.pdf")
    assert len(entries) > 60
    assert [entry for entry in entries if not entry.is_right] == []


@pytest.mark.validator
def test_so_do_those_of_the_word_file_before_its_fields_are_updated(shelf):
    """LibreOffice lets the notes of a table go to the next page alone, Word does not; after such
    a place a few pages differ."""
    wrong, count = [], 0
    for example, language in CASES:
        entries = contents_of(shelf.laid_out() / f"{example}-{language}.pdf")
        wrong += [entry for entry in entries if not entry.is_right]
        count += len(entries)
        assert all(abs(entry.says - entry.stands) <= 2 for entry in entries)
    assert len(wrong) <= LARGEST_SHARE_OF_WRONG_PAGES * count, wrong


@pytest.fixture(scope="module")
def showcase():
    return evaluate(read_cohort(ROOT / "examples" / "simulated-drup"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pack", ["ciebom", "jca", "pharmacist"])
def test_so_do_those_of_the_other_packs(showcase, tmp_path, pack, language):
    for name, content in render(
        showcase, ("docx", "pdf", "html"), template=pack, language=language
    ).items():
        (tmp_path / name).write_bytes(content)
    assert_same(tmp_path)
