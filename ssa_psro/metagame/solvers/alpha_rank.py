"""Alpha-rank (Omidshafiei et al., "Alpha-Rank: Multi-Agent Evaluation by Evolution", 2019).

Two populations, each all of one policy but for one mutant at a time. The mutant takes over or
dies out, so that the pair of resident policies is a Markov chain on the n m joint policies.

Under strong selection the moves of that chain differ by hundreds of orders of magnitude. For its
stationary law states are eliminated one by one, each passing its inflow on in proportion to its
outflow (Grassmann, Taksar & Heyman 1985). Nothing is ever subtracted, so every law comes out to
full relative precision, and the same steps work on logarithms and on leading orders. The diagonal,
what stays, is never looked at.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats
from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers.equilibrium import (
    Argument,
    Equilibrium,
    as_bimatrix,
    describe,
    require,
)

METHOD = "alpha-rank"
RESIDUAL_TOLERANCE = 1e-9
"""Change of the law in one step of the chain, in total, that is rounding."""
TERMS = 64
"""Sums of so many payoffs round, or of as many as there are joint policies; what differs by no more
than that is equal."""


def solve_alpha_rank(
    payoffs: ArrayLike, *, alpha: float = math.inf, population: int = 50
) -> Equilibrium:
    """How often each policy is resident, in the long run: marginals of the chain's stationary law.

    What is claimed: the joint law is stationary to 1e-9 (``residual``, total of the absolute
    changes in one step). It is no Nash equilibrium, and the joint law is in general not the
    product of the two mixtures; ``value`` and ``gap`` are those of the product.

    With infinite ``alpha`` the result is the limit of the stationary laws itself, taken on
    leading orders: no small number stands in for the moves against selection, and where the
    response graph has several sinks, the one the chain leaves least easily gets the mass.

    Reach: n m up to about 1,000 joint policies; time grows with the third power of n m.

    Args:
        payoffs: ``[n, m]`` or ``[n, m, 2]``.
        alpha: selection intensity per unit of payoff, above 0 and up to infinity.
        population: individuals in each population.

    Raises:
        UsageError: not a payoff array, or a number out of range.
        SolverError: the stationary law could not be certified.
    """
    require(
        METHOD,
        [
            Argument("alpha", alpha, alpha > 0, "a number above 0, or infinity"),
            Argument("population", population, population >= 2, "2 or more"),
        ],
    )
    game = as_bimatrix(payoffs)
    n, m = game.shape[:2]
    rounding = max(TERMS, n * m) * float(np.spacing(np.abs(game).max()))
    gains, links = _gains(game, rounding), _links(n, m)
    if math.isinf(alpha):
        orders, rates = _leading_fixation(gains, population)
        orders, rates = np.where(links, orders, np.inf), np.where(links, rates, 0.0)
        law = stationary_limit(orders, rates, rounding)
        chances = np.where(orders == 0, rates, 0.0)
    else:
        logarithms = _log_fixation(gains, alpha, population)
        law = np.exp(stationary_logarithms(np.where(links, logarithms, -np.inf)))
        chances = np.exp(logarithms)
    residual = _residual(law, np.where(links, chances, 0.0) / max(1, n + m - 2))
    joint = law.reshape(n, m)
    told = {"alpha": alpha, "population": population, "residual": residual}
    return describe(game, joint.sum(axis=1), joint.sum(axis=0), METHOD, told)


def _links(n: int, m: int) -> Floats:
    """Which joint policies ``[nm, nm]`` differ in one player's policy."""
    same_row = np.kron(np.eye(n), np.ones((m, m)))
    same_column = np.kron(np.ones((n, n)), np.eye(m))
    return np.asarray(same_row != same_column)


def _gains(game: Floats, rounding: float) -> Floats:
    """What the deviating player gains from one joint policy to a linked one, ``[nm, nm]``."""
    own, other = (game[..., player].reshape(-1) for player in (0, 1))
    n, m = game.shape[:2]
    same_row = np.kron(np.eye(n), np.ones((m, m))) > 0
    gains = np.where(same_row, other[None, :] - other[:, None], own[None, :] - own[:, None])
    return np.where(np.abs(gains) > rounding, gains, 0.0)


def _log_fixation(gains: Floats, alpha: float, population: int) -> Floats:
    """Logarithm of a mutant's chance to take over: (1 - e^-a) / (1 - e^-aN), a = alpha gain."""
    strength = np.abs(alpha * gains)
    # for a loss, a < 0, pulling e^|a| and e^|a|N out leaves the ratio of a gain as great, times
    # e^-|a|(N - 1): no exponential grows
    ratio = np.full(gains.shape, -math.log(population))  # no selection: 1 / N
    some = strength > 0
    ratio[some] = _log_one_minus_exp(strength[some]) - _log_one_minus_exp(
        population * strength[some]
    )
    return ratio - np.where(gains < 0, (population - 1) * strength, 0.0)


def _log_one_minus_exp(negated: Floats) -> Floats:
    """log(1 - e^-x) for x > 0, exact for small and for large x."""
    return np.asarray(np.log(-np.expm1(-negated)))


def _leading_fixation(gains: Floats, population: int) -> tuple[Floats, Floats]:
    """As alpha grows the chance of take-over is rate e^(-alpha order): orders and rates.

    Orders are in units of population - 1, which all of them have in common.
    """
    return np.maximum(-gains, 0.0), np.where(gains == 0, 1 / population, 1.0)


def _residual(law: Floats, chances: Floats) -> float:
    """How much the law changes in one step of the chain, in total.

    Raises:
        SolverError: more than rounding.
    """
    residual = float(np.abs(law @ chances - law * chances.sum(axis=1)).sum())
    if not residual <= RESIDUAL_TOLERANCE:
        raise SolverError(f"{METHOD}: the law found changes by {residual:.2e} in one step")
    return residual


def stationary_logarithms(moves: Floats) -> Floats:
    """Logarithms of the stationary law ``[s]``.

    Args:
        moves: logarithms of the rates from each state (row) to each other one, ``[s, s]``;
            minus infinity where there is no move. Every state can be reached from every other.
    """
    # products are sums, sums are logaddexp. Eliminating a state turns "into it and on from it" into
    # direct moves; going back, each state gets the inflow from those before it
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


def stationary_limit(orders: Floats, rates: Floats, same: float) -> Floats:
    """Limit ``[s]`` of the stationary laws of moves rate e^(-a order) as a grows without bound.

    Sums keep the terms of the least order, products add orders.

    Args:
        orders: ``[s, s]``, infinite where there is no move.
        rates: ``[s, s]``, 0 where there is no move.
        same: orders that differ by no more are equal. The orders of a move and of a way round may
            be so by construction and differ by rounding; then both count.
    """
    orders, rates = orders.copy(), rates.copy()
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
