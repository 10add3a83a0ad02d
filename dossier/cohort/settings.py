"""cohort.yaml as typed settings; every key has a default but `cohort.title` and where the data are.

Sources of the defaults: RECIST 1.1 (Eisenhauer et al., Eur J Cancer 2009) for response, and the
protocol conventions of the Drug Rediscovery Protocol (NCT02925234) for clinical benefit. Each is an
option, printed in the methods section of every dossier.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from dossier.cohort.dossier_settings import (
    Certainty,
    ContextSettings,
    DossierSettings,
    ListingSettings,
    Submission,
)
from dossier.cohort.setting_values import (
    DateFormatText,
    DurationText,
    Fact,
    IsoDate,
    Section,
)
from dossier.units import Duration, parse_duration

TableName = Literal[
    "patients", "assessments", "adverse_events", "quality_of_life", "protocol_deviations"
]


class Description(Section):
    """The `cohort` section: what was studied."""

    title: str = Field(min_length=1)
    drug: str = ""
    indication: str = ""
    biomarker: str = ""
    trial: str = ""
    reference_arm: str | None = None
    design: Literal["single-arm", "randomised"] = "single-arm"
    judged_arm: str | None = None
    setting: Literal["non-curative", "curative"] = "non-curative"
    data_cutoff: IsoDate | None = None
    meddra_version: str | None = None
    ctcae_version: str | None = None

    @field_validator("judged_arm")
    @classmethod
    def _one_of_randomised_arms(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and info.data.get("design") == "single-arm":
            raise ValueError("an arm is judged where the design is 'randomised'")
        return value


class TableSource(Section):
    """Where one table is and how it is written; what is not given is recognised from the file."""

    file: str
    sheet: str | None = None
    separator: Literal[",", ";", "tab"] | None = None
    encoding: Literal["utf-8", "windows-1252"] | None = None
    decimal: Literal[".", ","] | None = None
    date_format: DateFormatText | None = None
    heading_row: int | None = Field(default=None, ge=1)
    comment: str | None = Field(default=None, min_length=1, max_length=4)
    missing: tuple[str, ...] = ()


def _table_source(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


SourceText = Annotated[TableSource, BeforeValidator(_table_source)]


class Data(Section):
    """The `data` section: the files, relative to cohort.yaml.

    Either `patients` is named, or the folder of CDISC data sets that holds them; tables named
    beside such a folder go before its data sets.
    """

    adam: str | None = None
    sdtm: str | None = None
    patients: SourceText | None = Field(default=None, validate_default=True)
    assessments: SourceText | None = None
    adverse_events: SourceText | None = None
    quality_of_life: SourceText | None = None
    protocol_deviations: SourceText | None = None
    date_format: DateFormatText | None = None
    missing: tuple[str, ...] = ()

    @field_validator("patients")
    @classmethod
    def _patients_once(cls, value: TableSource | None, info: ValidationInfo) -> TableSource | None:
        folders = [name for name in ("adam", "sdtm") if info.data.get(name)]
        if value is None and not folders:
            raise PydanticCustomError("missing", "Field required")
        named = [*folders, *(["patients"] if value is not None else [])]
        if len(named) > 1:
            raise ValueError(f"the patients come from one place: {' or '.join(named)}")
        return value


class ColumnSource(Section):
    """The heading that holds one of our columns, and its unit where that is not days."""

    column: str
    unit: Literal["days", "weeks", "months", "years"] = "days"


def _column_source(value: Any) -> Any:
    return {"column": str(value)} if isinstance(value, str | int | float) else value


def _without_empty_tables(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {table: each for table, each in value.items() if each is not None}
    return value


def _code_as_text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


# What a code in the file means; nothing (`UNK:`) means that the value is missing.
CodeText = Annotated[str, BeforeValidator(_code_as_text)]

ColumnText = Annotated[ColumnSource, BeforeValidator(_column_source)]


class Phase(Section):
    """A stretch of the planned tumour assessments: one `every` so often, `until` a time."""

    every: DurationText
    until: DurationText | None = None

    def __str__(self) -> str:
        return f"every {self.every}" + (f" until {self.until}" if self.until else "")


def _phases(value: Any) -> Any:
    if isinstance(value, str):
        return ({"every": value},)
    return (value,) if isinstance(value, Mapping) else value


def _in_order(phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
    if any(phase.every.days < 1 for phase in phases):
        raise ValueError("assessments cannot be planned more often than every day")
    ends = [phase.until.days if phase.until else float("inf") for phase in phases]
    if any(later <= earlier for earlier, later in pairwise(ends)):
        raise ValueError(
            "the phases of the schedule are not in order: each but the last needs an 'until', "
            "later than that of the phase before it"
        )
    return phases


ScheduleText = Annotated[tuple[Phase, ...], BeforeValidator(_phases), AfterValidator(_in_order)]


class Derivation(Section):
    """The `derivation` section: how each patient's endpoints follow from the visits."""

    confirmation: bool = True
    confirmation_days: int = Field(default=28, ge=0)
    maximum_ne_between: int = Field(default=1, ge=0)
    maximum_sd_between: int = Field(default=0, ge=0, le=1)
    sd_minimum_days: int = Field(default=42, ge=0)
    sd_tolerance_days: int = Field(default=0, ge=0)
    worse_after_cr: Literal["progression", "partial-response"] = "progression"
    schedule: ScheduleText = ()
    visit_window_days: int = Field(default=7, ge=0)
    missed_assessments: int = Field(default=2, ge=1)
    not_evaluable_is_missed: bool = True
    pfs: Literal["standard", "fda", "treatment-policy"] = "standard"
    clinical_progression: Literal["event", "ignore"] = "ignore"
    progression_date: Literal["assessment", "midpoint"] = "assessment"
    censoring_date: Literal["last-assessment", "last-contact", "data-cutoff"] = "last-assessment"
    benefit_tolerance_days: int = Field(default=7, ge=0)
    adverse_event_window_days: int = Field(default=30, ge=0)
    death_window_days: int = Field(default=30, ge=0)
    beyond_progression_days: int = Field(default=14, ge=0)
    assessor: str | None = None
    partial_dates: Literal["first", "middle", "last", "refuse"] = "middle"
    endpoints: Literal["derived", "as-given"] = "derived"
    response_source: Literal["entered", "measured"] = "entered"
    response_criteria: Literal["recist-1.1", "irecist"] | None = None
    complete_response_sum_mm: float = Field(default=0, ge=0)
    pfs_ratio_threshold: float = Field(default=1.3, gt=0)
    exceptional_complete_response: bool = True
    exceptional_pfs_months: float = Field(default=24, gt=0)

    @field_validator("pfs")
    @classmethod
    def _missed_assessments_need_a_schedule(cls, value: str, info: ValidationInfo) -> str:
        if value == "fda" and not info.data.get("schedule", True):
            raise ValueError(
                "this rule set censors after missed assessments, so it needs to know when they "
                "were planned: declare derivation.schedule, for example "
                "[{until: 24 weeks, every: 8 weeks}, {every: 12 weeks}]"
            )
        return value


def _horizon(value: Any) -> Any:
    if isinstance(value, Duration):
        return value
    if isinstance(value, str) and value.strip().casefold() == "largest":
        return "largest"
    try:
        horizon = parse_duration(str(value))
    except ValueError:
        horizon = Duration(0, "days")
    if horizon.days <= 0:
        raise ValueError(f"{str(value)[:40]!r} is not a duration such as '12 months', or 'largest'")
    return horizon


Horizon = Annotated[Duration | Literal["largest"], BeforeValidator(_horizon), PlainSerializer(str)]

# Known before treatment: a group formed by what came later has lived to see it (immortal time).
BaselineColumn = Literal[
    "age",
    "sex",
    "ecog",
    "tumour_type",
    "biomarker",
    "drug",
    "arm",
    "prior_lines",
    "rare_cancer",
    "escat_tier",
    "oncokb_level",
    "measurable_disease",
    "country",
    "site",
]


def _ascending(bounds: tuple[float, ...]) -> tuple[float, ...]:
    if any(low >= high for low, high in pairwise(bounds)):
        raise ValueError("the bounds must ascend, such as [65, 75]")
    return bounds


Bounds = Annotated[tuple[float, ...], AfterValidator(_ascending)]


class Bands(Section):
    """Numbers in bands: the lower bound of every band but the first; none keeps each value."""

    age: Bounds = (65, 75)
    prior_lines: Bounds = (2, 3)
    ecog: Bounds = ()


class Subgroups(Section):
    """The `estimation.subgroups` section.

    A group of fewer than `minimum` patients is counted but not estimated: below five the exact 95%
    limits of a rate leave at least 52 of 100 points open (0 of 5: 0-52%), and many statistical
    offices publish no cell below five. German benefit dossiers ask for ten.

    `prespecified` names those that the protocol or the analysis plan lays down; nothing in the data
    says so, it is declared. `pfs_landmark` adds the progression-free share at that time.
    """

    columns: tuple[BaselineColumn, ...] = (
        "rare_cancer",
        "prior_lines",
        "tumour_type",
        "biomarker",
        "escat_tier",
    )
    minimum: int = Field(default=5, ge=1)
    bands: Bands = Bands()
    heterogeneity: tuple[BaselineColumn, ...] = ("tumour_type",)
    prespecified: tuple[BaselineColumn, ...] = ()
    pfs_landmark: DurationText | None = None

    @model_validator(mode="after")
    def _prespecified_are_shown(self) -> Self:
        """A subgroup that was laid down beforehand must not be left out."""
        hidden = [name for name in self.prespecified if name not in self.columns]
        if hidden:
            raise ValueError(
                f"prespecified subgroups must be shown: add {', '.join(hidden)} to columns"
            )
        return self


RateName = Literal["orr", "dcr", "cbr_16w", "cbr_24w"]
Share = Annotated[float, Field(gt=0, lt=1)]
Scale = Annotated[float, Field(ge=0.05, le=5)]


class Baskets(Section):
    """The `estimation.baskets` section: response rates that borrow strength from each other.

    The thresholds are the response rates at which ESMO-MCBS 1.1 form 3 changes its grade; the
    half-normal prior of scale 1 for the standard deviation between baskets, on the logit scale,
    allows anything from one common rate to rates that say nothing of each other (Neuenschwander et
    al., Pharm Stat 2016; 15: 123-134).
    """

    column: BaselineColumn = "tumour_type"
    endpoint: RateName = "orr"
    thresholds: tuple[Share, ...] = (0.1, 0.2, 0.4, 0.6)
    heterogeneity_scale: Scale = 1.0
    sensitivity_scales: tuple[Scale, ...] = (0.25, 0.5, 2.0)


class Bootstrap(Section):
    """The `estimation.bootstrap` section: resamples of the patients; none unless asked for."""

    resamples: int = Field(default=0, ge=0, le=100_000)
    seed: int = Field(default=1, ge=0)


class ScaleSettings(Section):
    """One scale of ``estimation.quality_of_life.scales``, named ``instrument: scale``."""

    higher_is: Literal["better", "worse"] | None = None
    minimal_important_difference: float | None = Field(default=None, gt=0)
    source: str = ""


def _some_visits(visits: tuple[Duration, ...]) -> tuple[Duration, ...]:
    if any(visit.days <= 0 for visit in visits):
        raise ValueError("a visit lies after the start of treatment")
    if len({visit.days for visit in visits}) < len(visits):
        raise ValueError("two visits are on the same day")
    return visits


class QualityOfLife(Section):
    """The `estimation.quality_of_life` section: visits of the questionnaires, and their scales.

    Those expected to answer at a visit are the denominator of completion (SISAQOL, Coens et al.,
    Lancet Oncol 2020; 21: e83-e96).
    """

    visits: Annotated[tuple[DurationText, ...], AfterValidator(_some_visits)] = (
        Duration(8, "weeks"),
        Duration(16, "weeks"),
        Duration(24, "weeks"),
    )
    window_days: int = Field(default=28, ge=0)
    expected_while: Literal["treatment", "alive"] = "treatment"
    scales: dict[str, ScaleSettings] = Field(default_factory=dict)


class Estimation(Section):
    """The `estimation` section: how the cohort's numbers follow from the patients."""

    landmarks: tuple[DurationText, ...] = (Duration(6, "months"), Duration(12, "months"))
    response_landmarks: tuple[DurationText, ...] = (
        Duration(6, "months"),
        Duration(12, "months"),
        Duration(18, "months"),
    )
    lasting_response: tuple[DurationText, ...] = (Duration(6, "months"), Duration(12, "months"))
    ci: Literal["log-log", "log", "plain"] = "log-log"
    proportion_ci: Literal["clopper-pearson", "wilson", "jeffreys"] = "clopper-pearson"
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    maximum_unknown: float = Field(default=0.2, ge=0, le=1)
    restricted_mean: Horizon | None = None
    competing_risks: bool = False
    subgroups: Subgroups = Subgroups()
    baskets: Baskets | None = None
    bootstrap: Bootstrap = Bootstrap()
    quality_of_life: QualityOfLife = QualityOfLife()


class Stage(Section):
    """Patients in a stage of a two-stage design, and the successes that are enough."""

    n: int = Field(ge=1)
    minimum: int = Field(ge=1)


class TwoStage(Section):
    """The `two_stage` section: the design the cohort was run under.

    `total` counts both stages together; `null` and `alternative` are success probabilities.
    """

    endpoint: RateName = "cbr_16w"
    stage1: Stage
    total: Stage
    null: float = Field(gt=0, lt=1)
    alternative: float = Field(gt=0, lt=1)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        one, all_ = self.stage1, self.total
        if one.n >= all_.n:
            raise ValueError(f"total.n counts both stages: {all_.n} is not above {one.n} of stage1")
        for name, stage in (("stage1", one), ("total", all_)):
            if stage.minimum > stage.n:
                raise ValueError(f"{name}.minimum is above {name}.n: {stage.minimum} of {stage.n}")
        if one.minimum > all_.minimum:
            raise ValueError(
                f"total.minimum counts both stages: {all_.minimum} is below {one.minimum} of stage1"
            )
        if self.null >= self.alternative:
            raise ValueError(f"null must lie below alternative: {self.null} and {self.alternative}")
        return self


class Settings(Section):
    """cohort.yaml."""

    cohort: Description
    data: Data
    columns: Annotated[
        dict[TableName, dict[str, ColumnText]], BeforeValidator(_without_empty_tables)
    ] = Field(default_factory=dict)
    values: Annotated[
        dict[TableName, dict[str, dict[str, CodeText]]], BeforeValidator(_without_empty_tables)
    ] = Field(default_factory=dict)
    derivation: Derivation = Derivation()
    estimation: Estimation = Estimation()
    criteria: tuple[str, ...] = ("durable-benefit", "esmo-mcbs-1.1-form-3", "drup-clinical-benefit")
    comparator: dict[str, float | str | None] = Field(default_factory=dict)
    declared: dict[str, Fact] = Field(default_factory=dict)
    two_stage: TwoStage | None = None
    submission: Submission = Submission()
    certainty: Certainty = Certainty()
    context: ContextSettings = ContextSettings()
    listing: ListingSettings = ListingSettings()
    dossier: DossierSettings = DossierSettings()

    def columns_of(self, table: str) -> dict[str, ColumnSource]:
        """Mapping of one table's columns, our name first; empty where none is declared."""
        return {str(name): columns for name, columns in self.columns.items()}.get(table, {})

    def values_of(self, table: str) -> dict[str, dict[str, str]]:
        """Mapping of one table's codes by our column name; empty where none is declared."""
        return {str(name): codes for name, codes in self.values.items()}.get(table, {})
