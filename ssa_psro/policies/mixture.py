"""A mixture of policies: each episode is played by one member, drawn at its start.

Averaging the members' orders would be another policy; a mixed strategy draws one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssa_psro.game import chance
from ssa_psro.game.command import Command, stack
from ssa_psro.game.engine import View
from ssa_psro.policies.protocol import Policy


@dataclass(frozen=True)
class Mixture:
    """Members and their probabilities, which sum to 1.

    The draw is keyed by the view's seed, so the same episode has the same member whenever it is
    asked for. A member may be a mixture itself: it draws from seeds of its own.
    """

    name: str
    members: Sequence[Policy]
    probabilities: NDArray[np.float64]

    @property
    def constant(self) -> bool:
        """Whether every member that can be drawn is constant."""
        drawn = zip(self.members, self.probabilities, strict=True)
        return all(member.constant for member, probability in drawn if probability > 0)

    def act(self, view: View) -> Command:
        """Each episode's orders come from its own member."""
        drawn = self.draw(view.seed)
        parts = []
        for index in np.unique(drawn):
            mask = drawn == index
            parts.append((mask, self.members[index].act(view.select(mask).branch(chance.MEMBER))))
        return stack(parts)

    def draw(self, seeds: NDArray[np.uint64]) -> NDArray[np.int64]:
        """``[B]`` index of the member that plays each episode, by the seeds of its view."""
        edges = np.cumsum(self.probabilities)
        luck = chance.uniforms(seeds, chance.MEMBER, 0, 0, 0)
        index = np.searchsorted(edges / edges[-1], luck, side="right")
        last = int(np.flatnonzero(self.probabilities)[-1])
        return np.minimum(index, last)
