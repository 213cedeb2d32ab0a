"""What rivalry costs, and what a seat is worth: both by episodes that chose no policy.

Where a side is paid for what the other loses, both may come to hold less than they could. So an
equilibrium is played beside the pair of policies that holds most between them, the best of all
pairs in the payoff table. That pair is chosen on the table's episodes and judged on others, which
it shares with the equilibrium.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.game import CoverageGame
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.tournament import SeatDifference
from ssa_psro.policies import Policy, play
from ssa_psro.policies.match import batches
from ssa_psro.study.outcome import Attained, PriceOfRivalry
from ssa_psro.work import Workers

Pair = tuple[Policy, Policy]
"""Blue's policy and Red's."""

PlayPair = Callable[[Pair], Mapping[str, Floats]]
"""Plays a pair: one number an episode and side, ``[E, 2]``, by the name of the figure of merit."""


def pair_player(game: CoverageGame, seeds: Seeds, workers: Workers) -> PlayPair:
    """What plays pairs in the workers' threads, all of them on the same episodes."""

    def played(pair: Pair) -> dict[str, Floats]:
        batched = [seeds[some] for some in batches(game, seeds.size)]
        parts = [
            {"payoff": part.payoffs, "score": part.scores, **part.statistics}
            for part in workers.in_threads(partial(play, game, *pair), batched)
        ]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    return played


def prices_of_rivalry(
    table: PayoffTable,
    policies: tuple[Sequence[Policy], Sequence[Policy]],
    equilibria: Sequence[Pair],
    play_pair: PlayPair,
) -> list[PriceOfRivalry]:
    """What each equilibrium leaves of the scores that the best pair known has together.

    Args:
        table: with the scores of its episodes, as they were played.
        policies: its row and its column policies.
        equilibria: mixtures of both sides, as policies.
        play_pair: plays on episodes that are not the table's.

    Returns:
        One price an equilibrium; none where the table has no scores.
    """
    totals = table.total_score
    known = np.isfinite(totals)
    if not known.any():
        return []
    row, column = divmod(int(np.nanargmax(totals)), totals.shape[1])
    together = play_pair((policies[0][row], policies[1][column]))
    cooperative = _attained((table.rows[row], table.columns[column]), together)
    prices = []
    for equilibrium in equilibria:
        found = play_pair(equilibrium)
        prices.append(
            PriceOfRivalry(
                equilibrium=_attained(("equilibrium", "equilibrium"), found),
                cooperative=cooperative,
                price=share_lost(found["score"].sum(axis=1), together["score"].sum(axis=1)),
                pairs_known=int(known.sum()),
                pairs=known.size,
            )
        )
    return prices


def share_lost(total: Floats, most: Floats) -> Interval:
    """1 less the ratio of two means over the same episodes ``[E]``, by the delta method.

    Where there is nothing to lose, nothing is lost.
    """
    whole = float(most.mean())
    if whole == 0.0:
        return Interval(0.0, 0.0, 0.0, len(most))
    ratio = float(total.mean()) / whole
    # to first order the ratio errs by the mean of these, whose own mean is 0; pairing the episodes
    # takes the luck out that both plays share
    error = student_interval((total - ratio * most) / whole)
    return Interval(1 - ratio, 1 - ratio + error.low, 1 - ratio + error.high, error.count)


def seats_of(
    equilibrium: Pair, policies: Mapping[str, Policy], play_pair: PlayPair
) -> SeatDifference:
    """What Blue's seat is worth, by matches of equals.

    Args:
        equilibrium: both sides' mixtures, which are played in either seat.
        policies: by name, each of which is played against itself.
        play_pair: plays a pair.
    """
    blue, red = equilibrium
    both = [_gap(play_pair(pair)) for pair in ((blue, red), (red, blue))]
    return SeatDifference(
        policies={
            name: student_interval(_gap(play_pair((policy, policy))))
            for name, policy in policies.items()
        },
        mixture=student_interval((both[0] + both[1]) / 2),
    )


def _gap(found: Mapping[str, Floats]) -> Floats:
    """Payoff of Blue's seat above the mean of both, ``[E]``."""
    return np.asarray((found["payoff"][:, 0] - found["payoff"][:, 1]) / 2)


def _attained(names: tuple[str, str], found: Mapping[str, Floats]) -> Attained:
    def both(name: str) -> tuple[Interval, Interval]:
        return student_interval(found[name][:, 0]), student_interval(found[name][:, 1])

    return Attained(
        policies=names,
        payoff=both("payoff"),
        score=both("score"),
        custody=both("custody"),
        contested_custody=both("contested_custody"),
        total_score=student_interval(found["score"].sum(axis=1)),
    )
