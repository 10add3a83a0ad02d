"""The title page: title and lines in the upper part, details at the foot."""

from __future__ import annotations

from typing import Any

from dossier.compose.document import HouseStyle, TitlePage
from dossier.render.word.flow import Flow
from dossier.render.word.formatting import layout
from dossier.render.word.heights import lines_of
from dossier.render.word.logo import logo_run
from dossier.render.word.page import text_height, twips
from dossier.render.word.page import text_width as column_width
from dossier.render.word.text_styles import (
    DETAIL_COLUMN,
    LOGO_GAP,
    TitleLook,
)
from dossier.render.word.xml import run, style_of_run, tab

_LEAST_GAP = 30.0
_SAFETY = 18.0
"""Room left over for typefaces whose lines turn out longer than measured here."""


def title_page(block: TitlePage, flow: Flow, part: Any) -> str:
    """The first page; what follows it starts a new one.

    The first detail is pushed down by the space that the page has left. A frame at the foot of
    the page would belong to the paragraph after it, which stands on the next page.
    """
    style = flow.document.style
    lines: list[str] = []
    spare = _spare_height(block, style)
    logo = style.logo
    if logo and logo.on_title:
        shown = logo_run(logo, logo.on_title, part, flow.number())
        above = max(0.0, TitleLook.of(style).above - logo.on_title - LOGO_GAP)
        lines.append(flow.paragraph("TitleLogo", shown))
        lines.append(flow.paragraph("Title", run(block.title), indent=layout(before=above)))
        spare -= max(0.0, logo.on_title + LOGO_GAP - TitleLook.of(style).above)
    else:
        lines.append(flow.paragraph("Title", run(block.title)))
    if block.subtitle:
        lines.append(flow.paragraph("Subtitle", run(block.subtitle)))
    lines += [flow.paragraph("TitleLine", run(line)) for line in block.lines]
    label = style_of_run("TitleLabel")
    gap = layout(before=max(_LEAST_GAP, spare - _SAFETY))
    for position, (name, value) in enumerate(block.details):
        content = run(name, label) + tab() + run(value)
        lines.append(flow.paragraph("TitleDetail", content, indent="" if position else gap))
    flow.breaks_page = True
    return "".join(lines)


def _spare_height(block: TitlePage, style: HouseStyle) -> float:
    """Points that title, lines and details leave of the page."""
    look = TitleLook.of(style)
    width = column_width(style) / twips(1)
    used = look.above + look.title_rule
    used += (
        lines_of(block.title, look.title_size, width, "bold") * look.title_line + look.title_after
    )
    if block.subtitle:
        used += lines_of(block.subtitle, look.subtitle_size, width) * look.subtitle_line
        used += look.subtitle_after
    for line in block.lines:
        used += lines_of(line, look.line_size, width) * look.line_line + look.line_after
    for _, value in block.details:
        used += lines_of(value, look.detail_size, width - DETAIL_COLUMN) * look.detail_line
        used += look.detail_rule
    return text_height(style) / twips(1) - used
