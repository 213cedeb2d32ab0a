"""What a payoff table says about a pair of mixtures."""

from __future__ import annotations

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.gains import gains_of
from ssa_psro.metagame.intervals import CONFIDENCE, Interval, student_quantile
from ssa_psro.metagame.payoffs import PayoffTable


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
    as it says in simulation (``ssa_psro.benchmarks.interval_coverage``).

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
    if (table.count[used] < 2).any():
        cure = "Play more episodes, or impute."
        fault = Fault("episodes", int(table.count[used].min()), "an error needs two or more", cure)
        raise UsageError("payoff table", [fault])
    weight = weights[used]
    influence = weight[:, None] * table.influence[..., side][used]
    error = float(np.sqrt((influence.sum(axis=0) ** 2).sum()))
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
    only_best = np.eye(scores.size)[best]
    row, column = (only_best, opponent) if side == 0 else (opponent, only_best)
    may_be = np.flatnonzero(gains_of(table, row, column, side).high(confidence) >= 0)
    return sorted({*may_be.tolist(), best})  # rounding must not lose the best itself
