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

__all__ = ["SOLVERS", "ZERO_SUM_SOLVERS", "Equilibrium", "Solver", "make_solver", "regrets"]

Solver = Callable[[ArrayLike], Equilibrium]

_HERE = "ssa_psro.metagame.solvers"

SOLVERS: dict[str, tuple[str, str]] = {
    "nash": (f"{_HERE}.nash", "solve_nash"),
    "nash-lp": (f"{_HERE}.nash_lp", "solve_nash_lp"),
    "nash-maxent": (f"{_HERE}.nash_maxent", "solve_nash_maxent"),
    "nash-milp": (f"{_HERE}.nash_milp", "solve_nash_milp"),
    "support-enumeration": (f"{_HERE}.support_enumeration", "solve_support_enumeration"),
    "lemke-howson": (f"{_HERE}.lemke_howson", "solve_lemke_howson"),
    "logit-path": (f"{_HERE}.logit_path", "solve_logit_path"),
    "fictitious-play": (f"{_HERE}.averaging", "solve_fictitious_play"),
    "regret-matching+": (f"{_HERE}.averaging", "solve_regret_matching"),
    "replicator": (f"{_HERE}.replicator", "solve_replicator"),
    "prd": (f"{_HERE}.prd", "solve_prd"),
    "alpha-rank": (f"{_HERE}.alpha_rank", "solve_alpha_rank"),
    "uniform": (f"{_HERE}.equilibrium", "solve_uniform"),
}
"""Name of each meta-solver: the module and the function behind it."""

ZERO_SUM_SOLVERS = ("nash-lp", "nash-maxent")
"""Those that refuse all other games."""


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
