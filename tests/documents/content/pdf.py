"""Pieces of a tagged PDF, from its structure tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from content.pieces import Reading, mark

_BULLETS = frozenset("•–-")


@dataclass
class Node:
    """An element of the structure tree with what is printed for it.

    Attributes
    ----------
    tag
        Standard structure type.
    alt, title, summary
        What it says beside what is printed.
    children
        Elements, and strings with the page they are printed on, from 1.
    """

    tag: str
    alt: str = ""
    title: str = ""
    summary: str = ""
    children: list[Node | tuple[int, str]] = field(default_factory=list)

    def find(self, *tags: str) -> Iterator[Node]:
        """Elements of these types below this one, none inside another."""
        for child in self.children:
            if isinstance(child, Node):
                if child.tag in tags:
                    yield child
                else:
                    yield from child.find(*tags)

    def strings(self) -> list[tuple[int, str]]:
        """Everything printed for it and below, in order."""
        found: list[tuple[int, str]] = []
        for child in self.children:
            found += child.strings() if isinstance(child, Node) else [child]
        return found

    @property
    def page(self) -> int:
        """Page on which it begins; 0 when nothing is printed."""
        return next((page for page, text in self.strings() if text.strip()), 0)


def read_pdf(path: str | Path) -> Reading:
    """Read a tagged PDF; what is an artifact, such as a repeated header, is no part of it."""
    reading = Reading()
    _read(structure(path), reading)
    return reading


def structure(path: str | Path) -> Node:
    """The structure tree of a PDF with its printed words."""
    with pikepdf.open(path) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        root = pdf.Root.StructTreeRoot
        roles = {str(name): str(role) for name, role in root.get("/RoleMap", {}).items()}
        return _Tree(pages, roles, _texts(pdf)).node(root, None)


@dataclass
class _Tree:
    pages: dict[tuple[int, int], int]
    roles: dict[str, str]
    texts: dict[tuple[int, int], str]

    def node(self, element: Any, page: int | None) -> Node:
        if (own := element.get("/Pg")) is not None:
            page = self.pages[own.objgen]
        tag = str(element.get("/S", "/Root"))
        attributes = element.get("/A", ())
        summary = ""
        for each in attributes if isinstance(attributes, pikepdf.Array) else [attributes]:
            if isinstance(each, pikepdf.Dictionary):
                summary = str(each.get("/Summary", summary))
        node = Node(
            self.roles.get(tag, tag).removeprefix("/"),
            str(element.get("/Alt", "")),
            str(element.get("/T", "")),
            summary,
        )
        kids = element.get("/K", ())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                node.children.append(self._string(page, kid))
            elif "/MCID" in kid:
                kid_page = self.pages[kid.Pg.objgen] if "/Pg" in kid else page
                node.children.append(self._string(kid_page, int(kid.MCID)))
            elif "/S" in kid:
                node.children.append(self.node(kid, page))
        return node

    def _string(self, page: int | None, number: int) -> tuple[int, str]:
        assert page is not None
        return page + 1, self.texts.get((page, number), "")


def _texts(pdf: pikepdf.Pdf) -> dict[tuple[int, int], str]:
    """Printed words by page, from 0, and number of the marked content."""
    found: dict[tuple[int, int], str] = {}
    fonts: dict[tuple[int, int], dict[bytes, str]] = {}
    for number, page in enumerate(pdf.pages):
        named = page.Resources.get("/Font", {})
        characters: dict[bytes, str] = {}
        marks: list[int] = []
        for operands, operator in pikepdf.parse_content_stream(page, "BDC BMC EMC Tf Tj TJ"):
            match str(operator):
                case "BMC":
                    marks.append(-1)
                case "BDC":
                    properties = operands[1]
                    has_number = (
                        isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties
                    )
                    marks.append(int(properties.MCID) if has_number else -1)
                case "EMC":
                    marks.pop()
                case "Tf":
                    font = named[operands[0]]
                    if font.objgen not in fonts:
                        fonts[font.objgen] = _characters(font.ToUnicode.read_bytes())
                    characters = fonts[font.objgen]
                case _ if marks:
                    shown = operands[0] if isinstance(operands[0], pikepdf.Array) else operands
                    codes = b"".join(bytes(s) for s in shown if isinstance(s, pikepdf.String))
                    place = number, marks[-1]
                    found[place] = found.get(place, "") + _decoded(codes, characters)
    return found


def _characters(cmap: bytes) -> dict[bytes, str]:
    """Characters by code, as a font's ToUnicode map has them."""
    found: dict[bytes, str] = {}
    for section in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, character in re.findall(rb"<(\w+)>\s*<(\w+)>", section):
            found[bytes.fromhex(code.decode())] = _utf_16(character)
    for section in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, character in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", section):
            start = int(first, 16)
            for code in range(start, int(last, 16) + 1):
                name = code.to_bytes(len(first) // 2, "big")
                found[name] = chr(ord(_utf_16(character)) + code - start)
    return found


def _utf_16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")


def _decoded(codes: bytes, characters: dict[bytes, str]) -> str:
    size = len(next(iter(characters)))
    return "".join(characters[codes[i : i + size]] for i in range(0, len(codes), size))


def _read(node: Node, reading: Reading) -> None:
    for child in node.children:
        if not isinstance(child, Node):
            continue
        if re.fullmatch(r"H\d?", child.tag):
            reading.add("heading", _words(child))
        elif child.tag == "P":
            reading.add("text", _words(child))
        elif child.tag == "TOCI":
            reading.add("entry", "".join(text for _, text in child.strings()[:-1]))
        elif child.tag == "LI":
            label = "".join(_words(each) for each in child.find("Lbl")).strip()
            words = "".join(_words(each) for each in child.find("LBody"))
            reading.add("item", words if label in _BULLETS else f"{label} {words}")
        elif child.tag == "Caption":
            reading.add("caption", _words(child))
        elif child.tag == "Table":
            _table(child, reading)
        elif child.tag == "Figure" and not any(child.find("Figure")):
            reading.add("alt", f"{child.title}: {child.alt}")
            reading.add("drawing", _words(child))
        elif child.tag == "Note":
            label = "".join(_words(each) for each in child.find("Lbl"))
            words = "".join(
                text
                for each in child.children
                if each not in [*child.find("Lbl")]
                for _, text in (each.strings() if isinstance(each, Node) else [each])
            )
            reading.add("footnote", f"{label} {words}")
        else:
            _read(child, reading)


def _table(table: Node, reading: Reading) -> None:
    if not table.title and any(table.find("TBody")):
        for pair in table.find("TR"):  # the details of the title page
            reading.add("text", " ".join(_words(part) for part in pair.find("TH", "TD")))
        return
    for caption in table.find("Caption"):
        reading.add("caption", _words(caption))
    reading.add("description", table.summary)
    for cell in table.find("TH", "TD"):
        reading.add("cell", _words(cell))


def _words(node: Node) -> str:
    parts: list[str] = []
    for child in node.children:
        if not isinstance(child, Node):
            parts.append(child[1])
        elif child.tag == "Note":
            continue
        elif child.tag == "Reference":
            number = _words(child)
            parts.append(mark(number) + number[len(number.rstrip()) :])
        else:
            parts.append(_words(child))
    return "".join(parts)
