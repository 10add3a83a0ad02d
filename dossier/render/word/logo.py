"""The logo of the house: on the title page, and small in the running header."""

from __future__ import annotations

from typing import Any

from dossier.compose.document import Logo
from dossier.render.scene_png import scene_png
from dossier.render.scene_svg import scene_svg
from dossier.render.word.figures import drawing
from dossier.render.word.package import add_picture, add_vector

_DOTS_PER_INCH = 300


def logo_run(logo: Logo, height: float, part: Any, number: int) -> str:
    """A run that holds the logo.

    Parameters
    ----------
    logo
        The logo.
    height
        In points.
    part
        The part of the package that the run belongs to.
    number
        Unique in the document.
    """
    if isinstance(logo.picture, bytes):
        picture, vector = add_picture(part, logo.picture), ""
    else:
        picture = add_picture(part, scene_png(logo.picture, _DOTS_PER_INCH))
        vector = add_vector(part, scene_svg(logo.picture), number)
    drawn = drawing(
        number,
        width=height * logo.shape,
        height=height,
        name=f"Logo {number}",
        title=logo.alt,
        alt=logo.alt,
        picture=picture,
        vector=vector,
    )
    return f"<w:r>{drawn}</w:r>"
