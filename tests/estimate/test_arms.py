"""Arms: per-arm endpoints and comparisons, through the whole evaluation."""

import csv
import gzip
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from cohorts import results
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import InputError
from dossier.estimate.arms import difference_in_medians
from dossier.estimate.kaplan_meier import kaplan_meier, quantile
from dossier.estimate.model import Median
from dossier.estimate.times import median_with_reason

REFERENCE = Path(__file__).parents[1] / "reference"


def read(file):
    return list(csv.DictReader(file))


with gzip.open(REFERENCE / "kmdata_patients.csv.gz", "rt", newline="") as kmdata:
    TRIALS = defaultdict(list)
    for patient in read(kmdata):
        TRIALS[patient["name"]].append(patient)
with (REFERENCE / "kmdata_reference.csv").open(newline="") as file:
    KMDATA = defaultdict(list)
    for line in read(file):
        KMDATA[line["name"]].append(line)


def trial(name, endpoint="os"):
    patients = TRIALS[name]
    return {
        "patient_id": [f"p{k}" for k in range(len(patients))],
        "arm": [patient["arm"] for patient in patients],
        f"{endpoint}_days": [patient["time"] for patient in patients],
        f"{endpoint}_event": [patient["event"] for patient in patients],
    }


def same_printed(found, printed):
    """Compare with a number that was printed to 6 significant digits."""
    if printed == "NA":
        return found is None
    return found is not None and float(f"{found:.6g}") == float(printed)


def comparison_of(result, endpoint, arm):
    (found,) = (
        each for each in result["comparisons"] if (each["endpoint"], each["arm"]) == (endpoint, arm)
    )
    return found


@pytest.mark.parametrize("name", KMDATA)
def test_every_reconstructed_trial(name):
    """All 102 trials: medians and limits of both arms, hazard ratio, log-rank, gain."""
    rows = {row["arm"]: row for row in KMDATA[name]}
    reference = KMDATA[name][0]["ref_arm"]
    result = results(trial(name), reference_arm=reference)
    assert list(result["arms"]) == sorted(rows)
    for arm, row in rows.items():
        found = result["arms"][arm]["endpoints"]["os"]
        assert (found["n"], found["events"]) == (int(row["n"]), int(row["events"]))
        assert same_printed(found["median"]["days"], row["median"])
        assert same_printed(found["median"]["ci_lower_days"], row["lcl_loglog"])
        assert same_printed(found["median"]["ci_upper_days"], row["ucl_loglog"])
    (other,) = set(rows) - {reference}
    compared = comparison_of(result, "os", other)
    assert compared["reference"] == reference
    assert same_printed(compared["hazard_ratio"], rows[other]["cox_hr_vs_ref"])
    assert same_printed(compared["ci_lower"], rows[other]["cox_lo"])
    assert same_printed(compared["ci_upper"], rows[other]["cox_hi"])
    assert same_printed(compared["log_rank_chi2"], rows[other]["logrank_chisq"])
    medians = [rows[arm]["median"] for arm in (other, reference)]
    if "NA" in medians:
        assert compared["median_gain_months"] is None
        assert "not reached" in compared["reason"]
    else:
        gain = float(medians[0]) - float(medians[1])
        assert compared["median_gain_days"] == pytest.approx(gain, abs=1e-4)
        for side in ("lower", "upper"):
            limit = compared[f"median_gain_ci_{side}_days"]
            if limit is not None:
                below, above = sorted([limit, compared["median_gain_days"]])
                assert (below == limit) is (side == "lower") or below == above
    assert comparison_of(result, "pfs", other)["hazard_ratio"] is None


THREE_ARMS = {
    "patient_id": list("abcdef"),
    "arm": ["B", "A", "C"] * 2,
    "os_days": [10, 20, 30, 40, 50, 60],
    "os_event": 1,
}


class TestReferenceArm:
    def test_the_first_in_the_alphabet_unless_declared(self):
        found = results(THREE_ARMS)["comparisons"]
        assert {(each["arm"], each["reference"]) for each in found} == {("B", "A"), ("C", "A")}
        found = results(THREE_ARMS, reference_arm="B")["comparisons"]
        assert {(each["arm"], each["reference"]) for each in found} == {("A", "B"), ("C", "B")}

    def test_pfs_and_os_are_compared_and_nothing_else(self):
        assert {each["endpoint"] for each in results(THREE_ARMS)["comparisons"]} == {"pfs", "os"}

    def test_an_unknown_arm_is_refused_with_the_nearest(self):
        frame = THREE_ARMS | {"arm": ["control", "nivolumab"] * 3}
        with pytest.raises(InputError, match="did you mean 'control'"):
            results(frame, reference_arm="contrl")

    def test_an_arm_in_which_nobody_was_treated_is_no_arm(self):
        frame = {
            "patient_id": list("abcde"),
            "arm": ["A", "A", "B", "B", "Screen failure"],
            "treatment_start": ["2023-01-02"] * 4 + [""],
            "os_days": [10, 20, 30, 40, ""],
            "os_event": [1, 1, 1, 1, ""],
        }
        found = results(frame)
        assert list(found["arms"]) == ["A", "B"]
        assert found["without_arm"] == 0
        with pytest.raises(InputError, match="nobody was treated in the arm 'Screen failure'"):
            results(frame, reference_arm="Screen failure")

    def test_the_arm_to_be_judged_is_another_one_in_which_somebody_was_treated(self):
        randomised = {"design": "randomised", "reference_arm": "A"}
        assert results(THREE_ARMS, **randomised, judged_arm="C")["comparisons"]
        with pytest.raises(InputError, match="the arm is the reference arm itself"):
            results(THREE_ARMS, **randomised, judged_arm="A")
        with pytest.raises(InputError, match="no patient is in the arm 'D'"):
            results(THREE_ARMS, **randomised, judged_arm="D")

    def test_patients_without_an_arm_are_counted(self):
        found = results(THREE_ARMS | {"arm": ["A", "A", "B", "B", "", ""]})
        assert found["without_arm"] == 2
        assert found["populations"]["treated"] == 6
        assert [arm["populations"]["treated"] for arm in found["arms"].values()] == [2, 2]


class TestOneArm:
    def test_has_no_comparison(self):
        found = results({"patient_id": list("ab"), "arm": "A", "os_days": [5, 9], "os_event": 1})
        assert "arms" not in found
        assert "comparisons" not in found

    def test_an_arm_alone_gives_what_it_gives_among_others(self):
        frame = trial("ACT1_2A")
        first, _ = sorted(set(frame["arm"]))
        inside = [arm == first for arm in frame["arm"]]
        alone = {
            key: [value for value, keep in zip(column, inside, strict=True) if keep]
            for key, column in frame.items()
        }
        of_arm, pooled = results(frame)["arms"][first], results(alone)
        for section in ("populations", "endpoints", "baseline", "safety", "losses"):
            assert of_arm[section] == pooled[section]


class TestWhatIsMissing:
    def test_no_events_in_an_arm(self):
        found = results(
            {"patient_id": list("abcd"), "arm": list("AABB"), "os_days": [10, 20, 30, 40],
             "os_event": [1, 1, 0, 0]}
        )  # fmt: skip
        compared = comparison_of(found, "os", "B")
        assert compared["hazard_ratio"] is None
        assert "hazard ratio: an arm without events" in compared["reason"]
        assert "median B not reached" in compared["reason"]
        assert compared["log_rank_p"] is not None

    def test_survival_unknown_in_an_arm(self):
        found = results(
            {"patient_id": list("abcd"), "arm": list("AABB"), "os_days": [10, 20, 30, ""],
             "os_event": [1, 1, 0, ""]}
        )  # fmt: skip
        assert comparison_of(found, "os", "B")["reason"] == "B: not known for 1 of 2 patients"

    def test_a_landmark_beyond_the_follow_up_of_one_arm(self):
        found = results(
            {"patient_id": list("abcd"), "arm": list("AABB"), "os_days": [300, 320, 30, 40],
             "os_event": [1, 1, 1, 1]}
        )  # fmt: skip
        mark = comparison_of(found, "os", "B")["landmarks"][0]
        assert (mark["months"], mark["difference"]) == (6, None)
        assert mark["reason"] == "beyond follow-up"


class TestDifferences:
    def test_landmark_rates_as_independent_proportions_without_censoring(self):
        """Without censoring Greenwood's variance is the binomial one."""
        days = [*range(100, 300, 10), *range(60, 260, 10)]
        frame = {"patient_id": [f"p{k}" for k in range(40)], "arm": ["A"] * 20 + ["B"] * 20,
                 "os_days": days, "os_event": 1}  # fmt: skip
        mark = comparison_of(results(frame), "os", "B")["landmarks"][0]
        a, b = (np.mean(np.array(days[part]) > 182.625) for part in (slice(20), slice(20, 40)))
        margin = 1.959963984540054 * (a * (1 - a) / 20 + b * (1 - b) / 20) ** 0.5
        assert mark["difference"] == pytest.approx(b - a, rel=1e-12)
        assert mark["ci_lower"] == pytest.approx(b - a - margin, rel=1e-12)
        assert mark["ci_upper"] == pytest.approx(b - a + margin, rel=1e-12)

    def test_restricted_means_at_the_largest_common_horizon(self):
        frame = {"patient_id": [f"p{k}" for k in range(40)], "arm": ["A"] * 20 + ["B"] * 20,
                 "os_days": [*range(10, 210, 10), *range(20, 420, 20)], "os_event": 1}  # fmt: skip
        result = results(frame, settings={"estimation": {"restricted_mean": "largest"}})
        found = comparison_of(result, "os", "B")["restricted_mean"]
        assert found["tau_days"] == 190  # two of the twenty in arm A are still there
        a, b = (np.minimum(np.array(frame["os_days"][part]), 190) for part in
                (slice(20), slice(20, 40)))  # fmt: skip
        margin = 1.959963984540054 * (a.var() / 20 + b.var() / 20) ** 0.5
        assert found["difference_days"] == pytest.approx(b.mean() - a.mean(), rel=1e-12)
        assert found["ci_upper_days"] - found["ci_lower_days"] == pytest.approx(2 * margin)
        assert "restricted_mean" not in comparison_of(results(frame), "os", "B")

    def test_medians_by_mover(self):
        own, other = Median(100, 80, 150, reached=True), Median(60, 50, 90, reached=True)
        found = difference_in_medians(own, other, "B", "A")
        assert found.estimate == 40
        assert found.lower == pytest.approx(40 - (20**2 + 30**2) ** 0.5)
        assert found.upper == pytest.approx(40 + (50**2 + 10**2) ** 0.5)

    def test_a_limit_that_is_not_reached_leaves_the_other(self):
        own = Median(100, 80, None, reached=True)
        found = difference_in_medians(own, Median(60, 50, 90, reached=True), "B", "A")
        assert found.lower is not None
        assert found.upper is None
        assert found.reason == "no upper limit: a limit of a median is not reached"

    @pytest.mark.parametrize(("mean", "censoring"), [(200, 900), (120, 300)])
    def test_limits_of_the_difference_in_medians_hold(self, mean, censoring):
        """Of 1,000 simulated trials of 60 a arm, the limits hold the truth in 95%, or more."""
        rng = np.random.default_rng(20)
        truth = np.log(2) * (mean - 100)
        held = asked = 0
        for _ in range(1000):
            medians = []
            for scale in (mean, 100):
                event, leaves = rng.exponential(scale, 60), rng.exponential(censoring, 60)
                died = event <= leaves
                curve = kaplan_meier(np.minimum(event, leaves), died)
                medians.append(median_with_reason(*quantile(curve), int(died.sum())))
            found = difference_in_medians(*medians, "B", "A")
            if found.lower is not None and found.upper is not None:
                asked += 1
                held += found.lower <= truth <= found.upper
        assert asked > 900
        assert 0.935 <= held / asked <= 0.985


patients = st.lists(
    st.tuples(st.integers(1, 400), st.booleans(), st.sampled_from("AB")), min_size=4, max_size=20
).filter(lambda drawn: {arm for *_, arm in drawn} == set("AB"))


def frame_of(drawn):
    days, event, arm = zip(*drawn, strict=True)
    return {"patient_id": [f"p{k}" for k in range(len(drawn))], "os_days": days,
            "os_event": [int(e) for e in event], "arm": arm}  # fmt: skip


@given(patients)
def test_exchanging_the_arms_turns_every_figure_round(drawn):
    frame = frame_of(drawn)
    one = comparison_of(results(frame, reference_arm="A"), "os", "B")
    other = comparison_of(results(frame, reference_arm="B"), "os", "A")
    for name, turned in (("hazard_ratio", "hazard_ratio"), ("ci_lower", "ci_upper")):
        assert (one[name] is None) is (other[turned] is None)
        if one[name] is not None:
            assert one[name] == pytest.approx(1 / other[turned], rel=1e-9)
    for name, turned in (
        ("median_gain_days", "median_gain_days"),
        ("median_gain_ci_lower_days", "median_gain_ci_upper_days"),
    ):
        assert (one[name] is None) is (other[turned] is None)
        if one[name] is not None:
            assert one[name] == pytest.approx(-other[turned], abs=1e-9)


@given(patients, st.randoms(use_true_random=False))
def test_the_order_of_patients_changes_nothing(drawn, random):
    shuffled = random.sample(drawn, len(drawn))
    one, other = results(frame_of(drawn)), results(frame_of(shuffled))
    assert one["comparisons"] == other["comparisons"]
    assert one["arms"] == other["arms"]
