"""What a payoff table says about a pair of mixtures, with errors: their worth, and who could gain.

All of it is linear in the means of the cells, the mixtures being held fixed. So its error follows
from the episodes themselves: what one episode adds to the sum, over all cells that played it. Luck
that the cells share, as they play the same seeds, is paired by that and not counted twice.
"""

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
    # cells that no mixture plays may be empty, and nan times a weight of 0 would be nan
    mine, met = np.flatnonzero(own), np.flatnonzero(other)
    if (count[:, met] < 2).any():
        cure = "Play more episodes, or impute."
        fault = Fault("episodes", int(count[:, met].min()), "an error needs two or more", cure)
        raise UsageError("payoff table", [fault])
    weight = other[met]
    scores = mean[:, met] @ weight
    # what each episode adds to a policy's payoff, less what it adds to the mixture's: squares of
    # these summed over the episodes are the variance of the difference, shared luck gone
    against = np.einsum("ije,j->ie", influence[:, met], weight)
    paired = against - own[mine] @ against[mine]
    return Gains(
        mean=scores - own[mine] @ scores[mine],
        error=np.sqrt((paired**2).sum(axis=1)),
        count=_counts((influence[:, met] ** 2).sum(axis=2), count[:, met], own, weight),
    )


@dataclass(frozen=True)
class Likeness:
    """How far a policy's payoffs are from those of the policy that it is most like.

    Attributes:
        name: of the other policy.
        distance: largest difference of their mean payoffs, over all opponents.
        bound: largest upper Student t bound of such a difference, paired by episode. Both are the
            same within a tolerance that exceeds it: a test of equivalence that has to be passed
            against every opponent needs no correction for their number (Berger 1982,
            Technometrics 24, 295). That the nearest of several is named is not corrected for.
    """

    name: str
    distance: float
    bound: float


def likeness(table: PayoffTable, place: int, others: int, side: int) -> Likeness:
    """Whom of a side's first policies another one is most like, by what it earns.

    Args:
        table: of two episodes or more in every cell.
        place: of the policy.
        others: so many first policies are compared with it, >= 1.
        side: 0 for row policies, 1 for column policies.
    """
    mean, influence, count = table.mean[..., side], table.influence[..., side], table.count
    if side == 1:
        mean, influence, count = mean.T, influence.swapaxes(0, 1), count.T
    apart = np.abs(mean[place] - mean[:others])
    error = np.sqrt(((influence[place] - influence[:others]) ** 2).sum(axis=2))
    common = np.minimum(count[place], count[:others])
    bounds = (apart + student_quantile(common) * error).max(axis=1)
    nearest = int(bounds.argmin())
    names = (table.rows, table.columns)[side]
    return Likeness(names[nearest], float(apart[nearest].max()), float(bounds[nearest]))


def _counts(
    variance: Floats, count: NDArray[np.int64], own: Floats, weight: Floats
) -> NDArray[np.int64]:
    """Harmonic means of the counts ``[k]``, weighted by the variance each cell adds to a gain."""
    # the gain of policy i is (row i less the mixture) times the opponents: cell (k, j) weighs
    # ((k is i) - own_k)² other_j² of the variance
    squares, weights = weight**2, (np.eye(own.size) - own) ** 2
    shares = [weights @ (part @ squares) for part in (variance, variance / np.maximum(count, 1))]
    # sum of v over sum of v / n: as many degrees of freedom as cells of n episodes each would have.
    # Rounding must not take one off a whole number; nor may a mean exceed the most there is
    total, spread = shares
    fallback = count.min(axis=1).astype(np.float64)
    mean = np.divide(total, spread, out=fallback, where=spread > 1e-300)
    return np.asarray(np.minimum(np.floor(mean + 1e-9), count.max()), dtype=np.int64)


def regret_interval(
    table: PayoffTable, row: Floats, column: Floats, confidence: float = CONFIDENCE
) -> Interval:
    """Restricted exploitability of two mixtures in the game behind the table.

    *Upper bound*: the mean over both sides of the greatest Student t bound of any deviation. The
    truly best deviation is one of them and exceeds its own bound rarely, so there is nothing to
    correct for their number. Ties among deviations and mixtures chosen on the same episodes put
    it on the safe side (simulated by ``evidence.interval_coverage``).

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
    mean, low, high = (float(np.maximum(values.max(), 0.0)) for values in greatest)
    return mean, low, high


def scores_against(table: PayoffTable, opponent: Floats, side: int) -> Floats:
    """Mean payoff of every policy of one side against the other side's mixture, ``[k]``.

    Args:
        table: with every cell played.
        opponent: probabilities of the other side's policies.
        side: 0 scores the rows, 1 the columns.
    """
    payoffs = table.mean[..., side]
    return np.asarray(payoffs @ opponent if side == 0 else opponent @ payoffs)


def value_interval(
    table: PayoffTable, row: Floats, column: Floats, side: int, confidence: float = CONFIDENCE
) -> Interval:
    """One side's expected payoff for these mixtures, held fixed, with its Student t interval.

    Where the mixtures are the Nash equilibrium of a zero-sum table, this is also an interval of
    the game's value: a small change of an optimal mixture does not change the value (envelope
    theorem), so that choosing them on the same episodes adds nothing to first order. It covers
    as it says in simulation (``evidence.interval_coverage``).

    Args:
        table: of two episodes or more in every cell that the mixtures play.
        row: probabilities of the row policies, ``[n]``.
        column: probabilities of the column policies, ``[m]``.
        side: whose payoff.
        confidence: two-sided level.

    Raises:
        UsageError: fewer than two episodes in such a cell.
    """
    return linear_interval(table, np.outer(row, column), side, confidence)


def linear_interval(
    table: PayoffTable, weights: Floats, side: int, confidence: float = CONFIDENCE
) -> Interval:
    """Student t interval of a weighted sum of cell means, the weights held fixed.

    Episodes that cells share are paired. Where cells hold different numbers of episodes, the
    degrees of freedom are those of their harmonic mean, weighted by share of the variance.

    Args:
        table: of two episodes or more wherever a weight is not zero.
        weights: of the cells, ``[n, m]``.
        side: 0 takes the row player's payoffs, 1 the column player's.
        confidence: two-sided level.

    Raises:
        UsageError: fewer than two episodes in a cell that counts.
    """
    used = weights != 0
    if not used.any():
        return Interval(0.0, 0.0, 0.0, int(table.count.min()))
    if (table.count[used] < 2).any():
        cure = "Play more episodes, or impute."
        fault = Fault("episodes", int(table.count[used].min()), "an error needs two or more", cure)
        raise UsageError("payoff table", [fault])
    weight = weights[used]
    influence = weight[:, None] * table.influence[..., side][used]
    error = float(np.sqrt((influence.sum(axis=0) ** 2).sum()))
    # the degrees of freedom, as in the counts of gains
    shares, counts = (influence**2).sum(axis=1), table.count[used]
    spread = float((shares / counts).sum())
    count = int(shares.sum() / spread + 1e-9) if spread > 0 else int(counts.min())
    mean = float(weight @ table.mean[..., side][used])
    half = float(student_quantile(count, confidence)) * error
    return Interval(mean, mean - half, mean + half, count)


def contenders(
    table: PayoffTable, opponent: Floats, side: int, confidence: float = CONFIDENCE
) -> list[int]:
    """Policies of one side that may be its best existing answer to the opponent's mixture.

    All but those whose paired shortfall behind the best score is significant. At a Nash
    equilibrium every supported policy scores the same, so the table alone can't tell the
    best: the contenders have to meet the mixture again on held-out episodes.

    Raises:
        UsageError: fewer than two episodes of a policy against one that the mixture plays.
    """
    scores = scores_against(table, opponent, side)
    best = int(scores.argmax())
    # gains over the best policy instead of over a mixture: how far behind it each one is
    only_best = np.eye(scores.size)[best]
    row, column = (only_best, opponent) if side == 0 else (opponent, only_best)
    may_be = np.flatnonzero(gains_of(table, row, column, side).high(confidence) >= 0)
    return sorted({*may_be.tolist(), best})  # rounding must not lose the best itself
