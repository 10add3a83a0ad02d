"""Reasons and remarks of the judge, in English and Dutch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

Words = dict[str, str]

LANGUAGES: Final = ("en", "nl")

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "threshold unverified": (
        "threshold not verified",
        "drempelwaarde niet geverifieerd",
    ),
    "rule unverified": ("rule not verified", "regel niet geverifieerd"),
    "not given": ("{what} is not given", "{what} is niet opgegeven"),
    "not given with": ("{what}: {reason}", "{what}: {reason}"),
    "limit not given": (
        "the {limit} of {what} is not known",
        "de {limit} van {what} is niet bekend",
    ),
    "not declared": (
        "not declared: {what}",
        "niet opgegeven: {what}",
    ),
    "declared": ("declared, not computed", "opgegeven, niet berekend"),
    "beyond by follow-up": (
        "median not reached; longer than {bound}, as the curve is still above 50% there",
        "mediaan niet bereikt; langer dan {bound}, want de curve ligt daar nog boven 50%",
    ),
    "beyond by limit": (
        "median not reached; its lower confidence limit is {bound}",
        "mediaan niet bereikt; de ondergrens van het betrouwbaarheidsinterval is {bound}",
    ),
    "nr undecided": (
        "median not reached, and neither its lower limit nor the follow-up shows that it lies "
        "beyond {threshold}",
        "mediaan niet bereikt, en ondergrens noch follow-up toont dat deze voorbij {threshold} "
        "ligt",
    ),
    "counted": (
        "{events} of {n} counted, so {low} to {high} among the {patients} of the rule",
        "{events} van {n} geteld, dus {low} tot {high} onder de {patients} van de regel",
    ),
    "counted unknown": (
        "{events} among {n} known, {unknown} not known: {low} to {high} in all",
        "{events} van {n} bekende, {unknown} niet bekend: in totaal {low} tot {high}",
    ),
    "counted unknown among": (
        "{events} among {n} known, {unknown} not known: {low} to {high} among the {patients} of "
        "the rule",
        "{events} van {n} bekende, {unknown} niet bekend: {low} tot {high} onder de {patients} van "
        "de regel",
    ),
    "open threshold": ("a threshold that is not known", "een drempelwaarde die niet bekend is"),
    "open threshold among": (
        "a threshold that is not known, of {patients} patients",
        "een drempelwaarde die niet bekend is, van {patients} patiënten",
    ),
    "bounds undecided": (
        "only known to lie between {low} and {high}",
        "alleen bekend dat het tussen {low} en {high} ligt",
    ),
    "indeterminate": (
        "{n} censored before the ratio: {low} if none of them, {high} if all of them reach it",
        "{n} vóór de ratio gecensureerd: {low} als geen, {high} als elk van hen die haalt",
    ),
    "overridden": (
        "threshold set by the user; the criteria file says {threshold}",
        "drempelwaarde door de gebruiker ingesteld; het criteriabestand zegt {threshold}",
    ),
    "from design alike": (
        "threshold from the two-stage design of this cohort, as in the criteria file",
        "drempelwaarde uit het tweetrapsontwerp van dit cohort, zoals in het criterium",
    ),
    "from design": (
        "threshold from the two-stage design of this cohort; the criteria file says {threshold}",
        "drempelwaarde uit het tweetrapsontwerp van dit cohort; het criterium zegt {threshold}",
    ),
    "overridden open": (
        "threshold set by the user; the criteria file leaves it open",
        "drempelwaarde door de gebruiker ingesteld; het criteriabestand laat die open",
    ),
    "from design open": (
        "threshold from the two-stage design of this cohort; the criteria file leaves it open",
        "drempelwaarde uit het tweetrapsontwerp van dit cohort; het criterium laat die open",
    ),
    "known": ("known", "bekend"),
    "not known": ("not known", "niet bekend"),
    "is known": ("{what} is known", "{what} is bekend"),
    "declared fact": ("declared: {fact}", "opgegeven: {fact}"),
    "published": (
        "published figure, not from this cohort's data",
        "gepubliceerd getal, niet uit de gegevens van dit cohort",
    ),
    "wrong design": (
        "for {wanted} studies; this study is {found}",
        "voor {wanted} onderzoek; dit onderzoek is {found}",
    ),
    "wrong setting": (
        "for the {wanted} setting; this study is {found}",
        "voor de {wanted} setting; dit onderzoek is {found}",
    ),
    "precondition denied": (
        "declared not to hold: {what}",
        "volgens verklaring niet van toepassing: {what}",
    ),
    "precondition open": (
        "Assumed, not declared: {what}",
        "Aangenomen, niet opgegeven: {what}",
    ),
    "design assumed": (
        "The design is not given; judged as {assumed}.",
        "De onderzoeksopzet is niet opgegeven; beoordeeld als {assumed}.",
    ),
    "setting assumed": (
        "The setting is not given; judged as {assumed}.",
        "De setting is niet opgegeven; beoordeeld als {assumed}.",
    ),
    "published control": (
        "Judged against published control figures, not against a randomised control arm of this "
        "study; differences between the populations are not accounted for.",
        "Beoordeeld tegen gepubliceerde cijfers van een controlegroep, niet tegen een "
        "gerandomiseerde controlearm van dit onderzoek; met verschillen tussen de populaties is "
        "geen rekening gehouden.",
    ),
    "open": ("cannot be decided without: {what}", "niet te beslissen zonder: {what}"),
    "open grades": (
        "the grade cannot be decided without: {what}; still possible: {grades}",
        "de graad is niet te bepalen zonder: {what}; nog mogelijk: {grades}",
    ),
    "not shown": (
        "not known and so not counted, though it might have led to a better verdict: {what}",
        "niet bekend en daarom niet meegeteld, al had het tot een beter oordeel kunnen leiden: "
        "{what}",
    ),
    "no grade": (
        "below the lowest grade of the scale",
        "lager dan de laagste graad van de schaal",
    ),
    "adjustments open": (
        "not adjusted, as not known: {what}",
        "niet gecorrigeerd, want niet bekend: {what}",
    ),
    "grade adjusted": (
        "preliminary grade {before}, adjusted to {after}",
        "voorlopige graad {before}, gecorrigeerd tot {after}",
    ),
    "below verdict grade": (
        "grade {grade}; the verdict 'met' asks for {wanted} or better",
        "graad {grade}; het oordeel 'voldoet' vraagt {wanted} of beter",
    ),
    "ungraded": ("this criterion has no grades", "dit criterium kent geen graden"),
    "no limits": (
        "no confidence limits belong to {what}",
        "bij {what} horen geen betrouwbaarheidsgrenzen",
    ),
    "no grade word": ("no grade", "geen graad"),
    "lower limit": ("lower limit", "ondergrens"),
    "upper limit": ("upper limit", "bovengrens"),
    "single-arm": ("single-arm", "eenarmig"),
    "randomised": ("randomised", "gerandomiseerd"),
    "single-arm with comparator": (
        "single-arm with published control figures",
        "eenarmig met gepubliceerde cijfers van een controlegroep",
    ),
    "non-curative": ("non-curative", "niet-curatief"),
    "curative": ("curative", "curatief"),
    "threshold of": ("threshold of {rule}", "drempelwaarde van {rule}"),
    "or": ("or", "of"),
    "and": ("and", "en"),
    "not": ("not", "niet"),
}


def text(key: str, **parts: object) -> Words:
    """A remark in every language; a part may itself be words by language.

    Examples
    --------
    >>> text("wrong design", wanted=text("randomised"), found=text("single-arm"))["en"]
    'for randomised studies; this study is single-arm'
    """
    result: Words = {}
    for language, template in zip(LANGUAGES, _TEXTS[key], strict=True):
        values = {
            name: part.get(language, part.get("en", "")) if isinstance(part, Mapping) else part
            for name, part in parts.items()
        }
        result[language] = template.format(**values)
    return result


def same(words: str) -> Words:
    """The same words in every language: names and numbers."""
    return dict.fromkeys(LANGUAGES, words)


def joined(parts: list[Words], separator: str = ", ") -> Words:
    """Several remarks as one, each once."""
    return {
        language: separator.join(dict.fromkeys(part[language] for part in parts))
        for language in LANGUAGES
    }


def names(listed: tuple[str, ...]) -> Words:
    """Names that are the same in every language."""
    return same(", ".join(listed))


_KNOWN: Final = (
    (r"not reached: no events", "niet bereikt: geen gebeurtenissen"),
    (r"not reached", "niet bereikt"),
    (r"no responders", "geen responders"),
    (r"no patients", "geen patiënten"),
    (r"no patients whose outcome is known", "geen patiënten met bekende uitkomst"),
    (r"beyond follow-up", "voorbij de follow-up"),
    (r"not known for (\d+) of (\d+) patients", r"niet bekend voor \1 van \2 patiënten"),
    (r"time of response not known", "tijdstip van respons niet bekend"),
    (r"no adverse event table was given", "er is geen tabel met bijwerkingen"),
    (r"not given", "niet opgegeven"),
    (r"an arm without events", "een arm zonder gebeurtenissen"),
    (
        r"the study has several arms and none was chosen to be judged "
        r"\(setting cohort\.judged_arm\)",
        "het onderzoek heeft meer armen en er is niet gekozen welke wordt beoordeeld "
        "(instelling cohort.judged_arm)",
    ),
    (
        r"nobody was treated in the arm that is to be judged",
        "niemand is behandeld in de arm die wordt beoordeeld",
    ),
    (
        r"the settings ask for another PFS ratio \(derivation\.pfs_ratio_threshold\)",
        "de instellingen vragen een andere PFS-ratio (derivation.pfs_ratio_threshold)",
    ),
    (r"no patient has a ratio", "geen patiënt heeft een ratio"),
    (
        r"no patient has a ratio that can be judged",
        "geen patiënt heeft een ratio die te beoordelen is",
    ),
    (r"the grade of one event is not known", "van één bijwerking is de graad niet bekend"),
    (r"the grade of (\d+) events is not known", r"van \1 bijwerkingen is de graad niet bekend"),
)


def translated(reason: str) -> Words:
    """A reason of the estimate stage, with its Dutch words where they are known."""
    for pattern, dutch in _KNOWN:
        match = re.fullmatch(pattern, reason)
        if match is not None:
            return {"en": reason, "nl": match.expand(dutch)}
    return same(reason)
