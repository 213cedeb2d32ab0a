"""Letting SB3 learn: without a log, and with divergence told in the user's words."""

from __future__ import annotations

from typing import TypeVar

import torch
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import Logger

from ssa_psro.errors import Fault, UsageError

A = TypeVar("A", bound=BaseAlgorithm)
_NEVER = 10**9


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
