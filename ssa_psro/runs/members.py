"""How a member of a population is described in a run folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["heuristic", "doctrine-network"]


@dataclass(frozen=True)
class MemberFile:
    """A member, all but a network's parameters, which stand in the file beside it.

    Attributes:
        name: unique within its population.
        kind: what it is.
        iteration: that added it; 0 for those the run began with.
        start: what its training really started from; ``None`` for a heuristic.
        doctrine: weight of each feature of a heuristic, zeros left out; ``None`` for a network.
            The run plays these, whatever the heuristic of that name may become later.
        sha256: of the file of parameters (hex); ``None`` for a heuristic.
    """

    name: str
    kind: Kind
    iteration: int = 0
    start: str | None = None
    doctrine: Mapping[str, float] | None = None
    sha256: str | None = None
