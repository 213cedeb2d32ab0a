"""The shape of a meta-game: how much of it is skill and how much is rock-paper-scissors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats
from ssa_psro.metagame.payoffs import PayoffTable

SUPPORT_MASS = 1e-6
"""Probability above which a policy counts as supported; below it is rounding."""


def ratings(payoffs: Floats) -> tuple[Floats, Floats]:
    """Transitive strength of the row policies ``[n]`` and of the column policies ``[m]``.

    The least-squares fit payoff = level + row strength - column strength, strengths of mean
    zero; on an antisymmetric game both are the same numbers, and the fit is the gradient
    part of its Hodge decomposition (Balduzzi et al., "Re-evaluating evaluation", 2018).

    Args:
        payoffs: the row player's mean payoffs, ``[n, m]``.
    """
    level = payoffs.mean()
    return payoffs.mean(axis=1) - level, level - payoffs.mean(axis=0)


def cyclic_share(payoffs: Floats) -> float:
    """Share of the squared payoff differences that ratings cannot explain, in [0, 1].

    0: a ladder, one policy beats all; 1: pure rock-paper-scissors. For a symmetric game give
    the table after :func:`~ssa_psro.metagame.tournament.swap_seats`, whose level is zero. The
    noise of the payoffs counts as cyclic, so with few episodes the share is too high.

    Args:
        payoffs: the row player's mean payoffs, ``[n, m]``.
    """
    rows, columns = ratings(payoffs)
    centred = payoffs - payoffs.mean()
    total = float((centred**2).sum())
    residual = centred - (rows[:, None] - columns[None, :])
    return 0.0 if total == 0.0 else float((residual**2).sum()) / total


def cyclic_shares(table: PayoffTable, games: Floats) -> tuple[float, Floats]:
    """The cyclic share of a table, and of resamples ``[R]``, freed of the noise that would count.

    The squares of noisy numbers are too great by their variance; that of the table is estimated
    from its episodes and subtracted, and subtracted twice from resamples, which are noisy twice.

    Args:
        table: of two episodes or more in every cell.
        games: mean payoffs of resamples, ``[R, n, m, 2]``.
    """
    # cyclic and centred parts are linear in the payoffs: those of the noise are sums over the
    # episodes' influences, and their expected squares the sums of the squares
    influence = np.moveaxis(table.influence[..., 0], 2, 0)
    noise = np.array([(part**2).sum() for part in (cyclic_part(influence), _centred(influence))])
    (point,) = _share(table.mean[None, ..., 0], noise)
    return float(point), _share(games[..., 0], 2 * noise)


def _share(games: Floats, noise: Floats) -> Floats:
    """Cyclic share ``[B]`` of games ``[B, n, m]``, after their cyclic and total noise is gone."""
    cyclic = (cyclic_part(games) ** 2).sum(axis=(1, 2)) - noise[0]
    total = (_centred(games) ** 2).sum(axis=(1, 2)) - noise[1]
    share = np.divide(cyclic, total, out=np.zeros(len(games)), where=total > 0)
    return np.asarray(np.clip(share, 0.0, 1.0))


def _centred(payoffs: Floats) -> Floats:
    return np.asarray(payoffs - payoffs.mean(axis=(-2, -1), keepdims=True))


def cyclic_part(payoffs: Floats) -> Floats:
    """What ratings leave of payoffs ``[..., n, m]``; linear in them."""
    across, down = payoffs.mean(axis=-1, keepdims=True), payoffs.mean(axis=-2, keepdims=True)
    return np.asarray(payoffs - across - down + payoffs.mean(axis=(-2, -1), keepdims=True))


def support(mixture: Floats) -> NDArray[np.intp]:
    """Indices of the policies that carry more than ``SUPPORT_MASS``."""
    return np.flatnonzero(mixture > SUPPORT_MASS)
