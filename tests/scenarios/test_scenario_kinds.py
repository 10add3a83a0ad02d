"""The kinds of scenarios of the ready-made set, each against a run of its own."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from small_cohorts import CUTOFF, cohort_of, small_cohort, tables

from dossier.cohort.frames import with_settings
from dossier.errors import InputError
from dossier.evaluation import evaluate
from dossier.scenarios.what_if import what_if


def rows_of(cohort, **file):
    return {row.scenario.id: row for row in what_if(cohort, file).matrix.rows}


def median_and_rates(row):
    return {
        name: (figure.n, figure.events, figure.estimate) for name, figure in row.figures.items()
    }


def one(change, **extra):
    return [{"id": "x", "reason": "r", "settings": {"derivation": change}, **extra}]


@pytest.fixture
def frames():
    found = tables(30, 5)
    patients = found["patients"]
    patients["biomarker_confirmed"] = np.where(np.arange(30) % 3 == 0, "no", "yes")
    patients["eligibility_waiver"] = np.where(np.arange(30) % 7 == 0, "yes", "")
    patients.loc[[3, 4], ["treatment_start", "death_date"]] = ""
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "change",
    [
        {"progression_date": "midpoint"},
        {"censoring_date": "last-contact"},
        {"censoring_date": "data-cutoff"},
        {"pfs": "treatment-policy", "progression_date": "midpoint"},
    ],
)
def test_dates_of_progression_and_censoring(seed, change):
    cohort = small_cohort(25, seed)
    row = rows_of(cohort, scenarios=one(change))["x"]
    if row.reason is None:
        own = evaluate(with_settings(cohort, {"derivation": change})).results.times["pfs"]
        assert row.figures["pfs.median"].events == own.events
        assert row.figures["pfs.median"].estimate == own.median.to_dict()["months"]


def test_everybody_enrolled_in_the_denominator(frames):
    cohort = cohort_of(frames)
    rows = rows_of(
        cohort,
        scenarios=[
            {"id": name, "reason": "r", "population": name} for name in ("enrolled", "treated")
        ],
    )
    enrolled, treated = rows["enrolled"].figures, rows["treated"].figures
    assert (enrolled["orr"].n, treated["orr"].n) == (30, 28)
    assert enrolled["orr"].events == treated["orr"].events
    assert enrolled["pfs.median"].estimate == treated["pfs.median"].estimate
    best = rows_of(
        cohort,
        base={"not_evaluable": "best"},
        scenarios=[{"id": "e", "reason": "r", "population": "enrolled"}],
    )
    assert best["e"].figures["orr"].n == 30
    assert best["e"].figures["orr"].events == best["base"].figures["orr"].events


def test_confirmed_biomarker_and_waivers(frames):
    cohort = cohort_of(frames)
    rows = rows_of(cohort, include="standard-sensitivity")
    for name, mask in (
        ("population-biomarker-confirmed", frames["patients"]["biomarker_confirmed"] == "yes"),
        ("population-without-waivers", frames["patients"]["eligibility_waiver"] != "yes"),
    ):
        kept = set(frames["patients"].loc[mask, "patient_id"])
        less = {table: f[f["patient_id"].isin(kept)].copy() for table, f in frames.items()}
        alone = rows_of(cohort_of(less))["base"]
        assert median_and_rates(rows[name]) == median_and_rates(alone), name
        assert rows[name].figures["orr"].n < rows["base"].figures["orr"].n


class TestCutoffMovedBack:
    def test_is_the_cut_off_so_much_earlier(self):
        cohort = small_cohort(30, 2)
        rows = rows_of(
            cohort,
            scenarios=[
                {"id": "back", "reason": "r", "cutoff_back": "12 weeks"},
                {
                    "id": "dated",
                    "reason": "r",
                    "settings": {
                        "cohort": {"data_cutoff": (CUTOFF - dt.timedelta(days=84)).isoformat()}
                    },
                },
            ],
        )
        assert median_and_rates(rows["back"]) == median_and_rates(rows["dated"])
        assert median_and_rates(rows["back"]) != median_and_rates(rows["base"])

    def test_counts_from_the_base_case(self):
        first = (CUTOFF - dt.timedelta(days=10)).isoformat()
        rows = rows_of(
            small_cohort(20, 2),
            base={"settings": {"cohort": {"data_cutoff": first}}},
            scenarios=[{"id": "back", "reason": "r", "cutoff_back": "10 days"}],
        )
        moved = rows["back"].scenario.settings["cohort"]["data_cutoff"]
        assert moved == (CUTOFF - dt.timedelta(days=20)).isoformat()

    def test_of_a_grid(self):
        rows = rows_of(small_cohort(20, 2), grid={"cutoff_back": ["1 months", "2 months"]})
        assert {"cutoff_back=1 months", "cutoff_back=2 months"} <= set(rows)

    @pytest.mark.parametrize(
        ("entry", "message"),
        [
            (
                {"cutoff_back": "1 month", "settings": {"cohort": {"data_cutoff": "2024-01-01"}}},
                "contradict",
            ),
            ({"cutoff_back": "0 days"}, "moved back"),
            ({"cutoff_back": "soon"}, "duration"),
        ],
    )
    def test_wrong(self, entry, message):
        with pytest.raises(InputError, match=message):
            rows_of(small_cohort(10, 2), scenarios=[{"id": "x", "reason": "r", **entry}])


class TestWithoutEffect:
    def test_what_was_recorded_is_not_derived_anew(self):
        patients = tables(20, 3)["patients"].drop(columns=["death_date", "last_known_alive"])
        patients["best_response"] = "PR"
        cohort = cohort_of({"patients": patients})
        row = rows_of(cohort, scenarios=one({"confirmation": False}))["x"]
        assert "used as recorded" in row.reason

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"clinical_progression": "event"}, "no clinical progression is dated"),
            ({"pfs": "treatment-policy"}, "no start of a new anticancer therapy is given"),
            ({"partial_dates": "first"}, "no date is partial"),
        ],
    )
    def test_nothing_to_decide(self, change, reason):
        assert rows_of(small_cohort(20, 1), scenarios=one(change))["x"].reason == reason

    def test_a_change_beside_it_is_run(self):
        scenarios = one({"partial_dates": "first", "confirmation": False})
        assert rows_of(small_cohort(20, 1), scenarios=scenarios)["x"].reason is None
        scenarios = one({"partial_dates": "first"}, population="treated")
        assert rows_of(small_cohort(20, 1), scenarios=scenarios)["x"].reason is None

    def test_the_ready_made_set_does_not_repeat_the_base_case(self):
        cohort = small_cohort(20, 1, derivation={"confirmation": False})
        rows = rows_of(
            cohort, include="standard-sensitivity", scenarios=one({"confirmation": False})
        )
        assert rows["response-unconfirmed"].reason == "this is what the base case does"
        assert rows["x"].reason is None


def test_the_worst_case_of_leaving_one_out():
    matrix = what_if(small_cohort(20, 1), {"leave_one_out": ["site", "patient"]}).matrix
    worst = {(each.column, each.endpoint): each for each in matrix.worst_left_out}
    for column in ("site", "patient"):
        rows = [
            row
            for row in matrix.rows
            if row.scenario.left_out is not None and row.scenario.left_out[0] == column
        ]
        found = worst[column, "orr"]
        assert found.estimate == min(row.figures["orr"].estimate for row in rows)
        assert found.estimate == pytest.approx(
            matrix.base.figures["orr"].estimate + found.delta, abs=1e-12
        )
        assert found.scenario in {row.scenario.id for row in rows}


class TestEmptyPopulations:
    @pytest.mark.parametrize(
        "entry",
        [
            {"population": {"site": "North"}, "leave_out": {"site": "North"}},
            {"settings": {"cohort": {"data_cutoff": "1999-01-01"}}},
        ],
    )
    def test_asked_for_is_an_error_before_anything_runs(self, entry):
        with pytest.raises(InputError, match="scenario x: nobody who was treated"):
            rows_of(small_cohort(10, 2), scenarios=[{"id": "x", "reason": "r", **entry}])

    def test_its_line_is_told(self, tmp_path):
        file = tmp_path / "s.yaml"
        file.write_text(
            "scenarios:\n"
            "  - {id: good, reason: r, population: treated}\n"
            "  - {id: x, reason: r, population: {site: North}, leave_out: {site: North}}\n"
        )
        with pytest.raises(InputError) as caught:
            what_if(small_cohort(10, 2), file)
        (problem,) = caught.value.problems
        assert (problem.file, problem.row) == ("s.yaml", 3)

    def test_one_of_many_combinations_is_a_row(self):
        grid = {
            "population": ["treated", {"site": "North"}],
            "leave_out": [{"site": "North"}, {"site": "West"}],
        }
        rows = rows_of(small_cohort(20, 2), grid=grid)
        reasons = [row.reason for row in rows.values() if row.reason is not None]
        assert reasons == ["nobody who was treated is left in the population"]
