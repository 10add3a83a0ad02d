"""Every figure of a document as files of its own: SVG, PNG, and the data behind it as CSV."""

from __future__ import annotations

import csv
import hashlib
import io

from dossier.compose.document import Document, Figure
from dossier.compose.scene import Scene
from dossier.render.scene_png import scene_png
from dossier.render.scene_svg import scene_svg

FOLDER = "figures"
LIST = f"{FOLDER}/SHA256SUMS"
"""Names and hashes of the files, in the form of ``sha256sum``; by it a later run knows its own."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def figure_files(document: Document) -> dict[str, bytes]:
    """Contents of the files by name: ``figures/<anchor>.svg``, ``.png``, ``.csv``, and their list.

    Raises
    ------
    dossier.fonts.MissingGlyphError
        When the shipped typeface lacks a character.
    ValueError
        When a character cannot stand in an SVG file.
    """
    files: dict[str, bytes] = {}
    for block in document.blocks:
        if isinstance(block, Figure):
            name = f"{FOLDER}/{block.anchor}"
            files[f"{name}.svg"] = scene_svg(block.scene)
            files[f"{name}.png"] = scene_png(block.scene)
            files[f"{name}.csv"] = scene_csv(block.scene)
    sums = (
        f"{hashlib.sha256(content).hexdigest()}  {name.removeprefix(f'{FOLDER}/')}\n"
        for name, content in sorted(files.items())
    )
    return files | {LIST: "".join(sums).encode()}


def scene_csv(scene: Scene) -> bytes:
    """The data behind a figure; what is not known is blank, and no text starts a formula.

    The file says that it is UTF-8, without which Excel reads it as something else.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(_harmless, scene.data_columns))
    writer.writerows([_harmless(value) for value in row] for row in scene.data_rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(value: str | float | None) -> str | float:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
