"""Arms without a population: learners that play against each other as they are, measured exactly.

What PSRO must beat at equal steps (Rudolph et al., ICLR 2026): PPO in self-play, ordinary, with a
high entropy bonus, or as magnetic mirror descent. An iteration is as many steps as one of PSRO.
"""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import Any

from ssa_psro.experiments.plan import Plan
from ssa_psro.experiments.setting_up import SetUp
from ssa_psro.experiments.summary import NOT_TRAINED, Row
from ssa_psro.games.protocol import ExactGame
from ssa_psro.learn.algorithms.ppo import PpoSettings
from ssa_psro.learn.self_play import self_play


def alone_rows(plan: Plan, ready: SetUp, settings: PpoSettings, seed: int) -> list[Row]:
    """A row for every iteration, from 0: the networks after so many iterations' steps.

    The columns are those of :func:`~ssa_psro.experiments.summary.iteration_rows`; what a
    population alone has is empty.

    Args:
        plan: what is run.
        ready: the game.
        settings: of the learners; ``steps`` are those of an iteration.
        seed: of the run.
    """
    measured = _Measured(ready.game, settings.steps, plan.iterations, 1 if plan.shared else 2)
    self_play(
        ready.game,
        replace(settings, steps=settings.steps * plan.iterations),
        seed,
        (ready.initial[0].policy, ready.initial[1].policy),
        shared=plan.shared,
        watch=measured,
    )
    return measured.rows


class _Measured:
    """Rows of the moments at which an iteration's steps are done."""

    def __init__(self, game: ExactGame[Any], steps: int, iterations: int, learners: int) -> None:
        self.rows = list[Row]()
        self._game, self._steps, self._learners = game, steps, learners
        self._iterations = iterations
        self._begun, self._measuring_s = perf_counter(), 0.0

    def __call__(self, decisions: int, episodes: int, policies: tuple[Any, Any]) -> None:
        # a rollout may be longer than an iteration, and the last one longer than what is left
        while len(self.rows) <= self._iterations and decisions >= self._steps * len(self.rows):
            now = perf_counter()
            spent_s = now - self._begun - self._measuring_s if self.rows else 0.0
            found = self._game.deviations(*policies)
            self._measuring_s += perf_counter() - now  # PSRO's is not counted, either
            known = self.rows[-1]["best_exploitability"] if self.rows else found.exploitability
            self.rows.append(
                {
                    "iteration": len(self.rows),
                    "steps": self._learners * decisions,
                    "episodes": episodes,
                    "wall_s": spent_s,
                    "solve_s": 0.0,
                    "train_s": spent_s,
                    "start_s": 0.0,
                    "exploitability": found.exploitability,
                    "best_exploitability": min(known, found.exploitability),
                    "value": found.value,
                    "entropy": None,
                    "support": None,
                    **NOT_TRAINED,
                }
            )
