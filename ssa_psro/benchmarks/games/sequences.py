"""The sequence form of a game tree: payoffs bilinear in two vectors of linear size.

A sequence is what a player has done on the way to a node; with perfect recall, an information set
and an action name it. Sequence ``i * A + a`` ends in action ``a`` at information set ``i``;
``I * A`` is the empty one. Illegal actions have sequences too, which nothing ever reaches: the
price, in a few zeros, of reshaping instead of looking up.

Sequence form: Koller, Megiddo & von Stengel, STOC 1994; von Stengel, Games Econ. Behav. 14 (1996).
"""

from __future__ import annotations

from dataclasses import dataclass

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
