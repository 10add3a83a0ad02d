"""Numbers of safety, exposure and quality of life lead to the rows a reader expects."""

from __future__ import annotations

import pytest

from dossier.trace import trace


def test_a_rate_leads_to_first_events_and_time_at_risk(simulated):
    path = "safety.exposure_adjusted.kinds.serious.patients"
    patients = trace(simulated, f"{path}.events")
    assert len(patients.patients) == patients.value
    assert {row.file for each in patients.patients for row in each.sources} == {
        "adverse_events.csv"
    }
    rate = trace(simulated, f"{path}.estimate")
    assert rate.agrees
    assert sum(each.counted for each in rate.patients) == patients.value
    assert sum(each.value for each in rate.patients) / 365.25 == pytest.approx(
        trace(simulated, f"{path}.patient_years").value
    )
    assert {rule.id for rule in rate.rules} == {"POP-TREATED", "AE-AT-RISK"}


def test_a_death_leads_to_its_row_and_rule(simulated):
    found = trace(simulated, "safety.deaths.timing.within.deaths")
    assert all(each.value <= 30 for each in found.patients)
    assert {each.rule for each in found.patients} == {"DEATH-WITHIN"}
    assert {row.column for each in found.patients for row in each.sources} == {"Death"}


def test_a_change_leads_to_both_questionnaires(simulated):
    found = trace(simulated, "quality_of_life.scales.0.visits.0.change.mean")
    assert found.agrees
    for each in found.patients:
        assert [row.role for row in each.sources] == ["begins", "counts"]
        assert {row.file for row in each.sources} == {"quality_of_life.csv"}
