"""The Word package: python-docx's template emptied, our parts added, saved the same every time."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
from docx.opc.packuri import PackURI
from docx.opc.part import Part as OpcPart

from dossier.render.fixed_zip import fixed_zip
from dossier.render.word.xml import parsed

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_IMAGE = f"{_OFFICE}/image"
_HYPERLINK = f"{_OFFICE}/hyperlink"
_THEME = f"{_OFFICE}/theme"
_MAIN_PART = f"{_OFFICE}/officeDocument"


class Part(OpcPart):
    """A part whose content is written after it has been related to."""

    content: bytes = b""

    @property
    def blob(self) -> bytes:
        """Content at the time of saving."""
        return self.content


def empty_document() -> Any:
    """python-docx's default document without its styles, settings, thumbnail and custom XML."""
    document = docx.Document()
    for owner, kept in ((document.part, {_THEME}), (document.part.package, {_MAIN_PART})):
        for key, relationship in list(owner.rels.items()):
            if relationship.reltype not in kept:
                del owner.rels[key]
    return document


def with_body(part: Any, blocks: str, section: str) -> Any:
    """The document whose body holds the blocks and one section.

    The body is parsed in its place: lxml takes seconds to move thousands of rows between trees.
    """
    content = f"<w:body>{blocks}<w:sectPr>{section}</w:sectPr></w:body>"
    part._element = parsed("w:document", content, "w r wp a pic asvg")
    return part.document


def add_part(
    owner: Any, name: str, content_type: str, relationship: str, content: str = ""
) -> Part:
    """Add a part that ``owner`` (a part or the package) has a relationship to."""
    package = getattr(owner, "package", owner)
    part = Part(PackURI(name), content_type, None, package)
    part.content = content.encode()
    owner.relate_to(part, relationship)
    return part


def web_relationship(part: Any) -> Callable[[str], str]:
    """A function from a web address to the id of the part's relationship to it."""

    def relate(address: str) -> str:
        return str(part.relate_to(address, _HYPERLINK, is_external=True))

    return relate


def add_picture(part: Any, png: bytes) -> str:
    """Add a PNG picture, once for equal bytes; returns the id of the relationship."""
    relationship, _ = part.get_or_add_image(io.BytesIO(png))
    return str(relationship)


def add_vector(part: Any, svg: bytes, number: int) -> str:
    """Add an SVG picture under a number of its own; returns the id of the relationship."""
    vector = Part(PackURI(f"/word/media/figure{number}.svg"), "image/svg+xml", None, part.package)
    vector.content = svg
    return str(part.relate_to(vector, _IMAGE))


def theme_of(document: Any) -> Any:
    """The theme part of a document."""
    return document.part.part_related_by(_THEME)


def saved(document: Any) -> bytes:
    """The package as bytes that depend on its content alone, not on the clock or the machine."""
    written = io.BytesIO()
    document.save(written)
    return fixed_zip(written.getvalue())
