"""Cumulative incidence: a table by hand, lifelines, and Kaplan-Meier without competition."""

from fractions import Fraction

import numpy as np
import pytest
from cohorts import date, results
from hypothesis import given
from hypothesis import strategies as st

from dossier.estimate.competing_risks import cumulative_incidence
from dossier.estimate.kaplan_meier import greenwood, kaplan_meier

PROGRESSION, DEATH, CENSORED = 1, 2, 0

# Ten patients: day and how it ended.
BY_HAND = [
    (10, PROGRESSION), (20, DEATH), (20, PROGRESSION), (30, CENSORED), (40, PROGRESSION),
    (50, DEATH), (60, CENSORED), (70, PROGRESSION), (80, CENSORED), (90, DEATH),
]  # fmt: skip


def incidence(patients, event=PROGRESSION):
    days, kind = map(np.array, zip(*patients, strict=True))
    return cumulative_incidence(days, kind == event, (kind != event) & (kind != CENSORED))


def by_definition(patients, day):
    """Incidence by summing survival before, times the share of those at risk with the event."""
    days = sorted({d for d, _ in patients if d <= day})
    survival, total = Fraction(1), Fraction(0)
    for d in days:
        n = sum(1 for other, _ in patients if other >= d)
        own = sum(1 for other, kind in patients if other == d and kind == PROGRESSION)
        events = sum(1 for other, kind in patients if other == d and kind != CENSORED)
        total += survival * Fraction(own, n)
        survival *= 1 - Fraction(events, n)
    return total


class TestByHand:
    def test_the_whole_table(self):
        found = incidence(BY_HAND)
        expected = {
            10: Fraction(1, 10),
            20: Fraction(1, 10) + Fraction(9, 10) * Fraction(1, 9),
            # 7 in 10 are left after day 20; on day 40 one of six.
            40: Fraction(1, 5) + Fraction(7, 10) * Fraction(1, 6),
            # Less a sixth, then a fifth: 7/15 are left; on day 70 one of three.
            70: Fraction(19, 60) + Fraction(7, 15) * Fraction(1, 3),
        }
        for day, share in expected.items():
            assert by_definition(BY_HAND, day) == share
            place = found.times.tolist().index(day)
            assert found.incidence[place] == pytest.approx(float(share), rel=1e-14)

    def test_both_incidences_and_the_survival_make_one(self):
        days, kind = map(np.array, zip(*BY_HAND, strict=True))
        survival = kaplan_meier(days, kind != CENSORED).survival
        both = incidence(BY_HAND).incidence + incidence(BY_HAND, DEATH).incidence
        np.testing.assert_allclose(both + survival, 1, rtol=1e-14)

    def test_censoring_the_dead_instead_finds_more(self):
        days, kind = map(np.array, zip(*BY_HAND, strict=True))
        naive = 1 - kaplan_meier(days, kind == PROGRESSION).survival
        assert (naive >= incidence(BY_HAND).incidence - 1e-15).all()
        assert naive[-1] > incidence(BY_HAND).incidence[-1] + 0.05


cohorts = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from([CENSORED, PROGRESSION, DEATH])),
    min_size=1, max_size=25,
)  # fmt: skip


@given(cohorts)
def test_by_definition(patients):
    found = incidence(patients)
    for day, share in zip(found.times, found.incidence, strict=True):
        assert share == pytest.approx(float(by_definition(patients, day)), abs=1e-14)


@given(cohorts)
def test_the_variance_term_by_term(patients):
    """The delta-method formula as printed, one sum for each time."""
    found = incidence(patients)
    days, kind = map(np.array, zip(*patients, strict=True))
    for place, total in enumerate(found.incidence):
        variance, survival = 0.0, 1.0
        for i, day in enumerate(found.times[: place + 1]):
            n, own = (days >= day).sum(), ((days == day) & (kind == PROGRESSION)).sum()
            events = ((days == day) & (kind != CENSORED)).sum()
            apart = total - found.incidence[i]
            if events < n:
                variance += apart**2 * events / (n * (n - events))
            variance += survival**2 * (n - own) * own / n**3
            variance -= 2 * apart * survival * own / n**2
            survival *= 1 - events / n
        assert found.variance[place] == pytest.approx(max(variance, 0), abs=1e-13)


@given(cohorts)
def test_without_competition_it_is_kaplan_meier_with_greenwood(patients):
    alone = [(day, kind) for day, kind in patients if kind != DEATH] or [(1, PROGRESSION)]
    days, kind = map(np.array, zip(*alone, strict=True))
    found, curve = incidence(alone), kaplan_meier(days, kind == PROGRESSION)
    np.testing.assert_allclose(found.incidence, 1 - curve.survival, atol=1e-14)
    inside = curve.survival > 0
    terms = greenwood(curve.at_risk, curve.events)[inside].cumsum()
    np.testing.assert_allclose(
        found.variance[inside], curve.survival[inside] ** 2 * terms, atol=1e-14
    )


@pytest.mark.filterwarnings("ignore")
def test_lifelines_agrees_away_from_ties():
    lifelines = pytest.importorskip("lifelines")
    rng = np.random.default_rng(5)
    days, kind = rng.exponential(200, 120), rng.integers(0, 3, 120)
    fitted = lifelines.AalenJohansenFitter().fit(days, kind, event_of_interest=PROGRESSION)
    found = cumulative_incidence(days, kind == PROGRESSION, kind == DEATH)
    index = fitted.cumulative_density_.index.to_numpy()
    for place in range(5, 120, 10):
        row = np.searchsorted(index, found.times[place], side="right") - 1
        assert found.incidence[place] == pytest.approx(fitted.cumulative_density_.iloc[row, 0])
        assert found.variance[place] == pytest.approx(fitted.variance_.iloc[row])


PATIENTS = {
    "patient_id": list("abcdef"),
    "treatment_start": date(0),
    "death_date": ["", "", date(90), "", "", ""],
}

VISITS = {
    "patient_id": list("abcdef"),
    "date": [date(d) for d in (60, 200, 50, 300, 320, 340)],
    "response": ["PD", "PD", "SD", "SD", "SD", "SD"],
}

ASKED = {"estimation": {"competing_risks": True}}


class TestEndpoint:
    """Six patients from visits and deaths: progression on days 60 and 200, death on day 90."""

    def endpoint(self, frame=None, visits=None, **settings):
        asked = {"estimation": ASKED["estimation"] | settings}
        found = results(frame or PATIENTS, visits=visits or VISITS, settings=asked)
        return found["endpoints"]["progression_incidence"]

    def test_deaths_compete(self):
        found = self.endpoint()
        assert (found["events"], found["competing_events"], found["censored"]) == (2, 1, 3)
        six_months = found["landmarks"][0]
        assert six_months["estimate"] == pytest.approx(1 / 6)
        assert six_months["death_without_progression"]["estimate"] == pytest.approx(1 / 6)
        assert six_months["at_risk"] == 4
        assert 0 < six_months["ci_lower"] < 1 / 6 < six_months["ci_upper"] < 1

    def test_beyond_follow_up(self):
        assert self.endpoint()["landmarks"][1]["reason"] == "beyond follow-up"

    def test_no_limits_before_anything_happened(self):
        found = self.endpoint(landmarks=["30 days"])["landmarks"][0]
        assert (found["estimate"], found["ci_lower"]) == (0, None)
        assert found["reason"].startswith("no limits")

    def test_given_times_do_not_say_which_event_it_was(self):
        frame = {"patient_id": list("abc"), "best_response": "SD", "pfs_days": [10, 20, 30],
                 "pfs_event": [1, 1, 0]}  # fmt: skip
        found = results(frame, settings=ASKED)["endpoints"]["progression_incidence"]
        assert found["reason"] == "time or kind of event not known for 2 of 3 patients"

    def test_only_where_asked(self):
        assert "progression_incidence" not in results(PATIENTS, visits=VISITS)["endpoints"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], [], []), "no patients"),
        (([1], [1, 0], [0, 0]), "equal length"),
        (([-1], [1], [0]), "not negative"),
        (([1], [1], [1]), "one event only"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        cumulative_incidence(*arguments)
