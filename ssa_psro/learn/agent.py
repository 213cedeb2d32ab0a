"""From a request to a trained network: what PPO, SAC and DQN have in common.

An oracle is a game, settings and a seed, and travels; for each request it makes an agent, which is
one algorithm with one task. Only where it trains are torch and Stable-Baselines3 imported.

All learners of a side descend from one initialisation, drawn from the oracle's seed. What fusion
averages are then networks whose hidden units mean the same at birth; averages of networks born
apart are near no member of the population.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import numpy as np

from ssa_psro.arrays import Floats, Singles
from ssa_psro.errors import Fault, UsageError
from ssa_psro.learn.answers import answer, check_selection, start_from
from ssa_psro.learn.initialisations import HEAD_GAINS, drawn
from ssa_psro.learn.protocol import (
    Ability,
    Fact,
    Game,
    Kind,
    Member,
    OracleRequest,
    OracleResult,
    Parameters,
    Situations,
    Task,
    TrainingEnv,
    Weights,
)
from ssa_psro.learn.settings import Training, TrainingSettings
from ssa_psro.learn.starts import CONTINUE, Start
from ssa_psro.metagame.judge import P
from ssa_psro.progress import Progress, untold
from ssa_psro.randomness import derive_seed, generator
from ssa_psro.work import note_share

if TYPE_CHECKING:
    import torch
    from stable_baselines3.common.base_class import BaseAlgorithm
    from stable_baselines3.common.callbacks import BaseCallback
    from stable_baselines3.common.policies import BasePolicy
    from torch import Tensor

S = TypeVar("S", bound=TrainingSettings)


@dataclass(frozen=True, eq=False)
class NetworkAgent(ABC, Generic[P, S]):
    """An algorithm with a task: a ``starts.Learner``. All of torch runs in one thread.

    Attributes:
        task: what is trained for.
        settings: of network and training.
        stream: keys the randomness of trainings.
    """

    task: Task[P]
    settings: S
    stream: str

    @abstractmethod
    def network(self) -> BasePolicy:
        """SB3's policy, freshly initialised as the library does."""

    @abstractmethod
    def rollout(self) -> int:
        """Decisions between updates, in all environments together."""

    @abstractmethod
    def model(self, env: Any, decisions: int, frozen: int, seed: int) -> BaseAlgorithm:
        """SB3's learner for a training of so many decisions, the first of them ``frozen``."""

    @abstractmethod
    def output(self, policy: Any, observations: Tensor) -> Tensor:
        """What ``policy`` does at observations ``[N, ...]``, see ``protocol.Act``."""

    @abstractmethod
    def distil(
        self, start: Weights, members: Sequence[Member[Any]], mixture: Floats, seed: int
    ) -> tuple[Parameters, Mapping[str, Fact]]:
        """See ``starts.Learner``."""

    def acting(self, model: Any) -> torch.nn.Module:
        """The network whose forward passes choose actions."""
        network: torch.nn.Module = model.policy
        return network

    def carried(self, model: Any) -> Any:
        """What a later training can go on with, beside the weights: the optimiser."""
        return {"optimizer": deepcopy(model.policy.optimizer.state_dict())}

    def go_on(self, model: Any, carried: Any) -> None:
        """Let a new ``model`` go on with what an earlier one has left."""
        model.policy.optimizer.load_state_dict(carried["optimizer"])

    def frozen(self, policy: Any) -> list[torch.nn.Parameter]:
        """What must not learn while the policy is frozen."""
        return []

    @property
    def constants(self) -> Parameters:
        """Entries of the parameters that are no part of the network."""
        return self.task.constants

    @property
    def scale(self) -> float:
        """What payoffs are multiplied by in training."""
        own = self.settings.reward_scale
        return self.task.scale if own is None else own

    def whole_rollout(self) -> int:
        """Decisions of one whole episode in every environment.

        Raises:
            UsageError: episodes differ in length.
        """
        if self.task.episode is None:
            cure = "Leave whole_episodes false."
            fault = Fault("whole_episodes", True, "episodes here differ in length", cure)
            raise UsageError("learner settings", [fault])
        return self.task.episode * self.settings.environments

    def weights_of(self, policy: BasePolicy) -> Parameters:
        """All parameters of an SB3 policy, and the constants."""
        from ssa_psro.learn.networks import to_weights

        return {**to_weights(policy), **self.constants}

    def fresh(self, seed: int) -> Parameters:
        """The library's own initialisation."""
        from ssa_psro.learn.training import isolated

        with isolated(seed):
            return self.weights_of(self.network())

    def drawn(self, initialisation: str, seed: int, *, full_head: bool = False) -> Parameters:
        """See ``starts.Learner``."""
        rng, gains = generator(seed, initialisation), {} if full_head else HEAD_GAINS
        return drawn(self.fresh(0), initialisation, self.settings.activation, rng, gains)

    def acts(self, weights: Weights, observations: Singles) -> Floats:
        """See ``starts.Learner``."""
        from ssa_psro.learn.networks import output_of

        found = output_of(self.network, weights, observations, self.output).numpy()
        return np.asarray(found, dtype=np.float64)

    def policy(self, name: str, weights: Weights) -> P:
        """The policy that a network of these weights is."""
        return self.task.policy(name, weights, partial(self.acts, weights))

    def situations(self, seed: int) -> Situations:
        """See ``starts.Learner``."""
        return self.task.situations(seed)

    def train(
        self,
        start: Weights,
        decisions: int,
        seed: int,
        *,
        frozen_share: float = 0.0,
        progress: Progress = untold,
        carried: Any = None,
        carry: bool = False,
    ) -> Training:
        """Learn for ``decisions``, in whole rollouts. Equal arguments give equal parameters.

        Optimisers and memories start empty, unless there is something to go on with.

        Args:
            start: parameters to begin with.
            decisions: to be played; one rollout at least.
            seed: root of all randomness.
            frozen_share: of the decisions, at the beginning, in which the policy does not learn.
            progress: told the share of the training done.
            carried: what an earlier training left.
            carry: leave the same to a later one.

        Raises:
            UsageError: the training diverged.
        """
        from stable_baselines3.common.callbacks import CallbackList

        from ssa_psro.learn.networks import load_weights
        from ssa_psro.learn.training import isolated, learn, quiet

        settings, frozen = self.settings, round(frozen_share * decisions)
        length = self._length(decisions)
        env = self.task.env(settings.environments, self.scale)
        with isolated(derive_seed(seed, self.stream)) as small_seed:
            model = quiet(self.model(env, length, frozen, small_seed))
            load_weights(model.policy, start)
            if carried is not None:
                self.go_on(model, carried)
            env.seed(derive_seed(seed, "episodes"))
            watch = self._watch(env, model, length, frozen, progress)
            watchers = CallbackList([watch, *self._diversity(env, model, seed)])
            learn(model, length, watchers, settings.learning_rate)
            training: Training = watch.training()
            return replace(training, carried=self.carried(model)) if carry else training

    def _length(self, decisions: int) -> int:
        """SB3 rounds it up to whole rollouts; those that are no whole episodes must fit in."""
        if self.settings.whole_episodes:
            return max(1, decisions)
        rollout = self.rollout()
        return max(1, decisions // rollout) * rollout

    def _watch(
        self, env: TrainingEnv, model: BaseAlgorithm, length: int, frozen: int, progress: Progress
    ) -> Any:
        from ssa_psro.learn.training import Watch

        parts, whole = self.settings.checkpoints, self.settings.whole_episodes
        # what is rounded up may pass a mark; what is rounded down meets it
        marks = [
            math.floor(length * k / parts) + 1 if whole else length * k / parts
            for k in range(1, parts)
        ]
        return Watch(
            env,
            self.acting(model),
            partial(self.weights_of, model.policy),
            length=length,
            marks=[mark for mark in marks if mark < length],
            every_rollout=whole,
            frozen=self.frozen(model.policy) if frozen else (),
            frozen_steps=frozen,
            progress=progress,
        )

    def _diversity(self, env: TrainingEnv, model: BaseAlgorithm, seed: int) -> list[BaseCallback]:
        """What pays for diversity, if the settings ask for it."""
        if not self.settings.diversity:
            return []
        import torch

        from ssa_psro.learn.diversity import Diversity

        def act(observations: Singles) -> Floats:
            with torch.no_grad():
                found = self.output(model.policy, torch.as_tensor(observations)).numpy()
            return np.asarray(found, dtype=np.float64)

        return [Diversity(env, self.task.hull(seed), self.settings.diversity, act)]


@dataclass(frozen=True)
class NetworkOracle(ABC, Generic[P, S]):
    """Trains best responses by one algorithm; an ``Oracle`` that can be sent to another process.

    Attributes:
        game: what is played.
        settings: of network and training.
        seed: of the initialisation that all trainings of a side share.
    """

    name: ClassVar[str]
    needs: ClassVar[frozenset[Ability]]
    kinds: ClassVar[tuple[Kind, ...]]
    settings_type: ClassVar[type[TrainingSettings]]
    agent_type: ClassVar[type[NetworkAgent[Any, Any]]]

    game: Game[P]
    settings: S
    seed: int = 0

    def __call__(self, request: OracleRequest[P], /) -> OracleResult[P]:
        """The best response found, with ``parameters`` of all its networks.

        Raises:
            UsageError: there is no start rule of the name asked for, or the training diverged.
        """
        agent, begun = self.agent(request), perf_counter()
        check_selection(self.settings.select, agent.task)
        start = self.start_of(agent, request)
        start_s = perf_counter() - begun
        training = agent.train(
            start.weights,
            self.settings.budget(request) - start.decisions,
            request.seed,
            frozen_share=self.settings.frozen_share,
            progress=note_share,
            carried=start.carried,
            carry=request.start == CONTINUE,
        )
        return answer(
            agent.task,
            request,
            training.candidates(start.weights),
            agent.policy,
            start=start.note,
            facts={**_spent(start, training, agent.task), "start_s": round(start_s, 4)}
            | dict(start.facts),
            select=self.settings.select,
            episodes=self.settings.validation_episodes,
            carried=training.carried,
        )

    def agent(self, request: OracleRequest[P]) -> NetworkAgent[P, S]:
        """What trains for ``request``.

        Raises:
            UsageError: the game's policies are networks of another activation.
        """
        task: Task[P] = self.game.task(request, self.kinds)
        used, known = self.settings.activation, task.activations
        if used not in known:
            cure = f"Use {' or '.join(known)}."
            fault = Fault("activation", used, "policies here are no such networks", cure)
            raise UsageError("learner settings", [fault])
        return self.agent_type(task, self.settings, self.game.stream(self.name))

    def start(self, request: OracleRequest[P]) -> Start:
        """Where the training of ``request`` starts.

        Raises:
            UsageError: there is no start rule of the name asked for.
        """
        return self.start_of(self.agent(request), request)

    def start_of(self, agent: NetworkAgent[P, S], request: OracleRequest[P]) -> Start:
        """The same for an agent that has been made already."""
        fresh = agent.fresh(derive_seed(self.seed, "initialisation", request.side))
        return start_from(self.game, request, fresh, agent)


def _spent(start: Start, training: Training, task: Task[Any]) -> dict[str, Fact]:
    """The training's facts, with what was spent on its start counted in."""
    even = task.episode is not None
    counted: dict[str, Fact] = {
        "episodes": start.episodes + training.episodes,
        "updates": start.updates + training.updates,
    }
    return {
        **training.facts(even=even),
        "decisions": start.decisions + training.decisions,
        **({} if even else counted),
    }
