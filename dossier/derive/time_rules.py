"""Rules of survival, time to response and clinical benefit, as printed in the methods."""

from __future__ import annotations

from dossier.derive.rules import Rule

_RECIST = "RECIST 1.1, Eisenhauer et al., Eur J Cancer 2009;45:228-247"
_CENSORING = "convention of this project, rule set `standard`"
_DRUP = "Drug Rediscovery Protocol, NCT02925234"
_GIVEN = "patient table of the cohort"
_PROJECT = "convention of this project"

SURVIVAL_RULES = (
    Rule(
        "OS-DEATH",
        {
            "en": "Overall survival ends at death from any cause on or before the data cut-off.",
            "nl": "De totale overleving eindigt bij overlijden door welke oorzaak ook, op of vóór "
            "de peildatum.",
        },
        _CENSORING,
    ),
    Rule(
        "OS-ALIVE",
        {
            "en": "A patient not known to have died is censored on the last day known alive by "
            "any record, and at the data cut-off only when a later record proves that the patient "
            "lived then.",
            "nl": "Een patiënt van wie geen overlijden bekend is, wordt gecensureerd op de laatste "
            "dag waarop een gegeven bewijst dat de patiënt leefde, en alleen op de peildatum als "
            "een later gegeven bewijst dat de patiënt toen leefde.",
        },
        _CENSORING,
    ),
    Rule(
        "OS-GIVEN",
        {
            "en": "Overall survival time and status as entered in the patient table.",
            "nl": "Duur en status van de totale overleving zoals ingevoerd in de patiëntentabel.",
        },
        _GIVEN,
    ),
    Rule(
        "OS-UNKNOWN",
        {
            "en": "Overall survival is not known for this patient, who is left out of its "
            "estimate and counted as unknown.",
            "nl": "De totale overleving van deze patiënt is niet bekend; de patiënt telt niet mee "
            "in de schatting en wordt als onbekend vermeld.",
        },
        _PROJECT,
    ),
    Rule(
        "TTR",
        {
            "en": "Time to response runs from the start of treatment to the assessment that dates "
            "the response, in responders only.",
            "nl": "De tijd tot respons loopt van de start van de behandeling tot de beoordeling "
            "die de datum van de respons bepaalt, alleen bij patiënten met een respons.",
        },
        _RECIST,
    ),
)

BENEFIT_RULES = (
    Rule(
        "CBR-RESPONSE",
        {
            "en": "A patient whose best response is a complete or partial response has clinical "
            "benefit.",
            "nl": "Een patiënt met een complete of partiële respons als beste respons heeft "
            "klinisch voordeel.",
        },
        _DRUP,
    ),
    Rule(
        "CBR-STABLE-DISEASE",
        {
            "en": "A patient has clinical benefit at 16 (24) weeks with an assessment of stable "
            "disease, non-CR/non-PD or better on or after day 112 (168), or at most "
            "{benefit_tolerance_days} days earlier, with no progression, death or new anticancer "
            "therapy before it.",
            "nl": "Een patiënt heeft klinisch voordeel na 16 (24) weken bij een beoordeling met "
            "stabiele ziekte, non-CR/non-PD of beter op of na dag 112 (168), of ten hoogste "
            "{benefit_tolerance_days} dagen eerder, zonder progressie, overlijden of nieuwe "
            "antikankerbehandeling daarvoor.",
        },
        _DRUP,
    ),
    Rule(
        "CBR-TOO-EARLY",
        {
            "en": "A patient without benefit so far who is alive, on treatment, without "
            "progression or new anticancer therapy, and whose follow-up at the data cut-off is "
            "shorter than the threshold, is too early to judge: left out of the denominator, "
            "counted and listed.",
            "nl": "Een patiënt zonder voordeel tot nu toe die leeft, nog wordt behandeld, geen "
            "progressie of nieuwe antikankerbehandeling heeft, en op de peildatum korter is "
            "gevolgd dan de drempel, is te vroeg om te beoordelen: niet in de noemer, wel geteld "
            "en vermeld.",
        },
        _DRUP,
    ),
    Rule(
        "CBR-NONE",
        {
            "en": "Every other patient counts as without clinical benefit, also one who left "
            "treatment early for another reason.",
            "nl": "Iedere andere patiënt telt als zonder klinisch voordeel, ook wie om een andere "
            "reden eerder met de behandeling stopte.",
        },
        _DRUP,
    ),
    Rule(
        "CBR-GIVEN",
        {
            "en": "Clinical benefit follows from the best response and progression-free survival "
            "entered in the patient table: a complete or partial response, or stable disease or "
            "non-CR/non-PD with a progression-free time of at least 112 (168) days less "
            "{benefit_tolerance_days}.",
            "nl": "Klinisch voordeel volgt uit de beste respons en progressievrije overleving in "
            "de patiëntentabel: een complete of partiële respons, of stabiele ziekte of "
            "non-CR/non-PD met een progressievrije duur van ten minste 112 (168) dagen min "
            "{benefit_tolerance_days}.",
        },
        _GIVEN,
    ),
    Rule(
        "CBR-UNKNOWN",
        {
            "en": "It is not known whether this patient had clinical benefit; the patient is left "
            "out of the denominator and counted as unknown.",
            "nl": "Het is niet bekend of deze patiënt klinisch voordeel had; de patiënt telt niet "
            "mee in de noemer en wordt als onbekend vermeld.",
        },
        _PROJECT,
    ),
)
