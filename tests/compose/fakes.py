"""Evaluations made by hand, without the stages before compose: any number of patients, any flaw."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dossier.appraise.verdict import (
    Adjustment,
    CriterionVerdict,
    Explanation,
    RuleVerdict,
    Verdict,
)
from dossier.cohort.columns import RESPONSES
from dossier.cohort.model import Cohort, DataQuery, SourceFile
from dossier.cohort.settings import Settings
from dossier.derive.model import Patients
from dossier.derive.patients import derive
from dossier.derive.rules import Rule
from dossier.estimate.decision import decision_at_16_weeks
from dossier.estimate.individual import exceptional_responders
from dossier.estimate.kaplan_meier import at_risk_on, kaplan_meier, quantile, survival_at
from dossier.estimate.lasting_benefit import durability
from dossier.estimate.model import (
    AdverseEventRow,
    Characteristic,
    Landmark,
    Median,
    Proportion,
    Response,
    Results,
    Safety,
    Simple,
    TimeToEvent,
)
from dossier.estimate.proportions import proportion_limits
from dossier.evaluation import Evaluation
from dossier.locations import shipped
from dossier.provenance.manifest import Manifest
from dossier.units import Duration

LANDMARKS = (Duration(6, "months"), Duration(12, "months"))


def pack_copy(folder: Path, **files: str) -> Path:
    """A copy of the standard pack; ``summary="..."`` replaces a template of that name."""
    pack = folder / "my-pack"
    shutil.copytree(shipped("templates") / "standard", pack)
    for name, text in files.items():
        ending = ".yaml" if name == "words" else ".md.j2"
        (pack / "en" / f"{name}{ending}").write_text(text, encoding="utf-8")
    return pack


def proportion(events: int, n: int, *, too_early: int = 0, unknown: int = 0) -> Proportion:
    """A share with exact limits."""
    if n == 0:
        return Proportion(0, 0, None, None, None, "clopper-pearson", 0.95, too_early, unknown,
                          "no patients")  # fmt: skip
    low, high = proportion_limits(events, n, "clopper-pearson", 0.95)
    return Proportion(
        n, events, events / n, float(low), float(high), "clopper-pearson", 0.95, too_early, unknown
    )


def time_to_event(
    days: list[float], event: list[int], *, unknown: int = 0, nobody: str = "no patients",
    words: tuple[str, str] = ("progression", "no event at last evaluable assessment"),
) -> TimeToEvent:  # fmt: skip
    """An endpoint from times and flags; without any the reason takes its place."""
    if not days:
        reason = nobody if not unknown else f"not known for {unknown} of {unknown} patients"
        nothing = tuple(
            Landmark(str(x), x.days, x.months, None, None, None, 0, reason) for x in LANDMARKS
        )
        median = Median(None, None, None, reached=False, reason=reason)
        reasons = {"status not known": unknown} if unknown else {}
        return TimeToEvent(0, 0, 0, median, nothing, "log-log", 0.95, unknown,
                           unknown_reasons=reasons, reason=reason)  # fmt: skip
    curve = kaplan_meier(days, event)
    found = quantile(curve)
    events = sum(event)
    landmarks = []
    for mark in LANDMARKS:
        at = survival_at(curve, mark.days)
        risk = int(at_risk_on(curve, mark.days))
        shown = (None, None, None) if at is None else (at.estimate, at.lower, at.upper)
        why = "beyond follow-up" if at is None else None
        landmarks.append(Landmark(str(mark), mark.days, mark.months, *shown, risk, why))
    first, last = int(np.argmin(days)), int(np.argmax(days))
    return TimeToEvent(
        n=len(days),
        events=events,
        censored=len(days) - events,
        median=Median(found.estimate, found.lower, found.upper, found.estimate is not None),
        landmarks=tuple(landmarks),
        limits="log-log",
        confidence=0.95,
        unknown=unknown,
        event_types={words[0]: events} if events else {},
        censoring_reasons={words[1]: len(days) - events} if events < len(days) else {},
        range_days=((days[first], not event[first]), (days[last], not event[last])),
        curve=curve,
    )


def durable_benefit(**changes: Any) -> CriterionVerdict:
    """A criterion with a rule that is met, one that is not and one that cannot be assessed."""
    rules = (
        RuleVerdict(
            "response", "orr >= 20%", Verdict.NOT_MET, 0.16, 0.0454, 0.3608, 25, ">=", 0.2, "%",
            -0.04, Verdict.NOT_MET, "orr", "endpoints.orr.estimate",
            source="Choice of this project", status="project", read_on="2026-11-21",
            words={
                "en": "At least one patient in five responds",
                "nl": "Minstens een op de vijf patiënten heeft een respons",
            },
        ),
        RuleVerdict(
            "pfs", "pfs.median >= 6 months", Verdict.MET, 6.0041, 3.9, None, 25, ">=", 6.0,
            "months", 0.0041, Verdict.NOT_MET, "pfs.median", "endpoints.pfs.median.months",
            source="A paper", status="verified", read_on="2026-11-21", overridden=True,
            words={
                "en": "pfs.median >= 6 months",
                "nl": "mediane progressievrije overleving ≥ 6 maanden",
            },
        ),
        RuleVerdict(
            "qol", "declared qol_improved", Verdict.NOT_ASSESSABLE, comparison="is", threshold=1.0,
            quantity="qol_improved", missing=("qol_improved",), declared=True,
            reason="not declared: qol_improved",
            words={"en": "declared: qol_improved", "nl": "verklaard: qol_improved"},
        ),
    )  # fmt: skip
    leaves = tuple(Explanation("rule", rule.verdict, rule.id) for rule in rules)
    verdict = CriterionVerdict(
        id="durable-benefit",
        version="1",
        title={"en": "Durable clinical benefit", "nl": "Duurzaam klinisch voordeel"},
        summary={
            "en": "Do tumours respond, and for how long?",
            "nl": "Reageren tumoren, en hoe lang?",
        },
        verdict=Verdict.NOT_MET,
        verdict_at_lower_limit=Verdict.NOT_MET,
        rules=rules,
        explanation=Explanation(
            "all",
            Verdict.NOT_MET,
            parts=(leaves[0], Explanation("any", Verdict.MET, parts=leaves[1:])),
        ),
        adjustments=(
            Adjustment(
                "One up",
                1,
                Verdict.NOT_ASSESSABLE,
                missing=("qol_improved",),
                texts={"en": "One up", "nl": "Eén omhoog"},
            ),
        ),
        warnings=(
            {
                "en": "Thresholds are a choice of this project",
                "nl": "Drempelwaarden zijn een keuze van dit project",
            },
        ),
        sources=("A paper https://example.org/a", "Choice of this project"),
        sha256="a" * 64,
        overrides=("pfs=6 months",),
    )
    return replace(verdict, **changes)


def evaluation(
    *,
    title: str = "Examplinib in rare tumours",
    patients: int = 25,
    treated: int | None = None,
    evaluable: int | None = None,
    responders: int = 4,
    not_evaluable: int = 3,
    pfs: TimeToEvent | None = None,
    os: TimeToEvent | None = None,
    dor: TimeToEvent | None = None,
    terms: int = 3,
    safety: bool = True,
    queries: tuple[DataQuery, ...] = (),
    verdicts: tuple[CriterionVerdict, ...] | None = None,
    cutoff: datetime.date | None = datetime.date(2024, 5, 31),
    given: bool = False,
    too_early: int = 0,
    baseline: tuple[Characteristic, ...] | None = None,
    settings: dict[str, Any] | None = None,
) -> Evaluation:
    """An evaluation; every part can be replaced."""
    treated = patients if treated is None else treated
    evaluable = treated if evaluable is None else evaluable
    responders = min(responders, evaluable)
    not_evaluable = min(not_evaluable, evaluable - responders)
    counts = dict.fromkeys(RESPONSES, 0)
    counts |= {"PR": responders, "NE": not_evaluable, "SD": evaluable - responders - not_evaluable}
    response = Response(
        n=evaluable,
        counts=counts,
        unconfirmed_counts=dict.fromkeys(RESPONSES, 0) if given else counts,
        not_evaluable_reasons={"no assessment after baseline": not_evaluable}
        if not_evaluable
        else {},
    )
    days = [30.0 * (i + 1) for i in range(treated)]
    pfs = pfs or time_to_event(days, [i % 3 < 2 for i in range(treated)])
    os = os or time_to_event([d * 2 for d in days], [i % 2 for i in range(treated)])
    dor = dor or time_to_event(
        days[:responders], [i % 2 for i in range(responders)], nobody="no responders"
    )
    benefit = evaluable - too_early if evaluable >= too_early else 0
    proportions = {
        "orr": proportion(responders, evaluable),
        "orr_unconfirmed": proportion(responders, evaluable),
        "dcr": proportion(evaluable - not_evaluable, evaluable),
        "cbr_16w": proportion(min(responders, benefit), benefit, too_early=too_early),
        "cbr_24w": proportion(min(responders, benefit), benefit, too_early=too_early),
    }
    if treated != evaluable:
        proportions |= {
            f"{name}_treated": proportion(share.events, treated)
            for name, share in list(proportions.items())
        }
    ages = Characteristic("age", "number", treated, 0, {}, 60.5, 45.0, 70.0, 29.0, 81.0)
    sexes = Characteristic("sex", "category", treated, 1, {"female": max(treated - 1, 0)})
    rows = [
        AdverseEventRow("Gastrointestinal disorders", "", dict.fromkeys(range(1, 6), 0), 0, 1, 0)
    ]
    rows += [
        AdverseEventRow(
            "Gastrointestinal disorders", f"Term {i}", {1: 1, 2: 0, 3: 0, 4: 0, 5: 0}, 0, 1, 0
        )
        for i in range(terms)
    ]
    overview = {
        "any": proportion(min(1, treated), treated),
        "grade_3_or_higher": proportion(0, treated),
    }
    results = Results(
        populations={"enrolled": patients, "treated": treated, "response_evaluable": evaluable},
        losses={
            "treated": {"no treatment start": patients - treated} if patients > treated else {},
            "response_evaluable": {"withdrew": treated - evaluable} if treated > evaluable else {},
        },
        best_response=response,
        proportions=proportions,
        times={"pfs": pfs, "os": os, "dor": dor, "follow_up": os},
        time_to_response=Simple(responders, 57.0, 55.0, 113.0)
        if responders
        else Simple(0, None, None, None, "no responders"),
        baseline=(ages, sexes) if baseline is None else baseline,
        safety=Safety(given=True, n=treated, events=3, overview=overview, terms=tuple(rows))
        if safety and treated
        else Safety(False, treated, 0, reason="no adverse event table was given"),
    )
    cohort = _cohort(title, queries, cutoff, settings or {}, patients, treated)
    verdicts = (durable_benefit(),) if verdicts is None else verdicts
    rule = "BOR-GIVEN" if given else "BOR-PR"
    frame = derive(cohort).frame if patients else pd.DataFrame()
    frame = frame.assign(best_response_rule=[rule] * patients)
    if patients:
        everybody, options = frame["treated"].to_numpy(dtype=bool), cohort.settings.estimation
        results = replace(
            results,
            durability=durability(frame, everybody, options),
            decision=decision_at_16_weeks(frame, everybody),
            exceptional=exceptional_responders(frame, everybody, options),
        )
    texts = {
        rule: Rule(
            rule,
            {
                "en": "At least {confirmation_days} days apart.",
                "nl": "Minstens {confirmation_days} dagen uit elkaar.",
            },
            "RECIST 1.1",
        )
    }
    notes = ("endpoints-as-given", "treated-assumed") if given else ()
    manifest = Manifest(
        "dossier", "0.1.0", cutoff, cutoff is not None,
        datetime.datetime(2024, 5, 31, tzinfo=datetime.UTC), cohort.sources, "b" * 64,
        {verdict.id: verdict.sha256 for verdict in verdicts},
    )  # fmt: skip
    return Evaluation(cohort, Patients(frame, texts, notes=notes), results, verdicts, manifest)


def _cohort(
    title: str,
    queries: tuple[DataQuery, ...],
    cutoff: datetime.date | None,
    more: dict[str, Any],
    patients: int,
    treated: int,
) -> Cohort:
    """Settings as asked for; of the patients only that they are there, and the start of the
    treated, so that figures of single patients find nothing to draw."""
    values = {
        "cohort": {"title": title, "data_cutoff": cutoff},
        "data": {"patients": "patients.csv"},
    }
    nothing = pd.DataFrame()
    settings = Settings.model_validate(values | more)
    sources = (SourceFile("patients", "patients.csv", "c" * 64, 25),)
    if patients:
        rows = pd.DataFrame(
            {
                "patient_id": [f"P-{i}" for i in range(patients)],
                "treatment_start": ["2023-01-01" if i < treated else "" for i in range(patients)],
            }
        )
        made = Cohort.from_frames(patients=rows, title="T", data_cutoff="2024-05-31")
        return replace(made, settings=settings, sources=sources, queries=queries)
    return Cohort(
        settings=settings,
        patients=nothing,
        assessments=nothing,
        adverse_events=nothing,
        quality_of_life=nothing,
        given={},
        sources=sources,
        queries=queries,
    )


def query(number: int, **changes: Any) -> DataQuery:
    """A data query about patient P-number."""
    plain = DataQuery(
        "partial-date", "warning", "the date of death has no day",
        "read as 2024-03-15, the middle of the month (derivation.partial_dates); possible from "
        "2024-03-01 to 2024-03-31", f"P-{number}",
        "patients.csv", number + 1, "death_date", "2024-03", ("os",),
    )  # fmt: skip
    return replace(plain, **changes)
