"""PSRO with payoff tables that are played in part: the same bookkeeping, the same resumption."""

from __future__ import annotations

import numpy as np
import pytest
from psro.test_psro_loop import UNEQUAL_RPS, Noisy, assert_same_run, populations, run

from ssa_psro.metagame.sampling import Sampler, SamplingOptions, make_sampler
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.psro import PsroState, StopRule, initial_state

BIG = np.kron(np.ones((3, 3)), UNEQUAL_RPS)
SEED = 5


def sampler(name: str) -> Sampler:
    options = SamplingOptions(make_solver("nash"), seed=1, share=0.4, half_width=0.3, first=3)
    return make_sampler(name, options)


def begin(game: Noisy) -> PsroState[np.ndarray]:
    return initial_state(populations(game, *range(9)), seed=SEED, episodes_per_cell=40)


@pytest.mark.parametrize("name", ["reservoir", "adaptive"])
def test_a_run_that_samples_plays_less_and_resumes_bit_for_bit(name: str) -> None:
    game, states = Noisy.of(BIG), []
    choices = {"sampler": sampler(name), "stop": StopRule(3)}
    whole = run(game, begin(game), on_state=states.append, **choices)
    table = whole.state.table
    assert table.count.sum() < 0.9 * table.count.size * len(table.seeds)
    assert len(states) == 4
    for state in states[:-1]:
        assert_same_run(whole, run(game, state, **choices))


@pytest.mark.parametrize("name", ["full", "reservoir", "adaptive"])
def test_records_tell_the_episodes_of_every_cell(name: str) -> None:
    game, states = Noisy.of(BIG), []
    run(game, begin(game), on_state=states.append, sampler=sampler(name), stop=StopRule(2))
    for state in states[1:]:
        np.testing.assert_array_equal(state.records[-1].episodes, state.table.count)
