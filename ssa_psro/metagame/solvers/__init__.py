"""Meta-solvers: payoffs of a restricted game in, mixtures out; one a file, one signature.

`SOLVERS` names them all; a solver's module is imported when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from numpy.typing import ArrayLike

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.metagame.solvers.equilibrium import Equilibrium, regrets

__all__ = ["SOLVERS", "Equilibrium", "Solver", "make_solver", "regrets"]

Solver = Callable[[ArrayLike], Equilibrium]

_HERE = "ssa_psro.metagame.solvers"

SOLVERS: dict[str, tuple[str, str]] = {
    "nash": (f"{_HERE}.nash", "solve_nash"),
    "nash-lp": (f"{_HERE}.nash_lp", "solve_nash_lp"),
    "nash-milp": (f"{_HERE}.nash_milp", "solve_nash_milp"),
    "uniform": (f"{_HERE}.uniform", "solve_uniform"),
}
"""Name of each meta-solver: the module and the function behind it."""


def make_solver(name: str) -> Solver:
    """The meta-solver of that name.

    Raises:
        UsageError: no such solver; the nearest name is suggested.
    """
    if name not in SOLVERS:
        fault = Fault("meta_solver", name, "no such meta-solver", did_you_mean(name, SOLVERS))
        raise UsageError("meta-solvers", [fault])
    module, function = SOLVERS[name]
    return cast(Solver, getattr(import_module(module), function))
