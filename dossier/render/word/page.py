"""The page: paper, margins and what they leave for text, in twentieths of a point."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dossier.compose.document import HouseStyle

PAPER = {"A4": (11906, 16838), "Letter": (12240, 15840)}
_TEXT_TO_MARGINALS = 33.0
_LEAST_DISTANCE = 18.0


def twips(points: float) -> int:
    """Points as twentieths of a point, Word's unit of length."""
    return round(points * 20)


def paper(style: HouseStyle) -> tuple[int, int]:
    """Width and height of the paper in twentieths of a point."""
    page = style.reference.page if style.reference else None
    return (twips(page.width), twips(page.height)) if page else PAPER[style.page]


def text_width(style: HouseStyle) -> int:
    """Width between the margins in twentieths of a point."""
    return paper(style)[0] - twips(style.margin_left) - twips(style.margin_right)


def text_height(style: HouseStyle) -> int:
    """Height between the margins in twentieths of a point."""
    return paper(style)[1] - twips(style.margin_top) - twips(style.margin_bottom)


def shared_out(total: int, weights: Sequence[float]) -> tuple[int, ...]:
    """A length divided by weights into whole numbers that add up to it.

    >>> shared_out(100, (1, 1, 1))
    (33, 34, 33)
    """
    whole = sum(weights)
    edges = [0]
    reached = 0.0
    for weight in weights:
        reached += weight
        edges.append(round(total * reached / whole))
    return tuple(after - before for before, after in pairwise(edges))


def page_setup(style: HouseStyle, *, title_page: bool = True) -> str:
    """Paper and margins of a section; a title page has a header and footer of its own."""
    width, height = paper(style)
    header, footer = (
        twips(max(_LEAST_DISTANCE, margin - _TEXT_TO_MARGINALS))
        for margin in (style.margin_top, style.margin_bottom)
    )
    turned = ' w:orient="landscape"' if width > height else ""
    return (
        f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar w:top="{twips(style.margin_top)}" w:right="{twips(style.margin_right)}"'
        f' w:bottom="{twips(style.margin_bottom)}" w:left="{twips(style.margin_left)}"'
        f' w:header="{header}" w:footer="{footer}" w:gutter="0"/>'
        f'<w:cols w:space="708"/>{"<w:titlePg/>" * title_page}'
    )
