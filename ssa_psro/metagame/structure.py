"""The shape of a meta-game: how much of it is skill and how much is rock-paper-scissors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats

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
    the table after :func:`~ssa_psro.metagame.variance.swap_seats`, whose level is zero. The
    noise of the payoffs counts as cyclic, so with few episodes the share is too high.

    Args:
        payoffs: the row player's mean payoffs, ``[n, m]``.
    """
    rows, columns = ratings(payoffs)
    centred = payoffs - payoffs.mean()
    total = float((centred**2).sum())
    residual = centred - (rows[:, None] - columns[None, :])
    return float((residual**2).sum()) / total if total > 0 else 0.0


def support(mixture: Floats) -> NDArray[np.intp]:
    """Indices of the policies that carry more than ``SUPPORT_MASS``."""
    return np.flatnonzero(mixture > SUPPORT_MASS)
