"""Learning dynamics whose averages approach an equilibrium: when to stop, and what to certify."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ssa_psro.arrays import Floats
from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers.equilibrium import Equilibrium, Parameters, describe, relative_gap

CHECK_EVERY = 64
"""Iterations between two looks at the gap, which costs as much as several iterations."""


class Averages(NamedTuple):
    """Average mixtures ``[n]`` and ``[m]`` after some iterations."""

    iterations: int
    row: Floats
    column: Floats


def first_within(
    game: Floats,
    averages: Iterator[Averages],
    method: str,
    *,
    tolerance: float,
    iterations: int,
    parameters: Parameters,
) -> Equilibrium:
    """The first averages whose relative Nash gap is within ``tolerance``.

    Args:
        game: payoffs ``[n, m, 2]``.
        averages: of a run that goes on for as long as it is asked.
        method: the solver's name.
        tolerance: allowed gap, relative to the range of the payoffs.
        iterations: where to give up.
        parameters: what else the solver was run with.

    Raises:
        SolverError: the gap is wider after all ``iterations``.
    """
    best = float("inf")
    for now in averages:
        gap = relative_gap(game, now.row, now.column)
        if gap <= tolerance:
            told = {"iterations": now.iterations, "tolerance": tolerance, **parameters}
            return describe(game, now.row, now.column, method, told)
        best = min(best, gap)
        if now.iterations >= iterations:
            break
    raise SolverError(
        f"{method}: after {iterations} iterations the relative gap was never below {best:.2e} "
        f"(allowed {tolerance:.0e}) on a {game.shape[0]} x {game.shape[1]} game"
    )
