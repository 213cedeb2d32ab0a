"""The meta-game: policies as actions, their payoffs with uncertainty, and its equilibria.

Game-agnostic: a policy is whatever the caller's judge can play.
"""

from __future__ import annotations

from ssa_psro.metagame.bootstrap import EquilibriumIntervals, bootstrap_equilibrium
from ssa_psro.metagame.exploitability import (
    ApproxExploitability,
    approx_exploitability,
    deviation_gains,
    restricted_exploitability,
)
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.metagame.judge import Judge, Mapper, Mix, map_in_turn
from ssa_psro.metagame.mixtures import contenders, scores_against, value_interval
from ssa_psro.metagame.payoffs import PayoffTable, play_missing
from ssa_psro.metagame.solvers import SOLVERS, Equilibrium, Solver, make_solver
from ssa_psro.metagame.structure import cyclic_share, ratings, support
from ssa_psro.metagame.variance import common_seed_reduction, seat_swap_reduction, swap_seats

__all__ = [
    "SOLVERS",
    "ApproxExploitability",
    "Equilibrium",
    "EquilibriumIntervals",
    "Interval",
    "Judge",
    "Mapper",
    "Mix",
    "PayoffTable",
    "Solver",
    "approx_exploitability",
    "bootstrap_equilibrium",
    "common_seed_reduction",
    "contenders",
    "cyclic_share",
    "deviation_gains",
    "make_solver",
    "map_in_turn",
    "play_missing",
    "ratings",
    "restricted_exploitability",
    "scores_against",
    "seat_swap_reduction",
    "student_interval",
    "support",
    "swap_seats",
    "value_interval",
]
