"""The dossier: from an evaluation and a template pack to a finished document."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal, cast, get_args

from dossier.compose.context import context
from dossier.compose.document import (
    Block,
    Contents,
    CrossReference,
    Document,
    Figure,
    Footnote,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    TitlePage,
)
from dossier.compose.facts import Shown
from dossier.compose.figures import FIGURES, figures_of, why_not_drawn
from dossier.compose.insertions import Insertions, Placed, literal
from dossier.compose.markdown import blocks_of
from dossier.compose.material import Inlines, Material
from dossier.compose.numbering import anchor, numbered
from dossier.compose.open_fields import open_field, with_list
from dossier.compose.pack import Pack, find_pack, open_pack
from dossier.compose.scenario_print import endpoint_words
from dossier.compose.tables import TABLES, criterion
from dossier.compose.tables.analyses import only_printed
from dossier.compose.tables.cells import runs
from dossier.compose.tables.origins import traced
from dossier.compose.template import TemplateMistake, Templates
from dossier.compose.wording import Wording
from dossier.errors import InputError, Problem
from dossier.evaluation import Evaluation
from dossier.scenarios.what_if import WhatIf
from dossier.yaml_source import nearest, read_yaml

Listed = Literal["headings", "tables", "figures"]


def compose(
    evaluation: Evaluation,
    *,
    template: str = "standard",
    language: str = "en",
    properties: Mapping[str, str] | None = None,
    what_if: WhatIf | None = None,
    what_if_at: str = "scenarios.",
    scenario: str = "",
) -> Document:
    """Write the dossier of an evaluation.

    Parameters
    ----------
    evaluation
        The cohort with its results and verdicts.
    template
        Name of a shipped template pack, or a folder that holds one.
    language
        Language of the pack to use, e.g. ``en``.
    properties
        More that the files say about themselves, beside versions and hashes of what went in.
    what_if
        The evaluation as the base case beside scenarios; None where there are none.
    what_if_at
        Where that stands in the file of results: below ``scenarios.`` in results.json, at the top
        (``""``) in what-if.json.
    scenario
        Name of the scenario that the evaluation is, for the banner; ``""`` for a dossier proper.

    Raises
    ------
    InputError
        Where the pack or one of its templates is wrong, with file and line.
    """
    pack = open_pack(template, language)
    _check_left_out(pack, template)
    shown = evaluation if pack.settings.criteria else replace(evaluation, verdicts=())
    left_out = frozenset(pack.settings.leave_out)
    material = Material(shown, pack.say, pack.settings.limits, what_if, what_if_at, left_out)
    blocks = _Composition(pack, material).blocks()
    say, settings = pack.say, evaluation.cohort.settings
    title = literal(settings.cohort.title)
    running = {"title": title, "cutoff": material.cutoff_date()}
    return Document(
        title=say("document.title", kind=say("document.kind"), title=title),
        author=literal(settings.dossier.author),
        subject=literal(settings.cohort.indication),
        language=pack.language_tag,
        date=evaluation.manifest.date,
        header=say("document.header", **running),
        footer=say("document.footer", software=_software(evaluation), **running),
        blocks=blocks,
        words=pack.words(),
        style=pack.house_style(),
        banner=_banner(say, settings.dossier.status, scenario),
        properties=_properties(evaluation, pack)
        | ({"scenario": scenario} if scenario else {})
        | dict(properties or {}),
    )


def _check_left_out(pack: Pack, template: str) -> None:
    """Nothing is printed because its name among what is left out was misspelt."""
    known = ("criterion", *TABLES, *FIGURES)
    own = find_pack(template)
    document = read_yaml(own / "pack.yaml", f"{own.name}/pack.yaml")
    problems = []
    for place, name in enumerate(pack.settings.leave_out):
        group, _, row_name = name.partition(".")
        of_facts = group == "key_facts" and pack.say.has(f"tables.key_facts.rows.{row_name}")
        if name not in known and not of_facts:
            meant = None if group == "key_facts" else nearest(name, known)
            hint = f", did you mean {meant!r}?" if meant else ""
            row = document.line(("leave_out", place))
            message = f"there is no table or figure to leave out{hint}"
            problems.append(Problem(message, document.name, row, "leave_out", value=name))
    if problems:
        raise InputError(problems)


def _software(evaluation: Evaluation) -> str:
    return f"{evaluation.manifest.software} {evaluation.manifest.version}"


def _banner(say: Wording, status: str | None, scenario: str) -> str:
    """What stands on every page: the status, and that these are not the numbers of the dossier."""
    parts = [say(f"document.status.{status}")] if status else []
    if scenario:
        parts.append(say("scenarios.banner", name=literal(scenario)))
    elif say.has("document.banner"):
        parts.append(say("document.banner"))
    return say("rules.joined_remarks").join(parts)


def _properties(evaluation: Evaluation, pack: Pack) -> dict[str, str]:
    manifest = evaluation.manifest
    found = {
        "software": _software(evaluation),
        "template": f"{pack.settings.id} {pack.settings.version}",
        "data cut-off": "" if manifest.data_cutoff is None else manifest.data_cutoff.isoformat(),
        "sha256 settings": manifest.settings_sha256,
    }
    found |= {f"sha256 {literal(source.name)}": source.sha256 for source in manifest.sources}
    found |= {f"sha256 {name}": value for name, value in sorted(manifest.criteria.items())}
    return {name: value for name, value in found.items() if value}


class _Composition:
    """Runs the templates of a pack and puts their blocks together."""

    def __init__(self, pack: Pack, material: Material) -> None:
        self._pack = pack
        self._material = material
        self._insertions = Insertions()
        self._anchors: set[str] = set()
        self._sections: list[tuple[str, str, tuple[str, int]]] = []
        functions: dict[str, Callable[..., object]] = {
            "table": self._table,
            "figure": self._figure,
            "ref": self._reference,
            "footnote": self._footnote,
            "open_field": self._open_field,
            "title_page": self._title_page,
            "contents": self._contents,
            "page_break": lambda: Placed((PageBreak(),), "a page break"),
        }
        self._templates = Templates(
            pack,
            context(material) | {"left_out": pack.settings.leave_out},
            functions,
            self._insertions,
            material.numbers,
        )

    def blocks(self) -> tuple[Block, ...]:
        """All sections, numbered."""
        found: list[Block] = []
        for section in self._pack.settings.sections:
            markdown = self._templates.markdown(section)
            found.extend(blocks_of(markdown, section, self._insertions))
        say = self._pack.say
        printed = only_printed(found, say("tables.no_rows"))
        whole = with_list(numbered(printed, say), say)
        finished = traced(whole, self._material)
        self._check_sections(finished)
        return finished

    # --- functions of templates ------------------------------------------------------------------

    def _table(self, name: str, which: str = "") -> Placed:
        if name in self._pack.settings.leave_out:
            return Placed((), "a table")
        if name == "criterion":
            which = self._criterion(which)
            return self._once((criterion(self._material, which),), f"criterion {which}")
        if name not in TABLES:
            raise _unknown("table", str(name), ("criterion", *TABLES))
        return self._once((TABLES[name](self._material),), name)

    def _figure(self, name: str, which: str = "") -> Placed:
        if name not in FIGURES:
            raise _unknown("figure", str(name), FIGURES)
        if name in self._pack.settings.leave_out:
            return Placed((), "a figure")
        if name == "margins":
            which = self._criterion(which)
        elif name == "tornado":
            which = self._endpoint(which)
        else:
            which = ""
        reason = why_not_drawn(self._material, name, which)
        if reason:
            say = self._pack.say
            if name == "tornado":
                endpoint = endpoint_words(self._material, which, short=False)
                caption = say("figures.tornado.caption", endpoint=endpoint)
            else:
                caption = say(f"figures.{name}.{'name' if which else 'caption'}")
            words = say("figures.absent", caption=caption, reason=reason)
            return Placed((Paragraph(runs(words), "note"),), "a figure")
        return self._once(figures_of(self._material, name, which), name)

    def _endpoint(self, which: str) -> str:
        """An endpoint of the matrix of scenarios; any where there are no scenarios."""
        which = literal(str(which))
        found = self._material.what_if
        if found is not None and which not in found.matrix.base.figures:
            known = ", ".join(found.matrix.base.figures)
            raise TemplateMistake(f"there is no endpoint {which!r}", f"one of {known}")
        return which

    def _criterion(self, which: str) -> str:
        known = [verdict.id for verdict in self._material.evaluation.verdicts]
        which = literal(str(which))
        if which not in known:
            raise TemplateMistake(f"there is no criterion {which!r}", f"one of {', '.join(known)}")
        return which

    def _once(self, blocks: tuple[Table | Figure, ...], name: str) -> Placed:
        kind = "table" if isinstance(blocks[0], Table) else "figure"
        for block in blocks:
            if block.anchor in self._anchors:
                raise TemplateMistake(
                    f"the {kind} {name!r} is printed twice", "ref(...) to point at it"
                )
            self._anchors.add(block.anchor)
        return Placed(blocks, f"a {kind}")

    def _reference(self, target: str, which: str = "") -> Shown:
        kind, _, name = str(target).partition(":")
        if kind == "table" and (name in TABLES or name == "criterion"):
            full = f"{name}_{which}" if which else name
            return Shown((CrossReference(anchor("table", literal(str(full))), ""),))
        if kind == "figure" and name in FIGURES:
            full = f"{name}_{which}" if which else name
            return Shown((CrossReference(anchor("figure", literal(str(full))), ""),))
        if kind == "section" and name:
            place = self._templates.place(sys._getframe(1))
            found = anchor("section", name)
            self._sections.append((found, name, place))
            return Shown((CrossReference(found, ""),))
        if kind in ("table", "figure") and name:
            known = ("criterion", *TABLES) if kind == "table" else FIGURES
            raise _unknown(kind, name, known)
        raise TemplateMistake(f"{target!r} is no reference", "table:..., figure:... or section:...")

    def _footnote(self, *parts: object) -> Shown:
        inner: list[Inlines] = []
        for part in parts:
            printed = self._templates.inlines(part)
            inner.append(printed)
        return Shown((Footnote(tuple(run for piece in inner for run in piece)),))

    def _open_field(self, what: object = "", by: str = "") -> Shown:
        who = str(by)
        if who and not self._pack.say.has(f"open_fields.who.{who}"):
            raise TemplateMistake(f"nobody is called {who!r}", "a key of open_fields.who")
        words = self._templates.plain(what) if what else ""
        return Shown((open_field(self._pack.say, words, who),))

    def _title_page(
        self,
        title: object,
        subtitle: object = "",
        lines: tuple[object, ...] | list[object] = (),
        details: tuple[tuple[object, object], ...] | list[tuple[object, object]] = (),
    ) -> Placed:
        page = TitlePage(
            self._templates.plain(title),
            self._templates.plain(subtitle),
            tuple(words for line in lines if (words := self._templates.plain(line))),
            tuple(
                (self._templates.plain(label), words)
                for label, value in details
                if (words := self._templates.plain(value))
            ),
        )
        return Placed((page,), "a title page")

    def _contents(self, kind: str, title: str) -> Placed:
        known = get_args(Listed)
        if kind not in known:
            raise TemplateMistake(f"there is no list of {kind!r}", f"one of {', '.join(known)}")
        block = Contents(cast("Listed", kind), literal(str(title)), anchor("contents", kind))
        return Placed((block,), "a list of contents")

    # --- checks ----------------------------------------------------------------------------------

    def _check_sections(self, blocks: tuple[Block, ...]) -> None:
        """Every section that a template refers to must exist."""
        known = {block.anchor for block in blocks if isinstance(block, Heading)}
        names = sorted(name.removeprefix("section_") for name in known)
        problems = [
            Problem(
                f"there is no section {name!r} to refer to",
                file,
                row,
                expected=f"one of {', '.join(names)}",
            )
            for target, name, (file, row) in self._sections
            if target not in known
        ]
        if problems:
            raise InputError(problems)


def _unknown(kind: str, name: str, known: tuple[str, ...]) -> TemplateMistake:
    meant = nearest(name, known)
    hint = f", did you mean {meant!r}?" if meant else ""
    return TemplateMistake(f"there is no {kind} {name!r}{hint}", f"one of {', '.join(known)}")
