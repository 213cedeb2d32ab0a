"""A Nash equilibrium of a general-sum game along its path of logit quantal responses.

McKelvey & Palfrey, "Quantal response equilibria for normal form games" (1995): each policy is
played in proportion to e^(precision x payoff). From the uniform mixtures at precision 0 one
path leads to an equilibrium. It is followed as by Turocy, "A dynamic homotopy interpretation of
the logistic quantal response equilibrium correspondence" (2005): by arc length, since the
precision may fall on the way, and in logarithms, since weights vanish exponentially.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats
from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers.equilibrium import (
    Argument,
    Equilibrium,
    as_bimatrix,
    certified,
    on_simplex,
    relative_gap,
    require,
    unit_scaled,
)
from ssa_psro.metagame.solvers.nash_maxent import indifferent

METHOD = "logit-path"
NEAR_GAP = 1e-2
"""Relative gap of the quantal response from which on its support is worth a try."""
NEAR = 0.05
"""How far, in any weight, the polished mixtures may be from the quantal response."""
CUTS = (1e-1, 3e-2, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8)
"""Shares of the largest weight below which a policy may not belong to the support."""
NEWTON_STEPS = 8
"""From where Newton's method is not converging to the path, and the step was too long."""
CLOSE = 1e-9
"""What counts as zero: of Newton's moves, of negative weights, of a polished answer's gap."""
FIRST_STEP = 0.03
LONGEST_STEP = 1e3
SHORTEST_STEP = 1e-9
"""Lengths along the path, in logarithms of weights and units of precision together."""


def solve_logit_path(
    payoffs: ArrayLike, *, precision: float = 1e6, steps: int = 5_000
) -> Equilibrium:
    """The Nash equilibrium at the end of the principal branch of logit equilibria.

    1. Follow the path from the uniform mixtures, by a step along its tangent and Newton's
       method back to it; the step's length follows from how well that went.
    2. Once the quantal response is nearly an equilibrium, take its likely supports and solve
       the linear equations of indifference for the mixtures next to it.
    3. Accept what passes the certificate of every Nash solver here; else follow the path on.

    Reach: about 50 policies a side, seconds; each step solves n + m linear equations. A path
    that nearly meets another branch (as in games of exact symmetry) may be lost, and raises.

    Args:
        payoffs: ``[n, m]`` or ``[n, m, 2]``.
        precision: where to give up; payoffs are scaled to [0, 1].
        steps: along the path, before giving up.

    Raises:
        UsageError: not a payoff array, or a number out of range.
        SolverError: no equilibrium could be certified along the path.
    """
    require(
        METHOD,
        [
            Argument("precision", precision, precision > 0, "a number above 0"),
            Argument("steps", steps, steps >= 1, "1 or more"),
        ],
    )
    game = as_bimatrix(payoffs)
    scaled = unit_scaled(game)[0]
    n = game.shape[0]
    reached = 0.0
    for taken, point in enumerate(_path(scaled), start=1):
        weights, reached = np.exp(point[:-1]), float(point[-1])
        mixtures = on_simplex(weights[:n], METHOD), on_simplex(weights[n:], METHOD)
        # the path only ends at infinite precision. But near its end it shows the support, and on a
        # known support an equilibrium solves linear equations
        if relative_gap(game, *mixtures) <= NEAR_GAP:
            polished = _polished(scaled, *mixtures)
            if polished is not None:
                return certified(game, *polished, METHOD, {"precision": reached, "steps": taken})
        if taken >= steps or reached >= precision:
            break
    raise SolverError(f"{METHOD}: nothing to certify up to precision {reached:.3g}")


def _polished(scaled: Floats, row: Floats, column: Floats) -> tuple[Floats, Floats] | None:
    """An exact equilibrium near two mixtures, on supports that their weights suggest."""
    for cut in CUTS:
        rows, columns = row >= cut * row.max(), column >= cut * column.max()
        new_column = indifferent(scaled[..., 0], rows, columns, column)
        new_row = indifferent(scaled[..., 1].T, columns, rows, row)
        if min(new_row.min(), new_column.min()) < -CLOSE:
            continue
        new_row, new_column = on_simplex(new_row, METHOD), on_simplex(new_column, METHOD)
        # far away would be another equilibrium than the one that the path leads to
        near = max(np.abs(new_row - row).max(), np.abs(new_column - column).max()) <= NEAR
        if near and relative_gap(scaled, new_row, new_column) <= CLOSE:
            return new_row, new_column
    return None


def _path(scaled: Floats) -> Iterator[Floats]:
    """Points of the path: logarithms of the weights ``[n + m]``, then the precision."""
    n, m = scaled.shape[:2]
    # predictor and corrector by arc length: the curve is smooth where, seen as a function of the
    # precision, it turns back
    point = np.concatenate([np.full(n, -np.log(n)), np.full(m, -np.log(m)), [0.0]])
    tangent = _tangent(_equations(scaled, point)[1], np.append(np.zeros(n + m), 1.0))
    length = FIRST_STEP
    while length >= SHORTEST_STEP:
        corrected = _corrected(scaled, point + length * tangent, tangent)
        if corrected is None:
            length /= 3
            continue
        new, effort = corrected
        heading = _tangent(_equations(scaled, new)[1], tangent)
        if heading @ tangent < 0.8:  # a sharp turn, or another branch
            length /= 3
            continue
        point, tangent = new, heading
        # longer steps where Newton needed few corrections, shorter ones where it needed many
        length = min(LONGEST_STEP, length * (2.0 if effort <= 2 else 1.3 if effort <= 4 else 0.7))
        yield point
    raise SolverError(f"{METHOD}: lost the path at precision {point[-1]:.3g}")


def _equations(scaled: Floats, point: Floats) -> tuple[Floats, Floats]:
    """What must vanish on the path ``[n + m]``, and its derivatives ``[n + m, n + m + 1]``.

    For each player: log weight - precision x payoff is the same for all policies (that of the
    last one is subtracted from the others), and the weights sum to 1.
    """
    n, m = scaled.shape[:2]
    row, column, precision = np.exp(point[:n]), np.exp(point[n:-1]), point[-1]
    own, other = scaled[..., 0], scaled[..., 1].T
    level = np.concatenate(
        [point[:n] - precision * own @ column, point[n:-1] - precision * other @ row]
    )
    slope = np.eye(n + m, n + m + 1)
    slope[:n, n:-1] = -precision * own * column
    slope[n:, :n] = -precision * other * row
    slope[:n, -1], slope[n:, -1] = -own @ column, -other @ row
    for first, end, weights in ((0, n, row), (n, n + m, column)):
        level[first:end] -= level[end - 1]
        slope[first:end] -= slope[end - 1]
        level[end - 1] = weights.sum() - 1
        slope[end - 1] = 0.0
        slope[end - 1, first:end] = weights
    return level, slope


def _tangent(slope: Floats, towards: Floats) -> Floats:
    """The unit direction along which the equations stay solved, turned ``towards``."""
    # n + m equations in n + m + 1 unknowns leave one direction; the last row fixes its sense, so
    # that the path does not double back
    system = np.vstack([slope, towards])
    target = np.zeros(system.shape[0])
    target[-1] = 1.0
    direction = np.linalg.solve(system, target)
    return np.asarray(direction / np.linalg.norm(direction))


def _corrected(scaled: Floats, guess: Floats, tangent: Floats) -> tuple[Floats, int] | None:
    """Newton's method across the tangent: the point on the path, and how many steps it took."""
    point = guess
    for effort in range(1, NEWTON_STEPS + 1):
        level, slope = _equations(scaled, point)
        # back to the path at right angles to the tangent, so that a step keeps its length
        residual = np.append(level, tangent @ (point - guess))
        try:
            move = np.linalg.solve(np.vstack([slope, tangent]), -residual)
        except np.linalg.LinAlgError:
            return None
        point = point + move
        # too far for Newton, nan, or a weight above e: no point of the path
        if not np.abs(move).max() <= 1.0 or point[:-1].max() > 1.0:
            return None
        if np.abs(move).max() <= CLOSE * max(1.0, float(np.abs(point).max())):
            return point, effort
    return None
