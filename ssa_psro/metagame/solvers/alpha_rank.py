"""Alpha-rank (Omidshafiei et al., "Alpha-Rank: Multi-Agent Evaluation by Evolution", 2019).

Two populations, each all of one policy but for one mutant at a time. The mutant takes over or
dies out, so that the pair of resident policies is a Markov chain on the n m joint policies.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats
from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers.arguments import Argument, require
from ssa_psro.metagame.solvers.equilibrium import Equilibrium, as_bimatrix, describe
from ssa_psro.metagame.solvers.stationary import stationary_limit, stationary_logarithms

METHOD = "alpha-rank"
RESIDUAL_TOLERANCE = 1e-9
TIE = 1e-12
"""Payoff differences below this share of the largest payoff are rounding."""


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
    gains, links = _gains(game), _links(n, m)
    if math.isinf(alpha):
        orders, rates = _leading_fixation(gains, population)
        law = stationary_limit(np.where(links, orders, np.inf), np.where(links, rates, 0.0))
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


def _gains(game: Floats) -> Floats:
    """What the deviating player gains from one joint policy to a linked one, ``[nm, nm]``."""
    own, other = (game[..., player].reshape(-1) for player in (0, 1))
    n, m = game.shape[:2]
    same_row = np.kron(np.eye(n), np.ones((m, m))) > 0
    gains = np.where(same_row, other[None, :] - other[:, None], own[None, :] - own[:, None])
    return np.where(np.abs(gains) > TIE * np.abs(game).max(), gains, 0.0)


def _log_fixation(gains: Floats, alpha: float, population: int) -> Floats:
    """Logarithm of a mutant's chance to take over: (1 - e^-a) / (1 - e^-aN), a = alpha gain."""
    strength = np.abs(alpha * gains)
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
    """As alpha grows the chance of take-over is rate e^(-alpha order): orders and rates."""
    orders = (population - 1) * np.maximum(-gains, 0.0)
    return orders, np.where(gains == 0, 1 / population, 1.0)


def _residual(law: Floats, chances: Floats) -> float:
    """How much the law changes in one step of the chain, in total.

    Raises:
        SolverError: more than rounding.
    """
    residual = float(np.abs(law @ chances - law * chances.sum(axis=1)).sum())
    if not residual <= RESIDUAL_TOLERANCE:
        raise SolverError(f"{METHOD}: the law found changes by {residual:.2e} in one step")
    return residual
