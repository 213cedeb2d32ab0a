"""The sampler of a run, as its study sets it."""

from __future__ import annotations

from ssa_psro.metagame.sampling import Sampler, SamplingOptions, make_sampler
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.randomness import derive_seed
from ssa_psro.study.study import Study


def sampler_of(study: Study) -> Sampler:
    """What plays the payoff table, and completes it for those who solve it.

    Raises:
        UsageError: the study names an unknown sampler or solver.
    """
    settings = study.solver
    options = SamplingOptions(
        make_solver(settings.meta_solver),
        seed=derive_seed(study.seed, "sampler"),
        share=settings.sampled_share,
        half_width=settings.sampled_half_width,
        first=settings.sampled_first,
    )
    return make_sampler(settings.sampler, options)
