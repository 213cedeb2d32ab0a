"""Gains, weighted sums and regrets of tables whose cells hold different numbers of episodes."""

from __future__ import annotations

import io

import numpy as np
import pytest
from metagame.noisy_games import RPS, NoisyGame

from ssa_psro.errors import UsageError
from ssa_psro.metagame.bootstrap import bootstrap_equilibrium, resampled_means
from ssa_psro.metagame.estimates import (
    contenders,
    gains_of,
    likeness,
    linear_interval,
    regret_interval,
    value_interval,
)
from ssa_psro.metagame.exploitability import restricted_exploitability
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.payoffs import PayoffTable, play_up_to
from ssa_psro.metagame.solvers import make_solver

ROW = np.array([0.2, 0.0, 0.8])
COLUMN = np.array([0.5, 0.5, 0.0])
UNEQUAL = np.array([[40, 10, 25], [10, 40, 5], [40, 30, 40]])


def test_equal_cells_give_the_paired_student_interval():
    table = NoisyGame(RPS, episodes=30).table(30)
    payoffs = table.samples[..., 0]
    paired = np.einsum("ije,j->ie", payoffs, COLUMN) - np.einsum("i,ije,j->e", ROW, payoffs, COLUMN)
    for found, samples in zip(gains_of(table, ROW, COLUMN, 0).intervals(), paired, strict=True):
        expected = student_interval(samples)
        assert (found.mean, found.low, found.high) == pytest.approx(
            (expected.mean, expected.low, expected.high)
        )
        assert found.count == 30


def test_whom_a_policy_is_most_like_is_told_with_a_bound_that_covers():
    """Row 3 is row 1 but for 0.05 in one column; each is played on noise that the rows share."""
    payoffs = np.array([[0.0, 1.0], [0.3, 0.8], [0.0, 1.05]])
    covered = []
    for seed in range(200):
        table = NoisyGame(payoffs, noise=0.05, episodes=30, seed=seed).table(30)
        found = likeness(table, 2, 2, 0)
        assert found.name == table.rows[0]
        differences = table.samples[2, :, :, 0] - table.samples[0, :, :, 0]
        own = [student_interval(one) for one in differences]
        assert found.distance == pytest.approx(max(abs(one.mean) for one in own))
        upper = max(max(abs(one.mean) + (one.high - one.mean) for one in own), 0)
        assert found.bound == pytest.approx(upper)
        covered.append(found.bound >= 0.05)
    assert np.mean(covered) > 0.95
    turned = NoisyGame(-payoffs.T, noise=0.05, episodes=30).table(30)
    assert likeness(turned, 2, 2, 1).name == turned.columns[0]


def test_gains_are_weighted_sums_of_cells():
    table = NoisyGame(RPS, episodes=40).table(UNEQUAL)
    for side, own, other in ((0, ROW, COLUMN), (1, COLUMN, ROW)):
        found = gains_of(table, ROW, COLUMN, side).intervals()
        for deviation, one in enumerate(np.eye(3)):
            weights = np.outer(one - own, other)
            expected = linear_interval(table, weights if side == 0 else weights.T, side)
            assert (found[deviation].mean, found[deviation].low) == pytest.approx(
                (expected.mean, expected.low)
            )
            assert found[deviation].count == expected.count


def test_errors_of_unequal_cells_are_those_of_their_shared_episodes():
    # the difference of two cells of 40 and 10 episodes, of which 10 are common
    game = NoisyGame(np.zeros((2, 1)), episodes=40)
    table = game.table(np.array([[40], [10]]))
    found = linear_interval(table, np.array([[1.0], [-1.0]]), 0)
    simulated = []
    for seed in range(1500):
        luck = NoisyGame(np.zeros((2, 1)), episodes=40, seed=seed + 1).samples[:, 0, :, 0]
        simulated.append(luck[0].mean() - luck[1, :10].mean())
    error = (found.high - found.mean) / 2.2  # about Student's t of 10 to 16 episodes
    assert np.std(simulated) == pytest.approx(np.sqrt(1 / 40 + 1 / 10 - 2 * 0.5 / 40), rel=0.08)
    assert error == pytest.approx(np.std(simulated), rel=0.4)
    assert 10 <= found.count <= 16


def test_fewer_than_two_episodes_are_refused():
    table = NoisyGame(RPS, episodes=5).table(np.array([[5, 5, 1], [5, 5, 5], [5, 5, 5]]))
    with pytest.raises(UsageError, match="two or more"):
        gains_of(table, np.eye(3)[0], np.eye(3)[2], 0)
    with pytest.raises(UsageError, match="two or more"):
        value_interval(table, np.eye(3)[0], np.eye(3)[2], 0)
    assert contenders(table, np.eye(3)[0], 0)  # against a column that is played enough


def test_play_up_to_extends_prefixes_and_keeps_what_there_is():
    game = NoisyGame(RPS, episodes=40)
    table = play_up_to(game.unplayed(), UNEQUAL, range(3), range(3), judge=game)
    assert game.played == UNEQUAL.sum()
    np.testing.assert_array_equal(table.samples, game.table(UNEQUAL).samples)
    assert not table.complete
    assert table.solvable
    more = play_up_to(table, np.full((3, 3), 20), range(3), range(3), judge=game)
    np.testing.assert_array_equal(more.count, np.maximum(UNEQUAL, 20))


def test_unequal_tables_survive_a_file_and_gaps_are_refused():
    table = NoisyGame(RPS, episodes=40).table(UNEQUAL)
    file = io.BytesIO()
    np.savez(file, **table.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        np.testing.assert_array_equal(PayoffTable.from_arrays(arrays).samples, table.samples)
        samples = arrays["samples"].copy()
        samples[0, 0, 3] = np.nan  # played before and after
        with pytest.raises(UsageError, match="not the first ones"):
            PayoffTable.from_arrays({**arrays, "samples": samples})


def test_resampled_tables_have_the_covariance_of_the_means():
    table = NoisyGame(RPS, episodes=200).table(
        np.array([[200, 50, 200], [100, 200, 200], [200, 200, 20]])
    )
    games = resampled_means(table, np.random.default_rng(0), 20_000)[..., 0].reshape(-1, 9)
    influence = table.influence[..., 0].reshape(9, -1)
    expected = influence @ influence.T
    size = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    # widened to Student's t: by 19/17 in the cell of 20 episodes
    np.testing.assert_allclose(np.cov(games.T) / size, expected / size, atol=0.14)
    np.testing.assert_allclose(games.mean(axis=0), table.mean[..., 0].ravel(), atol=0.01)


def test_bootstrap_takes_unequal_cells_and_tells_regrets():
    table = NoisyGame(RPS - 0.5 * np.eye(3), episodes=40).table(UNEQUAL)
    nash = make_solver("nash")
    found = bootstrap_equilibrium(table, nash, rng=np.random.default_rng(0), resamples=40)
    point = nash(table.mean)
    assert found.value[0].mean == pytest.approx(point.value[0])
    assert [gain.mean for gain in found.row_gains] == pytest.approx(
        (table.mean[..., 0] @ point.column - point.value[0]).tolist()
    )
    assert [gain.mean for gain in found.column_gains] == pytest.approx(
        (point.row @ table.mean[..., 1] - point.value[1]).tolist()
    )


def test_intervals_cover_as_often_as_they_say():
    hits = {"value": [], "gains": [], "fixed": [], "estimated": []}
    rng, nash = np.random.default_rng(1), make_solver("nash")
    for seed in range(60):
        game = rng.normal(size=(3, 3))
        counts = rng.choice([12, 20, 30], size=(3, 3))
        table = NoisyGame(game, noise=0.5, episodes=30, seed=seed).table(counts)
        point, truth = nash(table.mean), nash(game).value[0]
        value = value_interval(table, point.row, point.column, 0)
        hits["value"].append(value.low <= truth <= value.high)
        gains = gains_of(table, ROW, COLUMN, 0)
        right = game @ COLUMN - ROW @ game @ COLUMN
        hits["gains"] += list((gains.low() <= right) & (right <= gains.high()))
        for name, row, column in (
            ("fixed", ROW, COLUMN),
            ("estimated", point.row, point.column),
        ):
            interval = regret_interval(table, row, column)
            loss = restricted_exploitability(game, row, column)
            hits[name].append(interval.low - 1e-12 <= loss <= interval.high + 1e-12)
    share = {name: np.mean(found) for name, found in hits.items()}
    assert share["value"] > 0.86
    assert 0.89 < share["gains"] < 0.99
    assert share["fixed"] > 0.9  # conservative by construction
    assert share["estimated"] > 0.9
