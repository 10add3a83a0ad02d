"""Parts about the document as a whole: settings, typefaces, theme and properties."""

from __future__ import annotations

import datetime
from typing import Any

from docx.oxml import parse_xml
from lxml import etree

from dossier.compose.document import Document, HouseStyle
from dossier.render.word.footnotes import FOOTNOTE_SETTINGS
from dossier.render.word.formatting import color
from dossier.render.word.package import add_part, theme_of
from dossier.render.word.xml import DECLARATION, NAMESPACES, declared, escaped

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_RELATIONSHIPS = f"{_OFFICE}/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_WORD = "http://schemas.microsoft.com/office/word"
_PROPERTY_SET = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # fixed by Office for custom properties


def add_word_parts(owner: Any, document: Document, styles: str, numbering: str) -> None:
    """Add the parts that the document part refers to.

    Parameters
    ----------
    owner
        The document part.
    document
        The model, for language and typeface.
    styles, numbering
        The content of those parts.
    """
    for name, content in (
        ("styles", styles),
        ("numbering", numbering),
        ("settings", _settings(document.language)),
        ("fontTable", _font_table(document.style.word_font)),
    ):
        relationship = f"{_RELATIONSHIPS}/{name}"
        add_part(owner, f"/word/{name}.xml", f"{_WORD_TYPE}.{name}+xml", relationship, content)


def add_properties(package: Any, document: Document, page_count: int) -> None:
    """Add title, author, dates and the named values of the document."""
    for name, kind, relationship, content in (
        (
            "core",
            f"{_PACKAGE}/metadata/core-properties",
            f"{_PACKAGE}/relationships/metadata/core-properties",
            _core(document),
        ),
        ("app", "extended-properties", f"{_RELATIONSHIPS}/extended-properties", _app(page_count)),
        ("custom", "custom-properties", f"{_RELATIONSHIPS}/custom-properties", _custom(document)),
    ):
        content_type = (
            "application/vnd.openxmlformats-package.core-properties+xml"
            if name == "core"
            else f"application/vnd.openxmlformats-officedocument.{kind}+xml"
        )
        if content:
            add_part(package, f"/docProps/{name}.xml", content_type, relationship, content)


def dress_theme(document: Any, style: HouseStyle) -> None:
    """Give the theme the typeface and colours of the house, which Word offers to its users."""
    part = theme_of(document)
    theme = parse_xml(part.blob)
    drawing = f"{{{NAMESPACES['a']}}}"
    for slot in ("majorFont", "minorFont"):
        for latin in theme.iter(f"{drawing}{slot}"):
            latin.find(f"{drawing}latin").set("typeface", style.word_font)
    for slot, value in (("accent1", style.accent), ("dk2", style.accent), ("hlink", style.link)):
        for entry in theme.iter(f"{drawing}{slot}"):
            entry[:] = [etree.Element(f"{drawing}srgbClr", val=color(value))]
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _settings(language: str) -> str:
    tag = escaped(language)
    point = language.split("-")[0] == "en"
    options = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="{_WORD}" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", "15"),
            ("overrideTableStyleFontSizeAndJustification", "1"),
            ("enableOpenTypeFeatures", "1"),
            ("doNotFlipMirrorIndents", "1"),
            ("differentiateMultirowTableHeaders", "1"),
        )
    )
    scheme = "".join(
        f' w:{ours}="{theirs}"'
        for ours, theirs in (
            ("bg1", "light1"),
            ("t1", "dark1"),
            ("bg2", "light2"),
            ("t2", "dark2"),
            *((f"accent{i}", f"accent{i}") for i in range(1, 7)),
            ("hyperlink", "hyperlink"),
            ("followedHyperlink", "followedHyperlink"),
        )
    )
    return (
        f'{DECLARATION}<w:settings {declared("w")}><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>'
        f"{FOOTNOTE_SETTINGS}<w:compat>{options}</w:compat>"
        f'<w:themeFontLang w:val="{tag}"/><w:clrSchemeMapping{scheme}/>'
        f'<w:decimalSymbol w:val="{"." if point else ","}"/>'
        f'<w:listSeparator w:val="{"," if point else ";"}"/></w:settings>'
    )


def _font_table(font: str) -> str:
    return (
        f'{DECLARATION}<w:fonts {declared("w")}><w:font w:name="{escaped(font)}">'
        '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )


def _core(document: Document) -> str:
    date = document.date
    # Without a time zone it would be read in that of the machine.
    date = date.astimezone(datetime.UTC) if date.tzinfo else date
    moment = date.strftime("%Y-%m-%dT%H:%M:%SZ")
    author = escaped(document.author)
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escaped(document.title)}</dc:title>"
        f"<dc:subject>{escaped(document.subject)}</dc:subject>"
        f"<dc:creator>{author}</dc:creator><cp:lastModifiedBy>{author}</cp:lastModifiedBy>"
        "<cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        f"<dc:language>{escaped(document.language)}</dc:language></cp:coreProperties>"
    )


def _app(page_count: int) -> str:
    return (
        f'{DECLARATION}<Properties xmlns="{_OFFICE}/extended-properties">'
        f"<Pages>{page_count}</Pages><Application>dossier</Application></Properties>"
    )


def _custom(document: Document) -> str:
    if not document.properties:
        return ""
    values = "".join(
        f'<property fmtid="{_PROPERTY_SET}" pid="{number}" name="{escaped(name)}">'
        f"<vt:lpwstr>{escaped(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(document.properties.items(), start=2)
    )
    return (
        f'{DECLARATION}<Properties xmlns="{_OFFICE}/custom-properties"'
        f' xmlns:vt="{_OFFICE}/docPropsVTypes">{values}</Properties>'
    )
