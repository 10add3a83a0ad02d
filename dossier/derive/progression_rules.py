"""Rules of progression-free survival and duration of response, as printed in the methods."""

from __future__ import annotations

from dossier.derive.rules import Rule

_RECIST = "RECIST 1.1, Eisenhauer et al., Eur J Cancer 2009;45:228-247"
_CENSORING = "convention of this project, rule set `standard`"
_FDA = (
    "convention of this project, rule set `fda`, after FDA, Clinical Trial Endpoints for the "
    "Approval of Cancer Drugs and Biologics, 2007, appendix 3, table A"
)
_EMA = (
    "convention of this project, rule set `treatment-policy`, after EMA, guideline on the "
    "evaluation of anticancer medicinal products in man, appendix 1, 2012"
)
_INTERVAL = "convention of this project, after Dugué et al., Clin Cancer Res 2016;22:5629-5635"
_SENSITIVITY = "convention of this project, for sensitivity analyses"
_GIVEN = "patient table of the cohort"
_PROJECT = "convention of this project"

PFS_RULES = (
    Rule(
        "PFS-SET-FDA",
        {
            "en": "Progression-free survival counts progression seen on an assessment and death as "
            "events; an event that comes straight after missed assessments, and a new anticancer "
            "therapy before the event, censor it, and clinical progression without imaging is no "
            "event.",
            "nl": "De progressievrije overleving telt progressie op een beoordeling en overlijden "
            "als gebeurtenis; een gebeurtenis direct na gemiste beoordelingen, en een nieuwe "
            "antikankerbehandeling vóór de gebeurtenis, censureren haar, en klinische progressie "
            "zonder beeldvorming is geen gebeurtenis.",
        },
        _FDA,
    ),
    Rule(
        "PFS-SET-TREATMENT-POLICY",
        {
            "en": "Progression-free survival counts progression and death also after the start of "
            "a new anticancer therapy, which neither ends nor censors it.",
            "nl": "De progressievrije overleving telt progressie en overlijden ook na de start van "
            "een nieuwe antikankerbehandeling, die haar niet beëindigt en niet censureert.",
        },
        _EMA,
    ),
    Rule(
        "PFS-PD",
        {
            "en": "Progression-free survival ends at the first assessment with progression.",
            "nl": "De progressievrije overleving eindigt bij de eerste beoordeling met progressie.",
        },
        _RECIST,
    ),
    Rule(
        "PFS-PD-MIDPOINT",
        {
            "en": "Progression seen on an assessment is dated halfway between the last "
            "evaluable assessment before it, or the start of treatment, and that "
            "assessment; half days are rounded up.",
            "nl": "Progressie op een beoordeling krijgt als datum het midden tussen de "
            "laatste evalueerbare beoordeling daarvoor, of de start van de behandeling, "
            "en die beoordeling; halve dagen worden naar boven afgerond.",
        },
        _INTERVAL,
    ),
    Rule(
        "PFS-DEATH",
        {
            "en": "Progression-free survival ends at death from any cause without progression "
            "before it.",
            "nl": "De progressievrije overleving eindigt bij overlijden door welke oorzaak ook, "
            "zonder eerdere progressie.",
        },
        _CENSORING,
    ),
    Rule(
        "PFS-CLINICAL-PROGRESSION",
        {
            "en": "Progression-free survival ends at clinical progression without imaging.",
            "nl": "De progressievrije overleving eindigt bij klinische progressie zonder "
            "beeldvorming.",
        },
        _CENSORING,
    ),
    Rule(
        "PFS-NEW-THERAPY",
        {
            "en": "A new anticancer therapy before progression or death censors progression-free "
            "survival at the last evaluable assessment on or before its start, or at day 0 where "
            "there is none.",
            "nl": "Een nieuwe antikankerbehandeling vóór progressie of overlijden censureert de "
            "progressievrije overleving op de laatste evalueerbare beoordeling op of vóór de "
            "start daarvan, of op dag 0 als die er niet is.",
        },
        _CENSORING,
    ),
    Rule(
        "PFS-LAST-ASSESSMENT",
        {
            "en": "Without progression or death, progression-free survival is censored at the "
            "last evaluable assessment on or before the data cut-off.",
            "nl": "Zonder progressie of overlijden wordt de progressievrije overleving "
            "gecensureerd op de laatste evalueerbare beoordeling op of vóór de peildatum.",
        },
        _CENSORING,
    ),
    Rule(
        "PFS-LAST-CONTACT",
        {
            "en": "Without progression, death or a new anticancer therapy, progression-free "
            "survival is censored on the last day the patient is known to have been "
            "alive, not later than the data cut-off.",
            "nl": "Zonder progressie, overlijden of nieuwe antikankerbehandeling wordt de "
            "progressievrije overleving gecensureerd op de laatste dag waarop bekend is "
            "dat de patiënt in leven was, niet later dan de peildatum.",
        },
        _SENSITIVITY,
    ),
    Rule(
        "PFS-DATA-CUTOFF",
        {
            "en": "Without progression, death or a new anticancer therapy, progression-free "
            "survival is censored at the data cut-off.",
            "nl": "Zonder progressie, overlijden of nieuwe antikankerbehandeling wordt de "
            "progressievrije overleving gecensureerd op de peildatum.",
        },
        _SENSITIVITY,
    ),
    Rule(
        "PFS-MISSED-ASSESSMENTS",
        {
            "en": "Progression or death straight after {missed_assessments} or more missed "
            "assessments censors progression-free survival at the last evaluable assessment before "
            "it, or at day 0 where there is none; that many are missed when the gap since the last "
            "evaluable assessment is longer than as many planned intervals, each as the schedule "
            "has it at that point, and {visit_window_days} days.",
            "nl": "Progressie of overlijden direct na {missed_assessments} of meer gemiste "
            "beoordelingen censureert de progressievrije overleving op de laatste evalueerbare "
            "beoordeling daarvoor, of op dag 0 als die er niet is; zoveel zijn er gemist wanneer "
            "de tijd sinds de laatste evalueerbare beoordeling langer is dan evenveel geplande "
            "intervallen, elk zoals het schema op dat moment luidt, en {visit_window_days} dagen.",
        },
        _FDA,
    ),
    Rule(
        "PFS-NO-ASSESSMENT",
        {
            "en": "A living patient without an evaluable assessment after baseline is censored "
            "at day 0 for progression-free survival.",
            "nl": "Een patiënt in leven zonder evalueerbare beoordeling na de uitgangsmeting "
            "wordt voor de progressievrije overleving gecensureerd op dag 0.",
        },
        _CENSORING,
    ),
    Rule(
        "PFS-GIVEN",
        {
            "en": "Progression-free survival time and status as entered in the patient table.",
            "nl": "Duur en status van de progressievrije overleving zoals ingevoerd in de "
            "patiëntentabel.",
        },
        _GIVEN,
    ),
    Rule(
        "PFS-UNKNOWN",
        {
            "en": "Progression-free survival is not known for this patient, who is left out of "
            "its estimate and counted as unknown.",
            "nl": "De progressievrije overleving van deze patiënt is niet bekend; de patiënt "
            "telt niet mee in de schatting en wordt als onbekend vermeld.",
        },
        _PROJECT,
    ),
)

DOR_RULES = (
    Rule(
        "DOR-PD",
        {
            "en": "Duration of response runs from the assessment that dates the response to the "
            "first assessment with progression.",
            "nl": "De responsduur loopt van de beoordeling die de datum van de respons bepaalt "
            "tot de eerste beoordeling met progressie.",
        },
        _RECIST,
    ),
    Rule(
        "DOR-PD-MIDPOINT",
        {
            "en": "Duration of response runs from the assessment that dates the response to "
            "the day halfway between the last evaluable assessment without progression "
            "and the first with it.",
            "nl": "De responsduur loopt van de beoordeling die de datum van de respons "
            "bepaalt tot de dag midden tussen de laatste evalueerbare beoordeling "
            "zonder progressie en de eerste met progressie.",
        },
        _INTERVAL,
    ),
    Rule(
        "DOR-DEATH",
        {
            "en": "Duration of response ends at death from any cause without progression before "
            "it.",
            "nl": "De responsduur eindigt bij overlijden door welke oorzaak ook, zonder eerdere "
            "progressie.",
        },
        _CENSORING,
    ),
    Rule(
        "DOR-CLINICAL-PROGRESSION",
        {
            "en": "Duration of response ends at clinical progression without imaging.",
            "nl": "De responsduur eindigt bij klinische progressie zonder beeldvorming.",
        },
        _CENSORING,
    ),
    Rule(
        "DOR-NEW-THERAPY",
        {
            "en": "A new anticancer therapy before progression or death censors duration of "
            "response at the last evaluable assessment on or before its start.",
            "nl": "Een nieuwe antikankerbehandeling vóór progressie of overlijden censureert de "
            "responsduur op de laatste evalueerbare beoordeling op of vóór de start daarvan.",
        },
        _CENSORING,
    ),
    Rule(
        "DOR-LAST-ASSESSMENT",
        {
            "en": "Without progression or death, duration of response is censored at the last "
            "evaluable assessment on or before the data cut-off.",
            "nl": "Zonder progressie of overlijden wordt de responsduur gecensureerd op de laatste "
            "evalueerbare beoordeling op of vóór de peildatum.",
        },
        _CENSORING,
    ),
    Rule(
        "DOR-LAST-CONTACT",
        {
            "en": "Without progression, death or a new anticancer therapy, duration of "
            "response is censored on the last day the patient is known to have been "
            "alive, not later than the data cut-off.",
            "nl": "Zonder progressie, overlijden of nieuwe antikankerbehandeling wordt de "
            "responsduur gecensureerd op de laatste dag waarop bekend is dat de patiënt "
            "in leven was, niet later dan de peildatum.",
        },
        _SENSITIVITY,
    ),
    Rule(
        "DOR-DATA-CUTOFF",
        {
            "en": "Without progression, death or a new anticancer therapy, duration of "
            "response is censored at the data cut-off.",
            "nl": "Zonder progressie, overlijden of nieuwe antikankerbehandeling wordt de "
            "responsduur gecensureerd op de peildatum.",
        },
        _SENSITIVITY,
    ),
    Rule(
        "DOR-MISSED-ASSESSMENTS",
        {
            "en": "Progression or death straight after {missed_assessments} or more missed "
            "assessments censors duration of response at the last evaluable assessment before it.",
            "nl": "Progressie of overlijden direct na {missed_assessments} of meer gemiste "
            "beoordelingen censureert de responsduur op de laatste evalueerbare beoordeling "
            "daarvoor.",
        },
        _FDA,
    ),
    Rule(
        "DOR-GIVEN",
        {
            "en": "Duration of response and its status as entered in the patient table.",
            "nl": "Responsduur en status zoals ingevoerd in de patiëntentabel.",
        },
        _GIVEN,
    ),
    Rule(
        "DOR-UNKNOWN",
        {
            "en": "Duration of response is not known for this responder, who is left out of its "
            "estimate and counted as unknown.",
            "nl": "De responsduur van deze patiënt met een respons is niet bekend; de patiënt "
            "telt niet mee in de schatting en wordt als onbekend vermeld.",
        },
        _PROJECT,
    ),
)
