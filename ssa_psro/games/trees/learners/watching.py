"""What is noted while SB3 trains: returns, checkpoints, and where the time goes."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import torch
from stable_baselines3.common.callbacks import BaseCallback

from ssa_psro.games.trees.environment import TreeVecEnv
from ssa_psro.games.trees.learners.agent import Training
from ssa_psro.games.trees.learners.weights import to_weights
from ssa_psro.learn.training import Parameters


class Watch(BaseCallback):
    """Watches SB3 from between its steps and its rollouts.

    Args:
        env: what is played.
        acting: the network whose forward passes choose actions.
        steps: length of the training.
        checkpoints: into how many parts they divide it.
        frozen: parameters that must not learn at first.
        frozen_steps: how long.
    """

    def __init__(
        self,
        env: TreeVecEnv,
        acting: torch.nn.Module,
        *,
        steps: int,
        checkpoints: int,
        frozen: Sequence[torch.nn.Parameter] = (),
        frozen_steps: float = 0.0,
    ) -> None:
        super().__init__()
        self._env, self._acting, self._frozen = env, acting, frozen
        self._marks = [steps * k / checkpoints for k in range(1, checkpoints)]
        self._frozen_steps = frozen_steps
        self._checkpoints, self._returns = list[Parameters](), list[float | None]()
        self._sum, self._ended, self._updating = 0.0, 0, False
        self._begun = self._torch_since = perf_counter()
        self._torch_s = self._total_s = 0.0

    def training(self) -> Training:
        """What came of it."""
        return Training(
            parameters=to_weights(self.model.policy),
            checkpoints=tuple(self._checkpoints),
            returns=tuple(self._returns),
            steps=self.num_timesteps,
            episodes=self._env.episodes,
            updates=_gradient_steps(self.model.policy.optimizer),
            total_s=self._total_s,
            game_s=self._env.seconds,
            torch_s=self._torch_s,
        )

    def _on_training_start(self) -> None:
        for parameter in self._frozen:
            parameter.requires_grad = False
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
            self._checkpoints.append(to_weights(self.model.policy))
            self._note_return()

    def _on_rollout_end(self) -> None:
        if self.num_timesteps > self._frozen_steps:
            for parameter in self._frozen:
                parameter.requires_grad = True
        self._enter_torch()
        self._updating = True

    def _on_training_end(self) -> None:
        self._end_update()
        self._note_return()
        self._total_s = perf_counter() - self._begun

    def _note_return(self) -> None:
        self._returns.append(self._sum / self._ended if self._ended else None)
        self._sum, self._ended = 0.0, 0

    def _end_update(self) -> None:
        if self._updating:
            self._updating = False
            self._leave_torch()

    def _enter_torch(self) -> None:
        if not self._updating:  # an update counts as a whole, with the passes in it
            self._torch_since = perf_counter()

    def _leave_torch(self) -> None:
        if not self._updating:
            self._torch_s += perf_counter() - self._torch_since


def _gradient_steps(optimizer: torch.optim.Optimizer) -> int:
    """How many an optimiser has made; Adam counts them for every parameter."""
    counts = [int(state["step"]) for state in optimizer.state.values()]
    return max(counts, default=0)
