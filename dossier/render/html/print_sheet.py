"""What is different on paper: pages, running lines, and what is kept together."""

from __future__ import annotations

import re
from string import Template

from dossier.compose.document import Document, TitlePage

_PRINT = Template("""\
@media print {
  html { font-size: ${body}pt }
  body { display: block; padding: 0; line-height: 1.35 }
  body, header, main, .side, footer, main p, main ul, main ol, .callout { max-width: none }
  .skip, footer, .bar span { display: none }
  .bar { position: static; display: block; height: auto; padding: 0; border: 0 }
  .title-page { padding-top: 20vh }
  dl { margin-top: 10vh }
  dl div { grid-template-columns: 1fr 2.9fr }
  a { text-decoration: none }
  .with-title > header { break-after: page }
  .new-page { break-before: page }
  .new-page, .new-page > :first-child { margin-top: 0; padding-top: 0 }
  .contents a { padding: .1rem 0; line-height: 1.25 }
  .table, figure { margin: 1.1rem 0 1.2rem }
  .scroll { overflow: visible }
  table, svg { min-width: 0 }
  svg { width: auto; max-width: 100%; margin: 0 auto }
  caption span { position: static; max-width: none }
  thead { display: table-header-group }
  tr, figure, .callout, .whole-in-print, .footnotes li, .contents li a { break-inside: avoid }
  h1, h2, h3, h4, .callout-title, caption, thead,
  .group tr:first-child { break-after: avoid }
  tbody tr:nth-child(2), tbody:last-child tr:last-child { break-before: avoid }
  .notes { break-before: avoid }
  p, li { orphans: 2; widows: 2 }
  tr > *, .callout, tr, .title-page::before { print-color-adjust: exact;
    -webkit-print-color-adjust: exact }
  :target { background: none }
}
@page { size: $page; margin: ${top}pt ${right}pt ${bottom}pt ${left}pt;
  @top-left { $line content: $header }
  @top-right { $line color: $accent; font-weight: bold; content: $banner }
  @bottom-left { $line content: $footer }
  @bottom-right { $line content: $page_of }
}
""")
_FIRST_PAGE = """\
@page :first {
  @top-left { content: none }
  @top-right { content: none }
  @bottom-left { content: none }
  @bottom-right { content: none }
}
"""
_LINE = "font: 8pt Arial, 'Liberation Sans', Helvetica, sans-serif; color: #4A525C;"


def print_sheet(document: Document) -> str:
    """Rules for paper, with the document's running lines in the margins."""
    style = document.style
    rules = _PRINT.substitute(
        body=f"{style.body_size:g}",
        page=style.page,
        top=f"{style.margin_top:g}",
        right=f"{style.margin_right:g}",
        bottom=f"{style.margin_bottom:g}",
        left=f"{style.margin_left:g}",
        accent=style.accent,
        line=_LINE,
        header=_quoted(document.header),
        banner=_quoted(document.banner),
        footer=_quoted(document.footer),
        page_of=_page_of(document.words.page_of),
    )
    has_title_page = bool(document.blocks) and isinstance(document.blocks[0], TitlePage)
    return rules + (_FIRST_PAGE if has_title_page else "")


def _page_of(pattern: str) -> str:
    """``Page {page} of {pages}`` with counters at the placeholders, in whatever order."""
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    pieces = filter(None, re.split(r"(\{pages?\})", pattern))
    return " ".join(counters.get(piece) or _quoted(piece) for piece in pieces) or '""'


def _quoted(text: str) -> str:
    """Text as a string of a style sheet; every sign that could end it is written by its code."""
    return '"' + re.sub(r"[^\w .,;:·–—()\u00a0-]", _code, text) + '"'


def _code(sign: re.Match[str]) -> str:
    return f"\\{ord(sign[0]):x} "
