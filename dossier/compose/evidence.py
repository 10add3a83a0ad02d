"""Shipped data that describe and judge evidence: published programmes, the checklist, thresholds.

The files stand in ``templates/evidence``; each entry carries its source and whether that was read.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from dossier.cohort.dossier_settings import CertaintyLevel, ChecklistQuestion, Programme
from dossier.errors import InputError
from dossier.locations import shipped
from dossier.yaml_source import read_yaml, validate

Status = Literal["verified", "secondary", "unverified", "project"]
Texts = dict[str, str]
Share = Annotated[float, Field(ge=0, le=1)]
Model = TypeVar("Model", bound=BaseModel)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShippedProgramme(_Entry):
    """A published result that comes with the program; texts by language."""

    id: str
    name: Texts
    reference: str
    url: str = ""
    year: int | None = None
    responders: int | None = None
    n: int | None = None
    response_rate: Share | None = None
    response_limits: tuple[Share, Share] | None = None
    benefit_rate: Share | None = None
    status: Status
    definition: Texts = Field(default_factory=dict)
    population: Texts = Field(default_factory=dict)

    def in_language(self, language: str) -> Programme:
        """The entry as a user would have written it in one language."""
        return Programme(
            name=self.name[language],
            reference=self.reference or "-",
            year=self.year,
            responders=self.responders,
            n=self.n,
            response_rate=self.response_rate,
            response_limits=self.response_limits,
            benefit_rate=self.benefit_rate,
            definition=self.definition.get(language, ""),
            population=self.population.get(language, ""),
        )


class _Programmes(_Entry):
    programmes: tuple[ShippedProgramme, ...]


class Checklist(_Entry):
    """The questions on risk of bias, by name and language."""

    source: str
    status: Status
    questions: dict[ChecklistQuestion, Texts]


class Start(_Entry):
    """Certainty that evidence of a design starts at."""

    single_arm: CertaintyLevel = Field(alias="single-arm")
    randomised: CertaintyLevel
    source: str
    status: Status


class Threshold(_Entry):
    """From which value the data speak for rating down by one and by two levels."""

    serious: float
    very_serious: float
    source: str
    status: Status

    def rating(self, value: float) -> Literal["not serious", "serious", "very serious"]:
        """What a value above these limits suggests."""
        if value > self.very_serious:
            return "very serious"
        return "serious" if value > self.serious else "not serious"


class Judging(_Entry):
    """``judging.yaml``."""

    checklist: Checklist
    start: Start
    imprecision: Threshold
    missing: Threshold


@cache
def shipped_programmes() -> tuple[ShippedProgramme, ...]:
    """Published programmes, in the order of printing."""
    return _read("programmes.yaml", _Programmes).programmes


@cache
def judging() -> Judging:
    """The checklist and the thresholds."""
    return _read("judging.yaml", Judging)


def _read(name: str, model: type[Model]) -> Model:
    document = read_yaml(shipped("templates") / "evidence" / name, f"evidence/{name}")
    found, problems = validate(document, model)
    if found is None:
        raise InputError(problems)
    return found
