"""pygambit (GPL, hence only ever in a process of its own): its linear programme in floats."""

from __future__ import annotations

from typing import Any

import numpy as np
import pygambit

PACKAGES = ("pygambit", "numpy")


def nash(task: dict[str, Any]) -> tuple[Any, Any]:
    """``lp_solve`` of every game; making the games is not measured."""
    games = [pygambit.Game.from_arrays(np.array(one), -np.array(one)) for one in task["games"]]

    def run() -> tuple[Any, int]:
        found = [pygambit.nash.lp_solve(one, rational=False).equilibria[0] for one in games]
        return found, len(games)

    def told(found: Any) -> Any:
        return [
            [
                [float(one[strategy]) for strategy in player.strategies]
                for player in one.game.players
            ]
            for one in found
        ]

    return run, told


WORKS = {"nash": nash}
