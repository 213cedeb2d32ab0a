"""The sequence form of a game tree: payoffs bilinear in two vectors of linear size.

A sequence is what a player has done on the way to a node; with perfect recall, an information set
and an action name it. Sequence ``i * A + a`` ends in action ``a`` at information set ``i``;
``I * A`` is the empty one. Illegal actions have sequences too, which nothing ever reaches: the
price, in a few zeros, of reshaping instead of looking up.

Sequence form: Koller, Megiddo & von Stengel, STOC 1994; von Stengel, Games Econ. Behav. 14 (1996).

A two-player zero-sum game in extensive form with perfect recall, flattened into arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from ssa_psro.arrays import Floats, Integers32
from ssa_psro.compiled import entry_point
from ssa_psro.errors import Fault, UsageError

UNSEEN = -1


@dataclass(frozen=True, eq=False)
class Sequences:
    """``S_p = I_p * A + 1`` sequences of player ``p``.

    Attributes:
        parents: of each player, ``[I_p]`` int32: his sequence on arrival at an information set.
        payoffs: ``[S_0, S_1]``: the row player's payoff at the terminals that two sequences lead
            to, times the probability that chance lets them.
        transposed: the same as ``[S_1, S_0]``, in rows as well, since products then run faster.
    """

    parents: tuple[Integers32, Integers32]
    payoffs: csr_array
    transposed: csr_array


def sequences_of(
    player: NDArray[np.int8],
    infoset: Integers32,
    first_child: Integers32,
    child_count: Integers32,
    action: Integers32,
    chance: Floats,
    payoff: Floats,
    infosets: tuple[int, int],
    actions: int,
) -> Sequences:
    """The sequence form of the arrays of a ``GameTree``.

    Raises:
        UsageError: a player reaches an information set by two different sequences of his own, or
            never, or an information set stands before one that leads to it.
    """
    rows, columns = (np.full(count, UNSEEN, dtype=np.int32) for count in infosets)
    sequence, reach, forgetful = _walk(
        player, infoset, first_child, child_count, action, chance, rows, columns, actions
    )
    if forgetful >= 0:
        _refuse(int(forgetful), "a player forgets what he did", "Only perfect recall is solved.")
    for parent in (rows, columns):
        if (parent == UNSEEN).any():
            _refuse(None, "an information set without a node", "Leave it out.")
        if (parent // actions >= np.arange(parent.size))[parent != parent.size * actions].any():
            _refuse(None, "information sets out of order", "Number them as they are reached.")
    ends = np.flatnonzero(child_count == 0)
    shape = (infosets[0] * actions + 1, infosets[1] * actions + 1)
    places = (sequence[ends, 0], sequence[ends, 1])
    payoffs = csr_array(coo_array((reach[ends] * payoff[ends], places), shape=shape))
    return Sequences((rows, columns), payoffs, csr_array(payoffs.T))


@entry_point
def _walk(
    player: NDArray[np.int8],
    infoset: Integers32,
    first_child: Integers32,
    child_count: Integers32,
    action: Integers32,
    chance: Floats,
    row_parents: Integers32,
    column_parents: Integers32,
    actions: int,
) -> tuple[Integers32, Floats, int]:
    """Both players' sequences ``[H, 2]`` and chance's share ``[H]`` on arrival at each node.

    Fills in the parents ``[I_p]``. The last number is a node where a player has forgotten, or -1.
    """
    sequence = np.empty((player.size, 2), dtype=np.int32)
    reach = np.empty(player.size)
    sequence[0, 0], sequence[0, 1] = row_parents.size * actions, column_parents.size * actions
    reach[0] = 1.0
    for node in range(player.size):
        mover = player[node]
        if mover < 2:
            parents = row_parents if mover == 0 else column_parents
            known = parents[infoset[node]]
            if known != UNSEEN and known != sequence[node, mover]:
                return sequence, reach, node
            parents[infoset[node]] = sequence[node, mover]
        for child in range(first_child[node], first_child[node] + child_count[node]):
            sequence[child] = sequence[node]
            reach[child] = reach[node] * chance[child]
            if mover < 2:
                sequence[child, mover] = infoset[node] * actions + action[child]
    return sequence, reach, -1


def _refuse(value: object, problem: str, cure: str) -> None:
    raise UsageError("game tree", [Fault("infoset", value, problem, cure)])


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


def seated(tree: GameTree) -> GameTree:
    """The game in which chance first decides, evenly, who of two plays which seat.

    Either player has the information sets of both seats, the row player's first, and features
    begin with the seat: -1 or 1. So one behaviour can be either player's, both of the same worth,
    and what a best response gains over a pair of equals is half of the NashConv that they have in
    ``tree``.
    """
    depths, seats = _levels(tree), np.arange(2)[:, None]
    # a level of the one half stands before that of the other, the root of all before both
    begin = np.searchsorted(depths, depths)  # where the level of a node begins
    size = np.searchsorted(depths, depths, side="right") - begin
    place = 1 + begin + np.arange(depths.size) + seats * size  # [2, H]
    order = np.argsort(place, axis=None)

    def both(root: Any, row: Any, column: Any) -> Any:
        values = np.stack([row, column]).ravel()[order]
        return np.concatenate([[root], values]).astype(row.dtype)

    count, moves = tree.infosets[ROW], tree.player <= COLUMN
    infoset = np.where(tree.player == COLUMN, tree.infoset + count, tree.infoset)
    leads = tree.first_child != NOTHING
    first = [np.where(leads, to[tree.first_child], NOTHING).astype(np.int32) for to in place]
    chance = tree.chance.copy()
    chance[0] = 0.5
    seen = (_with_seat(own, seat) for own, seat in zip(tree.features, (-1.0, 1.0), strict=True))
    features = np.vstack(tuple(seen))
    legal = np.vstack(tree.legal)
    labels = (
        *(f"row: {label}" for label in tree.labels[ROW]),
        *(f"column: {label}" for label in tree.labels[COLUMN]),
    )
    return GameTree(
        name=tree.name,
        player=both(CHANCE, tree.player, np.where(moves, 1 - tree.player, tree.player)),
        infoset=both(NOTHING, infoset, infoset),
        first_child=both(1, *first),
        child_count=both(2, tree.child_count, tree.child_count),
        action=both(NOTHING, tree.action, tree.action),
        chance=both(1.0, chance, chance),
        payoff=both(0.0, tree.payoff, -tree.payoff),
        actions=tree.actions,
        features=(features, features),
        legal=(legal, legal),
        labels=(labels, labels),
    )


def _levels(tree: GameTree) -> NDArray[np.int64]:
    """Moves that lead to each node, ``[H]``, ascending."""
    depths = np.zeros(tree.player.size, dtype=np.int64)
    for node in np.flatnonzero(tree.child_count):
        first = tree.first_child[node]
        depths[first : first + tree.child_count[node]] = depths[node] + 1
    return depths


def _with_seat(features: NDArray[np.float32], seat: float) -> NDArray[np.float32]:
    return np.column_stack([np.full(len(features), seat, dtype=np.float32), features])
