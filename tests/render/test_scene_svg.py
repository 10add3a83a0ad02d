"""A scene as SVG: what is drawn, what is said about it, and what hostile text cannot do."""

from __future__ import annotations

import dataclasses

import pytest
from lxml import etree
from sample import HOSTILE, survival_scene

from dossier.compose.scene import Label, Line, Scene, rectangle
from dossier.render.scene_svg import FONTS, scene_svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*shapes: Line | Label, **attributes: str) -> etree._Element:
    scene = Scene(100, 50, attributes.get("title", "t"), attributes.get("alt", "a"), shapes)
    return etree.fromstring(scene_svg(scene))


def test_the_picture_has_its_size_in_points_and_its_words() -> None:
    scene = survival_scene()

    picture = etree.fromstring(scene_svg(scene))

    assert (picture.get("width"), picture.get("height")) == ("460pt", "256pt")
    assert picture.get("viewBox") == "0 0 460 256"
    assert picture.get("font-family") == FONTS
    title, description = picture[0], picture[1]
    assert (title.tag, title.text) == (f"{SVG}title", scene.title)
    assert (description.tag, description.text) == (f"{SVG}desc", scene.alt)
    assert picture.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    labels = [shape.text for shape in scene.shapes if isinstance(shape, Label)]
    assert [text.text for text in picture.iter(f"{SVG}text")] == labels


def test_two_figures_in_one_page_have_ids_of_their_own() -> None:
    scene = survival_scene()
    other = dataclasses.replace(scene, alt="Another finding.")

    first, second = (etree.fromstring(scene_svg(each)) for each in (scene, other))

    assert {e.get("id") for e in first[:2]}.isdisjoint(e.get("id") for e in second[:2])


def test_a_line_keeps_colour_width_and_dash() -> None:
    (path,) = drawn(Line(((0, 0), (10.126, 5)), "#0072B2", 1.4, (4.0, 2.0)))[2:]

    assert path.get("d") == "M0 0L10.13 5"
    assert (path.get("stroke"), path.get("stroke-width")) == ("#0072B2", "1.4")
    assert path.get("stroke-dasharray") == "4 2"
    assert path.get("fill") == "none"


def test_a_closed_shape_without_outline_has_a_fill_only() -> None:
    (path,) = drawn(rectangle(1, 2, 3, 4, fill="#DDEFE3", color=None))[2:]

    assert path.get("d") == "M1 2L4 2L4 6L1 6Z"
    assert path.get("fill") == "#DDEFE3"
    assert path.get("stroke") is None


def test_a_rotated_label_turns_against_the_clock_around_its_point() -> None:
    (text,) = drawn(Label(14, 95, "Probability", 9, "middle", bold=True, rotation=90))[2:]

    assert text.get("transform") == "rotate(-90 14 95)"
    assert (text.get("text-anchor"), text.get("font-weight")) == ("middle", "bold")


def test_a_line_without_points_is_left_out() -> None:
    assert len(drawn(Line(()))) == 2


def test_hostile_text_stays_text() -> None:
    picture = drawn(Label(0, 0, HOSTILE), title=HOSTILE, alt=HOSTILE)

    assert len(picture) == 3
    assert [element.text for element in picture] == [HOSTILE] * 3


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\ufffe", "\u202e"])
def test_a_character_that_cannot_be_written_is_named(character: str) -> None:
    with pytest.raises(ValueError, match=f"U\\+{ord(character):04X}"):
        drawn(Label(0, 0, f"a{character}b"))


def test_equal_scenes_give_equal_bytes() -> None:
    assert scene_svg(survival_scene()) == scene_svg(survival_scene())
