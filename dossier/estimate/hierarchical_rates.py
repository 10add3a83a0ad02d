"""Response rates of several groups under one hierarchical model, by numerical integration.

The number of responders of a group is binomial; the logits of the rates are normal around a common
mean with a common standard deviation, the heterogeneity; the mean has a normal prior, the
heterogeneity a half-normal one. With that every posterior is an integral over three numbers, done
here on a grid: no sampling, so the same data give the same figures to the last digit.

All three grids have one spacing. Equally spaced sums are as good as exact for the smooth, fading
functions met here once the spacing is below their width (Trefethen and Weideman, SIAM Rev 2014;
56: 385-458): it is kept at no more than the standard error of a logit from all patients together,
the narrowest thing there is. At heterogeneity 0 all groups lie on the mean, which is on the grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.fft import irfft, rfft
from numpy.typing import ArrayLike, NDArray

from dossier.estimate.special import expit, log_expit, logit, ndtr

__all__ = ["Posterior", "posteriors"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Prior of the mean logit: centre and standard deviation of the logit of a rate of which nothing is
# known (a uniform one), pi / sqrt(3) wide.
PRIOR_MEAN, PRIOR_SD = 0.0, np.pi / 3**0.5

# Logits beyond these are rates of less than one in three million, or more than all but that.
FARTHEST_LOGIT = 15.0
# Standard deviations of its prior over which the mean, and the heterogeneity, are integrated.
PRIOR_REACH = 6.0
COARSEST_STEP = 0.05


@dataclass(frozen=True, eq=False)
class Posterior:
    """Posterior of the rates of all groups, under one prior of the heterogeneity.

    Parameters
    ----------
    scale
        Scale of the half-normal prior of the heterogeneity.
    mean, lower, upper
        Posterior mean and equal-tailed credible limits, shape (groups,).
    above
        Posterior probability that the rate exceeds each threshold, shape (thresholds, groups).
    heterogeneity
        Posterior mean of the heterogeneity, the standard deviation of the logits.
    """

    scale: float
    mean: FloatArray
    lower: FloatArray
    upper: FloatArray
    above: FloatArray
    heterogeneity: float


def posteriors(
    events: ArrayLike,
    n: ArrayLike,
    scales: Sequence[float],
    thresholds: Sequence[float] = (),
    confidence: float = 0.95,
) -> list[Posterior]:
    """Estimate the rates of all groups together, once for each prior of the heterogeneity.

    Parameters
    ----------
    events, n : array_like of int, shape (groups,)
        Responders and patients; a group without patients gets what the others say of it.
    scales
        Scales of the half-normal prior, on the logit scale: the main one and those that show how
        much depends on it.
    thresholds
        Rates, between 0 and 1, to exceed.
    confidence
        Level of the credible limits.

    Raises
    ------
    ValueError
        Arrays of different shape; events below 0 or above `n`; a scale that is not positive; a
        threshold or a confidence outside (0, 1).

    References
    ----------
    Thall et al., Stat Med 2003; 22: 763-780, doi:10.1002/sim.1399; Berry et al., Clin Trials 2013;
    10: 720-734, doi:10.1177/1740774513497539. Half-normal priors: Neuenschwander et al., Pharm Stat
    2016; 15: 123-134, doi:10.1002/pst.1730.
    """
    x, total = np.asarray(events, dtype=np.int64), np.asarray(n, dtype=np.int64)
    if x.ndim != 1 or x.shape != total.shape:
        raise ValueError("events and n must be one-dimensional and of equal length")
    if not ((x >= 0) & (x <= total)).all():
        raise ValueError("events must lie between 0 and the number of patients")
    if not scales or min(scales) <= 0:
        raise ValueError("scales must be positive")
    if not all(0 < share < 1 for share in (*thresholds, confidence)):
        raise ValueError("thresholds and confidence must lie between 0 and 1")
    # The narrowest likelihood is that of all patients at a rate of one half: 2 / sqrt(n).
    step = min(COARSEST_STEP, min(scales) / 2, 2 / max(int(total.sum()), 1) ** 0.5)
    grid = _Grid.of(step, max(scales))
    likelihood = _likelihood(x, total, grid.logits)
    marginal = grid.marginal(likelihood)
    return [
        _posterior(grid, likelihood, marginal, scale, tuple(thresholds), confidence)
        for scale in scales
    ]


@dataclass(frozen=True, eq=False)
class _Grid:
    """Nodes for the logits of the groups, for their mean and for the heterogeneity."""

    step: float
    logits: FloatArray
    means: FloatArray
    heterogeneities: FloatArray

    @classmethod
    def of(cls, step: float, widest_scale: float) -> _Grid:
        def symmetric(reach: float) -> FloatArray:
            count = int(np.ceil(reach / step))
            return np.arange(-count, count + 1, dtype=np.float64) * step

        count = int(np.ceil(PRIOR_REACH * widest_scale / step))
        return cls(
            step,
            symmetric(FARTHEST_LOGIT),
            PRIOR_MEAN + symmetric(PRIOR_REACH * PRIOR_SD),
            np.arange(count + 1, dtype=np.float64) * step,
        )

    @cached_property
    def _length(self) -> int:
        """Length of the transforms: all distances between a logit and a mean fit in it."""
        return 1 << (len(self.logits) + len(self.means)).bit_length()

    @cached_property
    def _transformed_kernel(self) -> FloatArray:
        """Transform of the density of a logit around its mean, shape (taus, frequencies).

        The density depends on the distance only, so that summing over it is a convolution; it is
        even, so that its transform is real.
        """
        farthest = len(self.logits) // 2 + len(self.means) // 2
        apart = np.arange(farthest + 1) * self.step
        tau = self.heterogeneities[1:, None]
        density = np.zeros((len(self.heterogeneities), self._length))
        density[0, 0] = 1  # without heterogeneity all groups lie on the mean
        density[1:, : farthest + 1] = np.exp(-0.5 * (apart / tau) ** 2) * (
            self.step / tau / (2 * np.pi) ** 0.5
        )
        density[:, -farthest:] = density[:, farthest:0:-1]
        return np.asarray(rfft(density).real)

    @cached_property
    def _beyond(self) -> tuple[FloatArray, FloatArray]:
        """Probability of a logit below and above the grid, each of shape (taus, means).

        It stands at the ends of the grid, where the likelihood no longer changes.
        """
        edge = FARTHEST_LOGIT + self.step / 2
        below, above = (np.zeros((len(self.heterogeneities), len(self.means))) for _ in range(2))
        tau = self.heterogeneities[1:, None]
        below[1:] = ndtr((-edge - self.means) / tau)
        above[1:] = ndtr((self.means - edge) / tau)
        return below, above

    def marginal(self, likelihood: FloatArray) -> FloatArray:
        """Likelihood of each group given mean and heterogeneity, shape (groups, taus, means)."""
        transformed = rfft(likelihood, self._length)[:, None] * self._transformed_kernel
        first = len(self.logits) // 2 - len(self.means) // 2
        places = np.arange(first, first + len(self.means)) % self._length
        found: FloatArray = irfft(transformed, self._length)[..., places]
        below, above = self._beyond
        found += likelihood[:, :1, None] * below + likelihood[:, -1:, None] * above
        return found

    def predicted(self, weight: FloatArray) -> FloatArray:
        """Weight of each logit, from weights of mean and heterogeneity.

        `weight` has the shape (groups, taus, means), the result (groups, logits).
        """
        transformed = (rfft(weight, self._length) * self._transformed_kernel).sum(axis=1)
        first = len(self.means) // 2 - len(self.logits) // 2
        places = np.arange(first, first + len(self.logits)) % self._length
        found: FloatArray = np.maximum(irfft(transformed, self._length)[:, places], 0)
        below, above = self._beyond
        found[:, 0] += (weight * below).sum(axis=(1, 2))
        found[:, -1] += (weight * above).sum(axis=(1, 2))
        return found


def _likelihood(x: IntArray, n: IntArray, logits: FloatArray) -> FloatArray:
    """Binomial likelihood of each group along the logits, its largest value 1."""
    others = n - x
    logarithm = x[:, None] * log_expit(logits) + others[:, None] * log_expit(-logits)
    likelihood: FloatArray = np.exp(logarithm - logarithm.max(axis=1, keepdims=True))
    return likelihood


def _posterior(
    grid: _Grid,
    likelihood: FloatArray,
    marginal: FloatArray,
    scale: float,
    thresholds: tuple[float, ...],
    confidence: float,
) -> Posterior:
    tau, mu = grid.heterogeneities, grid.means
    prior = -0.5 * ((mu - PRIOR_MEAN) / PRIOR_SD) ** 2 - 0.5 * (tau[:, None] / scale) ** 2
    # The half-normal is one half of a smooth function: its first node counts half.
    prior[0] -= np.log(2)
    logs = np.log(np.maximum(marginal, np.finfo(float).tiny))
    joint = prior + logs.sum(axis=0)
    weight = np.exp(joint - joint.max())
    # What the other groups say of mean and heterogeneity, shape (groups, taus, means).
    others = joint - logs
    others = np.exp(others - others.max(axis=(1, 2), keepdims=True))
    density = grid.predicted(others) * likelihood
    density /= density.sum(axis=1, keepdims=True)
    tail = (1 - confidence) / 2
    curves = [_Distribution(grid.logits, row) for row in density]
    return Posterior(
        scale=scale,
        mean=density @ expit(grid.logits),
        lower=np.array([expit(curve.quantile(tail)) for curve in curves]),
        upper=np.array([expit(curve.quantile(1 - tail)) for curve in curves]),
        above=np.array(
            [[1 - curve.below(float(logit(t))) for curve in curves] for t in thresholds]
        ).reshape(len(thresholds), len(curves)),
        heterogeneity=_mean_heterogeneity(tau, weight.sum(axis=1), grid.step),
    )


def _mean_heterogeneity(tau: FloatArray, weight: FloatArray, step: float) -> float:
    """Mean over the nodes; tau itself is not smooth across 0, so the sum needs a correction."""
    return float((weight @ tau + step / 6 * weight[0]) / weight.sum())


class _Distribution:
    """A smooth distribution known at equally spaced points; between them a cubic."""

    def __init__(self, points: FloatArray, mass: FloatArray) -> None:
        self._points, self._mass = points, mass
        # The mass of a point stands for the cell around it; half of it lies below. The first two
        # corrections of Euler and Maclaurin take the slope and the third derivative into account.
        padded = np.pad(mass, 2)
        one, two = padded[3:-1] - padded[1:-3], padded[4:] - padded[:-4]
        slope, third = (8 * one - two) / 12, (two - 2 * one) / 2
        self._below = np.clip(mass.cumsum() - mass / 2 - slope / 12 + third / 720, 0, 1)

    def below(self, value: float) -> float:
        """Probability of a smaller value."""
        step = self._points[1] - self._points[0]
        at = (value - self._points[0]) / step
        place = int(np.clip(np.floor(at), 0, len(self._points) - 2))
        return self._between(place, min(max(at - place, 0.0), 1.0))

    def quantile(self, probability: float) -> float:
        """The value that is exceeded with one less this probability."""
        place = int(np.searchsorted(self._below, probability)) - 1
        place = min(max(place, 0), len(self._points) - 2)
        low, high = 0.0, 1.0
        while low < (middle := (low + high) / 2) < high:
            if self._between(place, middle) < probability:
                low = middle
            else:
                high = middle
        step = self._points[1] - self._points[0]
        return float(self._points[place] + low * step)

    def _between(self, place: int, share: float) -> float:
        """Hermite's cubic through two points with the density as slope."""
        before, after = self._below[place], self._below[place + 1]
        rise, end = self._mass[place], self._mass[place + 1]
        t = share
        return float(
            before * (1 + 2 * t) * (1 - t) ** 2
            + rise * t * (1 - t) ** 2
            + after * t * t * (3 - 2 * t)
            + end * t * t * (t - 1)
        )
