"""Baskets: the hierarchical model against brute-force integration, its limits, and the result."""

import numpy as np
import pytest
from cohorts import results
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial.legendre import leggauss
from scipy.special import betaincinv, expit, log_expit, logit

from dossier.estimate.hierarchical_rates import PRIOR_SD, posteriors

# Vemurafenib in BRAF V600: responders and patients by basket (Hyman et al., N Engl J Med 2015;
# 373: 726-736): lung, colorectal alone and with cetuximab, bile duct, histiocytosis, thyroid.
VEMURAFENIB = ([8, 0, 1, 1, 6, 2], [19, 10, 26, 8, 14, 7])
THRESHOLDS = (0.1, 0.2, 0.4)


def prior_nodes(scale):
    """160 Gauss-Legendre nodes each for the mean and for the heterogeneity."""
    nodes, weights = leggauss(160)
    mu, mu_weight = nodes * 6 * PRIOR_SD, weights * np.exp(-0.5 * (nodes * 6) ** 2)
    tau = (nodes + 1) / 2 * 7 * scale
    return mu[:, None], tau, np.outer(mu_weight, weights * np.exp(-0.5 * (tau / scale) ** 2))


def binomial(events, n, theta):
    return np.exp(events * log_expit(theta) + (n - events) * log_expit(-theta))


def brute_force(events, n, scale):
    """Mean of each rate and of the heterogeneity by another quadrature.

    Each basket's logit is the mean plus the heterogeneity times a standard normal deviate, in steps
    of 0.02.
    """
    mu, tau, prior = prior_nodes(scale)
    marginal = np.zeros((len(events), *prior.shape))
    first = np.zeros_like(marginal)
    for z in np.arange(-9, 9.001, 0.02):
        theta = mu + tau * z
        for j, counts in enumerate(zip(events, n, strict=True)):
            mass = binomial(*counts, theta) * np.exp(-z * z / 2)
            marginal[j] += mass
            first[j] += mass * expit(theta)
    joint = prior * marginal.prod(axis=0)
    joint /= joint.sum()
    marginal = np.maximum(marginal, np.finfo(float).tiny)  # where it is 0, so is the joint
    return (joint * first / marginal).sum(axis=(1, 2)), float((joint * tau).sum())


def chance_above(events, n, scale, threshold):
    """Chance that the first of two rates exceeds a threshold, by its own posterior density.

    Both logits are seen from the first: the mean lies a normal deviate from it, the other logit a
    second one from the mean. Every integrand is smooth, also where the heterogeneity vanishes.
    """
    nodes, weights = leggauss(60)
    tau = (nodes + 1) / 2 * 7 * scale
    tau_weight = weights * np.exp(-0.5 * (tau / scale) ** 2)
    z = np.arange(-7, 7.01, 0.2)
    phi = np.exp(-z * z / 2)

    def density(theta):
        total = 0.0
        for value, weight in zip(tau, tau_weight, strict=True):
            mu = theta - value * z
            other = binomial(events[1], n[1], mu[:, None] + value * z) @ phi
            total += weight * (phi * np.exp(-0.5 * (mu / PRIOR_SD) ** 2) * other).sum()
        return total * float(binomial(events[0], n[0], theta))

    def mass(low, high):
        half, middle = (high - low) / 2, (high + low) / 2
        return half * sum(
            weight * density(middle + half * node)
            for node, weight in zip(nodes, weights, strict=True)
        )

    edge = float(logit(threshold))
    below, above = mass(edge - 8, edge), mass(edge, edge + 8)
    return above / (below + above)


class TestAgainstBruteForce:
    @pytest.mark.parametrize(
        ("events", "n", "scale"),
        [
            pytest.param(*VEMURAFENIB, 1.0, id="vemurafenib"),
            pytest.param([0, 0, 0], [5, 9, 3], 2.0, id="no responders, wide prior"),
            pytest.param([4, 12], [4, 12], 1.0, id="only responders"),
            pytest.param([30, 2, 0], [120, 40, 1], 0.25, id="large beside small, narrow prior"),
        ],
    )
    def test_means_and_heterogeneity(self, events, n, scale):
        (found,) = posteriors(events, n, [scale])
        mean, heterogeneity = brute_force(events, n, scale)
        np.testing.assert_allclose(found.mean, mean, rtol=0, atol=2e-7)
        assert found.heterogeneity == pytest.approx(heterogeneity, rel=1e-5)

    @pytest.mark.parametrize("threshold", THRESHOLDS)
    def test_the_chance_to_exceed_a_threshold(self, threshold):
        (found,) = posteriors([5, 1], [19, 12], [1.0], [threshold])
        expected = chance_above([5, 1], [19, 12], 1.0, threshold)
        assert found.above[0, 0] == pytest.approx(expected, abs=1e-7)

    @pytest.mark.parametrize("confidence", [0.5, 0.95])
    def test_the_limits_enclose_the_share_they_say(self, confidence):
        (found,) = posteriors(*VEMURAFENIB, [1.0], [], confidence)
        tail = (1 - confidence) / 2
        for limits, share in ((found.lower, 1 - tail), (found.upper, tail)):
            (there,) = posteriors(*VEMURAFENIB, [1.0], limits.tolist())
            assert np.diag(there.above) == pytest.approx(np.full(6, share), abs=1e-9)

    def test_the_grid_is_fine_enough(self, monkeypatch):
        """A grid twice as fine changes nothing that is ever printed."""
        module = pytest.importorskip("dossier.estimate.hierarchical_rates")
        (found,) = posteriors(*VEMURAFENIB, [1.0], THRESHOLDS)
        monkeypatch.setattr(module, "COARSEST_STEP", module.COARSEST_STEP / 2)
        (finer,) = posteriors(*VEMURAFENIB, [1.0], THRESHOLDS)
        for name in ("mean", "lower", "upper", "above"):
            np.testing.assert_allclose(getattr(found, name), getattr(finer, name), atol=1e-7)


class TestShrinkage:
    def test_towards_each_other_and_more_with_a_narrower_prior(self):
        raw = np.divide(*map(np.array, VEMURAFENIB))
        narrow, middle, wide = posteriors(*VEMURAFENIB, [0.1, 1.0, 3.0])
        spreads = [np.ptp(found.mean) for found in (narrow, middle, wide)]
        assert spreads[0] < spreads[1] < spreads[2] < np.ptp(raw)
        assert narrow.heterogeneity < middle.heterogeneity < wide.heterogeneity

    def test_almost_one_common_rate_when_there_is_no_heterogeneity(self):
        """With next to none all baskets share one rate, its prior uniform in mean and spread."""
        (found,) = posteriors(*VEMURAFENIB, [0.05])
        assert np.ptp(found.mean) < 0.02
        assert found.mean.mean() == pytest.approx(18 / 84, abs=0.01)

    def test_a_large_basket_keeps_its_own_rate(self):
        (found,) = posteriors([400, 1], [1000, 10], [1.0])
        jeffreys = betaincinv([400.5, 400.5], [600.5, 600.5], [0.025, 0.975])
        assert found.mean[0] == pytest.approx(0.4, abs=0.001)
        assert [found.lower[0], found.upper[0]] == pytest.approx(jeffreys, abs=0.002)

    def test_small_baskets_are_drawn_more_than_large_ones(self):
        (found,) = posteriors([0, 0, 30], [3, 30, 60], [1.0])
        assert found.mean[0] > found.mean[1]

    @settings(max_examples=8)
    @given(
        st.lists(
            st.integers(1, 20).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
            min_size=2, max_size=6,
        ),
        st.randoms(use_true_random=False),
    )  # fmt: skip
    def test_order_and_exchange_of_success_and_failure(self, table, random):
        order = random.sample(range(len(table)), len(table))
        x, n = map(np.array, zip(*table, strict=True))
        (one,) = posteriors(x, n, [1.0], [0.3])
        (shuffled,) = posteriors(x[order], n[order], [1.0], [0.3])
        (mirrored,) = posteriors(n - x, n, [1.0], [0.7])
        np.testing.assert_allclose(shuffled.mean, one.mean[order], rtol=1e-9)
        np.testing.assert_allclose(mirrored.mean, 1 - one.mean, rtol=1e-9)
        np.testing.assert_allclose(mirrored.above, 1 - one.above, atol=1e-9)
        assert (one.lower < one.mean).all()
        assert (one.mean < one.upper).all()

    def test_one_responder_more_never_lowers_any_basket(self):
        (before,) = posteriors([2, 3, 1], [8, 10, 9], [1.0])
        (after,) = posteriors([2, 4, 1], [8, 10, 9], [1.0])
        assert (after.mean > before.mean).all()

    def test_the_same_figures_to_the_last_digit(self):
        one, other = (posteriors(*VEMURAFENIB, [1.0], THRESHOLDS)[0] for _ in range(2))
        for name in ("mean", "lower", "upper", "above"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


COHORT = {
    "patient_id": [f"p{k}" for k in range(25)],
    "tumour_type": ["lung"] * 12 + ["colon"] * 9 + ["bile duct"] * 3 + [""],
    "best_response": ["PR"] * 6 + ["SD"] * 6 + ["PD"] * 8 + ["PR", "SD", "PR", "PD", "PD"],
}


class TestResult:
    def baskets(self, frame=None, **asked):
        return results(frame or COHORT, settings={"estimation": {"baskets": asked}})["baskets"]

    def test_raw_beside_shrunken(self):
        found = self.baskets()
        assert [basket["label"] for basket in found["baskets"]] == ["lung", "colon", "bile duct"]
        assert found["missing"] == 1
        lung, colon, duct = found["baskets"]
        assert lung["raw"]["estimate"] == 0.5
        assert lung["shrunken"]["mean"] < 0.5
        assert colon["shrunken"]["mean"] > colon["raw"]["estimate"]
        thresholds = [each["threshold"] for each in duct["shrunken"]["above"]]
        assert thresholds == [0.1, 0.2, 0.4, 0.6]
        scales = [each["heterogeneity_scale"] for each in duct["sensitivity"]]
        assert scales == [0.25, 0.5, 2.0]

    def test_the_endpoint_and_the_prior_are_settings(self):
        found = self.baskets(endpoint="dcr", heterogeneity_scale=0.5, sensitivity_scales=[])
        assert found["baskets"][0]["raw"]["events"] == 12
        assert found["baskets"][0]["sensitivity"] == []
        assert found["heterogeneity_scale"] == 0.5

    def test_one_basket_cannot_borrow(self):
        found = self.baskets(COHORT | {"tumour_type": "lung"})
        assert found["reason"] == "fewer than two baskets with patients"
        assert "shrunken" not in found["baskets"][0]

    def test_off_unless_asked_for(self):
        assert "baskets" not in results(COHORT)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1], [1, 2], [1.0]), "equal length"),
        (([3], [2], [1.0]), "between 0"),
        (([1], [2], []), "positive"),
        (([1], [2], [0.0]), "positive"),
        (([1], [2], [1.0], [20]), "thresholds"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        posteriors(*arguments)
