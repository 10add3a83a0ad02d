"""cohort.yaml as typed settings; every key has a default except `cohort.title` and `data.patients`.

Sources of the defaults: RECIST 1.1 (Eisenhauer et al., Eur J Cancer 2009) for response, and the
protocol conventions of the Drug Rediscovery Protocol (NCT02925234) for clinical benefit. Each is an
option, printed in the methods section of every dossier.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

from dossier.cohort.dates import DateFormat
from dossier.units import Duration, parse_duration

TableName = Literal["patients", "assessments", "adverse_events", "quality_of_life"]


def _duration(value: Any) -> Any:
    return parse_duration(value) if isinstance(value, str) else value


DurationText = Annotated[Duration, BeforeValidator(_duration), PlainSerializer(str)]


def _iso_date(value: Any) -> Any:
    # pydantic would also read a number as seconds since 1970.
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        try:
            return datetime.date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise ValueError(f"{str(value)[:40]!r} is not a date such as 2024-05-31")


IsoDate = Annotated[datetime.date, BeforeValidator(_iso_date)]


def _date_format(value: str) -> str:
    DateFormat(value)
    return value


DateFormatText = Annotated[str, AfterValidator(_date_format)]


def _yes_or_no(value: Any) -> Any:
    if isinstance(value, str):
        return {"yes": True, "no": False}.get(value.strip().casefold(), value)
    return value


Fact = Annotated[bool | float | str, BeforeValidator(_yes_or_no)]


class _Section(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=True,
        str_strip_whitespace=True,
        arbitrary_types_allowed=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _keys_without_a_value(cls, value: Any) -> Any:
        """Treat a key without a value as not written: people comment out what stands below it."""
        if isinstance(value, Mapping):
            return {key: each for key, each in value.items() if each is not None}
        return value


class Description(_Section):
    """The `cohort` section: what was studied."""

    title: str = Field(min_length=1)
    drug: str = ""
    indication: str = ""
    biomarker: str = ""
    trial: str = ""
    reference_arm: str | None = None
    design: Literal["single-arm", "randomised"] = "single-arm"
    setting: Literal["non-curative", "curative"] = "non-curative"
    data_cutoff: IsoDate | None = None


class TableSource(_Section):
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


class Data(_Section):
    """The `data` section: the files, relative to cohort.yaml."""

    patients: SourceText
    assessments: SourceText | None = None
    adverse_events: SourceText | None = None
    quality_of_life: SourceText | None = None
    date_format: DateFormatText | None = None
    missing: tuple[str, ...] = ()


class ColumnSource(_Section):
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


class Derivation(_Section):
    """The `derivation` section: how each patient's endpoints follow from the visits."""

    confirmation: bool = True
    confirmation_days: int = Field(default=28, ge=0)
    maximum_ne_between: int = Field(default=1, ge=0)
    maximum_sd_between: int = Field(default=0, ge=0, le=1)
    sd_minimum_days: int = Field(default=42, ge=0)
    sd_tolerance_days: int = Field(default=0, ge=0)
    worse_after_cr: Literal["progression", "partial-response"] = "progression"
    pfs: Literal["standard"] = "standard"
    clinical_progression: Literal["event", "ignore"] = "ignore"
    benefit_tolerance_days: int = Field(default=7, ge=0)
    assessor: str | None = None
    partial_dates: Literal["first", "middle", "last", "refuse"] = "middle"


class Estimation(_Section):
    """The `estimation` section: how the cohort's numbers follow from the patients."""

    landmarks: tuple[DurationText, ...] = (Duration(6, "months"), Duration(12, "months"))
    ci: Literal["log-log", "log", "plain"] = "log-log"
    proportion_ci: Literal["clopper-pearson", "wilson", "jeffreys"] = "clopper-pearson"
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    maximum_unknown: float = Field(default=0.2, ge=0, le=1)


class Stage(_Section):
    """Patients in a stage of a two-stage design, and the successes that are enough."""

    n: int = Field(ge=1)
    minimum: int = Field(ge=0)


class TwoStage(_Section):
    """The `two_stage` section: the design the cohort was run under.

    `total` counts both stages together; `null` and `alternative` are success probabilities.
    """

    endpoint: str = "cbr_16w"
    stage1: Stage
    total: Stage
    null: float = Field(gt=0, lt=1)
    alternative: float = Field(gt=0, lt=1)


class DossierSettings(_Section):
    """The `dossier` section: the documents."""

    template: str = "standard"
    language: str = "en"
    formats: tuple[Literal["docx", "pdf", "html", "json", "xlsx"], ...] = ("docx", "pdf")
    author: str = ""
    submitted_to: str = ""


class Settings(_Section):
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
    dossier: DossierSettings = DossierSettings()

    def columns_of(self, table: str) -> dict[str, ColumnSource]:
        """Mapping of one table's columns, our name first; empty where none is declared."""
        return {str(name): columns for name, columns in self.columns.items()}.get(table, {})

    def values_of(self, table: str) -> dict[str, dict[str, str]]:
        """Mapping of one table's codes by our column name; empty where none is declared."""
        return {str(name): codes for name, codes in self.values.items()}.get(table, {})
