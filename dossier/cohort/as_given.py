"""Endpoints that somebody derived already, taken as given instead of derived again."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from dossier.cohort.model import Cohort, DataQuery
from dossier.cohort.settings_file import SettingsOrigin
from dossier.cohort.typed_table import empty_table
from dossier.errors import InputError

# From these columns overall survival would be derived again.
_SURVIVAL_DATES: Final = ("death_date", "last_known_alive")


def with_endpoints_as_given(cohort: Cohort, origin: SettingsOrigin) -> Cohort:
    """Leave out what endpoints would be derived again from, where they are given.

    Where the patients table gives best response or progression-free survival, the assessments are
    left out; where it gives overall survival, the dates of death and of the last contact. Whoever
    died, and when, then follows from the survival times. What is not given is derived as always.

    Parameters
    ----------
    cohort
        The cohort as read.
    origin
        Where the settings were written.

    Raises
    ------
    InputError
        When no endpoint is given.
    """
    response = cohort.has("patients", "best_response") or cohort.has("patients", "pfs_days")
    survival = cohort.has("patients", "os_days")
    if not response and not survival:
        problem = origin.problem(
            ("derivation", "endpoints"),
            "there are no endpoints to take as given",
            "as-given",
            "a column best_response, pfs_days or os_days in the patients table",
        )
        raise InputError([problem])
    queries = list(cohort.queries)
    given = dict(cohort.given)
    if response and cohort.given.get("assessments"):
        queries = [each for each in queries if each.file != cohort.file_label("assessments")]
        queries.append(_assessments_left_out(cohort))
        given["assessments"] = frozenset()
        cohort = replace(
            cohort,
            assessments=empty_table("assessments"),
            partial_dates=tuple(
                each for each in cohort.partial_dates if each.table != "assessments"
            ),
        )
    if survival:
        given["patients"] = given["patients"].difference(_SURVIVAL_DATES)
        blank = {
            name: pd.Series(pd.NaT, cohort.patients.index, "datetime64[ns]")
            for name in _SURVIVAL_DATES
        }
        cohort = replace(cohort, patients=cohort.patients.assign(**blank))
    return replace(cohort, given=given, queries=tuple(queries))


def _assessments_left_out(cohort: Cohort) -> DataQuery:
    rows = len(cohort.assessments)
    return DataQuery(
        rule="assessments-not-used",
        severity="note",
        message=f"the endpoints are taken as given, and {rows} "
        f"{'assessment is' if rows == 1 else 'assessments are'} there too",
        consequence="not used (derivation.endpoints: as-given); with 'derived' the endpoints "
        "follow from them, and every difference is a data query",
        file=cohort.file_label("assessments"),
        endpoints=("best_response", "benefit", "pfs", "dor"),
    )
