"""A two-player zero-sum game in extensive form with perfect recall, flattened into arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ssa_psro.benchmarks.games.sequences import Sequences, sequences_of

ROW, COLUMN, CHANCE, TERMINAL = 0, 1, 2, 3
"""Whose turn it is at a node; the players' numbers are those of their sides."""

NOTHING = -1
"""Where an index has no meaning: no information set, no child, no action."""


@dataclass(frozen=True, eq=False)
class GameTree:
    """Every node of a game; ``H`` nodes, ``I_p`` information sets of player ``p``, ``A`` actions.

    Nodes stand level by level: the root first, children after their parents, the children of one
    node side by side. A player's information sets stand in an order in which those that he comes
    through on his way to another stand before it.

    Attributes:
        name: of the game.
        player: ``[H]`` int8, ``ROW``, ``COLUMN``, ``CHANCE`` or ``TERMINAL``.
        infoset: ``[H]`` int32, number among that player's information sets; ``NOTHING`` where no
            player moves.
        first_child: ``[H]`` int32, ``NOTHING`` at terminals.
        child_count: ``[H]`` int32; a player's children stand in ascending order of action.
        action: ``[H]`` int32, the player's action that leads into the node; ``NOTHING`` at the root
            and after chance.
        chance: ``[H]`` float64, probability of the edge into the node where chance has moved, 1
            elsewhere.
        payoff: ``[H]`` float64, the row player's at terminals, 0 elsewhere.
        actions: ``A``, the number of distinct actions.
        features: of each player, ``[I_p, F]`` float32: what a network is shown.
        legal: of each player, ``[I_p, A]``.
        labels: of each player, ``[I_p]`` names of the information sets, all different.
    """

    name: str
    player: NDArray[np.int8]
    infoset: NDArray[np.int32]
    first_child: NDArray[np.int32]
    child_count: NDArray[np.int32]
    action: NDArray[np.int32]
    chance: NDArray[np.float64]
    payoff: NDArray[np.float64]
    actions: int
    features: tuple[NDArray[np.float32], NDArray[np.float32]]
    legal: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    labels: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def infosets(self) -> tuple[int, int]:
        """How many information sets each player has."""
        return len(self.labels[0]), len(self.labels[1])

    @cached_property
    def sequences(self) -> Sequences:
        """The sequence form, on which everything exact is computed.

        Raises:
            UsageError: a player forgets, or information sets stand in another order.
        """
        return sequences_of(
            self.player,
            self.infoset,
            self.first_child,
            self.child_count,
            self.action,
            self.chance,
            self.payoff,
            self.infosets,
            self.actions,
        )
