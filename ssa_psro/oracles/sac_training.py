"""Training one doctrine network against a fixed opponent by soft actor-critic.

SAC: Haarnoja et al., arXiv 1812.05905, as implemented in Stable-Baselines3.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from numpy.typing import NDArray
from stable_baselines3 import SAC

from ssa_psro.game import CoverageGame
from ssa_psro.oracles.diary import Diary
from ssa_psro.oracles.isolation import isolated
from ssa_psro.oracles.learning import learn, quiet
from ssa_psro.oracles.sac import SacTuning
from ssa_psro.oracles.sac_weights import load_parameters, network_options, to_parameters
from ssa_psro.oracles.training import Progress, Training
from ssa_psro.oracles.training_env import TrainingEnv
from ssa_psro.policies import Policy
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario.schema import SIDES, Oracle


def train(
    game: CoverageGame,
    side: int,
    opponent: Policy,
    start: Mapping[str, NDArray[Any]],
    settings: Oracle,
    seed: int,
    *,
    tuning: SacTuning,
    progress: Progress,
) -> Training:
    """Train a doctrine network for one side. Equal arguments give equal parameters.

    As with PPO each rollout is one whole episode in every environment; the gradient steps that
    it pays for follow it. Optimisers and memory start empty.

    Args:
        game: what is played.
        side: 0 trains Blue, 1 Red.
        opponent: plays the other side; a mixture draws a member for every episode.
        start: parameters to begin with, shaped as ``settings.hidden`` asks.
        settings: the scenario's.
        seed: root of all randomness.
        tuning: what the settings leave open.
        progress: told the share of the training done.

    Raises:
        UsageError: the training diverged.
    """
    env = TrainingEnv(game, settings.environments, SIDES[side], opponent, tuning.reward_scale)
    with isolated(derive_seed(seed, "sac")) as small_seed:
        model = model_of(env, settings, tuning, small_seed)
        load_parameters(model.policy, start)
        env.seed(derive_seed(seed, "episodes"))
        checkpoint = partial(to_parameters, model.policy)
        diary = Diary(settings.decisions, progress, model.actor, checkpoint)
        learn(model, settings.decisions, diary, settings.learning_rate)
        return diary.training(env.seconds)


def model_of(env: TrainingEnv, settings: Oracle, tuning: SacTuning, seed: int) -> SAC:
    """SB3's learner: updates after each whole episode of every environment, and no log."""
    steps = env.duel.episodes.game.decisions
    rollout = steps * settings.environments
    model = SAC(
        "MlpPolicy",
        env,
        learning_rate=settings.learning_rate,
        buffer_size=max(rollout, min(tuning.memory, settings.decisions + rollout)),
        learning_starts=rollout - 1,  # decisions of the first rollout are random
        batch_size=tuning.batch,
        tau=tuning.tau,
        gamma=tuning.gamma,
        train_freq=(steps, "step"),
        gradient_steps=max(1, round(rollout * tuning.updates_per_decision)),
        ent_coef=tuning.entropy,
        policy_kwargs=network_options(settings.hidden),
        device="cpu",
        seed=seed,
    )
    return quiet(model)
