"""WordprocessingML as strings: escaped text, runs, fields, bookmarks and links.

Every function returns XML without namespace declarations; `parsed` adds them. Strings are put
together and parsed once, because building thousands of cells node by node is slow.
"""

from __future__ import annotations

import re
from typing import Any

from docx.oxml import parse_xml

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
}
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_WHITE_SPACE = str.maketrans("\t\n\r", "   ")


def escaped(text: str) -> str:
    """Text as it stands in an element or in an attribute between double quotes.

    Tabs and line ends become spaces: a break is a `LineBreak` of the model, never a character.

    Raises
    ------
    ValueError
        When a character cannot stand in XML, such as a control character, or turns the direction
        of the words after it, so that a number would read differently; names it.
    """
    if found := _ILLEGAL.search(text) or _TURNING.search(text):
        raise ValueError(
            f"character U+{ord(found[0]):04X} cannot be written to a Word file:"
            f" {text[max(0, found.start() - 40) : found.end() + 40]!r}"
        )
    plain = text.translate(_WHITE_SPACE)
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        plain = plain.replace(character, entity)
    return plain


def declared(prefixes: str = "w r") -> str:
    """Namespace declarations for a root element."""
    return " ".join(f'xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in prefixes.split())


def parsed(root: str, content: str, prefixes: str = "w r") -> Any:
    """The element `root`, such as ``w:body``, around the content."""
    return parse_xml(f"<{root} {declared(prefixes)}>{content}</{root}>")


def run(text: str, properties: str = "") -> str:
    """A run of characters; ``properties`` is the inside of ``w:rPr``."""
    return _run(f'<w:t xml:space="preserve">{escaped(text)}</w:t>', properties) if text else ""


def tab() -> str:
    """A tab character."""
    return _run("<w:tab/>", "")


def line_break() -> str:
    """A new line in the same paragraph."""
    return _run("<w:br/>", "")


def field_start(instruction: str, properties: str = "") -> str:
    """The opening of a field, up to where its result begins; `field_end` closes it."""
    code = f'<w:instrText xml:space="preserve"> {escaped(instruction)} </w:instrText>'
    return (
        _run('<w:fldChar w:fldCharType="begin"/>', properties)
        + _run(code, properties)
        + _run('<w:fldChar w:fldCharType="separate"/>', properties)
    )


def field_end(properties: str = "") -> str:
    """The closing of a field."""
    return _run('<w:fldChar w:fldCharType="end"/>', properties)


def field(instruction: str, result: str, properties: str = "") -> str:
    """A field with the result that is printed until somebody updates it."""
    return field_start(instruction, properties) + run(result, properties) + field_end(properties)


def bookmark(number: int, name: str, content: str) -> str:
    """Content with a name; ``number`` is unique in the document."""
    start = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'
    return f'{start}{content}<w:bookmarkEnd w:id="{number}"/>'


def internal_link(name: str, content: str) -> str:
    """Runs that lead to a bookmark."""
    return f'<w:hyperlink w:anchor="{name}" w:history="1">{content}</w:hyperlink>'


def external_link(relationship: str, content: str) -> str:
    """Runs that lead to the target of a relationship."""
    return f'<w:hyperlink r:id="{relationship}" w:history="1">{content}</w:hyperlink>'


def paragraph(style: str, content: str, properties: str = "") -> str:
    """A paragraph; ``properties`` is what ``w:pPr`` holds beside the style, in schema order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def style_of_run(style: str) -> str:
    """Properties of a run in a character style."""
    return f'<w:rStyle w:val="{style}"/>'


def _run(content: str, properties: str) -> str:
    return (
        f"<w:r><w:rPr>{properties}</w:rPr>{content}</w:r>"
        if properties
        else f"<w:r>{content}</w:r>"
    )
