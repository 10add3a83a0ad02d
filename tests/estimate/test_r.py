"""Every estimate against R: values made by ``tests/reference/r/make_reference.R``, read from CSV.

R itself is not needed here. The versions of R and its packages stand in ``session.txt`` beside.
"""

import csv
import gzip
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from dossier.cohort.settings import Estimation
from dossier.estimate.arms import (
    difference_in_medians,
    difference_in_restricted_means,
    difference_in_survival,
)
from dossier.estimate.comparison import compare_arms
from dossier.estimate.competing_risks import cumulative_incidence, incidence_at
from dossier.estimate.heterogeneity import heterogeneity
from dossier.estimate.kaplan_meier import kaplan_meier, quantile, survival_at
from dossier.estimate.model import Median
from dossier.estimate.proportions import proportion_limits
from dossier.estimate.restricted_mean import restricted_mean
from dossier.units import Duration

REFERENCE = Path(__file__).parents[1] / "reference"

# The toy cohort of the Kaplan-Meier tests: months, event.
TOY = [
    (1.2, 1), (1.8, 1), (1.9, 1), (2.1, 1), (2.8, 1), (3.4, 1), (3.6, 1), (4.1, 0), (5.5, 1),
    (5.6, 1), (6.8, 0), (7.4, 1), (9.2, 1), (11, 0), (13.5, 1), (15.1, 0), (16, 1), (20.2, 0),
    (22.1, 0), (24, 0),
]  # fmt: skip


def rows(name):
    with (REFERENCE / "r" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return None if text == "NA" else float(text)


def agree(found, row, columns, *, rtol):
    """Compare with the columns of a row; None only with NA."""
    expected = [number(row[column]) for column in columns]
    one, other = ([np.nan if x is None else x for x in side] for side in (found, expected))
    np.testing.assert_allclose(one, other, rtol=rtol, atol=1e-14, equal_nan=True)


def grouped(file, key):
    groups = defaultdict(list)
    for row in csv.DictReader(file):
        time = row["days"] if "days" in row else row["time"]
        groups[row[key]].append((float(time), int(row["event"]), row["arm"]))
    return {name: tuple(map(np.array, zip(*each, strict=True))) for name, each in groups.items()}


@pytest.fixture(scope="module")
def cohorts():
    with (REFERENCE / "km_cohorts.csv").open(newline="") as file:
        return grouped(file, "cohort")


@pytest.fixture(scope="module")
def trials():
    with gzip.open(REFERENCE / "kmdata_patients.csv.gz", "rt", newline="") as file:
        return grouped(file, "name")


@pytest.fixture(scope="module")
def lung():
    """The lung data of R's survival package: days, death, female."""
    data = pytest.importorskip("lifelines.datasets").load_lung()
    assert (len(data), data["time"].sum(), data["status"].sum()) == (228, 69593, 165)
    columns = (data["time"], data["status"] == 1, data["sex"] == 2)
    return tuple(column.to_numpy() for column in columns)


def test_made_with_a_version_of_r_that_is_written_down():
    assert "survival 3.5.3" in (REFERENCE / "r" / "session.txt").read_text(encoding="ascii")


def some_of_lung(lung, group):
    days, died, female = lung
    chosen = {"male": ~female, "female": female}.get(group, np.ones(days.size, dtype=bool))
    return days[chosen], died[chosen]


class TestKaplanMeier:
    def test_three_types_of_limits_at_four_levels(self, lung):
        checked = 0
        for row in rows("kaplan_meier.csv"):
            name, _, group = row["data"].partition(" ")
            days, event = zip(*TOY, strict=True) if name == "toy" else some_of_lung(lung, group)
            curve = kaplan_meier(
                days, event, limits=row["limits"], confidence=float(row["confidence"])
            )
            agree(quantile(curve), row, ("median", "median_lower", "median_upper"), rtol=1e-13)
            found = survival_at(curve, float(row["time"]))
            agree(found[:3], row, ("survival", "lower", "upper"), rtol=1e-12)
            checked += 1
        assert checked == 132


class TestRestrictedMean:
    def test_of_each_group_and_their_difference(self, lung):
        for row in rows("restricted_mean.csv"):
            name, _, group = row["data"].partition(" ")
            if name != "lung":
                continue
            tau = float(row["tau"])
            columns = ("estimate", "lower", "upper")
            if group == "female less male":
                curves = [kaplan_meier(*some_of_lung(lung, sex)) for sex in ("female", "male")]
                asked = Estimation(restricted_mean=Duration(tau, "days"))
                found = difference_in_restricted_means(*curves, asked).difference
                agree((found.estimate, found.lower, found.upper), row, columns, rtol=1e-12)
                continue
            found = restricted_mean(kaplan_meier(*some_of_lung(lung, group)), tau)
            agree((found.estimate, found.variance**0.5), row, ("estimate", "standard_error"),
                  rtol=1e-12)  # fmt: skip
            # R does not keep the limits within 0 and the horizon.
            upper = min(number(row["upper"]), tau)
            assert (found.lower, found.upper) == pytest.approx((number(row["lower"]), upper))

    def test_of_the_small_cohorts(self, cohorts):
        checked = 0
        for row in rows("restricted_mean.csv"):
            if not row["data"].startswith("lung"):
                days, event, _ = cohorts[row["data"]]
                found = restricted_mean(kaplan_meier(days, event), float(row["tau"]))
                agree((found.estimate, found.variance**0.5), row, ("estimate", "standard_error"),
                      rtol=1e-12)  # fmt: skip
                checked += 1
        assert checked == 133


class TestCumulativeIncidence:
    def test_incidence_standard_error_and_limits(self, cohorts):
        checked = 0
        for row in rows("cumulative_incidence.csv"):
            days, event, _ = cohorts[row["data"]]
            third = np.arange(1, days.size + 1) % 3 == 0
            kinds = (event == 1) & ~third, (event == 1) & third
            own, other = kinds if row["cause"] == "1" else kinds[::-1]
            curve = cumulative_incidence(days, own, other)
            place = np.searchsorted(curve.times, float(row["time"]), side="right") - 1
            estimate, variance = (
                (curve.incidence[place], curve.variance[place]) if place >= 0 else (0.0, 0.0)
            )
            assert estimate == pytest.approx(number(row["cuminc"]), abs=1e-14)
            agree((estimate, variance**0.5), row, ("estimate", "standard_error"), rtol=1e-9)
            found = incidence_at(curve, float(row["time"]), 0.95)
            if found.lower is not None:
                agree((found.lower, found.upper), row, ("lower", "upper"), rtol=1e-9)
            checked += 1
        assert checked == 388

    def test_cuminc_has_another_variance_of_the_same_size(self, cohorts):
        """Gray's package estimates the variance by Aalen's formula; it is not this one."""
        ratios = [
            number(row["cuminc_variance"]) ** 0.5 / number(row["standard_error"])
            for row in rows("cumulative_incidence.csv")
            if number(row["standard_error"]) and row["data"] == "ref000"
        ]
        assert min(ratios) > 1.0
        assert max(ratios) < 1.1


class TestTwoArms:
    def test_hazard_ratio_log_rank_landmark_and_median(self, lung, trials):
        checked = 0
        for row in rows("two_arms.csv"):
            days, event, arm = lung if row["data"] == "lung" else trials[row["data"]]
            own = arm if row["data"] == "lung" else arm == row["arm"]
            found = compare_arms(days, event, own)
            agree((found.hazard_ratio, found.lower, found.upper), row,
                  ("hazard_ratio", "lower", "upper"), rtol=1e-8)  # fmt: skip
            agree((found.log_rank_chi2, found.log_rank_p), row, ("log_rank_chi2", "log_rank_p"),
                  rtol=1e-9)  # fmt: skip
            curves = [kaplan_meier(days[side], event[side]) for side in (own, ~own)]
            medians = (Median(*quantile(curve), reached=True) for curve in curves)
            gain = difference_in_medians(*medians, "own", "other")
            columns = ("median_gain", "median_gain_lower", "median_gain_upper")
            agree((gain.estimate, gain.lower, gain.upper), row, columns, rtol=1e-12)
            landmark = Duration(float(row["time"]), "days")
            apart = difference_in_survival(*curves, landmark, 0.95)
            agree((apart.estimate, apart.lower, apart.upper), row,
                  ("difference", "difference_lower", "difference_upper"), rtol=1e-9)  # fmt: skip
            checked += 1
        assert checked == 103


def test_limits_of_proportions():
    for row in rows("proportions.csv"):
        counts = int(row["events"]), int(row["n"])
        for method in ("clopper-pearson", "wilson", "jeffreys"):
            columns = [f"{method.replace('-', '_')}_{side}" for side in ("lower", "upper")]
            found = proportion_limits(*counts, method, confidence=float(row["confidence"]))
            agree(found, row, columns, rtol=1e-9)


def test_one_common_rate():
    tests = set()
    for row in rows("one_rate.csv"):
        events, n = ([int(x) for x in row[name].split()] for name in ("events", "n"))
        found = heterogeneity(events, n)
        tests.add(found.test)
        assert found.chi2 == pytest.approx(number(row["chi2"]), rel=1e-12)
        if number(row["exact_p"]) is not None:
            assert found.test == "exact"
            assert found.p_value == pytest.approx(number(row["exact_p"]), rel=1e-9)
        elif found.test == "chi-square":
            assert found.p_value == pytest.approx(number(row["chi_square_p"]), rel=1e-12)
    assert tests == {"exact", "chi-square"}
