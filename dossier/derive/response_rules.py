"""Rules of populations and best overall response, as printed in the methods section."""

from __future__ import annotations

from dossier.derive.rules import Rule

_RECIST = "RECIST 1.1, Eisenhauer et al., Eur J Cancer 2009;45:228-247"
_GIVEN = "patient table of the cohort"
_PROJECT = "convention of this project"

RESPONSE_RULES = (
    Rule(
        "POP-TREATED",
        {
            "en": "A patient counts as treated when treatment started on or before the data "
            "cut-off.",
            "nl": "Een patiënt telt als behandeld wanneer de behandeling op of vóór de "
            "peildatum is begonnen.",
        },
        _PROJECT,
    ),
    Rule(
        "POP-EVALUABLE",
        {
            "en": "A treated patient is evaluable for response unless the study team recorded "
            "otherwise; a patient without an assessment after baseline stays in the denominator "
            "and counts as not responding.",
            "nl": "Een behandelde patiënt is evalueerbaar voor respons tenzij het studieteam "
            "anders heeft vastgelegd; een patiënt zonder beoordeling na de uitgangsmeting blijft "
            "in de noemer en telt als geen respons.",
        },
        _PROJECT,
    ),
    Rule(
        "BOR-VISITS",
        {
            "en": "Best response is taken from the assessments after the start of treatment, up "
            "to and including the first progression, on or before the start of a new anticancer "
            "therapy and the data cut-off; assessments dated after death are not used.",
            "nl": "De beste respons volgt uit de beoordelingen na de start van de behandeling, "
            "tot en met de eerste progressie, op of vóór de start van een nieuwe antikanker"
            "behandeling en de peildatum; beoordelingen met een datum na het overlijden tellen "
            "niet mee.",
        },
        _RECIST,
    ),
    Rule(
        "BOR-RELAPSE-PROGRESSION",
        {
            "en": "A partial response, stable disease or non-CR/non-PD after a complete response "
            "counts as progression at that assessment for best response, because the disease has "
            "come back; progression-free survival keeps the responses as entered.",
            "nl": "Een partiële respons, stabiele ziekte of non-CR/non-PD na een complete respons "
            "telt voor de beste respons als progressie op die beoordeling, omdat de ziekte terug "
            "is; de progressievrije overleving gebruikt de respons zoals ingevoerd.",
        },
        _RECIST + ", table 3, footnote",
    ),
    Rule(
        "BOR-RELAPSE-PARTIAL",
        {
            "en": "A complete response that is followed by a partial response, stable disease or "
            "non-CR/non-PD is read as a partial response for best response.",
            "nl": "Een complete respons die wordt gevolgd door een partiële respons, stabiele "
            "ziekte of non-CR/non-PD wordt voor de beste respons gelezen als partiële respons.",
        },
        _RECIST + ", table 3, footnote",
    ),
    Rule(
        "BOR-CR",
        {
            "en": "Complete response: two assessments with complete response at least "
            "{confirmation_days} days apart, with only complete responses and at most "
            "{maximum_ne_between} not evaluable assessment(s) between them; the first of the two "
            "dates the response.",
            "nl": "Complete respons: twee beoordelingen met complete respons met ten minste "
            "{confirmation_days} dagen ertussen, met daartussen alleen complete responsen en ten "
            "hoogste {maximum_ne_between} niet-evalueerbare beoordeling(en); de eerste van de "
            "twee bepaalt de datum.",
        },
        _RECIST,
    ),
    Rule(
        "BOR-PR",
        {
            "en": "Partial response: an assessment with partial response and one with partial or "
            "complete response at least {confirmation_days} days later, with between them only "
            "partial or complete responses, at most {maximum_ne_between} not evaluable "
            "assessment(s) and at most {maximum_sd_between} with stable disease; the first of the "
            "two dates the response.",
            "nl": "Partiële respons: een beoordeling met partiële respons en een met partiële of "
            "complete respons ten minste {confirmation_days} dagen later, met daartussen alleen "
            "partiële of complete responsen, ten hoogste {maximum_ne_between} niet-evalueerbare "
            "beoordeling(en) en ten hoogste {maximum_sd_between} met stabiele ziekte; de eerste "
            "van de twee bepaalt de datum.",
        },
        _RECIST,
    ),
    Rule(
        "BOR-CR-UNCONFIRMED",
        {
            "en": "Complete response: one assessment with complete response; confirmation is not "
            "required.",
            "nl": "Complete respons: één beoordeling met complete respons; bevestiging is niet "
            "vereist.",
        },
        _RECIST,
    ),
    Rule(
        "BOR-PR-UNCONFIRMED",
        {
            "en": "Partial response: one assessment with partial response; confirmation is not "
            "required.",
            "nl": "Partiële respons: één beoordeling met partiële respons; bevestiging is niet "
            "vereist.",
        },
        _RECIST,
    ),
    Rule(
        "BOR-SD",
        {
            "en": "Stable disease: an assessment with stable disease, or with a response that is "
            "not confirmed, on day {sd_minimum_days} or later (tolerance: {sd_tolerance_days} "
            "days).",
            "nl": "Stabiele ziekte: een beoordeling met stabiele ziekte, of met een respons die "
            "niet is bevestigd, op dag {sd_minimum_days} of later (tolerantie: "
            "{sd_tolerance_days} dagen).",
        },
        _RECIST,
    ),
    Rule(
        "BOR-NON",
        {
            "en": "Non-CR/non-PD: an assessment with this result, which applies to patients "
            "without measurable lesions, on day {sd_minimum_days} or later (tolerance: "
            "{sd_tolerance_days} days).",
            "nl": "Non-CR/non-PD: een beoordeling met deze uitkomst, die geldt voor patiënten "
            "zonder meetbare laesies, op dag {sd_minimum_days} of later (tolerantie: "
            "{sd_tolerance_days} dagen).",
        },
        _RECIST,
    ),
    Rule(
        "BOR-PD",
        {
            "en": "Progressive disease: an assessment with progression, without a response or "
            "stable disease of sufficient duration before it.",
            "nl": "Progressieve ziekte: een beoordeling met progressie, zonder respons of "
            "stabiele ziekte van voldoende duur daarvoor.",
        },
        _RECIST,
    ),
    Rule(
        "BOR-NE",
        {
            "en": "Not evaluable: no assessment after baseline allows another best response.",
            "nl": "Niet evalueerbaar: geen beoordeling na de uitgangsmeting laat een andere beste "
            "respons toe.",
        },
        _RECIST,
    ),
    Rule(
        "BOR-GIVEN",
        {
            "en": "Best response as entered; a blank entry is shown as not evaluable and counts as "
            "no response, and where too many are blank no response rate is estimated.",
            "nl": "Beste respons zoals ingevoerd; een leeg veld wordt als niet evalueerbaar "
            "getoond en telt als geen respons; zijn te veel velden leeg, dan wordt geen "
            "responspercentage geschat.",
        },
        _GIVEN,
    ),
)
