"""Painted pages made a tagged PDF/UA-1 and PDF/A-2a file.

sRGB.icc is Little CMS's built-in sRGB profile ("No copyright, use freely") with a fixed date.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from dossier.compose.document import Document
from dossier.render.pdf.attachments import Attachment, write_attachments
from dossier.render.pdf.metadata import info, utc, xmp
from dossier.render.pdf.structure import (
    Annotation,
    Element,
    LinkArea,
    MarkedContent,
    Place,
    Structure,
)

_SRGB = Path(__file__).with_name("sRGB.icc")
_PRINTED = 4
"""Annotation flag Print, which PDF/A requires."""


def finish(
    pages: bytes,
    structure: Structure,
    document: Document,
    attachments: tuple[Attachment, ...] = (),
) -> bytes:
    """Add structure, links, outline, metadata and output intent to painted pages.

    Parameters
    ----------
    pages
        The painter's file.
    structure
        What the painter painted.
    document
        For title, language and metadata.
    attachments
        Files to put inside; with them the file is PDF/A-3a in place of PDF/A-2a.

    Returns
    -------
    bytes
        The finished file; the same bytes for the same document.
    """
    with pikepdf.open(io.BytesIO(pages)) as pdf:
        _drop_what_archives_refuse(pdf)
        _StructureWriter(pdf, structure).write()
        _write_outline(pdf, structure)
        _write_identity(pdf, document, part=3 if attachments else 2)
        if attachments:
            write_attachments(pdf, attachments, utc(document))
        result = io.BytesIO()
        pdf.save(
            result,
            deterministic_id=True,
            force_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            recompress_flate=True,
        )
        return result.getvalue()


def _drop_what_archives_refuse(pdf: pikepdf.Pdf) -> None:
    """Remove page transitions and the standard fonts that reportlab lists without embedding."""
    for page in pdf.pages:
        if Name.Trans in page.obj:
            del page.obj[Name.Trans]
        fonts = page.obj.Resources.get(Name.Font, Dictionary())
        for name in list(fonts.keys()):
            if fonts[name].get(Name.Subtype) == Name.Type1:
                del fonts[name]


class _StructureWriter:
    """Writes the structure tree with its parent tree, identifiers and link annotations."""

    def __init__(self, pdf: pikepdf.Pdf, structure: Structure) -> None:
        self.pdf = pdf
        self.structure = structure
        self.pages = [page.obj for page in pdf.pages]
        self.owners: dict[MarkedContent, Any] = {}
        self.link_owners: dict[int, Any] = {}
        self.identifiers: dict[str, Any] = {}
        self.annotations: list[Any] = []

    def write(self) -> None:
        """Write everything."""
        self._write_annotations()
        root = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root.K = self._element(self.structure.root, root)
        root.ParentTree = self._parent_tree()
        root.ParentTreeNextKey = len(self.pages) + len(self.annotations)
        if self.identifiers:
            root.IDTree = self._id_tree()
        self.pdf.Root.StructTreeRoot = root
        self.pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _write_annotations(self) -> None:
        by_page: dict[int, list[Any]] = {}
        for index, area in enumerate(self.structure.link_areas):
            annotation = self.pdf.make_indirect(self._annotation(area, len(self.pages) + index))
            self.annotations.append(annotation)
            by_page.setdefault(area.page, []).append(annotation)
        for index, page in enumerate(self.pages):
            page.StructParents = index
            page.Tabs = Name.S
            if index in by_page:
                page.Annots = Array(by_page[index])

    def _annotation(self, area: LinkArea, key: int) -> Any:
        annotation = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=_numbers(area.box),
            Border=Array([0, 0, 0]),
            F=_PRINTED,
            Contents=String(area.target.spoken),
            StructParent=key,
        )
        if area.target.url:
            annotation.A = Dictionary(S=Name.URI, URI=_address(area.target.url))
        else:
            annotation.Dest = self._destination(self.structure.places[area.target.anchor])
        return annotation

    def _destination(self, place: Place) -> Any:
        return Array([self.pages[place.page], Name.XYZ, 0, round(place.y + 8, 2), None])

    def _element(self, element: Element, parent: Any) -> Any:
        entries = {"/S": _name(element.tag), "/P": parent}
        texts = {"/Alt": element.alt, "/T": element.title, "/ID": element.identifier}
        entries |= {key: String(text) for key, text in texts.items() if text}
        node = self.pdf.make_indirect(Dictionary(entries))
        if element.identifier:
            self.identifiers[element.identifier] = node
        attributes = _attributes(element)
        if attributes is not None:
            node.A = attributes
        children = list(self._children(element, node))
        if children:
            node.K = children[0] if len(children) == 1 else Array(children)
        return node

    def _children(self, element: Element, node: Any) -> Iterator[Any]:
        own_page: int | None = None
        for child in element.children:
            match child:
                case Element():
                    if not child.is_empty:
                        yield self._element(child, node)
                case MarkedContent(page, number):
                    self.owners[child] = node
                    if own_page is None:
                        node.Pg, own_page = self.pages[page], page
                    if page == own_page:
                        yield number
                    else:
                        yield Dictionary(Type=Name.MCR, Pg=self.pages[page], MCID=number)
                case Annotation(index):
                    self.link_owners[index] = node
                    page_object = self.pages[self.structure.link_areas[index].page]
                    yield Dictionary(Type=Name.OBJR, Obj=self.annotations[index], Pg=page_object)

    def _parent_tree(self) -> Any:
        numbers: list[Any] = []
        for page, elements in enumerate(self.structure.marked):
            owners = [self.owners[MarkedContent(page, n)] for n in range(len(elements))]
            numbers += [page, self.pdf.make_indirect(Array(owners))]
        for index in range(len(self.annotations)):
            numbers += [len(self.pages) + index, self.link_owners[index]]
        return self.pdf.make_indirect(Dictionary(Nums=Array(numbers)))

    def _id_tree(self) -> Any:
        ordered = sorted(self.identifiers, key=lambda identifier: bytes(String(identifier)))
        names = [part for name in ordered for part in (String(name), self.identifiers[name])]
        leaf = Dictionary(
            Names=Array(names), Limits=Array([String(ordered[0]), String(ordered[-1])])
        )
        return self.pdf.make_indirect(Dictionary(Kids=Array([self.pdf.make_indirect(leaf)])))


@cache
def _name(tag: str) -> Any:
    return Name("/" + tag)


def _attributes(element: Element) -> Any:
    """The attribute dictionary of an element, None without attributes."""
    match element.tag:
        case "TH" | "TD":
            if not element.scope and element.column_span <= 1:
                return None
            table = Dictionary(O=Name.Table)
            if element.scope:
                table.Scope = _name(element.scope)
            if element.column_span > 1:
                table.ColSpan = element.column_span
            return table
        case "Table" if element.summary:
            return Dictionary(O=Name.Table, Summary=String(element.summary))
        case "L":
            return Dictionary(O=Name.List, ListNumbering=Name("/" + element.numbering))
        case "Figure" if element.box is not None:
            return Dictionary(O=Name.Layout, BBox=_numbers(element.box), Placement=Name.Block)
    return None


def _numbers(values: tuple[float, ...]) -> Any:
    return Array([round(value, 2) for value in values])


def _address(url: str) -> Any:
    """An address in ASCII, as PDF wants it."""
    from urllib.parse import quote

    return String(quote(url, safe="%/:?#[]@!$&'()*+,;=~-._"))


def _write_outline(pdf: pikepdf.Pdf, structure: Structure) -> None:
    if not structure.bookmarks:
        return
    with pdf.open_outline() as outline:
        open_items: list[pikepdf.OutlineItem] = []
        for bookmark in structure.bookmarks:
            place = structure.places[bookmark.anchor]
            item = pikepdf.OutlineItem(
                bookmark.title, place.page, "XYZ", left=0, top=round(place.y + 8, 2)
            )
            item.is_closed = bookmark.level > 1
            del open_items[bookmark.level - 1 :]
            (open_items[-1].children if open_items else outline.root).append(item)
            open_items.append(item)
    pdf.Root.PageMode = Name.UseOutlines


def _write_identity(pdf: pikepdf.Pdf, document: Document, *, part: int) -> None:
    """Language, title bar, colour space and metadata."""
    root = pdf.Root
    root.Lang = String(document.language)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    profile = pdf.make_stream(_SRGB.read_bytes())
    profile.N = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )
    root.OutputIntents = Array([pdf.make_indirect(intent)])
    root.Metadata = pdf.make_stream(xmp(document, part=part), Type=Name.Metadata, Subtype=Name.XML)
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    for key, value in info(document).items():
        pdf.docinfo[Name("/" + key)] = String(value)
