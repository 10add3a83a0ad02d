"""The logo and the other marks of a house in pack.yaml, and what is said when they are wrong."""

from __future__ import annotations

import io
import math
from pathlib import Path

import pytest
from PIL import Image

from dossier.compose.document import Logo
from dossier.compose.pack import open_pack
from dossier.compose.scene import Line, Scene
from dossier.compose.svg_shapes import DrawingError, scene_of_svg
from dossier.errors import InputError

HEAD = "id: my-pack\nversion: '1'\nextends: standard\ntitle: {en: My pack}\nstyle:\n"
LOGO = "  logo:\n    file: logo.png\n    alt: {en: The house, nl: Het huis}\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">%s</svg>'


def png(width: int = 30, height: int = 10, colour: str = "#7A123000") -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (width, height), colour).save(file, "PNG", dpi=(300, 300))
    return file.getvalue()


def own_pack(folder: Path, style: str = LOGO, **files: bytes) -> str:
    pack = folder / "my-pack"
    pack.mkdir()
    (pack / "pack.yaml").write_text(HEAD + style, encoding="utf-8")
    for name, content in files.items():
        (pack / name.replace("_", ".")).write_bytes(content)
    return str(pack)


def logo_of(folder: Path, style: str = LOGO, language: str = "en", **files: bytes) -> Logo:
    logo = open_pack(own_pack(folder, style, **files), language).house_style().logo
    assert logo is not None
    return logo


def problem(folder: Path, style: str = LOGO, **files: bytes) -> str:
    with pytest.raises(InputError) as caught:
        open_pack(own_pack(folder, style, **files), "en")
    return str(caught.value)


def shapes(inner: str) -> tuple[Line, ...]:
    found = scene_of_svg((SVG % inner).encode(), "x", 10).shapes
    return tuple(shape for shape in found if isinstance(shape, Line))


# --- reading -------------------------------------------------------------------------------------


def test_a_png_is_kept_as_its_pixels_on_white(tmp_path: Path) -> None:
    logo = logo_of(tmp_path, logo_png=png())

    assert (logo.alt, logo.shape, logo.on_title, logo.in_header) == ("The house", 3, 42, 0)
    assert isinstance(logo.picture, bytes)
    with Image.open(io.BytesIO(logo.picture)) as image:
        assert (image.mode, image.getpixel((0, 0)), image.info) == ("RGB", (255, 255, 255), {})


def test_the_alternative_text_is_in_the_language_of_the_document(tmp_path: Path) -> None:
    assert logo_of(tmp_path, language="nl", logo_png=png()).alt == "Het huis"


def test_an_svg_becomes_shapes(tmp_path: Path) -> None:
    style = LOGO.replace("png", "svg") + "    on: [title, header]\n    height: 20\n"
    drawing = SVG % '<title>x</title><g transform="translate(1 2)"><rect width="4" height="3"/></g>'
    logo = logo_of(tmp_path, style, logo_svg=drawing.encode())

    assert isinstance(logo.picture, Scene)
    assert (logo.picture.width, logo.picture.height, logo.in_header) == (40, 20, 16)
    assert logo.picture.shapes == (
        Line(((2, 4), (10, 4), (10, 10), (2, 10)), None, 2, closed=True, fill="#000000"),
    )


def test_a_logo_may_come_from_the_pack_that_is_extended(tmp_path: Path) -> None:
    own_pack(tmp_path, logo_png=png())
    other = tmp_path / "other"
    other.mkdir()
    text = "id: other\nversion: '1'\nextends: my-pack\ntitle: {en: Other}\n"
    (other / "pack.yaml").write_text(text, encoding="utf-8")

    logo = open_pack(str(other), "en").house_style().logo
    assert logo is not None
    assert logo.alt == "The house"


def test_a_hole_is_left_open_by_a_line_there_and_back() -> None:
    (line,) = shapes('<path d="M0 0h8v8h-8z M2 2v4h4v-4z"/>')

    area = sum(
        a[0] * b[1] - b[0] * a[1]
        for a, b in zip(line.points, (*line.points[1:], line.points[0]), strict=True)
    )
    assert abs(area) / 2 == pytest.approx(64 - 16)


@pytest.mark.parametrize(
    "drawn",
    [
        '<circle cx="5" cy="5" r="3"/>',
        '<ellipse cx="5" cy="5" rx="3" ry="3"/>',
        '<path d="M2 5A3 3 0 1 1 8 5A3 3 0 1 1 2 5z"/>',
        '<path d="M8 5a3 3 0 11-6 0 3 3 0 116 0z"/>',
    ],
)
def test_round_shapes_stay_round(drawn: str) -> None:
    (line,) = shapes(drawn)

    assert {round(math.dist(point, (5, 5)), 6) for point in line.points} == {3.0}


@pytest.mark.parametrize(
    "path",
    ["M0 0C0 6 6 6 6 0S12-6 12 0", "m0 0c0 6 6 6 6 0s6-6 6 0", "M0 0C0 6 6 6 6 0C6-6 12-6 12 0"],
)
def test_a_smooth_curve_goes_on_in_its_direction(path: str) -> None:
    (line,) = shapes(f'<path fill="none" stroke="#123" d="{path}"/>')

    assert line.color == "#112233"
    assert line.points[8] == pytest.approx((3, 4.5))
    assert line.points[24] == pytest.approx((9, -4.5))


# --- what is wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("  accent: blue\n", "my-pack/pack.yaml:6, column style.accent"),
        ("  word_font: 'Arial\"/>'\n", "my-pack/pack.yaml:6, column style.word_font"),
        (LOGO, "my-pack/pack.yaml:7, column style.logo.file: there is no such logo"),
        (LOGO.replace("logo.png", "../logo.png"), "stands outside the folder of the pack"),
        (LOGO.replace("logo.png", "/etc/logo.png"), "stands outside the folder of the pack"),
        (LOGO.replace("logo.png", "pack.yaml"), "expected a PNG or SVG file in the folder"),
        (LOGO + "    on: [footer]\n", "my-pack/pack.yaml:9, column style.logo.on"),
        (LOGO + "    height: 900\n", "my-pack/pack.yaml:9, column style.logo.height"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(tmp_path: Path, style: str, said: str) -> None:
    assert said in problem(tmp_path, style)


def test_a_logo_without_words_in_the_language_is_refused(tmp_path: Path) -> None:
    style = LOGO.replace("en: The house, ", "")

    assert "pack.yaml:8, column style.logo.alt: the logo has no alternative text" in problem(
        tmp_path, style, logo_png=png()
    )


def test_a_link_out_of_the_pack_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(png())
    pack = own_pack(tmp_path)
    (Path(pack) / "logo.png").symlink_to(tmp_path / "secret.png")

    with pytest.raises(InputError, match="outside the folder"):
        open_pack(pack, "en")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a", "my-pack/logo.png: the logo is no PNG picture, or it is damaged"),
        (png()[:60], "my-pack/logo.png: the logo is no PNG picture, or it is damaged"),
        (png(4001, 500), "a size that is not printed (found '4001 by 500 pixels')"),
        (b"\x89PNG" + bytes(5_000_000), "the logo is larger than 5 MB"),
    ],
)
def test_a_bad_picture_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in problem(tmp_path, logo_png=content)


@pytest.mark.parametrize(
    "inner",
    [
        "<text>House</text>",
        "<script>alert(1)</script>",
        '<image href="file:///etc/passwd"/>',
        '<use href="#a"/>',
        '<rect width="3" height="3" fill="url(#gradient)"/>',
        '<rect width="3" height="3" filter="url(#blur)"/>',
        '<rect width="3" height="3" transform="skewX(3)"/>',
        '<path d="M0 0 L"/>',
        '<rect width="1e999" height="3"/>',
        "",
    ],
)
def test_a_drawing_of_more_than_shapes_is_refused(inner: str) -> None:
    with pytest.raises(DrawingError):
        scene_of_svg((SVG % inner).encode(), "x", 10)


def test_a_refused_drawing_names_file_and_line(tmp_path: Path) -> None:
    drawing = SVG % "\n<text>House</text>"

    assert "my-pack/logo.svg:2: a logo is made of shapes, not of <text>" in problem(
        tmp_path, LOGO.replace("png", "svg"), logo_svg=drawing.encode()
    )


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aa">]>' + (SVG % "<title>&a;</title>").encode()

    with pytest.raises(DrawingError, match="document type"):
        scene_of_svg(bomb, "x", 10)
