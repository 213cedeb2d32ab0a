"""The baseline without a population: two PPO learners that train against each other.

Before every rollout each side's present network, without exploration, becomes the other side's
opponent for that rollout. What comes of it are the networks of the end. In games with cycles
self-play may run round them for ever; how exploitable its networks are, an audit measures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from stable_baselines3 import PPO

from ssa_psro.game import Command, CoverageGame, View
from ssa_psro.learn.isolation import isolated
from ssa_psro.learn.learning import learn
from ssa_psro.learn.ppo_training import learning_rate_of, model_of
from ssa_psro.learn.ppo_tuning import TUNING, PpoTuning
from ssa_psro.learn.ppo_weights import fresh_parameters, load_parameters, to_parameters
from ssa_psro.learn.training import Parameters, TrainingSettings
from ssa_psro.learn.training_env import TrainingEnv
from ssa_psro.policies import DoctrineNetwork
from ssa_psro.progress import Progress, untold
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario.schema import SIDES


@dataclass
class _Rival:
    """Plays what the other side's learner was before this rollout."""

    network: DoctrineNetwork
    name: str = "rival"
    constant: bool = field(default=False, init=False)

    def act(self, view: View) -> Command:
        return self.network.act(view)


@dataclass(frozen=True)
class _Learner:
    model: PPO
    rival: _Rival

    def present(self) -> DoctrineNetwork:
        return DoctrineNetwork("present", to_parameters(self.model.policy))


def self_play(
    game: CoverageGame,
    settings: TrainingSettings,
    seed: int,
    *,
    tuning: PpoTuning = TUNING,
    progress: Progress = untold,
) -> tuple[Parameters, Parameters]:
    """Blue's and Red's network. Equal arguments give equal parameters.

    Args:
        game: what is played.
        settings: the scenario's; ``decisions`` are those of each side in the whole training.
        seed: root of all randomness.
        tuning: what the settings leave open.
        progress: told the share of the training done.

    Raises:
        UsageError: the training diverged.
    """
    rollout = game.decisions * settings.environments
    rollouts = math.ceil(settings.decisions / rollout)
    with isolated(derive_seed(seed, "self-play")) as small_seed:
        starts = [_fresh(game, side, settings, seed, tuning) for side in (0, 1)]
        learners = [
            _learner(game, side, starts, settings, (seed, small_seed), tuning) for side in (0, 1)
        ]
        for number in range(rollouts):
            _meet(learners)
            rate = learning_rate_of(settings, tuning)(1.0 - number / rollouts)
            for learner in learners:
                learner.model.lr_schedule = partial(_always, rate)
                learn(learner.model, rollout, None, settings.learning_rate, go_on=True)
            progress((number + 1) / rollouts)
        blue, red = (to_parameters(learner.model.policy) for learner in learners)
    return blue, red


def _always(rate: float, remaining: float) -> float:
    return rate


def _meet(learners: Sequence[_Learner]) -> None:
    """Each side's opponent becomes the other side's learner as it is now."""
    present = [learner.present() for learner in learners]
    for learner, network in zip(learners, reversed(present), strict=True):
        learner.rival.network = network


def _fresh(
    game: CoverageGame, side: int, settings: TrainingSettings, seed: int, tuning: PpoTuning
) -> Parameters:
    own = derive_seed(seed, "initialisation", side)
    return fresh_parameters(game, settings.hidden, tuning.log_std, own)


def _learner(
    game: CoverageGame,
    side: int,
    starts: Sequence[Parameters],
    settings: TrainingSettings,
    seeds: tuple[int, int],
    tuning: PpoTuning,
) -> _Learner:
    """The learner of one side. Seeds are the root's, and a small one for the generators."""
    seed, small_seed = seeds
    rival = _Rival(DoctrineNetwork("start", starts[1 - side]))
    env = TrainingEnv(game, settings.environments, SIDES[side], rival, tuning.reward_scale)
    model = model_of(env, settings, tuning, small_seed)
    load_parameters(model.policy, starts[side])
    env.seed(derive_seed(seed, "episodes", side))
    return _Learner(model, rival)
