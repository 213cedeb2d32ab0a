"""Skill and rock-paper-scissors taken apart: the Hodge decomposition of a payoff table.

Balduzzi, Tuyls, Perolat & Graepel, "Re-evaluating evaluation", NeurIPS 2018: payoff = level +
difference of ratings + a rest in which nobody is better on average. The rest is a sum of discs:
in each, every policy is a point of the plane, and beats those that lie anticlockwise of it by the
area that the two points span (their Schur decomposition of an antisymmetric matrix).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.metagame.bootstrap import resampled_means
from ssa_psro.metagame.estimates import linear_interval
from ssa_psro.metagame.intervals import CONFIDENCE, Interval, percentile_interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.structure.ratings import cyclic_part, cyclic_shares, ratings

ANTISYMMETRIC = 1e-9
"""Largest asymmetry, relative to the payoffs, of a game whose two seats count as one."""


@dataclass(frozen=True, eq=False)
class Disc:
    """One cycle of a game.

    Attributes:
        share: of the squared cyclic payoffs that it explains, in [0, 1].
        rows: where the row policies lie, ``[n, 2]``.
        columns: where the column policies lie, ``[m, 2]``; the same where both seats are one.
            Row i earns ``rows[i, 0] columns[j, 1] - rows[i, 1] columns[j, 0]`` from this disc.
    """

    share: float
    rows: Floats
    columns: Floats


@dataclass(frozen=True, eq=False)
class Hodge:
    """The row player's mean payoffs, taken apart.

    Attributes:
        level: what the row seat is worth, payoff units.
        row_ratings: transitive strength of each row policy, ``[n]``, mean zero.
        column_ratings: of each column policy, ``[m]``; great is good for the column player.
        cyclic: payoffs that ratings don't explain, ``[n, m]``.
        row_cyclic: root mean square of them of each row policy, ``[n]``, payoff units.
        column_cyclic: of each column policy, ``[m]``.
        discs: the greatest first; those that explain less than rounding are left out.
    """

    level: float
    row_ratings: Floats
    column_ratings: Floats
    cyclic: Floats
    row_cyclic: Floats
    column_cyclic: Floats
    discs: tuple[Disc, ...]


def decompose(payoffs: Floats) -> Hodge:
    """The decomposition of one player's mean payoffs ``[n, m]``."""
    rows, columns = ratings(payoffs)
    cyclic = cyclic_part(payoffs)
    return Hodge(
        level=float(payoffs.mean()),
        row_ratings=rows,
        column_ratings=columns,
        cyclic=cyclic,
        row_cyclic=np.sqrt((cyclic**2).mean(axis=1)),
        column_cyclic=np.sqrt((cyclic**2).mean(axis=0)),
        discs=_discs(cyclic),
    )


def rating_intervals(
    table: PayoffTable, side: int, confidence: float = CONFIDENCE
) -> tuple[Interval, ...]:
    """Student t intervals of one side's ratings from the row player's payoffs.

    Args:
        table: of two episodes or more in every cell.
        side: 0 for the row policies, 1 for the column policies.
        confidence: of each interval alone.
    """
    n, m = len(table.rows), len(table.columns)
    even = np.full((n, m), 1 / (n * m))
    if side == 0:
        weights = [np.outer(one, np.full(m, 1 / m)) - even for one in np.eye(n)]
    else:
        weights = [even - np.outer(np.full(n, 1 / n), one) for one in np.eye(m)]
    return tuple(linear_interval(table, weight, 0, confidence) for weight in weights)


def cyclic_share_interval(
    table: PayoffTable,
    *,
    rng: np.random.Generator,
    resamples: int = 200,
    confidence: float = CONFIDENCE,
) -> Interval:
    """Cyclic share of the row player's payoffs, freed of the noise that would count as cyclic.

    The squares of noisy numbers are too great by their variance; that of the table is estimated
    from its episodes and subtracted, and subtracted twice from resamples, which are noisy twice.

    Args:
        table: of two episodes or more in every cell.
        rng: source of the resamples.
        resamples: how many there are.
        confidence: two-sided level.
    """
    point, replicates = cyclic_shares(table, resampled_means(table, rng, resamples))
    return percentile_interval(point, replicates, int(table.count.min()), confidence)


def _discs(cyclic: Floats) -> tuple[Disc, ...]:
    """Pairs of an antisymmetric matrix: each policy of each seat is a point, or of both seats."""
    n, m = cyclic.shape
    scale = float(np.abs(cyclic).max(initial=0.0))
    # of one population each policy is one point. Rows and columns that differ make an antisymmetric
    # matrix of n + m policies, in which rows meet columns only
    one_seat = n == m and bool(np.abs(cyclic + cyclic.T).max() <= ANTISYMMETRIC * scale)
    if one_seat:
        beats = (cyclic - cyclic.T) / 2
    else:
        beats = np.block([[np.zeros((n, n)), cyclic], [-cyclic.T, np.zeros((m, m))]])
    # i times an antisymmetric matrix is Hermitian; its eigenvalues come in pairs +-strength
    strengths, vectors = np.linalg.eigh(1j * beats)
    total = float((beats**2).sum())
    found = []
    for strength, vector in zip(strengths[::-1], vectors.T[::-1], strict=True):
        if strength <= 1e-9 * max(scale, np.finfo(np.float64).tiny):
            break
        # of the pair v and its conjugate: i beats j by twice the imaginary part of
        # strength v_i conj(v_j), which is the area that these points of i and j span
        points = np.sqrt(2 * strength) * np.stack([vector.imag, vector.real], axis=1)
        share = 2 * float(strength) ** 2 / total
        found.append(Disc(share, points[:n], points if one_seat else points[n:]))
    return tuple(found)
