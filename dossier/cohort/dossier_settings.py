"""What a person adds to the results: the submission, its context and judgements, the documents.

Nothing here changes a result. What is not given is printed as a marked field to be completed.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from dossier.cohort.setting_values import IsoDate, Section, yes_or_no

YesNo = Annotated[bool, BeforeValidator(yes_or_no)]


def _atc(code: str) -> str:
    code = code.upper()
    if code and not re.fullmatch(r"[A-Z]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?", code):
        raise ValueError(f"{code[:20]!r} is not an ATC code such as L01EH03")
    return code


class Question(Section):
    """An answer that a person gives, with the grounds for it."""

    answer: YesNo | None = None
    grounds: str = ""


Analysis = Literal[
    "best_response",
    "orr",
    "dcr",
    "cbr_16w",
    "cbr_24w",
    "concordance",
    "tumour_size",
    "decision_16w",
    "durability",
    "two_stage",
    "subgroups",
    "baskets",
    "pfs",
    "os",
    "time_to_next_treatment",
    "time_to_response",
    "dor",
    "follow_up",
    "time_on_treatment",
    "courses",
    "pfs_ratio",
    "exceptional_responders",
    "comparisons",
    "restricted_mean",
    "progression_incidence",
    "safety",
    "deaths",
    "exposure",
    "quality_of_life",
    "partial_dates",
    "sensitivity",
]


class Submission(Section):
    """The `submission` section: what is asked, for whom, and on what grounds.

    `rarity`, `evidence` and `no_alternative` are the three questions of the Dutch route for an
    indication that is not registered (Regeling zorgverzekering, annex 2): fewer than 1 in 150,000
    inhabitants, efficacy scientifically substantiated, no registered drug that can treat it.

    Parameters
    ----------
    requested_by
        The party that asks for the assessment.
    line
        Line of treatment, in words.
    assay, assay_cutoff
        The test that finds the biomarker, and from which value it counts as present.
    registration
        Whether the indication is registered.
    registration_detail
        Date and wording of the registered indication.
    comparator
        What the treatment is compared with, in words: usual treatment or best supportive care.
    time_horizon
        The T of PICO(T).
    atc_code, zi_number, addon_code
        ATC code of the drug, its article number in the G-Standaard, add-on indication code.
    eligible_patients, eligible_source
        Patients eligible in the Netherlands each year, and where that number comes from.
    prespecified
        Analyses that the protocol or analysis plan names (true) or that were added later (false),
        by their name in results.json where they have one, e.g. ``pfs`` or ``safety``.
    """

    requested_by: str = ""
    line: str = ""
    assay: str = ""
    assay_cutoff: str = ""
    registration: Literal["registered", "conditional", "off-label"] | None = None
    registration_detail: str = ""
    comparator: str = ""
    time_horizon: str = ""
    atc_code: Annotated[str, AfterValidator(_atc)] = ""
    zi_number: str = ""
    addon_code: str = ""
    eligible_patients: int | None = Field(default=None, ge=0)
    eligible_source: str = ""
    rarity: Question = Question()
    evidence: Question = Question()
    no_alternative: Question = Question()
    prespecified: dict[Analysis, YesNo] = Field(default_factory=dict)


Rating = Literal["not serious", "serious", "very serious"]
CertaintyLevel = Literal["high", "moderate", "low", "very low"]
ChecklistQuestion = Literal[
    "inclusion_criteria",
    "condition_measured",
    "condition_identified",
    "consecutive_inclusion",
    "complete_inclusion",
    "demographics",
    "clinical_information",
    "outcomes",
    "sites",
    "statistics",
]
ChecklistAnswer = Literal["yes", "no", "unclear", "not applicable"]


def _answer(value: Any) -> Any:
    # YAML's yes and no stay text here, as they are answers of the checklist.
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _written_short(value: Any) -> Any:
    return {"answer": _answer(value)} if isinstance(value, str | bool) else value


class ChecklistItem(Section):
    """The answer to one question of a checklist."""

    answer: Annotated[ChecklistAnswer | None, BeforeValidator(_answer)] = None
    grounds: str = ""


def _rated_short(value: Any) -> Any:
    return {"rating": value} if isinstance(value, str) else value


class Domain(Section):
    """A judgement of one GRADE domain with its grounds."""

    rating: Rating | None = None
    grounds: str = ""


ChecklistText = Annotated[ChecklistItem, BeforeValidator(_written_short)]
DomainText = Annotated[Domain, BeforeValidator(_rated_short)]


class Certainty(Section):
    """The `certainty` section: judgements of the evidence that no data can make.

    The domains are those of GRADE (Guyatt et al., BMJ 2008; 336: 924-926); the questions those of
    the checklist in ``templates/evidence/judging.yaml``.
    """

    level: CertaintyLevel | None = None
    grounds: str = ""
    risk_of_bias: DomainText = Domain()
    inconsistency: DomainText = Domain()
    indirectness: DomainText = Domain()
    imprecision: DomainText = Domain()
    publication_bias: DomainText = Domain()
    checklist: dict[ChecklistQuestion, ChecklistText] = Field(default_factory=dict)
    would_change: tuple[str, ...] = ()


Share = Annotated[float, Field(ge=0, le=1)]


class Programme(Section):
    """A published result to set beside the cohort's response rate.

    Parameters
    ----------
    name, reference
        The study and where its result was published.
    year
        Of publication.
    responders, n
        Patients with a response and patients counted.
    response_rate
        Share with a response, 0-1, where the counts are not published.
    response_limits
        Its 95% confidence limits as published, 0-1.
    benefit_rate
        Share with clinical benefit, 0-1.
    definition
        What counts as a response.
    population
        How its patients differ from those of this cohort.
    """

    name: str = Field(min_length=1)
    reference: str = Field(min_length=1)
    year: int | None = Field(default=None, ge=1950, le=2100)
    responders: int | None = Field(default=None, ge=0)
    n: int | None = Field(default=None, ge=1)
    response_rate: Share | None = None
    response_limits: tuple[Share, Share] | None = None
    benefit_rate: Share | None = None
    definition: str = ""
    population: str = ""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.responders is not None and self.n is None:
            raise ValueError("responders need n, the number of patients counted")
        if self.responders is not None and self.n is not None:
            if self.responders > self.n:
                raise ValueError(f"more responders than patients: {self.responders} of {self.n}")
            if self.response_rate is not None:
                raise ValueError("give responders and n, or response_rate, not both")
        if self.responders is None and self.response_rate is None and self.benefit_rate is None:
            raise ValueError("a programme needs responders and n, response_rate or benefit_rate")
        return self


class ContextSettings(Section):
    """The `context` section: published results beside those of the cohort.

    ``shipped`` prints the table that comes with the program (``templates/evidence``); `programmes`
    adds to it.
    """

    shipped: YesNo = True
    programmes: tuple[Programme, ...] = ()


ListingProfile = Literal["none", "internal", "hta-confidential", "public"]


class ListingSettings(Section):
    """The `listing` section: the listing of single patients, left out unless asked for.

    `none` prints no listing. `internal` shows values as they are, for readers who may see them.
    `hta-confidential` gives times in whole months, and no group of fewer than `minimum` patients by
    tumour type and age; `public` gives wider bands of age and bands of time. Statistical offices
    publish no cell below 3 or 5, registries none below 10 or 11: the least is a setting.
    """

    profile: ListingProfile = "none"
    minimum: int = Field(default=5, ge=2)


class DossierSettings(Section):
    """The `dossier` section: the documents, and who answers for them.

    `scenarios` names a scenarios file beside cohort.yaml, run in place of the ready-made set (which
    the file can include). A leave-one-out analysis of more than `leave_one_out_up_to` values is
    left to `dossier what-if`: of 25 patients one moves a rate by about four percentage points.
    """

    template: str = "standard"
    language: str = "en"
    formats: tuple[Literal["docx", "pdf", "html", "json", "xlsx"], ...] = ("docx", "pdf")
    version: str = ""
    author: str = ""
    reviewer: str = ""
    approver: str = ""
    approved_on: IsoDate | None = None
    extract_date: IsoDate | None = None
    document_date: IsoDate | None = None
    changes: tuple[str, ...] = ()
    submitted_to: str = ""
    sensitivity: Literal["standard", "none"] = "standard"
    scenarios: str = ""
    leave_one_out_up_to: int = Field(default=25, ge=0)
    previous: str = ""
    status: Literal["draft", "final", "confidential"] | None = None
