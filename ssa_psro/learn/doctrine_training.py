"""Training one doctrine network against a fixed opponent by one of SB3's algorithms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

import torch
from numpy.typing import NDArray
from stable_baselines3.common.base_class import BaseAlgorithm

from ssa_psro.game import CoverageGame
from ssa_psro.learn.candidates import answer, opponent_of
from ssa_psro.learn.diary import Diary
from ssa_psro.learn.isolation import isolated
from ssa_psro.learn.learning import learn
from ssa_psro.learn.protocol import OracleRequest, OracleResult
from ssa_psro.learn.start_weights import Start
from ssa_psro.learn.training import Parameters, Training, TrainingSettings, budgeted
from ssa_psro.learn.training_env import TrainingEnv
from ssa_psro.policies import Policy
from ssa_psro.progress import Progress, untold
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario.schema import SIDES


class Tuning(Protocol):
    """Settings of an algorithm beyond those of a scenario.

    Attributes:
        reward_scale: rewards are multiplied by it in training.
        validation_episodes: episodes that choose between the start, the way and the end.
    """

    @property
    def reward_scale(self) -> float: ...

    @property
    def validation_episodes(self) -> int: ...


T = TypeVar("T", bound=Tuning)
M = TypeVar("M", bound=BaseAlgorithm)


@dataclass(frozen=True)
class Learner(Generic[M, T]):
    """An algorithm as the oracles use it.

    Attributes:
        name: keys its randomness.
        model_of: SB3's learner of an environment, the scenario's settings, the tuning and a seed.
        load: overwrites all parameters of a policy of SB3's by ours.
        save: copies of all parameters of a policy of SB3's, by our names.
        acting: the network whose forward passes choose actions.
    """

    name: str
    model_of: Callable[[TrainingEnv, TrainingSettings, T, int], M]
    load: Callable[[Any, Mapping[str, NDArray[Any]]], None]
    save: Callable[[Any], Parameters]
    acting: Callable[[M], torch.nn.Module]


def train(
    learner: Learner[M, T],
    game: CoverageGame,
    side: int,
    opponent: Policy,
    start: Mapping[str, NDArray[Any]],
    settings: TrainingSettings,
    seed: int,
    *,
    tuning: T,
    progress: Progress = untold,
) -> Training:
    """Train a doctrine network for one side. Equal arguments give equal parameters.

    Each rollout is one whole episode in every environment, so that no reward is cut off, and is
    followed by the updates it pays for. Optimisers and memories start empty.

    Args:
        learner: the algorithm.
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
    with isolated(derive_seed(seed, learner.name)) as small_seed:
        model = learner.model_of(env, settings, tuning, small_seed)
        learner.load(model.policy, start)
        env.seed(derive_seed(seed, "episodes"))
        checkpoint = partial(learner.save, model.policy)
        diary = Diary(settings.decisions, progress, learner.acting(model), checkpoint)
        learn(model, settings.decisions, diary, settings.learning_rate)
        return diary.training(env.seconds)


def respond(
    learner: Learner[M, T],
    game: CoverageGame,
    request: OracleRequest[Policy],
    start: Start,
    settings: TrainingSettings,
    *,
    tuning: T,
    progress: Progress,
) -> OracleResult[Policy]:
    """Train what is asked for, and answer with the best of its start, its way and its end.

    Args:
        learner: the algorithm.
        game: what is played.
        request: what is asked for.
        start: where the training starts.
        settings: the scenario's.
        tuning: what the settings leave open.
        progress: told the share of the training done.

    Raises:
        UsageError: the training diverged.
    """
    training = train(
        learner,
        game,
        request.side,
        opponent_of(request),
        start.weights,
        budgeted(settings, request),
        request.seed,
        tuning=tuning,
        progress=progress,
    )
    return answer(
        game,
        request,
        training.candidates(start.weights),
        start=start.note,
        facts=training.facts,
        episodes=tuning.validation_episodes,
    )
