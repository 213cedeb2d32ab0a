"""The meta-game: policies as actions, their payoffs with uncertainty, and its equilibria.

Game-agnostic: a policy is whatever the caller's judge can play.
"""

from __future__ import annotations

from ssa_psro.metagame.bootstrap import EquilibriumIntervals, bootstrap_equilibrium
from ssa_psro.metagame.estimates import (
    Gains,
    contenders,
    gains_of,
    regret_interval,
    scores_against,
    value_interval,
)
from ssa_psro.metagame.exploitability import (
    ApproxExploitability,
    approx_exploitability,
    deviation_gains,
    restricted_exploitability,
)
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.metagame.judge import Judge, Mix
from ssa_psro.metagame.payoffs import PayoffTable, play_missing, play_up_to
from ssa_psro.metagame.sampling import SAMPLERS, Sampler, SamplingOptions, make_sampler
from ssa_psro.metagame.sampling.impute import Imputation, impute
from ssa_psro.metagame.solvers import SOLVERS, Equilibrium, Solver, make_solver
from ssa_psro.metagame.structure.evaluation import PopulationEvaluation, evaluate_population
from ssa_psro.metagame.structure.ratings import cyclic_share, ratings, support
from ssa_psro.metagame.tournament import common_seed_reduction, seat_swap_reduction, swap_seats

__all__ = [
    "SAMPLERS",
    "SOLVERS",
    "ApproxExploitability",
    "Equilibrium",
    "EquilibriumIntervals",
    "Gains",
    "Imputation",
    "Interval",
    "Judge",
    "Mix",
    "PayoffTable",
    "PopulationEvaluation",
    "Sampler",
    "SamplingOptions",
    "Solver",
    "approx_exploitability",
    "bootstrap_equilibrium",
    "common_seed_reduction",
    "contenders",
    "cyclic_share",
    "deviation_gains",
    "evaluate_population",
    "gains_of",
    "impute",
    "make_sampler",
    "make_solver",
    "play_missing",
    "play_up_to",
    "ratings",
    "regret_interval",
    "restricted_exploitability",
    "scores_against",
    "seat_swap_reduction",
    "student_interval",
    "support",
    "swap_seats",
    "value_interval",
]
