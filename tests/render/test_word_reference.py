"""A pack's own Word document: its styles in the file we write, and nothing else of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm, Pt, RGBColor
from lxml import etree
from sample import sample_document
from validators.validate import check_word, check_word_accessibility
from word_file import W, find, part, rendered

from dossier.compose.look import ReferenceLook
from dossier.compose.pack import open_pack
from dossier.compose.packs import copy_pack
from dossier.compose.reference import DUTCH_NAMES, read_reference
from dossier.errors import InputError

GREEN, GREY = RGBColor(0x00, 0x66, 0x44), RGBColor(0x33, 0x33, 0x33)
DUTCH_IDS = {
    "Normal": "Standaard",
    "Heading1": "Kop1",
    "Heading2": "Kop2",
    "Caption": "Bijschrift",
    "ListBullet": "Lijstopsomteken",
    "Footer": "Voettekst",
    "Title": "Titel",
}


def reference(*, dutch: bool = False) -> bytes:
    """A document with a house style, as Word writes it in English or another tool in Dutch."""
    document = docx.Document()
    styles = document.styles
    body = styles["Normal"]
    body.font.name, body.font.size, body.font.color.rgb = "Georgia", Pt(11), GREY
    body.paragraph_format.space_after = Pt(9)
    body.paragraph_format.line_spacing = 1.25
    for level, size in ((1, 20), (2, 15)):
        heading = styles[f"Heading {level}"]
        heading.font.size, heading.font.color.rgb, heading.font.bold = Pt(size), GREEN, False
        fonts = heading.element.rPr.rFonts
        for key in list(fonts.attrib):
            del fonts.attrib[key]
        heading.font.name = "Verdana"
    styles["Caption"].font.size, styles["Caption"].font.color.rgb = Pt(9.5), GREEN
    styles["Caption"].font.italic = True
    section = document.sections[-1]
    section.left_margin, section.right_margin, section.top_margin = Cm(3), Cm(2), Cm(4)
    document.add_paragraph("Secret text of the house")
    if dutch:
        english = {meant.casefold(): name for name, meant in DUTCH_NAMES.items()}
        for style in styles.element.findall(f"{W}style"):
            name = style.find(f"{W}name")
            name.set(f"{W}val", english.get(name.get(f"{W}val").casefold(), name.get(f"{W}val")))
        for element in [*styles.element.iter(), *document.element.iter()]:
            for key, value in list(element.attrib.items()):
                if key == f"{W}styleId" or element.tag in {
                    f"{W}basedOn",
                    f"{W}next",
                    f"{W}pStyle",
                }:
                    element.set(key, DUTCH_IDS.get(value, value))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def pack_with(folder: Path, content: bytes | None, name: str = "house.docx") -> Path:
    pack = folder / "my-pack"
    copy_pack("standard", pack)
    if content is not None:
        (pack / "house.docx").write_bytes(content)
    settings = pack / "pack.yaml"
    text = settings.read_text(encoding="utf-8")
    assert "style:\n" in text
    text = text.replace("style:\n", f"style:\n  reference: {name}\n")
    settings.write_text(text, encoding="utf-8")
    return pack


def look_of(folder: Path, content: bytes) -> ReferenceLook:
    look = open_pack(str(pack_with(folder, content)), "en").reference
    assert look is not None
    return look


def written_with(folder: Path, content: bytes) -> bytes:
    style = open_pack(str(pack_with(folder, content)), "en").house_style()
    return rendered(replace(sample_document(), style=style))


def style_named(content: bytes, name: str) -> Any:
    (style,) = find(part(content, "word/styles.xml"), f"//w:style[w:name/@w:val='{name}']")
    return style


def said(style: Any) -> tuple[str, float, str]:
    """Typeface, size in points and colour."""
    (font,) = find(style, "w:rPr/w:rFonts/@w:ascii")
    (size,) = find(style, "w:rPr/w:sz/@w:val")
    (ink,) = find(style, "w:rPr/w:color/@w:val")
    return str(font), int(size) / 2, str(ink)


@pytest.fixture(params=[False, True], ids=["English names", "Dutch names and ids"])
def house(request: pytest.FixtureRequest) -> bytes:
    return reference(dutch=request.param)


# --- what is taken over --------------------------------------------------------------------------


def test_the_dutch_reference_is_dutch() -> None:
    styles = docx.Document(io.BytesIO(reference(dutch=True))).styles

    assert {(s.name, s.style_id) for s in styles} >= {
        ("Kop 1", "Kop1"),
        ("Standaard", "Standaard"),
        ("Bijschrift", "Bijschrift"),
        ("Lijst opsom.teken", "Lijstopsomteken"),
    }


def test_headings_body_and_captions_look_like_the_house(tmp_path: Path, house: bytes) -> None:
    content = written_with(tmp_path, house)

    assert said(style_named(content, "Normal")) == ("Georgia", 11, "333333")
    assert said(style_named(content, "heading 1")) == ("Verdana", 20, "006644")
    assert said(style_named(content, "heading 2")) == ("Verdana", 15, "006644")
    assert said(style_named(content, "caption")) == ("Georgia", 9.5, "006644")
    assert find(style_named(content, "heading 1"), "w:rPr/w:b/@w:val") == ["0"]
    assert find(style_named(content, "caption"), "w:rPr/w:i[not(@w:val)]")
    (spacing,) = find(style_named(content, "Normal"), "w:pPr/w:spacing")
    assert {key.removeprefix(W): value for key, value in spacing.items()} == {
        "before": "0",
        "after": "180",
        "line": "300",
        "lineRule": "auto",
    }


def test_items_of_a_list_stand_as_close_as_in_the_house(tmp_path: Path, house: bytes) -> None:
    content = written_with(tmp_path, house)

    (joined,) = find(style_named(content, "List Bullet"), "w:pPr/w:contextualSpacing/@w:val")
    (apart,) = find(style_named(content, "heading 1"), "w:pPr/w:contextualSpacing/@w:val")
    assert (joined, apart) == ("1", "0")


def test_ids_numbering_and_structure_stay_ours(tmp_path: Path, house: bytes) -> None:
    content, ours = written_with(tmp_path, house), rendered(sample_document())

    styles, own = (part(x, "word/styles.xml") for x in (content, ours))
    for path in ("//@w:styleId", "//w:basedOn/@w:val", "//w:numId/@w:val", "//w:outlineLvl/@w:val"):
        assert find(styles, path) == find(own, path)
    for path in ("//w:keepNext", "//w:keepLines", "//w:pBdr", "//w:tab"):
        assert len(find(styles, path)) == len(find(own, path))
    assert find(style_named(content, "Table Text"), "w:pPr/w:jc/@w:val") == ["left"]


def test_paper_and_margins_are_those_of_the_last_section(tmp_path: Path, house: bytes) -> None:
    body = part(written_with(tmp_path, house), "word/document.xml")

    (size,), (margins,) = find(body, "//w:pgSz"), find(body, "//w:pgMar")
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("12240", "15840")
    assert [margins.get(f"{W}{side}") for side in ("left", "right", "top")] == [
        "1701",
        "1134",
        "2268",
    ]


def test_nothing_else_of_the_house_is_there(tmp_path: Path, house: bytes) -> None:
    content, ours = written_with(tmp_path, house), rendered(sample_document())

    with zipfile.ZipFile(io.BytesIO(content)) as one, zipfile.ZipFile(io.BytesIO(ours)) as other:
        assert one.namelist() == other.namelist()
        assert not any(b"Secret text" in one.read(name) for name in one.namelist())


def test_the_same_reference_gives_the_same_bytes(tmp_path: Path, house: bytes) -> None:
    one, other = (written_with(tmp_path / name, house) for name in ("one", "other"))

    assert one == other


@pytest.mark.validator
def test_the_file_is_valid(tmp_path: Path, house: bytes) -> None:
    path = tmp_path / "dossier.docx"
    path.write_bytes(written_with(tmp_path, house))

    assert check_word(path) == []
    assert check_word_accessibility(path) == []


def test_a_style_that_the_reference_lacks_stays_ours(tmp_path: Path) -> None:
    def without_captions(styles: Any) -> None:
        for style in find(styles, "//w:style[w:name/@w:val='caption']"):
            style.getparent().remove(style)

    content = written_with(tmp_path, changed("word/styles.xml", without_captions))

    ours = style_named(rendered(sample_document()), "caption")
    assert etree.tostring(style_named(content, "caption")) == etree.tostring(ours)


def test_typefaces_of_the_theme_are_found(tmp_path: Path) -> None:
    look = look_of(tmp_path, saved(docx.Document()))

    assert (look.styles["Normal"].font, look.styles["heading 1"].font) == ("Cambria", "Calibri")


def test_the_english_name_goes_before_a_dutch_one(tmp_path: Path) -> None:
    document = docx.Document(io.BytesIO(reference()))
    document.styles.add_style("Kop 1", WD_STYLE_TYPE.PARAGRAPH).font.size = Pt(40)

    assert look_of(tmp_path, saved(document)).styles["heading 1"].size == 20


def test_styles_based_on_each_other_in_a_circle_end(tmp_path: Path) -> None:
    def circle(styles: Any) -> None:
        for base in find(styles, "//w:style[w:name/@w:val='heading 1']/w:basedOn"):
            base.set(f"{W}val", "Heading1")

    look = look_of(tmp_path, changed("word/styles.xml", circle))

    assert look.styles["heading 1"].size == 20


def test_a_pack_that_extends_another_keeps_its_reference(tmp_path: Path) -> None:
    pack_with(tmp_path, reference())
    above = tmp_path / "above"
    above.mkdir()
    text = "id: above\nversion: '1'\nextends: my-pack\ntitle: {en: Above}\n"
    (above / "pack.yaml").write_text(text, encoding="utf-8")
    (above / "en").mkdir()

    look = open_pack(str(above), "en").reference
    assert look is not None
    assert look.styles["heading 1"].size == 20

    (above / "pack.yaml").write_text(f"{text}style: {{reference: ''}}\n", encoding="utf-8")
    assert open_pack(str(above), "en").reference is None


# --- hostile until checked -----------------------------------------------------------------------


def saved(document: Any) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def repacked(change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The reference with parts changed, or left out where the change is None."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(reference())) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
    return written.getvalue()


def changed(name: str, change: Callable[[Any], None]) -> bytes:
    def of_part(part_name: str, content: bytes) -> bytes:
        if part_name != name:
            return content
        root = etree.fromstring(content)
        change(root)
        return bytes(etree.tostring(root))

    return repacked(of_part)


def set_value(path: str, value: str) -> Callable[[Any], None]:
    def change(root: Any) -> None:
        found = find(root, path)
        assert found
        found[0].set(f"{W}val", value)

    return change


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w>&a;</w>'
HEADING = "//w:style[w:name/@w:val='heading 1']/w:rPr"

HOSTILE: dict[str, tuple[bytes | None, str]] = {
    "missing": (None, "there is no such reference document"),
    "not a zip": (b"no zip at all", "cannot be read"),
    "cut off": (reference()[:2000], "cannot be read"),
    "no styles": (
        repacked(lambda name, x: None if name == "word/styles.xml" else x),
        "has no word/styles.xml",
    ),
    "no document": (
        repacked(lambda name, x: None if name == "word/document.xml" else x),
        "has no word/document.xml",
    ),
    "entities": (
        repacked(lambda name, x: ENTITIES if name == "word/styles.xml" else x),
        "word/styles.xml of the reference document",
    ),
    "entities in UTF-16": (
        repacked(
            lambda name, x: ENTITIES.decode().encode("utf-16") if name == "word/styles.xml" else x
        ),
        "word/styles.xml of the reference document",
    ),
    "no XML": (
        repacked(lambda name, x: b"<w" if name == "word/document.xml" else x),
        "word/document.xml of the reference document cannot be read",
    ),
    "another format": (
        repacked(lambda name, x: b"<styles/>" if name == "word/styles.xml" else x),
        "is not Word's",
    ),
    "a bomb": (
        repacked(lambda name, x: x + b" " * 9_000_000 if name == "word/styles.xml" else x),
        "word/styles.xml of the reference document is too large",
    ),
    "a colour that is none": (
        changed("word/styles.xml", set_value(f"{HEADING}/w:color", '"/><x')),
        "colour of 'heading 1'",
    ),
    "a size that is none": (
        changed("word/styles.xml", set_value(f"{HEADING}/w:sz", "9999")),
        "size of 'heading 1'",
    ),
}


@pytest.mark.parametrize(("content", "message"), HOSTILE.values(), ids=list(HOSTILE))
def test_a_reference_that_cannot_be_used(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    pack = pack_with(tmp_path, content)

    with pytest.raises(InputError) as caught:
        open_pack(str(pack), "en")

    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.file == "my-pack/pack.yaml"
    assert problem.column == "style.reference"
    line = (pack / "pack.yaml").read_text(encoding="utf-8").splitlines()[(problem.row or 0) - 1]
    assert "reference: house.docx" in line
    assert problem.value == "house.docx"
    assert problem.expected


def test_a_damaged_reference_is_read_or_refused(tmp_path: Path) -> None:
    whole = reference()
    pack = pack_with(tmp_path, whole)
    refused = 0
    for at in range(0, len(whole), len(whole) // 150):
        damaged = whole[:at] + bytes(255 - byte for byte in whole[at : at + 6]) + whole[at + 6 :]
        (pack / "house.docx").write_bytes(damaged)
        try:
            read_reference(pack, "house.docx", file="pack.yaml", row=1)
        except InputError:
            refused += 1
    assert refused


@pytest.mark.parametrize("name", ["../house.docx", "/etc/passwd", "en/../../house.docx"])
def test_a_reference_outside_the_pack(tmp_path: Path, name: str) -> None:
    (tmp_path / "house.docx").write_bytes(reference())
    pack = pack_with(tmp_path, None, name)

    with pytest.raises(InputError, match="stands outside the pack"):
        open_pack(str(pack), "en")


def test_a_link_that_leads_out_of_the_pack(tmp_path: Path) -> None:
    (tmp_path / "house.docx").write_bytes(reference())
    pack = pack_with(tmp_path, None)
    (pack / "house.docx").symlink_to(tmp_path / "house.docx")

    with pytest.raises(InputError, match="stands outside the pack"):
        open_pack(str(pack), "en")


def test_a_page_without_room_for_text(tmp_path: Path) -> None:
    document = docx.Document(io.BytesIO(reference()))
    document.sections[-1].left_margin = Cm(18)

    with pytest.raises(InputError, match="leaves too little room"):
        look_of(tmp_path, saved(document))
