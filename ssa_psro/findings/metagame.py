"""The meta-game: payoffs of all against all, who is played how often, and the equilibrium."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ssa_psro.findings.iterations import is_best
from ssa_psro.findings.table import (
    BEST,
    COUNT,
    ITERATION,
    SIDE,
    SIDES,
    Column,
    Table,
    Value,
    interval_columns,
    make_table,
    numbers_of,
)
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.psro.records import BOTH, IterationRecord

FINAL = "final"
"""Stands for an iteration in the table of mixtures: the equilibrium of the last payoff table."""

SHOWN = 0.005
"""A policy that is never played more often than this is left out of the figures of mixtures."""

Mixtures = tuple[Sequence[Interval], Sequence[Interval]]


def payoff_table(payoffs: PayoffTable, mixtures: Mixtures) -> Table:
    """Every cell of the meta-game, paid to either side.

    Args:
        payoffs: rows are Blue's policies; an unplayed cell has no numbers.
        mixtures: how often each of Blue's and of Red's policies is played at equilibrium.
    """
    what = "payoff to the paid side"
    columns = (
        Column("paid", "", "the side whose payoff it is"),
        Column("blue_policy", "", "policy of Blue"),
        Column("red_policy", "", "policy of Red"),
        *interval_columns("payoff", what),
        COUNT,
        Column("blue_probability", "", "how often Blue plays its policy at equilibrium"),
        Column("red_probability", "", "how often Red plays its policy at equilibrium"),
    )
    return make_table("payoffs", "Payoffs of all against all", columns, _cells(payoffs, mixtures))


def mixture_table(
    records: Sequence[IterationRecord],
    best: IterationRecord | None,
    payoffs: PayoffTable,
    final: Mixtures,
    *,
    shared: bool = False,
) -> Table:
    """How often each policy is played: in every iteration, and in the end."""
    columns = (
        ITERATION,
        SIDE,
        Column("policy", "", "its name; a policy joins the iteration after it was trained"),
        Column("probability", "", "how often it is played"),
        BEST,
    )
    rows: list[tuple[Value, ...]] = [
        (str(record.iteration), side.side, policy, probability, is_best(record, best))
        for record in records
        for side in record.populations
        for policy, probability in zip(side.names, side.mixture, strict=True)
    ]
    rows += [(FINAL, *one, share.mean, False) for *one, share in _final(payoffs, final, shared)]
    return make_table("mixtures", "Mixtures by iteration", columns, rows)


def final_mixture_table(
    best: IterationRecord | None, payoffs: PayoffTable, final: Mixtures, *, shared: bool = False
) -> Table:
    """The equilibrium of the last payoff table with intervals, beside the best iterate's."""
    columns = (
        SIDE,
        Column("policy", "", "its name"),
        *interval_columns("", "how often it is played at the equilibrium of the last payoffs"),
        COUNT,
        Column("best_iterate", "", "how often the best iterate plays it; empty without one"),
    )
    rows = [
        (side, policy, *numbers_of(share), share.count, _probability(best, side, policy))
        for side, policy, share in _final(payoffs, final, shared)
    ]
    return make_table("final-mixture", "Equilibrium of the last payoff table", columns, rows)


def often_played(table: Table, column: str) -> list[str]:
    """The policies of ``table`` whose number in ``column`` ever exceeds ``SHOWN``."""
    pairs = zip(table.values("policy"), table.numbers(column), strict=True)
    often = {policy for policy, share in pairs if share > SHOWN}
    return [policy for policy in table.unique("policy") if policy in often]


def _final(
    payoffs: PayoffTable, final: Mixtures, shared: bool
) -> Iterator[tuple[str, str, Interval]]:
    """Side, policy and how often it is played in the end; once, of a shared population."""
    sides = (BOTH,) if shared else SIDES
    for side, policies, mixture in zip(sides, (payoffs.rows, payoffs.columns), final, strict=False):
        yield from ((side, *one) for one in zip(policies, mixture, strict=True))


def _probability(record: IterationRecord | None, side: str, policy: str) -> float | None:
    """How often a record's mixture plays a policy; ``None`` without a record."""
    if record is None:
        return None
    played = next(one for one in record.sides if one.side == side)
    return dict(zip(played.names, played.mixture, strict=True)).get(policy, 0.0)


def _cells(payoffs: PayoffTable, mixtures: Mixtures) -> Iterator[tuple[Value, ...]]:
    low, high = payoffs.bounds()
    for side, name in enumerate(SIDES):
        for i, row in enumerate(payoffs.rows):
            for j, column in enumerate(payoffs.columns):
                count = int(payoffs.count[i, j])
                cell = (payoffs.mean[i, j, side], low[i, j, side], high[i, j, side])
                known = [float(number) if count > 1 else None for number in cell]
                shares = (mixtures[0][i].mean, mixtures[1][j].mean)
                yield (name, row, column, *known, count, *shares)
