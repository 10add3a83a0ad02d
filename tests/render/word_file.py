"""Reading a Word file back in the tests of the Word renderer."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree
from sample import sample_document

from dossier.compose.document import Block, Document
from dossier.render.page_layout import PageLayout
from dossier.render.word.write import render_word

NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
}
W = f"{{{NAMES['w']}}}"
R = f"{{{NAMES['r']}}}"


def page_map(document: Document) -> dict[str, int]:
    anchors = [block.anchor for block in document.blocks if hasattr(block, "anchor")]
    return {anchor: 2 + position for position, anchor in enumerate(anchors)}


def rendered(document: Document) -> bytes:
    return render_word(document, PageLayout(page_map(document), 42))


def document_of(*blocks: Block, **changes: object) -> Document:
    return replace(sample_document(), blocks=blocks, **changes)  # type: ignore[arg-type]


def part(content: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return etree.fromstring(package.read(name))


def body_of(*blocks: Block, **changes: object) -> etree._Element:
    return part(rendered(document_of(*blocks, **changes)), "word/document.xml").find(f"{W}body")


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return etree.XPath(path, namespaces=NAMES)(element)  # type: ignore[no-any-return]


def words(element: etree._Element) -> str:
    """Characters as a reader sees them; field codes are other elements."""
    return "".join(find(element, ".//w:t/text()"))


def style_of(paragraph: etree._Element) -> str:
    return paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val")


def paragraphs(body: etree._Element) -> list[tuple[str, str]]:
    return [(style_of(p), words(p)) for p in body.iter(f"{W}p")]


def fields(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Each field's code and its cached result, inner fields before outer ones."""
    open_fields: list[list[str]] = []
    for node in element.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
        kind = node.get(f"{W}fldCharType")
        if kind == "begin":
            open_fields.append(["", "", "code"])
        elif kind == "separate":
            open_fields[-1][2] = "result"
        elif kind == "end":
            code, result, _ = open_fields.pop()
            yield re.sub(r"\s+", " ", code).strip(), result
        elif node.tag == f"{W}instrText":
            open_fields[-1][0] += node.text
        elif open_fields:
            for each in open_fields:
                each[1] += node.text
    assert not open_fields
