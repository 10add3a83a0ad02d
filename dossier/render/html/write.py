"""A document as one HTML file that needs nothing else.

The page has landmarks (header, contents, main, footer), loads nothing, and runs nothing: its
policy forbids both, so that words that look like markup can do no harm even where they got in.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Sequence

from dossier.compose.document import (
    Block,
    Contents,
    Document,
    Heading,
    PageBreak,
    TitlePage,
)
from dossier.render.html.blocks import title_page
from dossier.render.html.contents import contents, heading_words
from dossier.render.html.ids import Ids
from dossier.render.html.inlines import Inlines
from dossier.render.html.markup import UnwritableError, classes, element, escaped, writable
from dossier.render.html.sections import Sections
from dossier.render.html.style_sheet import style_sheet

__all__ = ["UnwritableError", "render_html"]

TOOL = "dossier"


def render_html(document: Document) -> bytes:
    """Write a document as a self-contained HTML file.

    Parameters
    ----------
    document
        What to write. The same document gives the same bytes.

    Raises
    ------
    UnwritableError
        When a page may not hold a character, such as a control character.
    ValueError
        When an anchor is used twice, a cross-reference leads nowhere, a table is ragged, a link is
        no web address, or a colour is none.
    """
    ids = Ids(document)
    title, lists, rest = _front(document.blocks)
    main = Sections(document, Inlines(document, ids)).markup(rest)
    content = ids.fresh("content")
    side = "\n".join(contents(block, document, ids, new_page="") for block in lists)
    body = [
        _skip_link(document, rest, ids, content),
        _header(document, title),
        element("div", side, class_="side") if side else "",
        element("main", f"\n{main}\n", id=content),
        element("footer", element("p", escaped(document.footer))) if document.footer else "",
    ]
    looks = classes("with-title" if title else "", "with-side" if side else "")
    written = element("body", "\n".join(filter(None, body)), class_=looks)
    page = element("html", f"\n{_head(document)}\n{written}\n", lang=document.language)
    return f"<!DOCTYPE html>\n{page}\n".encode()


def _front(
    blocks: Sequence[Block],
) -> tuple[TitlePage | None, list[Contents], Sequence[Block]]:
    """Title page and lists that open the document, and what follows them."""
    title = blocks[0] if blocks and isinstance(blocks[0], TitlePage) else None
    start = 1 if title else 0
    end = start
    lists: list[Contents] = []
    while end < len(blocks) and isinstance(block := blocks[end], Contents | PageBreak):
        if isinstance(block, Contents):
            lists.append(block)
        end += 1
    if end > start and isinstance(blocks[end - 1], PageBreak):
        end -= 1  # it is for what follows
    return title, lists, blocks[end:]


def _head(document: Document) -> str:
    sheet = writable(f"\n{style_sheet(document)}")
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    named = {
        "viewport": "width=device-width, initial-scale=1",
        "author": document.author,
        "description": document.subject,
        "generator": TOOL,
        "date": _date(document),
    }
    named |= {f"{TOOL}:{name}": value for name, value in document.properties.items()}
    lines = [
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("title", escaped(document.title)),
        *(element("meta", name=name, content=value) for name, value in named.items() if value),
        element("style", sheet),
    ]
    return element("head", "\n" + "\n".join(lines) + "\n")


def _date(document: Document) -> str:
    date = document.date
    date = date.astimezone(datetime.UTC) if date.tzinfo else date
    return date.strftime("%Y-%m-%dT%H:%M:%SZ")


def _skip_link(document: Document, blocks: Sequence[Block], ids: Ids, content: str) -> str:
    """The first link of the page, seen when it has the focus: past the lists to the text."""
    for block in blocks:
        if isinstance(block, Heading) and heading_words(block):
            words, target = heading_words(block), ids.of(block.anchor)
            break
    else:
        words, target = document.title, content
    return element(
        "a", escaped(f"{document.words.go_to} {words}"), class_="skip", href=f"#{target}"
    )


def _header(document: Document, title: TitlePage | None) -> str:
    """The running line with the banner, and the title page or the document's title."""
    running = element("span", escaped(document.header)) if document.header else ""
    banner = element("strong", escaped(document.banner)) if document.banner else ""
    bar = element("p", f"{running} {banner}".strip(), class_="bar") if running or banner else ""
    shown = title or TitlePage(document.title, "", (), ())
    logo = document.style.logo
    opening = title_page(shown, tag="h1", new_page="", logo=logo if title else None)
    return element("header", f"{bar}\n{opening}")
