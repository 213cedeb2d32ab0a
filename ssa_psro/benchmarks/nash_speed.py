"""How fast zero-sum games are solved: ``python -m ssa_psro.benchmarks.nash_speed [--sizes 5,20]``.

Times ``nash-lp`` and ``nash-maxent`` on square games with normal payoffs, beside what others
offer for it: nashpy's and OpenSpiel's linear programmes, where they are installed (OpenSpiel's
also wants cvxpy and ecos, which it does not declare). All solve the
same games in turn in one process, so that the ratios hold on a busy machine. The median time is
told, and the widest gap of the mixtures, relative to the range of the payoffs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from importlib import import_module
from time import perf_counter
from typing import Any

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers.equilibrium import as_bimatrix, relative_gap
from ssa_psro.metagame.solvers.nash_lp import solve_nash_lp
from ssa_psro.metagame.solvers.nash_maxent import solve_nash_maxent

Pair = tuple[Floats, Floats]
Solve = Callable[[Floats], Pair]

NOT_INSTALLED = "not installed"
BASE = "nash-lp"


def _lp(matrix: Floats) -> Pair:
    found = solve_nash_lp(matrix)
    return found.row, found.column


def _maxent(matrix: Floats) -> Pair:
    found = solve_nash_maxent(matrix)
    return found.row, found.column


def _nashpy() -> Solve:
    nashpy: Any = import_module("nashpy")

    def solve(matrix: Floats) -> Pair:
        row, column = nashpy.Game(matrix).linear_program()
        return np.asarray(row), np.asarray(column)

    return solve


def _open_spiel() -> Solve:
    pyspiel: Any = import_module("pyspiel")
    lp_solver: Any = import_module("open_spiel.python.algorithms.lp_solver")

    def solve(matrix: Floats) -> Pair:
        game = pyspiel.create_matrix_game(matrix, -matrix)
        row, column, _, _ = lp_solver.solve_zero_sum_matrix_game(game)
        return np.asarray(row).ravel(), np.asarray(column).ravel()

    return solve


PEERS: dict[str, Callable[[], Solve]] = {
    "nashpy linear_program": _nashpy,
    "open_spiel lp_solver": _open_spiel,
}


def solvers() -> dict[str, Solve | None]:
    """Every solver by name; a peer that is not installed has none."""
    found: dict[str, Solve | None] = {BASE: _lp, "nash-maxent": _maxent}
    for name, load in PEERS.items():
        try:
            found[name] = load()
        except ImportError:
            found[name] = None
    return found


def measure(solve: Solve, matrices: list[Floats]) -> dict[str, float | str]:
    """Median milliseconds a game and the widest relative gap, or what went wrong."""
    seconds, gaps = [], []
    for matrix in matrices:
        started = perf_counter()
        try:
            row, column = solve(matrix)
        except (SolverError, ValueError, TypeError, ArithmeticError, RuntimeError) as error:
            return {"failed": str(error).splitlines()[0][:120]}
        seconds.append(perf_counter() - started)
        gaps.append(relative_gap(as_bimatrix(matrix), row, column))
    return {"ms": round(1e3 * float(np.median(seconds)), 3), "gap": max(gaps)}


def compare(size: int, games: int, known: dict[str, Solve | None]) -> dict[str, object]:
    """All solvers on the same games of that size, with times as multiples of ``nash-lp``'s."""
    rng = np.random.default_rng(size)
    matrices = [rng.normal(size=(size, size)) for _ in range(games)]
    told: dict[str, object] = {"games": games}
    base: float | None = None
    for name, solve in known.items():
        if solve is None:
            told[name] = NOT_INSTALLED
            continue
        measure(solve, matrices[:1])  # imports and first allocations are not timed
        figures = measure(solve, matrices)
        if name == BASE:
            base = float(figures["ms"])
        if base is not None and "ms" in figures:
            figures["ratio"] = round(float(figures["ms"]) / base, 2)
        told[name] = figures
    return told


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sizes", default="5,20,100", help="policies a side, separated by commas")
    arguments = parser.parse_args()
    known = solvers()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    # large games are few: one takes as long as hundreds of small ones
    told = {str(size): compare(size, max(1, min(30, 600 // size)), known) for size in sizes}
    print(json.dumps({"base": BASE, "sizes": told}, indent=2))


if __name__ == "__main__":
    main()
