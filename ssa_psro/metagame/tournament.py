"""Everybody against everybody, and what follows from it, with intervals on all of it.

All pairs play the same episodes, and where both sides are of one design payoffs are averaged over
the two seats. What this pairing buys, and how far the seats are from being one game, is measured on
the table itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.bootstrap import EquilibriumIntervals, bootstrap_equilibrium
from ssa_psro.metagame.estimates import linear_interval, value_interval
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.judge import Judge, P
from ssa_psro.metagame.payoffs import PayoffTable, play_missing
from ssa_psro.metagame.solvers import Equilibrium, Solver
from ssa_psro.work import Mapper, map_in_turn

TABLE = "payoff table"


@dataclass(frozen=True)
class Standing:
    """How one policy does in one seat.

    Attributes:
        policy: its name.
        overall: payoff against every opponent equally often.
        against_nash: payoff against the other seat's equilibrium mixture, which is held fixed.
    """

    policy: str
    overall: Interval
    against_nash: Interval


@dataclass(frozen=True)
class SeatDifference:
    """Payoff of the row player's seat above the mean of both seats, where equals meet in them.

    It is what averaging a pair over both seats takes off the one and adds to the other.

    Attributes:
        policies: by name, each against itself on the same episodes.
        mixture: both sides' equilibrium mixtures against each other, in either seat.
    """

    policies: Mapping[str, Interval]
    mixture: Interval


@dataclass(frozen=True, eq=False)
class Tournament:
    """A finished tournament.

    Attributes:
        table: payoffs of all against all; with swapped seats, averaged over both of them.
        seats_swapped: whether they are.
        equilibrium: of the table.
        intervals: of the equilibrium, from resampled episodes.
        standings: of the row and of the column player's seat, best ``overall`` first.
        common_seed_reduction: share of the variance of payoff differences between policies that
            playing all cells on the same episodes removed, for the row and the column player.
        seat_swap_reduction: share of the variance of a payoff that swapping seats removed, at an
            equal number of games; ``None`` where seats were not swapped.
        seats: what the row player's seat is worth.
    """

    table: PayoffTable
    seats_swapped: bool
    equilibrium: Equilibrium
    intervals: EquilibriumIntervals
    standings: tuple[tuple[Standing, ...], tuple[Standing, ...]]
    common_seed_reduction: tuple[float, float]
    seat_swap_reduction: float | None
    seats: SeatDifference

    @property
    def one_seat(self) -> bool:
        """Whether both players have one table, one mixture and one ranking."""
        return self.seats_swapped and bool(
            np.allclose(self.equilibrium.row, self.equilibrium.column, rtol=0, atol=1e-9)
        )


def play_tournament(
    names: Sequence[str],
    policies: Sequence[P],
    *,
    judge: Judge[P],
    seeds: Seeds,
    map_cells: Mapper = map_in_turn,
) -> PayoffTable:
    """Every policy in the row player's seat against every policy in the column player's.

    Args:
        names: of the policies, ``[n]``, all different.
        policies: the policies, ``[n]``.
        judge: plays one cell.
        seeds: the episodes of every cell, ``[E]``.
        map_cells: where the cells are played.

    Raises:
        UsageError: fewer than two policies, or a name twice.
    """
    if len(names) < 2:
        cure = "Name another one."
        _refuse("tournament", "policies", list(names), "a tournament needs two policies", cure)
    doubles = sorted({name for name in names if list(names).count(name) > 1})
    if doubles:
        cure = "Name every policy once."
        _refuse("tournament", "policies", doubles, "named more than once", cure)
    table = PayoffTable.unplayed(names, names, seeds)
    return play_missing(table, policies, policies, judge=judge, map_cells=map_cells)


def analyse_tournament(
    played: PayoffTable,
    solve: Solver,
    *,
    symmetric: bool,
    rng: np.random.Generator,
    resamples: int = 200,
) -> Tournament:
    """Solve a played tournament and say how sure everything is.

    Args:
        played: complete, of two policies or more on two episodes or more.
        solve: the meta-solver.
        symmetric: both sides are of one design, so that each pair's two cells are averaged: the
            game in which chance seats the players. ``Tournament.seats`` tells what that hides.
        rng: source of the resamples.
        resamples: how many tables are resampled and solved.

    Raises:
        SolverError: the solver could not certify an answer.
    """
    table = swap_seats(played) if symmetric else played
    equilibrium = solve(table.mean)
    return Tournament(
        table=table,
        seats_swapped=symmetric,
        equilibrium=equilibrium,
        intervals=bootstrap_equilibrium(table, solve, rng=rng, resamples=resamples),
        standings=(_standings(table, equilibrium, 0), _standings(table, equilibrium, 1)),
        common_seed_reduction=(
            common_seed_reduction(played, side=0),
            common_seed_reduction(played, side=1),
        ),
        seat_swap_reduction=seat_swap_reduction(played) if symmetric else None,
        seats=seat_difference(played, equilibrium.row, equilibrium.column),
    )


def _standings(table: PayoffTable, equilibrium: Equilibrium, side: int) -> tuple[Standing, ...]:
    """The policies of one seat, best first."""
    names, others = (table.rows, table.columns) if side == 0 else (table.columns, table.rows)
    nash = equilibrium.column if side == 0 else equilibrium.row
    everyone = np.full(len(others), 1 / len(others))

    def payoff(index: int, opponent: Floats) -> Interval:
        own = np.eye(len(names))[index]
        row, column = (own, opponent) if side == 0 else (opponent, own)
        return value_interval(table, row, column, side)

    standings = [
        Standing(name, payoff(index, everyone), payoff(index, nash))
        for index, name in enumerate(names)
    ]
    return tuple(sorted(standings, key=lambda standing: -standing.overall.mean))


def seat_difference(played: PayoffTable, row: Floats, column: Floats) -> SeatDifference:
    """What the row player's seat is worth in a table of the same policies in both seats.

    Args:
        played: two episodes or more in every cell, each pair as it was seated.
        row: the row player's mixture, ``[n]``.
        column: the column player's, ``[n]``.
    """
    gap = (played.samples[..., 0] - played.samples[..., 1]) / 2
    table = PayoffTable(played.rows, played.columns, played.seeds, np.stack([gap, -gap], axis=-1))
    both = np.outer(row, column)
    return SeatDifference(
        policies={
            name: value_interval(table, own, own, 0)
            for name, own in zip(played.rows, np.eye(len(played.rows)), strict=True)
        },
        mixture=linear_interval(table, (both + both.T) / 2, 0),
    )


def surely(difference: Interval, tolerance: float) -> bool:
    """Whether a difference is larger than ``tolerance``, and its interval excludes zero."""
    return abs(difference.mean) > tolerance and (difference.low > 0 or difference.high < 0)


def common_seed_reduction(table: PayoffTable, side: int = 0) -> float:
    """Share of the variance of payoff differences that common random numbers remove.

    Compares, over all pairs of this side's policies and all opponents, the variance of the
    paired difference x_i - x_k with the sum of the variances that independent episodes
    would give. 0: no gain; 0.75: a quarter of the episodes suffice; below 0: pairing hurts.

    Args:
        table: complete, with at least two policies of ``side``.
        side: 0 compares rows, 1 compares columns.

    Raises:
        UsageError: the table has gaps, or too few policies or episodes.
    """
    samples = _complete_samples(table)[..., side]
    samples = samples if side == 0 else samples.swapaxes(0, 1)
    policies = samples.shape[0]
    if policies < 2:
        _refuse(TABLE, "policies", policies, "a difference needs two", "Add a policy.")
    own = samples.var(axis=2, ddof=1).sum(axis=0)
    # over all pairs at once, without forming n² differences:
    # sum over pairs of var(x_i - x_k) = n * sum_i var(x_i) - var(sum_i x_i)
    paired = policies * own - samples.sum(axis=0).var(axis=1, ddof=1)
    unpaired = (policies - 1) * own
    return _reduction(float(paired.sum()), float(unpaired.sum()))


def swap_seats(table: PayoffTable) -> PayoffTable:
    """Average every pair over both seats, episode by episode; for sides of one design.

    Cell (i, j) becomes what policy i earns against j, half as row and half as column player
    of the same episode, so standard errors of the returned table hold as they stand. A
    zero-sum table comes back exactly antisymmetric, its diagonal exactly zero. Where a pair has
    more episodes in one seat, those that both have count.

    Raises:
        UsageError: rows and columns are not the same policies, or the table has gaps.
    """
    if table.rows != table.columns:
        problem, cure = "rows and columns differ", "Play one list of policies against itself."
        _refuse(TABLE, "rows", None, problem, cure)
    samples = table.samples
    averaged = (samples[..., 0] + samples[..., 1].swapaxes(0, 1)) / 2
    both = np.stack([averaged, averaged.swapaxes(0, 1)], axis=-1)
    swapped = PayoffTable(table.rows, table.columns, table.seeds, both)
    if not swapped.solvable:
        _refuse_gaps()
    return swapped


def seat_swap_reduction(table: PayoffTable) -> float:
    """Share of the variance that seat swap removes at an equal number of games played.

    Two games an episode, one in each seat, against two games on independent episodes in one
    seat. Pairs of different policies only: the diagonal is known without playing.

    Raises:
        UsageError: as :func:`swap_seats`.
    """
    swapped = swap_seats(table).variance[..., 0]
    # the mean of two independent games has half the variance of one, in either seat
    apart = (table.variance[..., 0] + table.variance[..., 1].T) / 2
    pairs = ~np.eye(len(table.rows), dtype=bool)
    return _reduction(float(swapped[pairs].sum()), float(apart[pairs].sum()) / 2)


def _reduction(now: float, before: float) -> float:
    return 1.0 - now / before if before > 0 else 0.0


def _complete_samples(table: PayoffTable) -> Floats:
    if not table.complete or len(table.seeds) < 2:
        _refuse_gaps()
    return table.samples


def _refuse_gaps() -> None:
    _refuse(TABLE, "table", None, "cells without two episodes", "Play every cell first.")


def _refuse(source: str, key: str, value: object, problem: str, cure: str) -> None:
    raise UsageError(source, [Fault(key, value, problem, cure)])
