"""What a policy tells its constellation for one decision interval."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ssa_psro.game.columns import FEATURES

DOCTRINE: Final = 0
PRIORITY: Final = 1
ASSIGNMENT: Final = 2
IDLE: Final = -1

_Scalar = TypeVar("_Scalar", bound=np.generic)


class Command(NamedTuple):
    """One side's orders for a batch; each episode reads the array of its own mode.

    Attributes:
        mode: ``[B]`` int8: DOCTRINE, PRIORITY or ASSIGNMENT.
        doctrine: ``[B, D]`` feature weights, applied to fresh features every step.
        priority: ``[B, C]`` priorities of the candidates, held as they are.
        assignment: ``[B, S]`` one candidate a sensor, or IDLE.
    """

    mode: NDArray[np.int8]
    doctrine: NDArray[np.float64]
    priority: NDArray[np.float64]
    assignment: NDArray[np.int64]


def doctrine_command(weights: NDArray[np.floating]) -> Command:
    """Orders from doctrine weights ``[B, D]``."""
    return _command(DOCTRINE, len(weights), doctrine=weights)


def priority_command(priorities: NDArray[np.floating]) -> Command:
    """Orders from candidate priorities ``[B, C]``.

    Access quality and slew angle add at most a tenth to break near ties; a candidate whose sum
    is not positive is never tasked.
    """
    return _command(PRIORITY, len(priorities), priority=priorities)


def assignment_command(candidates: NDArray[np.integer]) -> Command:
    """Orders from one candidate a sensor, ``[B, S]``, IDLE for none."""
    return _command(ASSIGNMENT, len(candidates), assignment=candidates)


def _command(
    mode: int,
    batch: int,
    *,
    doctrine: NDArray[np.floating] | None = None,
    priority: NDArray[np.floating] | None = None,
    assignment: NDArray[np.integer] | None = None,
) -> Command:
    def rows(array: NDArray[Any] | None, width: int, dtype: type[_Scalar]) -> NDArray[_Scalar]:
        shape = (batch, width)
        return np.zeros(shape, dtype) if array is None else np.ascontiguousarray(array, dtype)

    return Command(
        mode=np.full(batch, mode, np.int8),
        doctrine=rows(doctrine, len(FEATURES), np.float64),
        priority=rows(priority, 0, np.float64),
        assignment=rows(assignment, 0, np.int64),
    )


def stack(parts: list[tuple[NDArray[np.bool_], Command]]) -> Command:
    """Join the commands of disjoint groups of episodes into one.

    Args:
        parts: (mask ``[B]``, command of the masked episodes in order), covering every episode.
    """
    batch = parts[0][0].size

    def join(arrays: list[NDArray[_Scalar]]) -> NDArray[_Scalar]:
        width = max(array.shape[1] for array in arrays)
        joined = np.zeros((batch, width), arrays[0].dtype)
        for (mask, _), array in zip(parts, arrays, strict=True):
            joined[mask, : array.shape[1]] = array
        return joined

    mode = np.zeros(batch, np.int8)
    for mask, command in parts:
        mode[mask] = command.mode
    return Command(
        mode=mode,
        doctrine=join([command.doctrine for _, command in parts]),
        priority=join([command.priority for _, command in parts]),
        assignment=join([command.assignment for _, command in parts]),
    )
