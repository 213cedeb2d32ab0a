"""Behaviour strategies: the policies of games in extensive form.

Everything exact about a game tree: payoffs, best responses, NashConv, mixtures.

A behaviour is turned into its realisation plan ``[S_p]``: for each of the player's sequences, the
probability that he himself does all of it. Payoffs are bilinear in two plans, mixtures are linear
in them, and a best response takes one pass over the information sets, the last first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, hstack

from ssa_psro.arrays import Floats
from ssa_psro.compiled import entry_point
from ssa_psro.errors import Fault, SolverError, UsageError
from ssa_psro.games.protocol import DeviationValues
from ssa_psro.games.trees.tree import COLUMN, ROW, GameTree

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


TIE = 1e-12
"""Actions whose payoffs differ by less are equal, and the first of them is taken: the order of
summation must not decide what a best response plays. Payoffs are a game's own units, about 1."""


def realisation_plan(tree: GameTree, policy: Behaviour) -> Floats:
    """Probability ``[S_p]`` of each of a player's sequences, chance and opponent permitting."""
    return _plan(policy.probabilities, tree.sequences.parents[policy.side])


def expected_payoff(tree: GameTree, row: Behaviour, column: Behaviour) -> float:
    """What the row player gets on average."""
    return _product(realisation_plan(tree, row), _against(tree, column))


def payoff_table(tree: GameTree, rows: Sequence[Behaviour], columns: Sequence[Behaviour]) -> Floats:
    """The row player's expected payoffs ``[n, m]``, all against all: ``X A Yᵀ``."""
    own = np.stack([realisation_plan(tree, row) for row in rows])
    return np.asarray(own @ np.stack([_against(tree, column) for column in columns], axis=1))


def best_response(tree: GameTree, opponent: Behaviour) -> tuple[Behaviour, float]:
    """A pure best response to ``opponent``, and what the responding player gets with it.

    Of equal actions, as they all are where the opponent or chance never lets the player come, it
    plays the first.
    """
    side = 1 - opponent.side
    choice, payoff = _response(tree, side, _against(tree, opponent))
    return Behaviour(side, np.eye(tree.actions)[choice]), payoff


def deviations(tree: GameTree, row: Behaviour, column: Behaviour) -> DeviationValues:
    """Value, best-response gains, NashConv and exploitability of a pair of policies."""
    to_row, to_column = _against(tree, column), _against(tree, row)
    value = _product(realisation_plan(tree, row), to_row)
    most = (_response(tree, ROW, to_row)[1], _response(tree, COLUMN, to_column)[1])
    return DeviationValues.of(value, most)


def nash_conv(tree: GameTree, row: Behaviour, column: Behaviour) -> float:
    """What both players together gain by best responses."""
    return deviations(tree, row, column).nash_conv


def exploitability(tree: GameTree, row: Behaviour, column: Behaviour) -> float:
    """Half of NashConv, as in OpenSpiel."""
    return deviations(tree, row, column).exploitability


def mixed(tree: GameTree, policies: Sequence[Behaviour], probabilities: Floats) -> Behaviour:
    """The behaviour that plays as the mixture does (Kuhn's theorem, 1953).

    It is not the average of action probabilities: at an information set, each policy counts as
    often as it comes there itself. Where none of them comes, nothing depends on what is played;
    there, it is the plain average.

    Args:
        tree: the game.
        policies: of one side, ``[n]``, n >= 1.
        probabilities: ``[n]``, summing to 1.

    Raises:
        UsageError: no policies, or of both sides.
    """
    sides = {policy.side for policy in policies}
    if len(sides) != 1:
        cure = "Mix one or more policies of one player."
        raise UsageError("mixture", [Fault("policies", sorted(sides), "not one side", cure)])
    side = sides.pop()
    shape, parents = tree.legal[side].shape, tree.sequences.parents[side]
    plan, average = np.zeros(shape[0] * shape[1] + 1), np.zeros(shape)
    for policy, probability in zip(policies, probabilities, strict=True):
        if probability > 0:
            plan += probability * realisation_plan(tree, policy)
            average += probability * policy.probabilities
    arrival = plan[parents][:, None]
    here = plan[:-1].reshape(shape)
    table = np.divide(here, arrival, out=average, where=arrival > 0)
    return Behaviour(side, table / table.sum(axis=1, keepdims=True))


def guaranteed_payoff(tree: GameTree, policies: Sequence[Behaviour]) -> float:
    """What the best mixture of some policies earns against a best response to it.

    The opponent's minimum over his realisation plans is a linear programme, whose dual is joined
    with the mixture (Koller, Megiddo & von Stengel, STOC 1994). With all policies there are it is
    the value of the game; what both players' populations lack of that is the population's
    exploitability.

    Args:
        tree: the game.
        policies: of one side, ``[n]``, n >= 1.
    """
    side = policies[0].side
    own = np.stack([_against(tree, policy) for policy in policies])  # to him, [n, S]
    parents, legal = tree.sequences.parents[1 - side], tree.legal[1 - side]
    infosets, root = len(parents), legal.size
    used = np.append(np.flatnonzero(legal), root)
    place = np.full(root + 1, -1)
    place[used] = np.arange(used.size)
    # one number an information set, and one for the beginning: the least he can pay from there on
    ends = np.append(place[np.flatnonzero(legal)], place[root])
    starts = np.append(np.repeat(np.arange(infosets), legal.sum(axis=1)), infosets)
    rows = np.concatenate([ends, place[parents]])
    columns = np.concatenate([starts, np.arange(infosets)])
    signs = np.concatenate([np.ones(ends.size), -np.ones(infosets)])
    left = coo_array((signs, (rows, columns)), shape=(used.size, infosets + 1))
    count = len(policies)
    least: Any = hstack([csr_array(own[:, used].T), left], format="csr")
    bounds: Any = [(0, None)] * count + [(None, None)] * (infosets + 1)
    found: Any = linprog(
        np.append(np.zeros(count + infosets), -1.0),
        A_ub=least,
        b_ub=np.zeros(used.size),
        A_eq=np.append(np.ones(count), np.zeros(infosets + 1))[None, :],
        b_eq=np.ones(1),
        bounds=bounds,
        method="highs",
    )
    if found.status != 0:
        raise SolverError(f"the programme of a population was not solved: {found.message}")
    return float(-found.fun)


def _against(tree: GameTree, opponent: Behaviour) -> Floats:
    """Payoff to the other player of each of that player's sequences, ``[S_p]``."""
    plan, sequences = realisation_plan(tree, opponent), tree.sequences
    if opponent.side == COLUMN:
        return np.asarray(sequences.payoffs @ plan)
    return np.asarray(-(sequences.transposed @ plan))


def _product(plan: Floats, payoffs: Floats) -> float:
    """Of two vectors ``[S_p]``, added up in one order however many threads there are.

    BLAS would use several for a long one, too, and take longer where the machine is busy.
    """
    return float(np.einsum("s,s->", plan, payoffs))


def _response(tree: GameTree, side: int, payoffs: Floats) -> tuple[NDArray[np.int64], float]:
    """Best action at each information set ``[I_p]``, and the payoff that they reach.

    Args:
        tree: the game.
        side: of the responding player.
        payoffs: of each of that player's sequences, ``[S_p]``.
    """
    return _choose(payoffs.copy(), tree.sequences.parents[side], tree.legal[side])


@entry_point
def _plan(probabilities: Floats, parents: NDArray[np.int32]) -> Floats:
    infosets, actions = probabilities.shape
    plan = np.empty(infosets * actions + 1)
    plan[infosets * actions] = 1.0
    for infoset in range(infosets):
        arrival = plan[parents[infoset]]
        for action in range(actions):
            plan[infoset * actions + action] = arrival * probabilities[infoset, action]
    return plan


@entry_point
def _choose(
    payoffs: Floats, parents: NDArray[np.int32], legal: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], float]:
    """See ``_response``; on return, payoffs of sequences include all that can follow."""
    infosets, actions = legal.shape
    choice = np.empty(infosets, dtype=np.int64)
    for infoset in range(infosets - 1, -1, -1):
        most, best = -np.inf, 0
        for action in range(actions):
            payoff = payoffs[infoset * actions + action]
            if legal[infoset, action] and payoff > most + TIE:
                most, best = payoff, action
        choice[infoset] = best
        payoffs[parents[infoset]] += most
    return choice, payoffs[infosets * actions]
