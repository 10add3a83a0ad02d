"""The submission: key facts, the Dutch off-label questions, and who answers for the document."""

from __future__ import annotations

from dossier.cohort.dossier_settings import Question
from dossier.compose.document import Number, Row, Table, Text
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.open_fields import LIST_ANCHOR, open_field, or_open
from dossier.compose.tables.cells import Content, cell, pairs, runs, table

_QUESTIONS = ("rarity", "evidence", "no_alternative")


def key_facts(material: Material) -> Table:
    """The submission at a glance; what cohort.yaml does not say is an open field."""
    say, cohort = material.say, material.settings.cohort
    asked = material.settings.submission

    def given(value: str) -> Content:
        return or_open(say, value)

    treated = material.results.populations["treated"]
    rows: list[tuple[str, Content]] = [
        ("requested_by", given(asked.requested_by)),
        ("drug", given(cohort.drug)),
        ("atc_code", given(asked.atc_code)),
        ("zi_number", given(asked.zi_number)),
        ("addon_code", given(asked.addon_code)),
        ("indication", given(cohort.indication)),
        ("registration", _registration(material)),
        ("biomarker", given(cohort.biomarker)),
        ("assay", given(asked.assay)),
        ("assay_cutoff", given(asked.assay_cutoff)),
        ("line", given(asked.line)),
        ("setting", say(f"settings_of_care.{cohort.setting}")),
        ("usual", given(asked.comparator)),
        ("eligible", _eligible(material)),
        ("trial", given(cohort.trial)),
        ("design", say(f"designs.{cohort.design}")),
        ("comparator", comparator(material)),
        ("treated", Number(str(treated), "populations.treated")),
    ]
    shown = [row for row in rows if f"key_facts.{row[0]}" not in material.leave_out]
    return pairs(material, "key_facts", shown)


def _registration(material: Material) -> Content:
    say, asked = material.say, material.settings.submission
    if asked.registration is None:
        return or_open(say, asked.registration_detail)
    words = say(f"registrations.{asked.registration}")
    if not asked.registration_detail:
        return words
    return say("format.with_reason", text=words, reason=asked.registration_detail)


def _eligible(material: Material) -> Content:
    say, asked = material.say, material.settings.submission
    if asked.eligible_patients is None:
        return open_field(say, by="applicant")
    number = Text(say("tables.key_facts.eligible_patients", n=asked.eligible_patients))
    source = or_open(say, literal(asked.eligible_source), say("tables.key_facts.source"))
    return (number, *runs(source), Text("."))


def comparator(material: Material) -> str:
    """What this study compares the cohort with."""
    published = material.settings.comparator
    say = material.say
    if material.results.comparisons:
        return literal(material.results.comparisons[0].reference)
    return say("tables.key_facts.published") if published else say("tables.key_facts.none")


def off_label(material: Material) -> Table:
    """The three questions of the Dutch route for an indication that is not registered."""
    say = material.say
    columns = tuple(
        say(f"tables.off_label.columns.{name}") for name in ("question", "answer", "grounds")
    )
    rows: list[Row] = []
    for name in _QUESTIONS:
        question: Question = getattr(material.settings.submission, name)
        answer = "" if question.answer is None else say("yes" if question.answer else "no")
        rows.append(
            (
                cell(say(f"tables.off_label.rows.{name}"), strong=True),
                cell(or_open(say, answer)),
                cell(or_open(say, question.grounds)),
            )
        )
    notes = (say("tables.off_label.note"),)
    return table(material, "off_label", columns, rows, (0.44, 0.2, 0.36), notes=notes, numeric=())


def sign_off(material: Material) -> Table:
    """Who wrote, reviewed and approved the document, with room for date and signature."""
    say, settings = material.say, material.settings.dossier
    columns = tuple(
        say(f"tables.sign_off.columns.{name}") for name in ("role", "name", "date", "signature")
    )
    approved = "" if settings.approved_on is None else say.date(settings.approved_on)
    signers = (
        ("author", settings.author, ""),
        ("reviewer", settings.reviewer, ""),
        ("approver", settings.approver, approved),
    )
    rows: list[Row] = []
    for role, name, date in signers:
        rows.append(
            (
                cell(say(f"tables.sign_off.rows.{role}"), strong=True),
                cell(or_open(say, name, say("tables.sign_off.asked.name"), "")),
                cell(date or open_field(say, say("tables.sign_off.asked.date"), kind="date")),
                cell(open_field(say, say("tables.sign_off.asked.signature"))),
            )
        )
    return table(material, "sign_off", columns, rows, (0.2, 0.28, 0.24, 0.28), numeric=())


def open_fields_list(material: Material) -> Table:
    """The list of everything still to be completed; filled in when the document is whole."""
    say = material.say
    columns = tuple(
        say(f"tables.open_fields.columns.{name}") for name in ("place", "item", "asked")
    )
    nothing: Inlines = (Text(say("tables.open_fields.none")),)
    rows: list[Row] = [(cell(nothing), cell(""), cell(""))]
    made = table(material, "open_fields", columns, rows, (0.34, 0.28, 0.38), numeric=())
    assert made.anchor == LIST_ANCHOR  # noqa: S101 (the list is found again by this name)
    return made
