"""Criteria for readers: as plain text, as a list of differences, and as a starter to fill in."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from dossier.appraise.criterion import CompiledRule, Criterion, Section
from dossier.appraise.loading import list_criteria, locate
from dossier.appraise.rule_words import sentence_in_words
from dossier.appraise.sentence import OTHERS, Expression, Group, RuleName, bracketed

__all__ = ["criterion_text", "differences", "list_criteria", "locate", "starter"]

_WIDTH = 96

_WORDS = {
    "en": {
        "for": "For", "rules": "Rules", "met": "Met when", "grades": "Grades, the best first",
        "met from": "The verdict is 'met' from grade {grade} upwards.",
        "adjustments": "Adjustments of the grade", "facts": "To be declared by a person",
        "warnings": "Warnings", "notes": "Notes", "examples": "Published judgements",
        "sources": "Sources", "others": "all other studies", "when": "when", "and": "and",
        "or": "or", "not": "not", "shown": "shown to be so", "open": "not verified",
        "threshold unknown": "threshold not known", "set": "set by the user",
        "requires": "provided that", "version": "version", "read": "read on",
        "verified": "verified", "secondary": "from a secondary source",
        "project": "chosen by this project", "unverified": "not verified",
        "single-arm": "single-arm studies", "randomised": "randomised studies",
        "single-arm with comparator": "single-arm studies beside published control figures",
        "non-curative": "non-curative", "curative": "curative", "setting": "setting",
    },
    "nl": {
        "for": "Voor", "rules": "Regels", "met": "Voldoet wanneer",
        "grades": "Graden, de beste eerst",
        "met from": "Het oordeel is 'voldoet' vanaf graad {grade}.",
        "adjustments": "Correcties van de graad", "facts": "Door een persoon te verklaren",
        "warnings": "Waarschuwingen", "notes": "Opmerkingen", "examples": "Gepubliceerde oordelen",
        "sources": "Bronnen", "others": "alle andere onderzoeken", "when": "wanneer", "and": "en",
        "or": "of", "not": "niet", "shown": "aangetoond dat", "open": "niet geverifieerd",
        "threshold unknown": "drempelwaarde niet bekend", "set": "door de gebruiker ingesteld",
        "requires": "mits", "version": "versie", "read": "gelezen op",
        "verified": "geverifieerd", "secondary": "uit een secundaire bron",
        "project": "gekozen door dit project", "unverified": "niet geverifieerd",
        "single-arm": "eenarmig onderzoek", "randomised": "gerandomiseerd onderzoek",
        "single-arm with comparator":
            "eenarmig onderzoek naast gepubliceerde cijfers van een controlegroep",
        "non-curative": "niet-curatief", "curative": "curatief", "setting": "setting",
    },
}  # fmt: skip


def criterion_text(criterion: Criterion, language: str = "en") -> str:
    """A criterion as readable text.

    Parameters
    ----------
    criterion
        A criterion as loaded.
    language
        ``en`` or ``nl``.
    """
    return "\n".join(_Text(criterion, language).lines()).rstrip() + "\n"


class _Text:
    """One criterion in one language, line by line."""

    def __init__(self, criterion: Criterion, language: str) -> None:
        self._criterion = criterion
        self._language = language
        self._words = _WORDS[language]

    def lines(self) -> Iterator[str]:
        file, say = self._criterion.file, self._words
        title = file.title.words()[self._language]
        yield from _wrapped(f"{title} [{file.id}, {say['version']} {file.version}]")
        yield ""
        yield from _wrapped(file.summary.words()[self._language])
        yield from self._applies()
        yield from self._heading("rules")
        for rule in self._criterion.rules.values():
            yield from self._rule(rule)
        for section in self._criterion.sections:
            yield from self._section(section)
        yield from self._steps()
        yield from self._listed("facts", (
            f"{name}: {fact.question.words()[self._language]}" for name, fact in file.facts.items()
        ))  # fmt: skip
        yield from self._listed("warnings", (w.words()[self._language] for w in file.warnings))
        yield from self._listed("notes", (note.words()[self._language] for note in file.notes))
        yield from self._listed("examples", (
            f"{each.study}: {each.figures}. {each.outcome}" for each in file.examples
        ))  # fmt: skip
        yield from self._listed("sources", (
            f"{source.text} {source.url}".strip() for source in file.sources.values()
        ))  # fmt: skip

    def _heading(self, key: str) -> Iterator[str]:
        yield ""
        yield self._words[key]

    def _listed(self, key: str, items: Iterator[str]) -> Iterator[str]:
        for place, item in enumerate(items):
            if place == 0:
                yield from self._heading(key)
            yield from _wrapped(item, "  - ", "    ")

    def _applies(self) -> Iterator[str]:
        applies, say = self._criterion.file.applies, self._words
        designs = f" {say['or']} ".join(say[design] for design in applies.design)
        settings = f" {say['or']} ".join(say[setting] for setting in applies.setting)
        text = f"{say['for']}: {designs}; {say['setting']} {settings}"
        facts = self._criterion.file.facts
        for fact in applies.declared:
            text += f"; {say['requires']} {facts[fact].question.words()[self._language]}"
        if applies.remark is not None:
            text += f". {applies.remark.words()[self._language]}"
        yield ""
        yield from _wrapped(text)

    def _rule(self, rule: CompiledRule) -> Iterator[str]:
        say = self._words
        marks = [say[rule.status]] if rule.status else []
        threshold = rule.condition.threshold
        if threshold is not None and threshold.amount is None:
            marks = [say["threshold unknown"]]
        if rule.overridden:
            marks = [say["set"]]
        if rule.read_on:
            marks.append(f"{say['read']} {rule.read_on}")
        yield from _wrapped(f"{rule.id}: {rule.text}  ({', '.join(marks)})", "  ", "      ")
        words = (rule.title or sentence_in_words(rule.condition))[self._language]
        yield from _wrapped(words, "      ", "      ")
        if rule.explanation:
            yield from _wrapped(rule.explanation[self._language], "      ", "      ")

    def _section(self, section: Section) -> Iterator[str]:
        say = self._words
        if section.title is not None:
            yield ""
            who = say["others"] if section.when is None else self._tree(section.when)
            yield from _wrapped(f"{section.title[self._language]} ({who})")
        if section.met_when is not None:
            indent = "  " if section.title is not None else ""
            yield from ([""] if section.title is None else [])
            yield from _wrapped(f"{say['met']}: {self._tree(section.met_when)}", indent, "    ")
            return
        if section.title is None:
            yield from self._heading("grades")
        for level in section.grades:
            line = f"{level.grade}: {self._tree(level.when)}"
            yield from _wrapped(line, "  ", "      ")
        if section is self._criterion.sections[-1]:
            yield ""
            yield say["met from"].format(grade=self._criterion.met_from)

    def _steps(self) -> Iterator[str]:
        for place, step in enumerate(self._criterion.steps):
            if place == 0:
                yield from self._heading("adjustments")
            text = f"{step.change:+d} {step.title[self._language]}: {self._tree(step.when)}"
            yield from _wrapped(text, "  ", "      ")

    def _tree(self, expression: Expression) -> str:
        if isinstance(expression, RuleName):
            return expression.name
        if expression == OTHERS:
            return self._words["others"]
        if not isinstance(expression, Group):
            return str(expression)
        parts = [
            f"({self._tree(part)})" if bracketed(part) else self._tree(part)
            for part in expression.parts
        ]
        if expression.kind in ("not", "shown"):
            return f"{self._words[expression.kind]} {parts[0]}"
        joint = self._words["and" if expression.kind == "all" else "or"]
        return f" {joint} ".join(parts)


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


# -- differences


def differences(old: Criterion, new: Criterion) -> tuple[str, ...]:
    """What changed between two criteria, one line each; wording alone is left out.

    The lines begin with ``+`` (only in the new one), ``-`` (only in the old) or ``~`` (changed).
    """
    return tuple(_changes(_facets(old), _facets(new)))


def _changes(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            yield f"- {key}: {old[key]}"
        elif key not in old:
            yield f"+ {key}: {new[key]}"
        elif old[key] != new[key]:
            yield f"~ {key}: {old[key]} -> {new[key]}"


def _facets(criterion: Criterion) -> dict[str, str]:
    """Everything that a verdict depends on, in words, by what it is about."""
    file = criterion.file
    facets = {
        "version": file.version,
        "design": ", ".join(file.applies.design),
        "setting": ", ".join(file.applies.setting),
    }
    if file.applies.declared:
        facets["precondition"] = ", ".join(file.applies.declared)
    for rule in criterion.rules.values():
        facets[f"rule {rule.id}"] = rule.text
        facets[f"rule {rule.id}, status"] = rule.status
        if rule.source:
            facets[f"rule {rule.id}, source"] = criterion.source_text(rule.source)
    for section in criterion.sections:
        name = f"{section.title['en']}: " if section.title else ""
        if section.when is not None:
            facets[f"{name}studies"] = str(section.when)
        if section.met_when is not None:
            facets[f"{name}met when"] = str(section.met_when)
        for level in section.grades:
            facets[f"{name}grade {level.grade}"] = str(level.when) or "all other studies"
    if criterion.graded:
        facets["scale"] = ", ".join(criterion.scale)
        facets["met from grade"] = criterion.met_from
    for step in criterion.steps:
        facets[f"adjustment {step.id}"] = f"{step.change:+d} when {step.when}"
    return facets


# -- a starter

_STARTER = """\
# A criteria file. Lines that start with # are remarks. Check it with:
#   dossier criteria check {name}.yaml
# and use it wherever an identifier goes:
#   dossier evaluate COHORT -c {name}.yaml
id: {name}
version: "1"
title:
  en: {name}
  nl: {name}
summary:
  en: What this criterion asks, in one or two sentences.
  nl: Wat dit criterium vraagt, in een of twee zinnen.

# For which studies it is meant; in any other study the verdict is 'not applicable'.
applies:
  design: [single-arm]           # single-arm, randomised
  setting: [non-curative]        # non-curative, curative

# Where the thresholds come from.
sources:
  ours:
    text: Our own working group, minutes of ...

# What a rule has that does not say otherwise. status: verified, secondary, project or unverified.
defaults:
  source: ours
  status: project
  read_on: 2026-01-31

# Facts that a person declares in cohort.yaml, e.g. declared: {{alternative_exists: no}}
facts:
  alternative_exists:
    question:
      en: there is another effective treatment
      nl: er is een andere effectieve behandeling

# One short sentence each. What may be measured:
#   orr, dcr, cbr_16w, cbr_24w, pfs.median, os.median, dor.median, follow_up.median,
#   pfs at 6 months, os.hr, pfs.hr, control os.median, gain in median os,
#   gain in os at 24 months, n, responders, patients with cbr_16w, grade_3_4_toxicity
# Signs: >= > <= <. Units: %, months, weeks, days, years. A limit: lower limit of orr >= 20%.
# A threshold that is not known yet: orr >= unknown %. The verdict then stays 'not assessable'.
rules:
  response: orr >= 20%
  pfs:
    rule: pfs.median >= 6 months
    explanation:
      en: Why six months.
      nl: Waarom zes maanden.
  alternative_exists: declared alternative_exists

# How the rules combine: names of rules with and, or, not and brackets; or all: [...], any: [...].
met_when: response and pfs and not alternative_exists

# Grades instead of met_when, the best first:
# grades:
#   - {{grade: A, when: response and pfs}}
#   - {{grade: B, when: response or pfs}}
# met_from_grade: A

warnings:
  - en: A remark that every reader must see.
    nl: Een opmerking die elke lezer moet zien.
"""


def starter(name: str = "my-criterion") -> str:
    """A commented criteria file to begin with; it is valid as it stands."""
    return _STARTER.format(name=name)
