"""The Nash equilibrium of greatest entropy of a zero-sum game: unique, unlike a vertex.

The optimal mixtures of a player are a polytope, a face of the simplex: those policies may have
weight that some optimal mixture uses, and all that some optimal mixture of the opponent uses must
earn the value. ``optimal_faces`` finds both sets and a mixture inside, ``greatest_entropy`` climbs
from there. ``indifferent`` solves the same equations for a support that is guessed.

Ortiz, Schapire & Kakade, "Maximum entropy correlated equilibria" (2007), argue for it; Balduzzi
et al., "Re-evaluating evaluation" (2018), average over it, since copies of a policy share its
mass and change nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog

from ssa_psro.arrays import Flags, Floats
from ssa_psro.errors import Fault, SolverError, UsageError
from ssa_psro.metagame.solvers.equilibrium import (
    Equilibrium,
    as_bimatrix,
    certified,
    is_zero_sum,
    on_simplex,
    unit_scaled,
)
from ssa_psro.metagame.solvers.nash_lp import LP_TOLERANCE, optimal_mixtures

METHOD = "nash-maxent"
STEPS = 200
"""Where to give up; a few dozen do."""
CONVERGED = 1e-8
"""Length of the last Newton step in the metric of the entropy; another would square it."""
COMPLEMENTARY = 1e-13
"""Mean product of slack and price that is zero."""
TIED = 1e-9
"""Singular values below this share of the largest are zero: near-ties count as ties."""
TIED_PAYOFFS = 1e-9
"""Losses and weights up to this are zero; payoffs have range 1."""
LARGEST = 1e4
"""Bound on the scale of the programme, for HiGHS loses its way between 1e-10 and 1e6."""


@dataclass(frozen=True, eq=False)
class Face:
    """The optimal mixtures x of the player who receives ``payoffs``.

    They are x >= 0 of sum 1, zero where not ``used``, with x payoffs equal to ``value`` at every
    ``binding`` column and above it elsewhere.

    Attributes:
        payoffs: ``[n, m]``.
        used: policies that some optimal mixture uses, ``[n]``.
        binding: policies that some optimal mixture of the opponent uses, ``[m]``.
        value: of the game, to this player.
        inside: one optimal mixture, positive on all of ``used``, and with everything else that
            can be slack slack, ``[n]``.
    """

    payoffs: Floats
    used: Flags
    binding: Flags
    value: float
    inside: Floats


def solve_nash_maxent(payoffs: ArrayLike) -> Equilibrium:
    """The optimal mixture of greatest entropy, for each player.

    1. Find which policies any equilibrium uses, by one linear programme for both players.
    2. The player's optimal mixtures are those on its used policies against which all used
       policies of the opponent earn the value, and no other earns more.
    3. Maximise the entropy over them by a primal-dual interior-point method, and check the gap.

    Among tied policies mass is spread and not put on one of them as by ``nash-lp``: copies of a
    policy share equally, a game of equal payoffs gives the uniform mixtures. Rounding errors of
    the payoffs don't make it jump. Larger changes may: of a game whose equilibria are many, a
    neighbour may have any one of them for its only one.

    Reach: as ``nash-lp``; about three times its time where there are several equilibria. Losses
    below 1e-9 of the range of the payoffs count as ties.

    Args:
        payoffs: ``[n, m]``, or zero-sum ``[n, m, 2]``.

    Raises:
        UsageError: not a payoff array, or not zero-sum.
        SolverError: no optimum found, or the gap is not closed.
    """
    game = as_bimatrix(payoffs)
    if not is_zero_sum(game):
        fault = Fault("payoffs", None, "not zero-sum", "Use 'nash' or 'nash-milp'.")
        raise UsageError(METHOD, [fault])
    mixtures, steps = [], 0
    for face in optimal_faces(unit_scaled(game)[0][..., 0]):
        mixture, taken = greatest_entropy(face)
        mixtures.append(on_simplex(mixture, METHOD))
        steps += taken
    row, column = mixtures
    return certified(game, row, column, METHOD, {"newton_steps": steps})


def greatest_entropy(face: Face) -> tuple[Floats, int]:
    """The mixture ``[n]`` of greatest entropy in an optimal face, and the steps it took.

    Raises:
        SolverError: not converged.
    """
    used = face.used
    value = face.value
    equations = np.vstack([face.payoffs[np.ix_(used, face.binding)].T - value, np.ones(used.sum())])
    wanted = np.append(np.zeros(equations.shape[0] - 1), 1.0)
    # losses of up to 1e-9 have counted as none: off by so much, the start is put on the equations
    start = face.inside[used]
    start = start + np.linalg.lstsq(equations, wanted - equations @ start, rcond=TIED)[0]
    slopes = face.payoffs[np.ix_(used, ~face.binding)].T - value
    mixture = np.zeros(used.size)
    # what is left of the freedom; none where the optimal mixture is unique, as in most games
    directions = _null_space(equations)
    if not directions.shape[1]:
        mixture[used] = start
        return mixture, 0
    mixture[used], steps = _climb(start, directions, slopes)
    return mixture, steps


def _null_space(equations: Floats) -> Floats:
    """Orthonormal directions ``[n, d]`` that change none of the equations."""
    _, sizes, directions = np.linalg.svd(equations)
    rank = int((sizes > TIED * sizes.max()).sum())
    return np.asarray(directions[rank:].T)


def _climb(mixture: Floats, directions: Floats, slopes: Floats) -> tuple[Floats, int]:
    """Maximise entropy along ``directions``, keeping ``slopes @ mixture`` (positive now) so.

    Newton steps on the conditions of Karush, Kuhn and Tucker, complementarity being driven to
    zero; steps stop short of the edge, so that all weights and slacks stay positive.

    Args:
        mixture: ``[n]``, all positive.
        directions: ``[n, d]``.
        slopes: ``[k, n]``.
    """
    slacks, prices = slopes @ mixture, np.full(len(slopes), 0.1)
    if mixture.min() <= 0 or slacks.min(initial=1.0) <= 0:
        raise SolverError(f"{METHOD}: the optimal face is thinner than rounding")
    climbing = slopes @ directions
    for step in range(1, STEPS + 1):
        # each product of slack and price is aimed at a tenth of their mean: at zero at once, some
        # slack would hit the edge and stay there
        target = 0.1 * float(slacks @ prices) / max(1, prices.size)
        # the entropy's curvature is diagonal, -1 / weight; slacks and prices are eliminated, which
        # adds the second term
        hessian = (directions.T / mixture) @ directions
        hessian += (climbing.T * (prices / slacks)) @ climbing
        # the entropy's gradient is -log x - 1; along directions that keep the sum the 1 vanishes
        ascent = climbing.T @ (target / slacks) - directions.T @ np.log(mixture)
        move = directions @ _solved(hessian, ascent)
        slack_move = slopes @ move
        price_move = (target - prices * slack_move) / slacks - prices
        share = min(_room(mixture, move), _room(slacks, slack_move), _room(prices, price_move))
        # the whole Newton step, not the share taken: in this metric it says how far the end is
        length = np.sqrt((move**2 / mixture).sum())
        mixture = mixture + share * move
        if length < CONVERGED and target < COMPLEMENTARY:
            return mixture, step
        slacks, prices = slacks + share * slack_move, prices + share * price_move
    raise SolverError(f"{METHOD}: entropy not at its maximum after {STEPS} steps")


def _solved(hessian: Floats, ascent: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(hessian, ascent))
    except np.linalg.LinAlgError as error:
        raise SolverError(f"{METHOD}: entropy lost its curvature to rounding") from error


def _room(values: Floats, moves: Floats) -> float:
    """The share of a step, at most 1, that leaves all values positive."""
    falling = moves < 0
    return min(1.0, 0.95 * float((values[falling] / -moves[falling]).min(initial=np.inf)))


def optimal_faces(matrix: Floats) -> tuple[Face, Face]:
    """The optimal mixtures of the row player, who receives ``matrix``, and of the column player.

    A policy is used by some optimal mixture exactly if it is a best answer to all optimal
    mixtures of the opponent (Goldman & Tucker 1956). So a pair of optimal mixtures in which
    every best answer is used shows all there is to know; most games have their vertex such.

    Args:
        matrix: ``[n, m]``, in [0, 1].

    Raises:
        SolverError: HiGHS found no optimum.
    """
    row, column = optimal_mixtures(matrix)
    value = float(row @ matrix @ column)
    # a vertex with a best answer that it does not use may only be the corner of a larger face
    rows, columns = matrix @ column >= value - TIED_PAYOFFS, row @ matrix <= value + TIED_PAYOFFS
    if (row[rows] <= TIED_PAYOFFS).any() or (column[columns] <= TIED_PAYOFFS).any():
        other_row, other_column, rows, columns = _inside(matrix, rows, columns)
        # losses that one pair shows may be missing in the other; halfway both are there
        row, column = (row + other_row) / 2, (column + other_column) / 2
        value = float(row @ matrix @ column)
    return (
        Face(matrix, rows, columns, value, row),
        Face(-matrix.T, columns, rows, -value, column),
    )


def _inside(matrix: Floats, rows: Flags, columns: Flags) -> tuple[Floats, Floats, Flags, Flags]:
    """Optimal mixtures with as many policies used, and as many others losing, as can be.

    They are scaled up until each weight, or what the policy loses, reaches 1 (Freund, Roundy &
    Todd 1985); then it is plain which of the two is positive.

    Args:
        matrix: ``[n, m]``.
        rows: best answers to one optimal mixture, ``[n]``; others are never used.
        columns: the column player's best answers to one optimal mixture, ``[m]``.
    """
    a, b = int(rows.sum()), int(columns.sum())
    parts = np.split(_programme(matrix, rows, columns), np.cumsum([a, a, a, b, b, b]))
    row_mark, row_rest, row_loss, column_mark, column_rest, column_loss, _ = parts
    used_rows, used_columns = rows.copy(), columns.copy()
    used_rows[rows], used_columns[columns] = row_mark > row_loss, column_mark > column_loss
    row, column = np.zeros(rows.size), np.zeros(columns.size)
    row[rows] = on_simplex(row_mark + row_rest, METHOD)
    column[columns] = on_simplex(column_mark + column_rest, METHOD)
    return row, column, used_rows, used_columns


def _programme(matrix: Floats, rows: Flags, columns: Flags) -> Floats:
    """Unknowns: of ``rows``, then of ``columns``, the part of each weight up to 1, the rest, and
    the loss up to 1; last the value. Both players' weights sum to the same number.
    """
    # homogeneous: weights sum to any number, so the mark of a small weight can be scaled up to 1.
    # The marks are counted by the objective; by strict complementarity exactly one of a policy's
    # weight and loss can be positive, so each policy gets its mark in one place
    n, m = matrix.shape
    a, b = int(rows.sum()), int(columns.sum())
    to_columns, to_rows = -matrix[rows].T, matrix[:, columns]
    column_losses = np.hstack(
        [to_columns, to_columns, np.zeros((m, a + 2 * b)), np.eye(m)[:, columns], np.ones((m, 1))]
    )
    row_losses = np.hstack(
        [
            np.zeros((n, 2 * a)),
            np.eye(n)[:, rows],
            to_rows,
            to_rows,
            np.zeros((n, b)),
            -np.ones((n, 1)),
        ]
    )
    row_sum = np.concatenate([np.ones(2 * a), np.zeros(a + 3 * b + 1)])
    column_sum = np.concatenate([np.zeros(3 * a), np.ones(2 * b), np.zeros(b + 1)])
    marks = np.concatenate(
        [np.ones(a), np.zeros(a), np.ones(a + b), np.zeros(b), np.ones(b), [0.0]]
    )
    solution = linprog(
        c=-marks,
        A_ub=np.vstack([column_losses, row_losses, row_sum]),
        b_ub=np.append(np.zeros(m + n), LARGEST),
        A_eq=(row_sum - column_sum)[None, :],
        b_eq=[0.0],
        bounds=[(0.0, 1.0 if mark else None) for mark in marks],
        method="highs-ds",
        options={
            "primal_feasibility_tolerance": LP_TOLERANCE,
            "dual_feasibility_tolerance": LP_TOLERANCE,
        },
    )
    if solution.status != 0:
        raise SolverError(f"{METHOD}: {solution.message}")
    return np.asarray(solution.x)


def indifferent(payoffs: Floats, rows: Flags, columns: Flags, near: Floats) -> Floats:
    """The column mixture ``[m]`` on ``columns`` against which all ``rows`` earn the same.

    Where there are several, the nearest to ``near``; where there are none, the one that comes
    closest. Weights may come out negative: whoever asks must check.

    Args:
        payoffs: of the row player, ``[n, m]``.
        rows: policies that must earn the same, ``[n]``, at least one.
        columns: policies that may carry weight, ``[m]``, at least one.
        near: ``[m]``.
    """
    block = payoffs[np.ix_(rows, columns)]
    # that all rows earn the same, without naming how much: each row less the mean of the rows
    equations = np.vstack([block - block.mean(axis=0), np.ones(block.shape[1])])
    # least squares for the change, not for the mixture: the shortest one ends nearest to the start
    start = near[columns]
    missing = np.append(np.zeros(block.shape[0]), 1.0) - equations @ start
    mixture = np.zeros(columns.size)
    mixture[columns] = start + np.linalg.lstsq(equations, missing, rcond=1e-12)[0]
    return mixture
