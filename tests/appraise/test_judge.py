"""The judge on cohorts and hand-made evidence: verdicts, margins, reasons, limits."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from studies import counted, evidence, verdict_of

from dossier.appraise.evidence import Evidence, Observation
from dossier.appraise.grammar import parse_rule
from dossier.appraise.judge import judge, load_criteria
from dossier.appraise.loading import list_criteria, load_criterion
from dossier.appraise.rule_words import sentence_in_words
from dossier.errors import InputError
from dossier.units import DAYS_PER_MONTH

DURABLE, DRUP, FORM_3 = "durable-benefit", "drup-clinical-benefit", "esmo-mcbs-1.1-form-3"
STUDY = {"design": "single-arm", "setting": "non-curative"}


def months(value, **more):
    return Observation(value * DAYS_PER_MONTH, **more)


def durable(**changes):
    found = {
        "orr": counted(6, 24, 0.1, 0.45),
        "pfs__median": months(7, lower=4 * DAYS_PER_MONTH, upper=None),
        "cbr_24w": counted(9, 24, 0.18, 0.6),
    } | changes
    return judge(load_criterion(DURABLE), evidence(**found), **STUDY)


def test_all_three_met():
    verdict = durable()
    assert verdict.verdict.value == "met"
    assert verdict.verdict_at_lower_limit.value == "not_met"
    assert verdict.missing == ()
    response, pfs, _ = verdict.rules
    assert response.observed == 0.25
    assert response.margin == pytest.approx(0.05)
    assert (response.n, response.unit, response.ci_lower) == (24, "%", 0.1)
    assert pfs.margin == pytest.approx(1)
    assert pfs.verdict_at_lower_limit.value == "not_met"


def test_one_not_met_decides_even_where_another_is_missing():
    verdict = durable(orr=counted(0, 24), pfs__median=Observation(reason="no patients"))
    assert verdict.verdict.value == "not_met"
    assert verdict.missing == ()


def test_one_missing_leaves_it_open_and_is_named_with_its_reason():
    verdict = durable(pfs__median=Observation(reason="not known for 21 of 25 patients"))
    assert verdict.verdict.value == "not_assessable"
    assert verdict.missing == ("pfs.median",)
    (rule,) = (rule for rule in verdict.rules if rule.id == "pfs")
    assert rule.reason == "median progression-free survival: not known for 21 of 25 patients"
    assert rule.reasons["nl"].endswith("niet bekend voor 21 van 25 patiënten")


@pytest.mark.parametrize(("events", "n"), [(12, 20), (3, 5), (60, 100), (9, 15), (21, 35)])
def test_a_share_exactly_at_its_threshold_is_met(events, n):
    verdict = judge(load_criterion(FORM_3), evidence(orr=counted(events, n)), **STUDY)
    assert verdict.grade == "3"


@pytest.mark.parametrize(
    ("days", "verdict"), [(182, "not_met"), (182.625, "met"), (182.5, "not_met"), (183, "met")]
)
def test_six_months_are_182_625_days_and_nothing_is_rounded(days, verdict):
    found = durable(pfs__median=Observation(days))
    assert found.verdict.value == verdict


@pytest.mark.parametrize(
    ("observation", "verdict", "words"),
    [
        ({"longer_than": 183.0, "proof": "follow-up"}, "met", "longer than 6.01 months"),
        ({"longer_than": 182.625, "proof": "follow-up"}, "met", "longer than 6 months"),
        ({"longer_than": 182.0, "proof": "follow-up"}, "not_assessable", "neither its lower limit"),
        ({"longer_than": 190.0, "proof": "limit"}, "met", "lower confidence limit is 6.24 months"),
        ({}, "not_assessable", "neither its lower limit nor the follow-up"),
    ],
)
def test_a_median_not_reached_counts_only_where_that_is_shown(observation, verdict, words):
    found = durable(pfs__median=Observation(reached=False, missing=("pfs.median",), **observation))
    assert found.verdict.value == verdict
    (rule,) = (rule for rule in found.rules if rule.id == "pfs")
    assert words in rule.reason
    assert rule.observed is None
    assert rule.margin is None


def test_no_responders_do_not_need_a_duration_of_response():
    found = evidence(
        orr=counted(0, 25),
        pfs__median=months(1),
        dor__median=Observation(reason="no responders", missing=("dor.median",)),
    )
    verdict = judge(load_criterion(FORM_3), found, **STUDY)
    assert (verdict.verdict.value, verdict.grade, verdict.missing) == ("not_met", None, ())
    assert verdict.to_dict()["grade"] is None
    assert verdict.to_dict()["reason"] == "below the lowest grade of the scale"


# -- two stages


@pytest.mark.parametrize(
    ("events", "n", "verdict"),
    [
        (0, 7, "not_assessable"),  # one patient of stage 1 is still to come
        (0, 8, "not_met"),
        (1, 8, "not_assessable"),
        (4, 23, "not_assessable"),
        (4, 24, "not_met"),
        (5, 24, "met"),
        (5, 20, "met"),  # those to come can only add
        (3, 23, "not_met"),  # even one more would make four
        (5, 25, "not_assessable"),  # the fifth may be the twenty-fifth patient
        (6, 25, "met"),
        (4, 30, "not_met"),
        (0, 0, "not_assessable"),
    ],
)
def test_a_count_among_24_patients(events, n, verdict):
    share = counted(events, n) if n else Observation(n=0, events=0, reason="no patients")
    found = judge(load_criterion(DRUP), evidence(cbr_16w=share), **STUDY, overrides=["stage2=5"])
    assert found.verdict.value == verdict
    assert found.overrides == ("stage2=5 of 24",)


@pytest.mark.parametrize(
    ("events", "known", "unknown", "stage1", "stage2"),
    [
        (4, 17, 8, "met", "not_assessable"),  # 4 of 25 are certain, 12 are possible
        (0, 17, 8, "not_assessable", "not_assessable"),
        (0, 20, 4, "not_assessable", "not_met"),  # even all four would be one too few
        (5, 20, 4, "met", "met"),
        (1, 20, 3, "met", "not_met"),  # with the one still to come: five in all
        (5, 20, 5, "met", "not_assessable"),  # the fifth may be the twenty-fifth patient
        (0, 4, 4, "not_assessable", "not_assessable"),
        (0, 0, 25, "not_assessable", "not_assessable"),
    ],
)
def test_unknown_patients_are_neither_counted_nor_left_out(events, known, unknown, stage1, stage2):
    share = Observation(
        None, n=known, events=events, unknown=unknown, reason="not known", missing=("cbr_16w",)
    )
    minimum = 6 if (events, known) == (1, 20) else 5
    found = judge(
        load_criterion(DRUP), evidence(cbr_16w=share), **STUDY, overrides=[f"stage2={minimum}"]
    )
    assert [rule.verdict.value for rule in found.rules] == [stage1, stage2]
    assert [rule.observed for rule in found.rules] == [events, events]
    assert f"{events} among {known} known, {unknown} not known" in found.rules[0].reason
    for rule in found.rules:
        assert rule.missing == (("cbr_16w",) if rule.verdict.value == "not_assessable" else ())
        assert rule.margin is None
        assert "niet bekend" in rule.reasons["nl"]


def test_unknown_patients_do_not_hide_how_many_were_assessed():
    share = Observation(None, n=17, events=4, unknown=8, reason="not known for 8 of 25 patients")
    found = evidence(cbr_16w=share).observe(
        parse_rule("patients assessed for cbr_16w >= 8").quantity
    )
    assert found.value == 17


def test_a_threshold_that_the_file_leaves_open_is_put_in_words():
    condition = parse_rule("patients with cbr_16w >= unknown of 24")
    assert sentence_in_words(condition) == {
        "en": "patients with clinical benefit at 16 weeks ≥ a threshold that is not known, "
        "of 24 patients",
        "nl": "patiënten met klinisch voordeel na 16 weken ≥ een drempelwaarde die niet bekend is, "
        "van 24 patiënten",
    }
    verdict = judge(
        load_criterion(DRUP), evidence(cbr_16w=counted(5, 24)), **STUDY, overrides=["stage2=5"]
    )
    reasons = verdict.rules[1].reasons
    assert reasons["en"] == "threshold set by the user; the criteria file leaves it open"
    assert reasons["nl"].endswith("het criteriabestand laat die open")


def test_the_first_patients_decide_where_they_are_known_apart():
    found = Evidence({"cbr_16w": counted(5, 30)}, first_patients={("cbr_16w", 24): (5, 5)})
    verdict = judge(load_criterion(DRUP), found, **STUDY, overrides=["stage2=5"])
    assert verdict.verdict.value == "met"


def test_without_the_minimum_of_the_protocol_stage_two_is_not_assessable():
    verdict = judge(load_criterion(DRUP), evidence(cbr_16w=counted(20, 24)), **STUDY)
    assert verdict.verdict.value == "not_assessable"
    assert verdict.missing == ("threshold of stage2",)
    stage2 = verdict.rules[1].to_dict()
    assert stage2["threshold"] is None
    assert stage2["reason"] == "threshold not verified"


# -- for whom


def test_another_design_or_setting_is_not_applicable():
    criterion = load_criterion(FORM_3)
    for study in ({"design": "randomised"}, {"setting": "curative"}):
        verdict = judge(criterion, Evidence(), **(STUDY | study))
        assert verdict.verdict.value == "not_applicable"
        assert verdict.reason
        assert verdict.to_dict()["reason"]
    assert "randomised" in judge(criterion, Evidence(), design="randomised").reason


def test_a_precondition_that_is_denied_makes_it_not_applicable():
    criterion = load_criterion(FORM_3)
    denied = judge(criterion, Evidence(), **STUDY, declared={"rare_or_unmet_need": "no"})
    assert denied.verdict.value == "not_applicable"
    undeclared = judge(criterion, Evidence(), **STUDY)
    assert any("Assumed, not declared" in warning["en"] for warning in undeclared.warnings)
    held = judge(criterion, Evidence(), **STUDY, declared={"rare_or_unmet_need": True})
    assert not any("Assumed" in warning["en"] for warning in held.warnings)


def test_a_single_arm_is_judged_against_published_figures_and_labelled_so():
    row = {"control_os_median_months": 8, "os_median_months": 12, "os_hr": 0.5}
    verdict = verdict_of("paskwil-palliative-2024", design="single-arm", **row)
    assert verdict.verdict.value == "met"
    assert any("published control figures" in warning["en"] for warning in verdict.warnings)
    alone = verdict_of("paskwil-palliative-2024", design="single-arm", os_median_months=12)
    assert alone.verdict.value == "not_applicable"


# -- grades and adjustments


def form_3(declared=None, **row):
    return verdict_of(FORM_3, **STUDY, **row, **(declared or {}))


@pytest.mark.parametrize(
    ("row", "preliminary", "final"),
    [
        ({"pfs_median_months": 7}, "3", "3"),
        ({"pfs_median_months": 7, "qol_improved": "yes"}, "3", "4"),
        ({"pfs_median_months": 7, "confirmatory_study": "yes"}, "3", "4"),
        ({"pfs_median_months": 7, "qol_improved": "yes", "confirmatory_study": "ja"}, "3", "4"),
        ({"pfs_median_months": 7, "grade_3_4_toxicity": 0.30}, "3", "2"),
        ({"pfs_median_months": 7, "grade_3_4_toxicity": 0.2999}, "3", "3"),
        (
            {"pfs_median_months": 7, "grade_3_4_toxicity": 0.5, "toxicity_affects_wellbeing": "no"},
            "3",
            "3",
        ),
        ({"pfs_median_months": 7, "grade_3_4_toxicity": 0.5, "qol_improved": "yes"}, "3", "3"),
        ({"pfs_median_months": 2, "orr": 0, "grade_3_4_toxicity": 0.5}, "1", "1"),
    ],
)
def test_adjustments_of_form_3(row, preliminary, final):
    verdict = form_3(**row)
    assert (verdict.preliminary_grade, verdict.grade) == (preliminary, final)


def test_an_adjustment_that_is_not_declared_is_not_applied_and_named():
    verdict = form_3(pfs_median_months=7, grade_3_4_toxicity=0.1)
    assert verdict.grade == "3"
    assert verdict.possible_grades == ("4", "3")
    assert "qol_improved" in verdict.reason
    open_steps = [step for step in verdict.adjustments if step.verdict.value == "not_assessable"]
    assert [step.missing for step in open_steps] == [("qol_improved",), ("confirmatory_study",)]


def test_a_grade_needs_every_better_one_to_be_certainly_not_met():
    verdict = form_3(orr=0.25)
    assert verdict.verdict.value == "not_assessable"
    assert verdict.possible_grades == ("4", "3", "2", "1")
    assert set(verdict.missing) == {"pfs_median_months", "dor_median_months"}
    assert form_3(orr=0.25, pfs_median_months=7).grade == "3"
    assert form_3(orr=0.25, dor_median_months=7).grade is None
    assert form_3(orr=0.25, dor_median_months=7, pfs_median_months=2).grade == "2"


def test_a_grade_at_the_lower_limit():
    found = evidence(
        orr=counted(15, 24, 0.41, 0.8),
        pfs__median=months(4, lower=1 * DAYS_PER_MONTH),
        dor__median=months(10, lower=5 * DAYS_PER_MONTH),
    )
    verdict = judge(load_criterion(FORM_3), found, **STUDY)
    assert (verdict.grade, verdict.grade_at_lower_limit) == ("3", "2")


def test_what_counts_against_the_treatment_is_judged_at_its_upper_limit():
    found = evidence(orr=counted(24, 24, 0.9, 1.0), grade_3_4_toxicity=counted(5, 24, 0.07, 0.42))
    declared = {"toxicity_affects_wellbeing": True, "qol_improved": False}
    verdict = judge(load_criterion(FORM_3), found, **STUDY, declared=declared)
    assert (verdict.grade, verdict.grade_at_lower_limit) == ("3", "2")
    (rule,) = (rule for rule in verdict.rules if rule.id == "toxicity_30")
    assert (rule.verdict.value, rule.verdict_at_lower_limit.value) == ("not_met", "met")


def test_the_verdict_may_ask_for_a_better_grade():
    row = {"pfs_median_months": 7}
    criterion = load_criterion(FORM_3)
    from dossier.appraise.published_evidence import study_evidence

    found = study_evidence(row).evidence
    changed = judge(criterion, found, overrides=[f"{FORM_3}.met_from_grade=4"])
    assert changed.verdict.value == "not_met"
    assert changed.overrides == ("met_from_grade=4",)
    with pytest.raises(InputError, match="no grade '7'"):
        judge(criterion, found, overrides=[f"{FORM_3}.met_from_grade=7"])


def test_provisional_outcomes():
    row = {"orr": 0.57, "dor_median_months": 10, "ema_approved": "yes"}
    row |= {"no_effective_treatment": "yes", "confirmation_pending": "yes"}
    name = "paskwil-nonrandomised-2021"
    assert verdict_of(name, **row).verdict.value == "not_assessable"
    from dossier.appraise.published_evidence import study_evidence

    def outcome(**changes):
        cells = row | changes
        found = study_evidence(cells)
        overrides = ["response=50%", "duration=10 months"]
        criterion = load_criterion(name)
        return judge(criterion, found.evidence, declared=cells, overrides=overrides)

    assert outcome().grade == "provisionally positive"
    assert outcome(confirmation_pending="no").grade == "positive"
    assert outcome(orr=0.41).verdict.value == "not_met"
    assert outcome(ema_approved="no").verdict.value == "not_met"
    assert outcome(rare_no_rct="no").verdict.value == "not_applicable"


# -- output


def leaves(value, path=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
        for key, inner in value.items():
            if inner is None:
                assert value.get("reason"), f"{path}.{key} is null without a reason"
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


@pytest.mark.parametrize("entry", list_criteria(), ids=lambda entry: entry.id)
def test_the_json_form_is_complete_and_never_says_nan(entry):
    criterion = load_criterion(entry.id)
    for found in (Evidence(), evidence(orr=counted(1, 3, 0.01, 0.9), pfs__median=months(3))):
        for study in (STUDY, {"design": "randomised", "setting": "curative"}, {}):
            result = judge(criterion, found, **study).to_dict()
            text = json.dumps(result, allow_nan=False)
            assert set(result) >= {"id", "version", "verdict", "grade", "rules"}
            assert "None" not in text
            assert not any(part in text for part in ("NaN", "Infinity", "Fraction"))
            for _ in leaves(result):
                pass
            for rule in result["rules"]:
                needed = {"id", "text", "verdict", "observed", "threshold", "unit", "missing"}
                assert set(rule) >= needed


def test_grades_are_numbers_where_they_are_numbers():
    assert form_3(pfs_median_months=7).to_dict()["grade"] == 3
    row = {"os_3y": 0.85, "control_os_3y": 0.7}
    assert verdict_of("esmo-mcbs-1.1-form-1", **row).to_dict()["grade"] == "A"


def test_a_fact_reads_as_yes_or_no():
    rules = {rule["id"]: rule for rule in form_3(qol_improved="yes").to_dict()["rules"]}
    assert rules["qol_improved"]["observed"] is True
    assert rules["qol_improved"]["declared"] is True
    assert rules["confirmatory_study"]["observed"] is None
    assert rules["qol_improved"]["reason"] == "declared, not computed"


def test_a_fact_that_is_neither_yes_nor_no_is_a_problem():
    with pytest.raises(InputError, match=r"declared\.qol_improved.*yes or no"):
        judge(load_criterion(FORM_3), Evidence(), declared={"qol_improved": "perhaps"})


def test_the_explanation_tree_holds_the_rules():
    tree = durable().explanation
    assert (tree.kind, tree.verdict.value) == ("all", "met")
    assert [part.rule for part in tree.parts] == ["response", "pfs", "durability"]
    grades = form_3(orr=0.5).explanation
    assert [part.label for part in grades.parts] == ["3", "2", "1"]
    groups = verdict_of("paskwil-palliative-2024", control_os_median_months=8).explanation
    assert groups.kind == "groups"
    assert [part.labels["nl"][:8] for part in groups.parts] == ["Mediane "] * 2


def test_criteria_are_loaded_together_with_every_problem():
    with pytest.raises(InputError) as caught:
        load_criteria(["durable-benfit", "esmo-mcbs-1.1-form-33", "tapur", "tapur"])
    assert len(caught.value.problems) == 3
    assert "did you mean durable-benefit" in str(caught.value)


def test_margins_are_positive_on_the_side_of_met():
    row = {"control_os_median_months": 8, "os_median_months": 12, "os_hr": 0.5}
    rules = {rule.id: rule for rule in verdict_of("paskwil-palliative-2024", **row).rules}
    assert rules["os_hr"].margin == pytest.approx(0.2)
    assert rules["control_to_12"].margin == pytest.approx(4)
    assert rules["os_gain_12w"].margin == pytest.approx(4 * DAYS_PER_MONTH / 7 - 12)
    assert rules["os_gain_12w"].unit == "weeks"
    exact = judge(load_criterion(FORM_3), evidence(orr=counted(12, 20)), **STUDY).rules[3]
    assert exact.margin == 0
    assert Fraction(exact.observed).limit_denominator(100) == Fraction(3, 5)
