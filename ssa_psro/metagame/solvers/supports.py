"""Mixtures from their supports: on it, every policy earns the same against the other mixture."""

from __future__ import annotations

import numpy as np

from ssa_psro.arrays import Flags, Floats


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
    equations = np.vstack([block - block.mean(axis=0), np.ones(block.shape[1])])
    start = near[columns]
    missing = np.append(np.zeros(block.shape[0]), 1.0) - equations @ start
    mixture = np.zeros(columns.size)
    mixture[columns] = start + np.linalg.lstsq(equations, missing, rcond=1e-12)[0]
    return mixture
