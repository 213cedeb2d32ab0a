"""Constant doctrines: one weight a feature, held for the whole episode."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ssa_psro.game.columns import FEATURES
from ssa_psro.game.command import Command, doctrine_command
from ssa_psro.game.engine import View


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


@dataclass(frozen=True)
class Heuristic:
    """Base of the heuristics: each dataclass field is the weight of the feature it is named after.

    Features that are not fields have weight 0.
    """

    name: ClassVar[str]
    constant: ClassVar[bool] = True

    @property
    def weights(self) -> NDArray[np.float64]:
        """``[D]`` the doctrine, in the order of ``FEATURES``."""
        weights = np.zeros(len(FEATURES))
        for field in fields(self):
            weights[FEATURES.index(field.name)] = getattr(self, field.name)
        return weights

    def act(self, view: View) -> Command:
        """The same weights for every episode."""
        return doctrine_command(np.tile(self.weights, (view.batch, 1)))
