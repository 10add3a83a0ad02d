"""Colours of a house style can be read by everybody, or the pack is refused with file and line."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from dossier.compose.contrast import LEAST_CONTRAST, PAPER, QUIET_INK, contrast
from dossier.compose.document import HouseStyle
from dossier.compose.pack import open_pack, shipped_packs
from dossier.errors import InputError
from dossier.render.pdf.look import INK
from dossier.render.pdf.look import QUIET_INK as QUIET_IN_PDF
from dossier.render.word.formatting import QUIET_INK as QUIET_IN_WORD


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("#000000", "#FFFFFF", 21.0),
        ("#FFFFFF", "#000000", 21.0),
        ("#123456", "#123456", 1.0),
        ("#777777", "#FFFFFF", 4.48),
        ("#767676", "#FFFFFF", 4.54),
        ("#FF0000", "#FFFFFF", 4.00),
    ],
)
def test_contrast_is_that_of_the_guideline(first: str, second: str, expected: float) -> None:
    assert contrast(first, second) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("name", shipped_packs())
def test_the_packs_that_ship_can_be_read(name: str) -> None:
    style = open_pack(name, "en").settings.style.house_style()
    grounds = [PAPER, style.band, *style.tones.values()]
    for ink in (INK, QUIET_INK, style.link):
        assert min(contrast(ink, ground) for ground in grounds) >= LEAST_CONTRAST, ink
    assert contrast(style.accent, PAPER) >= LEAST_CONTRAST


def test_the_renderers_use_no_lighter_ink() -> None:
    assert QUIET_IN_PDF == QUIET_IN_WORD == QUIET_INK
    assert contrast(INK, PAPER) > contrast(QUIET_INK, PAPER)


def test_every_colour_of_the_house_style_is_known_here() -> None:
    """A new one must be checked as well; ``rule`` separates and says nothing."""
    colours = {f.name for f in fields(HouseStyle) if str(f.default).startswith("#")}
    assert colours == {"accent", "link", "band", "rule"}


def pack(folder: Path, style: str) -> str:
    own = folder / "pale"
    (own / "en").mkdir(parents=True)
    text = f"id: pale\nversion: '1'\nextends: standard\ntitle: {{en: Pale}}\nstyle:\n{style}"
    (own / "pack.yaml").write_text(text, encoding="utf-8")
    return str(own)


@pytest.mark.parametrize(
    ("style", "row", "column", "words"),
    [
        ('  page: A4\n  accent: "#8FB4D9"\n', 7, "style.accent", "#8FB4D9 on white"),
        ('  link: "#FF8800"\n', 6, "style.link", "#FF8800 on white"),
        ('  band: "#55708A"\n', 6, "style.band", "text on #55708A"),
        ('  tones:\n    met: "#2E8B57"\n', 7, "style.tones.met", "text on #2E8B57"),
        ('  link: "#757575"\n', 5, "style", "link #757575 on band #F2F5F9"),
    ],
)
def test_a_colour_that_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, style: str, row: int, column: str, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        open_pack(pack(tmp_path, style), "en")
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == ("pale/pack.yaml", row, column)
    assert words in problem.message
    assert "at least 4.5 is needed" in problem.message


def test_colours_that_can_be_read_are_taken(tmp_path: Path) -> None:
    chosen = '  accent: "#7A1230"\n  link: "#5A0E24"\n  band: "#FAF3F5"\n'
    style = open_pack(pack(tmp_path, chosen), "en").settings.style
    assert (style.accent, style.link, style.band) == ("#7A1230", "#5A0E24", "#FAF3F5")
