"""What is noted while PPO trains: returns, and where the time goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.policies import ActorCriticPolicy

from ssa_psro.oracles.ppo_weights import to_parameters

Parameters = dict[str, NDArray[np.float32]]
Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Training:
    """A finished training.

    Attributes:
        parameters: of actor and critic, at the end.
        returns: mean payoff of the learner in each rollout, exploring, in order.
        decisions: how many were played.
        total_s: wall time of the training.
        game_s: of this, time in the game, its views and the opponent's policy.
        torch_s: of this, time in torch: choosing actions and updating the networks.
    """

    parameters: Parameters
    returns: tuple[float, ...]
    decisions: int
    total_s: float
    game_s: float
    torch_s: float


class Diary(BaseCallback):
    """Watches SB3 from between its rollouts, each of which is one episode in every environment.

    Args:
        decisions: length of the training.
        progress: told the share of the training done.
    """

    def __init__(self, decisions: int, progress: Progress) -> None:
        super().__init__()
        self._decisions, self._progress = decisions, progress
        self._returns: list[float] = []
        self._begun = self._torch_since = perf_counter()
        self._torch_s = self._total_s = 0.0

    def training(self, game_s: float) -> Training:
        """What came of it; ``game_s`` is measured by the environment."""
        policy = self.model.policy
        assert isinstance(policy, ActorCriticPolicy)
        return Training(
            parameters=to_parameters(policy),
            returns=tuple(self._returns),
            decisions=self.num_timesteps,
            total_s=self._total_s,
            game_s=game_s,
            torch_s=self._torch_s,
        )

    def _on_training_start(self) -> None:
        self._begun = perf_counter()
        self.model.policy.register_forward_pre_hook(lambda *_: self._enter_torch())
        self.model.policy.register_forward_hook(lambda *_: self._leave_torch())

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
        self._progress(min(1.0, self.num_timesteps / self._decisions))

    def _enter_torch(self) -> None:
        self._torch_since = perf_counter()

    def _leave_torch(self) -> None:
        self._torch_s += perf_counter() - self._torch_since
