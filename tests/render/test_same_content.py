"""The three renderers say the same; a test of that finds a difference in any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from content.compare import differences
from content.html import read_html
from content.pdf import read_pdf
from content.pieces import Piece
from content.word import read_word
from sample import number, sample_document, text

from dossier.compose.document import (
    Block,
    BulletList,
    Callout,
    Document,
    Figure,
    Footnote,
    Heading,
    LineBreak,
    Paragraph,
    Table,
    Text,
)
from dossier.compose.scene import Label
from dossier.render.html.write import render_html
from dossier.render.pdf.write import render_pdf
from dossier.render.word.write import render_word

SAMPLE = sample_document()

WRITERS: dict[str, tuple[Callable[[Document], bytes], Callable[[Path], list[Piece]]]] = {
    "HTML": (render_html, lambda path: read_html(path).all),
    "PDF": (lambda document: render_pdf(document).content, lambda path: read_pdf(path).all),
    "Word": (lambda document: word(document), lambda path: read_word(path).all),
}


def word(document: Document) -> bytes:
    return render_word(document, render_pdf(document).layout)


def pieces(document: Document, format_: str, folder: Path) -> list[Piece]:
    write, read = WRITERS[format_]
    (folder / format_).write_bytes(write(document))
    return read(folder / format_)


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> list[Piece]:
    return pieces(SAMPLE, "HTML", tmp_path_factory.mktemp("expected"))


@pytest.mark.parametrize("format_", WRITERS)
def test_every_block_of_the_sample_is_there_in_order(expected, format_, tmp_path):
    assert differences(expected, pieces(SAMPLE, format_, tmp_path), ("HTML", format_)) == []


def test_every_kind_of_piece_is_read(expected):
    assert {piece.kind for piece in expected} == {
        "entry", "heading", "text", "item", "caption", "description", "cell", "alt", "drawing",
        "footnote",
    }  # fmt: skip


def test_a_line_break_is_a_space_and_a_footnote_has_its_place(tmp_path):
    words = (Text("First,"), LineBreak(), Text("second"), Footnote(text("Note.")), Text(" third."))
    document = replace(SAMPLE, blocks=(Heading(1, text("One"), "one"), Paragraph(words)))
    for format_ in WRITERS:
        assert pieces(document, format_, tmp_path) == [
            Piece("heading", "One"),
            Piece("text", "First, second[^1] third."),
            Piece("footnote", "1 Note."),
        ]


# --- one change in one format ---------------------------------------------------------------------


def changed(kind: type[Block], change: Callable[[Block], Block]) -> Document:
    """The sample with its first block of a kind changed."""
    blocks = list(SAMPLE.blocks)
    position = next(i for i, block in enumerate(blocks) if isinstance(block, kind))
    blocks[position] = change(blocks[position])
    return replace(SAMPLE, blocks=tuple(blocks))


def with_another_cell(table: Table) -> Table:
    *others, last = table.rows
    return replace(table, rows=(*others, (*last[:-1], number("99.9%"))))


def with_another_label(figure: Figure) -> Figure:
    shapes = list(figure.scene.shapes)
    position = next(i for i, shape in enumerate(shapes) if isinstance(shape, Label))
    shapes[position] = replace(shapes[position], text="99.9%")
    return replace(figure, scene=replace(figure.scene, shapes=tuple(shapes)))


CHANGES = {
    "another banner": replace(SAMPLE, banner="FINAL"),
    "a number in a cell": changed(Table, with_another_cell),
    "two rows in another order": changed(
        Table, lambda table: replace(table, rows=table.rows[1::-1] + table.rows[2:])
    ),
    "a note fewer": changed(Table, lambda table: replace(table, notes=table.notes[:-1])),
    "another description": changed(Table, lambda table: replace(table, description="Another.")),
    "another caption": changed(Table, lambda table: replace(table, caption=text("Another"))),
    "another alternative text": changed(
        Figure, lambda figure: replace(figure, scene=replace(figure.scene, alt="99.9%."))
    ),
    "a number in a drawing": changed(Figure, with_another_label),
    "another heading": changed(Heading, lambda block: replace(block, children=text("Another"))),
    "a word in a paragraph": changed(
        Paragraph, lambda block: replace(block, children=(*block.children, Text(" not")))
    ),
    "an item fewer": changed(BulletList, lambda block: replace(block, items=block.items[:-1])),
    "a line of a box fewer": changed(
        Callout, lambda block: replace(block, paragraphs=block.paragraphs[:-1])
    ),
    "a footnote": changed(
        Paragraph,
        lambda block: replace(block, children=(*block.children, Footnote(text("Another.")))),
    ),
}


@pytest.mark.parametrize("format_", WRITERS)
@pytest.mark.parametrize("change", CHANGES)
def test_a_difference_is_found(expected, change, format_, tmp_path):
    found = differences(expected, pieces(CHANGES[change], format_, tmp_path), ("HTML", format_))
    assert found[:2] == ["--- HTML", f"+++ {format_}"]
    assert [line for line in found[3:] if line[0] in "-+"]
