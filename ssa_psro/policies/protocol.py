"""What a policy is: a name, and orders for what one side sees; and what a mixture of them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from ssa_psro.arrays import Floats, Integers, Seeds
from ssa_psro.game import chance
from ssa_psro.game.command import Command, stack
from ssa_psro.game.engine import View


@runtime_checkable
class Policy(Protocol):
    """Anything that tasks a constellation.

    A policy holds no state between calls, so the same object can play any number of games at
    once. Draw numbers from ``view.seed``, never from a global generator.

    Example:
        A policy that looks at what it has not seen for longest::

            class Patient:
                name = "patient"
                constant = False

                def act(self, view):
                    return priority_command(view.feature("age"))

    Attributes:
        name: unique in a population.
        constant: the orders are the same doctrine at every decision, so that a whole episode
            is one call of the compiled rules.
    """

    @property
    def name(self) -> str:
        """Unique in a population."""
        ...

    @property
    def constant(self) -> bool:
        """Whether the orders never change during an episode."""
        ...

    def act(self, view: View) -> Command:
        """Orders for the next decision interval."""
        ...


@dataclass(frozen=True)
class Mixture:
    """Members and their probabilities, which sum to 1; each episode is played by one of them.

    Averaging the members' orders would be another policy: a mixed strategy draws one of them.
    The draw is keyed by the view's seed, so the same episode has the same member whenever it is
    asked for. A member may be a mixture itself: it draws from seeds of its own.
    """

    name: str
    members: Sequence[Policy]
    probabilities: Floats

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

    def draw(self, seeds: Seeds) -> Integers:
        """``[B]`` index of the member that plays each episode, by the seeds of its view."""
        edges = np.cumsum(self.probabilities)
        luck = chance.uniforms(seeds, chance.MEMBER, 0, 0, 0)
        index = np.searchsorted(edges / edges[-1], luck, side="right")
        last = int(np.flatnonzero(self.probabilities)[-1])
        return np.minimum(index, last)
