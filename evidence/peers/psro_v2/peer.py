"""OpenSpiel's ``psro_v2`` with deep Q-learning, unchanged; tells how far each iteration has come.

A script of its own for an interpreter that has what ``psro_v2`` needs: it imports nothing of this
package. The game is Leduc poker and the oracle DQN; all other settings are the defaults of
OpenSpiel's ``psro_v2_example.py`` unless options say otherwise. ``--describe`` tells versions and
settings instead, as JSON.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib.metadata import version
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pyspiel
from open_spiel.python import policy, rl_environment
from open_spiel.python.algorithms import exploitability, policy_aggregator
from open_spiel.python.algorithms.psro_v2 import psro_v2, rl_oracle, rl_policy

GAME = "leduc_poker"
AGENT: dict[str, Any] = {
    "hidden_layers_sizes": [256] * 4,
    "batch_size": 32,
    "learning_rate": 1e-2,
    "update_target_network_every": 1000,
    "learn_every": 10,
    "optimizer_str": "adam",
}
ORACLE: dict[str, Any] = {"self_play_proportion": 0.0, "sigma": 0.0}
SOLVER: dict[str, Any] = {
    "training_strategy_selector": "probabilistic",
    "rectifier": "",
    "number_policies_selected": 1,
    "prd_iterations": 50000,
    "prd_gamma": 1e-10,
    "sample_from_marginals": True,
    "symmetric_game": False,
}
PACKAGES = ("open_spiel", "jax", "flax", "optax", "numpy")
PLAYERS = (0, 1)


class CountingOracle(rl_oracle.RLOracle):  # type: ignore[misc]
    """OpenSpiel's oracle; it notes how much it plays.

    Attributes:
        episodes: in which somebody learned.
        steps: decisions of those who learned.
    """

    episodes = 0
    steps = 0

    def _rollout(self, game: Any, agents: list[Any], **unused: Any) -> None:
        learner = next(agent for agent in agents if not agent.is_frozen())
        before = learner._policy.step_counter
        super()._rollout(game, agents, **unused)
        self.episodes += 1
        self.steps += learner._policy.step_counter - before - 1  # the end counts as a step there


def run(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """A row before the first iteration and one after each; what measuring takes does not count."""
    random.seed(options.seed)
    np.random.seed(options.seed)  # noqa: NPY002  psro_v2 draws from the global generators
    begun = np.array([perf_counter(), process_time()])
    game = pyspiel.load_game_as_turn_based(GAME)
    oracle, agents = _responder(rl_environment.Environment(game), options.episodes)
    solver = psro_v2.PSROSolver(
        game,
        oracle,
        initial_policies=agents,
        meta_strategy_method=options.meta_solver,
        sims_per_entry=options.table_episodes,
        **SOLVER,
    )
    mixtures = Mixtures(game)
    for iteration in range(options.iterations + 1):
        if iteration:
            solver.iteration()
        reached = np.array([perf_counter(), process_time()])
        wall_s, cpu_s = (reached - begun).tolist()
        yield {
            "iteration": iteration,
            "wall_s": wall_s,
            "cpu_s": cpu_s,
            "episodes_per_player": oracle.episodes / len(PLAYERS),
            "steps_per_player": oracle.steps / len(PLAYERS),
            "table_episodes": options.table_episodes * (iteration + 1) ** 2,
            "nash_conv": mixtures.nash_conv(solver),
        }
        begun += np.array([perf_counter(), process_time()]) - reached


class Mixtures:
    """Measures meta-mixtures as the example does, but asks each frozen network only once.

    Attributes:
        game: OpenSpiel's.
        tables: what the policies of each player play at each of his information states.
    """

    def __init__(self, game: Any) -> None:
        self.game = game
        self.tables: tuple[list[Any], ...] = tuple([] for _ in PLAYERS)

    def nash_conv(self, solver: Any) -> float:
        """Of the mixtures that the solver has come to."""
        for player, (tables, found) in enumerate(
            zip(self.tables, solver.get_policies(), strict=True)
        ):
            tables += [
                policy.tabular_policy_from_callable(self.game, one, players=[player])
                for one in found[len(tables) :]
            ]
        mixed = policy_aggregator.PolicyAggregator(self.game).aggregate(
            PLAYERS, self.tables, solver.get_meta_strategies()
        )
        return float(exploitability.nash_conv(self.game, mixed))


def _responder(env: Any, episodes: int) -> tuple[CountingOracle, list[Any]]:
    """The oracle, and an untrained agent a player to begin with."""
    settings = {
        "state_representation_size": env.observation_spec()["info_state"][0],
        "num_actions": env.action_spec()["num_actions"],
        **AGENT,
    }
    kind = rl_policy.DQNPolicy
    oracle = CountingOracle(env, kind, settings, number_training_episodes=episodes, **ORACLE)
    agents = [kind(env, player, **settings) for player in PLAYERS]
    for agent in agents:
        agent.freeze()
    return oracle, agents


def main() -> None:
    """Print a line of CSV an iteration; what OpenSpiel prints goes to the error stream."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--iterations", type=int, default=7)
    parser.add_argument("--episodes", type=int, default=10_000, help="of training, a response")
    parser.add_argument("--table-episodes", type=int, default=1000, help="a new payoff")
    parser.add_argument("--meta-solver", default="alpharank")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--describe", action="store_true")
    options = parser.parse_args()
    if options.describe:
        told = {"agent": AGENT, "oracle": ORACLE, "solver": SOLVER}
        versions = {name: version(name) for name in PACKAGES}
        print(json.dumps({"versions": versions, "settings": told}))
        return
    out, writer = sys.stdout, None
    with redirect_stdout(sys.stderr):
        for row in run(options):
            if writer is None:
                writer = csv.DictWriter(out, row, lineterminator="\n")
                writer.writeheader()
            writer.writerow(row)
            out.flush()


if __name__ == "__main__":
    main()
