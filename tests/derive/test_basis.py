"""What one derivation leaves to the next of the same cohort changes nothing in it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dossier.cohort.frames import with_settings
from dossier.cohort.model import Cohort
from dossier.cohort.read import read_cohort
from dossier.cohort.settings import Derivation
from dossier.derive.basis import _OF_RESPONSE, Basis
from dossier.derive.patients import derive

SEED = 20260701
EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated-drup" / "cohort.yaml"
EVERY_TWO_MONTHS = [{"until": "24 weeks", "every": "8 weeks"}, {"every": "12 weeks"}]

OTHERWISE: dict[str, Any] = {
    "confirmation": False,
    "confirmation_days": 60,
    "maximum_ne_between": 0,
    "maximum_sd_between": 1,
    "sd_minimum_days": 100,
    "sd_tolerance_days": 14,
    "worse_after_cr": "partial-response",
    "schedule": EVERY_TWO_MONTHS,
    "visit_window_days": 3,
    "missed_assessments": 1,
    "not_evaluable_is_missed": False,
    "pfs": "treatment-policy",
    "clinical_progression": "event",
    "progression_date": "midpoint",
    "censoring_date": "data-cutoff",
    "benefit_tolerance_days": 0,
    "adverse_event_window_days": 90,
    "death_window_days": 90,
    "beyond_progression_days": 0,
    "assessor": "investigator",
    "partial_dates": "last",
    "response_source": "measured",
    "response_criteria": "recist-1.1",
    "complete_response_sum_mm": 10,
    "pfs_ratio_threshold": 2,
    "exceptional_complete_response": False,
    "exceptional_pfs_months": 6,
}


def any_visits() -> Cohort:
    """Patients whose visits hold whatever a visit can hold, so that every option decides some."""
    chance = random.Random(SEED)
    days = [[21 * n + chance.randrange(14) for n in range(1, 9)] for _ in range(300)]
    responses = ["CR"] * 3 + ["PR"] * 3 + ["SD"] * 3 + ["NE", "PD", "iUPD", "iCPD", ""]
    visits = [
        {
            "patient_id": f"P{place}",
            "day": day,
            "response": chance.choice(responses),
            "assessor": assessor,
            "target_sum_mm": chance.choice([0, 5, 30, 60, 100]),
            "new_lesion": chance.choice([0, 0, 0, 0, 1]),
        }
        for place, each in enumerate(days)
        for day in (0, *each)
        for assessor in ("central", "investigator")
    ]
    patients = [
        {"patient_id": f"P{place}", "treatment_start": "2020-01-01"} for place in range(300)
    ]
    return Cohort.from_frames(
        patients=pd.DataFrame(patients),
        assessments=pd.DataFrame(visits),
        title="Any visits",
        drug="D",
        indication="I",
        data_cutoff="2023-01-01",
        derivation={"assessor": "central"},
    )


@pytest.fixture(scope="module", params=["example", "any visits"])
def cohort(request: pytest.FixtureRequest) -> Cohort:
    return read_cohort(EXAMPLE) if request.param == "example" else any_visits()


@pytest.fixture(scope="module")
def basis(cohort: Cohort) -> Basis:
    found = Basis.of(cohort)
    derive(cohort, found)  # everything is remembered as the settings of the cohort ask
    return found


def test_every_option_is_tried() -> None:
    # Endpoints taken as given rest on other columns, which the example does not have.
    assert set(OTHERWISE) == set(Derivation.model_fields) - {"endpoints"}


@pytest.mark.parametrize("option", OTHERWISE)
def test_every_rule_setting_derives_what_it_derives_alone(
    cohort: Cohort, basis: Basis, option: str
) -> None:
    changed = with_settings(cohort, {"derivation": {option: OTHERWISE[option]}}, queries=False)
    shared, alone = derive(changed, basis), derive(changed)
    pd.testing.assert_frame_equal(shared.frame, alone.frame)
    assert (shared.queries, shared.notes) == (alone.queries, alone.notes)


@pytest.mark.parametrize("option", _OF_RESPONSE)
def test_what_is_remembered_would_be_wrong_for_other_options(option: str) -> None:
    """Every option that readings and responses are known by decides something above."""
    cohort = any_visits()
    changed = with_settings(cohort, {"derivation": {option: OTHERWISE[option]}}, queries=False)
    assert not derive(changed).frame.equals(derive(cohort).frame)


def test_another_cut_off_has_a_basis_of_its_own(cohort: Cohort, basis: Basis) -> None:
    earlier = with_settings(cohort, {"cohort": {"data_cutoff": "2020-06-01"}}, queries=False)
    assert basis.serves(cohort)
    assert not basis.serves(earlier)
    assert not derive(earlier, basis).frame.equals(derive(cohort, basis).frame)
    pd.testing.assert_frame_equal(derive(earlier, basis).frame, derive(earlier).frame)


def test_data_queries_are_left_out_where_nobody_reads_them() -> None:
    cohort = read_cohort(EXAMPLE)
    asked = derive(cohort)
    silent = derive(cohort, queries=False)
    assert asked.queries
    assert not silent.queries
    pd.testing.assert_frame_equal(silent.frame, asked.frame)
