"""A cohort's results as evidence: what is taken, and what is not concluded from it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from dossier.appraise import wording
from dossier.appraise.cohort_evidence import evidence_from_results
from dossier.appraise.grammar import parse_rule
from dossier.appraise.judge import appraise
from dossier.cohort.settings import Settings
from dossier.errors import InputError
from dossier.estimate.arm_comparison import ArmComparison, Difference, LandmarkDifference
from dossier.estimate.comparison import Comparison
from dossier.estimate.declared_design import StageCount
from dossier.estimate.kaplan_meier import kaplan_meier, quantile
from dossier.estimate.model import (
    AdverseEventRow,
    Landmark,
    Median,
    Proportion,
    Response,
    Results,
    Safety,
    Simple,
    TimeToEvent,
)
from dossier.estimate.proportions import proportion_limits

NO_EVENTS_TABLE = Safety(False, 25, 0, reason="no adverse event table was given")


def proportion(events, n):
    lower, upper = proportion_limits(events, n)
    return Proportion(n, events, events / n, lower, upper, "clopper-pearson", 0.95)


def times(days, events, landmarks=()):
    curve = kaplan_meier(days, events)
    found = quantile(curve)
    median = Median(*found, reached=found.estimate is not None, reason=None)
    return TimeToEvent(
        len(days), sum(events), len(days) - sum(events), median, landmarks, "log-log", 0.95,
        curve=curve,
    )  # fmt: skip


def nothing(reason):
    median = Median(None, None, None, reached=False, reason=reason)
    return TimeToEvent(0, 0, 0, median, (), "log-log", 0.95, reason=reason)


def results(*, orr=(4, 25), benefit=(9, 24), safety=NO_EVENTS_TABLE, **endpoints):
    found = {
        "pfs": nothing("no patients"),
        "os": nothing("not known for 21 of 25 patients"),
        "dor": nothing("no responders"),
        "follow_up": nothing("no patients"),
    } | endpoints
    shares = {"orr": orr, "cbr_16w": benefit, "cbr_24w": benefit}
    return Results(
        {"enrolled": 26, "treated": 25, "response_evaluable": 25},
        {},
        Response(25, {}, {}, {}),
        {name: proportion(*share) for name, share in shares.items()},
        found,
        Simple(0, None, None, None, "no responders"),
        (),
        safety,
    )


def settings(**sections):
    return Settings(**{"cohort": {"title": "Test"}, "data": {"patients": "p.csv"}} | sections)


def observed(sentence, found, **more):
    return evidence_from_results(found, **more).observe(parse_rule(sentence).quantity)


def test_a_share_is_exact_and_carries_its_limits_and_path():
    share = observed("orr >= 20%", results())
    assert share.value * 25 == 4
    assert (share.n, share.events, share.path) == (25, 4, "endpoints.orr.estimate")
    assert share.lower == pytest.approx(0.0454, abs=1e-4)


def test_a_median_that_is_not_reached_lies_beyond_the_last_observed_time():
    curve = times([100, 200, 300, 400], [1, 0, 0, 0])
    median = observed("pfs.median >= 6 months", results(pfs=curve))
    assert (median.value, median.reached) == (None, False)
    assert (median.longer_than, median.proof) == (400, "follow-up")
    verdict = appraise(["durable-benefit"], results(orr=(9, 25), pfs=curve), settings())[0]
    assert verdict.verdict.value == "met"
    assert "longer than 13.1 months" in verdict.rules[1].reason


def test_too_much_that_is_unknown_proves_nothing():
    withheld = nothing("not known for 21 of 25 patients")
    median = observed("os.median >= 6 months", results(os=withheld))
    assert median.longer_than is None
    assert median.reason == "not known for 21 of 25 patients"
    assert median.missing == ("os.median",)


def test_no_responders():
    median = observed("dor.median >= 9 months", results())
    assert (median.reason, median.missing) == ("no responders", ("dor.median",))


def test_survival_at_a_day_is_read_from_landmarks_or_the_curve():
    mark = Landmark("6 months", 182.625, 6.0, 0.75, 0.1, 0.9, 3)
    curve = times([100, 200, 300, 400], [1, 1, 0, 0], (mark,))
    at_mark = observed("pfs at 6 months >= 50%", results(pfs=curve))
    assert (at_mark.value, at_mark.path) == (0.75, "endpoints.pfs.landmarks.0.estimate")
    assert observed("pfs at 250 days >= 50%", results(pfs=curve)).value == 0.5
    beyond = observed("pfs at 2 years >= 50%", results(pfs=curve))
    assert (beyond.value, beyond.reason) == (None, "beyond follow-up")
    assert observed("os at 250 days >= 50%", results()).value is None


def test_a_count_where_some_outcomes_are_not_known_has_bounds():
    found = results()
    unknown = Proportion(
        17, 4, None, None, None, "clopper-pearson", 0.95, unknown=8,
        reason="not known for 8 of 25 patients",
    )  # fmt: skip
    found = replace(found, proportions={"orr": unknown, "cbr_16w": unknown})
    for sentence, path in (
        ("patients with cbr_16w >= 1 of at least 8", "endpoints.cbr_16w.events"),
        ("responders >= 1", "endpoints.orr.events"),
    ):
        count = observed(sentence, found)
        assert (count.value, count.at_least, count.at_most) == (None, 4, 12)
        assert (count.events, count.n, count.unknown, count.path) == (4, 17, 8, path)


@pytest.mark.parametrize(
    ("events", "words", "dutch"),
    [
        (1, "the grade of one event is not known", "van één bijwerking is de graad niet bekend"),
        (3, "the grade of 3 events is not known", "van 3 bijwerkingen is de graad niet bekend"),
    ],
)
def test_grades_that_are_not_known_are_counted_in_words(events, words, dutch):
    reason = observed(
        "grade_3_4_toxicity >= 30%", results(safety=safety(5, ungraded=events))
    ).reason
    assert reason == words
    assert wording.translated(reason)["nl"] == dutch


def test_counts_are_of_the_patients_assessed():
    assert observed("patients with cbr_16w >= 5 of 24", results()).value == 9
    assert observed("patients assessed for cbr_16w >= 24", results()).value == 24
    assert observed("n >= 24", results()).value == 25
    assert observed("responders >= 1", results()).value == 4


def safety(severe, n=20, ungraded=0):
    rows = (AdverseEventRow("", "Nausea", {}, ungraded, 3, 0),)
    overview = {"grade_3_or_higher": proportion(severe, n)}
    return Safety(True, n, 30, overview, rows)


@pytest.mark.parametrize(
    ("table", "declared", "grade", "step"),
    [
        (safety(5), {}, "3", "not_met"),  # 25%: fewer than 30% whatever their effect
        (safety(6), {}, "3", "not_assessable"),
        (safety(6), {"toxicity_affects_wellbeing": True}, "2", "met"),
        (safety(6), {"toxicity_affects_wellbeing": "nee"}, "3", "not_met"),
        (safety(5, ungraded=1), {"toxicity_affects_wellbeing": True}, "3", "not_assessable"),
        (safety(4, ungraded=1), {"toxicity_affects_wellbeing": True}, "3", "not_met"),
        (NO_EVENTS_TABLE, {"toxicity_affects_wellbeing": True}, "3", "not_assessable"),
    ],
)
def test_severe_events_of_any_cause_are_at_least_the_toxicity_meant(table, declared, grade, step):
    found = results(orr=(20, 25), safety=table)
    (verdict,) = appraise(["esmo-mcbs-1.1-form-3"], found, settings(declared=declared))
    assert verdict.grade == grade
    assert verdict.adjustments[0].verdict.value == step


def test_published_control_figures_complete_a_single_arm():
    found = results(os=times([500] * 20 + [700] * 20, [1] * 40))
    comparator = {"control_os_median_months": 12.0, "os_hr": 0.6, "os_hr_ci_lower": 0.5}
    (verdict,) = appraise(["paskwil-palliative-2024"], found, settings(comparator=comparator))
    assert verdict.verdict.value == "met"
    rules = {rule.id: rule for rule in verdict.rules}
    assert rules["os_hr"].published
    assert rules["os_hr"].path == "settings.comparator.os_hr"
    assert "published figure" in rules["os_gain_12w"].reason
    assert any("published control figures" in warning["en"] for warning in verdict.warnings)
    (alone,) = appraise(["paskwil-palliative-2024"], found, settings())
    assert alone.verdict.value == "not_applicable"


def two_arms(**more):
    """Treatment B against reference A: medians 600 and 305 days."""
    arms = {
        "A": results(orr=(1, 20), os=times([300] * 20 + [310] * 20, [1] * 40)),
        "B": results(orr=(9, 20), os=times([500] * 20 + [700] * 20, [1] * 40)),
    } | more
    cox = Comparison(0.5, 0.4, 0.65, None, 9.0, 0.003, 0.95)
    comparison = ArmComparison(
        "os", "B", "A", 40, 40, 40, 40, 0.95, cox, Difference(295.0, 200.0, 400.0),
        (LandmarkDifference("24 months", 730.5, 24.0, Difference(0.2, 0.05, 0.35)),),
    )  # fmt: skip
    return replace(results(), arms=arms, comparisons=(comparison,))


RANDOMISED = {"cohort": {"title": "Test", "design": "randomised"}}


def test_an_arm_is_judged_against_the_reference_arm_and_not_the_pool():
    names = ["durable-benefit", "paskwil-palliative-2024", "esmo-mcbs-1.1-form-2a"]
    durable, paskwil, form = appraise(names, two_arms(), settings(**RANDOMISED))
    assert durable.rules[0].observed == 0.45
    assert durable.rules[0].path == "arms.B.endpoints.orr.estimate"
    assert (paskwil.verdict.value, form.grade) == ("met", "4")
    rules = {rule.id: rule for rule in paskwil.rules}
    assert rules["control_to_12"].path == "arms.A.endpoints.os.median.months"
    assert rules["os_hr"].path == "comparisons.0.hazard_ratio"
    assert rules["os_gain_12w"].path == "comparisons.0.median_gain_months"
    assert rules["os_gain_12w"].ci_lower == pytest.approx(200 / 7)
    assert rules["os_gain_2y"].path == "comparisons.0.landmarks.0.difference"
    assert not any(rule.published for rule in paskwil.rules)
    assert paskwil.verdict_at_lower_limit.value == "met"


def test_arms_of_a_study_that_is_not_randomised_are_judged_together():
    (verdict,) = appraise(["durable-benefit"], two_arms(), settings())
    assert verdict.rules[0].path == "endpoints.orr.estimate"


def test_of_several_arms_nobody_knows_which_is_meant():
    found = two_arms(C=results())
    (verdict,) = appraise(["durable-benefit"], found, settings(**RANDOMISED))
    assert verdict.verdict.value == "not_assessable"
    assert "several arms" in verdict.rules[0].reason
    assert "meer armen" in verdict.rules[0].reasons["nl"]
    assert verdict.missing == ("cohort.judged_arm",)
    assert {rule.missing for rule in verdict.rules} == {("cohort.judged_arm",)}
    (form,) = appraise(["esmo-mcbs-1.1-form-2a"], found, settings(**RANDOMISED))
    assert form.missing == ("cohort.judged_arm",)


def test_of_several_arms_the_chosen_one_is_judged_against_the_reference():
    found = two_arms(C=results())
    chosen = {"cohort": RANDOMISED["cohort"] | {"judged_arm": "B"}}
    durable, form = appraise(
        ["durable-benefit", "esmo-mcbs-1.1-form-2a"], found, settings(**chosen)
    )
    assert durable.rules[0].path == "arms.B.endpoints.orr.estimate"
    assert durable.rules[0].observed == 0.45
    assert form.grade == "4"


def test_a_rule_on_a_limit_means_the_limit_at_95_per_cent():
    found = two_arms()
    (comparison,) = found.comparisons
    narrow = replace(found, comparisons=(replace(comparison, confidence=0.8),))
    (form,) = appraise(["esmo-mcbs-1.1-form-2a"], narrow, settings(**RANDOMISED))
    hr = {rule.id: rule for rule in form.rules}["hr_065"]
    assert hr.verdict.value == "not_assessable"
    assert hr.missing == ("lower limit of os.hr",)


@pytest.mark.parametrize(
    ("stage1", "total", "verdict"),
    [
        ((8, 8, 2, 0), (24, 24, 5, 0), "met"),
        ((8, 8, 0, 0), (24, 24, 5, 0), "not_met"),  # it should have stopped after stage 1
        ((8, 8, 2, 0), (24, 24, 4, 1), "not_assessable"),
        ((8, 8, 2, 0), (24, 24, 4, 0), "not_met"),
        ((8, 8, 2, 0), (24, 20, 5, 0), "met"),
        ((8, 8, 2, 0), (24, 20, 4, 0), "not_assessable"),
    ],
)
def test_the_first_patients_of_a_declared_design_are_counted(stage1, total, verdict):
    design = {"stage1": {"n": 8, "minimum": 1}, "total": {"n": 24, "minimum": 5}}
    design |= {"endpoint": "cbr_16w", "null": 0.1, "alternative": 0.3}
    found = results(benefit=(20, 60))
    counts = SimpleNamespace(stage1=StageCount(*stage1), total=StageCount(*total))
    share = replace(found.proportions["cbr_16w"], two_stage=counts)
    found = replace(found, proportions=found.proportions | {"cbr_16w": share})
    (judged,) = appraise(["drup-clinical-benefit"], found, settings(two_stage=design))
    assert judged.verdict.value == verdict


@pytest.mark.parametrize(
    ("comparator", "words"),
    [
        ({"control_os_median_month": 8}, "did you mean control_os_median_months"),
        ({"orr": 0.3}, "no figure named 'orr'"),
        ({"os_hr": "low"}, "not a number"),
        ({"control_os_2y": 20}, "not a proportion"),
    ],
)
def test_a_comparator_that_cannot_be_used(comparator, words):
    with pytest.raises(InputError, match=words):
        appraise(["durable-benefit"], results(), settings(comparator=comparator))


# -- thresholds replaced


def test_a_two_stage_design_gives_the_thresholds_of_its_stages():
    design = {"stage1": {"n": 8, "minimum": 1}, "total": {"n": 24, "minimum": 5}}
    design |= {"endpoint": "cbr_16w", "null": 0.1, "alternative": 0.3}
    names = ["drup-clinical-benefit"]
    (verdict,) = appraise(names, results(), settings(two_stage=design))
    assert verdict.verdict.value == "met"
    assert verdict.overrides[1] == "stage2=5 of 24 (two_stage)"
    assert "two-stage design" in verdict.rules[1].reason
    (other,) = appraise(names, results(), settings(two_stage=design | {"endpoint": "orr"}))
    assert other.verdict.value == "not_assessable"


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("pfss=5", "did you mean pfs"),
        ("durable-benefit.pfss=5", "did you mean durable-benefit.pfs"),
        ("pfs", "does not set a rule"),
        ("pfs=", "does not set a rule"),
        ("pfs=long", "number is missing"),
        ("pfs=5 kg", "too many"),
        ("pfs=5%", "does not suit"),
        ("qol_improved=1", "no threshold"),
    ],
)
def test_an_override_that_cannot_be_used(override, words):
    names = ["durable-benefit", "esmo-mcbs-1.1-form-3"]
    with pytest.raises(InputError, match=words):
        appraise(names, results(), settings(), [override])


def test_a_rule_that_stands_in_two_criteria_has_to_be_named_in_full():
    names = ["esmo-mcbs-1.1-form-2a", "esmo-mcbs-1.1-form-2b"]
    with pytest.raises(InputError, match=r"form-2a\.gain_3 or esmo-mcbs-1\.1-form-2b\.gain_3"):
        appraise(names, results(), settings(), ["gain_3=2"])
    full = appraise(names, results(), settings(), ["esmo-mcbs-1.1-form-2a.gain_3=2"])
    assert full[0].overrides == ("gain_3=2 months",)


def test_an_override_is_judged_recorded_and_shown():
    curve = times([160, 170, 300, 400], [1, 1, 0, 0])
    found = results(orr=(9, 25), pfs=curve)
    (verdict,) = appraise(["durable-benefit"], found, settings(), ["pfs=100 weeks"])
    (rule,) = (rule for rule in verdict.rules if rule.id == "pfs")
    assert (rule.text, rule.unit, rule.overridden) == ("pfs.median >= 100 weeks", "weeks", True)
    assert "the criteria file says 6 months" in rule.reason
    assert verdict.to_dict()["overrides"] == ["pfs=100 weeks"]


def test_no_other_arm_is_judged_where_nobody_is_left_in_the_chosen_one():
    chosen = {"cohort": RANDOMISED["cohort"] | {"judged_arm": "C"}}
    (verdict,) = appraise(["durable-benefit"], two_arms(), settings(**chosen))
    assert verdict.verdict.value == "not_assessable"
    assert "nobody was treated in the arm" in verdict.rules[0].reason
    assert "niemand is behandeld in de arm" in verdict.rules[0].reasons["nl"]
    assert "cohort.judged_arm" not in verdict.missing


@pytest.mark.parametrize(
    ("only", "arms", "judged"),
    [
        ("A", {"reference_arm": "A"}, False),
        ("B", {"reference_arm": "A"}, True),
        ("B", {"judged_arm": "B"}, True),
        ("A", {"judged_arm": "B"}, False),
        ("A", {}, True),
    ],
)
def test_the_reference_arm_alone_is_never_judged_as_the_treatment(only, arms, judged):
    found = replace(results(orr=(9, 25)), only_arm=only)
    chosen = {"cohort": RANDOMISED["cohort"] | arms}
    (verdict,) = appraise(["durable-benefit"], found, settings(**chosen))
    response = next(rule for rule in verdict.rules if rule.id == "response")
    assert (response.verdict.value == "met") is judged
