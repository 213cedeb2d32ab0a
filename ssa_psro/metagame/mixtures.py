"""What a payoff table says about a pair of mixtures."""

from __future__ import annotations

import numpy as np

from ssa_psro.metagame.intervals import CONFIDENCE, Interval, student_interval
from ssa_psro.metagame.judge import Floats
from ssa_psro.metagame.payoffs import PayoffTable


def scores_against(table: PayoffTable, opponent: Floats, side: int) -> Floats:
    """Mean payoff of every policy of one side against the other side's mixture, ``[k]``.

    Args:
        table: complete.
        opponent: probabilities of the other side's policies.
        side: 0 scores the rows, 1 the columns.
    """
    payoffs = table.mean[..., side]
    return np.asarray(payoffs @ opponent if side == 0 else opponent @ payoffs)


def value_interval(
    table: PayoffTable, row: Floats, column: Floats, side: int, confidence: float = CONFIDENCE
) -> Interval:
    """One side's expected payoff for these mixtures, held fixed, with its interval.

    The mixtures were chosen on the same episodes, which the interval does not cover; see
    :func:`~ssa_psro.metagame.bootstrap.bootstrap_equilibrium` for one that does.

    Raises:
        UsageError: fewer than two episodes.
    """
    samples = np.einsum("i,ije,j->e", row, table.samples[..., side], column)
    return student_interval(samples, confidence)


def contenders(
    table: PayoffTable, opponent: Floats, side: int, confidence: float = CONFIDENCE
) -> list[int]:
    """Policies of one side that may be its best existing answer to the opponent's mixture.

    All but those whose paired shortfall behind the best score is significant. At a Nash
    equilibrium every supported policy scores the same, so the table alone can't tell the
    best: the contenders have to meet the mixture again on held-out episodes.

    Raises:
        UsageError: fewer than two episodes.
    """
    samples = table.samples[..., side]
    formula = "ije,j->ie" if side == 0 else "ije,i->je"
    scores = np.einsum(formula, samples, opponent)
    best = int(scores.mean(axis=1).argmax())
    shortfalls = [student_interval(scores[best] - own, confidence) for own in scores]
    return [index for index, shortfall in enumerate(shortfalls) if shortfall.low <= 0]
