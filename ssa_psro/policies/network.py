"""Doctrine networks: from a side's summary to feature weights, evaluated in numpy.

Parameters are a flat mapping of arrays, so that they can be averaged, stored and embedded:
``actor.0.weight [H, K]``, ``actor.0.bias [H]``, …, ``actor.head.weight [D, H]``,
``actor.head.bias [D]``, the same with ``critic`` (whose head has one row), and ``log_std [D]``.
Only the actor plays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ssa_psro.game.command import Command, doctrine_command
from ssa_psro.game.view import View

Parameters = Mapping[str, NDArray[np.float32]]
HEAD_WEIGHT = "actor.head.weight"
HEAD_BIAS = "actor.head.bias"


@dataclass(frozen=True)
class DoctrineNetwork:
    """A tanh network whose output, clipped to [-1, 1], is the doctrine of the next interval.

    With a zero head weight it is exactly the constant doctrine in its head bias.
    """

    name: str
    parameters: Parameters
    constant: ClassVar[bool] = False

    @cached_property
    def _hidden(self) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        layers: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
        while f"actor.{len(layers)}.weight" in self.parameters:
            prefix = f"actor.{len(layers)}"
            layers.append((self.parameters[f"{prefix}.weight"], self.parameters[f"{prefix}.bias"]))
        return layers

    def weights(self, summary: NDArray[np.float32]) -> NDArray[np.float32]:
        """``[B, D]`` doctrine for summaries ``[B, K]``."""
        hidden = summary
        for weight, bias in self._hidden:
            hidden = np.tanh(hidden @ weight.T + bias)
        head = hidden @ self.parameters[HEAD_WEIGHT].T + self.parameters[HEAD_BIAS]
        return np.asarray(np.clip(head, -1.0, 1.0), dtype=np.float32)

    def act(self, view: View) -> Command:
        """The doctrine the network chooses for each episode."""
        return doctrine_command(self.weights(view.summary))
