"""What PPO and DQN have in common: one SB3 policy, tabulated and trained on one task."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback, CallbackList
from stable_baselines3.common.policies import BasePolicy
from torch import Tensor

from ssa_psro.arrays import Floats
from ssa_psro.benchmarks.games.behaviour import Behaviour, behaviour_of, uniform
from ssa_psro.benchmarks.games.tree import GameTree
from ssa_psro.benchmarks.learners.agent import Distillation, Task, Training
from ssa_psro.benchmarks.learners.dealing import deck_of, visits
from ssa_psro.benchmarks.learners.distillation import output_of
from ssa_psro.benchmarks.learners.diversity import Diversity, Hull
from ssa_psro.benchmarks.learners.initialisations import HEAD_GAINS, drawn
from ssa_psro.benchmarks.learners.masked_policies import Unmasked
from ssa_psro.benchmarks.learners.settings import TrainingSettings
from ssa_psro.benchmarks.learners.tree_env import TreeVecEnv, observations_of
from ssa_psro.benchmarks.learners.watching import Watch
from ssa_psro.benchmarks.learners.weights import load_weights, to_weights
from ssa_psro.oracles.isolation import isolated
from ssa_psro.oracles.learning import learn, quiet
from ssa_psro.oracles.protocol import Member, Weights
from ssa_psro.oracles.training import Parameters
from ssa_psro.randomness import derive_seed, generator

S = TypeVar("S", bound=TrainingSettings)

ADAM_EPSILON = 1e-5
"""As SB3 has it for PPO; torch's own, a thousandth of that, lets the first steps be too long."""

_ACTIVATIONS = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}


@dataclass(frozen=True, eq=False)
class NetworkAgent(ABC, Generic[S]):
    """An ``Agent`` by Stable-Baselines3. All of torch runs in one thread.

    Attributes:
        task: in which game, against whom.
        settings: of network and training.
    """

    task: Task
    settings: S

    @abstractmethod
    def policy(self) -> BasePolicy:
        """SB3's policy, freshly initialised."""

    @abstractmethod
    def probabilities(self, policy: BasePolicy, observations: Tensor) -> Tensor:
        """What ``policy`` plays at information sets ``[I, F + A]``: ``[I, A]``."""

    @abstractmethod
    def rollout(self) -> int:
        """Steps between updates, in all environments together."""

    @abstractmethod
    def model(self, env: TreeVecEnv, steps: int, frozen_steps: int, seed: int) -> BaseAlgorithm:
        """SB3's learner for a training of ``steps``."""

    @abstractmethod
    def distil(
        self, start: Weights, members: Sequence[Member[Any]], mixture: Floats, seed: int
    ) -> Distillation:
        """See ``Agent``."""

    def acting(self, model: BaseAlgorithm) -> torch.nn.Module:
        """The network whose forward passes choose actions."""
        return model.policy

    def frozen(self, model: BaseAlgorithm) -> list[torch.nn.Parameter]:
        """What must not learn while the policy is frozen."""
        return []

    @cached_property
    def observations(self) -> Tensor:
        """Of all information sets, ``[I, F + A]``."""
        return torch.from_numpy(observations_of(self.task.tree, self.task.side))

    @cached_property
    def scale(self) -> float:
        """What payoffs are multiplied by in training."""
        scale = self.settings.reward_scale
        return 1.0 / typical_payoff(self.task.tree) if scale is None else scale

    def learning_rate(self, remaining: float) -> float:
        """From the share of the training that remains."""
        first, final = self.settings.learning_rate, self.settings.final_learning_rate
        return first * (final + (1.0 - final) * remaining)

    def fresh(self, seed: int) -> Parameters:
        """See ``Agent``."""
        with isolated(seed):
            return to_weights(self.policy())

    def drawn(self, initialisation: str, seed: int, *, full_head: bool = False) -> Parameters:
        """See ``Agent``."""
        rng, gains = generator(seed, initialisation), {} if full_head else HEAD_GAINS
        return drawn(self.fresh(0), initialisation, self.settings.activation, rng, gains)

    def behaviour(self, weights: Weights) -> Behaviour:
        """See ``Agent``."""
        table = output_of(self, weights, self.probabilities).numpy()
        return behaviour_of(self.task.tree, self.task.side, table)

    def train(self, start: Weights, steps: int, seed: int, frozen_share: float = 0.0) -> Training:
        """See ``Agent``."""
        settings, rollout = self.settings, self.rollout()
        whole, frozen_steps = max(1, steps // rollout) * rollout, round(frozen_share * steps)
        env = TreeVecEnv(
            self.task.tree, self.task.opponent, settings.environments, reward_scale=self.scale
        )
        with isolated(derive_seed(seed, "training")) as small_seed:
            model = quiet(self.model(env, whole, frozen_steps, small_seed))
            load_weights(model.policy, start)
            env.seed(derive_seed(seed, "episodes"))
            watch = Watch(
                env,
                self.acting(model),
                steps=whole,
                checkpoints=settings.checkpoints,
                frozen=self.frozen(model) if frozen_steps else (),
                frozen_steps=frozen_steps,
            )
            watchers = [watch, *self._diversity(env, model, seed)]
            learn(model, whole, CallbackList(watchers), settings.learning_rate)
            return watch.training()

    def _diversity(self, env: TreeVecEnv, model: BaseAlgorithm, seed: int) -> list[BaseCallback]:
        """What pays for diversity, if the settings ask for it."""
        if not self.settings.diversity:
            return []

        def played() -> Floats:
            with torch.no_grad():
                table = self.probabilities(model.policy, self.observations).numpy()
            return np.asarray(table, dtype=np.float64)

        return [Diversity(env, Hull(self.task, seed), self.settings.diversity, played)]

    def options(self) -> dict[str, Any]:
        """SB3's policy options that are the same for all."""
        return {
            "activation_fn": _ACTIVATIONS[self.settings.activation],
            "features_extractor_class": Unmasked,
            "features_extractor_kwargs": {"actions": self.task.tree.actions},
            "optimizer_kwargs": {"eps": ADAM_EPSILON, "fused": True},
        }


def typical_payoff(tree: GameTree) -> float:
    """Root mean square payoff where both play all legal actions alike."""
    deck = deck_of(tree, uniform(tree, 0))
    own = deck_of(tree, uniform(tree, 1))
    reach = visits(deck._replace(likelihood=np.minimum(deck.likelihood, own.likelihood)))
    return float(np.sqrt(reach @ np.square(tree.payoff)))


def no_learning_rate(progress: float) -> float:
    """For policies that are only looked at."""
    return 0.0
