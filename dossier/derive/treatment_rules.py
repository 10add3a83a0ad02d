"""Rules of durability, time on treatment, the PFS ratio and exceptional responders."""

from __future__ import annotations

from dossier.derive.rules import Rule

_DRUP = "Drug Rediscovery Protocol, NCT02925234"
_PAYMENT = "pay-for-performance of the Drug Rediscovery Protocol, NCT02925234: decision at 16 weeks"
_RATIO = "Von Hoff et al., J Clin Oncol 2010;28:4877-4883"
_PROJECT = "convention of this project"

TREATMENT_RULES = (
    Rule(
        "DURABILITY-KEPT",
        {
            "en": "Benefit at 16 weeks is kept when an assessment on or after day 168, or at most "
            "{benefit_tolerance_days} days earlier, shows stable disease, non-CR/non-PD or better, "
            "with no progression, death or new anticancer therapy before it; for patients with a "
            "response as for those with stable disease.",
            "nl": "Voordeel na 16 weken is behouden wanneer een beoordeling op of na dag 168, of "
            "ten hoogste {benefit_tolerance_days} dagen eerder, stabiele ziekte, non-CR/non-PD of "
            "beter toont, zonder progressie, overlijden of nieuwe antikankerbehandeling daarvoor; "
            "voor patiënten met een respons zowel als voor die met stabiele ziekte.",
        },
        _DRUP,
    ),
    Rule(
        "DURABILITY-LOST",
        {
            "en": "Benefit at 16 weeks is lost when progression, death or a new anticancer therapy "
            "comes before an assessment that would show it at 24 weeks, or when there is no such "
            "assessment although the follow-up is long enough.",
            "nl": "Voordeel na 16 weken is verloren wanneer progressie, overlijden of een nieuwe "
            "antikankerbehandeling komt vóór een beoordeling die het na 24 weken zou tonen, of "
            "wanneer zo’n beoordeling er niet is hoewel lang genoeg is gevolgd.",
        },
        _DRUP,
    ),
    Rule(
        "DURABILITY-TOO-EARLY",
        {
            "en": "A patient with benefit at 16 weeks, without progression, death or new "
            "anticancer therapy, whose follow-up at the data cut-off is shorter than 24 weeks, is "
            "too early to judge: left out of the denominator, counted and listed.",
            "nl": "Een patiënt met voordeel na 16 weken, zonder progressie, overlijden of nieuwe "
            "antikankerbehandeling, die op de peildatum korter dan 24 weken is gevolgd, is te "
            "vroeg om te beoordelen: niet in de noemer, wel geteld en vermeld.",
        },
        _DRUP,
    ),
    Rule(
        "DURABILITY-NONE",
        {
            "en": "Whether benefit lasts is asked only of patients with clinical benefit at 16 "
            "weeks.",
            "nl": "Of het voordeel blijft, wordt alleen gevraagd bij patiënten met klinisch "
            "voordeel na 16 weken.",
        },
        _DRUP,
    ),
    Rule(
        "DURABILITY-UNKNOWN",
        {
            "en": "It is not known whether the benefit at 16 weeks lasted to 24 weeks; the patient "
            "is left out of the denominator and counted as unknown.",
            "nl": "Het is niet bekend of het voordeel na 16 weken tot 24 weken duurde; de patiënt "
            "telt niet mee in de noemer en wordt als onbekend vermeld.",
        },
        _PROJECT,
    ),
    Rule(
        "CONTINUED-YES",
        {
            "en": "Treatment went on after week 16 when it is known to have lasted longer than 112 "
            "days.",
            "nl": "De behandeling ging na week 16 door wanneer bekend is dat zij langer dan 112 "
            "dagen duurde.",
        },
        _PAYMENT,
    ),
    Rule(
        "CONTINUED-NO",
        {
            "en": "Treatment did not go on after week 16 when it ended on or before day 112; the "
            "reason is the one recorded, else what ended it.",
            "nl": "De behandeling ging na week 16 niet door wanneer zij op of vóór dag 112 "
            "eindigde; de reden is die in de gegevens, en anders wat haar beëindigde.",
        },
        _PAYMENT,
    ),
    Rule(
        "CONTINUED-TOO-EARLY",
        {
            "en": "For a patient on treatment whose data cut-off is not later than day 112 it is "
            "too early to say whether treatment goes on after week 16.",
            "nl": "Voor een patiënt onder behandeling van wie de peildatum niet na dag 112 ligt, "
            "is het te vroeg om te zeggen of de behandeling na week 16 doorgaat.",
        },
        _PAYMENT,
    ),
    Rule(
        "CONTINUED-UNKNOWN",
        {
            "en": "It is not known whether treatment went on after week 16.",
            "nl": "Het is niet bekend of de behandeling na week 16 doorging.",
        },
        _PROJECT,
    ),
    Rule(
        "TOT-END",
        {
            "en": "Time on treatment runs from the start to the end of treatment, for whatever "
            "reason it ended.",
            "nl": "De behandelduur loopt van de start tot het einde van de behandeling, om welke "
            "reden die ook eindigde.",
        },
        _PROJECT,
    ),
    Rule(
        "TOT-DEATH",
        {
            "en": "Death ends the time on treatment.",
            "nl": "Overlijden beëindigt de behandelduur.",
        },
        _PROJECT,
    ),
    Rule(
        "TOT-NEW-THERAPY",
        {
            "en": "Where no end of treatment is recorded, the start of a new anticancer therapy "
            "ends the time on treatment.",
            "nl": "Waar geen einde van de behandeling is vastgelegd, beëindigt de start van een "
            "nieuwe antikankerbehandeling de behandelduur.",
        },
        _PROJECT,
    ),
    Rule(
        "TOT-ONGOING",
        {
            "en": "Treatment that is still going on is censored on the last day known alive by any "
            "record, and at the data cut-off only when a later record proves that the patient "
            "lived then.",
            "nl": "Een behandeling die nog doorgaat, wordt gecensureerd op de laatste dag waarop "
            "een gegeven bewijst dat de patiënt leefde, en alleen op de peildatum als een later "
            "gegeven bewijst dat de patiënt toen leefde.",
        },
        _PROJECT,
    ),
    Rule(
        "TOT-UNKNOWN",
        {
            "en": "The time on treatment is not known for this patient, who is left out of its "
            "estimate and counted as unknown.",
            "nl": "De behandelduur van deze patiënt is niet bekend; de patiënt telt niet mee in de "
            "schatting en wordt als onbekend vermeld.",
        },
        _PROJECT,
    ),
    Rule(
        "TTNT-NEW-THERAPY",
        {
            "en": "Time to next treatment runs from the start of treatment to the start of a new "
            "anticancer therapy.",
            "nl": "De tijd tot de volgende behandeling loopt van de start van de behandeling tot "
            "de start van een nieuwe antikankerbehandeling.",
        },
        _PROJECT,
    ),
    Rule(
        "TTNT-DEATH",
        {
            "en": "Death from any cause before a new anticancer therapy is an event for the time "
            "to next treatment.",
            "nl": "Overlijden door welke oorzaak ook vóór een nieuwe antikankerbehandeling is een "
            "event voor de tijd tot de volgende behandeling.",
        },
        _PROJECT,
    ),
    Rule(
        "TTNT-NONE",
        {
            "en": "Without new anticancer therapy or death the time to next treatment is censored "
            "on the last day known alive by any record, and at the data cut-off only when a later "
            "record proves that the patient lived then.",
            "nl": "Zonder nieuwe antikankerbehandeling of overlijden wordt de tijd tot de volgende "
            "behandeling gecensureerd op de laatste dag waarop een gegeven bewijst dat de patiënt "
            "leefde, en alleen op de peildatum als een later gegeven bewijst dat de patiënt toen "
            "leefde.",
        },
        _PROJECT,
    ),
    Rule(
        "TTNT-UNKNOWN",
        {
            "en": "The time to next treatment is not known for this patient, who is left out of "
            "its estimate and counted as unknown.",
            "nl": "De tijd tot de volgende behandeling van deze patiënt is niet bekend; de patiënt "
            "telt niet mee in de schatting en wordt als onbekend vermeld.",
        },
        _PROJECT,
    ),
    Rule(
        "PFS-RATIO-MET",
        {
            "en": "The ratio is met when progression-free survival, also where it is censored, is "
            "at least {pfs_ratio_threshold} times that of the same patient on the last earlier "
            "line of treatment.",
            "nl": "De ratio is gehaald wanneer de progressievrije overleving, ook als die is "
            "gecensureerd, ten minste {pfs_ratio_threshold} keer die van dezelfde patiënt op de "
            "laatste eerdere behandellijn is.",
        },
        _RATIO,
    ),
    Rule(
        "PFS-RATIO-NOT-MET",
        {
            "en": "The ratio is not met when progression or death came before "
            "{pfs_ratio_threshold} times the earlier progression-free survival.",
            "nl": "De ratio is niet gehaald wanneer progressie of overlijden kwam vóór "
            "{pfs_ratio_threshold} keer de eerdere progressievrije overleving.",
        },
        _RATIO,
    ),
    Rule(
        "PFS-RATIO-INDETERMINATE",
        {
            "en": "A patient whose progression-free survival is censored before the ratio was "
            "reached is indeterminate and never counts as a failure.",
            "nl": "Een patiënt van wie de progressievrije overleving is gecensureerd voordat de "
            "ratio was gehaald, is onbepaald en telt nooit als mislukt.",
        },
        _RATIO,
    ),
    Rule(
        "PFS-RATIO-UNKNOWN",
        {
            "en": "The ratio is not known for this patient, because progression-free survival on "
            "this or the earlier line is not known.",
            "nl": "De ratio is voor deze patiënt niet bekend, omdat de progressievrije "
            "overleving op deze of de eerdere lijn niet bekend is.",
        },
        _PROJECT,
    ),
    Rule(
        "EXCEPTIONAL-CR",
        {
            "en": "A patient whose best response is a complete response is an exceptional "
            "responder.",
            "nl": "Een patiënt met een complete respons als beste respons is een uitzonderlijke "
            "responder.",
        },
        _PROJECT,
    ),
    Rule(
        "EXCEPTIONAL-PFS",
        {
            "en": "A patient known to be free of progression and alive for more than "
            "{exceptional_pfs_months} months is an exceptional responder.",
            "nl": "Een patiënt die aantoonbaar langer dan {exceptional_pfs_months} "
            "maanden zonder progressie leeft, is een uitzonderlijke responder.",
        },
        _PROJECT,
    ),
    Rule(
        "EXCEPTIONAL-NOT-YET",
        {
            "en": "A patient without progression who has been followed for no more than "
            "{exceptional_pfs_months} months is no exceptional responder so far.",
            "nl": "Een patiënt zonder progressie die niet langer dan {exceptional_pfs_months} "
            "maanden is gevolgd, is tot nu toe geen uitzonderlijke responder.",
        },
        _PROJECT,
    ),
    Rule(
        "EXCEPTIONAL-NONE",
        {
            "en": "A patient with progression or death within {exceptional_pfs_months} months is "
            "no exceptional responder.",
            "nl": "Een patiënt met progressie of overlijden binnen {exceptional_pfs_months} "
            "maanden is geen uitzonderlijke responder.",
        },
        _PROJECT,
    ),
    Rule(
        "EXCEPTIONAL-UNKNOWN",
        {
            "en": "A patient whose progression-free survival is not known does not count as an "
            "exceptional responder.",
            "nl": "Een patiënt van wie de progressievrije overleving niet bekend is, telt niet als "
            "uitzonderlijke responder.",
        },
        _PROJECT,
    ),
)
