"""What is noted while PPO trains: returns, where the time goes, and parameters to average."""

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
        last: parameters at the end.
        average: mean of the parameters over the end of the training (Polyak & Juditsky 1992).
        returns: mean payoff of the learner in each rollout, exploring, in order.
        decisions: how many were played.
        total_s: wall time of the training.
        game_s: of this, time in the game, its views and the opponent's policy.
        torch_s: of this, time in torch: choosing actions and updating the networks.
    """

    last: Parameters
    average: Parameters
    returns: tuple[float, ...]
    decisions: int
    total_s: float
    game_s: float
    torch_s: float


class Diary(BaseCallback):
    """Watches SB3 from between its rollouts, each of which is one episode in every environment.

    Args:
        decisions: length of the training.
        average_share: last share of the training over which parameters are averaged.
        progress: told the share of the training done.
    """

    def __init__(self, decisions: int, average_share: float, progress: Progress) -> None:
        super().__init__()
        self._decisions, self._progress = decisions, progress
        self._average_from = (1.0 - average_share) * decisions
        self._sum: dict[str, NDArray[np.float64]] = {}
        self._summed = 0
        self._returns: list[float] = []
        self._begun = self._torch_since = perf_counter()
        self._torch_s = self._total_s = 0.0

    def training(self, game_s: float) -> Training:
        """What came of it; ``game_s`` is measured by the environment."""
        mean = {name: (total / self._summed) for name, total in self._sum.items()}
        return Training(
            last=self._parameters(),
            average={name: array.astype(np.float32) for name, array in mean.items()},
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
        if self.num_timesteps < self._average_from:
            return
        self._summed += 1
        for name, array in self._parameters().items():
            self._sum[name] = self._sum.get(name, 0.0) + array.astype(np.float64)

    def _parameters(self) -> Parameters:
        policy = self.model.policy
        assert isinstance(policy, ActorCriticPolicy)
        return to_parameters(policy)

    def _enter_torch(self) -> None:
        self._torch_since = perf_counter()

    def _leave_torch(self) -> None:
        self._torch_s += perf_counter() - self._torch_since
