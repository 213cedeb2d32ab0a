"""The Nash equilibrium of greatest entropy of a zero-sum game: unique, unlike a vertex.

Ortiz, Schapire & Kakade, "Maximum entropy correlated equilibria" (2007), argue for it; Balduzzi
et al., "Re-evaluating evaluation" (2018), average over it, since copies of a policy share its
mass and change nothing else.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, SolverError, UsageError
from ssa_psro.metagame.solvers.equilibrium import (
    Equilibrium,
    as_bimatrix,
    certified,
    is_zero_sum,
    on_simplex,
    unit_scaled,
)
from ssa_psro.metagame.solvers.optimal_face import Face, optimal_faces

METHOD = "nash-maxent"
STEPS = 200
CONVERGED = 1e-8
"""Length of the last Newton step in the metric of the entropy; another would square it."""
COMPLEMENTARY = 1e-13

TIED = 1e-9
"""Singular values below this share of the largest are zero: near-ties count as ties."""


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
    start = face.inside[used]
    start = start + np.linalg.lstsq(equations, wanted - equations @ start, rcond=TIED)[0]
    slopes = face.payoffs[np.ix_(used, ~face.binding)].T - value
    mixture = np.zeros(used.size)
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
        target = 0.1 * float(slacks @ prices) / max(1, prices.size)
        hessian = (directions.T / mixture) @ directions
        hessian += (climbing.T * (prices / slacks)) @ climbing
        ascent = climbing.T @ (target / slacks) - directions.T @ np.log(mixture)
        move = directions @ _solved(hessian, ascent)
        slack_move = slopes @ move
        price_move = (target - prices * slack_move) / slacks - prices
        share = min(_room(mixture, move), _room(slacks, slack_move), _room(prices, price_move))
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
