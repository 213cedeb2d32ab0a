"""All optimal mixtures of a zero-sum game: which policies they use, and a mixture inside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from ssa_psro.arrays import Flags, Floats
from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers.equilibrium import on_simplex
from ssa_psro.metagame.solvers.nash_lp import LP_TOLERANCE, optimal_mixtures

METHOD = "nash-maxent"
TIED = 1e-9
"""Losses and weights up to this are zero; payoffs have range 1."""

LARGEST = 1e4
"""Bound on the scale of the programme, for HiGHS loses its way between 1e-10 and 1e6."""


@dataclass(frozen=True, eq=False)
class Face:
    """The optimal mixtures x of the player who receives ``payoffs``.

    They are x >= 0 of sum 1, zero where not ``used``, with x payoffs equal to ``value`` at every
    ``binding`` column and above it elsewhere.

    Attributes:
        payoffs: ``[n, m]``.
        used: policies that some optimal mixture uses, ``[n]``.
        binding: policies that some optimal mixture of the opponent uses, ``[m]``.
        value: of the game, to this player.
        inside: one optimal mixture, positive on all of ``used``, and with everything else that
            can be slack slack, ``[n]``.
    """

    payoffs: Floats
    used: Flags
    binding: Flags
    value: float
    inside: Floats


def optimal_faces(matrix: Floats) -> tuple[Face, Face]:
    """The optimal mixtures of the row player, who receives ``matrix``, and of the column player.

    A policy is used by some optimal mixture exactly if it is a best answer to all optimal
    mixtures of the opponent (Goldman & Tucker 1956). So a pair of optimal mixtures in which
    every best answer is used shows all there is to know; most games have their vertex such.

    Args:
        matrix: ``[n, m]``, in [0, 1].

    Raises:
        SolverError: HiGHS found no optimum.
    """
    row, column = optimal_mixtures(matrix)
    value = float(row @ matrix @ column)
    rows, columns = matrix @ column >= value - TIED, row @ matrix <= value + TIED
    if (row[rows] <= TIED).any() or (column[columns] <= TIED).any():
        other_row, other_column, rows, columns = _inside(matrix, rows, columns)
        # losses that one pair shows may be missing in the other; halfway both are there
        row, column = (row + other_row) / 2, (column + other_column) / 2
        value = float(row @ matrix @ column)
    return (
        Face(matrix, rows, columns, value, row),
        Face(-matrix.T, columns, rows, -value, column),
    )


def _inside(matrix: Floats, rows: Flags, columns: Flags) -> tuple[Floats, Floats, Flags, Flags]:
    """Optimal mixtures with as many policies used, and as many others losing, as can be.

    They are scaled up until each weight, or what the policy loses, reaches 1 (Freund, Roundy &
    Todd 1985); then it is plain which of the two is positive.

    Args:
        matrix: ``[n, m]``.
        rows: best answers to one optimal mixture, ``[n]``; others are never used.
        columns: the same of the column player, ``[m]``.
    """
    a, b = int(rows.sum()), int(columns.sum())
    parts = np.split(_programme(matrix, rows, columns), np.cumsum([a, a, a, b, b, b]))
    row_mark, row_rest, row_loss, column_mark, column_rest, column_loss, _ = parts
    used_rows, used_columns = rows.copy(), columns.copy()
    used_rows[rows], used_columns[columns] = row_mark > row_loss, column_mark > column_loss
    row, column = np.zeros(rows.size), np.zeros(columns.size)
    row[rows] = on_simplex(row_mark + row_rest, METHOD)
    column[columns] = on_simplex(column_mark + column_rest, METHOD)
    return row, column, used_rows, used_columns


def _programme(matrix: Floats, rows: Flags, columns: Flags) -> Floats:
    """Unknowns: of ``rows``, then of ``columns``, the part of each weight up to 1, the rest, and
    the loss up to 1; last the value. Both players' weights sum to the same number.
    """
    n, m = matrix.shape
    a, b = int(rows.sum()), int(columns.sum())
    to_columns, to_rows = -matrix[rows].T, matrix[:, columns]
    column_losses = np.hstack(
        [to_columns, to_columns, np.zeros((m, a + 2 * b)), np.eye(m)[:, columns], np.ones((m, 1))]
    )
    row_losses = np.hstack(
        [
            np.zeros((n, 2 * a)),
            np.eye(n)[:, rows],
            to_rows,
            to_rows,
            np.zeros((n, b)),
            -np.ones((n, 1)),
        ]
    )
    row_sum = np.concatenate([np.ones(2 * a), np.zeros(a + 3 * b + 1)])
    column_sum = np.concatenate([np.zeros(3 * a), np.ones(2 * b), np.zeros(b + 1)])
    marks = np.concatenate(
        [np.ones(a), np.zeros(a), np.ones(a + b), np.zeros(b), np.ones(b), [0.0]]
    )
    solution = linprog(
        c=-marks,
        A_ub=np.vstack([column_losses, row_losses, row_sum]),
        b_ub=np.append(np.zeros(m + n), LARGEST),
        A_eq=(row_sum - column_sum)[None, :],
        b_eq=[0.0],
        bounds=[(0.0, 1.0 if mark else None) for mark in marks],
        method="highs-ds",
        options={
            "primal_feasibility_tolerance": LP_TOLERANCE,
            "dual_feasibility_tolerance": LP_TOLERANCE,
        },
    )
    if solution.status != 0:
        raise SolverError(f"{METHOD}: {solution.message}")
    return np.asarray(solution.x)
