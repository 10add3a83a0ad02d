"""How the study was conducted, as a reader sees it: screening, deviations, follow-up, dates."""

from pathlib import Path
from typing import Any

import pytest

from dossier.cohort.read import read_cohort
from dossier.compose.document import Document, Figure, Table, plain_text
from dossier.compose.dossier import compose
from dossier.compose.reading import document_text
from dossier.compose.scene import Label
from dossier.evaluation import Evaluation, evaluate

SCREENED = """\
patient_id,treatment_start,screen_failure_reason
P1,2024-01-01,
P2,,brain metastases
P3,2024-01-08,
"""


def study(folder: Path, *, settings: str = "", **tables: str) -> Evaluation:
    """Evaluate a small study, its tables given as text by name."""
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    data = "".join(f"  {name}: {name}.csv\n" for name in tables)
    text = f"cohort:\n  title: A study\n  data_cutoff: 2024-12-31\ndata:\n{data}{settings}"
    (folder / "cohort.yaml").write_text(text, encoding="utf-8")
    return evaluate(read_cohort(folder), criteria=[])


def rows_of(document: Document, name: str) -> list[tuple[str, ...]]:
    """Rows of a table as text."""
    (table,) = [
        block
        for block in document.blocks
        if isinstance(block, Table) and block.anchor.endswith(name)
    ]
    return [
        tuple(plain_text(cell.children).replace("\u00a0", " ") for cell in row if cell)
        for row in table.rows
    ]


def labels_of(document: Document, name: str) -> str:
    figures = [block for block in document.blocks if isinstance(block, Figure)]
    (figure,) = [figure for figure in figures if figure.anchor.endswith(name)]
    shapes: tuple[Any, ...] = figure.scene.shapes
    return " ".join(shape.text for shape in shapes if isinstance(shape, Label))


@pytest.mark.parametrize(
    ("language", "screened", "lost"),
    [
        ("en", "Screened patients", "Not enrolled"),
        ("nl", "Gescreende patiënten", "Niet geïncludeerd"),
    ],
)
def test_screening_stands_alike_in_flow_and_table(tmp_path, language, screened, lost) -> None:
    document = compose(study(tmp_path, patients=SCREENED), language=language)
    assert rows_of(document, "analysis_sets")[0][:2] == (screened, "3")
    assert ("brain metastases", "1") in [row[:2] for row in rows_of(document, "analysis_sets")]
    figure = labels_of(document, "flow").replace("\u00a0", " ")
    assert f"{screened} (n = 3)" in figure
    assert f"{lost} (n = 1)" in figure
    assert "brain metastases: 1" in figure


def test_without_screen_failures_nothing_is_said_of_screening(tmp_path) -> None:
    text = document_text(
        compose(study(tmp_path, patients=SCREENED.replace("brain metastases", "")))
    )
    assert "creened" not in text


DEVIATIONS = """\
patient_id,category,important
P1,Eligibility,yes
P1,Visit schedule,
P3,Visit schedule,no
"""


def test_protocol_deviations_by_category(tmp_path) -> None:
    tables = {"patients": SCREENED, "protocol_deviations": DEVIATIONS}
    document = compose(study(tmp_path, **tables))
    assert rows_of(document, "protocol_deviations") == [
        ("Any deviation", "2 (100.0%)", "3", "1 (50.0%)"),
        ("Visit schedule", "2 (100.0%)", "2", "0"),
        ("Eligibility", "1 (50.0%)", "1", "1 (50.0%)"),
    ]
    text = document_text(document)
    assert "Of one deviation it is not known whether it is important" in text
    assert "does not say which deviations the sponsor agreed to in advance" in text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "No table of protocol deviations was supplied."),
        ("nl", "Er is geen tabel met protocolafwijkingen aangeleverd."),
    ],
)
def test_a_sentence_where_no_deviations_were_supplied(tmp_path, language, sentence) -> None:
    assert sentence in document_text(compose(study(tmp_path, patients=SCREENED), language=language))
