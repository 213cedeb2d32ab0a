"""Projected replicator dynamics (Lanctot et al., "A Unified Game-Theoretic Approach", 2017)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats
from ssa_psro.compiled import compiled, entry_point
from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers.equilibrium import (
    Argument,
    Equilibrium,
    as_bimatrix,
    describe,
    require,
    require_search,
    unit_scaled,
)

METHOD = "prd"
FIRST_WINDOW = 1024
"""Steps of the first average; each further one takes as many as all before it."""


def solve_prd(
    payoffs: ArrayLike,
    *,
    gamma: float = 1e-2,
    step: float = 0.5,
    tolerance: float = 2e-2,
    iterations: int = 4_000_000,
) -> Equilibrium:
    """Time average of the replicator dynamics held away from the edge of the simplex.

    1. Both players step along the replicator equation from where they are, at once.
    2. A mixture with a weight below gamma / n is moved to the nearest one without (Euclidean).
    3. Windows of doubling length are averaged until two in a row agree.

    What is claimed: every policy keeps at least gamma / n, and the average of the last window
    differs from that of the window before by at most ``tolerance`` (total variation). It is no
    Nash equilibrium: exploration costs the players something, and orbits end nowhere; ``gap``
    says how far off the average is.

    Args:
        payoffs: ``[n, m]`` or ``[n, m, 2]``.
        gamma: exploration, the total of all least weights, in (0, 1).
        step: time step, payoffs being scaled to [0, 1].
        tolerance: allowed difference between the last two windows, in either mixture.
        iterations: steps before giving up.

    Raises:
        UsageError: not a payoff array, or a number out of range.
        SolverError: the averages still move.
    """
    require_search(METHOD, tolerance, iterations)
    require(
        METHOD,
        [
            Argument("gamma", gamma, 0 < gamma < 1, "a number between 0 and 1"),
            Argument("step", step, 0 < step <= 1, "a number above 0, at most 1"),
        ],
    )
    game = as_bimatrix(payoffs)
    # orbits may have no limit where their averages have one. The latest half of the run has left
    # behind how it began, and windows of such unlike lengths hardly agree by chance
    before: tuple[Floats, Floats] | None = None
    for done, averages in _windows(unit_scaled(game)[0], step, gamma):
        drift = np.inf if before is None else _variation(before, averages)
        if drift <= tolerance:
            told = {"iterations": done, "gamma": gamma, "step": step, "tolerance": tolerance}
            return describe(game, *averages, METHOD, {**told, "drift": drift})
        if done * 2 > iterations:
            break
        before = averages
    raise SolverError(f"{METHOD}: after {done} steps the averages still move by {drift:.2e}")


def _variation(before: tuple[Floats, Floats], after: tuple[Floats, Floats]) -> float:
    """Total variation between mixtures, of the player that moved more."""
    return max(float(np.abs(a - b).sum()) / 2 for a, b in zip(before, after, strict=True))


def _windows(
    scaled: Floats, step: float, gamma: float
) -> Iterator[tuple[int, tuple[Floats, Floats]]]:
    """Steps done, and the averages of the latest half of them."""
    n, m = scaled.shape[:2]
    of_row, of_column = (
        np.ascontiguousarray(scaled[..., 0]),
        np.ascontiguousarray(scaled[..., 1].T),
    )
    row, column = np.full(n, 1 / n), np.full(m, 1 / m)
    done, length = 0, FIRST_WINDOW
    while True:
        averages = np.zeros(n), np.zeros(m)
        _advance(of_row, of_column, row, column, *averages, step, gamma, length)
        done += length
        yield done, averages
        length = done


@entry_point
def _advance(
    of_row: Floats,
    of_column: Floats,
    row: Floats,
    column: Floats,
    row_average: Floats,
    column_average: Floats,
    step: float,
    gamma: float,
    length: int,
) -> None:
    """Step both mixtures ``length`` times in place, and fill in their averages (given as zeros)."""
    row_payoffs, column_payoffs = np.empty(row.size), np.empty(column.size)
    for _ in range(length):
        _earnings(of_row, column, row_payoffs)
        _earnings(of_column, row, column_payoffs)
        _grow(row, row_payoffs, step)
        _grow(column, column_payoffs, step)
        raise_to_floor(row, gamma / row.size)
        raise_to_floor(column, gamma / column.size)
        for i in range(row.size):
            row_average[i] += row[i] / length
        for j in range(column.size):
            column_average[j] += column[j] / length


@compiled
def _earnings(payoffs: Floats, opponent: Floats, earned: Floats) -> None:
    for i in range(payoffs.shape[0]):
        total = 0.0
        for j in range(payoffs.shape[1]):
            total += payoffs[i, j] * opponent[j]
        earned[i] = total


@compiled
def _grow(mixture: Floats, payoffs: Floats, step: float) -> None:
    mean = 0.0
    for i in range(mixture.size):
        mean += mixture[i] * payoffs[i]
    for i in range(mixture.size):
        mixture[i] += step * mixture[i] * (payoffs[i] - mean)


@compiled
def raise_to_floor(mixture: Floats, least: float) -> None:
    """Move weights ``[n]`` of sum 1, in place, to the nearest that are all at least ``least``.

    Every weight above the floor is lowered by one amount; those that this would push below are
    set to the floor and the rest lowered on, until none is (Michelot 1986).

    Args:
        mixture: sums to 1; weights may be below the floor.
        least: the floor, below 1 / n.
    """
    # the nearest point keeps the differences of all weights above the floor (Kuhn and Tucker), so
    # one amount is taken off each; lowering only adds to those at the floor, so the loop ends
    before = -1
    while True:
        held, total = 0, 0.0
        for i in range(mixture.size):
            if mixture[i] <= least:
                mixture[i] = least
                held += 1
            total += mixture[i]
        if held == before:
            return
        before = held
        for i in range(mixture.size):
            if mixture[i] > least:
                mixture[i] -= (total - 1.0) / (mixture.size - held)
