"""Stationary laws of Markov chains whose moves differ by hundreds of orders of magnitude.

States are eliminated one by one, each passing its inflow on in proportion to its outflow
(Grassmann, Taksar & Heyman 1985). Nothing is ever subtracted, so every law comes out to full
relative precision, and the same steps work on logarithms and on leading orders. The diagonal,
what stays, is never looked at.
"""

from __future__ import annotations

import numpy as np

from ssa_psro.arrays import Floats

SAME_ORDER = 1e-9
"""Orders closer than this share of the largest one are equal."""


def stationary_logarithms(moves: Floats) -> Floats:
    """Logarithms of the stationary law ``[s]``.

    Args:
        moves: logarithms of the rates from each state (row) to each other one, ``[s, s]``;
            minus infinity where there is no move. Every state can be reached from every other.
    """
    moves = moves.copy()
    size = moves.shape[0]
    for last in range(size - 1, 0, -1):
        outflow = np.logaddexp.reduce(moves[last, :last])
        moves[:last, last] -= outflow
        through = moves[:last, last, None] + moves[None, last, :last]
        np.logaddexp(moves[:last, :last], through, out=moves[:last, :last])
    law = np.zeros(size)
    for state in range(1, size):
        law[state] = np.logaddexp.reduce(law[:state] + moves[:state, state])
    return np.asarray(law - np.logaddexp.reduce(law))


def stationary_limit(orders: Floats, rates: Floats) -> Floats:
    """Limit ``[s]`` of the stationary laws of moves rate e^(-a order) as a grows without bound.

    Sums keep the terms of the least order, products add orders.

    Args:
        orders: ``[s, s]``, infinite where there is no move.
        rates: ``[s, s]``, 0 where there is no move.
    """
    orders, rates = orders.copy(), rates.copy()
    finite = np.abs(orders[np.isfinite(orders)])
    same = SAME_ORDER * float(finite.max(initial=0.0))
    size = orders.shape[0]
    for last in range(size - 1, 0, -1):
        out_order, out_rate = _leading(orders[last, :last], rates[last, :last], same)
        orders[:last, last] -= out_order
        rates[:last, last] /= out_rate
        order = np.stack([orders[:last, :last], orders[:last, last, None] + orders[last, :last]])
        rate = np.stack([rates[:last, :last], rates[:last, last, None] * rates[last, :last]])
        orders[:last, :last], rates[:last, :last] = _leading(order, rate, same)
    law_order, law_rate = np.zeros(size), np.ones(size)
    for state in range(1, size):
        terms = law_order[:state] + orders[:state, state], law_rate[:state] * rates[:state, state]
        law_order[state], law_rate[state] = _leading(*terms, same)
    law = np.where(law_order <= law_order.min() + same, law_rate, 0.0)
    return np.asarray(law / law.sum())


def _leading(orders: Floats, rates: Floats, same: float) -> tuple[Floats, Floats]:
    """Order and rate of sums over the first axis."""
    least = orders.min(axis=0)
    return least, np.where(orders <= least + same, rates, 0.0).sum(axis=0)
