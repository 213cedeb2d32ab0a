"""What is noted while SB3 trains: returns, and where the time goes."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
import torch
from stable_baselines3.common.callbacks import BaseCallback

from ssa_psro.learn.training import Parameters, Training
from ssa_psro.progress import Progress

CHECKPOINTS = 5
"""Into how many parts the checkpoints divide a training. Learning need not be steady, and what was
best on the way may be lost again before the end."""


class Diary(BaseCallback):
    """Watches SB3 from between its rollouts, each of which is one episode in every environment.

    Args:
        decisions: length of the training.
        progress: told the share of the training done.
        acting: the network whose forward passes choose actions.
        checkpoint: parameters of the learner as they stand.
    """

    def __init__(
        self,
        decisions: int,
        progress: Progress,
        acting: torch.nn.Module,
        checkpoint: Callable[[], Parameters],
    ) -> None:
        super().__init__()
        self._checkpoint, self._checkpoints = checkpoint, list[Parameters]()
        self._decisions, self._progress, self._acting = decisions, progress, acting
        self._returns: list[float] = []
        self._begun = self._torch_since = perf_counter()
        self._torch_s = self._total_s = 0.0

    def training(self, game_s: float) -> Training:
        """What came of it; ``game_s`` is measured by the environment."""
        return Training(
            parameters=self._checkpoint(),
            checkpoints=tuple(self._checkpoints),
            returns=tuple(self._returns),
            decisions=self.num_timesteps,
            total_s=self._total_s,
            game_s=game_s,
            torch_s=self._torch_s,
        )

    def _on_training_start(self) -> None:
        self._begun = perf_counter()
        self._acting.register_forward_pre_hook(lambda *_: self._enter_torch())
        self._acting.register_forward_hook(lambda *_: self._leave_torch())

    def _on_step(self) -> bool:
        return True

    def _on_rollout_start(self) -> None:
        if self._returns:
            self._after_update()

    def _on_rollout_end(self) -> None:
        finished = [info["episode"]["r"] for info in self.locals["infos"]]
        self._returns.append(float(np.mean(finished)))
        self._enter_torch()

    def _on_training_end(self) -> None:
        self._after_update()
        self._total_s = perf_counter() - self._begun

    def _after_update(self) -> None:
        self._leave_torch()
        share = min(1.0, self.num_timesteps / self._decisions)
        if CHECKPOINTS * share > len(self._checkpoints) + 1 and share < 1.0:
            self._checkpoints.append(self._checkpoint())
        self._progress(share)

    def _enter_torch(self) -> None:
        self._torch_since = perf_counter()

    def _leave_torch(self) -> None:
        self._torch_s += perf_counter() - self._torch_since
