"""The policies of one side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic

from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.judge import P
from ssa_psro.oracles.protocol import Member


@dataclass(frozen=True, eq=False)
class Population(Generic[P]):
    """The named members of one side, oldest first; it only ever grows.

    Attributes:
        side: name of the side, such as ``blue``; trained members are named after it.
        members: at least one, names all different.
    """

    side: str
    members: tuple[Member[P], ...]

    def __post_init__(self) -> None:
        names = self.names
        if not names:
            _refuse(self.side, None, "empty population", "Start with at least one policy.")
        doubles = sorted({name for name in names if names.count(name) > 1})
        if doubles:
            _refuse(self.side, doubles, "names used twice", "Name every policy once.")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the members, in order."""
        return tuple(member.name for member in self.members)

    @property
    def policies(self) -> tuple[P, ...]:
        """What the judge plays, in order."""
        return tuple(member.policy for member in self.members)

    def with_members(self, members: Iterable[Member[P]]) -> Population[P]:
        """The population with more members at its end.

        Raises:
            UsageError: a name is taken.
        """
        return Population(self.side, (*self.members, *members))


def _refuse(key: str, value: object, problem: str, cure: str) -> None:
    raise UsageError("population", [Fault(key, value, problem, cure)])
