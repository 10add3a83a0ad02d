"""From patients to the cohort's numbers: denominators, reasons, and what is never estimated."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import dossier

DAY_0 = "2023-01-02"


def day(number: int) -> str:
    return (pd.Timestamp(DAY_0) + pd.Timedelta(days=number)).date().isoformat()


def visits(**by_patient: list[tuple[int, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"patient_id": patient, "date": day(when), "response": response}
            for patient, sequence in by_patient.items()
            for when, response in sequence
        ]
    )


def patients(*identifiers: str, **columns: list) -> pd.DataFrame:
    frame = pd.DataFrame({"patient_id": identifiers, "treatment_start": DAY_0})
    return frame.assign(**columns)


def endpoints(**frames) -> dict:
    cutoff = frames.pop("data_cutoff", "2025-01-01")
    settings = frames.pop("settings", None)
    cohort = dossier.Cohort.from_frames(title="Test", data_cutoff=cutoff, **frames)
    return dossier.evaluate(cohort, criteria=[], settings=settings).to_dict()


class TestRates:
    def test_a_patient_without_any_assessment_counts_as_no_response(self):
        result = endpoints(
            patients=patients("a", "b"), assessments=visits(a=[(57, "PR"), (113, "PR")])
        )
        assert result["endpoints"]["orr"]["events"] == 1
        assert result["endpoints"]["orr"]["n"] == 2
        assert result["endpoints"]["best_response"]["counts"]["NE"] == 1

    def test_rates_are_printed_for_both_populations_where_they_differ(self):
        result = endpoints(
            patients=patients("a", "b", evaluable=["yes", "no"]),
            assessments=visits(a=[(57, "PR"), (113, "PR")], b=[(57, "PD")]),
        )["endpoints"]
        assert (result["orr"]["events"], result["orr"]["n"]) == (1, 1)
        assert (result["orr_treated"]["events"], result["orr_treated"]["n"]) == (1, 2)

    def test_one_population_where_they_agree(self):
        result = endpoints(patients=patients("a"), assessments=visits(a=[(57, "PD")]))
        assert not [name for name in result["endpoints"] if name.endswith("_treated")]

    def test_too_early_is_left_out_of_the_denominator_and_counted(self):
        result = endpoints(
            patients=patients("a", "b", last_known_alive=[day(90), day(90)]),
            assessments=visits(a=[(57, "SD")], b=[(57, "PD")]),
            data_cutoff=day(90),
        )["endpoints"]
        assert (result["cbr_16w"]["n"], result["cbr_16w"]["too_early"]) == (1, 1)

    def test_limits_follow_the_method_asked_for(self):
        frames = {
            "patients": patients("a", "b", "c"),
            "assessments": visits(a=[(57, "PR"), (113, "PR")]),
        }
        exact = endpoints(**frames)["endpoints"]["orr"]
        wilson = endpoints(**frames, settings={"estimation": {"proportion_ci": "wilson"}})
        assert wilson["endpoints"]["orr"]["method"] == "wilson"
        assert wilson["endpoints"]["orr"]["ci_upper"] < exact["ci_upper"]


class TestUnknownIsNotNo:
    def test_survival_known_for_too_few_patients_is_not_estimated(self):
        result = endpoints(
            patients=pd.DataFrame(
                {
                    "patient_id": list("abcd"),
                    "best_response": ["PR", "SD", "PD", "NE"],
                    "os_days": [300, 200, 100, 50],
                    "os_event": ["yes", "", "", ""],
                }
            )
        )["endpoints"]["os"]
        assert result["median"]["days"] is None
        assert result["median"]["reason"] == "not known for 3 of 4 patients"
        assert all(mark["estimate"] is None for mark in result["landmarks"])

    def test_a_few_unknown_are_left_out_and_counted(self):
        result = endpoints(
            patients=pd.DataFrame(
                {
                    "patient_id": list("abcdef"),
                    "best_response": "PD",
                    "os_days": [300, 200, 100, 50, 40, 30],
                    "os_event": ["yes"] * 5 + [""],
                }
            )
        )["endpoints"]["os"]
        assert (result["n"], result["unknown"]) == (5, 1)
        assert result["median"]["days"] == 100

    def test_without_any_response_data_the_response_rate_is_not_zero(self):
        result = endpoints(
            patients=pd.DataFrame({"patient_id": ["a", "b"], "pfs_days": [90, 80], "pfs_event": 1})
        )["endpoints"]["orr"]
        assert result["estimate"] is None
        assert "2 of 2" in result["reason"]

    def test_no_responders_is_a_reason_not_a_number(self):
        dor = endpoints(patients=patients("a"), assessments=visits(a=[(57, "PD")]))["endpoints"]
        assert dor["dor"]["median"]["reason"] == "no responders"
        assert dor["time_to_response"]["median"]["reason"] == "no responders"


class TestTimes:
    def test_months_and_days_agree(self):
        median = endpoints(
            patients=patients("a", "b", "c"),
            assessments=visits(a=[(50, "PD")], b=[(100, "PD")], c=[(150, "PD")]),
        )["endpoints"]["pfs"]["median"]
        assert median["days"] == 100
        assert median["months"] == pytest.approx(100 / 30.4375, abs=0)

    def test_a_landmark_in_days_keeps_its_days(self):
        mark = endpoints(
            patients=patients("a", "b"),
            assessments=visits(a=[(50, "PD")], b=[(200, "PD")]),
            settings={"estimation": {"landmarks": ["168 days", "6 months"]}},
        )["endpoints"]["pfs"]["landmarks"]
        assert [m["days"] for m in mark] == [168, 182.625]
        assert [m["estimate"] for m in mark] == [0.5, 0.5]
        assert mark[1]["months"] == 6

    def test_nothing_is_estimated_beyond_the_last_observed_time(self):
        mark = endpoints(
            patients=patients("a", "b"), assessments=visits(a=[(50, "PD")], b=[(100, "SD")])
        )["endpoints"]["pfs"]["landmarks"][0]
        assert mark["estimate"] is None
        assert mark["reason"] == "beyond follow-up"

    def test_events_and_censorings_are_counted_by_reason(self):
        pfs = endpoints(
            patients=patients("a", "b", "c", death_date=["", day(80), ""]),
            assessments=visits(a=[(50, "PD")], b=[(50, "SD")], c=[(60, "SD")]),
        )["endpoints"]["pfs"]
        assert sum(pfs["event_types"].values()) == pfs["events"] == 2
        assert sum(pfs["censoring_reasons"].values()) == pfs["censored"] == 1


class TestSafety:
    EVENTS = pd.DataFrame(
        [
            ("a", "Nausea", 2, "Gut", "no", "yes"),
            ("a", "Nausea", 3, "Gut", "no", "yes"),
            ("a", "Diarrhoea", 1, "Gut", "no", "no"),
            ("b", "Rash", None, "Skin", "yes", "no"),
        ],
        columns=["patient_id", "term", "grade", "soc", "serious", "related"],
    )

    def test_patients_are_counted_at_their_worst_grade(self):
        safety = endpoints(
            patients=patients("a", "b", "c"),
            assessments=visits(a=[(57, "SD")]),
            adverse_events=self.EVENTS,
        )["safety"]
        overview = safety["overview"]
        assert {name: (o["events"], o["n"]) for name, o in overview.items()} == {
            "any": (2, 3),
            "grade_3_or_higher": (1, 3),
            "grade_3_4": (1, 3),
            "grade_5": (0, 3),
            "serious": (1, 3),
            "related": (1, 3),
            "related_grade_3_or_higher": (1, 3),
        }
        rows = {(row["soc"], row["term"]): row for row in safety["terms"]}
        assert rows["Gut", ""]["any"] == 1
        assert rows["Gut", "Nausea"]["grades"] == {"1": 0, "2": 0, "3": 1, "4": 0, "5": 0}
        assert rows["Skin", "Rash"]["unknown"] == 1

    def test_events_before_treatment_are_not_of_the_treatment(self):
        safety = endpoints(
            patients=patients("a"),
            assessments=visits(a=[(57, "SD")]),
            adverse_events=pd.DataFrame(
                {"patient_id": ["a"], "term": ["Pain"], "grade": [2], "start": [day(-3)]}
            ),
        )["safety"]
        assert safety["events"] == 0

    def test_no_table_is_not_no_events(self):
        safety = endpoints(patients=patients("a"), assessments=visits(a=[(57, "SD")]))["safety"]
        assert safety["given"] is False
        assert safety["reason"]


def test_baseline_always_counts_what_is_missing():
    result = endpoints(
        patients=patients("a", "b", "c", age=[60, None, 70], ecog=[1, 0, None], sex=["F", "M", ""]),
        assessments=visits(a=[(57, "SD")]),
    )["baseline"]
    by_name = {item["name"]: item for item in result}
    assert (by_name["age"]["median"], by_name["age"]["missing"]) == (65, 1)
    assert (by_name["ecog"]["counts"], by_name["ecog"]["missing"]) == ({"0": 1, "1": 1}, 1)
    assert by_name["sex"]["missing"] == 1


def test_every_null_stands_beside_a_reason():
    frames = [
        {"patients": patients("a"), "assessments": visits(a=[(57, "PD")])},
        {"patients": patients("a", "b"), "assessments": visits(a=[(57, "CR"), (99, "CR")])},
        {"patients": pd.DataFrame({"patient_id": ["a"], "treatment_start": [""]})},
    ]

    def look(value, path):
        if isinstance(value, dict):
            if any(inner is None for inner in value.values()):
                assert "reason" in value, path
            for key, inner in value.items():
                look(inner, f"{path}.{key}")
        elif isinstance(value, list):
            for position, inner in enumerate(value):
                assert inner is not None, path
                look(inner, f"{path}.{position}")
        elif isinstance(value, float):
            assert math.isfinite(value), path

    for given in frames:
        look(endpoints(**given), "")


@pytest.mark.parametrize(("blank", "estimate"), [(1, 2 / 5), (2, None)])
def test_a_blank_best_response_is_no_response_until_too_many_are_blank(blank, estimate):
    given = ["CR", "PR", "SD", "PD", "PD"]
    given[-blank:] = [""] * blank
    found = endpoints(patients=patients(*"abcde", best_response=given))["endpoints"]["orr"]
    assert found["estimate"] == estimate
    assert found.get("reason") == (None if estimate else "not known for 2 of 5 patients")
