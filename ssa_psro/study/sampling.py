"""The sampler of a run, as its scenario sets it."""

from __future__ import annotations

from ssa_psro.metagame.sampling import Sampler, SamplingOptions, make_sampler
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario import Scenario


def sampler_of(scenario: Scenario) -> Sampler:
    """What plays the payoff table, and completes it for those who solve it.

    Raises:
        UsageError: the scenario names an unknown sampler or solver.
    """
    settings = scenario.solver
    options = SamplingOptions(
        make_solver(settings.meta_solver),
        seed=derive_seed(scenario.seed, "sampler"),
        share=settings.sampled_share,
        half_width=settings.sampled_half_width,
        first=settings.sampled_first,
    )
    return make_sampler(settings.sampler, options)
