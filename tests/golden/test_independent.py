"""Double programming: every number of `independent.py` against that of dossier.

On the simulated example from its raw files, and on small cohorts that Hypothesis makes.
"""

import csv
import datetime
import math
import statistics
from pathlib import Path

import independent as own
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dossier
from dossier.trace import trace

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated-drup"
START = datetime.date(2024, 1, 1)


def same(found, expected):
    if expected is None or isinstance(expected, bool | str):
        return found == expected
    return found is not None and math.isclose(found, expected, rel_tol=1e-7, abs_tol=1e-9)


def check_patient(row, patient, options):
    response, day = own.best_response(patient, options)
    assert row.best_response == response
    if response in own.RESPONSES:
        assert row.best_response_day == day
    single = own.best_response(patient, options | {"confirmation": False})[0]
    assert row.best_response_unconfirmed == single
    days, event, reason = own.progression_free_survival(patient, options)
    assert (row.pfs_days, row.pfs_event) == (days, event)
    if event or reason == "new anticancer therapy":
        assert row.pfs_reason == reason
    assert (row.os_days, row.os_event) == own.overall_survival(patient)
    assert (row.time_on_treatment_days, row.time_on_treatment_event) == own.time_on_treatment(
        patient
    )
    for weeks in (16, 24):
        state = {True: "benefit", False: "no benefit", None: "too early"}
        assert row[f"benefit_{weeks}w"] == state[own.benefit(patient, weeks, options)]


def check_proportion(found, outcomes):
    """Outcomes of patients, None where one is left out."""
    known = [each for each in outcomes if each is not None]
    assert (found["events"], found["n"]) == (sum(known), len(known))
    if known:
        lower, upper = own.clopper_pearson(sum(known), len(known))
        assert same(found["estimate"], sum(known) / len(known))
        assert same(found["ci_lower"], lower)
        assert same(found["ci_upper"], upper)


def check_median(found, expected):
    for name, value in zip(("days", "ci_lower_days", "ci_upper_days"), expected, strict=True):
        assert same(found[name], value)
        months = name.replace("days", "months")
        assert same(found[months], None if value is None else value / own.MONTH)


def check_times(found, times):
    times = [each[:2] for each in times]
    assert (found["n"], found["events"]) == (len(times), sum(event for _, event in times))
    if not times:
        return
    rows = own.kaplan_meier(times)
    check_median(found["median"], own.median(rows))
    for landmark in found["landmarks"]:
        at = own.survival_at(rows, landmark["days"]) or (None, None, None)
        for name, value in zip(("estimate", "ci_lower", "ci_upper"), at, strict=True):
            assert same(landmark[name], value)
        assert landmark["at_risk"] == sum(day >= landmark["days"] for day, _ in times)


def check_results(results, patients, options):
    endpoints = results["endpoints"]
    evaluable = [each for each in patients if each["evaluable"]]
    best = [own.best_response(each, options)[0] for each in evaluable]
    for code, count in endpoints["best_response"]["counts"].items():
        assert best.count(code) == count
    check_proportion(endpoints["orr"], [each in own.RESPONSES for each in best])
    check_proportion(endpoints["dcr"], [each in own.STABLE for each in best])
    for weeks in (16, 24):
        outcomes = [own.benefit(each, weeks, options) for each in evaluable]
        check_proportion(endpoints[f"cbr_{weeks}w"], outcomes)
        assert endpoints[f"cbr_{weeks}w"]["too_early"] == outcomes.count(None)

    progression = [own.progression_free_survival(each, options) for each in patients]
    survival = [own.overall_survival(each) for each in patients]
    check_times(endpoints["pfs"], progression)
    check_times(endpoints["os"], survival)
    check_times(endpoints["time_on_treatment"], [own.time_on_treatment(p) for p in patients])
    check_times(
        endpoints["time_to_next_treatment"], [own.time_to_next_treatment(p) for p in patients]
    )
    check_median(
        endpoints["follow_up"]["median"], own.median(own.kaplan_meier(survival, reverse=True))
    )
    days_of_response, durations = [], []
    for patient, (days, event, _) in zip(patients, progression, strict=True):
        response, first = own.best_response(patient, options)
        if response in own.RESPONSES:
            days_of_response.append(first)
            durations.append((days - first, event))
    check_times(endpoints["dor"], durations)
    if days_of_response:
        found = endpoints["time_to_response"]
        assert found["median"]["days"] == statistics.median(days_of_response)
        assert found["maximum_days"] == max(days_of_response)
    for landmark in endpoints["progression_incidence"]["landmarks"]:
        if landmark["estimate"] is not None:
            day = landmark["days"]
            expected = own.incidence_at(progression, "progression", day)
            assert same(landmark["estimate"], expected)
            deaths = landmark["death_without_progression"]["estimate"]
            assert same(deaths, own.incidence_at(progression, "death", day))
    check_proportion(endpoints["pfs_ratio"], [own.pfs_ratio(each, options) for each in patients])


# ------------------------------------------------------------------ the example, from its files


def table(name):
    with (EXAMPLE / name).open(encoding="cp1252", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def date(text):
    if len(text) == 7:  # the day is not known: the middle of the month
        return datetime.date.fromisoformat(f"{text}-15")
    return datetime.date(*map(int, reversed(text.split("-")))) if text else None


@pytest.fixture(scope="module")
def simulated():
    """The treated patients of the example."""
    seen = {
        "assessments.csv": "Scan date",
        "adverse_events.csv": "Start",
        "quality_of_life.csv": "Completed on",
    }
    dated = [(row["Subject"], date(row[column]))
             for name, column in seen.items() for row in table(name)]  # fmt: skip
    assessments = [row for row in table("assessments.csv") if row["Assessor"] == "investigator"]
    patients = []
    for row in table("patients.csv"):
        start = date(row["Start of treatment"])
        if start is None:
            continue

        def day(when, start=start):
            return None if when is None else (when - start).days

        patients.append({
            "id": row["Subject"],
            "start": start,
            "type": row["Tumour type"],
            "visits": [
                (day(date(each["Scan date"])), each["Overall response"])
                for each in assessments
                if each["Subject"] == row["Subject"] and each["Overall response"]
            ],
            "died": day(date(row["Death"])),
            "new_therapy": day(date(row["New therapy"])),
            "ended": day(date(row["End of treatment"])),
            "alive": [day(when) for who, when in dated if who == row["Subject"]]
            + [day(date(row["Last contact"]))],
            "cutoff": day(datetime.date(2025, 6, 30)),
            "evaluable": row["Evaluable"] == "yes",
            "earlier_pfs": int(row["PFS on last earlier line"] or 0) or None,
        })  # fmt: skip
    return patients


@pytest.fixture(scope="module")
def found():
    cohort = dossier.read_cohort(EXAMPLE / "cohort.yaml")
    return dossier.evaluate(cohort, settings={"estimation": {"bootstrap": {"resamples": 0}}})


class TestTheExample:
    def test_every_patient(self, found, simulated):
        frame = found.patients.frame.set_index("patient_id")
        assert frame["treated"].sum() == len(simulated) == 59
        for patient in simulated:
            check_patient(frame.loc[patient["id"]], patient, own.DEFAULTS)

    def test_every_estimate(self, found, simulated):
        check_results(found.to_dict(), simulated, own.DEFAULTS)

    def test_the_two_stage_design(self, found, simulated):
        counted = [each for each in simulated if each["evaluable"]]
        counted.sort(key=lambda each: each["start"])
        outcomes = [own.benefit(each, 16, own.DEFAULTS) for each in counted[:24]]
        stage = found.to_dict()["endpoints"]["cbr_16w"]["two_stage"]
        assert stage["stage1"]["events"] == sum(outcomes[:8])
        assert stage["events"] == sum(outcomes)
        expected = own.two_stage(sum(outcomes), 8, 24, 1, 0.10)
        for name, value in zip(("umvue", "p_value", "ci_lower", "ci_upper"), expected, strict=True):
            assert same(stage[name], value), name

    def test_every_basket(self, found, simulated):
        for basket in found.to_dict()["baskets"]["baskets"]:
            best = [
                own.best_response(each, own.DEFAULTS)[0]
                for each in simulated
                if each["evaluable"] and each["type"] == basket["label"]
            ]
            check_proportion(basket["raw"], [each in own.RESPONSES for each in best])

    def test_adverse_events_by_worst_grade(self, found, simulated):
        start = {each["id"]: each["start"] for each in simulated}
        worst = {}
        for row in table("adverse_events.csv"):
            who = row["Subject"]
            if who in start and date(row["Start"]) >= start[who]:
                for term in ("", row["Preferred term"]):
                    grades = worst.setdefault((row["Class"], term), {})
                    grades[who] = max(grades.get(who, 0), int(row["CTCAE grade"] or 0))
        terms = found.to_dict()["safety"]["terms"]
        assert {(each["soc"], each["term"]) for each in terms} == set(worst)
        for each in terms:
            grades = list(worst[each["soc"], each["term"]].values())
            assert each["any"] == len(grades)
            assert each["grades"] == {str(grade): grades.count(grade) for grade in range(1, 6)}
            assert each["unknown"] == grades.count(0)

    @pytest.mark.parametrize(
        "change",
        [
            {"confirmation": False},
            {"sd_minimum_days": 35},
            {"sd_minimum_days": 56},
            {"maximum_ne_between": 0},
            {"maximum_sd_between": 1},
            {"benefit_tolerance_days": 0},
            {"benefit_tolerance_days": 14},
            {"pfs": "treatment-policy"},
            {"pfs": "fda", "every": 56},
            {"cutoff": 91},
        ],
        ids=str,
    )
    def test_every_scenario(self, simulated, change):
        options = own.DEFAULTS | {name: change[name] for name in change if name != "cutoff"}
        earlier = change.get("cutoff", 0)
        patients = [each | {"cutoff": each["cutoff"] - earlier} for each in simulated]
        patients = [each for each in patients if each["cutoff"] >= 0]
        cutoff = datetime.date(2025, 6, 30) - datetime.timedelta(days=earlier)
        found = dossier.evaluate(
            dossier.read_cohort(EXAMPLE / "cohort.yaml"),
            criteria=[],
            settings={
                "cohort": {"data_cutoff": cutoff.isoformat()},
                "estimation": {"bootstrap": {"resamples": 0}},
                "derivation": derivation(options),
            },
        )
        check_results(found.to_dict(), patients, options)


# ------------------------------------------------------------------------- cohorts of Hypothesis

CODES = ("CR", "PR", "SD", "PD", "NE", "NON-CR/NON-PD")


def derivation(options):
    """The section of cohort.yaml that says the same."""
    named = {name: options[name] for name in own.DEFAULTS if name not in ("every", "window")}
    if options["every"]:
        named["schedule"] = f"{options['every']} days"
        named["visit_window_days"] = options["window"]
    return named


@st.composite
def patients(draw):
    cutoff = draw(st.sampled_from([60, 105, 150, 170, 400, 800]))
    day = st.integers(1, 450)
    died = draw(st.none() | day)
    last = min(died if died is not None else 900, 900)
    # Visits come near the limits of the rules: 28 days apart, days 42, 105, 112, 161 and 168.
    near = st.sampled_from([28, 41, 42, 56, 57, 84, 85, 105, 112, 113, 161, 168, 196, 224]) | day
    days = draw(st.lists(near, unique=True, max_size=6))
    before = st.none() | st.integers(1, 450).filter(lambda each: each <= last)
    return {
        "visits": [(each, draw(st.sampled_from(CODES))) for each in sorted(days) if each <= last],
        "died": died,
        "new_therapy": draw(before) if last > 1 else None,
        "ended": draw(before) if last > 1 else None,
        "alive": [draw(st.integers(0, min(last, 450)))] if died is None else [],
        "cutoff": cutoff,
        "evaluable": True,
        "earlier_pfs": draw(st.none() | st.sampled_from([30, 100, 300])),
    }


@st.composite
def options(draw):
    pfs = draw(st.sampled_from(["standard", "fda", "treatment-policy"]))
    return own.DEFAULTS | {
        "confirmation": draw(st.booleans()),
        "maximum_sd_between": draw(st.sampled_from([0, 1])),
        "maximum_ne_between": draw(st.sampled_from([0, 1, 2])),
        "sd_minimum_days": draw(st.sampled_from([35, 42, 56])),
        "benefit_tolerance_days": draw(st.sampled_from([0, 7, 14])),
        "pfs": pfs,
        "every": 56 if pfs == "fda" else None,
    }


def frames(cohort):
    def text(day):
        return None if day is None else (START + datetime.timedelta(days=day)).isoformat()

    names = [f"P-{place:02}" for place in range(len(cohort))]
    people = pd.DataFrame({
        "patient_id": names,
        "treatment_start": [text(0)] * len(cohort),
        "death_date": [text(each["died"]) for each in cohort],
        "last_known_alive": [text(max(each["alive"], default=None)) for each in cohort],
        "new_therapy_start": [text(each["new_therapy"]) for each in cohort],
        "treatment_end": [text(each["ended"]) for each in cohort],
        "prior_pfs_days": [each["earlier_pfs"] for each in cohort],
    })  # fmt: skip
    scans = [
        {"patient_id": name, "date": text(day), "response": response}
        for name, each in zip(names, cohort, strict=True)
        for day, response in each["visits"]
    ]
    return people, pd.DataFrame(scans, columns=["patient_id", "date", "response"])


# Without any assessment there is no table of them, and best response is not known.
SEEN = {"visits": [(42, "SD")], "died": None, "new_therapy": None, "ended": None, "alive": [50],
        "evaluable": True, "earlier_pfs": 100}  # fmt: skip


@settings(max_examples=40)
@given(st.lists(patients(), min_size=1, max_size=9), options())
def test_any_cohort(cohort, chosen):
    cutoff = cohort[0]["cutoff"]
    cohort = [each | {"cutoff": cutoff} for each in (*cohort, SEEN)]
    people, scans = frames(cohort)
    found = dossier.evaluate(
        dossier.Cohort.from_frames(
            patients=people,
            assessments=scans,
            title="Made by Hypothesis",
            data_cutoff=(START + datetime.timedelta(days=cutoff)).isoformat(),
            derivation=derivation(chosen),
            estimation={"competing_risks": True},
        ),
        criteria=[],
    )
    for (_, row), patient in zip(found.patients.frame.iterrows(), cohort, strict=True):
        check_patient(row, patient, chosen)
    check_results(found.to_dict(), cohort, chosen)


def test_how_treatment_stands_agrees_with_the_time_on_treatment():
    """A patient who died, or went on to another therapy, is no longer on treatment."""
    people = pd.DataFrame({
        "patient_id": ["ended", "died", "replaced", "going", "later"],
        "treatment_start": ["2024-01-01"] * 5,
        "treatment_end": ["2024-03-01", None, None, None, "2025-02-01"],
        "end_of_treatment_reason": ["toxicity", "", "", "", "progression"],
        "death_date": [None, "2024-05-01", None, None, None],
        "new_therapy_start": [None, None, "2024-04-01", None, None],
        "last_known_alive": ["2024-12-01", None, "2024-12-01", "2024-12-01", "2025-02-01"],
    })  # fmt: skip
    cohort = dossier.Cohort.from_frames(patients=people, title="x", data_cutoff="2024-12-31")
    evaluation = dossier.evaluate(cohort, criteria=[])
    results = evaluation.to_dict()
    assert results["disposition"] == {
        "ongoing": 2,
        "died, end of treatment not recorded": 1,
        "new therapy, end of treatment not recorded": 1,
        "toxicity": 1,
    }
    assert results["exposure"]["ongoing"] == 2
    assert results["endpoints"]["time_on_treatment"]["censored"] == 2
    for path, who in (("ongoing", {"going", "later"}), ("toxicity", {"ended"}),
                      ("died, end of treatment not recorded", {"died"})):  # fmt: skip
        found = trace(evaluation, f"disposition.{path}")
        assert {each.patient for each in found.patients if each.counted} == who
