"""Cells that are no text, from spreadsheets and data frames, as the text a CSV file would hold."""

from __future__ import annotations

import datetime
import math
import numbers
from typing import Any, Literal

import numpy as np
import pandas as pd

from dossier.cohort.dates import DateFormat


def text_of(cell: Any, decimal: Literal[".", ","] | None, dates: DateFormat) -> str:
    """Write a cell as text, so that reading the column gives its value back.

    Parameters
    ----------
    cell
        Text, a number, a date, a flag or nothing.
    decimal
        Declared decimal mark of the column's numbers.
    dates
        Declared form of the column's dates; a time of day is cut off.
    """
    if isinstance(cell, str):
        return cell
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return ""
    if isinstance(cell, bool | np.bool_):
        return "true" if cell else "false"
    if isinstance(cell, numbers.Integral):
        return str(int(cell))
    if isinstance(cell, numbers.Real):
        return _number(float(cell), decimal)
    if isinstance(cell, np.datetime64):
        return text_of(pd.Timestamp(cell), decimal, dates)
    if isinstance(cell, datetime.datetime):  # pandas' Timestamp too
        return dates.safe_text(cell.date())
    if isinstance(cell, datetime.date):
        return dates.safe_text(cell)
    return str(cell)


def _number(number: float, decimal: str | None) -> str:
    if math.isnan(number):
        return ""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    text = repr(number)
    return text.replace(".", decimal) if decimal else text
