"""The house style as a style sheet: what the page looks like on a screen.

Sizes are relative to the body text, which has the size that the reader has chosen.
"""

from __future__ import annotations

import re
from string import Template
from typing import get_args

from dossier.compose.document import Document, HouseStyle, Tone
from dossier.render.html.print_sheet import print_sheet
from dossier.render.html.tables import DEEPEST_INDENT, column_rules
from dossier.render.scene_svg import FONTS

INK = "#1B1F24"
QUIET_INK = "#4A525C"

_SCREEN = Template("""\
* { box-sizing: border-box }
html { color-scheme: light; scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100%;
  text-size-adjust: 100% }
body { margin: 0; padding: 2.25rem 1rem 3rem; background: #FFFFFF; color: $ink;
  font: 1rem/1.5 $fonts; overflow-wrap: anywhere }
header, main, .side, footer { max-width: 60rem; margin-left: auto; margin-right: auto }
p, ul, ol, dl { margin: 0 0 .8em }
main p, main ul, main ol, .callout { max-width: 46rem }
ul, ol { padding-left: 1.5rem }
li { margin-bottom: .3em }
a { color: $link; text-decoration-thickness: .07em; text-underline-offset: .15em }
.range { white-space: nowrap }
a.number { color: inherit; text-decoration: underline dotted $rule; text-underline-offset: .2em }
a.number:hover, a.number:focus { text-decoration-color: currentcolor }
:focus-visible { outline: .18rem solid $link; outline-offset: .12rem }
sup { font-size: .72em; line-height: 0 }
.skip { position: absolute; left: -100rem; z-index: 2; padding: .5rem 1rem; background: #FFFFFF }
.skip:focus { left: .5rem; top: .4rem }

.bar { position: fixed; z-index: 1; inset: 0 0 auto 0; display: flex; gap: 1rem;
  justify-content: space-between; align-items: center; height: 2.25rem; margin: 0;
  padding: 0 1rem; background: #FFFFFF; color: $quiet; font-size: .8rem;
  border-bottom: 1px solid $rule }
.bar span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.bar strong { flex: none; max-width: 50%; color: $accent; letter-spacing: .04em }
.title-page { padding: 2rem 0 1rem }
.title-page::before { content: ""; display: block; width: 4rem; height: .35rem;
  margin-bottom: 1.2rem; background: $accent }
.logo { display: block; max-width: 100%; height: auto; margin: 1.5rem 0 0 }
.title { margin: 0 0 .5rem; color: $accent; font-size: min(${title}rem, 8.5vw); font-weight: bold;
  line-height: 1.2; text-wrap: balance; overflow-wrap: break-word }
.subtitle { margin-bottom: 1rem; font-size: 1.3rem; line-height: 1.35 }
.title-line { margin-bottom: .2rem; color: $quiet; font-size: 1.05rem }
dl { margin-top: 1.6rem; border-top: 1px solid $rule; font-size: .9rem }
dl div { display: grid; grid-template-columns: minmax(8rem, 1fr) 3fr; gap: 0 1rem;
  padding: .3rem 0; border-bottom: 1px solid $rule }
dt { font-weight: bold }
dd { margin: 0 }

h2, h3, h4, .level-1, .level-2, .level-3 { color: $accent; line-height: 1.3; text-wrap: balance }
.level-1, .contents h2 { margin: 2.6rem 0 .8rem; font-size: ${h1}rem }
.level-2 { margin: 2rem 0 .6rem; font-size: ${h2}rem }
.level-3 { margin: 1.5rem 0 .4rem; font-size: ${h3}rem }
.level-1 .label, .level-2 .label, .level-3 .label { margin-right: .45em }
.lead { font-size: 1.13rem }
.note, .notes, .footnotes { color: $quiet; font-size: ${note}rem; line-height: 1.4 }
.open-field { border-bottom: 1px dashed currentColor }
.notes p { margin: 0 0 .25rem }

.callout { margin: 1.2rem 0; padding: .8rem 1rem; border-left: .3rem solid rgba(0, 0, 0, .5) }
.callout p { margin: 0 0 .4rem }
.callout p:last-child { margin-bottom: 0 }
.callout-title { font-size: 1.05rem; font-weight: bold }
$tones

.scroll { overflow-x: auto }
.table, figure { margin: 1.6rem 0 2rem }
table { width: 100%; border-collapse: collapse; overflow-wrap: normal; font-size: ${table}rem;
  line-height: 1.35; font-variant-numeric: tabular-nums }
caption { padding: 0 0 .5rem; text-align: left; overflow-wrap: anywhere }
caption span { position: sticky; left: 0; display: block;
  max-width: min(60rem, calc(100vw - 2rem)) }
caption, figcaption { font-size: ${caption}rem; line-height: 1.4 }
th, td { padding: .32rem .5rem; text-align: left; vertical-align: top; font-weight: normal }
thead th, thead td { color: $accent; font-weight: bold; vertical-align: bottom }
thead tr:first-child > * { border-top: .12rem solid $accent }
thead tr:last-child > * { border-bottom: .08rem solid $accent }
thead .spans { border-bottom: 1px solid $rule }
tbody:last-child tr:last-child > * { border-bottom: .09rem solid $accent }
tbody:not(.group) tr:nth-child(even), .group tr:nth-child(odd):not(:first-child) {
  background: $band }
.group tr:first-child > * { border-top: 1px solid $rule }
thead + .group tr:first-child > * { border-top: 0 }
.right { text-align: right }
.center { text-align: center }
.strong { font-weight: bold }
$indents
$columns
.notes { margin-top: .4rem }

figure { margin-left: 0; margin-right: 0 }
svg { display: block; width: 100%; max-width: 46rem; min-width: 34rem; height: auto }
figcaption > p { margin: .4rem 0 .3rem }

.footnotes { margin-top: 2rem; color: $ink }
.footnotes::before { content: ""; display: block; width: 6rem; margin-bottom: .5rem;
  border-top: 1px solid $rule }
.footnotes ol { margin: 0; padding: 0; list-style: none }
.footnotes li { display: grid; grid-template-columns: 2rem 1fr }
.footnotes li > a { justify-self: start; min-width: 1.6rem; min-height: 1.6rem }
:target { background: $band }
main section > :target, .side :target, figure:target, .table:target { background: none;
  outline: 0 }

.contents ol { margin: 0; padding: 0; list-style: none }
.contents ol ol { padding-left: 1rem }
.contents li { margin: 0 }
.contents a { display: block; padding: .2rem 0; line-height: 1.35; text-decoration: none }
.contents a:hover { text-decoration: underline }
.contents .label { margin-right: .3em }
.of-headings > ol > li > a { font-weight: bold }
.of-tables .label, .of-figures .label { font-weight: bold }
footer { margin-top: 3rem; padding-top: .6rem; border-top: 1px solid $rule; color: $quiet;
  font-size: .8rem }

@media screen and (min-width: 70rem) {
  .with-side { display: grid; padding-left: 0; column-gap: 3rem;
    grid-template: auto 1fr auto / 19rem minmax(0, 60rem) }
  .with-side > header, .with-side > main, .with-side > footer { grid-column: 2; width: 100% }
  .side { position: sticky; top: 2.25rem; grid-area: 1 / 1 / 4 / 2; align-self: start; margin: 0;
    height: calc(100vh - 2.25rem); padding: 1.2rem 1rem 2rem; overflow-y: auto;
    border-right: 1px solid $rule; font-size: .85rem }
  caption span { max-width: min(60rem, calc(100vw - 25rem)) }
  .side .contents h2 { margin: 1.4rem 0 .4rem; font-size: 1rem }
  .side .contents:first-child h2 { margin-top: 0 }
}
@media (max-width: 40rem) {
  dl div { grid-template-columns: 1fr }
}
""")


def style_sheet(document: Document) -> str:
    """The style sheet of a document.

    Raises
    ------
    ValueError
        When a colour of the house style is none.
    """
    style = document.style
    body = style.body_size
    large, middle, small = style.heading_sizes
    screen = _SCREEN.substitute(
        fonts=_fonts(style.word_font),
        ink=INK,
        quiet=QUIET_INK,
        accent=_colour(style.accent),
        link=_colour(style.link),
        rule=_colour(style.rule),
        band=_colour(style.band),
        title=_ratio(style.title_size, body),
        h1=_ratio(large, body),
        h2=_ratio(middle, body),
        h3=_ratio(small, body),
        table=_ratio(style.table_size, body),
        caption=_ratio(style.table_size + 0.5, body),
        note=_ratio(style.note_size, body),
        tones=_tones(style),
        indents="\n".join(
            f".indent-{depth} {{ padding-left: {0.5 + depth:g}rem }}"
            for depth in range(1, DEEPEST_INDENT + 1)
        ),
        columns=column_rules(document),
    )
    return screen + print_sheet(document)


def _tones(style: HouseStyle) -> str:
    return "\n".join(
        f"tr > .tone-{tone}, .callout.tone-{tone}"
        f" {{ background: {_colour(style.tones.get(tone, style.band))} }}"
        for tone in get_args(Tone)
    )


def _fonts(preferred: str) -> str:
    """The typeface of the house, then those that look like the PDF's."""
    if preferred in FONTS:
        return FONTS
    name = re.sub(r"[^\w .-]", "", preferred)
    return f"'{name}', {FONTS}"


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError(f"{value!r} is not a colour such as #17365D")
    return value


def _ratio(size: float, body: float) -> str:
    return f"{size / body:.3g}"
