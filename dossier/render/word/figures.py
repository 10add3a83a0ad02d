"""Figures: the scene as vectors, a picture for older Word, alternative text, caption below."""

from __future__ import annotations

from typing import Any

from dossier.compose.document import Figure
from dossier.render.scene_svg import scene_svg
from dossier.render.word.captions import caption, notes
from dossier.render.word.flow import Flow
from dossier.render.word.package import add_picture, add_vector
from dossier.render.word.page import text_height, text_width
from dossier.render.word.xml import escaped

_TWIPS = 20
_ROOM_FOR_CAPTION = 90.0
_PER_POINT = 12700  # English metric units, in which drawings are measured
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"


def figure(block: Figure, flow: Flow, part: Any, picture: bytes) -> str:
    """A figure with caption and notes; scenes larger than a page shrink.

    The picture is for readers whose Word does not draw vectors.
    """
    scene = block.scene
    style = flow.document.style
    width, height = text_width(style) / _TWIPS, text_height(style) / _TWIPS - _ROOM_FOR_CAPTION
    scale = min(1.0, width / scene.width, height / scene.height)
    number = flow.number()
    drawn = drawing(
        number,
        width=scene.width * scale,
        height=scene.height * scale,
        name=block.label,
        title=scene.title,
        alt=scene.alt,
        picture=add_picture(part, picture),
        vector=add_vector(part, scene_svg(scene), number),
    )
    shown = flow.paragraph("Figure", f"<w:r>{drawn}</w:r>")
    below = caption(block, flow)
    explained = notes(block.notes, flow)
    flow.gap = 16.0
    return shown + below + explained


def drawing(
    number: int,
    *,
    width: float,
    height: float,
    name: str,
    title: str,
    alt: str,
    picture: str,
    vector: str = "",
) -> str:
    """A picture in a line of text.

    Parameters
    ----------
    number
        Unique in the document.
    width, height
        In points.
    name, title, alt
        Words, not yet escaped.
    picture, vector
        Ids of the relationships to the PNG and, where there is one, to the SVG.
    """
    width, height = round(width * _PER_POINT), round(height * _PER_POINT)
    name, title, alt = escaped(name), escaped(title), escaped(alt)
    svg = f'<asvg:svgBlip r:embed="{vector}"/>'
    vectors = f'<a:extLst><a:ext uri="{_SVG_EXTENSION}">{svg}</a:ext></a:extLst>' if vector else ""
    return (
        '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:docPr id="{number}" name="{name}" descr="{alt}" title="{title}"/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{name}" descr="{alt}"/>'
        "<pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{picture}">{vectors}</a:blip>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
