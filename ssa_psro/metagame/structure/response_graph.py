"""Who answers whom best: the best-response graph of a table, and where its paths end.

A node is a policy in one seat. From each leads an edge to the other seat's best response to it.
Players who take turns at best responding walk along the edges and end in a sink: a strongly
connected component that no edge leaves. One sink of two policies is a pure equilibrium, a longer
one is a cycle that only a mixture stops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ssa_psro.arrays import Floats
from ssa_psro.metagame.bootstrap import resampled_means
from ssa_psro.metagame.payoffs import PayoffTable

SEATS = ("row", "column")
TIE = 1e-12
"""Payoffs this close, relative to the largest, are equally good responses."""


@dataclass(frozen=True)
class Edge:
    """A best response.

    Attributes:
        seat: of the policy that responds, ``row`` or ``column``.
        opponent: the policy that is answered.
        response: the policy that answers.
        best: whether it is the best response by the table's means.
        frequency: share of resampled tables in which it is.
    """

    seat: str
    opponent: str
    response: str
    best: bool
    frequency: float


@dataclass(frozen=True)
class ResponseGraph:
    """The best responses of a table.

    Attributes:
        responses: all edges that are best in the table or in some resample, best by the table
            first, then the most frequent.
        sinks: of the graph of the table's means: (seat, policy) of each component's members.
        in_sink: for the row and for the column policies, in the table's order, the share of
            resampled tables in which they are part of a sink.
    """

    responses: tuple[Edge, ...]
    sinks: tuple[tuple[tuple[str, str], ...], ...]
    in_sink: tuple[tuple[float, ...], tuple[float, ...]]


def response_graph(
    table: PayoffTable, *, rng: np.random.Generator, resamples: int = 200
) -> ResponseGraph:
    """The graph, and how often noise would have drawn each edge.

    Args:
        table: of two episodes or more in every cell.
        rng: source of the resamples.
        resamples: how many tables are resampled.
    """
    games = resampled_means(table, rng, resamples)
    best = best_responses(table.mean)
    drawn = [best_responses(game) for game in games]
    frequency = [np.mean([one[side] for one in drawn], axis=0) for side in (0, 1)]
    ends = np.mean([np.isin(*_components(one)) for one in drawn], axis=0)
    nodes = [(SEATS[0], name) for name in table.rows] + [(SEATS[1], n) for n in table.columns]
    component, sinks = _components(best)
    return ResponseGraph(
        responses=_responses(table, best, frequency),
        sinks=tuple(
            tuple(node for node, its in zip(nodes, component, strict=True) if its == sink)
            for sink in sinks
        ),
        in_sink=(
            tuple(ends[: len(table.rows)].tolist()),
            tuple(ends[len(table.rows) :].tolist()),
        ),
    )


def best_responses(payoffs: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which row is best against each column, and which column against each row, ``[n, m]`` each.

    Args:
        payoffs: of both players, ``[n, m, 2]``.
    """
    close = TIE * float(np.abs(payoffs).max())
    rows = payoffs[..., 0] >= payoffs[..., 0].max(axis=0, keepdims=True) - close
    columns = payoffs[..., 1] >= payoffs[..., 1].max(axis=1, keepdims=True) - close
    return rows, columns


def _components(
    best: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Strongly connected component of each node, rows first, and which of them are sinks."""
    rows, columns = best
    n, m = rows.shape
    row, answer = np.nonzero(columns)
    better, column = np.nonzero(rows)
    # from a policy to its answer in the other seat: rows to columns, columns to rows
    starts, ends = np.concatenate([row, n + column]), np.concatenate([n + answer, better])
    graph = coo_array((np.ones(starts.size), (starts, ends)), shape=(n + m, n + m))
    number, component = connected_components(graph, directed=True, connection="strong")
    leaving = component[starts] != component[ends]
    sinks = np.setdiff1d(np.arange(number), component[starts[leaving]])
    return np.asarray(component, dtype=np.int64), sinks


def _responses(
    table: PayoffTable,
    best: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    frequency: list[Floats],
) -> tuple[Edge, ...]:
    found = []
    for side, seat in enumerate(SEATS):
        for i, j in np.argwhere(best[side] | (frequency[side] > 0)):
            row, column = table.rows[i], table.columns[j]
            opponent, response = (column, row) if side == 0 else (row, column)
            facts = (bool(best[side][i, j]), float(frequency[side][i, j]))
            found.append(Edge(seat, opponent, response, *facts))
    return tuple(sorted(found, key=lambda one: (not one.best, -one.frequency)))
