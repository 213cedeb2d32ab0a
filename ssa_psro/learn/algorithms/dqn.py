"""Deep Q-learning (Mnih et al., Nature 518, 2015), by Stable-Baselines3.

The answer plays the legal action of highest Q-value, the first of equals, so that it never mixes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.errors import UsageError
from ssa_psro.learn.agent import NetworkAgent, NetworkOracle
from ssa_psro.learn.protocol import Ability, Fact, Kind, Lessons, Member, Parameters, Weights
from ssa_psro.learn.settings import TrainingSettings, not_above_zero, outside, too_few
from ssa_psro.metagame.judge import P

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from ssa_psro.learn.masked import MaskedDQN, MaskedDqnPolicy


@dataclass(frozen=True, kw_only=True)
class DqnSettings(TrainingSettings):
    """What may be chosen about DQN.

    Attributes:
        batch: transitions of one gradient step.
        memory: transitions kept.
        updates_per_step: gradient steps for every step played.
        warm_up_steps: steps before the first gradient step, played as all others.
        target_every: steps between copies into the target network.
        exploration_first: share of random legal actions at the beginning.
        exploration_last: the same from ``exploration_share`` of the budget on.
        exploration_share: over which share of the budget it falls, linearly.
    """

    final_learning_rate: float = 0.1
    batch: int = 512
    memory: int = 100_000
    updates_per_step: float = 1 / 32
    warm_up_steps: int = 1024
    target_every: int = 1024
    exploration_first: float = 0.5
    exploration_last: float = 0.05
    exploration_share: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        counted = {key: getattr(self, key) for key in ("batch", "memory", "target_every")}
        faults = [one for key, value in counted.items() for one in too_few(key, value)]
        faults += not_above_zero("updates_per_step", self.updates_per_step)
        for key in ("exploration_first", "exploration_last", "exploration_share"):
            faults += outside(key, getattr(self, key), most=1.0)
        if faults:
            raise UsageError("learner settings", faults)

    def learning_rate_at(self, remaining: float) -> float:
        """From the share of the training that remains; it falls linearly."""
        first, final = self.learning_rate, self.final_learning_rate
        return first * (final + (1.0 - final) * remaining)


class DqnAgent(NetworkAgent[P, DqnSettings]):
    """DQN with a task."""

    def options(self) -> dict[str, Any]:
        """SB3's options of the network."""
        from ssa_psro.learn.networks import options

        return {**options(self.settings, self.task), "net_arch": list(self.settings.hidden)}

    def network(self) -> MaskedDqnPolicy:
        """Torch's initialisation."""
        from ssa_psro.learn.masked import MaskedDqnPolicy
        from ssa_psro.learn.networks import no_learning_rate

        task = self.task
        return MaskedDqnPolicy(
            task.observation_space, task.action_space, no_learning_rate, **self.options()
        )

    def rollout(self) -> int:
        """One episode in every environment, or as few steps of all as pay for a gradient step."""
        if self.settings.whole_episodes:
            return self.whole_rollout()
        environments = self.settings.environments
        return math.ceil(1 / (self.settings.updates_per_step * environments)) * environments

    def model(self, env: Any, decisions: int, frozen: int, seed: int) -> MaskedDQN:
        """Gradient steps after each rollout, from the end of the warm-up on."""
        from ssa_psro.learn.masked import MaskedDQN, MaskedDqnPolicy

        settings, rollout = self.settings, self.rollout()
        model = MaskedDQN(
            MaskedDqnPolicy,
            env,
            learning_rate=settings.learning_rate_at,
            buffer_size=max(rollout, settings.memory),
            learning_starts=max(settings.warm_up_steps, frozen),
            batch_size=settings.batch,
            gamma=1.0,
            train_freq=rollout // env.num_envs,
            gradient_steps=max(1, round(rollout * settings.updates_per_step)),
            target_update_interval=max(settings.target_every, env.num_envs),
            exploration_fraction=settings.exploration_share,
            exploration_initial_eps=settings.exploration_first,
            exploration_final_eps=settings.exploration_last,
            policy_kwargs=self.options(),
            device="cpu",
            seed=seed,
        )
        model.exploration_rate = settings.exploration_first  # SB3 has 0 before the first step
        return model

    def carried(self, model: Any) -> Any:
        """The optimiser and the memory."""
        return {**super().carried(model), "memory": model.replay_buffer}

    def go_on(self, model: Any, carried: Any) -> None:
        """With the optimiser, and a copy of the memory: requests stay as they are."""
        super().go_on(model, carried)
        model.replay_buffer = deepcopy(carried["memory"])

    def output(self, policy: Any, observations: Tensor) -> Tensor:
        """1 for the greedy action, ``[N, A]``."""
        import torch

        values = _values(policy, observations)
        return torch.nn.functional.one_hot(values.argmax(dim=1), values.shape[1]).double()

    def acting(self, model: Any) -> torch.nn.Module:
        """The Q-network."""
        network: torch.nn.Module = model.q_net
        return network

    def distil(
        self, start: Weights, members: Sequence[Member[Any]], mixture: Floats, seed: int
    ) -> tuple[Parameters, Mapping[str, Fact]]:
        """The network learns the mean of the members' Q-values.

        Its greedy action is one alone, so that it cannot play as a mixture does: it plays what the
        members, each counted as often as it comes there, value most.
        """
        import torch

        from ssa_psro.learn.distillation import distilled, mean_output

        lessons = self.task.lessons(members, mixture, seed)
        values = mean_output(self.network, lessons, _values)
        if values is None:
            return {key: np.array(array) for key, array in start.items()}, {}
        seen = torch.from_numpy(lessons.observations)
        legal = _legal(seen, values)

        def loss(policy: Any, which: Tensor) -> Tensor:
            error = _values(policy, seen[which]) - values[which]
            return error[legal[which]].square().mean()

        updates = self.settings.distillation_updates
        weights = distilled(self.network, start, lessons, loss, updates, seed)
        error = self._error(lessons, weights, values)
        return {**weights, **self.constants}, {"distillation_rms": error}

    def _error(self, lessons: Lessons[Any], weights: Weights, values: Tensor) -> float:
        """Root mean square from ``values`` ``[N, A]`` where the mixture comes, in payoffs."""
        import torch

        from ssa_psro.learn.networks import output_of

        found = output_of(self.network, weights, lessons.observations, _values)
        legal = _legal(torch.from_numpy(lessons.observations), values)
        squares = torch.where(legal, found - values, 0.0).square().sum(dim=1) / legal.sum(dim=1)
        return float((torch.from_numpy(lessons.reach) @ squares.double()).sqrt()) / self.scale


@dataclass(frozen=True)
class DqnOracle(NetworkOracle[P, DqnSettings]):
    """Trains best responses by deep Q-learning."""

    name: ClassVar[str] = "dqn"
    needs: ClassVar[frozenset[Ability]] = frozenset({"episodes", "discrete"})
    kinds: ClassVar[tuple[Kind, ...]] = ("discrete",)
    settings_type: ClassVar[type[TrainingSettings]] = DqnSettings
    agent_type: ClassVar[type[NetworkAgent[Any, Any]]] = DqnAgent


ORACLES: Mapping[str, Callable[..., Any]] = {"dqn": DqnOracle}


def _values(policy: Any, observations: Tensor) -> Tensor:
    values: Tensor = policy.q_net(observations)
    return values


def _legal(observations: Tensor, values: Tensor) -> Tensor:
    """Which actions the masks at the ends of observations ``[N, F + A]`` allow, ``[N, A]``."""
    return observations[:, -values.shape[1] :] > 0.5
