"""What a run arrived at, or would if it ended now."""

from __future__ import annotations

from dataclasses import dataclass

from ssa_psro.errors import Fault, RunFolderError
from ssa_psro.metagame.bootstrap import bootstrap_equilibrium
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.randomness import generator
from ssa_psro.study import Run
from ssa_psro.study.outcome import RESAMPLES
from ssa_psro.study.sampling import sampler_of


@dataclass(frozen=True)
class FinalEquilibrium:
    """Equilibrium of the last payoff table, with bootstrap intervals over its episodes.

    Attributes:
        mixtures: probability of each of Blue's and of each of Red's policies.
        values: Blue's and Red's payoff.
        cyclic_share: of Blue's payoffs.
        method: the meta-solver.
    """

    mixtures: tuple[tuple[Interval, ...], tuple[Interval, ...]]
    values: tuple[Interval, Interval]
    cyclic_share: Interval
    method: str


def final_equilibrium(run: Run) -> FinalEquilibrium:
    """The run's solution; of an unfinished one, that of the payoffs played so far.

    Raises:
        RunFolderError: nothing has been played yet.
        SolverError: the solver could not certify an answer.
    """
    if run.solution is not None:
        blue, red = run.solution.sides
        return FinalEquilibrium(
            mixtures=(blue.mixture, red.mixture),
            values=(blue.value, red.value),
            cyclic_share=run.solution.cyclic_share,
            method=run.solution.method,
        )
    if not run.table.count.any():
        cure = f"Continue the run first: ssa-psro resume {run.folder}"
        fault = Fault("payoffs.npz", None, "nothing has been played yet", cure)
        raise RunFolderError(str(run.folder), [fault])
    return _solve_now(run)


def _solve_now(run: Run) -> FinalEquilibrium:
    study = run.study
    solver = study.solver.meta_solver
    found = bootstrap_equilibrium(
        sampler_of(study).completed(run.table),
        make_solver(solver),
        rng=generator(study.seed, "report", "bootstrap"),
        resamples=RESAMPLES[run.scenario.rules.payoff],
    )
    return FinalEquilibrium((found.row, found.column), found.value, found.cyclic_share, solver)
