"""Behaviour strategies: the policies of games in extensive form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats
from ssa_psro.benchmarks.games.tree import GameTree
from ssa_psro.errors import Fault, UsageError

TOLERANCE = 1e-6
"""How far the probabilities of an information set may sum from 1: a float32 softmax passes."""


@dataclass(frozen=True, eq=False)
class Behaviour:
    """What one player does at each of his information sets.

    Attributes:
        side: whose, 0 the row player.
        probabilities: ``[I_p, A]``, each row sums to 1 and is 0 at illegal actions.
    """

    side: int
    probabilities: Floats


def behaviour_of(tree: GameTree, side: int, probabilities: ArrayLike) -> Behaviour:
    """The behaviour with these probabilities ``[I_p, A]``, each row scaled to sum to exactly 1.

    Raises:
        UsageError: another shape, or rows that are no distribution over legal actions.
    """
    table = np.array(probabilities, dtype=np.float64)
    legal = tree.legal[side]
    if table.shape != legal.shape:
        _refuse(table.shape, "wrong shape", f"Give an array of {legal.shape}.")
    if not (table >= 0).all():
        _refuse(None, "negative or nan", "Give probabilities.")
    if table[~legal].any():
        _refuse(None, "an illegal action has probability", "Mask illegal actions.")
    totals = table.sum(axis=1, keepdims=True)
    off = float(np.abs(totals - 1.0).max(initial=0.0))
    if off > TOLERANCE:
        _refuse(off, "a row is that far from summing to 1", "Normalise every row.")
    return Behaviour(side, table / totals)


def uniform(tree: GameTree, side: int) -> Behaviour:
    """All legal actions alike."""
    legal = tree.legal[side]
    return Behaviour(side, legal / legal.sum(axis=1, keepdims=True))


def first_legal(tree: GameTree, side: int) -> Behaviour:
    """The first legal action, always: a pure policy to begin with."""
    legal = tree.legal[side]
    return Behaviour(side, np.eye(tree.actions)[legal.argmax(axis=1)])


def _refuse(value: object, problem: str, cure: str) -> None:
    raise UsageError("behaviour", [Fault("probabilities", value, problem, cure)])
