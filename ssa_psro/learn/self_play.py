"""The baseline without a population: two PPO learners that train against each other, or one that
plays both seats against itself.

Before every rollout each side's present network, without exploration, becomes the other side's
opponent for that rollout. What comes of it are the networks of the end. In games with cycles
self-play may run round them for ever; how exploitable its networks are, an audit measures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic

import numpy as np

from ssa_psro.learn.algorithms.ppo import PpoAgent, PpoOracle, PpoSettings
from ssa_psro.learn.protocol import Game, Member, OracleRequest, Parameters
from ssa_psro.metagame.judge import P
from ssa_psro.progress import Progress, untold
from ssa_psro.randomness import derive_seed

if TYPE_CHECKING:
    from stable_baselines3 import PPO


@dataclass(frozen=True, eq=False)
class _Side(Generic[P]):
    """One learner: its agent, where it plays, and SB3's model of it."""

    agent: PpoAgent[P]
    env: Any
    model: PPO

    def parameters(self) -> Parameters:
        return self.agent.weights_of(self.model.policy)

    def present(self) -> P:
        """What it would play now, without exploration."""
        return self.agent.policy("present", self.parameters())


def self_play(
    game: Game[P],
    settings: PpoSettings,
    seed: int,
    initial: tuple[P, P],
    *,
    shared: bool = False,
    watch: Callable[[int, int, tuple[P, P]], None] = lambda decisions, episodes, policies: None,
    progress: Progress = untold,
) -> tuple[Parameters, Parameters]:
    """The row player's and the column player's network. Equal arguments give equal parameters.

    Args:
        game: what is played.
        settings: of both learners; ``steps`` are those of each side in the whole training.
        seed: root of all randomness.
        initial: any policy of each side; the learners meet each other at once.
        shared: one learner plays both seats of a game whose seats are alike.
        watch: told before every rollout, and at the end, how many decisions a side has played, how
            many episodes all learners have ended, and what both would play now.
        progress: told the share of the training done.

    Raises:
        UsageError: the training diverged.
    """
    from ssa_psro.learn.training import isolated, learn

    seats = (0,) if shared else (0, 1)
    agents = [_agent(game, settings, seed, side, initial) for side in seats]
    rollout = agents[0].rollout()
    rollouts = math.ceil(settings.steps / rollout)
    with isolated(derive_seed(seed, "self-play")) as small_seed:
        sides = [_side(agent, side, (seed, small_seed)) for side, agent in enumerate(agents)]
        for number in range(rollouts):
            watch(number * rollout, _episodes(sides), _meet(sides))
            rate = settings.learning_rate_at(1.0 - number / rollouts)
            for one in sides:
                one.model.lr_schedule = partial(_always, rate)
                learn(one.model, rollout, None, settings.learning_rate, go_on=True)
            progress((number + 1) / rollouts)
        watch(rollouts * rollout, _episodes(sides), _meet(sides))
        found = [one.parameters() for one in sides]
    return found[0], found[-1]


def _agent(
    game: Game[P], settings: PpoSettings, seed: int, side: int, initial: tuple[P, P]
) -> PpoAgent[P]:
    """PPO for one side, against the other's initial policy as long as it has met no other."""
    own, rival = Member("own", initial[side]), Member("rival", initial[1 - side])
    one = np.ones(1)
    request = OracleRequest(
        side, 1, "self-play", (rival,), one, (own,), one, np.zeros(1), "scratch", seed
    )
    agent = PpoOracle(game, settings, seed).agent(request)
    assert isinstance(agent, PpoAgent)
    return agent


def _side(agent: PpoAgent[P], side: int, seeds: tuple[int, int]) -> _Side[P]:
    """The learner of one side. Seeds are the root's, and a small one for the generators."""
    from ssa_psro.learn.networks import load_weights
    from ssa_psro.learn.training import quiet

    seed, small_seed = seeds
    start = agent.fresh(derive_seed(seed, "initialisation", side))
    env = agent.task.env(agent.settings.environments, agent.scale)
    model = quiet(agent.model(env, agent.settings.steps, 0, small_seed))
    load_weights(model.policy, start)
    env.seed(derive_seed(seed, "episodes", side))
    return _Side(agent, env, model)


def _meet(sides: Sequence[_Side[P]]) -> tuple[P, P]:
    """Each side's opponent becomes the other side's learner as it is now; what both play."""
    present = [one.present() for one in sides]
    for one, rival in zip(sides, reversed(present), strict=True):
        one.env.meet(rival)
    return present[0], present[-1]


def _episodes(sides: Sequence[_Side[P]]) -> int:
    return sum(one.env.episodes for one in sides)


def _always(rate: float, remaining: float) -> float:
    return rate
