"""Numbers and rules in plain words, in English and Dutch."""

from __future__ import annotations

from dossier.appraise import quantities as q
from dossier.appraise import wording
from dossier.appraise.sentence import DAYS, Comparison, Condition, Declared, Known, Threshold, scale

_SIGNS = {">=": "≥", "<=": "≤"}


def amount_in_words(value: float, unit: str) -> wording.Words:
    """A value in a unit, with three digits."""
    share = unit == "%"
    text = f"{value * 100:.3g}%" if share else f"{float(value) / float(scale(unit)):.3g}"
    return {
        language: (
            (text.replace(".", ",") if language == "nl" else text)
            + (f" {q.unit_in_words(unit, language)}" if unit not in ("", "%") else "")
        )
        for language in wording.LANGUAGES
    }


def threshold_in_words(threshold: Threshold) -> wording.Words:
    """A threshold as it was written."""
    text = str(threshold)
    dutch = text.replace(".", ",").replace("unknown", "onbekend").replace(" million", " miljoen")
    dutch = dutch.replace(" of at least ", " van minstens ").replace(" of ", " van ")
    if threshold.unit in DAYS:
        number, _, unit = dutch.partition(" ")
        dutch = f"{number} {q.unit_in_words(unit, 'nl')}"
    return {"en": text, "nl": dutch}


def quantity_in_words(condition: Comparison | Known) -> wording.Words:
    """What a condition is about."""
    return {language: condition.quantity.in_words(language) for language in wording.LANGUAGES}


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
