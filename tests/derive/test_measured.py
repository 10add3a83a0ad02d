"""The response at a visit from its measurements (RECIST 1.1), beside the one entered."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_measured import naive_measured
from patient_stories import cohort_of

from dossier.cohort.columns import NON_TARGET_RESPONSES, TARGET_RESPONSES, VISIT_RESPONSES
from dossier.cohort.model import Cohort
from dossier.derive.patients import derive
from dossier.derive.readings import readings_of
from dossier.derive.timeline import timeline_of
from dossier.derive.visits import NO_VISIT
from dossier.errors import InputError

NAMES = {
    "sum": "target_sum_mm",
    "target": "target_response",
    "other": "non_target_response",
    "new": "new_lesion",
}


def row_of(scan):
    told = {NAMES.get(key, key): value for key, value in scan.items() if value is not None}
    return {**told, "new_lesion": float(told.get("new_lesion", 0.0))}


def scans_of(*sums, every=56, **more):
    """Scans at baseline and every 8 weeks after it; a number is a sum, else a whole scan."""
    scans = []
    for place, each in enumerate(sums):
        scan = {"sum": each} if each is None or isinstance(each, int | float) else dict(each)
        scans.append({"day": every * place if place else -7, **more, **scan})
    return scans


def measured(scans, **options):
    cohort = cohort_of({"scans": [row_of(scan) for scan in scans]}, **options)
    cohort.given["assessments"] |= set(NAMES.values())
    visits = readings_of(cohort, timeline_of(cohort)).visits
    return [VISIT_RESPONSES[code] for code in visits.response[0] if code != NO_VISIT]


NEW, OTHER_PD = {"new": True}, {"other": "PD"}

# Sums in mm, the first at baseline: response at the visits after it.
TARGETS = {
    "30% below baseline": ([100, 70], ["PR"]),
    "a millimetre short of it": ([100, 71], ["SD"]),
    "20% and 5 mm above baseline": ([100, 120], ["PD"]),
    "a millimetre short of 20%": ([100, 119], ["SD"]),
    "20% above a small nadir, but not 5 mm": ([20, 24], ["SD"]),
    "20% and exactly 5 mm": ([25, 30], ["PD"]),
    "5 mm, but not 20%": ([50, 55], ["SD"]),
    "against the nadir, not baseline": ([100, 60, 72], ["PR", "PD"]),
    "the nadir is the smallest, not the last": ([100, 50, 55, 60], ["PR", "PR", "PD"]),
    "baseline is a nadir too": ([50, 55, 60], ["SD", "PD"]),
    "nothing left": ([40, 0], ["CR"]),
    "back after nothing was left": ([40, 0, 6], ["CR", "PD"]),
    "back, however small": ([40, 0, 3], ["CR", "PD"]),
    "confirmed PR stays PR": ([100, 70, 70, 80, 80], ["PR", "PR", "PR", "PR"]),
    "until progression": ([100, 70, 70, 80, 84], ["PR", "PR", "PR", "PD"]),
    "a PR not confirmed does not stay": ([100, 70, 80, 80], ["PR", "SD", "SD"]),
    "a sum that was not taken": ([100, None, 70], ["PR"]),
    "limits in decimals: 30%": ([20.1, 14.07], ["PR"]),
    "limits in decimals: 20%": ([30.3, 36.36], ["PD"]),
    "no baseline": ([None, 70, 60], ["NE", "NE"]),
    "no baseline, but growth all the same": ([None, 60, 72], ["NE", "PD"]),
    "nothing at baseline is no baseline": ([0, 12, 12], ["NE", "NE"]),
}


@pytest.mark.parametrize("case", TARGETS.values(), ids=TARGETS)
def test_target_lesions(case):
    sums, expected = case
    assert measured(scans_of(*sums)) == expected


# Scans with more than a sum: what was recorded at each, expected responses.
MORE = {
    "new lesion beside shrinkage": ([100, {"sum": 60, **NEW}], ["PD"]),
    "other lesions progress beside shrinkage": ([100, {"sum": 60, **OTHER_PD}], ["PD"]),
    "targets gone, others left": ([100, {"sum": 0, "other": "NON-CR/NON-PD"}], ["PR"]),
    "targets gone, others gone": ([100, {"sum": 0, "other": "CR"}], ["CR"]),
    "targets gone, others not evaluated": ([100, {"sum": 0, "other": "NE"}], ["PR"]),
    "targets gone, others blank here, recorded elsewhere": (
        [{"sum": 100, "other": "NON-CR/NON-PD"}, 0],
        ["PR"],
    ),
    "targets gone, never any others": ([100, 0], ["CR"]),
    "others not evaluated leave PR": ([100, {"sum": 60, "other": "NE"}], ["PR"]),
    "others gone leave SD": ([100, {"sum": 90, "other": "CR"}], ["SD"]),
    "a target not measured: NE, however small the sum": (
        [100, {"sum": 40, "target": "NE"}],
        ["NE"],
    ),
    "a target not measured, but what is there has grown": (
        [100, {"sum": 125, "target": "NE"}],
        ["PD"],
    ),
    "a target not measured, new lesion": ([100, {"target": "NE", **NEW}], ["PD"]),
    "a sum that is too small is no nadir": ([100, {"sum": 40, "target": "NE"}, 60], ["NE", "PR"]),
    "lymph nodes below 10 mm": ([100, {"sum": 16, "target": "CR"}], ["CR"]),
    "lymph nodes, others left": (
        [100, {"sum": 16, "target": "CR", "other": "NON-CR/NON-PD"}],
        ["PR"],
    ),
    "no sum, target response entered": ([100, {"target": "PR"}], ["PR"]),
    "no sum, nothing on the targets": ([100, {"other": "NON-CR/NON-PD"}], ["NE"]),
    "the sum goes before a target response of SD": ([100, {"sum": 60, "target": "SD"}], ["PR"]),
    "target progression entered": ([100, {"sum": 60, "target": "PD"}], ["PD"]),
    "no baseline, target response entered": ([None, {"sum": 60, "target": "PR"}], ["PR"]),
    "no target lesions": (
        [None, {"other": "NON-CR/NON-PD"}, {"other": "CR"}, {"other": "NE"}, {"other": "PD"}],
        ["NON-CR/NON-PD", "CR", "NE", "PD"],
    ),
    "after a new lesion it stays PD": ([100, {"sum": 60, **NEW}, 50], ["PD", "PD"]),
    "a visit without anything is none": ([100, None, {"sum": 60}], ["PR"]),
    "a new lesion at baseline is no progression": ([{"sum": 100, **NEW}, 90], ["SD"]),
}


@pytest.mark.parametrize("case", MORE.values(), ids=MORE)
def test_targets_others_and_new_lesions(case):
    scans, expected = case
    assert measured(scans_of(*scans)) == expected


OPTIONS = {
    "without confirmation a PR stays at once": (
        [100, 70, 80],
        {"confirmation": False},
        ["PR", "PR"],
    ),
    "confirmed only after the interval": (
        [100, 70, 70, 80],
        {"confirmation_days": 57},
        ["PR", "PR", "SD"],
    ),
    "one SD between allowed confirms here too": (
        [100, 70, 75, 70, 80],
        {"maximum_sd_between": 1},
        ["PR", "SD", "PR", "PR"],
    ),
    "no SD between allowed": ([100, 70, 75, 70, 80], {}, ["PR", "SD", "PR", "SD"]),
    "lymph nodes by a limit of the sum": (
        [100, 9],
        {"complete_response_sum_mm": 9},
        ["CR"],
    ),
    "lymph nodes grow back within 5 mm": (
        [100, 8, 12],
        {"complete_response_sum_mm": 9},
        ["CR", "PR"],
    ),
}


@pytest.mark.parametrize("case", OPTIONS.values(), ids=OPTIONS)
def test_options(case):
    sums, options, expected = case
    assert measured(scans_of(*sums), **options) == expected


def test_measurable_disease_without_a_sum_is_not_evaluable():
    scans = [{"day": 57, "other": "NON-CR/NON-PD"}]
    story = {"scans": [row_of(scan) for scan in scans]}
    frame = derive(
        cohort_of(story | {"measurable_disease": 1.0}, story | {"measurable_disease": 0.0})
    ).frame
    assert frame["best_response"].tolist() == ["NE", "NON-CR/NON-PD"]


def test_the_last_sum_before_treatment_is_the_baseline():
    scans = [{"day": -30, "sum": 200}, {"day": -3, "sum": 100}, {"day": 57, "sum": 80}]
    assert measured(scans) == ["SD"]
    scans = [{"day": -30, "sum": 50}, {"day": 0, "sum": 100}, {"day": 57, "sum": 70}]
    assert measured(scans) == ["PR"]


def test_two_rows_of_one_day_are_one_scan():
    scans = [{"day": -7, "sum": 100}, {"day": 57, "sum": 60}, {"day": 57, "sum": 90}]
    assert measured(scans) == ["SD"]


def test_other_assessors_measure_for_themselves():
    scans = [
        {"day": -7, "sum": 100, "assessor": "investigator"},
        {"day": -7, "sum": 50, "assessor": "central"},
        {"day": 57, "sum": 60, "assessor": "investigator"},
        {"day": 57, "sum": 48, "assessor": "central"},
    ]
    assert measured(scans) == ["PR"]
    assert measured(scans, assessor="central") == ["SD"]


def test_a_blank_response_follows_from_the_measurements_and_says_so():
    patients = derive(
        cohort_of(
            {
                "scans": [
                    row_of({"day": -7, "sum": 100}),
                    row_of({"day": 57, "response": "SD", "sum": 90}),
                    row_of({"day": 113, "sum": 60}),
                    row_of({"day": 169, "sum": 60}),
                    row_of({"day": 225, "sum": 60, "new": True}),
                ]
            }
        )
    )
    row = patients.frame.iloc[0]
    assert (row["best_response"], row["best_response_day"]) == ("PR", 113)
    assert (row["best_response_row"], row["best_response_column"]) == (4, "target_sum_mm")
    assert (row["pfs_days"], row["pfs_event"]) == (225, 1)
    assert (row["pfs_row"], row["pfs_column"]) == (6, "new_lesion")
    assert "VISIT-MEASURED" in patients.rules
    assert {"responses-from-measurements", "non-target-not-recorded"} <= set(patients.notes)
    assert "new-lesions-not-recorded" not in patients.notes
    assert patients.queries == ()


DISCORDANT = [
    {"day": -7, "sum": 100},
    {"day": 57, "response": "PR", "sum": 80},
    {"day": 113, "response": "PR", "sum": 78},
]


def test_the_entered_response_counts_and_the_difference_is_asked_about():
    patients = derive(cohort_of({"scans": [row_of(scan) for scan in DISCORDANT]}))
    assert patients.frame["best_response"].tolist() == ["PR"]
    first, second = patients.queries
    assert (first.rule, first.severity) == ("response-differs-from-measured", "warning")
    assert (first.row, second.row) == (3, 4)
    assert (first.patient, first.column, first.value) == ("P001", "response", "PR")
    assert first.message == (
        "the response is entered as PR, the measurements give SD "
        "(sum 80 mm, 100 mm at baseline, 100 mm at its smallest before)"
    )
    assert first.consequence == "the response as entered is used (derivation.response_source)"
    assert "responses-from-measurements" not in patients.notes
    assert "VISIT-MEASURED" not in patients.rules


def test_the_measured_response_counts_where_the_settings_say_so():
    patients = derive(
        cohort_of({"scans": [row_of(scan) for scan in DISCORDANT]}, response_source="measured")
    )
    assert patients.frame["best_response"].tolist() == ["SD"]
    assert [query.consequence for query in patients.queries] == [
        "the response as measured is used (derivation.response_source)"
    ] * 2


def test_where_measurements_do_not_tell_the_entered_response_counts():
    scans = [
        {"day": -7, "sum": 100},
        {"day": 57, "response": "PR"},
        {"day": 113, "response": "PR", "other": "NON-CR/NON-PD"},
        {"day": 169, "response": "SD", "target": "NE"},
    ]
    story = {"scans": [row_of(scan) for scan in scans]}
    patients = derive(cohort_of(story, response_source="measured"))
    visits = [(query.row, query.message) for query in patients.queries]
    assert patients.frame["best_response"].tolist() == ["PR"]
    assert [row for row, _ in visits] == [5]
    assert "give NE (response of the target lesions)" in visits[0][1]


def test_after_progression_nothing_is_compared():
    scans = [
        {"day": -7, "sum": 100},
        {"day": 57, "response": "PD", "sum": 90},
        {"day": 113, "response": "PD", "sum": 90},
    ]
    queries = derive(cohort_of({"scans": [row_of(scan) for scan in scans]})).queries
    assert [query.row for query in queries] == [3]


def test_a_new_lesion_alone_is_left_to_the_check_of_the_files():
    scans = [{"day": -7, "sum": 100}, {"day": 57, "response": "SD", "sum": 100, "new": True}]
    assert derive(cohort_of({"scans": [row_of(scan) for scan in scans]})).queries == ()


def test_what_comes_after_cutoff_or_death_is_not_compared():
    scans = [{"day": -7, "sum": 100}, {"day": 57, "response": "PR", "sum": 90}]
    story = {"scans": [row_of(scan) for scan in scans]}
    assert len(derive(cohort_of(story)).queries) == 1
    assert derive(cohort_of(story, cutoff=56)).queries == ()
    assert derive(cohort_of(story | {"died": 50})).queries == ()


def test_measured_progression_among_irecist_responses_is_unconfirmed():
    scans = [
        {"day": -7, "sum": 100},
        {"day": 57, "sum": 130},
        {"day": 85, "sum": 60},
        {"day": 113, "sum": 60},
    ]
    story = {"scans": [row_of(scan) for scan in scans]}
    recist = derive(cohort_of(story)).frame.iloc[0]
    irecist = derive(cohort_of(story, response_criteria="irecist")).frame.iloc[0]
    assert (recist["best_response"], recist["pfs_days"]) == ("PD", 57)
    assert (irecist["best_response"], irecist["best_response_day"]) == ("PR", 85)
    assert (irecist["pfs_days"], irecist["pfs_event"]) == (113, 0)


def read(assessments, **metadata):
    patients = cohort_of({}).patients[["patient_id", "treatment_start"]]
    return Cohort.from_frames(patients=patients, assessments=assessments, **metadata)


def test_a_table_may_leave_the_response_blank_where_measurements_stand():
    made = cohort_of({"scans": [{"day": day} for day in (-7, 57, 113)]})
    table = made.assessments[["patient_id", "date"]].assign(
        response=["", "", "SD"], target_sum_mm=[100, 60, np.nan]
    )
    assert derive(read(table)).frame["best_response_unconfirmed"].tolist() == ["PR"]
    assert derive(read(table.drop(columns="response"))).frame["best_response"].tolist() == ["SD"]


@pytest.mark.parametrize("new_lesion", [np.nan, 0.0])
def test_a_blank_response_without_measurements_stays_a_problem(new_lesion):
    made = cohort_of({"scans": [{"day": day} for day in (-7, 57)]})
    table = made.assessments[["patient_id", "date"]].assign(
        response="", target_sum_mm=[100, np.nan], new_lesion=[np.nan, new_lesion]
    )
    with pytest.raises(InputError, match="'response' is missing"):
        read(table)


def test_a_table_without_responses_and_measurements_is_refused():
    made = cohort_of({"scans": [{"day": 57}]})
    with pytest.raises(InputError, match="no column 'response'"):
        read(made.assessments[["patient_id", "date"]].assign(new_lesion=1))


def test_codes_of_target_and_other_lesions_are_read():
    made = cohort_of({"scans": [{"day": day} for day in (-7, 57)]})
    table = made.assessments[["patient_id", "date"]].assign(
        response="", TRGRESP=["", "iPR"], NTRGRESP=["", "NON-iCR/NON-iUPD"]
    )
    cohort = read(table)
    assert cohort.assessments["target_response"].tolist() == ["", "PR"]
    assert cohort.assessments["non_target_response"].tolist() == ["", "NON-CR/NON-PD"]
    assert derive(cohort).frame["best_response_unconfirmed"].tolist() == ["PR"]


sizes = (0, 0, 5, 10, 14, 15, 20, 24, 25, 30, 36, 50, 60, 70, 100)
scan = st.fixed_dictionaries(
    {
        "day": st.integers(-3, 20).map(lambda week: 14 * week),
        "sum": st.none() | st.sampled_from(sizes),
        "target": st.sampled_from([None] * 8 + list(TARGET_RESPONSES)),
        "other": st.sampled_from([None] * 8 + list(NON_TARGET_RESPONSES)),
        "new": st.sampled_from([False] * 12 + [True]),
    }
)
chosen = st.fixed_dictionaries(
    {
        "complete_response_sum_mm": st.sampled_from([0, 0, 10]),
        "confirmation": st.booleans(),
        "maximum_ne_between": st.integers(0, 1),
        "maximum_sd_between": st.integers(0, 1),
    }
)


@settings(max_examples=1500)
@given(st.lists(st.lists(scan, max_size=8), min_size=1, max_size=3), chosen)
def test_agrees_with_a_naive_implementation(patients, options):
    stories = [{"scans": [row_of(each) for each in scans]} for scans in patients]
    cohort = cohort_of(*stories, {"scans": [row_of({"day": 57, "sum": 1})]}, **options)
    visits = readings_of(cohort, timeline_of(cohort)).visits
    for place, scans in enumerate(patients):
        found = [
            (int(day), VISIT_RESPONSES[code])
            for day, code in zip(visits.day[place], visits.response[place], strict=True)
            if code != NO_VISIT
        ]
        assert found == naive_measured(
            scans,
            complete=options["complete_response_sum_mm"],
            confirmation=options["confirmation"],
            ne_between=options["maximum_ne_between"],
            sd_between=options["maximum_sd_between"],
        )


@settings(max_examples=300)
@given(st.lists(scan, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(scans, random):
    shuffled = list(scans)
    random.shuffle(shuffled)
    assert measured(scans) == measured(shuffled)
