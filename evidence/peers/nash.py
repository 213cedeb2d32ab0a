"""Equilibria of square zero-sum games by every solver.

Ours is ``nash-lp``, the default of runs. The accuracy is the widest gap of the mixtures that a
solver gives, worked out here for all of them, relative to the range of the payoffs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from evidence.peers.turns import Answer, Task, Told
from ssa_psro.metagame.solvers.equilibrium import as_bimatrix, relative_gap
from ssa_psro.metagame.solvers.nash_lp import solve_nash_lp

SIZES = (5, 20, 100)
ENTRIES = 2000
"""Payoffs in all games of a size together, about: large games are few."""


def task(size: int) -> Task:
    """Games with normal payoffs, the same for all."""
    rng = np.random.default_rng(size)
    games = max(1, min(30, ENTRIES // size**2))
    return {"work": "nash", "games": rng.normal(size=(games, size, size)).tolist()}


tasks = {size: partial(task, size) for size in SIZES}


def solve(task: Task) -> tuple[Callable[[], tuple[Answer, int]], Told]:
    """``nash-lp``, game by game."""
    games = [np.array(one) for one in task["games"]]

    def run() -> tuple[Answer, int]:
        return [solve_nash_lp(one) for one in games], len(games)

    return run, lambda found: [[one.row.tolist(), one.column.tolist()] for one in found]


def disagreement(size: int, ours: Any, theirs: Any) -> dict[str, float]:
    """The widest gap of both, and of the values of the games as both have them."""
    games = [np.array(one) for one in task(size)["games"]]
    gaps, values = [], []
    for side in (ours, theirs):
        pairs = [(np.array(row), np.array(column)) for row, column in side]
        gaps.append(
            max(
                relative_gap(as_bimatrix(game), *pair)
                for game, pair in zip(games, pairs, strict=True)
            )
        )
        values.append(
            [row @ game @ column for game, (row, column) in zip(games, pairs, strict=True)]
        )
    apart = float(np.abs(np.array(values[0]) - np.array(values[1])).max())
    return {"own_gap": gaps[0], "peer_gap": gaps[1], "values_apart": apart}
