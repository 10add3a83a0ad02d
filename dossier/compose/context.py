"""Everything a template may name, gathered for one document."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from dossier.compose.arm_facts import arm_facts
from dossier.compose.benefit_facts import (
    decision_facts,
    durability_facts,
    exceptional_facts,
    ratio_facts,
)
from dossier.compose.document import Link, Text, plain_text
from dossier.compose.facts import Count, Fact, Shown, observed_time, rate, text, time
from dossier.compose.figures import FIGURES, margins_of, why_not_drawn
from dossier.compose.insertions import literal
from dossier.compose.judging import (
    adjustment_words,
    at_limit_words,
    combination,
    no_limit,
    possible_grades,
    reason_words,
    title_of,
    verdict_words,
)
from dossier.compose.material import Material
from dossier.compose.missing import lacks_little, missing_parts, needs
from dossier.compose.open_fields import open_field
from dossier.compose.response_kind import response_kind
from dossier.compose.rule_print import missing_words, printed_rules, thresholds_replaced
from dossier.compose.scenario_facts import scenario_facts
from dossier.compose.tables.certainty import level_shown
from dossier.compose.tables.changes import previous_facts
from dossier.compose.tables.design import declared_design
from dossier.compose.tables.methods import as_given
from dossier.compose.tables.queries import SEVERITIES
from dossier.compose.wording import Wording


@dataclass(frozen=True)
class VerdictFact(Fact):
    """A criterion and its verdict; ``tone`` is for callouts."""

    id: str
    version: str
    title: str
    summary: str
    verdict: str
    tone: str
    grade: str
    preliminary_grade: str
    possible_grades: str
    reason: str
    missing: str
    at_limit: str
    no_limit: bool
    combination: str
    rules: tuple[RuleFact, ...]
    margins: int
    adjustments: tuple[str, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[Shown, ...]
    overrides: tuple[str, ...]
    declared: tuple[str, ...]


@dataclass(frozen=True)
class RuleFact(Fact):
    """A rule of a criterion in words, with what its file says about it."""

    id: str
    words: str
    verdict: str
    tone: str
    explanation: str
    remark: str


def context(material: Material) -> dict[str, Any]:
    """The names of the templates, grouped as results.json is."""
    results, settings = material.results, material.settings
    endpoints: dict[str, Any] = {
        name: rate(material, share, f"endpoints.{name}")
        for name, share in results.proportions.items()
    }
    endpoints |= {
        name: time(material, endpoint, f"endpoints.{name}")
        for name, endpoint in results.times.items()
    }
    endpoints["time_to_response"] = observed_time(
        material, results.time_to_response, "endpoints.time_to_response"
    )
    drawn = {name: not why_not_drawn(material, name) for name in FIGURES}
    return {
        "cohort": _cohort(material),
        "document": _document(material),
        "submission": _submission(material),
        "certainty": _certainty(material),
        "listing": {"given": settings.listing.profile != "none"},
        "context": {"given": _context_given(material)},
        "populations": {
            **{name: Count(n, f"populations.{name}") for name, n in results.populations.items()},
            "differ": material.populations_differ(),
        },
        "endpoints": endpoints,
        "best_response": {
            "counts": {
                code: Count(n, f"endpoints.best_response.counts.{code}")
                for code, n in results.best_response.counts.items()
            },
            "kind": response_kind(material),
            "not_evaluable": Count(
                results.best_response.counts.get("NE", 0), "endpoints.best_response.counts.NE"
            ),
        },
        "given": {
            name: as_given(material, name) for name in ("best_response", "cbr", "pfs", "os", "dor")
        },
        "safety": {
            "given": results.safety.given,
            "n": Count(results.safety.n, "safety.n"),
            "events": Count(results.safety.events, "safety.events"),
            "reason": literal(material.say.reason(results.safety.reason or "")),
            **{
                name: rate(material, share, f"safety.overview.{name}")
                for name, share in results.safety.overview.items()
            },
            "has": tuple(results.safety.overview),
        },
        "deaths": _deaths(material),
        "quality_of_life": _quality_of_life(material),
        "not_estimable": _not_estimable(material),
        "no_estimate": _not_estimable(material, other_than=missing_parts(material)),
        "missing": tuple(missing_parts(material)),
        "lacking": _lacking(material),
        "partial_dates": {"given": bool(material.evaluation.date_bounds.columns)},
        "deviations": {
            "given": results.deviations is not None and results.deviations.given,
        },
        "disposition": {"given": bool(results.disposition)},
        "baseline": {"given": bool(results.baseline)},
        "verdicts": tuple(
            _verdict(material, position) for position in range(len(material.evaluation.verdicts))
        ),
        "queries": _queries(material),
        "notes": material.evaluation.patients.notes,
        "derivation": _plain(settings.derivation.model_dump()),
        "estimation": {
            "level": text(material.numbers.level(settings.estimation.confidence)),
            "proportion_method": material.say(f"methods.{settings.estimation.proportion_ci}"),
            "limits": material.say(f"methods.limits.{settings.estimation.ci}"),
            "maximum_unknown": text(
                material.numbers.percent(settings.estimation.maximum_unknown, 0)
            ),
        },
        "figures": drawn,
        "previous": previous_facts(material),
        "durability": durability_facts(material),
        "decision_16w": decision_facts(material),
        "pfs_ratio": ratio_facts(material),
        "exceptional": exceptional_facts(material),
        "concordance": {"given": results.concordance is not None},
        "prior_treatment": {"given": bool(results.prior_treatment)},
        "arms": len(results.arms),
        "apart": arm_facts(material),
        "subgroups": {"given": results.subgroups is not None},
        "resamples": {
            "given": results.resamples is not None,
            "judged": any(each.stability for each in material.evaluation.verdicts),
        },
        "restricted_mean": {"given": settings.estimation.restricted_mean is not None},
        "progression_incidence": {"given": results.progression_incidence is not None},
        "baskets": {
            "given": results.baskets is not None,
            "shrunken": results.baskets is not None and results.baskets.reason is None,
        },
        "two_stage": _two_stage(material),
        "p_values": _p_values(material),
        "sensitivity": scenario_facts(material),
        "limits": _plain(material.limits.model_dump()),
    }


def _deaths(material: Material) -> dict[str, Any]:
    """Recorded deaths, and patients with a fatal adverse event of whom none is recorded."""
    found = material.results.safety.deaths
    if found is None or found.deaths is None:
        return {"given": False}
    without = found.fatal_without_death or 0
    return {
        "given": True,
        "n": Count(found.deaths, "safety.deaths.deaths"),
        "fatal_without_death": Count(without, "safety.deaths.fatal_without_death"),
    }


def _quality_of_life(material: Material) -> dict[str, Any]:
    found = material.results.quality_of_life
    reason = found.reason if found is not None else "no quality-of-life table was given"
    return {
        "given": found is not None and found.given,
        "reason": literal(material.say.reason(reason or "")),
    }


def _two_stage(material: Material) -> dict[str, Any]:
    """The declared two-stage design and where the cohort stands under it."""
    declared = declared_design(material)
    if declared is None:
        return {"given": False}
    name, design = declared
    return {
        "given": True,
        "endpoint": material.say.lower(material.say(f"endpoints.{name}")),
        "decision": str(design.decision),
        "complete": design.inference is not None,
    }


def _p_values(material: Material) -> dict[str, bool]:
    """Which tables print a p-value."""
    results = material.results
    declared = declared_design(material)
    groups = () if results.subgroups is None else results.subgroups.by
    return {
        "two_stage": declared is not None and declared[1].inference is not None,
        "comparisons": any(each.cox is not None for each in results.comparisons),
        "heterogeneity": any(
            each.heterogeneity is not None and each.heterogeneity.p_value is not None
            for each in groups
        ),
    }


def _not_estimable(material: Material, other_than: Collection[str] = ()) -> tuple[str, ...]:
    """Results of treated patients that could not be estimated, each with its reason."""
    say, results = material.say, material.results
    names = ("orr", "dcr", "cbr_16w", "cbr_24w", "pfs", "os", "dor", "follow_up")
    given: dict[str, str | None] = {
        name: share.reason for name, share in results.proportions.items() if share.estimate is None
    }
    given |= {name: time.reason for name, time in results.times.items()}
    return tuple(
        say(
            "format.with_reason",
            text=say.lower(say(f"endpoints.{name}")),
            reason=literal(say.reason(reason)),
        )
        for name in names
        if (reason := given.get(name)) and name not in other_than
    )


def _lacking(material: Material) -> dict[str, Any]:
    """What would have to be supplied, in words, and whether that is little."""
    say = material.say
    names = tuple(say.lower(say(f"tables.missing_data.needed.{name}")) for name in needs(material))
    return {"little": lacks_little(material), "names": say.listed(names)}


def _cohort(material: Material) -> dict[str, str]:
    cohort = material.settings.cohort
    return {
        "title": literal(cohort.title),
        "drug": literal(cohort.drug),
        "indication": literal(cohort.indication),
        "biomarker": literal(cohort.biomarker),
        "trial": literal(cohort.trial),
        "design": cohort.design,
        "setting": cohort.setting,
    }


def _submission(material: Material) -> dict[str, Any]:
    """What is asked, each a value or an open field."""
    say, asked = material.say, material.settings.submission

    registration = asked.registration_detail
    if asked.registration is not None:
        words = say(f"registrations.{asked.registration}")
        registration = f"{words}; {registration}" if registration else words
    nothing = Shown((open_field(say, say("open_fields.registration"), "applicant"),))
    return {
        "not_registered": asked.registration != "registered",
        "registration": text(registration) if registration else nothing,
    }


def _certainty(material: Material) -> dict[str, Any]:
    """How certain the evidence is judged to be, and what would change the conclusion."""
    judged = material.settings.certainty
    shown = level_shown(material)
    return {
        "declared": judged.level or "",
        "level": text(shown) if isinstance(shown, str) else Shown((shown,)),
        "would_change": tuple(material.say.sentence(literal(x)) for x in judged.would_change),
    }


def _context_given(material: Material) -> bool:
    settings = material.settings.context
    return settings.shipped or bool(settings.programmes)


def _document(material: Material) -> dict[str, Any]:
    manifest, settings = material.evaluation.manifest, material.settings
    return {
        "kind": material.say("document.kind"),
        "cutoff": material.cutoff_date(),
        "cutoff_in_full": material.cutoff(),
        "cutoff_declared": manifest.cutoff_declared,
        "cutoff_known": manifest.data_cutoff is not None,
        "date": material.document_date(),
        "software": f"{manifest.software} {manifest.version}",
        "author": literal(settings.dossier.author),
        "submitted_to": literal(settings.dossier.submitted_to),
        "files": tuple(literal(source.name) for source in manifest.sources),
    }


def _verdict(material: Material, position: int) -> VerdictFact:
    say, verdict = material.say, material.evaluation.verdicts[position]
    printed = printed_rules(material, position)
    return VerdictFact(
        id=literal(verdict.id),
        version=literal(verdict.version),
        title=literal(title_of(material, verdict)),
        summary=literal(say.in_language(verdict.summary, f"criterion {verdict.id}, summary")),
        verdict=verdict_words(material, verdict),
        tone=verdict.verdict.value,
        grade=verdict.grade or "",
        preliminary_grade=verdict.preliminary_grade or "",
        possible_grades=possible_grades(material, verdict),
        reason=reason_words(material, verdict),
        missing=say.listed(missing_words(material, verdict.missing)),
        at_limit=at_limit_words(material, verdict),
        no_limit=no_limit(verdict),
        combination=combination(material, verdict),
        rules=tuple(
            RuleFact(
                id=literal(rule.rule.id),
                words=rule.words,
                verdict=say(f"verdicts.{rule.rule.verdict}"),
                tone=rule.rule.verdict.value,
                explanation=literal(
                    say.in_language(rule.rule.explanation, f"rule {rule.rule.id}, explanation")
                ),
                remark=rule.remark,
            )
            for rule in printed
        ),
        margins=sum(
            rule.margin is not None and rule.margin.lower != rule.margin.upper
            for rule in margins_of(material, position).rules
        ),
        adjustments=tuple(adjustment_words(material, step) for step in verdict.adjustments),
        warnings=_sentences(material, verdict.warnings),
        notes=_sentences(material, verdict.notes),
        sources=tuple(_source(say, literal(source)) for source in verdict.sources),
        overrides=tuple(literal(override) for override in thresholds_replaced(verdict)),
        declared=tuple(
            say("format.counted_reason", reason=rule.words, n=plain_text(rule.observed))
            for rule in printed
            if rule.rule.declared and rule.rule.observed is not None
        ),
    )


def _sentences(material: Material, remarks: tuple[dict[str, str], ...]) -> tuple[str, ...]:
    say = material.say
    return tuple(
        say.sentence(literal(say.in_language(remark, "remark of a criterion")))
        for remark in remarks
    )


def _source(say: Wording, text: str) -> Shown:
    """A reference; its address, where it ends with one, becomes a link on its words."""
    words, _, address = text.rpartition(" ")
    if words and address.startswith(("https://", "http://")):
        return Shown((Link(address, literal(say.source(words))),))
    return Shown((Text(literal(say.source(text))),))


def _queries(material: Material) -> dict[str, Any]:
    queries = material.evaluation.queries
    counts = dict.fromkeys(SEVERITIES, 0)
    for query in queries:
        counts[query.severity] += 1
    partial = sum("partial" in query.rule for query in queries)
    denied = sum(
        query.rule == "death-only-in-adtte" and query.consequence.startswith("not counted")
        for query in queries
    )
    differing = {q.patient for q in queries if q.rule == "derived-differs-from-given"}
    return {
        "n": len(queries),
        "partial_dates": partial,
        "deaths_not_counted": denied,
        "given_otherwise": len(differing),
        **counts,
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: literal(value) if isinstance(value, str) else value for key, value in values.items()
    }
