"""The game as an object: start a batch of episodes, look, advance, score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ssa_psro.game import chance
from ssa_psro.game.command import Command
from ssa_psro.game.scoring import running_scores
from ssa_psro.game.state import State, new_state
from ssa_psro.game.turn import advance
from ssa_psro.game.view import View
from ssa_psro.game.world import build_world
from ssa_psro.geometry.arena import Arena


class CoverageGame:
    """The constellation coverage game of one arena, played in batches.

    Example::

        game = CoverageGame(build_arena(load_scenario("scenarios/quickstart.toml")))
        state = game.start(episode_seeds(0, "demo", count=8))
        while not game.done(state):
            game.advance(state, blue.act(game.view(state, 0)), red.act(game.view(state, 1)))
        game.payoffs(state)  # [8, 2]

    Attributes:
        arena: what is played on.
        world: the arena as the compiled rules read it.
        objects, sensors, candidates: N, S and C = N + 2 S.
        decisions: decisions in an episode.
    """

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self.world = build_world(arena)
        self.objects = len(arena.objects)
        self.sensors = int(self.world.threat.shape[2])
        self.candidates = self.objects + 2 * self.sensors
        self.decisions = arena.scenario.window.decisions
        self.zero_sum = arena.scenario.rules.payoff == "zero-sum"

    def start(self, seeds: NDArray[np.uint64]) -> State:
        """Begin one episode a seed, ``[B]``."""
        return new_state(self.world, seeds)

    def view(self, state: State, side: int) -> View:
        """What ``side`` (0 Blue, 1 Red) sees."""
        seeds = chance.branch(state.seed, chance.POLICY, side)
        return View(side, seeds, self.world, state)

    def advance(self, state: State, blue: Command, red: Command, steps: int | None = None) -> None:
        """Play ``steps`` steps in place (a decision interval unless told), to the end at most."""
        if steps is None:
            steps = self.arena.scenario.window.steps_per_decision
        advance(self.world, state, blue, red, 0, state.t.size, steps)

    def done(self, state: State) -> bool:
        """Whether the episodes are over; all of a batch end together."""
        return bool((state.t >= self.world.rules.steps).all())

    def scores(self, state: State) -> NDArray[np.float64]:
        """``[B, 2]`` each side's coverage score so far, in [0, 1]."""
        scores = np.empty((state.t.size, 2))
        running_scores(self.world, state, scores)
        return scores

    def payoffs(self, state: State) -> NDArray[np.float64]:
        """``[B, 2]`` what each side is paid so far: the score, less the other's if zero-sum."""
        scores = self.scores(state)
        return scores - scores[:, ::-1] if self.zero_sum else scores
