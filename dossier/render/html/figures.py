"""Figures: the scene as inline SVG, caption and notes below it."""

from __future__ import annotations

import re

from dossier.compose.document import Figure
from dossier.compose.scene import Label
from dossier.render.html.blocks import notes_below
from dossier.render.html.inlines import Inlines
from dossier.render.html.markup import element, escaped, writable
from dossier.render.scene_svg import scene_svg


def figure(block: Figure, inlines: Inlines, *, new_page: str) -> str:
    """A captioned figure; a narrow screen moves it sideways rather than shrink its words."""
    place = inlines.ids.of(block.anchor)
    scene = element(
        "div",
        _inline_svg(block, inlines),
        class_="scroll",
        role="region",
        aria_label=block.label,
        tabindex=0,
    )
    label = element("strong", escaped(f"{block.label}."))
    words = element("p", f"{label} {inlines.markup(block.caption)}")
    caption = element("figcaption", words + notes_below(block.notes, inlines))
    return element("figure", f"{scene}\n{caption}", id=place, class_=new_page)


def _inline_svg(block: Figure, inlines: Inlines) -> str:
    """The SVG of the scene; its title and description get ids that no other figure has."""
    scene = block.scene
    for text in (scene.title, scene.alt, *(s.text for s in scene.shapes if isinstance(s, Label))):
        writable(text)
    svg = scene_svg(scene).decode().rstrip("\n")
    title = inlines.ids.fresh(f"{block.anchor}-title")
    description = inlines.ids.fresh(f"{block.anchor}-description")
    # Words of the scene have no bare quotes or brackets, so the first of each is the drawing's.
    for start, value in (
        (' aria-labelledby="', f"{title} {description}"),
        ('<title id="', title),
        ('<desc id="', description),
    ):
        svg = re.sub(f'({start})[^"]*', rf"\g<1>{value}", svg, count=1)
    return svg
