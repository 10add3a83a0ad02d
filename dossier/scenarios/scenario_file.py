"""scenarios.yaml as typed settings: a base case and named alternatives, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from dossier.cohort.setting_values import DurationText, IsoDate
from dossier.cohort.settings import BaselineColumn, Derivation, Estimation
from dossier.errors import InputError
from dossier.yaml_source import YamlDocument, read_yaml, validate, validate_value

__all__ = [
    "BaseCase",
    "Grid",
    "Predict",
    "ScenarioEntry",
    "ScenarioFile",
    "SettingsChange",
    "Stability",
    "read_scenarios",
    "scenarios_from",
    "shipped_scenarios",
]

PopulationName = Literal["enrolled", "treated", "evaluable", "measurable"]
NotEvaluable = Literal["failure", "excluded", "best", "worst"]
FilterColumn = Literal[BaselineColumn, "biomarker_confirmed", "eligibility_waiver"]
LeftOut = Literal["patient", FilterColumn]

SHIPPED: Final = Path(__file__).resolve().parent


class _Section(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, coerce_numbers_to_str=True, str_strip_whitespace=True
    )

    @model_validator(mode="before")
    @classmethod
    def _keys_without_a_value(cls, value: Any) -> Any:
        """Treat a key without a value as not written: people comment out what stands below it."""
        if isinstance(value, Mapping):
            return {key: each for key, each in value.items() if each is not None}
        return value


def _yes_or_no(value: Any) -> Any:
    if isinstance(value, str):
        return {"yes": True, "no": False}.get(value.strip().casefold(), value)
    return value


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _code(value: Any) -> Any:
    """A value of a column as its file writes it: yes and no for flags."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else value


def _codes(value: Any) -> Any:
    return tuple(_code(each) for each in _listed(value))


YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Codes = Annotated[tuple[str, ...], BeforeValidator(_codes), Field(min_length=1)]
Filter = dict[FilterColumn, Codes]


def _is_filter(value: Any) -> str:
    return "columns" if isinstance(value, Mapping) else "name"


PopulationText = Annotated[
    Annotated[PopulationName, Tag("name")] | Annotated[Filter, Tag("columns")],
    Discriminator(_is_filter),
]


class DerivationChange(Derivation):
    """Keys of `derivation` that a scenario replaces; checked as a whole beside the cohort's own."""

    @field_validator("pfs")
    @classmethod
    def _missed_assessments_need_a_schedule(cls, value: str, info: ValidationInfo) -> str:  # noqa: ARG003
        """Leave it to the settings as a whole: the schedule may be the cohort's own."""
        return value


class CohortChange(_Section):
    """The data cut-off moved back: what came after it is not used."""

    data_cutoff: IsoDate


class SettingsChange(_Section):
    """Sections of cohort.yaml that a scenario lays over those of the cohort."""

    cohort: CohortChange | None = None
    derivation: DerivationChange | None = None
    estimation: Estimation | None = None


class BaseCase(_Section):
    """The case that all others are compared with; the cohort as it is where nothing is said."""

    reason: str = ""
    settings: SettingsChange = SettingsChange()
    criteria: Texts | None = Field(default=None, min_length=1)
    set: Texts = ()
    population: PopulationText | None = None
    not_evaluable: NotEvaluable | None = None
    leave_out: dict[LeftOut, Codes] = Field(default_factory=dict)


class ScenarioEntry(BaseCase):
    """One alternative: everything it does not say is as in the base case."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=60)
    reason: str = Field(min_length=1)
    prespecified: YesNo = False
    cutoff_back: DurationText | None = None

    @model_validator(mode="after")
    def _one_cutoff(self) -> Self:
        dated = self.settings.cohort is not None
        if self.cutoff_back is not None and dated:
            raise ValueError("settings.cohort.data_cutoff and cutoff_back contradict: name one")
        if self.cutoff_back is not None and self.cutoff_back.days < 1:
            raise ValueError("the data cut-off can only be moved back: name a duration")
        return self


class Grid(BaseModel):
    """Every combination of the values of some axes, such as ``derivation.confirmation``."""

    model_config = ConfigDict(extra="allow", frozen=True)

    reason: str = "a combination of the grid"
    prespecified: YesNo = False

    @property
    def axes(self) -> dict[str, Any]:
        """Values of each axis, as written."""
        return dict(self.model_extra or {})


class Predict(_Section):
    """The probability that a rule will be met with more patients, more follow-up, or both.

    `remaining` is how the time that is left to those under observation is distributed.
    """

    more_patients: int = Field(default=0, ge=0, le=10_000)
    more_months: float = Field(default=0, ge=0, le=600)
    remaining: Literal["exponential", "kaplan-meier"] = "exponential"
    prior: Literal["jeffreys", "uniform"] = "jeffreys"
    draws: int = Field(default=2000, ge=100, le=100_000)
    seed: int = Field(default=1, ge=0)

    @model_validator(mode="after")
    def _something_more(self) -> Self:
        if not self.more_patients and not self.more_months:
            raise ValueError("name more_patients, more_months or both")
        return self


class Stability(_Section):
    """How often the verdicts come back in a bootstrap of the patients."""

    resamples: int = Field(default=1000, ge=100, le=100_000)
    seed: int = Field(default=1, ge=0)


class ScenarioFile(_Section):
    """scenarios.yaml."""

    base: BaseCase = BaseCase()
    scenarios: tuple[ScenarioEntry, ...] = ()
    leave_one_out: Annotated[tuple[LeftOut, ...], BeforeValidator(_listed)] = ()
    grid: Grid | None = None
    include: Annotated[tuple[Literal["standard-sensitivity"], ...], BeforeValidator(_listed)] = ()
    sweeps: Texts = ()
    predict: Predict | None = None
    stability: Stability | None = None
    compare_criteria: YesNo = False


def read_scenarios(path: str | Path) -> tuple[ScenarioFile, YamlDocument]:
    """Read a scenarios file.

    Raises
    ------
    InputError
        With every problem of the file, each with its line.
    """
    document = read_yaml(Path(path))
    checked, problems = validate(document, ScenarioFile)
    if checked is None:
        raise InputError(problems)
    return checked, document


def scenarios_from(value: Mapping[str, Any]) -> ScenarioFile:
    """The same from plain values, for use in Python.

    Raises
    ------
    InputError
        With every problem.
    """
    checked, problems = validate_value(value, ScenarioFile)
    if checked is None:
        raise InputError(problems)
    return checked


def shipped_scenarios(name: str) -> tuple[ScenarioFile, YamlDocument]:
    """A set of scenarios that comes with the package, by its name."""
    return read_scenarios(SHIPPED / f"{name}.yaml")
