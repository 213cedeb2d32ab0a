"""What pairing buys: common random numbers and seat swap, measured on the table itself."""

from __future__ import annotations

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.payoffs import PayoffTable


def common_seed_reduction(table: PayoffTable, side: int = 0) -> float:
    """Share of the variance of payoff differences that common random numbers remove.

    Compares, over all pairs of this side's policies and all opponents, the variance of the
    paired difference x_i - x_k with the sum of the variances that independent episodes
    would give. 0: no gain; 0.75: a quarter of the episodes suffice; below 0: pairing hurts.

    Args:
        table: complete, with at least two policies of ``side``.
        side: 0 compares rows, 1 compares columns.

    Raises:
        UsageError: the table has gaps, or too few policies or episodes.
    """
    samples = _complete_samples(table)[..., side]
    samples = samples if side == 0 else samples.swapaxes(0, 1)
    policies = samples.shape[0]
    if policies < 2:
        _refuse("policies", policies, "a difference needs two", "Add a policy.")
    own = samples.var(axis=2, ddof=1).sum(axis=0)
    # sum over pairs of var(x_i - x_k) = n * sum_i var(x_i) - var(sum_i x_i)
    paired = policies * own - samples.sum(axis=0).var(axis=1, ddof=1)
    unpaired = (policies - 1) * own
    return _reduction(float(paired.sum()), float(unpaired.sum()))


def swap_seats(table: PayoffTable) -> PayoffTable:
    """Average every pair over both seats, episode by episode; for symmetric games.

    Cell (i, j) becomes what policy i earns against j, half as row and half as column player
    of the same episode, so standard errors of the returned table hold as they stand. A
    zero-sum table comes back exactly antisymmetric, its diagonal exactly zero.

    Raises:
        UsageError: rows and columns are not the same policies, or the table has gaps.
    """
    if table.rows != table.columns:
        problem, cure = "rows and columns differ", "Play one list of policies against itself."
        _refuse("rows", None, problem, cure)
    samples = _complete_samples(table)
    averaged = (samples[..., 0] + samples[..., 1].swapaxes(0, 1)) / 2
    swapped = np.stack([averaged, averaged.swapaxes(0, 1)], axis=-1)
    return PayoffTable(table.rows, table.columns, table.seeds, swapped)


def seat_swap_reduction(table: PayoffTable) -> float:
    """Share of the variance that seat swap removes at an equal number of games played.

    Two games an episode, one in each seat, against two games on independent episodes in one
    seat. Pairs of different policies only: the diagonal is known without playing.

    Raises:
        UsageError: as :func:`swap_seats`.
    """
    swapped = swap_seats(table).variance[..., 0]
    apart = (table.variance[..., 0] + table.variance[..., 1].T) / 2
    pairs = ~np.eye(len(table.rows), dtype=bool)
    return _reduction(float(swapped[pairs].sum()), float(apart[pairs].sum()) / 2)


def _reduction(now: float, before: float) -> float:
    return 1.0 - now / before if before > 0 else 0.0


def _complete_samples(table: PayoffTable) -> Floats:
    if not table.complete or len(table.seeds) < 2:
        _refuse("table", None, "cells without two episodes", "Play every cell first.")
    return table.samples


def _refuse(key: str, value: object, problem: str, cure: str) -> None:
    raise UsageError("payoff table", [Fault(key, value, problem, cure)])
