"""What a policy is: a name, and orders for what one side sees."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from ssa_psro.game.command import Command
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
