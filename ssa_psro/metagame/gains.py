"""What each policy of a table gains over its side's mixture, with errors: who could deviate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.intervals import CONFIDENCE, Interval, student_quantile
from ssa_psro.metagame.payoffs import PayoffTable


@dataclass(frozen=True, eq=False)
class Gains:
    """Payoff of every policy of one side less its mixture's, both against the other mixture.

    Attributes:
        mean: ``[k]``; below zero, what the policy regrets.
        error: standard error with the mixtures held fixed, paired by episode, ``[k]``.
        count: episodes behind each, ``[k]``; of unequal cells the harmonic mean, weighted by
            share of the variance.
    """

    mean: Floats
    error: Floats
    count: NDArray[np.int64]

    def low(self, confidence: float = CONFIDENCE) -> Floats:
        """Lower Student t bound of each gain, ``[k]``."""
        return self.mean - student_quantile(self.count, confidence) * self.error

    def high(self, confidence: float = CONFIDENCE) -> Floats:
        """Upper Student t bound of each gain, ``[k]``."""
        return self.mean + student_quantile(self.count, confidence) * self.error

    def intervals(self, confidence: float = CONFIDENCE) -> tuple[Interval, ...]:
        """One interval a policy; each covers alone, not all together."""
        bounds = zip(
            self.mean.tolist(),
            self.low(confidence).tolist(),
            self.high(confidence).tolist(),
            self.count.tolist(),
            strict=True,
        )
        return tuple(Interval(*bound) for bound in bounds)


def gains_of(table: PayoffTable, row: Floats, column: Floats, side: int) -> Gains:
    """Gain of every pure deviation of one side.

    Args:
        table: of two episodes or more between every policy and each that the mixtures play.
        row: probabilities of the row policies, ``[n]``.
        column: probabilities of the column policies, ``[m]``.
        side: 0 for the row player's deviations, 1 for the column player's.

    Raises:
        UsageError: fewer than two episodes of a policy against one that the mixture plays.
    """
    mean, influence, count = table.mean[..., side], table.influence[..., side], table.count
    own, other = (row, column) if side == 0 else (column, row)
    if side == 1:
        mean, influence, count = mean.T, influence.swapaxes(0, 1), count.T
    mine, met = np.flatnonzero(own), np.flatnonzero(other)
    if (count[:, met] < 2).any():
        cure = "Play more episodes, or impute."
        fault = Fault("episodes", int(count[:, met].min()), "an error needs two or more", cure)
        raise UsageError("payoff table", [fault])
    weight = other[met]
    scores = mean[:, met] @ weight
    against = np.einsum("ije,j->ie", influence[:, met], weight)
    paired = against - own[mine] @ against[mine]
    return Gains(
        mean=scores - own[mine] @ scores[mine],
        error=np.sqrt((paired**2).sum(axis=1)),
        count=_counts((influence[:, met] ** 2).sum(axis=2), count[:, met], own, weight),
    )


def regret_interval(
    table: PayoffTable, row: Floats, column: Floats, confidence: float = CONFIDENCE
) -> Interval:
    """Restricted exploitability of two mixtures in the game behind the table.

    *Upper bound*: the mean over both sides of the greatest Student t bound of any deviation. The
    truly best deviation is one of them and exceeds its own bound rarely, so there is nothing to
    correct for their number. Ties among deviations and mixtures chosen on the same episodes put
    it on the safe side (simulated by ``ssa_psro.benchmarks.interval_coverage``).

    *Lower bound*: the same from below, at the level divided by the number of deviations, because
    the greatest of many estimates is too great.

    Args:
        table: of two episodes or more in every cell.
        row: probabilities of the row policies, ``[n]``.
        column: probabilities of the column policies, ``[m]``.
        confidence: two-sided level of the statement; the error rate is shared by the two sides.

    Returns:
        the interval; its mean is the plug-in figure, about 0 at a Nash equilibrium of the table.
    """
    sides = [gains_of(table, row, column, side) for side in (0, 1)]
    joint = (1 + confidence) / 2
    bounds = [side_bounds(gains, joint) for gains in sides]
    mean, low, high = (float(np.mean(values)) for values in zip(*bounds, strict=True))
    return Interval(mean, low, high, min(int(gains.count.min()) for gains in sides))


def side_bounds(gains: Gains, confidence: float) -> tuple[float, float, float]:
    """Greatest gain of one side, and its lower and upper bound; never below zero."""
    each = 1 - (1 - confidence) / gains.mean.size
    greatest = (gains.mean, gains.low(each), gains.high(confidence))
    mean, low, high = (max(0.0, float(values.max())) for values in greatest)
    return mean, low, high


def _counts(
    variance: Floats, count: NDArray[np.int64], own: Floats, weight: Floats
) -> NDArray[np.int64]:
    """Harmonic means of the counts ``[k]``, weighted by the variance each cell adds to a gain."""
    squares = weight**2
    played = own > 0
    shares = []
    for part in (variance, variance / np.maximum(count, 1)):
        mixture = (own[played] ** 2) @ part[played] @ squares
        shares.append((1 - 2 * own) * (part @ squares) + mixture)
    total, spread = shares
    fallback = count.min(axis=1).astype(np.float64)
    mean = np.divide(total, spread, out=fallback, where=spread > 1e-300)
    return np.asarray(np.minimum(np.floor(mean + 1e-9), count.max()), dtype=np.int64)
