"""The criteria file as typed models: what a pharmacist writes, and the JSON Schema for editors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

Status = Literal["verified", "secondary", "project", "unverified"]
Design = Literal["single-arm", "randomised", "single-arm with comparator"]
Setting = Literal["non-curative", "curative"]

_NAME = r"^[a-z][a-z0-9_]*$"
Name = Annotated[str, Field(pattern=_NAME)]


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, coerce_numbers_to_str=True, str_strip_whitespace=True
    )


class _PlainTextAllowed(_Part):
    """A group that may also be written as one plain text."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        group = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [{"type": "string"}, group]}


class Text(_PlainTextAllowed):
    """Words in English and Dutch; plain text stands for both."""

    en: str = Field(default="", description="English")
    nl: str = Field(default="", description="Dutch")

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"en": value, "nl": value} if isinstance(value, str | int | float) else value

    @model_validator(mode="after")
    def _not_empty(self) -> Text:
        if not (self.en or self.nl):
            raise ValueError("there are no words; give en: and nl:")
        return self

    def words(self) -> dict[str, str]:
        """By language; a language that is missing has the words of the other."""
        return {"en": self.en or self.nl, "nl": self.nl or self.en}


class Source(_Part):
    """Where a threshold comes from."""

    text: str = Field(min_length=1, description="the reference in words")
    url: str = Field(default="", description="where it can be read")


class Fact(_Part):
    """A fact that a person declares in cohort.yaml or in a table of studies."""

    question: Text = Field(description="the question whose answer is yes or no, or an amount")
    unit: Literal["", "%", "euro", "months", "weeks", "days", "years", "number"] = Field(
        default="", description="unit of an amount; empty for a fact that is yes or no"
    )


class Rule(_PlainTextAllowed):
    """One short sentence with its source; plain text takes source and status of `defaults`."""

    rule: str = Field(min_length=1, description="the sentence, e.g. orr >= 60%")
    title: Text | None = None
    source: str | None = Field(default=None, description="key of a source under sources")
    status: Status | None = None
    read_on: str | None = Field(
        default=None,
        pattern=r"^\d{4}-\d{2}-\d{2}$",
        description="day on which the threshold was compared with its source; empty: not recorded",
    )
    explanation: Text | None = None
    from_design: Literal["stage1.n", "stage1.minimum", "total.n", "total.minimum"] | None = Field(
        default=None, description="place in two_stage of cohort.yaml that gives the threshold"
    )

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"rule": value} if isinstance(value, str) else value


class Combination(_PlainTextAllowed):
    """Rules combined: a text such as `response and (pfs or durable)`, or one of all, any, not."""

    text: str | None = Field(default=None, exclude=True)
    all: tuple[Combination, ...] | None = Field(default=None, min_length=1)
    any: tuple[Combination, ...] | None = Field(default=None, min_length=1)
    not_: Combination | None = Field(default=None, alias="not")
    shown: Combination | None = Field(
        default=None, description="an alternative that counts only where it is shown"
    )

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> Combination:
        parts = (self.text, self.all, self.any, self.not_, self.shown)
        given = [part for part in parts if part is not None]
        if len(given) != 1:
            raise ValueError("write exactly one of all, any, not and shown here, or one sentence")
        return self


class Grade(_Part):
    """One level of a scale."""

    grade: str = Field(min_length=1, max_length=40)
    when: Combination | None = Field(
        default=None, description="left out in a last grade that takes all other studies"
    )
    title: Text | None = None


class PatientGroup(_Part):
    """A part of the criterion for some studies, such as those with a short control survival."""

    title: Text
    when: Combination | None = Field(
        default=None, description="left out in the last group, which takes all other studies"
    )
    met_when: Combination | None = None
    grades: tuple[Grade, ...] = ()


class AdjustmentRule(_Part):
    """A step up or down the scale; where it is not known whether it applies, it does not."""

    change: int = Field(ge=-2, le=2, description="steps up (positive) or down the scale")
    when: Combination
    title: Text
    source: str | None = None
    status: Status | None = None


class Applies(_Part):
    """For which studies the criterion is meant."""

    design: tuple[Design, ...] = ("single-arm", "randomised")
    setting: tuple[Setting, ...] = ("non-curative", "curative")
    declared: tuple[Name, ...] = Field(
        default=(), description="facts that must hold; denied makes the criterion not applicable"
    )
    remark: Text | None = None


class Defaults(_Part):
    """What a rule has that does not say otherwise."""

    source: str | None = None
    status: Status | None = None
    read_on: str | None = Field(
        default=None,
        pattern=r"^\d{4}-\d{2}-\d{2}$",
        description="day on which the threshold was compared with its source; empty: not recorded",
    )


class Example(_Part):
    """A published judgement, for readers; it is not used in judging."""

    study: str
    figures: str
    outcome: str
    source: str | None = None
    remark: Text | None = None


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str | dict) else value


Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


class CriteriaFile(_Part):
    """A criteria file: `criteria/<family>/<id>.yaml`."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=80)
    version: str = Field(min_length=1, description="version of this file")
    family: str = Field(default="", description="folder of the catalogue")
    title: Text
    summary: Text
    applies: Applies = Applies()
    facts: dict[Name, Fact] = Field(default_factory=dict)
    sources: dict[Name, Source] = Field(default_factory=dict)
    defaults: Defaults = Defaults()
    rules: dict[Name, Rule] = Field(min_length=1)
    met_when: Combination | None = None
    grades: tuple[Grade, ...] = ()
    groups: tuple[PatientGroup, ...] = ()
    scale: tuple[str, ...] = Field(default=(), description="every grade, the best first")
    met_from_grade: str | None = Field(
        default=None, description="the verdict is met from this grade upwards"
    )
    adjustments: dict[Name, AdjustmentRule] = Field(default_factory=dict)
    warnings: Texts = ()
    notes: Texts = ()
    examples: tuple[Example, ...] = ()


def criteria_schema() -> dict[str, Any]:
    """JSON Schema of a criteria file, for editors that help while writing."""
    schema = CriteriaFile.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "dossier.criteria/1",
        **schema,
        "title": "Criteria file of dossier",
    }
