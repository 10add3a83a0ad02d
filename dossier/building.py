"""From an evaluation to files: compose the document, render it, put the files in place at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.cohort.model import Cohort
from dossier.errors import InputError, Problem
from dossier.evaluation import Evaluation, Progress, evaluate
from dossier.sources import sources_of
from dossier.writing import write_together

if TYPE_CHECKING:
    from dossier.compose.document import Document
    from dossier.scenarios.scenario import Scenario
    from dossier.scenarios.what_if import WhatIf

FORMATS = ("docx", "pdf", "html", "json", "xlsx")
DOCUMENTS = frozenset({"docx", "pdf", "html", "xlsx"})

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
    attach_sources: bool = False,
    previous: str | Path | None = None,
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
    attach_sources
        Whether the PDF holds results.json, cohort.yaml and the criteria files, as PDF/A-3a.
    previous
        A previous dossier, or a previous data cut of the cohort, for the section about what has
        changed since; None takes the one of the cohort's settings.
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
    evaluation = with_changes(evaluation, previous, progress)
    files = render(
        evaluation,
        wanted,
        language=language,
        template=template,
        figures=figures,
        sources=sources_of(evaluation, criteria) if attach_sources else None,
        progress=progress,
    )
    progress("Writing the files")
    return write_together(Path(folder), files)


def with_changes(
    evaluation: Evaluation,
    previous: str | Path | None = None,
    progress: Progress = lambda _: None,
) -> Evaluation:
    """The evaluation with what has changed since a previous dossier, where there is one.

    Parameters
    ----------
    evaluation
        An evaluation.
    previous
        A dossier or a cohort; None takes the one of the settings, named from where cohort.yaml
        stands.
    progress
        Called with a few words as the work goes on.

    Raises
    ------
    InputError
        When the previous one cannot be read.
    """
    named = evaluation.cohort.settings.dossier.previous
    if previous is None and named:
        folder = evaluation.cohort.folder
        previous = Path(named) if folder is None else folder / named
    if previous is None:
        return evaluation
    from dossier.scenarios.previous import changes_since

    found = changes_since(previous, evaluation, progress)
    return replace(evaluation, added={**evaluation.added, "changes": found})


def template_of(cohort: Cohort) -> str:
    """The template pack that cohort.yaml names: a folder is named from where that stands."""
    name = cohort.settings.dossier.template
    if cohort.folder is not None and (cohort.folder / name / "pack.yaml").is_file():
        return str(cohort.folder / name)
    return name


def results_of(
    evaluation: Evaluation, progress: Progress = lambda _: None
) -> tuple[dict[str, Any], WhatIf | None]:
    """The content of ``results.json``, with the sensitivity analyses that it states.

    Raises
    ------
    InputError
        When the scenarios file that the settings name is wrong.
    """
    from dossier.scenarios.what_if import sensitivity

    progress("Running the sensitivity analyses")
    found = sensitivity(evaluation, progress)
    results = evaluation.to_dict()
    return (results if found is None else results | {"scenarios": found.analyses()}), found


def render(
    evaluation: Evaluation,
    formats: Sequence[str],
    *,
    language: str | None = None,
    template: str | None = None,
    figures: bool = False,
    sources: Mapping[str, bytes] | None = None,
    scenario: Scenario | None = None,
    progress: Progress = lambda _: None,
) -> dict[str, bytes]:
    """Contents of the files of a dossier by file name, ``results.json`` among them.

    Names of figures hold their folder, ``figures/figure_pfs.svg``. With ``sources`` the PDF holds
    results.json and these files, by name, and is PDF/A-3a. The dossier of a ``scenario`` says so on
    every page, in the properties of its files and in results.json, and has no scenarios of its own.
    """
    from dossier.render.data import results_json

    what_if: WhatIf | None = None
    if scenario is None:
        results, what_if = results_of(evaluation, progress)
    else:
        results = {**evaluation.to_dict(), "scenario": scenario.to_dict()}
    content = results_json(results)
    files = {"results.json": content}
    if not figures and not DOCUMENTS.intersection(formats):
        return files
    from dossier.compose.dossier import compose

    chosen = evaluation.cohort.settings.dossier
    progress("Composing the document")
    language = language or chosen.language
    document = compose(
        evaluation,
        template=template or template_of(evaluation.cohort),
        language=language,
        properties={RESULTS_HASH: hashlib.sha256(content).hexdigest(), LANGUAGE: language},
        what_if=what_if,
        scenario="" if scenario is None else scenario.id,
    )
    attached = None if sources is None else (content, sources)
    try:
        files |= _documents(document, formats, results, progress, attached=attached)
    except InputError as error:
        from dossier.fonts import MissingGlyphError

        if not isinstance(error.__cause__, MissingGlyphError):
            raise
        from dossier.letters import cells_without_signs

        raise InputError(cells_without_signs(evaluation.cohort) or error.problems) from error
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


def render_what_if(
    found: WhatIf,
    formats: Sequence[str],
    *,
    language: str | None = None,
    template: str = "what-if",
    progress: Progress = lambda _: None,
) -> dict[str, bytes]:
    """Contents of the files of a what-if analysis by file name, ``what-if.json`` among them.

    Raises
    ------
    InputError
        When the template pack is wrong, or a character cannot be drawn.
    """
    from dossier.render.data import results_json
    from dossier.scenarios.scenario_dossier import base_evaluation

    results = found.to_dict()
    content = results_json(results)
    files = {"what-if.json": content}
    if not DOCUMENTS.intersection(formats):
        return files
    from dossier.compose.dossier import compose

    evaluation = base_evaluation(found)
    language = language or evaluation.cohort.settings.dossier.language
    progress("Composing the document")
    document = compose(
        evaluation,
        template=template,
        language=language,
        properties={RESULTS_HASH: hashlib.sha256(content).hexdigest(), LANGUAGE: language},
        what_if=found,
        what_if_at="",
    )
    return files | _documents(document, formats, results, progress, stem="what-if")


def _documents(
    document: Document,
    formats: Sequence[str],
    results: Mapping[str, Any],
    progress: Progress,
    *,
    stem: str = "dossier",
    attached: tuple[bytes, Mapping[str, bytes]] | None = None,
) -> dict[str, bytes]:
    """The document in the formats asked for, by file name."""
    files: dict[str, bytes] = {}
    if "html" in formats:
        from dossier.render.html.write import UnwritableError, render_html

        progress("Writing the HTML file")
        try:
            files[f"{stem}.html"] = render_html(document)
        except UnwritableError as error:
            raise InputError([Problem(str(error), expected="printable characters")]) from error
    if "xlsx" in formats:
        from dossier.render.xlsx.write import render_xlsx

        progress("Writing the workbook")
        files[f"{stem}.xlsx"] = render_xlsx(document, results)
    if {"docx", "pdf"}.intersection(formats):
        pages = _pages(document, formats, progress, attached)
        files |= {f"{stem}.{ending}": content for ending, content in pages.items()}
    return files


def _pages(
    document: Document,
    formats: Sequence[str],
    progress: Progress,
    attached: tuple[bytes, Mapping[str, bytes]] | None,
) -> dict[str, bytes]:
    """The PDF and Word files, those asked for, by format."""
    from dossier.fonts import MissingGlyphError
    from dossier.render.pdf.attachments import Attachment
    from dossier.render.pdf.write import render_pdf

    attachments: tuple[Attachment, ...] = ()
    if attached is not None:
        results, sources = attached
        words = document.words.attached
        attachments = (
            Attachment("results.json", results, "Data", words),
            *(Attachment(name, each, "Source", words) for name, each in sources.items()),
        )
    try:
        # Word has no layout of its own here: its contents lists take the page numbers of the PDF.
        progress("Laying out the pages")
        pdf = render_pdf(document, attachments)
    except MissingGlyphError as error:
        raise InputError(
            [Problem(str(error), expected="characters of the shipped font")]
        ) from error
    files: dict[str, bytes] = {}
    if "pdf" in formats:
        files["pdf"] = pdf.content
    if "docx" in formats:
        from dossier.render.word.write import render_word

        progress("Writing the Word file")
        files["docx"] = render_word(document, pdf.layout)
    return files


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
