"""Rules, their numbers, and what they lack in plain words, in English and Dutch."""

from __future__ import annotations

from functools import lru_cache

from dossier.appraise import quantities as q
from dossier.appraise import wording
from dossier.appraise.criterion import CompiledRule
from dossier.appraise.evidence import Evidence, Number, Observation
from dossier.appraise.sentence import DAYS, Comparison, Condition, Declared, Known, Threshold, scale

_SIGNS = {">=": "≥", "<=": "≤"}


def amount_in_words(value: Number, unit: str) -> wording.Words:
    """A value in a unit, with three digits."""
    share = unit == "%"
    text = f"{float(value) * 100:.3g}%" if share else f"{float(value) / float(scale(unit)):.3g}"
    return {
        language: (
            (text.replace(".", ",") if language == "nl" else text)
            + (f" {q.unit_in_words(unit, language)}" if unit not in ("", "%") else "")
        )
        for language in wording.LANGUAGES
    }


def threshold_in_words(threshold: Threshold) -> wording.Words:
    """A threshold as it was written; that it is not known where the file leaves it open."""
    if threshold.amount is None:
        if threshold.patients is None:
            return wording.text("open threshold")
        return wording.text("open threshold among", patients=threshold.patients)
    text = str(threshold)
    dutch = text.replace(".", ",").replace(" million", " miljoen")
    dutch = dutch.replace(" of at least ", " van minstens ").replace(" of ", " van ")
    if threshold.unit in DAYS:
        number, _, unit = dutch.partition(" ")
        dutch = f"{number} {q.unit_in_words(unit, 'nl')}"
    return {"en": text, "nl": dutch}


def quantity_in_words(condition: Comparison | Known) -> wording.Words:
    """What a condition is about."""
    return {language: condition.quantity.in_words(language) for language in wording.LANGUAGES}


@lru_cache(maxsize=1024)
def sentence_in_words(condition: Condition) -> wording.Words:
    """A condition in plain words, by language."""
    if isinstance(condition, Known):
        return wording.text("is known", what=quantity_in_words(condition))
    if isinstance(condition, Declared):
        declared = wording.text("declared fact", fact=condition.fact)
        if condition.threshold is None:
            return declared
        amount = threshold_in_words(condition.threshold)
        sign = _SIGNS.get(condition.sign, condition.sign)
        return {lang: f"{declared[lang]} {sign} {amount[lang]}" for lang in wording.LANGUAGES}
    words = {}
    for language in wording.LANGUAGES:
        limit = ""
        if condition.statistic != "estimate":
            joint = "of" if language == "en" else "van"
            limit = f"{wording.text(condition.statistic)[language]} {joint} "
        threshold = threshold_in_words(condition.threshold)[language]
        sign = _SIGNS.get(condition.sign, condition.sign)
        words[language] = f"{limit}{condition.quantity.in_words(language)} {sign} {threshold}"
    return words


def why_unknown(observed: Observation, condition: Comparison, *, decided: bool) -> wording.Words:
    """Why there is no value, or how it was decided all the same."""
    what = quantity_in_words(condition)
    unit = condition.threshold.unit
    if condition.statistic != "estimate":
        if observed.value is None and observed.reason and observed.reached:
            return wording.text("not given with", what=what, reason=_reason(observed))
        return wording.text("limit not given", limit=wording.text(condition.statistic), what=what)
    if not observed.reached:
        if decided and observed.longer_than is not None:
            key = "beyond by follow-up" if observed.proof == "follow-up" else "beyond by limit"
            return wording.text(key, bound=amount_in_words(observed.longer_than, unit))
        return wording.text("nr undecided", threshold=threshold_in_words(condition.threshold))
    if observed.unknown and observed.at_most is not None:
        patients = condition.threshold.patients
        among = patients is not None and observed.n != patients and not condition.threshold.or_more
        return wording.text(
            "counted unknown among" if among else "counted unknown",
            events=observed.events,
            n=observed.n,
            unknown=observed.unknown,
            patients=patients,
            low=f"{float(observed.at_least or 0):g}",
            high=f"{float(observed.at_most):g}",
        )
    if condition.threshold.patients is not None and observed.at_most is not None:
        return wording.text(
            "counted",
            events=observed.events,
            n=observed.n,
            patients=condition.threshold.patients,
            low=f"{float(observed.at_least or 0):g}",
            high=f"{float(observed.at_most):g}",
        )
    if observed.at_least is not None and observed.at_most is not None:
        low, high = (
            amount_in_words(observed.at_least, unit),
            amount_in_words(observed.at_most, unit),
        )
        bounds = wording.text("bounds undecided", low=low, high=high)
        return wording.joined([bounds, _reason(observed)]) if observed.reason else bounds
    if observed.reason:
        return wording.text("not given with", what=what, reason=_reason(observed))
    return wording.text("not given", what=_listed(observed.missing) if observed.missing else what)


def left_open(observed: Observation, condition: Comparison) -> wording.Words:
    """What the patients who may still turn out either way make of a value."""
    unit = condition.threshold.unit
    low, high = (amount_in_words(x or 0, unit) for x in (observed.at_least, observed.at_most))
    return wording.text("indeterminate", n=observed.indeterminate, low=low, high=high)


def missing_names(observed: Observation, condition: Comparison, evidence: Evidence) -> list[str]:
    """What would have to be known, as the source of the evidence names it."""
    if evidence.wanted and not evidence.observations:
        return list(evidence.wanted)
    name = condition.quantity.name
    if condition.statistic != "estimate":
        limit = f"{condition.statistic} of {name}"
        return [evidence.names.get(limit, limit)]
    among = condition.threshold.patients is not None and not observed.unknown
    if among and observed.at_least is not None:
        return [f"{name} among {condition.threshold.patients}"]
    return list(observed.missing) or [name]


def replaced_threshold(rule: CompiledRule) -> wording.Words:
    """That the threshold is not that of the file, and whose it is."""
    key = "from design" if rule.by_design else "overridden"
    if rule.overridden is None or rule.overridden.amount is None:
        return wording.text(f"{key} open")
    if rule.by_design and rule.overridden == rule.condition.threshold:
        return wording.text("from design alike")
    return wording.text(key, threshold=threshold_in_words(rule.overridden))


def _reason(observed: Observation) -> wording.Words:
    return wording.translated(observed.reason or "")


def _listed(names: tuple[str, ...]) -> wording.Words:
    return wording.same(", ".join(names))
