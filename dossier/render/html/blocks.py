"""Blocks of text: paragraphs, lists, callouts and the title page."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from dossier.compose.document import BulletList, Callout, Inline, Logo, Paragraph, TitlePage
from dossier.render.html.inlines import Inlines
from dossier.render.html.markup import Attribute, breakable, classes, element, escaped
from dossier.render.scene_svg import scene_svg


def paragraph(block: Paragraph, inlines: Inlines, *, new_page: str) -> str:
    """A paragraph of body text, an opening statement or a small note."""
    style = "" if block.style == "body" else block.style
    return element("p", inlines.markup(block.children), class_=classes(style, new_page))


def bullet_list(block: BulletList, inlines: Inlines, *, new_page: str) -> str:
    """A list; nothing when it has no items."""
    items = "\n".join(element("li", inlines.markup(item)) for item in block.items)
    return element("ol" if block.ordered else "ul", items, class_=new_page) if items else ""


def callout(block: Callout, inlines: Inlines, *, new_page: str) -> str:
    """A boxed statement, a note to assistive technology; its title names it."""
    lines: list[str] = []
    named: dict[str, Attribute] = {}
    if block.title:
        place = inlines.ids.fresh("note")
        named["aria_labelledby"] = place
        lines.append(element("p", inlines.markup(block.title), class_="callout-title", id=place))
    lines += [element("p", inlines.markup(words)) for words in block.paragraphs]
    style = classes("callout", f"tone-{block.tone}", new_page)
    return element("div", "\n".join(lines), class_=style, role="note", **named)


def title_page(block: TitlePage, *, tag: str, new_page: str, logo: Logo | None = None) -> str:
    """Title, subtitle and lines, and the details as pairs of term and value.

    Parameters
    ----------
    block
        The title page.
    tag
        ``h1`` where it names the whole document, else ``p``.
    new_page
        Class of what starts a page, or ``""``.
    logo
        The logo of the house.
    """
    lines = [element(tag, escaped(block.title), class_="title")]
    if block.subtitle:
        lines.append(element("p", escaped(block.subtitle), class_="subtitle"))
    lines += [element("p", escaped(line), class_="title-line") for line in block.lines]
    details = "\n".join(
        element("div", element("dt", escaped(name)) + element("dd", breakable(value)))
        for name, value in block.details
    )
    if details:
        lines.append(element("dl", details))
    shown = f"{_logo(logo)}\n" if logo and logo.on_title else ""
    return shown + element("div", "\n".join(lines), class_=classes("title-page", new_page))


def _logo(logo: Logo) -> str:
    """The logo as a picture inside the page, which a browser never runs."""
    kind, content = "png", logo.picture
    if not isinstance(content, bytes):
        kind, content = "svg+xml", scene_svg(content)
    data = f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
    height = round(logo.on_title / 0.75)  # points to pixels of a page
    width = round(logo.on_title * logo.shape / 0.75)
    return element("img", class_="logo", src=data, alt=logo.alt, width=width, height=height)


def notes_below(notes: Sequence[Sequence[Inline]], inlines: Inlines) -> str:
    """Small paragraphs below a table or figure."""
    lines = "\n".join(element("p", inlines.markup(words)) for words in notes)
    return element("div", lines, class_="notes") if lines else ""
