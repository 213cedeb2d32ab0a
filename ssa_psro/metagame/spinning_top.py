"""The spinning top: how much rock-paper-scissors there is at each level of skill.

Czarnecki et al., "Real world games look like spinning tops", NeurIPS 2020: in games of skill the
policies form layers. The Nash equilibrium of all of them is the top; take its policies out, and
that of the rest is the next layer. Layers are thin at the top, where few ways of playing survive,
and at the bottom, where everything loses alike; they are thick in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import Solver
from ssa_psro.metagame.structure import cyclic_share, ratings, support


@dataclass(frozen=True)
class Layer:
    """The Nash equilibrium of what the layers above have left.

    Attributes:
        rows: row policies that it plays.
        columns: column policies that it plays.
        rating: mean transitive strength of both, in the whole table, payoff units.
        size: effective number of policies a seat: the exponential of the mixtures' mean entropy.
        cyclic_share: of the payoffs among them, in [0, 1]; 0 for a single pair.
        beats_next: what its mixtures earn against those of the next layer, mean of both seats,
            row player's payoffs; ``None`` for the last layer.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    rating: float
    size: float
    cyclic_share: float
    beats_next: float | None


@dataclass(frozen=True, eq=False)
class _Found:
    """A layer's mixtures over all policies."""

    row: Floats
    column: Floats


def spinning_top(table: PayoffTable, solve: Solver) -> tuple[Layer, ...]:
    """The layers, the top first; they end when a seat has no policy left.

    Of the table as it is: with few episodes, noise thins layers out and shuffles neighbouring ones.

    Args:
        table: with every cell played.
        solve: a Nash solver; one of greatest entropy gathers all policies that are equally good.

    Raises:
        SolverError: the solver could not certify an answer.
    """
    found = list(_layers(table.mean, solve))
    below: list[_Found | None] = [*found[1:], None]
    return tuple(_described(table, own, next_) for own, next_ in zip(found, below, strict=True))


def _layers(payoffs: Floats, solve: Solver) -> Iterator[_Found]:
    n, m = payoffs.shape[:2]
    rows, columns = np.arange(n), np.arange(m)
    while rows.size and columns.size:
        solution = solve(payoffs[np.ix_(rows, columns)])
        row, column = np.zeros(n), np.zeros(m)
        row[rows], column[columns] = solution.row, solution.column
        yield _Found(row, column)
        rows = np.setdiff1d(rows, support(row))
        columns = np.setdiff1d(columns, support(column))


def _described(table: PayoffTable, own: _Found, below: _Found | None) -> Layer:
    payoffs = table.mean[..., 0]
    rows, columns = support(own.row), support(own.column)
    strengths = ratings(payoffs)
    members = np.concatenate([strengths[0][rows], strengths[1][columns]])
    return Layer(
        rows=tuple(table.rows[i] for i in rows),
        columns=tuple(table.columns[j] for j in columns),
        rating=float(members.mean()),
        size=float(np.exp((_entropy(own.row[rows]) + _entropy(own.column[columns])) / 2)),
        cyclic_share=cyclic_share(payoffs[np.ix_(rows, columns)]),
        beats_next=None if below is None else _advantage(payoffs, own, below),
    )


def _advantage(payoffs: Floats, own: _Found, below: _Found) -> float:
    """Of a layer over the one below, both seats taken together, so that seats don't matter."""
    return float(own.row @ payoffs @ below.column - below.row @ payoffs @ own.column) / 2


def _entropy(probabilities: Floats) -> float:
    return float(-(probabilities * np.log(probabilities)).sum())
