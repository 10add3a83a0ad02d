"""Rules by which the response at a visit came about, other than as entered."""

from __future__ import annotations

from dossier.derive.rules import Rule

_RECIST = "RECIST 1.1, Eisenhauer et al., Eur J Cancer 2009;45:228-247"
_IRECIST = "iRECIST, Seymour et al., Lancet Oncol 2017;18:e143-e152"

VISIT_RULES = (
    Rule(
        "VISIT-MEASURED",
        {
            "en": "Where no response is entered at an assessment, or where `response_source` says "
            "so, it follows from the measurements: progression at 20% and 5 mm above the smallest "
            "earlier sum of target diameters, by other lesions or by a new lesion; partial "
            "response at 30% below baseline; complete response at a sum of at most "
            "{complete_response_sum_mm} mm with no other lesions left; not evaluable where a "
            "target lesion was not measured; a confirmed partial response stays one until "
            "progression. Other and new lesions about which nothing is recorded are taken to be "
            "absent.",
            "nl": "Waar bij een beoordeling geen respons is ingevoerd, of waar `response_source` "
            "dat bepaalt, volgt zij uit de metingen: progressie bij 20% en 5 mm boven de kleinste "
            "eerdere som van de diameters van de targetlaesies, door andere laesies of door een "
            "nieuwe laesie; partiële respons bij 30% onder de uitgangsmeting; complete respons bij "
            "een som van ten hoogste {complete_response_sum_mm} mm zonder overgebleven andere "
            "laesies; niet evalueerbaar waar een targetlaesie niet is gemeten; een bevestigde "
            "partiële respons blijft dat tot progressie. Andere en nieuwe laesies waarover niets "
            "is vastgelegd, gelden als afwezig.",
        },
        _RECIST,
    ),
    Rule(
        "VISIT-IRECIST",
        {
            "en": "An unconfirmed progression (iUPD) that is followed, on or before the start of a "
            "new anticancer therapy, by stable disease or better before any confirmation is no "
            "progression, and no response either; every other unconfirmed progression counts, from "
            "the first of its block, whether confirmed (iCPD) or never assessed again.",
            "nl": "Een onbevestigde progressie (iUPD) die, op of vóór de start van een nieuwe "
            "antikankerbehandeling, door stabiele ziekte of beter wordt gevolgd voordat zij is "
            "bevestigd, is geen progressie en ook geen respons; iedere andere onbevestigde "
            "progressie telt, vanaf de eerste van haar reeks, of zij nu is bevestigd (iCPD) of "
            "nooit opnieuw is beoordeeld.",
        },
        _IRECIST,
    ),
    Rule(
        "VISIT-IUPD-AS-PD",
        {
            "en": "Responses entered by iRECIST are read by RECIST 1.1: every progression, "
            "confirmed or not, is progression.",
            "nl": "Responsen die volgens iRECIST zijn ingevoerd, worden gelezen volgens RECIST "
            "1.1: iedere progressie, bevestigd of niet, is progressie.",
        },
        _RECIST,
    ),
)
