"""What every meta-solver takes and returns, and the certificate that a Nash equilibrium must carry.

No solver is believed: its mixtures are checked, in the game as given, for what either player could
still gain. Beside that stands what several solvers need: payoffs on one scale, the elimination of
strictly dominated policies, the check of their arguments, and the uniform mixture, which is the
target of fictitious self-play and every solver's baseline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Flags, Floats, Indices
from ssa_psro.errors import Fault, SolverError, UsageError

Parameters = Mapping[str, float | int | str]

GAP_TOLERANCE = 1e-9
"""Regret of both players together, relative to the range of their payoffs, that is rounding."""
ZERO_SUM_TOLERANCE = 1e-12
"""What two payoffs may leave of the largest one when they cancel."""


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """Mixtures over the policies of a restricted game.

    Attributes:
        row: probabilities of the row policies, ``[n]``.
        column: probabilities of the column policies, ``[m]``.
        value: expected payoff of the row and of the column player.
        method: what computed it.
        gap: what both players together could gain inside the restricted game (NashConv,
            payoff units), evaluated on these mixtures: a certificate, not a solver's claim.
        parameters: what the solver was run with, and what its run came to, such as its
            iterations; empty where there is nothing to tell.
    """

    row: Floats
    column: Floats
    value: tuple[float, float]
    method: str
    gap: float
    parameters: Parameters = field(default_factory=dict)


def as_bimatrix(payoffs: ArrayLike) -> Floats:
    """Payoffs ``[n, m, 2]``; a matrix ``[n, m]`` is read as the row player's of a zero-sum game.

    Raises:
        UsageError: another shape, an empty side, or a payoff that is not finite.
    """
    array = np.asarray(payoffs, dtype=np.float64)
    if array.ndim == 2:
        array = np.stack([array, -array], axis=-1)
    if array.ndim != 3 or array.shape[2] != 2 or array.size == 0:
        fault = Fault("payoffs", array.shape, "wrong shape", "Give [n, m] or [n, m, 2].")
        raise UsageError("meta-solver", [fault])
    if not np.isfinite(array).all():
        fault = Fault("payoffs", None, "nan or infinity", "Play every cell before solving.")
        raise UsageError("meta-solver", [fault])
    return array


def is_zero_sum(payoffs: Floats) -> bool:
    """Whether the two players' payoffs ``[n, m, 2]`` cancel in every cell."""
    scale = float(np.abs(payoffs).max())
    return bool(np.abs(payoffs.sum(axis=-1)).max() <= ZERO_SUM_TOLERANCE * scale)


def regrets(payoffs: Floats, row: Floats, column: Floats) -> tuple[float, float]:
    """What each player would gain by the best pure deviation, payoff units, both >= 0."""
    # without their common offset, small differences between large payoffs keep their digits
    centred = payoffs - payoffs.mean(axis=(0, 1))
    # pure deviations suffice: against a fixed mixture no mixture earns more than its best part
    own = centred[..., 0] @ column
    other = row @ centred[..., 1]
    gains = np.array([own.max() - row @ own, other.max() - other @ column])
    first, second = np.maximum(gains, 0.0).tolist()  # which keeps nan, as max() does not
    return first, second


def unit_scaled(payoffs: Floats) -> tuple[Floats, Floats]:
    """Each player's payoffs mapped onto [0, 1], and the range of each, ``[2]``.

    Equilibria do not change, and tolerances of solvers then mean the same in every game.
    A player whose payoffs are all equal gets zeros.
    """
    low = payoffs.min(axis=(0, 1))
    span = payoffs.max(axis=(0, 1)) - low
    return (payoffs - low) / np.where(span > 0, span, 1.0), span


def on_simplex(weights: Floats, method: str) -> Floats:
    """Weights cleaned of rounding: clipped at zero and normalised.

    Raises:
        SolverError: no weight is positive.
    """
    clipped = np.maximum(np.asarray(weights, dtype=np.float64), 0.0)
    total = clipped.sum()
    if not np.isfinite(total) or total <= 0:
        raise SolverError(f"{method} returned no mixture")
    return np.asarray(clipped / total)


def describe(
    payoffs: Floats, row: Floats, column: Floats, method: str, parameters: Parameters | None = None
) -> Equilibrium:
    """The result of any meta-solver: value and gap evaluated on its mixtures."""
    value = (float(row @ payoffs[..., 0] @ column), float(row @ payoffs[..., 1] @ column))
    gap = sum(regrets(payoffs, row, column))
    return Equilibrium(row, column, value, method, gap, parameters or {})


def relative_gap(payoffs: Floats, row: Floats, column: Floats) -> float:
    """The sum of both players' regrets, each relative to the range of that player's payoffs."""
    return sum(regrets(unit_scaled(payoffs)[0], row, column))


def certified(
    payoffs: Floats, row: Floats, column: Floats, method: str, parameters: Parameters | None = None
) -> Equilibrium:
    """A Nash equilibrium whose gap has been checked relative to the range of the payoffs.

    Raises:
        SolverError: the gap exceeds ``GAP_TOLERANCE`` of that range.
    """
    gap = relative_gap(payoffs, row, column)
    if not gap <= GAP_TOLERANCE:  # nan is no certificate
        raise SolverError(
            f"{method} left a relative gap of {gap:.2e} (allowed {GAP_TOLERANCE:.0e}) "
            f"on a {row.size} x {column.size} game"
        )
    return describe(payoffs, row, column, method, parameters)


class Argument(NamedTuple):
    """One argument: its name, its value, whether that will do, and what would."""

    name: str
    value: float
    fits: bool
    cure: str


def require(method: str, arguments: Iterable[Argument]) -> None:
    """Refuse arguments that make no sense, all of them at once.

    Args:
        method: the solver they were given to.
        arguments: what it was given.

    Raises:
        UsageError: with every argument that will not do.
    """
    faults = [
        Fault(one.name, one.value, "out of range", f"Give {one.cure}.")
        for one in arguments
        if not one.fits
    ]
    if faults:
        raise UsageError(method, faults)


def require_search(method: str, tolerance: float, iterations: int) -> None:
    """Refuse a tolerance or a number of iterations that no search can keep.

    Raises:
        UsageError: with what is wrong.
    """
    require(
        method,
        [
            Argument("tolerance", tolerance, tolerance > 0, "a number above 0"),
            Argument("iterations", iterations, iterations >= 1, "1 or more"),
        ],
    )


def undominated(payoffs: Floats) -> tuple[Indices, Indices]:
    """Rows and columns that survive; the others carry no mass in any Nash equilibrium.

    Only dominance by a single policy is looked for, and only strict dominance, which loses
    no equilibrium and does not depend on the order of elimination.

    Args:
        payoffs: ``[n, m, 2]``.
    """
    rows, columns = np.arange(payoffs.shape[0]), np.arange(payoffs.shape[1])
    while True:
        # a policy may be dominated only once another one is gone from the other seat
        game = payoffs[np.ix_(rows, columns)]
        keep_row = ~_dominated(game[..., 0])
        keep_column = ~_dominated(game[..., 1].T)
        if keep_row.all() and keep_column.all():
            return rows, columns
        rows, columns = rows[keep_row], columns[keep_column]


def _dominated(payoffs: Floats) -> Flags:
    """Which policies ``[n]`` another one beats against every opponent; payoffs ``[n, m]``."""
    beats = (payoffs[:, None, :] > payoffs[None, :, :]).all(axis=2)
    return np.asarray(beats.any(axis=0))


def solve_uniform(payoffs: ArrayLike) -> Equilibrium:
    """Equal weight on every policy; ``gap`` then says how far that is from a Nash equilibrium.

    Raises:
        UsageError: not a payoff array.
    """
    game = as_bimatrix(payoffs)
    n, m = game.shape[:2]
    return describe(game, np.full(n, 1 / n), np.full(m, 1 / m), "uniform")
