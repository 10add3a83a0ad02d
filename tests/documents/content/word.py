"""Pieces of a Word file, from its XML."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from content.pieces import Kind, Reading, mark

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_VECTOR = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"
_PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_SVG = "{http://www.w3.org/2000/svg}"
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"toc \d|table of figures", "entry"),
    (r"heading \d.*|toc heading|unnumbered heading.*", "heading"),
    (r"list (bullet|number).*", "item"),
    (r".*caption", "caption"),
)


def read_word(path: str | Path) -> Reading:
    """Read a Word file without its headers and footers, cached results of fields included."""
    with zipfile.ZipFile(path) as package:
        return _Reader(package).read()


class _Reader:
    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.body = self._part("word/document.xml").find(f"{_W}body")
        self.styles = {
            style.get(f"{_W}styleId"): style
            for style in self._part("word/styles.xml").iter(f"{_W}style")
        }
        self.numbers = _Numbers(self._part("word/numbering.xml"))
        self.files = {
            relation.get("Id"): f"word/{relation.get('Target')}"
            for relation in self._part("word/_rels/document.xml.rels")
        }
        self.reading = Reading()
        self.marks = 0

    def _part(self, name: str) -> etree._Element:
        return etree.fromstring(self.package.read(name))

    def read(self) -> Reading:
        self._banner()
        self._blocks(self.body)
        if "word/footnotes.xml" in self.package.namelist():
            notes = [
                note
                for note in self._part("word/footnotes.xml")
                if note.get(f"{_W}type") in {None, "normal"}
            ]
            for number, note in enumerate(notes, start=1):
                words = "\n".join(self._words(each) for each in note.iter(f"{_W}p"))
                self.reading.add("footnote", f"{number} {words}")
        return self.reading

    def _banner(self) -> None:
        """The status of the dossier, in the header of a title page."""
        for reference in self.body.findall(f"{_W}sectPr/{_W}headerReference"):
            if reference.get(f"{_W}type") == "first":
                header = self._part(self.files[reference.get(f"{_R}id")])
                for paragraph in header.iter(f"{_W}p"):
                    self.reading.add("text", self._words(paragraph))

    def _blocks(self, container: etree._Element) -> None:
        for block in container:
            if block.tag == f"{_W}p":
                self._paragraph(block)
            elif block.tag == f"{_W}tbl":
                self._table(block)
            elif block.tag in {f"{_W}sdt", f"{_W}sdtContent"}:
                self._blocks(block)

    def _paragraph(self, paragraph: etree._Element) -> None:
        style = self._value(paragraph, "pPr/pStyle") or "Normal"
        name = self._value(self.styles[style], "name").lower()
        kind = next((k for pattern, k in _KINDS if re.fullmatch(pattern, name)), "text")
        number = self._number(paragraph, style)
        words = self._words(paragraph)
        for properties in paragraph.iter(_PROPERTIES):
            self._picture(properties)
        self.reading.add(kind, f"{number} {words}" if number not in {"", "•"} else words)

    def _picture(self, properties: etree._Element) -> None:
        drawing = properties.getparent()
        vector = next(drawing.iter(_VECTOR), None)
        if vector is None:
            return  # a logo
        title, described = properties.get("title"), properties.get("descr")
        self.reading.add("alt", f"{title}: {described}")
        svg = self._part(self.files[vector.get(f"{_R}embed")])
        texts = ("".join(text.itertext()) for text in svg.iter(f"{_SVG}text"))
        self.reading.add("drawing", "".join(texts))

    def _table(self, table: etree._Element) -> None:
        described = self._value(table, "tblPr/tblDescription")
        self.reading.add("description", described)
        for cell in table.iterfind(f"{_W}tr/{_W}tc"):
            lines = [self._words(paragraph) for paragraph in cell.iter(f"{_W}p")]
            self.reading.add("cell", "\n".join(lines))

    def _words(self, paragraph: etree._Element) -> str:
        return "".join(self._runs(paragraph))

    def _runs(self, paragraph: etree._Element) -> Iterator[str]:
        """The words of the runs; of fields the results, but no page numbers of contents."""
        codes: list[str] = []
        shows = True
        for element in paragraph.iter(*(f"{_W}{name}" for name in _READ)):
            name = element.tag.removeprefix(_W)
            if name == "fldChar":
                step = element.get(f"{_W}fldCharType")
                if step == "begin":
                    codes.append("")
                elif step == "separate":
                    shows = not codes[-1].strip().startswith("PAGEREF")
                else:
                    codes and codes.pop()
                    shows = True
            elif name == "instrText":
                codes[-1] += element.text
            elif name == "footnoteReference":
                self.marks += 1
                yield mark(str(self.marks))
            elif element.getparent().tag == f"{_W}r" and shows:
                yield _CHARACTERS.get(name) or element.text or ""

    def _number(self, paragraph: etree._Element, style: str) -> str:
        """Number or bullet that Word puts before a paragraph."""
        holder: etree._Element | None = paragraph
        while holder is not None:
            belongs = holder.find(f"{_W}pPr/{_W}numPr")
            if belongs is not None:
                level = self._value(belongs, "ilvl") or "0"
                return self.numbers.next(self._value(belongs, "numId"), int(level))
            holder = self.styles.get(
                style if holder is paragraph else self._value(holder, "basedOn")
            )
        return ""

    @staticmethod
    def _value(element: etree._Element, path: str) -> str:
        found = element.find("/".join(f"{_W}{step}" for step in path.split("/")))
        return "" if found is None else found.get(f"{_W}val", "")


_READ = ("t", *_CHARACTERS, "fldChar", "instrText", "footnoteReference")


class _Numbers:
    """Counts as Word does: levels below start again, lists with an override start at 1."""

    def __init__(self, numbering: etree._Element) -> None:
        self.levels: dict[str, list[tuple[str, str]]] = {}
        for abstract in numbering.iter(f"{_W}abstractNum"):
            self.levels[abstract.get(f"{_W}abstractNumId")] = [
                (
                    level.find(f"{_W}numFmt").get(f"{_W}val"),
                    level.find(f"{_W}lvlText").get(f"{_W}val"),
                )
                for level in abstract.iter(f"{_W}lvl")
            ]
        self.lists = {}
        self.counts: dict[str, list[int]] = {}
        for each in numbering.findall(f"{_W}num"):
            number = each.get(f"{_W}numId")
            abstract = each.find(f"{_W}abstractNumId").get(f"{_W}val")
            own = each.find(f"{_W}lvlOverride") is not None
            self.lists[number] = (abstract, number if own else f"abstract {abstract}")

    def next(self, number: str, level: int) -> str:
        if number == "0":
            return ""
        abstract, counter = self.lists[number]
        counts = self.counts.setdefault(counter, [0] * 9)
        counts[level] += 1
        counts[level + 1 :] = [0] * (8 - level)
        levels = self.levels[abstract]

        def printed(found: re.Match[str]) -> str:
            index = int(found[1]) - 1
            count = counts[index]
            if levels[index][0] in {"upperLetter", "lowerLetter"}:
                letter = chr(ord("A") + count - 1)
                return letter if levels[index][0] == "upperLetter" else letter.lower()
            return str(count)

        kind, pattern = levels[level]
        return "•" if kind == "bullet" else re.sub(r"%(\d)", printed, pattern)
