"""Training by Stable-Baselines3 that leaves no trace: isolated, without a log, and watched.

SB3 seeds global generators, torch takes every core, and divergence shows as a ``ValueError`` deep
inside: here each is put right once, for every algorithm.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any, TypeVar

import numpy as np
import torch
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import Logger

from ssa_psro.errors import Fault, UsageError
from ssa_psro.learn.protocol import Parameters, TrainingEnv
from ssa_psro.learn.settings import Training
from ssa_psro.progress import Progress, untold

A = TypeVar("A", bound=BaseAlgorithm)
_NEVER = 10**9
_NUMPY_SEEDS = 2**32


@contextmanager
def isolated(seed: int) -> Iterator[int]:
    """Seed the global generators and use one torch thread; put everything back afterwards.

    One thread, because several collapse on a busy machine, and sums over another number of
    threads round differently.

    Args:
        seed: any; what the generators get of it is the value of the ``with``.
    """
    # SB3's rollout buffer shuffles with numpy's global generator: there is no other way in.
    before = (random.getstate(), np.random.get_state(), torch.get_rng_state())  # noqa: NPY002
    threads = torch.get_num_threads()
    small = seed % _NUMPY_SEEDS
    try:
        torch.set_num_threads(1)
        random.seed(small)
        np.random.seed(small)  # noqa: NPY002
        torch.manual_seed(small)
        yield small
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])  # noqa: NPY002
        torch.set_rng_state(before[2])
        torch.set_num_threads(threads)


def quiet(model: A) -> A:
    """The model itself, writing no log."""
    model.set_logger(Logger(folder=None, output_formats=[]))
    return model


def learn(
    model: BaseAlgorithm,
    decisions: int,
    callback: BaseCallback | None,
    learning_rate: float,
    *,
    go_on: bool = False,
) -> None:
    """Learn for ``decisions`` more.

    Args:
        model: learns.
        decisions: how many to play, rounded up to whole rollouts.
        callback: watches.
        learning_rate: as the scenario gives it, for the error.
        go_on: continue where an earlier call stopped.

    Raises:
        UsageError: the training diverged.
    """
    try:
        model.learn(decisions, callback, log_interval=_NEVER, reset_num_timesteps=not go_on)
    except ValueError as fault:  # torch refuses to draw actions from what is not a number
        if _is_finite(model):
            raise
        raise _divergence(learning_rate) from fault
    if not _is_finite(model):
        raise _divergence(learning_rate)


def _is_finite(model: BaseAlgorithm) -> bool:
    return all(bool(torch.isfinite(array).all()) for array in model.policy.parameters())


def _divergence(learning_rate: float) -> UsageError:
    key = "oracle.learning_rate"
    return UsageError(
        "oracle", [Fault(key, learning_rate, "let the training diverge", "Lower it.")]
    )


class Watch(BaseCallback):
    """Notes returns, checkpoints and where the time goes, from between SB3's steps and rollouts.

    Args:
        env: what is played.
        acting: the network whose forward passes choose actions.
        weights: of the learner as it stands.
        length: of the training, in decisions.
        marks: decisions from which on each checkpoint is taken, in ascending order.
        every_rollout: note the mean return of each rollout, which is of whole episodes; otherwise
            that of the episodes between checkpoints.
        frozen: parameters that must not learn at first.
        frozen_steps: how long.
        progress: told the share of the training done.
    """

    def __init__(
        self,
        env: TrainingEnv,
        acting: torch.nn.Module,
        weights: Callable[[], Parameters],
        *,
        length: int,
        marks: Sequence[float],
        every_rollout: bool,
        frozen: Sequence[torch.nn.Parameter] = (),
        frozen_steps: float = 0.0,
        progress: Progress = untold,
    ) -> None:
        super().__init__()
        self._env, self._acting, self._frozen = env, acting, frozen
        self._weights, self._progress = weights, progress
        self._length, self._marks, self._every_rollout = length, list(marks), every_rollout
        self._frozen_steps = frozen_steps
        self._checkpoints, self._returns = list[Parameters](), list[float | None]()
        self._sum, self._ended, self._updating = 0.0, 0, False
        self._begun = self._torch_since = perf_counter()
        self._torch_s = self._total_s = 0.0
        self._updates_before = 0

    def training(self) -> Training:
        """What came of it."""
        return Training(
            parameters=self._weights(),
            checkpoints=tuple(self._checkpoints),
            returns=tuple(self._returns),
            decisions=self.num_timesteps,
            episodes=self._env.episodes,
            updates=_gradient_steps(self.model) - self._updates_before,
            total_s=self._total_s,
            game_s=self._env.seconds,
            torch_s=self._torch_s,
        )

    def _on_training_start(self) -> None:
        for parameter in self._frozen:
            parameter.requires_grad = False
        self._updates_before = _gradient_steps(self.model)  # of trainings that this one continues
        self._begun = perf_counter()
        self._acting.register_forward_pre_hook(lambda *_: self._enter_torch())
        self._acting.register_forward_hook(lambda *_: self._leave_torch())

    def _on_step(self) -> bool:
        self._sum += float(self._env.payoffs.sum())
        self._ended += int(self._env.over.sum())
        return True

    def _on_rollout_start(self) -> None:
        self._end_update()
        if self._marks and self.num_timesteps >= self._marks[0]:
            del self._marks[0]
            self._checkpoints.append(self._weights())
            if not self._every_rollout:
                self._note_return()

    def _on_rollout_end(self) -> None:
        if self._every_rollout:
            self._note_return()
        if self.num_timesteps > self._frozen_steps:
            for parameter in self._frozen:
                parameter.requires_grad = True
        self._enter_torch()
        self._updating = True

    def _on_training_end(self) -> None:
        self._end_update()
        if not self._every_rollout:
            self._note_return()
        self._total_s = perf_counter() - self._begun

    def _note_return(self) -> None:
        self._returns.append(self._sum / self._ended if self._ended else None)
        self._sum, self._ended = 0.0, 0

    def _end_update(self) -> None:
        if self._updating:
            self._updating = False
            self._leave_torch()
            self._progress(min(1.0, self.num_timesteps / self._length))

    def _enter_torch(self) -> None:
        if not self._updating:  # an update counts as a whole, with the passes in it
            self._torch_since = perf_counter()

    def _leave_torch(self) -> None:
        if not self._updating:
            self._torch_s += perf_counter() - self._torch_since


def _gradient_steps(model: BaseAlgorithm) -> int:
    """How many an algorithm has made; Adam counts them for every parameter."""
    own: Any = model.policy
    optimizer = getattr(own, "optimizer", None) or own.actor.optimizer
    counts = [int(state["step"]) for state in optimizer.state.values()]
    return max(counts, default=0)
