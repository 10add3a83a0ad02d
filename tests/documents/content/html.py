"""Pieces of an HTML file."""

from __future__ import annotations

from pathlib import Path

from lxml import etree, html

from content.pieces import Kind, Reading, mark

_LEAVES: dict[str, Kind] = {
    "p": "text", "li": "item",
    **{f"h{level}": "heading" for level in range(1, 7)},
}  # fmt: skip
_SKIPPED = frozenset({"a", "footer", "head", "img", "script", "style"})


def read_html(path: str | Path) -> Reading:
    """Read an HTML file of this project, the running line and footer left out."""
    page = html.fromstring(Path(path).read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    reading = Reading()
    body = page.find("body")
    if "with-title" not in _classes(body):
        body.remove(body.find("header"))  # the title of the file, which others show in a bar
    elif (banner := body.find("header/p[@class='bar']/strong")) is not None:
        reading.add("text", _words(banner))
    _read(body, reading)
    return reading


def _read(element: etree._Element, reading: Reading) -> None:
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _SKIPPED or "bar" in _classes(child):
            continue
        if child.tag == "nav":
            _contents(child, reading)
        elif child.get("role") == "doc-endnotes":
            for note in child.iter("li"):
                words = note.find("span")
                reading.add("footnote", f"{note.find('a').text} {_words(words)}")
        elif "title" in _classes(child):
            reading.add("text", _words(child))  # also where it is the page's first heading
        elif child.tag == "dl":
            for pair in child:
                reading.add("text", " ".join(_words(part) for part in pair))
        elif child.tag == "svg":
            _drawing(child, reading)
        elif child.tag == "div" and "table" in _classes(child):
            _table(child, reading)
        elif child.tag == "figcaption":
            caption, *notes = child.iter("p")
            reading.add("caption", _words(caption))
            for note in notes:
                reading.add("text", _words(note))
        elif child.tag in _LEAVES:
            number = ""
            if child.tag == "li" and child.getparent().tag == "ol":
                number = f"{child.getparent().index(child) + 1}. "
            reading.add(_LEAVES[child.tag], number + _words(child))
        else:
            _read(child, reading)


def _contents(nav: etree._Element, reading: Reading) -> None:
    reading.add("heading", _words(nav.find("h2")))
    for link in nav.iter("a"):
        reading.add("entry", _words(link))


def _table(box: etree._Element, reading: Reading) -> None:
    """Caption, description, cells row by row, notes."""
    grid = box.find(".//table")
    reading.add("caption", _words(grid.find("caption")))
    if described := grid.get("aria-describedby"):
        reading.add("description", _words(box.get_element_by_id(described)))
    for cell in grid.iter("th", "td"):
        reading.add("cell", _words(cell))
    for notes in box.findall("div[@class='notes']"):
        _read(notes, reading)


def _drawing(svg: etree._Element, reading: Reading) -> None:
    reading.add("alt", f"{svg.findtext('title')}: {svg.findtext('desc')}")
    reading.add("drawing", "".join("".join(text.itertext()) for text in svg.iter("text")))


def _words(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == "br":
            parts.append(" ")
        elif child.tag == "sup" and (link := child.find("a[@role='doc-noteref']")) is not None:
            parts.append(mark(link.text))
        else:
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _classes(element: etree._Element) -> list[str]:
    return element.get("class", "").split()
