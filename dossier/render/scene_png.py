"""A figure scene as PNG, for readers whose Word does not draw SVG."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from reportlab.pdfgen.canvas import Canvas

from dossier import fonts
from dossier.compose.scene import Scene
from dossier.render.scene_pdf import draw_scene

POINTS_PER_INCH = 72
PALETTE_COLORS = 128


def scene_png(scene: Scene, dpi: int = 180) -> bytes:
    """PNG bytes of a scene on white, the same bytes on every run.

    Parameters
    ----------
    scene
        The figure.
    dpi
        Dots per inch, also written into the file so that it opens at its size in points.
    """
    return next(scene_pngs([scene], dpi))


def scene_pngs(scenes: Sequence[Scene], dpi: int = 180) -> Iterator[bytes]:
    """PNG bytes of each scene; drawn together, because every PDF file holds its fonts anew."""
    import pypdfium2
    from PIL.Image import Dither, Quantize

    fonts.register()
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1, pageCompression=0, initialFontName=fonts.NAMES["regular"])
    for scene in scenes:
        canvas.setPageSize((scene.width, scene.height))
        draw_scene(canvas, scene, 0, scene.height)
        canvas.showPage()
    canvas.save()
    pdf = pypdfium2.PdfDocument(file.getvalue())
    try:
        for page in pdf:
            image = page.render(scale=dpi / POINTS_PER_INCH).to_pil()
            # A palette makes the file a third of the size; the octree finds a good one quickly.
            image = image.quantize(PALETTE_COLORS, Quantize.FASTOCTREE, dither=Dither.NONE)
            png = io.BytesIO()
            image.save(png, "PNG", dpi=(dpi, dpi))
            yield png.getvalue()
    finally:
        pdf.close()
