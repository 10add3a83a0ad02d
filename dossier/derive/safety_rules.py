"""Rules of adverse events, deaths and exposure, as printed in the methods."""

from __future__ import annotations

from dossier.derive.rules import Rule

_PROJECT = "convention of this project"
_RATES = (
    "Stegherr et al. (SAVVY), Trials 2021;22:420, incidence density; limits: Garwood, Biometrika "
    "1936;28:437-442"
)

SAFETY_RULES = (
    Rule(
        "AE-UNDER-TREATMENT",
        {
            "en": "An adverse event counts when it began on or after the first day of treatment "
            "and on or before the data cut-off; one without a start date counts.",
            "nl": "Een bijwerking telt als zij begon op of na de eerste behandeldag en op of vóór "
            "de peildatum; een bijwerking zonder begindatum telt mee.",
        },
        _PROJECT,
    ),
    Rule(
        "AE-AT-RISK",
        {
            "en": "A patient is at risk from the first day of treatment to "
            "{adverse_event_window_days} days after its end, but no longer than to a new "
            "anticancer therapy, death, the last contact or the data cut-off. The rate of "
            "patients divides those with an event in that time by the time until the first "
            "event, the rate of events divides all events by the whole time.",
            "nl": "Een patiënt loopt risico van de eerste behandeldag tot "
            "{adverse_event_window_days} dagen na het einde van de behandeling, maar niet langer "
            "dan tot een nieuwe antikankerbehandeling, overlijden, het laatste contact of de "
            "peildatum. Voor de frequentie van patiënten wordt het aantal met een bijwerking in "
            "die tijd gedeeld door de tijd tot de eerste, voor die van bijwerkingen het aantal "
            "bijwerkingen door de hele tijd.",
        },
        _RATES,
    ),
    Rule(
        "DEATH-WITHIN",
        {
            "en": "A death under treatment or up to {death_window_days} days after its end counts "
            "as within that period.",
            "nl": "Een overlijden tijdens de behandeling of tot en met {death_window_days} dagen "
            "na het einde ervan telt als binnen die periode.",
        },
        _PROJECT,
    ),
    Rule(
        "DEATH-LATER",
        {
            "en": "A death more than {death_window_days} days after the end of treatment counts "
            "as later.",
            "nl": "Een overlijden meer dan {death_window_days} dagen na het einde van de "
            "behandeling telt als later.",
        },
        _PROJECT,
    ),
    Rule(
        "DEATH-NOT-KNOWN",
        {
            "en": "A death without a date, or in data without an end of treatment, counts as a "
            "death of which the time since the last dose is not known.",
            "nl": "Een overlijden zonder datum, of in gegevens zonder einde van de behandeling, "
            "telt als overlijden waarvan de tijd sinds de laatste dosis niet bekend is.",
        },
        _PROJECT,
    ),
    Rule(
        "BEYOND-YES",
        {
            "en": "Treatment went on beyond progression when it lasted more than "
            "{beyond_progression_days} days after the first progression.",
            "nl": "De behandeling werd na progressie voortgezet als zij meer dan "
            "{beyond_progression_days} dagen na de eerste progressie doorliep.",
        },
        _PROJECT,
    ),
    Rule(
        "BEYOND-NO",
        {
            "en": "Treatment that ended within {beyond_progression_days} days after the first "
            "progression did not go on beyond it.",
            "nl": "Een behandeling die binnen {beyond_progression_days} dagen na de eerste "
            "progressie eindigde, werd na progressie niet voortgezet.",
        },
        _PROJECT,
    ),
    Rule(
        "BEYOND-UNKNOWN",
        {
            "en": "It is not known whether treatment went on beyond progression: how long it "
            "lasted is not known, or it went on when the patient was last heard of.",
            "nl": "Het is niet bekend of de behandeling na progressie werd voortgezet: de duur is "
            "niet bekend, of de behandeling liep nog bij het laatste contact.",
        },
        _PROJECT,
    ),
)
