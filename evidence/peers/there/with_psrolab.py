"""psrolab: its PSRO loop on a matrix game with exact best responses and its Nash programme."""

from __future__ import annotations

from time import process_time
from typing import Any

import numpy as np
from psrolab import run_psro
from psrolab.eval import ProfileEvaluator
from psrolab.games import ExactMatrixOracle, MatrixGame, MatrixGameSim
from psrolab.meta_solvers import NashSolverLP

PACKAGES = ("psrolab", "scipy", "numpy")


def psro_exact(task: dict[str, Any]) -> tuple[Any, Any]:
    """Double oracle; NashConv is measured in a callback of the loop, and not counted."""
    payoffs = np.array(task["payoffs"])
    game = MatrixGame(payoffs=np.stack([payoffs, -payoffs]))

    def run() -> tuple[Any, int]:
        begun, curve = process_time(), []

        def measured(iteration: int, population: Any, mixtures: Any) -> dict[str, float]:
            nonlocal begun
            reached = process_time()
            # the loop calls this with the best responses to the mixtures already in the population
            row, column = (np.zeros(size) for size in payoffs.shape)
            for side, mixture in zip((row, column), mixtures, strict=True):
                who = 0 if side is row else 1
                for policy, weight in zip(population.policies[who], mixture, strict=False):
                    side[policy.index] += weight
            found = float((payoffs @ column).max() - (row @ payoffs).min())
            curve.append((reached - begun, found))
            begun += process_time() - reached
            return {"nash_conv": found}

        run_psro(
            MatrixGameSim(game),
            ExactMatrixOracle(game),
            NashSolverLP(),
            ProfileEvaluator(1),
            n_iterations=task["iterations"],
            callbacks=[measured],
        )
        return curve, 1

    return run, lambda curve: curve


WORKS = {"psro-exact": psro_exact}
