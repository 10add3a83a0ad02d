"""The logo of a house: a PNG or SVG file of the pack, read so that it can do no harm."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from dossier.compose.document import Logo
from dossier.compose.scene import Scene
from dossier.compose.svg_shapes import DrawingError, scene_of_svg
from dossier.errors import InputError, Problem

MOST_BYTES = 5_000_000
_FILE = "style.logo.file"
MOST_PIXELS = 4000
"""Width and height of a PNG; a logo printed 10 cm wide at 600 dots an inch has 2400."""


class LogoSettings(BaseModel):
    """``style.logo`` of ``pack.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Annotated[str, Field(min_length=1)]
    alt: Annotated[dict[str, str], Field(min_length=1)]
    height: Annotated[float, Field(ge=8, le=200)] = 42.0
    on: Annotated[tuple[Literal["title", "header"], ...], Field(min_length=1)] = ("title",)
    header_height: Annotated[float, Field(ge=6, le=24)] = 16.0


def read_logo(
    settings: LogoSettings,
    folders: tuple[Path, ...],
    language: str,
    place: Mapping[str, tuple[str, int | None]],
) -> Logo:
    """Read the logo.

    Parameters
    ----------
    settings
        What ``pack.yaml`` says.
    folders
        The folder of the pack, then those of the packs it extends.
    language
        Language of the alternative text, e.g. ``en``.
    place
        File and line of ``pack.yaml`` at which ``file`` and ``alt`` stand, for problems.

    Raises
    ------
    InputError
        When the file is missing, outside the pack, too large, neither PNG nor SVG, or damaged; or
        when no alternative text is given in the language.
    """
    alt = settings.alt.get(language, "").strip()
    if not alt:
        message = "the logo has no alternative text in this language"
        file, line = place["alt"]
        raise InputError([Problem(message, file, line, "style.logo.alt", expected=language)])
    path = _path(settings, folders, place["file"])
    content = _content(path, settings.file, place["file"])
    picture: Scene | bytes
    if path.suffix.lower() == ".svg":
        name = f"{path.parent.name}/{path.name}"
        try:
            picture = scene_of_svg(content, alt, settings.height)
        except DrawingError as error:
            raise InputError([Problem(str(error), name, error.line)]) from None
        width = picture.width
    else:
        picture, share = _plain_png(content, f"{path.parent.name}/{path.name}")
        width = settings.height * share
    in_header = settings.header_height if "header" in settings.on else 0.0
    on_title = settings.height if "title" in settings.on else 0.0
    return Logo(alt, picture, width / settings.height, on_title, in_header)


def _path(settings: LogoSettings, folders: tuple[Path, ...], place: tuple[str, int | None]) -> Path:
    expected = "a PNG or SVG file in the folder of the pack"
    for folder in folders:
        path = (folder / settings.file).resolve()
        if not path.is_relative_to(folder.resolve()):
            message = "the logo stands outside the folder of the pack"
            raise InputError([Problem(message, *place, _FILE, None, settings.file, expected)])
        if path.is_file() and path.suffix.lower() in (".png", ".svg"):
            return path
    message = "there is no such logo"
    raise InputError([Problem(message, *place, _FILE, None, settings.file, expected)])


def _content(path: Path, name: str, place: tuple[str, int | None]) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        message = f"the logo cannot be read: {error.strerror or error}"
        raise InputError([Problem(message, *place, _FILE, None, name)]) from None
    if len(content) > MOST_BYTES:
        message = f"the logo is larger than {MOST_BYTES // 1_000_000} MB"
        raise InputError([Problem(message, *place, _FILE, None, name)])
    return content


def _plain_png(content: bytes, name: str) -> tuple[bytes, float]:
    """The picture on white and nothing else that the file says, and its width by its height."""
    from PIL import Image, UnidentifiedImageError

    expected = f"a PNG of at most {MOST_PIXELS} by {MOST_PIXELS} pixels"
    damaged = InputError(
        [Problem("the logo is no PNG picture, or it is damaged", name, expected=expected)]
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            image = Image.open(io.BytesIO(content), formats=("PNG",))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning):
        raise damaged from None
    width, height = image.size
    if max(width, height) > MOST_PIXELS or not 0.05 <= width / height <= 20:
        message = "the logo has a size that is not printed"
        value = f"{width} by {height} pixels"
        raise InputError([Problem(message, name, value=value, expected=expected)])
    try:
        drawn = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError):
        raise damaged from None
    ground = Image.new("RGBA", drawn.size, "#FFFFFF")
    ground.alpha_composite(drawn)
    file = io.BytesIO()
    ground.convert("RGB").save(file, "PNG", optimize=False, compress_level=9)
    return file.getvalue(), width / height
