"""The coverage game as the meta-game sees it: who judges, and how policies mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.game import CoverageGame
from ssa_psro.policies import Mixture, Policy, play


@dataclass(frozen=True, eq=False)
class CoverageJudge:
    """Plays Blue's policy (the row) against Red's (the column).

    Attributes:
        game: what is played.
    """

    game: CoverageGame

    def __call__(self, row: Policy, column: Policy, seeds: Seeds, /) -> Floats:
        """Payoffs of Blue and Red in every episode, ``[E, 2]``."""
        return play(self.game, row, column, seeds).payoffs


def mix(policies: Sequence[Policy], probabilities: Floats) -> Mixture:
    """One policy that plays one of several, drawn anew for every episode.

    Args:
        policies: the members, ``[n]``.
        probabilities: of each member, ``[n]``, summing to 1.
    """
    return Mixture("mixture", tuple(policies), probabilities)
