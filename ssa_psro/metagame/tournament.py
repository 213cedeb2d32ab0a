"""Everybody against everybody, and what follows from it, with intervals on all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.bootstrap import EquilibriumIntervals, bootstrap_equilibrium
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.judge import Judge, Mapper, P, map_in_turn
from ssa_psro.metagame.mixtures import value_interval
from ssa_psro.metagame.payoffs import PayoffTable, play_missing
from ssa_psro.metagame.solvers import Equilibrium, Solver
from ssa_psro.metagame.variance import common_seed_reduction, seat_swap_reduction, swap_seats


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


@dataclass(frozen=True, eq=False)
class Tournament:
    """A finished tournament.

    Attributes:
        table: payoffs of all against all; of a symmetric game, averaged over both seats.
        seats_swapped: whether they are.
        equilibrium: of the table.
        intervals: of the equilibrium, from resampled episodes.
        standings: of the row and of the column player's seat, best ``overall`` first.
        common_seed_reduction: share of the variance of payoff differences between policies that
            playing all cells on the same episodes removed, for the row and the column player.
        seat_swap_reduction: share of the variance of a payoff that swapping seats removed, at an
            equal number of games; ``None`` where seats were not swapped.
    """

    table: PayoffTable
    seats_swapped: bool
    equilibrium: Equilibrium
    intervals: EquilibriumIntervals
    standings: tuple[tuple[Standing, ...], tuple[Standing, ...]]
    common_seed_reduction: tuple[float, float]
    seat_swap_reduction: float | None


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
        _refuse(list(names), "a tournament needs two policies", "Name another one.")
    doubles = sorted({name for name in names if list(names).count(name) > 1})
    if doubles:
        _refuse(doubles, "named more than once", "Name every policy once.")
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
        symmetric: both seats are the same game, so that each pair's two cells are averaged.
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


def _refuse(value: object, problem: str, cure: str) -> None:
    raise UsageError("tournament", [Fault("policies", value, problem, cure)])
