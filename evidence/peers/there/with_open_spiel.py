"""OpenSpiel: its linear programme, NashConv by its compiled code, and ``psro_v2``."""

from __future__ import annotations

from time import process_time
from typing import Any

import numpy as np
import pyspiel

PACKAGES = ("open_spiel", "numpy")


def nash(task: dict[str, Any]) -> tuple[Any, Any]:
    """``lp_solver.solve_zero_sum_matrix_game``; making the games is not measured."""
    from open_spiel.python.algorithms import lp_solver

    games = [pyspiel.create_matrix_game(np.array(one), -np.array(one)) for one in task["games"]]

    def run() -> tuple[Any, int]:
        return [lp_solver.solve_zero_sum_matrix_game(one) for one in games], len(games)

    def told(found: Any) -> Any:
        return [[np.ravel(one[0]).tolist(), np.ravel(one[1]).tolist()] for one in found]

    return run, told


def nash_conv(task: dict[str, Any]) -> tuple[Any, Any]:
    """``pyspiel.nash_conv``."""
    game = pyspiel.load_game_as_turn_based(task["game"])
    policy = pyspiel.TabularPolicy(
        {label: [tuple(one) for one in row] for label, row in task["policy"].items()}
    )

    def run() -> tuple[Any, int]:
        for _ in range(task["repeats"]):
            found = pyspiel.nash_conv(game, policy, True)
        return found, task["repeats"]

    return run, float


def psro_exact(task: dict[str, Any]) -> tuple[Any, Any]:
    """``psro_v2`` with exact best responses and Nash mixtures, otherwise its example's defaults."""
    from open_spiel.python import policy
    from open_spiel.python.algorithms import exploitability, policy_aggregator
    from open_spiel.python.algorithms.psro_v2 import best_response_oracle, psro_v2

    game = pyspiel.load_game_as_turn_based(task["game"])
    players = (0, 1)

    def measured(solver: Any) -> float:
        mixed = policy_aggregator.PolicyAggregator(game).aggregate(
            players, solver.get_policies(), solver.get_meta_strategies()
        )
        return float(exploitability.nash_conv(game, mixed))

    def run() -> tuple[Any, int]:
        np.random.seed(1)  # noqa: NPY002  psro_v2 draws from the global generator
        begun = process_time()
        oracle = best_response_oracle.BestResponseOracle(game=game, policy=None)
        solver = psro_v2.PSROSolver(
            game,
            oracle,
            initial_policies=[policy.TabularPolicy(game) for _ in players],
            training_strategy_selector="probabilistic",
            rectifier="",
            sims_per_entry=task["table_episodes"],
            number_policies_selected=1,
            meta_strategy_method="nash",
            sample_from_marginals=True,
            symmetric_game=False,
        )
        curve = []
        for iteration in range(task["iterations"] + 1):
            if iteration:
                solver.iteration()
            reached = process_time()
            curve.append((reached - begun, measured(solver)))
            begun += process_time() - reached
        return curve, 1

    return run, lambda curve: curve


WORKS = {"nash": nash, "nash-conv": nash_conv, "psro-exact": psro_exact}
