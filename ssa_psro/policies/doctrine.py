"""Doctrines, one weight a feature: held for the whole episode, or chosen anew by a network.

A network maps a side's summary to weights, evaluated in numpy. Its parameters are a flat mapping of
arrays, so that they can be averaged, stored and embedded:
``actor.0.weight [H, K]``, ``actor.0.bias [H]``, …, ``actor.head.weight [D, H]``,
``actor.head.bias [D]``, the same with ``critic`` (whose head has one row), and ``log_std [D]``.
Only the actor plays. Where there is an entry ``squash``, of whatever content, a tanh keeps the
head's output in [-1, 1], as SAC trains it; otherwise it is clipped. Where there is an entry
``choices [M, D]``, the network that plays is ``q`` in place of ``actor``: its head values ``M``
doctrines, and that of the highest value is played, the first of equals, as DQN trains it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

import numpy as np

from ssa_psro.arrays import Floats, Singles
from ssa_psro.game.columns import FEATURES
from ssa_psro.game.command import Command, doctrine_command
from ssa_psro.game.engine import View

Parameters = Mapping[str, Singles]

SQUASH: Final = "squash"
"""Name of the entry that marks a network with a squashed head."""

CHOICES: Final = "choices"
"""Name of the entry with the doctrines that a network of values chooses from."""


@dataclass(frozen=True)
class ConstantDoctrine:
    """A doctrine given as a vector.

    Attributes:
        name: the policy's name.
        weights: ``D`` weights in [-1, 1], in the order of ``FEATURES``.
    """

    name: str
    weights: tuple[float, ...]
    constant: ClassVar[bool] = True

    def act(self, view: View) -> Command:
        """The same weights for every episode."""
        return doctrine_command(np.tile(np.array(self.weights), (view.batch, 1)))


def widened(parameters: Parameters) -> Parameters:
    """The parameters of a network that was made when doctrines had fewer features.

    New features are added at the end, so the network plays the same doctrine with weights of 0
    behind it.
    """
    grown = dict(parameters)
    for name, axis in (
        (CHOICES, 1),
        ("actor.head.weight", 0),
        ("actor.head.bias", 0),
        ("log_std", 0),
    ):
        if name in grown and (CHOICES not in grown or name == CHOICES):
            array = grown[name]
            missing = max(0, len(FEATURES) - array.shape[axis])
            width = [(0, missing if place == axis else 0) for place in range(array.ndim)]
            grown[name] = np.pad(array, width)
    return grown


@dataclass(frozen=True)
class DoctrineNetwork:
    """A tanh network whose output, clipped to [-1, 1], is the doctrine of the next interval.

    With a zero head weight it is exactly the constant doctrine in its head bias.
    """

    name: str
    parameters: Parameters

    @cached_property
    def constant(self) -> bool:
        """Whether the head's weight is zero, so that nothing it sees matters."""
        return not self.parameters[f"{self._net}.head.weight"].any()

    @property
    def _net(self) -> str:
        return "q" if CHOICES in self.parameters else "actor"

    @cached_property
    def _layers(self) -> list[tuple[Floats, Floats]]:
        """Weights ``[in, out]`` and biases of the hidden layers, then of the head."""
        net = self._net
        hidden = sum(name.startswith(f"{net}.") for name in self.parameters) // 2 - 1
        prefixes = [*(f"{net}.{index}" for index in range(hidden)), f"{net}.head"]
        pairs = [(f"{prefix}.weight", f"{prefix}.bias") for prefix in prefixes]
        double = {name: array.astype(np.float64) for name, array in self.parameters.items()}
        return [(double[weight].T, double[bias]) for weight, bias in pairs]

    def weights(self, summary: Singles) -> Singles:
        """``[B, D]`` doctrine for summaries ``[B, K]``."""
        values = self.head(summary)
        if CHOICES in self.parameters:
            best = values.argmax(axis=1)
            return np.asarray(self.parameters[CHOICES][best], dtype=np.float32)
        bounded = np.tanh(values) if SQUASH in self.parameters else np.clip(values, -1.0, 1.0)
        return bounded.astype(np.float32)

    def head(self, summary: Singles) -> Floats:
        """What the head puts out ``[B, D]`` for summaries ``[B, K]``, before it is bounded."""
        *hidden, (head, bias) = self._layers
        # BLAS sums in an order that depends on the batch; rounding from double hides that.
        values = summary.astype(np.float64)
        for weight, offset in hidden:
            values = np.tanh(values @ weight + offset)
        return np.asarray(values @ head + bias)

    def act(self, view: View) -> Command:
        """The doctrine the network chooses for each episode."""
        return doctrine_command(self.weights(view.summary))
