"""Risk of bias and certainty of the evidence: what the data say, and what a person judges."""

from __future__ import annotations

from dossier.cohort.dossier_settings import Domain
from dossier.compose.arm_facts import arm_facts
from dossier.compose.document import Inline, Number, Row, Table, Text
from dossier.compose.evidence import judging
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.open_fields import open_field, or_open
from dossier.compose.tables.cells import Content, absent, cell, table
from dossier.estimate.model import Proportion, TimeToEvent

DOMAINS = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")
# Baseline characteristics by the question of the checklist they answer.
_REPORTED = {
    "demographics": ("age", "sex"),
    "clinical_information": ("tumour_type", "prior_lines", "ecog"),
}
_OUTCOMES = ("orr", "cbr_16w", "pfs", "os")


def risk_of_bias(material: Material) -> Table:
    """The checklist for case series: what the data say and what was answered."""
    say, checklist = material.say, judging().checklist
    names = ("question", "data", "answer", "grounds")
    columns = tuple(say(f"tables.risk_of_bias.columns.{name}") for name in names)
    if material.settings.cohort.design != "single-arm":
        return absent(material, "risk_of_bias", columns, say("tables.risk_of_bias.absent"))
    answers = {str(key): item for key, item in material.settings.certainty.checklist.items()}
    rows: list[Row] = []
    for name, question in checklist.questions.items():
        item = answers.get(name)
        answer = say(f"checklist_answers.{item.answer}") if item and item.answer else ""
        rows.append(
            (
                cell(question[say.language]),
                cell(_in_the_data(material, name)),
                cell(or_open(say, answer, by="")),
                cell(literal(item.grounds) if item and item.grounds else material.numbers.dash),
            )
        )
    notes = (say("tables.risk_of_bias.note"), say.source(checklist.source) + ".")
    widths = (0.36, 0.26, 0.18, 0.2)
    return table(material, "risk_of_bias", columns, rows, widths, notes=notes, numeric=())


def certainty(material: Material) -> Table:
    """The five GRADE reasons to rate down, with what the data suggest for each."""
    say, judged = material.say, material.settings.certainty
    names = ("domain", "data", "judgement", "grounds")
    columns = tuple(say(f"tables.certainty.columns.{name}") for name in names)
    rows: list[Row] = [
        (
            cell(say("tables.certainty.rows.start"), strong=True),
            cell(say(f"tables.certainty.start.{material.settings.cohort.design}")),
            cell(say(f"certainty_levels.{starting_level(material)}")),
            cell(say("tables.certainty.by_rule")),
        )
    ]
    for name in DOMAINS:
        domain: Domain = getattr(judged, name)
        rating = say(f"ratings.{domain.rating}") if domain.rating else ""
        rows.append(
            (
                cell(say(f"tables.certainty.rows.{name}"), strong=True),
                cell(_domain(material, name)),
                cell(or_open(say, rating, by="")),
                cell(literal(domain.grounds) or material.numbers.dash),
            )
        )
    level = say(f"certainty_levels.{judged.level}") if judged.level else ""
    rows.append(
        (
            cell(say("tables.certainty.rows.level"), strong=True),
            cell(material.numbers.dash),
            cell(or_open(say, level, by=""), strong=True),
            cell(literal(judged.grounds) or material.numbers.dash),
        )
    )
    rules = judging()
    notes = (
        say("tables.certainty.note"),
        say(
            "tables.certainty.thresholds",
            points=material.numbers.plain(rules.imprecision.serious),
            more_points=material.numbers.plain(rules.imprecision.very_serious),
            share=material.numbers.level(rules.missing.serious),
            more_share=material.numbers.level(rules.missing.very_serious),
        ),
    )
    widths = (0.18, 0.42, 0.2, 0.2)
    return table(material, "certainty", columns, rows, widths, notes=notes, numeric=())


def starting_level(material: Material) -> str:
    """The certainty that evidence of this design starts at."""
    start = judging().start
    return start.single_arm if material.settings.cohort.design == "single-arm" else start.randomised


# --- what the data say ---------------------------------------------------------------------------


def _in_the_data(material: Material, question: str) -> Content:
    say, sizes = material.say, material.results.populations
    if question == "complete_inclusion":
        return say.inlines(
            "tables.risk_of_bias.data.complete_inclusion",
            enrolled=Number(str(sizes["enrolled"]), "populations.enrolled"),
            treated=Number(str(sizes["treated"]), "populations.treated"),
        )
    if question == "outcomes":
        return _unknown(material)
    if question == "statistics":
        return say("tables.risk_of_bias.data.statistics")
    if question in _REPORTED:
        return _reported(material, _REPORTED[question])
    if question == "sites":
        patients = material.evaluation.cohort.patients
        known = "site" in patients and bool(patients["site"].astype(str).str.strip().ne("").any())
        return say(f"tables.risk_of_bias.data.{'given' if known else 'no_sites'}")
    return material.numbers.dash


def _reported(material: Material, names: tuple[str, ...]) -> str:
    """Which of these characteristics the data lack, or lack for some patients."""
    say = material.say
    given = {each.name: each for each in material.results.baseline if each.n}
    lacking = tuple(say.lower(say.of("characteristics", x)) for x in names if x not in given)
    parts = [say("tables.risk_of_bias.data.lacking", names=say.listed(lacking))] if lacking else []
    parts += [
        say(
            "tables.risk_of_bias.data.missing",
            name=say.lower(say.of("characteristics", name)),
            missing=given[name].missing,
            n=given[name].n + given[name].missing,
        )
        for name in names
        if name in given and given[name].missing
    ]
    return "; ".join(parts) or say("tables.risk_of_bias.data.given")


def _unknown(material: Material) -> Inlines:
    """Patients whose outcome is not known, by endpoint."""
    say = material.say
    found: list[Inline] = []
    for name in _OUTCOMES:
        result = _result(material, name)
        if result is not None and result.unknown:
            path = f"endpoints.{name}.unknown"
            label = say(f"endpoints_short.{name}")
            found += [Text(f"{', ' if found else ''}{label} "), Number(str(result.unknown), path)]
    if not found:
        return (Text(say("tables.risk_of_bias.data.all_known")),)
    n = Number(str(material.results.populations["treated"]), "populations.treated")
    return say.inlines("tables.risk_of_bias.data.unknown", names=tuple(found), n=n)


def _result(material: Material, name: str) -> Proportion | TimeToEvent | None:
    results = material.results
    return results.proportions.get(name) or results.times.get(name)


def _domain(material: Material, name: str) -> Inlines:
    say = material.say
    if name == "risk_of_bias":
        n = material.results.populations["treated"]
        unknown = [
            r.unknown for name in _OUTCOMES if (r := _result(material, name)) is not None and n
        ]
        share = max(unknown, default=0) / n if n else 0.0
        suggested = judging().missing.rating(share)
        design = say(f"tables.certainty.design.{material.settings.cohort.design}")
        return (
            Text(f"{design} "),
            *_unknown(material),
            *_suggested(material, suggested, "by_missing"),
        )
    if name == "imprecision" and material.arms_apart:
        return _ratios(material)
    if name == "imprecision":
        share_of = material.results.proportions["orr"]
        if share_of.ci_lower is None or share_of.ci_upper is None:
            return (Text(say("tables.certainty.no_limits")),)
        width = round((share_of.ci_upper - share_of.ci_lower) * 100, 9)
        found = say.inlines(
            "tables.certainty.limits",
            limits=material.share_limits(share_of, "endpoints.orr"),
            n=Number(str(share_of.n), "endpoints.orr.n"),
        )
        return (*found, *_suggested(material, judging().imprecision.rating(width)))
    return (Text(say(f"tables.certainty.data.{name}")),)


def _ratios(material: Material) -> Inlines:
    """Limits of the hazard ratios that the summary states."""
    say, found = material.say, arm_facts(material)["leading"]
    parts: list[Inline] = [Text(say("tables.by_arm.ratios"))]
    for place, each in enumerate(found):
        parts.append(Text("; " if place else " "))
        parts += say.inlines(
            "tables.by_arm.ratio",
            arm=each.arm.name,
            reference=each.reference.name,
            pfs=each.pfs.inlines,
            os=each.os.inlines,
        )
    return (*parts, Text("."))


def _suggested(material: Material, rating: str, key: str = "suggested") -> Inlines:
    words = material.say(f"ratings.{rating}")
    return (Text(" " + material.say(f"tables.certainty.{key}", rating=words)),)


def level_shown(material: Material, by: str = "") -> str | Inline:
    """The declared certainty in words, or an open field."""
    say, level = material.say, material.settings.certainty.level
    if level is not None:
        return say(f"certainty_levels.{level}")
    return open_field(say, say("tables.certainty.asked"), by)
