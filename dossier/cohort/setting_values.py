"""What every section of cohort.yaml is made from: values as people write them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    model_validator,
)

from dossier.cohort.dates import FIRST_YEAR, LAST_YEAR, DateFormat
from dossier.units import Duration, parse_duration


def _duration(value: Any) -> Any:
    return parse_duration(value) if isinstance(value, str) else value


DurationText = Annotated[Duration, BeforeValidator(_duration), PlainSerializer(str)]


def _iso_date(value: Any) -> Any:
    # pydantic would also read a number as seconds since 1970.
    date = None
    if isinstance(value, datetime.datetime):
        date = value.date()
    elif isinstance(value, datetime.date):
        date = value
    elif isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        with suppress(ValueError):
            date = datetime.date.fromisoformat(value.strip())
    if date is not None:
        if FIRST_YEAR <= date.year <= LAST_YEAR:
            return date
        raise ValueError(f"the year of {date} lies outside {FIRST_YEAR} to {LAST_YEAR}")
    raise ValueError(f"{str(value)[:40]!r} is not a date such as 2024-05-31")


IsoDate = Annotated[datetime.date, BeforeValidator(_iso_date)]


def _date_format(value: str) -> str:
    DateFormat(value)
    return value


DateFormatText = Annotated[str, AfterValidator(_date_format)]


def yes_or_no(value: Any) -> Any:
    """The words yes and no as truth values; anything else as it is."""
    if isinstance(value, str):
        return {"yes": True, "no": False}.get(value.strip().casefold(), value)
    return value


Fact = Annotated[bool | float | str, BeforeValidator(yes_or_no)]


class Section(BaseModel):
    """A section of cohort.yaml: an unknown key is an error, one without a value is not there."""

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
