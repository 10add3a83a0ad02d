"""Small cohorts for tests through the whole evaluation, and what must hold of every result."""

from __future__ import annotations

import math

import pandas as pd

import dossier

DAY_0 = pd.Timestamp("2023-01-02")


def date(number):
    """The date of a day, counted from the first start of treatment."""
    return (DAY_0 + pd.Timedelta(days=number)).date().isoformat()


def results(frame, *, visits=None, settings=None, **metadata):
    """results.json of a patients table, without criteria."""
    frames = {"patients": pd.DataFrame(frame)}
    if visits is not None:
        frames["assessments"] = pd.DataFrame(visits)
    metadata = {"title": "Test", "data_cutoff": "2030-01-01"} | metadata
    cohort = dossier.Cohort.from_frames(**frames, **metadata)
    result = dossier.evaluate(cohort, criteria=[], settings=settings).to_dict()
    every_null_has_a_reason(result)
    return result


def every_null_has_a_reason(value, path=""):
    """No null without a reason beside it, and no number that is none."""
    if isinstance(value, dict):
        if any(inner is None for inner in value.values()):
            assert "reason" in value, path
        for key, inner in value.items():
            every_null_has_a_reason(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            assert inner is not None, path
            every_null_has_a_reason(inner, f"{path}.{position}")
    elif isinstance(value, float):
        assert math.isfinite(value), path
