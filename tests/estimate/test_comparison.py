"""Two arms compared: R's hazard ratios, 102 reconstructed trials, and cases solved by hand."""

import csv
import gzip
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.estimate.comparison import NotEstimable, compare_arms
from dossier.estimate.kaplan_meier import kaplan_meier, quantile

REFERENCE = Path(__file__).parents[1] / "reference"

# One arm has no events: what R prints there is where its iterations stopped.
NO_EVENTS_IN_ONE_ARM = {"ref005", "ref025", "ref031", "ref037", "ref073"}


def rows(name):
    with (REFERENCE / name).open(newline="") as file:
        return list(csv.DictReader(file))


def patients_by(key, source):
    groups = defaultdict(list)
    for row in source:
        time = row["days"] if "days" in row else row["time"]
        groups[row[key]].append((float(time), int(row["event"]), row["arm"]))
    return {name: tuple(map(np.array, zip(*group, strict=True))) for name, group in groups.items()}


COHORTS = patients_by("cohort", rows("km_cohorts.csv"))
TWO_ARMS = [row for row in rows("km_reference.csv") if row["hr"] != "NA"]

with gzip.open(REFERENCE / "kmdata_patients.csv.gz", "rt", newline="") as kmdata:
    TRIALS = patients_by("name", csv.DictReader(kmdata))
KMDATA = rows("kmdata_reference.csv")


def same_printed(found, printed, digits):
    """Compare with a number that was printed to so many significant digits."""
    if printed == "NA":
        return found is None
    return found is not None and float(f"{found:.{digits}g}") == float(printed)


class TestAgreesWithR:
    @pytest.mark.parametrize("row", TWO_ARMS, ids=lambda row: row["cohort"])
    def test_hazard_ratio(self, row):
        days, event, arm = COHORTS[row["cohort"]]
        found = compare_arms(days, event, arm == "B")
        if row["cohort"] in NO_EVENTS_IN_ONE_ARM:
            assert (found.hazard_ratio, found.lower, found.upper) == (None, None, None)
            assert found.not_estimable is NotEstimable.NO_EVENTS
            return
        # R stops once the likelihood changes by less than 1e-9; the score here is zero to the bit.
        assert found.hazard_ratio == pytest.approx(float(row["hr"]), rel=2e-9)
        assert found.lower == pytest.approx(float(row["hr_lo"]), rel=2e-9)
        assert found.upper == pytest.approx(float(row["hr_hi"]), rel=2e-9)
        assert found.not_estimable is None

    def test_the_reference_has_both_kinds(self):
        assert len(TWO_ARMS) == 29
        assert {row["cohort"] for row in TWO_ARMS} > NO_EVENTS_IN_ONE_ARM

    @pytest.mark.parametrize(
        "row", [row for row in KMDATA if row["arm"] != row["ref_arm"]], ids=lambda row: row["name"]
    )
    def test_hazard_ratio_and_log_rank_of_reconstructed_trials(self, row):
        days, event, arm = TRIALS[row["name"]]
        found = compare_arms(days, event, arm == row["arm"])
        assert same_printed(found.hazard_ratio, row["cox_hr_vs_ref"], 6)
        assert same_printed(found.lower, row["cox_lo"], 6)
        assert same_printed(found.upper, row["cox_hi"], 6)
        assert same_printed(found.log_rank_chi2, row["logrank_chisq"], 6)

    @pytest.mark.parametrize("row", KMDATA, ids=lambda row: f"{row['name']}-{row['arm']}")
    def test_medians_of_reconstructed_trials(self, row):
        days, event, arm = TRIALS[row["name"]]
        chosen = arm == row["arm"]
        assert (chosen.sum(), event[chosen].sum()) == (int(row["n"]), int(row["events"]))
        for limits, suffix in (("log-log", "loglog"), ("log", "log")):
            found = quantile(kaplan_meier(days[chosen], event[chosen], limits=limits))
            assert same_printed(found.estimate, row["median"], 6)
            assert same_printed(found.lower, row[f"lcl_{suffix}"], 6)
            assert same_printed(found.upper, row[f"ucl_{suffix}"], 6)


class TestSolvedByHand:
    def test_no_ties(self):
        # At risk 2 treated and 1 other, then 1 and 1: 1 = 2t/(2t + 1) + t/(t + 1) - 1 + 1.
        found = compare_arms([1, 2, 3], [1, 1, 1], [1, 0, 1])
        assert found.hazard_ratio == pytest.approx(0.5**0.5, rel=1e-14)

    def test_ties_by_efron(self):
        # Of a tied pair the second sees half of each gone: 1 = 2t/(2t + 1) + 3t/(3t + 1).
        # Breslow would give 1/2.
        found = compare_arms([1, 1, 2], [1, 1, 1], [0, 1, 1])
        assert found.hazard_ratio == pytest.approx(6**-0.5, rel=1e-14)

    def test_log_rank(self):
        # Treated expected 2/3 + 1/2 + 1 and observed 2; variance 2/9 + 1/4.
        found = compare_arms([1, 2, 3], [1, 1, 1], [1, 0, 1])
        assert found.log_rank_chi2 == pytest.approx((2 - 13 / 6) ** 2 / (17 / 36), rel=1e-14)

    def test_p_value(self):
        # A chi-square of 1.96 squared has a two-sided p of .05.
        days, event, arm = TRIALS["BREC_2C"]
        found = compare_arms(days, event, arm != "control")
        assert found.log_rank_chi2 == pytest.approx(0.0249269, rel=1e-5)
        assert found.log_rank_p == pytest.approx(0.87455, abs=1e-5)


class TestNotEstimable:
    def test_no_events_in_one_arm_still_has_a_log_rank_test(self):
        found = compare_arms([1, 2, 3, 4], [1, 1, 0, 0], [1, 1, 0, 0])
        assert found.hazard_ratio is None
        assert found.not_estimable == "an arm without events"
        assert found.log_rank_chi2 > 0

    def test_no_events_at_all(self):
        found = compare_arms([1, 2], [0, 0], [1, 0])
        assert found.not_estimable is NotEstimable.NO_EVENTS
        assert (found.log_rank_chi2, found.log_rank_p) == (None, None)

    @pytest.mark.parametrize("treated", [(1, 1, 0, 0), (0, 0, 1, 1)])
    def test_one_arm_gone_before_the_other_has_events(self, treated):
        found = compare_arms([1, 2, 3, 4], [1, 1, 1, 1], treated)
        assert found.not_estimable is NotEstimable.SEPARATED
        assert found.log_rank_p is not None

    def test_arms_never_at_risk_together_at_an_event(self):
        found = compare_arms([1, 5, 5], [0, 1, 1], [1, 0, 0])
        assert found.log_rank_chi2 is None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "cohort", [row["cohort"] for row in TWO_ARMS if row["cohort"] not in NO_EVENTS_IN_ONE_ARM]
)
def test_lifelines_agrees_once_it_iterates_long_enough(cohort):
    lifelines = pytest.importorskip("lifelines")
    pandas = pytest.importorskip("pandas")
    days, event, arm = COHORTS[cohort]
    treated = arm == "B"
    table = pandas.DataFrame({"days": days, "event": event, "treated": treated.astype(float)})
    fitted = lifelines.CoxPHFitter().fit(
        table, "days", "event", fit_options={"precision": 1e-14, "r_precision": 1e-16}
    )
    found = compare_arms(days, event, treated)
    assert found.hazard_ratio == pytest.approx(float(fitted.hazard_ratios_.iloc[0]), rel=1e-6)
    test = lifelines.statistics.logrank_test(
        days[treated], days[~treated], event[treated], event[~treated]
    )
    assert found.log_rank_chi2 == pytest.approx(test.test_statistic, rel=1e-9)
    assert found.log_rank_p == pytest.approx(test.p_value, rel=1e-9)


arms = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.booleans()), min_size=2, max_size=25
).filter(lambda patients: len({arm for _, _, arm in patients}) == 2)


@given(arms)
def test_exchanging_the_arms_turns_the_ratio_round(patients):
    days, event, treated = map(np.array, zip(*patients, strict=True))
    one, other = compare_arms(days, event, treated), compare_arms(days, event, ~treated)
    assert one.not_estimable == other.not_estimable
    assert (one.log_rank_chi2 is None) is (other.log_rank_chi2 is None)
    if one.log_rank_chi2 is not None:
        assert one.log_rank_chi2 == pytest.approx(other.log_rank_chi2, rel=1e-9, abs=1e-12)
    if one.hazard_ratio is not None:
        assert one.hazard_ratio == pytest.approx(1 / other.hazard_ratio, rel=1e-9)
        assert one.lower == pytest.approx(1 / other.upper, rel=1e-9)
        assert one.lower < one.hazard_ratio < one.upper


@given(arms, st.randoms(use_true_random=False))
def test_only_the_order_of_the_times_matters(patients, random):
    days, event, treated = map(np.array, zip(*patients, strict=True))
    stretched = compare_arms(days**2 + days / 7, event, treated)
    order = random.sample(range(len(patients)), len(patients))
    shuffled = compare_arms(days[order], event[order], treated[order])
    assert compare_arms(days, event, treated) == stretched == shuffled


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], [1, 1], [1, 1]), "each arm needs a patient"),
        (([], [], []), "each arm needs a patient"),
        (([1, 2], [1, 1], [1]), "equal length"),
        (([1, -2], [1, 1], [1, 0]), "not negative"),
        (([1, 2], [1, 3], [1, 0]), "event must be 0 or 1"),
        (([1, 2], [1, 1], [1, 2]), "treated must be 0 or 1"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        compare_arms(*arguments)


def test_refuses_a_confidence_in_percent():
    with pytest.raises(ValueError, match="confidence"):
        compare_arms([1, 2], [1, 1], [1, 0], confidence=95)


def test_estimating_loads_no_statistics_library():
    code = (
        "import sys\n"
        "from dossier.estimate import comparison, kaplan_meier, proportions, two_stage\n"
        "print([m for m in ('scipy.stats', 'pandas', 'lifelines') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
