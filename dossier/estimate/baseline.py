"""Baseline characteristics of the treated patients; what is missing is always counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dossier.cohort.model import Cohort
from dossier.estimate.model import Characteristic

NUMBERS = ("age", "prior_lines")
ORDER = ("age", "sex", "ecog", "tumour_type", "biomarker", "drug", "arm", "prior_lines",
         "rare_cancer", "escat_tier", "oncokb_level", "measurable_disease", "country",
         "site")  # fmt: skip
# Counted, not named: a hospital with few patients would point at them.
VARIETIES = ("site",)


def baseline(cohort: Cohort, population: NDArray[np.bool_]) -> tuple[Characteristic, ...]:
    """Summarise every baseline column that the patients table has.

    Parameters
    ----------
    cohort
        The cohort as read.
    population
        Patients to describe, shape (patients,).
    """
    inside = cohort.patients[population]
    return tuple(
        described(name, inside[name], as_number=name in NUMBERS)
        for name in ORDER
        if cohort.has("patients", name)
    )


def described(name: str, values: pd.Series, *, as_number: bool) -> Characteristic:
    """A column of the patients table by its median and range, or by the counts of its values."""
    if as_number:
        return _number(name, values)
    if name in VARIETIES:
        known = values[values != ""]
        return Characteristic(
            name, "variety", len(known), len(values) - len(known), distinct=int(known.nunique())
        )
    return _category(name, values)


def _number(name: str, values: pd.Series) -> Characteristic:
    known = values.dropna().to_numpy(dtype=float)
    missing = len(values) - len(known)
    if not len(known):
        return Characteristic(name, "number", 0, missing)
    low, q1, middle, q3, high = (float(x) for x in np.percentile(known, (0, 25, 50, 75, 100)))
    return Characteristic(
        name, "number", len(known), missing, median=middle, q1=q1, q3=q3, minimum=low, maximum=high
    )


def _category(name: str, values: pd.Series) -> Characteristic:
    text = _as_text(values)
    known = text[text != ""]
    counted = known.value_counts()
    natural = name in ("ecog", "prior_lines")
    pairs = sorted(
        ((str(k), int(v)) for k, v in counted.items()),
        key=lambda pair: (pair[0],) if natural else (-pair[1], pair[0]),
    )
    return Characteristic(name, "category", len(known), len(values) - len(known), dict(pairs))


def _as_text(values: pd.Series) -> pd.Series:
    """Codes as text: whole numbers without decimals, flags as yes and no, missing as empty."""
    if values.dtype.kind != "f":
        return values.astype(str)
    if values.name in ("rare_cancer", "measurable_disease"):
        return values.map({1.0: "yes", 0.0: "no"}).fillna("")
    return values.map(lambda x: "" if np.isnan(x) else f"{x:g}")
