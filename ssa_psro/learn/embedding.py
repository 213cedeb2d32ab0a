"""Members of a population as parameters of one and the same network.

A heuristic that always takes the same action is exactly a network whose last layer has zero
weights and that action as bias. Its body and value network do not matter to what it plays,
so both are taken from the fresh initialisation: hidden units are exchangeable, and a body
drawn separately would only blur the ones it is averaged with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.learn.protocol import Member, Weights

SQUASHED_MOST = 0.99
"""Largest weight of a heuristic in a network with a squashed head: a tanh never reaches 1, and
near it hardly learns."""


@dataclass(frozen=True)
class Layout:
    """Which entries of a learner's parameters have a meaning to the start rules.

    Attributes:
        head_weight: weight matrix of the policy network's last, linear layer.
        head_bias: its bias ``[D]``.
        log_std: log standard deviation of the action noise ``[D]``.
        squash: present if a tanh follows that layer.
        choices: actions ``[M, D]`` that a network of values chooses from, if it is one.
        value_head_weight: weight matrix of such a network's last layer.
        value_head_bias: its bias ``[M]``.
    """

    head_weight: str = "actor.head.weight"
    head_bias: str = "actor.head.bias"
    log_std: str = "log_std"
    squash: str = "squash"
    choices: str = "choices"
    value_head_weight: str = "q.head.weight"
    value_head_bias: str = "q.head.bias"


LAYOUT = Layout()
"""The names that the package's networks have."""


def embed(member: Member[Any], fresh: Weights) -> dict[str, Floats] | None:
    """A member as parameters of the learner's own network; ``None`` where that is impossible.

    A trained member must have the same names and shapes as ``fresh``. A heuristic with a
    constant action becomes ``fresh`` with zero last-layer weights and that action as bias; where
    the head is squashed, with the bias that gives that action, cut off at ``SQUASHED_MOST``; and
    where the network chooses from a list, with 1 as the value of that action and 0 of others.
    """
    if member.parameters is not None:
        same = _shapes(member.parameters) == _shapes(fresh)
        return {key: np.asarray(member.parameters[key], float) for key in fresh} if same else None
    if LAYOUT.choices in fresh:
        return _choosing(member, fresh)
    if member.constant_action is None or np.shape(member.constant_action) != np.shape(
        fresh[LAYOUT.head_bias]
    ):
        return None
    weights = {key: np.array(value, dtype=np.float64) for key, value in fresh.items()}
    weights[LAYOUT.head_weight][:] = 0.0
    action = np.asarray(member.constant_action, float)
    if LAYOUT.squash in fresh:
        action = np.arctanh(np.clip(action, -SQUASHED_MOST, SQUASHED_MOST))
    weights[LAYOUT.head_bias][:] = action
    return weights


def _choosing(member: Member[Any], fresh: Weights) -> dict[str, Floats] | None:
    """A network of values that always chooses the member's action, if it is on the list."""
    if member.constant_action is None:
        return None
    choices = np.asarray(fresh[LAYOUT.choices], np.float32)
    same = (choices == np.asarray(member.constant_action, np.float32)).all(axis=1)
    if not same.any():
        return None
    weights = {key: np.array(value, dtype=np.float64) for key, value in fresh.items()}
    weights[LAYOUT.value_head_weight][:] = 0.0
    weights[LAYOUT.value_head_bias][:] = np.eye(same.size)[int(same.argmax())]
    return weights


def _shapes(weights: Weights) -> dict[str, tuple[int, ...]]:
    return {key: np.shape(value) for key, value in weights.items()}
