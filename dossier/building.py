"""From an evaluation to files: compose the document, render it, put the files in place at once."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.cohort.model import Cohort
from dossier.errors import InputError, Problem
from dossier.evaluation import Evaluation, Progress, evaluate

if TYPE_CHECKING:
    from dossier.compose.document import Document

FORMATS = ("docx", "pdf", "html", "json", "xlsx")

# What every document says of itself, so that `dossier verify` can make it again.
RESULTS_HASH = "sha256 results.json"
LANGUAGE = "language"
TEMPLATE = "template"


def build(
    cohort: Cohort,
    folder: str | Path = "out",
    *,
    formats: Sequence[str] | None = None,
    criteria: Sequence[str | Path] | None = None,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str] = (),
    language: str | None = None,
    template: str | None = None,
    figures: bool = False,
    progress: Progress = lambda _: None,
) -> list[Path]:
    """Write the dossier of a cohort.

    Parameters
    ----------
    cohort
        A cohort as read.
    folder
        Where the files go; made when it does not exist.
    formats
        ``docx``, ``pdf``, ``html``, ``json``, ``xlsx``; None takes those of the cohort's settings.
        ``results.json`` is always written.
    criteria, settings, overrides
        As for `dossier.evaluate`.
    language, template
        None takes those of the cohort's settings.
    figures
        Whether to write every figure to ``figures/`` too, as SVG, PNG and CSV.
    progress
        Called with a few words as each stage begins.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        When the input is wrong or a character cannot be drawn; no file has been touched then.
    """
    wanted = _formats(cohort.settings.dossier.formats if formats is None else formats)
    evaluation = evaluate(cohort, criteria, settings, overrides=overrides, progress=progress)
    files = render(
        evaluation,
        wanted,
        language=language,
        template=template,
        figures=figures,
        progress=progress,
    )
    progress("Writing the files")
    return write_together(Path(folder), files)


def render(
    evaluation: Evaluation,
    formats: Sequence[str],
    *,
    language: str | None = None,
    template: str | None = None,
    figures: bool = False,
    progress: Progress = lambda _: None,
) -> dict[str, bytes]:
    """Contents of the files of a dossier by file name, ``results.json`` among them.

    Names of figures hold their folder, ``figures/figure_pfs.svg``.
    """
    from dossier.render.data import results_json

    results = evaluation.to_dict()
    content = results_json(results)
    files = {"results.json": content}
    if not figures and not {"docx", "pdf", "html", "xlsx"}.intersection(formats):
        return files
    from dossier.compose.dossier import compose

    chosen = evaluation.cohort.settings.dossier
    progress("Composing the document")
    language = language or chosen.language
    document = compose(
        evaluation,
        template=template or chosen.template,
        language=language,
        properties={RESULTS_HASH: hashlib.sha256(content).hexdigest(), LANGUAGE: language},
    )
    if "html" in formats:
        from dossier.render.html.write import UnwritableError, render_html

        progress("Writing the HTML file")
        try:
            files["dossier.html"] = render_html(document)
        except UnwritableError as error:
            raise InputError([Problem(str(error), expected="printable characters")]) from error
    if "xlsx" in formats:
        from dossier.render.xlsx.write import render_xlsx

        progress("Writing the workbook")
        files["dossier.xlsx"] = render_xlsx(document, results)
    if {"docx", "pdf"}.intersection(formats):
        files |= _pages(document, formats, progress)
    if figures:
        from dossier.fonts import MissingGlyphError
        from dossier.render.figure_files import figure_files

        progress("Drawing the figures")
        try:
            files |= figure_files(document)
        except (MissingGlyphError, ValueError) as error:
            raise InputError(
                [Problem(str(error), expected="characters of the shipped font")]
            ) from error
    return files


def _pages(document: Document, formats: Sequence[str], progress: Progress) -> dict[str, bytes]:
    """The PDF and Word files, those asked for."""
    from dossier.fonts import MissingGlyphError
    from dossier.render.pdf.write import render_pdf

    try:
        # Word has no layout of its own here: its contents lists take the page numbers of the PDF.
        progress("Laying out the pages")
        pdf = render_pdf(document)
    except MissingGlyphError as error:
        raise InputError(
            [Problem(str(error), expected="characters of the shipped font")]
        ) from error
    files: dict[str, bytes] = {}
    if "pdf" in formats:
        files["dossier.pdf"] = pdf.content
    if "docx" in formats:
        from dossier.render.word.write import render_word

        progress("Writing the Word file")
        files["dossier.docx"] = render_word(document, pdf.pages, pdf.page_count)
    return files


def write_together(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files so that a failure leaves those already there as they were.

    Every file is first written whole beside its final place; only then do they take their names.

    Parameters
    ----------
    folder
        Where the files go; made when it does not exist.
    files
        Contents by name; a name may hold folders, ``figures/figure_pfs.svg``.

    Raises
    ------
    InputError
        When the folder cannot be made or written to.
    """
    waiting: dict[Path, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            final = folder / name
            final.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=f".{final.name}.", dir=final.parent)
            waiting[final] = Path(temporary)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        for final, temporary_path in waiting.items():
            temporary_path.chmod(0o666 & ~mask)
            temporary_path.replace(final)
    except OSError as error:
        for temporary_path in waiting.values():
            with suppress(OSError):
                temporary_path.unlink(missing_ok=True)
        problem = Problem(
            f"the dossier cannot be written: {error.strerror or error}", file=str(folder)
        )
        raise InputError([problem]) from error
    return list(waiting)


def _formats(formats: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise InputError(
            Problem(
                f"the format {name!r} cannot be written by this version",
                column="formats",
                value=name,
                expected="one of " + ", ".join(FORMATS),
            )
            for name in unknown
        )
    return tuple(dict.fromkeys(formats))
