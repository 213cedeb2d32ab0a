"""nashpy: its linear programme."""

from __future__ import annotations

from typing import Any

import nashpy
import numpy as np

PACKAGES = ("nashpy", "scipy", "numpy")


def nash(task: dict[str, Any]) -> tuple[Any, Any]:
    """``linear_program`` of every game."""
    games = [nashpy.Game(np.array(one)) for one in task["games"]]

    def run() -> tuple[Any, int]:
        return [one.linear_program() for one in games], len(games)

    return run, lambda found: [[np.ravel(side).tolist() for side in one] for one in found]


WORKS = {"nash": nash}
