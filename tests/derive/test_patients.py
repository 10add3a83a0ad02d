"""The derive stage as a whole: its frame, its rules, and what must hold for any cohort."""

import string

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_times import naive_benefit, naive_dor, naive_os, naive_pfs, naive_response
from patient_stories import cohort_of

from dossier.cohort.columns import RESPONSES
from dossier.cohort.model import Cohort
from dossier.cohort.settings import Derivation
from dossier.derive.model import BENEFIT_STATES, Patients
from dossier.derive.patients import derive
from dossier.derive.registry import RULES

CUTOFF = 400

day = st.none() | st.integers(0, 500)
scans = st.lists(
    st.tuples(
        st.integers(-14, 450) | st.integers(1, 7).map(lambda cycle: 56 * cycle),
        st.sampled_from(RESPONSES),
    ),
    max_size=8,
)
stories = st.fixed_dictionaries(
    {
        "visits": scans,
        "started": st.sampled_from([0, 0, 0, 0, 0, None, 30]),
        "stopped": day,
        "new_therapy": day,
        "clinical_progression": day,
        "died": day,
        "alive": day,
        "death_cause": st.sampled_from(["", "", "", "cancer"]),
        "evaluable": st.sampled_from([1.0, 0.0, float("nan")]),
    }
)
cohorts = st.lists(stories, min_size=1, max_size=6)
options = st.fixed_dictionaries(
    {
        "confirmation": st.booleans(),
        "maximum_sd_between": st.integers(0, 1),
        "worse_after_cr": st.sampled_from(["progression", "partial-response"]),
        "clinical_progression": st.sampled_from(["event", "ignore"]),
    }
)

PHASES = {
    "8 weeks": [(None, 56)],
    "6 weeks, later 12": [(84, 42), (None, 84)],
}
SCHEDULES = {
    "8 weeks": "8 weeks",
    "6 weeks, later 12": [{"until": "12 weeks", "every": "6 weeks"}, {"every": "12 weeks"}],
}
rule_sets = st.fixed_dictionaries(
    {
        "pfs": st.sampled_from(["standard", "fda", "treatment-policy"]),
        "schedule": st.sampled_from(list(PHASES)),
        "visit_window_days": st.sampled_from([0, 7]),
        "missed_assessments": st.integers(1, 2),
        "not_evaluable_is_missed": st.booleans(),
    }
)

DAYS = ["best_response_day", "time_to_response_days", "pfs_days", "os_days", "dor_days"]
ROWS = ["best_response_row", "best_response_confirming_row", "pfs_row", "os_row", "dor_row",
        "benefit_16w_row", "benefit_24w_row", "durability_24w_row", "decision_16w_row",
        "time_to_next_treatment_row", "time_on_treatment_row", "continued_16w_row",
        "pfs_treatment_policy_row", "pfs_standard_row", "pfs_fda_row",
        "pfs_ratio_row", "row"]  # fmt: skip
# Rules of something that happened to some patients only.
NOT_OF_ALL = ("dor_rule", "death_rule", "beyond_progression_rule")
OTHER_RULE_SETS = ("pfs_standard", "pfs_fda", "pfs_treatment_policy")
ENDPOINTS = ("pfs", "os", "dor", "time_on_treatment", "time_to_next_treatment")


@pytest.fixture(scope="module")
def example() -> Patients:
    return derive(
        cohort_of(
            {"visits": "PR(57) PR(113) PD(169)", "died": 300, "prior_pfs_days": 100.0},
            {"visits": "SD(57) SD(108)", "alive": 390, "stopped": 200},
            {"visits": "NON-CR/NON-PD(57)", "new_therapy": 80},
            {"visits": "", "died": 20},
            {"started": None},
        )
    )


def test_the_frame_has_the_columns_its_docstring_declares(example):
    declared = Patients.__doc__
    for column in example.frame:
        generic = column
        for endpoint in ("benefit_16w", "benefit_24w", *OTHER_RULE_SETS, *ENDPOINTS):
            if column.startswith(f"{endpoint}_") and not column.startswith("pfs_ratio"):
                generic = column.replace(endpoint, "<e>", 1)
                break
        assert f"``{generic}``" in declared, column
    assert example.frame.index.equals(pd.RangeIndex(5))
    assert set(example.frame["benefit_16w"]) <= {*BENEFIT_STATES, ""}
    for column in ("treated", "response_evaluable", "responder", "exceptional_responder"):
        assert example.frame[column].dtype == bool
    events = (f"{endpoint}_event" for endpoint in ENDPOINTS)
    rows = (column for column in ROWS[:-1] if column in example.frame or column == "pfs_row")
    for column in (*DAYS, *rows, *events):
        assert example.frame[column].dtype == np.float64, column


def test_every_value_of_a_treated_patient_has_its_rule(example):
    treated = example.frame[example.frame["treated"]]
    for column in treated.columns[treated.columns.str.endswith("_rule")]:
        applied = set(treated[column]) - ({""} if column in NOT_OF_ALL else set())
        assert applied <= set(example.rules), column
        assert set(example.rules) <= set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rules_are_whole_sentences_in_both_languages(rule):
    placeholders = []
    for language in ("en", "nl"):
        text = rule.text[language]
        assert text[0].isupper()
        assert text.endswith(".")
        assert "  " not in text
        placeholders.append({name for _, name, _, _ in string.Formatter().parse(text) if name})
    assert placeholders[0] == placeholders[1]
    assert placeholders[0] <= set(Derivation.model_fields)
    assert rule.source


def test_the_methods_name_the_rules_of_the_options_chosen():
    cohort = {"visits": "CR(57)"}
    strict = derive(cohort_of(cohort)).rules
    other = derive(
        cohort_of(cohort, confirmation=False, worse_after_cr="partial-response",
                  clinical_progression="event")
    ).rules  # fmt: skip
    assert set(strict) - set(other) == {"BOR-CR", "BOR-PR", "BOR-RELAPSE-PROGRESSION"}
    assert set(other) - set(strict) == {
        "BOR-CR-UNCONFIRMED",
        "BOR-PR-UNCONFIRMED",
        "BOR-RELAPSE-PARTIAL",
        "PFS-CLINICAL-PROGRESSION",
        "DOR-CLINICAL-PROGRESSION",
    }


@settings(max_examples=400)
@given(
    st.lists(stories, min_size=4, max_size=12), options, rule_sets, st.sampled_from([90, 150, 400])
)
def test_agrees_with_a_naive_implementation(told, chosen, rule_set, cutoff):
    told = [story | {"started": 0} for story in told]
    settings = chosen | rule_set | {"schedule": SCHEDULES[rule_set["schedule"]]}
    frame = derive(cohort_of(*told, {"visits": "SD(1)"}, cutoff=cutoff, **settings)).frame
    chosen |= rule_set | {"phases": PHASES[rule_set["schedule"]]}
    for story, row in zip(told, frame.to_dict("records"), strict=False):
        response, day = naive_response(story, cutoff, chosen)
        expected = {
            "best_response": (response, day),
            "pfs": naive_pfs(story, cutoff, chosen),
            "os": naive_os(story, cutoff),
            "dor": naive_dor(story, cutoff, chosen),
            "benefit": tuple(naive_benefit(story, cutoff, weeks, chosen) for weeks in (16, 24)),
        }
        found = {
            "best_response": (row["best_response"], row["best_response_day"]),
            **{name: (row[f"{name}_days"], row[f"{name}_event"]) for name in ("pfs", "os", "dor")},
            "benefit": (row["benefit_16w"], row["benefit_24w"]),
        }
        for name, pair in found.items():
            assert tuple(None if value != value else value for value in pair) == expected[name], (
                name
            )


@settings(max_examples=300)
@given(cohorts, options, st.sampled_from(["standard", "fda", "treatment-policy"]))
def test_times_are_possible(told, chosen, pfs):
    frame = derive(cohort_of(*told, pfs=pfs, schedule="8 weeks", **chosen)).frame
    start = np.array([story["started"] or 0 for story in told])
    for column in DAYS:
        known = frame[column].notna()
        assert (frame.loc[known, column] >= 0).all(), column
        assert (frame.loc[known, column] <= CUTOFF - start[known]).all(), column
    both = frame["pfs_days"].notna() & frame["os_days"].notna()
    assert (frame["pfs_days"] <= frame["os_days"])[both].all()
    both = frame["pfs_days"].notna() & frame["dor_days"].notna()
    assert (frame["dor_days"] <= frame["pfs_days"])[both].all()
    for endpoint in ("pfs", "os", "dor"):
        known = frame[f"{endpoint}_days"].notna()
        assert (known == frame[f"{endpoint}_event"].notna()).all()
        members = frame["responder"] if endpoint == "dor" else frame["treated"]
        assert ((frame[f"{endpoint}_rule"] != "") == members).all()
        assert ((frame[f"{endpoint}_reason"] != "") == members).all()
    assert not (frame["response_evaluable"] & ~frame["treated"]).any()
    assert (frame["benefit_16w"].isin(BENEFIT_STATES) == frame["treated"]).all()
    assert (frame.loc[frame["responder"], "benefit_16w"] == "benefit").all()
    later = frame["benefit_24w"] == "benefit"
    assert (frame.loc[later, "benefit_16w"] == "benefit").all()


@settings(max_examples=100)
@given(
    cohorts.flatmap(lambda told: st.tuples(st.just(told), st.permutations(range(len(told))))),
    options,
)
def test_the_order_of_patients_does_not_matter(pair, chosen):
    told, order = pair
    here = derive(cohort_of(*told, **chosen)).frame.iloc[order].reset_index(drop=True)
    there = derive(cohort_of(*(told[place] for place in order), **chosen)).frame
    dropped = [name for name in here if name in (*ROWS, "patient_id")]
    pd.testing.assert_frame_equal(here.drop(columns=dropped), there.drop(columns=dropped))


@settings(max_examples=100)
@given(cohorts, options, st.randoms(use_true_random=False))
def test_the_order_of_visits_does_not_matter(told, chosen, random):
    cohort = cohort_of(*told, **chosen)
    before = derive(cohort).frame
    order = list(range(len(cohort.assessments)))
    random.shuffle(order)
    shuffled = cohort.assessments.iloc[order].reset_index(drop=True)
    object.__setattr__(cohort, "assessments", shuffled)
    pd.testing.assert_frame_equal(before, derive(cohort).frame)


@settings(max_examples=50)
@given(cohorts, options)
def test_the_names_of_patients_do_not_matter(told, chosen):
    before = derive(cohort_of(*told, **chosen)).frame
    renamed = [story | {"patient_id": f"Z{9 - place}"} for place, story in enumerate(told)]
    after = derive(cohort_of(*renamed, **chosen)).frame
    pd.testing.assert_frame_equal(
        before.drop(columns="patient_id"), after.drop(columns="patient_id")
    )


@settings(max_examples=50)
@given(cohorts, options)
def test_one_more_responder_is_one_more_response(told, chosen):
    before = derive(cohort_of(*told, **chosen)).frame
    after = derive(cohort_of(*told, {"visits": "PR(57) PR(113)"}, **chosen)).frame
    assert after["responder"].sum() == before["responder"].sum() + 1
    if any(story["visits"] for story in told):
        pd.testing.assert_series_equal(after["pfs_days"].iloc[:-1], before["pfs_days"])


@settings(max_examples=100)
@given(cohorts, options)
def test_what_comes_after_the_cutoff_is_not_used(told, chosen):
    """But for survival: there a later record proves that the patient lived on the cut-off."""

    def cut(value):
        return None if value is None or value > CUTOFF else value

    known = [
        story
        | {"visits": [visit for visit in story["visits"] if visit[0] <= CUTOFF]}
        | {key: cut(story[key]) for key in ("stopped", "new_therapy", "clinical_progression")}
        for story in told
    ]
    anchor = {"visits": "SD(57)"}
    all_of_it = derive(cohort_of(anchor, *told, **chosen)).frame
    up_to_cutoff = derive(cohort_of(anchor, *known, **chosen)).frame
    unrelated = [
        column
        for column in all_of_it
        if not column.startswith(
            ("os_", "follow_up", "row", "time_on", "time_to_next", "continued", "at_risk", "beyond")
        )
        and column not in ROWS
    ]
    pd.testing.assert_frame_equal(all_of_it[unrelated], up_to_cutoff[unrelated])


@settings(max_examples=200)
@given(cohorts, options)
def test_no_rule_set_finds_more_events_than_treatment_policy(told, chosen):
    """Censoring rules only take events away, and never lengthen a time."""
    policy, standard, fda = (
        derive(cohort_of(*told, {"visits": "SD(1)"}, pfs=pfs, schedule="8 weeks", **chosen)).frame
        for pfs in ("treatment-policy", "standard", "fda")
    )
    for freer, stricter in ((policy, standard), (standard, fda)):
        known = freer["pfs_days"].notna() & stricter["pfs_days"].notna()
        if chosen["clinical_progression"] == "event" and stricter is fda:
            known &= freer["pfs_reason"] != "clinical progression"
        assert (stricter["pfs_event"] <= freer["pfs_event"])[known].all()
        assert (stricter["pfs_days"] <= freer["pfs_days"])[known].all()


@settings(max_examples=100)
@given(cohorts)
def test_a_later_cutoff_never_takes_a_confirmed_response_away(told):
    early = derive(cohort_of(*told, cutoff=200)).frame
    late = derive(cohort_of(*told, cutoff=400)).frame
    assert (late["responder"] >= early["responder"]).all()
    assert (late.loc[early["benefit_16w"] == "benefit", "benefit_16w"] == "benefit").all()


def test_a_cohort_made_from_data_frames_gives_the_same():
    made = cohort_of(
        {"visits": "PR(57) PR(113) PD(169)", "died": 300},
        {"visits": "SD(57) NE(108)", "alive": 390},
        {"visits": "", "new_therapy": 80},
        {"started": None},
        cutoff=CUTOFF,
    )
    given_columns = [name for name in made.patients if made.has("patients", name)]
    read = Cohort.from_frames(
        patients=made.patients[given_columns],
        assessments=made.assessments[["patient_id", "date", "response"]],
        title="The same patients",
        data_cutoff=made.data_cutoff,
    )
    pd.testing.assert_frame_equal(derive(made).frame, derive(read).frame)
