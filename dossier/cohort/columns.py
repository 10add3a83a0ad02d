"""The input tables, declared once: reading, checking, documentation and `dossier init` use this."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["text", "date", "number", "integer", "flag", "category"]


# 120 years, as long as anybody lives.
MAX_DAYS: Final = 43_830


@dataclass(frozen=True)
class Column:
    """One column of an input table.

    Parameters
    ----------
    name
        Name in this project, snake_case; durations carry their unit (``pfs_days``).
    kind
        ``text``; ``date`` (partial dates allowed where ``partial`` is true); ``number``;
        ``integer``; ``flag`` (1/0, true/false, yes/no); ``category`` (one of ``values``).
    meaning
        What the column holds, one line for documentation and error messages.
    required
        Whether the table is useless without it.
    values
        Permitted codes of a category.
    synonyms
        Codes accepted without a mapping, upper case, with the code they stand for; in a text
        column any other text is accepted too; in a flag they stand for yes or no.
    minimum, maximum
        Plausible limits of a number; outside is an error.
    prefixes
        Words that may stand before a number, upper case (``GRADE 3``).
    headings
        Other headings recognised without a mapping (CDISC and common exports), upper case.
    replaced_by
        Columns from which a required one follows where the table does not have it.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    values: tuple[str, ...] = ()
    synonyms: dict[str, str] = field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    prefixes: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()


RESPONSES = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE")
# Progression under iRECIST: unconfirmed, and confirmed by the next assessment.
UNCONFIRMED_PD, CONFIRMED_PD = "iUPD", "iCPD"
VISIT_RESPONSES = (*RESPONSES, UNCONFIRMED_PD, CONFIRMED_PD)
TARGET_RESPONSES = ("CR", "PR", "SD", "PD", "NE")
NON_TARGET_RESPONSES = ("CR", "NON-CR/NON-PD", "PD", "NE")

_RESPONSE_SYNONYMS = {
    "COMPLETE RESPONSE": "CR",
    "PARTIAL RESPONSE": "PR",
    "STABLE DISEASE": "SD",
    "PROGRESSIVE DISEASE": "PD",
    "PROGRESSION": "PD",
    "NOT EVALUABLE": "NE",
    "INEVALUABLE": "NE",
    "NON-EVALUABLE": "NE",
    "UNEVALUABLE": "NE",
    "UNABLE TO ASSESS": "NE",
    "UE": "NE",
    "NON-CR/NON-PD": "NON-CR/NON-PD",
    "NON CR/NON PD": "NON-CR/NON-PD",
    "NON-CR / NON-PD": "NON-CR/NON-PD",
    "NONCR/NONPD": "NON-CR/NON-PD",
    "NON-CR/NON-PROGRESSIVE DISEASE": "NON-CR/NON-PD",
    "ICR": "CR",
    "IPR": "PR",
    "ISD": "SD",
    "NON-ICR/NON-IUPD": "NON-CR/NON-PD",
}
_PROGRESSION_SYNONYMS = {"IUPD": "PD", "ICPD": "PD"}
_TARGET_SYNONYMS = {
    text: code
    for text, code in (_RESPONSE_SYNONYMS | _PROGRESSION_SYNONYMS).items()
    if code in TARGET_RESPONSES
}
_NON_TARGET_SYNONYMS = {
    **{
        text: code
        for text, code in (_RESPONSE_SYNONYMS | _PROGRESSION_SYNONYMS).items()
        if code in NON_TARGET_RESPONSES
    },
    # Neither gone nor progressed: RECIST has one word for it.
    **dict.fromkeys(
        ("SD", "ISD", "PR", "IPR", "STABLE DISEASE", "PARTIAL RESPONSE", "IR/SD"), "NON-CR/NON-PD"
    ),
    "UNEQUIVOCAL PROGRESSION": "PD",
}

_SEX_SYNONYMS = {
    "F": "female",
    "FEMALE": "female",
    "WOMAN": "female",
    "V": "female",
    "VROUW": "female",
    "M": "male",
    "MALE": "male",
    "MAN": "male",
}

_ASSESSOR_SYNONYMS = {
    "INVESTIGATOR": "investigator",
    "INV": "investigator",
    "LOCAL": "investigator",
    "CENTRAL": "central",
    "BICR": "central",
    "IRC": "central",
    "ICR": "central",
    "IRF": "central",
    "CENTRAL REVIEW": "central",
    "CENTRAL REVIEWER": "central",
    "INDEPENDENT ASSESSOR": "central",
    "INDEPENDENT CENTRAL REVIEW": "central",
    "INDEPENDENT REVIEW COMMITTEE": "central",
    "BLINDED INDEPENDENT CENTRAL REVIEW": "central",
}

# The causality terms of CDISC; a remote or unlikely relation is none.
_RELATED_SYNONYMS = {
    **dict.fromkeys(
        (
            "RELATED",
            "POSSIBLE",
            "POSSIBLY RELATED",
            "PROBABLE",
            "PROBABLY RELATED",
            "DEFINITE",
            "DEFINITELY RELATED",
            "CERTAIN",
        ),
        "yes",
    ),
    **dict.fromkeys(
        ("NOT RELATED", "UNRELATED", "NONE", "REMOTE", "UNLIKELY", "UNLIKELY RELATED"), "no"
    ),
}

# What an adverse event led to. The terms of CDISC (codelist ACN, C66767) and plain words, English
# and Dutch; `values.adverse_events.action_taken` recodes others.
ACTIONS = (
    "drug withdrawn",
    "dose reduced",
    "drug interrupted",
    "dose rate reduced",
    "dose increased",
    "dose not changed",
    "not applicable",
)
_ACTION_SYNONYMS = {
    **{action.upper(): action for action in ACTIONS},
    **dict.fromkeys(
        (
            "WITHDRAWN",
            "DRUG DISCONTINUED",
            "DRUG STOPPED",
            "TREATMENT DISCONTINUED",
            "TREATMENT STOPPED",
            "TREATMENT WITHDRAWN",
            "DISCONTINUED",
            "PERMANENTLY DISCONTINUED",
            "STOPPED",
            "GESTOPT",
            "GESTAAKT",
            "DEFINITIEF GESTOPT",
            "BEHANDELING GESTOPT",
            "BEHANDELING GESTAAKT",
            "MIDDEL GESTOPT",
            "MIDDEL GESTAAKT",
        ),
        "drug withdrawn",
    ),
    **dict.fromkeys(
        (
            "REDUCED",
            "REDUCTION",
            "DOSE REDUCTION",
            "DOSIS VERLAAGD",
            "DOSISVERLAGING",
            "DOSISREDUCTIE",
            "DOSIS GEREDUCEERD",
        ),
        "dose reduced",
    ),
    **dict.fromkeys(
        (
            "INTERRUPTED",
            "DOSE INTERRUPTED",
            "DOSE INTERRUPTION",
            "TREATMENT INTERRUPTED",
            "ONDERBROKEN",
            "BEHANDELING ONDERBROKEN",
            "MIDDEL ONDERBROKEN",
            "TIJDELIJK GESTOPT",
            "TIJDELIJK GESTAAKT",
        ),
        "drug interrupted",
    ),
    **dict.fromkeys(("DOSIS VERHOOGD", "DOSISVERHOGING"), "dose increased"),
    **dict.fromkeys(
        (
            "NONE",
            "NO ACTION",
            "NO CHANGE",
            "UNCHANGED",
            "GEEN",
            "GEEN ACTIE",
            "GEEN WIJZIGING",
            "ONGEWIJZIGD",
            "DOSIS ONGEWIJZIGD",
            "DOSIS NIET GEWIJZIGD",
        ),
        "dose not changed",
    ),
    **dict.fromkeys(("NIET VAN TOEPASSING", "NVT", "N.V.T."), "not applicable"),
    # Nobody could tell: as good as blank.
    **dict.fromkeys(("NOT EVALUABLE", "UNKNOWN", "ONBEKEND", "NIET TE BEOORDELEN"), ""),
}

PATIENTS = (
    Column("patient_id", "text", "identifier of the patient", True, headings=("USUBJID", "SUBJID")),
    Column(
        "treatment_start",
        "date",
        "first day of treatment, day 0",
        headings=("TRTSDT", "TRTSDTM", "RFXSTDTC", "RFSTDTC"),
    ),
    Column("arm", "text", "treatment arm", headings=("TRT01P", "ARM", "TRT01A", "ACTARM")),
    Column("age", "number", "age in years", minimum=0, maximum=120, headings=("AGE",)),
    Column(
        "sex",
        "category",
        "sex",
        values=("female", "male", "other"),
        synonyms=_SEX_SYNONYMS,
        headings=("SEX",),
    ),
    Column(
        "ecog",
        "integer",
        "ECOG performance status",
        minimum=0,
        maximum=5,
        prefixes=("ECOG PS", "ECOG", "PS", "WHO"),
        headings=("ECOG", "ECOGBL"),
    ),
    Column("tumour_type", "text", "tumour type", headings=("TUMOR_TYPE",)),
    Column("biomarker", "text", "molecular alteration treated"),
    Column("biomarker_confirmed", "flag", "whether a second test confirmed the alteration"),
    Column("eligibility_waiver", "flag", "included with a waiver of an eligibility criterion"),
    Column("drug", "text", "drug given"),
    Column("prior_lines", "integer", "earlier lines of systemic treatment", minimum=0, maximum=30),
    Column("rare_cancer", "flag", "whether the tumour is a rare cancer"),
    Column("escat_tier", "text", "ESCAT tier of target and tumour"),
    Column("oncokb_level", "text", "OncoKB level"),
    Column("country", "text", "country", headings=("COUNTRY",)),
    Column("site", "text", "hospital", headings=("SITEID",)),
    Column("measurable_disease", "flag", "measurable disease at baseline (RECIST 1.1)"),
    Column("screen_failure_reason", "text", "why the patient failed screening"),
    Column("evaluable", "flag", "evaluable for response by the protocol"),
    Column("not_evaluable_reason", "text", "why not evaluable"),
    Column(
        "treatment_end",
        "date",
        "last day of treatment",
        headings=("TRTEDT", "TRTEDTM", "RFXENDTC"),
    ),
    Column(
        "end_of_treatment_reason", "text", "why treatment ended", headings=("DCTREAS", "DCSREAS")
    ),
    Column("cycles", "number", "cycles of treatment given", minimum=0),
    Column(
        "relative_dose_intensity",
        "number",
        "dose intensity given, in per cent of that planned",
        minimum=0,
        maximum=300,
    ),
    Column("dose_reductions", "integer", "number of dose reductions", minimum=0),
    Column("dose_interruptions", "integer", "number of dose interruptions", minimum=0),
    Column("new_therapy_start", "date", "start of a new anticancer therapy", headings=("NACTDT",)),
    Column("clinical_progression_date", "date", "clinical progression without imaging"),
    Column("death_date", "date", "date of death", headings=("DTHDT", "DTHDTM", "DTHDTC")),
    Column("death_cause", "text", "cause of death", headings=("DTHCAUS",)),
    Column("last_known_alive", "date", "last date known alive", headings=("LSTALVDT",)),
    Column("prior_pfs_days", "number", "PFS on the last earlier line", minimum=0, maximum=MAX_DAYS),
    Column(
        "best_response",
        "category",
        "best overall response, already derived",
        values=RESPONSES,
        synonyms=_RESPONSE_SYNONYMS | _PROGRESSION_SYNONYMS,
    ),
    Column(
        "pfs_days",
        "number",
        "progression-free survival time, already derived",
        minimum=0,
        maximum=MAX_DAYS,
    ),
    Column("pfs_event", "flag", "progression or death (1) or censored (0)"),
    Column(
        "os_days", "number", "overall survival time, already derived", minimum=0, maximum=MAX_DAYS
    ),
    Column("os_event", "flag", "death (1) or censored (0)"),
    Column(
        "dor_days", "number", "duration of response, already derived", minimum=0, maximum=MAX_DAYS
    ),
    Column("dor_event", "flag", "end of response (1) or censored (0)"),
)

ASSESSMENTS = (
    Column("patient_id", "text", "identifier of the patient", True, headings=("USUBJID", "SUBJID")),
    Column("date", "date", "date of the assessment", headings=("ADT", "ADTM", "RSDTC")),
    Column(
        "day",
        "integer",
        "days since the start of treatment (start is day 0)",
        minimum=-MAX_DAYS,
        maximum=MAX_DAYS,
    ),
    Column(
        "response",
        "category",
        "overall response at this visit (RECIST 1.1 or iRECIST)",
        True,
        values=VISIT_RESPONSES,
        synonyms=_RESPONSE_SYNONYMS,
        headings=("AVALC", "RSSTRESC"),
        replaced_by=("target_sum_mm", "target_response", "non_target_response"),
    ),
    Column("target_sum_mm", "number", "sum of target lesion diameters", minimum=0),
    Column(
        "target_response",
        "category",
        "response of the target lesions at this visit",
        values=TARGET_RESPONSES,
        synonyms=_TARGET_SYNONYMS,
        headings=("TRGRESP",),
    ),
    Column(
        "non_target_response",
        "category",
        "response of the other lesions at this visit",
        values=NON_TARGET_RESPONSES,
        synonyms=_NON_TARGET_SYNONYMS,
        headings=("NTRGRESP",),
    ),
    Column("new_lesion", "flag", "whether a new lesion was seen"),
    Column(
        "assessor",
        "text",
        "who read the scan (investigator, central)",
        synonyms=_ASSESSOR_SYNONYMS,
        headings=("RSEVAL",),
    ),
)

ADVERSE_EVENTS = (
    Column("patient_id", "text", "identifier of the patient", True, headings=("USUBJID", "SUBJID")),
    Column("term", "text", "preferred term", True, headings=("AEDECOD", "AETERM")),
    Column(
        "grade",
        "integer",
        "CTCAE grade 1-5",
        minimum=1,
        maximum=5,
        prefixes=("CTCAE GRADE", "CTCAE", "GRADE", "GRAAD", "GR", "G"),
        headings=("ATOXGR", "AETOXGR"),
    ),
    Column("soc", "text", "system organ class", headings=("AEBODSYS", "AESOC")),
    Column(
        "related",
        "flag",
        "related to treatment",
        synonyms=_RELATED_SYNONYMS,
        headings=("AREL", "AEREL"),
    ),
    Column("serious", "flag", "serious adverse event", headings=("AESER",)),
    Column("start", "date", "start of the event", headings=("ASTDT", "ASTDTM", "AESTDTC")),
    Column("end", "date", "end of the event", headings=("AENDT", "AENDTM", "AEENDTC")),
    Column(
        "action_taken",
        "text",
        "action taken with the drug",
        synonyms=_ACTION_SYNONYMS,
        headings=("AEACN",),
    ),
)

QUALITY_OF_LIFE = (
    Column("patient_id", "text", "identifier of the patient", True, headings=("USUBJID", "SUBJID")),
    Column("date", "date", "date of the questionnaire", True, headings=("ADT", "ADTM", "QSDTC")),
    Column("instrument", "text", "questionnaire", True),
    Column("scale", "text", "scale of the questionnaire", True),
    Column("score", "number", "score", True, headings=("AVAL",)),
)

PROTOCOL_DEVIATIONS = (
    Column("patient_id", "text", "identifier of the patient", True, headings=("USUBJID", "SUBJID")),
    Column("date", "date", "date of the deviation", headings=("ASTDT", "DVSTDTC")),
    Column("category", "text", "kind of deviation", True, headings=("DVDECOD",)),
    Column("description", "text", "what happened", headings=("DVTERM",)),
    Column("important", "flag", "whether it may affect results, rights or safety (ICH E3)"),
    Column("waiver", "flag", "whether the sponsor agreed to it in advance"),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "patients": PATIENTS,
    "assessments": ASSESSMENTS,
    "adverse_events": ADVERSE_EVENTS,
    "quality_of_life": QUALITY_OF_LIFE,
    "protocol_deviations": PROTOCOL_DEVIATIONS,
}
