"""Samplers: what they play, when they stop, and that playing again changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from metagame.noisy_games import RPS, NoisyGame

from ssa_psro.errors import UsageError
from ssa_psro.metagame.estimates import gains_of, regret_interval
from ssa_psro.metagame.exploitability import restricted_exploitability
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.sampling import SAMPLERS, SamplingOptions, make_sampler
from ssa_psro.metagame.sampling.adaptive import AdaptiveSampler
from ssa_psro.metagame.sampling.reservoir import ReservoirSampler, chosen_cells
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.solvers.symmetric import make_symmetric_solver
from ssa_psro.metagame.structure.ratings import support
from ssa_psro.metagame.tournament import swap_seats

NASH = make_solver("nash")


def ladder(policies, seed=0):
    """Rock, paper, scissors on top of ever weaker policies."""
    strength = -np.maximum(np.arange(policies) - 2, 0.0)
    payoffs = strength[:, None] - strength
    payoffs[:3, :3] = RPS
    rough = np.random.default_rng(seed).normal(size=payoffs.shape) / 5
    return payoffs + rough - rough.T


def options(**changes):
    return SamplingOptions(NASH, **{"half_width": 0.15, "share": 0.4, **changes})


def play(name, game, **changes):
    n, m = game.samples.shape[:2]
    sampler = make_sampler(name, options(**changes))
    return sampler, sampler.play(game.unplayed(), range(n), range(m), judge=game)


@pytest.mark.parametrize("name", SAMPLERS)
def test_playing_again_plays_nothing(name):
    game = NoisyGame(ladder(8), episodes=60)
    sampler, table = play(name, game)
    episodes = game.played
    again = sampler.play(table, range(8), range(8), judge=game)
    assert game.played == episodes == table.count.sum()
    np.testing.assert_array_equal(again.samples, table.samples)
    assert sampler.completed(table).solvable


@pytest.mark.parametrize("name", SAMPLERS)
def test_result_does_not_depend_on_the_map(name):
    game = NoisyGame(ladder(6), episodes=40)
    sampler, expected = play(name, game)
    with ThreadPoolExecutor(3) as pool:
        found = sampler.play(game.unplayed(), range(6), range(6), judge=game, map_cells=pool.map)
    np.testing.assert_array_equal(found.samples, expected.samples)


def test_adaptive_reaches_its_width_with_less_than_all():
    game = NoisyGame(ladder(10), episodes=400)
    _, table = play("adaptive", game)
    found = NASH(table.mean)
    interval = regret_interval(table, found.row, found.column)
    assert interval.high - interval.low <= 0.3
    everywhere = table.count.max() * table.count.size
    assert game.played < everywhere / 2
    # the ladder's foot was left alone, rock, paper and scissors were not
    assert (table.count[5:, 5:] == 5).all()
    assert table.count[:3, :3].min() > 5


def one_population(game):
    """An unplayed table of the same policies on either side."""
    empty = game.unplayed()
    return PayoffTable.unplayed(empty.rows, empty.rows, empty.seeds)


def test_of_one_population_the_game_over_both_seats_is_judged():
    """A seat worth something, and noise of its own in each, make two games of one table."""
    game = NoisyGame(ladder(8) + 0.2, episodes=400)
    solve = make_symmetric_solver("nash")
    sampler = AdaptiveSampler(solve, 0.1, shared=True)
    table = sampler.play(one_population(game), range(8), range(8), judge=game)
    solved = swap_seats(table)
    found = solve(solved.mean)
    interval = regret_interval(solved, found.row, found.column)
    assert interval.high - interval.low <= 0.2
    assert game.played < table.count.size * 400
    assert (table.count == table.count.T).all(), "an episode counts in both seats or in none"


def test_of_one_population_nothing_that_is_imputed_is_rested_on():
    for seed in range(6):
        game = NoisyGame(ladder(9, seed) + 0.2, episodes=60)
        sampler = ReservoirSampler(make_symmetric_solver("nash"), 0.4, seed, shared=True)
        table = sampler.play(one_population(game), range(9), range(9), judge=game)
        solved = swap_seats(sampler.completed(table))
        found = make_symmetric_solver("nash")(solved.mean)
        better = gains_of(solved, found.row, found.column, 0).high() > 0
        rows = np.union1d(np.flatnonzero(better), support(found.row))
        both = np.minimum(table.count, table.count.T)
        assert (both[np.ix_(rows, support(found.row))] == 60).all()


def test_adaptive_stops_when_the_seeds_are_used_up():
    _, table = play("adaptive", NoisyGame(RPS, episodes=20), half_width=1e-6)
    assert (table.count == 20).all()


def test_adaptive_spends_nothing_more_on_a_game_without_noise():
    _, table = play("adaptive", NoisyGame(ladder(5), noise=0.0))
    assert (table.count == 5).all()


def test_adaptive_regret_interval_covers():
    hits = []
    for seed in range(12):
        truth = ladder(6, seed)
        _, table = play("adaptive", NoisyGame(truth, episodes=300, seed=seed), half_width=0.25)
        found = NASH(table.mean)
        loss = restricted_exploitability(truth, found.row, found.column)
        hits.append(loss <= regret_interval(table, found.row, found.column).high)
    assert sum(hits) >= 10


def test_reservoir_repeats_its_choice_in_a_larger_table():
    names = [f"p{i}" for i in range(20)]
    small = chosen_cells(names[:12], names[:9], 0.3, seed=4)
    np.testing.assert_array_equal(chosen_cells(names, names, 0.3, seed=4)[:9, :9], small[:9, :9])
    assert (chosen_cells(names, names, 0.3, seed=5)[:9, :9] != small[:9, :9]).any()


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_reservoir_chooses_its_share(share):
    names = [f"p{i}" for i in range(40)]
    chosen = chosen_cells(names, names, share, seed=0)
    assert chosen.mean() == pytest.approx(share, abs=0.04)
    assert chosen.any(axis=0).all()
    assert chosen.any(axis=1).all()


def test_reservoir_grown_step_by_step_equals_resumed():
    game = NoisyGame(ladder(9), episodes=30)
    whole = game.unplayed()
    sampler = make_sampler("reservoir", options(share=0.3))
    table = PayoffTable.unplayed(whole.rows[:7], whole.columns[:7], whole.seeds)
    tables = []
    for _ in range(2):
        grown = sampler.play(table, range(7), range(7), judge=game)
        grown = sampler.play(
            PayoffTable.from_arrays(grown.to_arrays()).enlarged(whole.rows, whole.columns),
            range(9),
            range(9),
            judge=game,
        )
        tables.append(grown.samples)
    np.testing.assert_array_equal(*tables)


def test_confirmed_equilibria_rest_on_played_cells():
    game = NoisyGame(ladder(10), noise=0.2, episodes=20)
    losses = {}
    for confirm in (False, True):
        sampler = ReservoirSampler(NASH, share=0.25, seed=1, confirm=confirm)
        table = sampler.play(game.unplayed(), range(10), range(10), judge=game)
        found = NASH(sampler.completed(table).mean)
        played = table.count[np.ix_(support(found.row), support(found.column))] > 0
        assert played.all() or not confirm
        truth = game.samples.mean(axis=2)
        losses[confirm] = restricted_exploitability(truth, found.row, found.column)
        assert not table.count.all()
    assert losses[True] < 0.05
    assert losses[True] <= losses[False]


def test_unknown_samplers_and_options_out_of_range_are_refused():
    with pytest.raises(UsageError, match="Did you mean 'adaptive'"):
        make_sampler("adaptiv", options())
    with pytest.raises(UsageError, match="3 fault"):
        options(share=0.0, half_width=0.0, first=1)
