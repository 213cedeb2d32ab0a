"""Intervals, exploitabilities, structure and bootstrap, against known answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ssa_psro.errors import UsageError
from ssa_psro.games.matrix import MatrixGame
from ssa_psro.metagame.bootstrap import bootstrap_equilibrium
from ssa_psro.metagame.estimates import contenders, scores_against, value_interval
from ssa_psro.metagame.exploitability import (
    approx_exploitability,
    deviation_gains,
    restricted_exploitability,
)
from ssa_psro.metagame.intervals import percentile_interval, student_interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.structure.ratings import cyclic_share, ratings, support

RPS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], dtype=float)
SEEDS = np.arange(30, dtype=np.uint64)


def noisy_table(matrix, noise, episodes, seed):
    rng = np.random.default_rng(seed)
    payoff = matrix[:, :, None] + noise * rng.normal(size=(*matrix.shape, episodes))
    rows, columns = (tuple("abcdefgh"[:size]) for size in matrix.shape)
    seeds = np.arange(episodes, dtype=np.uint64)
    return PayoffTable(rows, columns, seeds, np.stack([payoff, -payoff], axis=-1))


def test_student_interval_is_scipys():
    samples = np.random.default_rng(0).normal(size=11)
    interval = student_interval(samples, 0.9)
    low, high = stats.t.interval(0.9, 10, samples.mean(), stats.sem(samples))
    assert (interval.low, interval.high) == pytest.approx((low, high))
    assert interval.count == 11


def test_student_intervals_cover_as_often_as_they_say():
    samples = np.random.default_rng(1).normal(size=(2000, 8))
    hits = [i.low <= 0 <= i.high for i in map(student_interval, samples)]
    assert 0.93 < np.mean(hits) < 0.97


def test_one_episode_has_no_interval():
    with pytest.raises(UsageError, match="two or more"):
        student_interval(np.zeros(1))


def test_percentile_interval():
    interval = percentile_interval(0.4, np.linspace(0, 1, 101), count=9)
    assert (interval.mean, interval.low, interval.high) == pytest.approx((0.4, 0.025, 0.975))


def test_restricted_exploitability_is_half_of_nash_conv():
    paper = np.array([0.0, 1.0, 0.0])
    rock = np.array([1.0, 0.0, 0.0])
    assert restricted_exploitability(RPS, rock, rock) == 1.0
    assert restricted_exploitability(RPS, paper, rock) == 1.0  # only the column gains, by 2
    uniform = np.full(3, 1 / 3)
    assert restricted_exploitability(RPS, uniform, uniform) == pytest.approx(0)


def test_deviation_gains_are_paired_over_the_mixture():
    game = MatrixGame.of(RPS)
    rock, paper, scissors = np.eye(3)
    gains = deviation_gains((rock, rock), [paper, scissors], [paper], judge=game.judge, seeds=SEEDS)
    np.testing.assert_array_equal(gains.row, np.array([[1.0], [-1.0]]) * np.ones(30))
    np.testing.assert_array_equal(gains.column, np.ones((1, 30)))
    assert gains.mixture.shape == (30, 2)


def test_deviation_gains_count_from_what_the_mixtures_earn():
    game = MatrixGame.of(RPS)
    rock, paper, scissors = np.eye(3)
    gains = deviation_gains((rock, paper), [scissors], [rock], judge=game.judge, seeds=SEEDS)
    assert gains.mixture[0].tolist() == [-1.0, 1.0]
    assert gains.row[:, 0].tolist() == [2.0]  # from -1 to 1
    assert gains.column[:, 0].tolist() == [-1.0]  # from 1 to 0


def test_deviation_gains_without_deviations_of_one_side():
    game = MatrixGame.of(RPS)
    gains = deviation_gains((np.eye(3)[0],) * 2, [], [np.eye(3)[1]], judge=game.judge, seeds=SEEDS)
    assert gains.row.shape == (0, 30)
    assert gains.column.shape == (1, 30)


def test_a_losing_response_exploits_nothing_but_shows_in_the_raw_figure():
    rng = np.random.default_rng(2)
    found = approx_exploitability(rng.normal(-1, 0.1, 50), rng.normal(0.5, 0.1, 50))
    assert found.interval.mean == pytest.approx(0.25, abs=0.02)
    assert found.raw.mean == pytest.approx(-0.25, abs=0.02)
    assert found.gains[0].high < 0
    assert 0 < found.interval.low < found.interval.mean < found.interval.high


def test_responses_that_gain_nothing_do_not_look_exploitative():
    rng = np.random.default_rng(3)
    lows = [
        approx_exploitability(rng.normal(size=40), rng.normal(size=40)).interval.low
        for _ in range(400)
    ]
    assert np.mean(np.array(lows) > 0) < 0.05  # joint bounds: wrong in fewer than 5 % of cases


@pytest.mark.parametrize("truth", [(0.0, 0.0), (0.3, 0.1), (-0.5, 0.2)])
def test_exploitability_intervals_are_conservative(truth):
    rng = np.random.default_rng(4)
    true = np.mean(np.maximum(truth, 0))
    hits = []
    for _ in range(600):
        found = approx_exploitability(*(rng.normal(gain, 1, 30) for gain in truth)).interval
        hits.append(found.low <= true <= found.high)
    assert np.mean(hits) > 0.94


def test_ladder_has_no_cycles_and_rock_paper_scissors_nothing_else():
    strength = np.array([0.0, 1.0, 5.0])
    assert cyclic_share(strength[:, None] - strength[None, :]) == pytest.approx(0, abs=1e-15)
    assert cyclic_share(RPS) == pytest.approx(1)
    assert cyclic_share(np.zeros((2, 2))) == 0


def test_cyclic_share_of_an_orthogonal_sum_is_its_share_of_squares():
    strength = np.array([-1.0, 0.0, 1.0])
    ladder = strength[:, None] - strength[None, :]
    mixed = ladder + 2 * RPS
    expected = (4 * RPS**2).sum() / (mixed**2).sum()
    assert cyclic_share(mixed) == pytest.approx(expected)
    np.testing.assert_allclose(ratings(mixed)[0], strength)
    np.testing.assert_allclose(ratings(mixed)[1], strength)


@given(st.integers(0, 1000), st.integers(1, 6), st.integers(1, 6))
def test_cyclic_share_is_a_share_and_ignores_the_level(seed, n, m):
    matrix = np.random.default_rng(seed).normal(size=(n, m))
    assert 0 <= cyclic_share(matrix) <= 1 + 1e-12
    if min(n, m) > 1:
        assert cyclic_share(matrix + 5) == pytest.approx(cyclic_share(matrix))


def test_support_ignores_rounding():
    assert support(np.array([0.5, 1e-12, 0.5])).tolist() == [0, 2]


def test_scores_and_value_of_mixtures():
    table = noisy_table(np.array([[1.0, 2.0], [3.0, 5.0], [0.0, 0.0]]), 0.0, 4, 0)
    mixture = np.array([0.25, 0.75])
    np.testing.assert_allclose(scores_against(table, mixture, 0), [1.75, 4.5, 0])
    np.testing.assert_allclose(scores_against(table, np.array([1, 0, 0.0]), 1), [-1, -2])
    interval = value_interval(table, np.array([1.0, 0, 0]), mixture, 0)
    assert interval.mean == pytest.approx(1.75)
    assert interval.high - interval.low == pytest.approx(0, abs=1e-12)


def test_contenders_are_what_the_table_cannot_rule_out():
    matrix = np.array([[0.0, 0.0], [0.02, 0.0], [-3.0, -3.0]])
    table = noisy_table(matrix, 0.5, 40, seed=5)
    assert contenders(table, np.array([0.5, 0.5]), 0) == [0, 1]
    assert contenders(table, np.array([0.0, 0.0, 1.0]), 1) == [0, 1]


def test_bootstrap_of_a_noiseless_table_is_a_point():
    found = bootstrap_equilibrium(
        noisy_table(RPS, 0.0, 10, 0), make_solver("nash"), rng=np.random.default_rng(0), resamples=5
    )
    for interval in (*found.row, *found.column):
        assert (interval.low, interval.mean, interval.high) == pytest.approx((1 / 3,) * 3)
    assert found.value[0].mean == pytest.approx(0)
    assert found.cyclic_share.low == pytest.approx(1)
    assert found.restricted_exploitability.high == pytest.approx(0, abs=1e-9)


def test_bootstrap_covers_the_value_of_a_noisy_game():
    matrix = np.array([[3.0, -1.0], [-2.0, 4.0]])  # value 1
    hits = []
    for seed in range(15):
        table = noisy_table(matrix, 2.0, 50, seed)
        found = bootstrap_equilibrium(
            table, make_solver("nash"), rng=np.random.default_rng(seed), resamples=40
        )
        hits.append(found.value[0].low <= 1.0 <= found.value[0].high)
        assert found.restricted_exploitability.mean > 0  # the plug-in says 0
    assert sum(hits) >= 12


def test_bootstrap_resamples_all_cells_together():
    # one luck for every cell: it moves the value, and no mixture
    luck = np.random.default_rng(6).normal(size=50)
    payoff = RPS[:, :, None] + luck
    table = PayoffTable(
        tuple("abc"),
        tuple("abc"),
        np.arange(50, dtype=np.uint64),
        np.stack([payoff, -payoff], axis=-1),
    )
    found = bootstrap_equilibrium(
        table, make_solver("nash"), rng=np.random.default_rng(0), resamples=20
    )
    assert found.value[0].high - found.value[0].low > 0.1
    assert all(i.high - i.low < 1e-9 for i in found.row)
