"""The non-transitive mixture game: its formula, its symmetry and its solution."""

from __future__ import annotations

import pickle
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssa_psro.errors import UsageError
from ssa_psro.games.plane.game import (
    CENTRES,
    CYCLE,
    NonTransitiveMixture,
    PointMixture,
    payoffs,
    point,
)
from ssa_psro.games.protocol import exact_curve, exact_end
from ssa_psro.learn import StartSchedule
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.psro import Population, StopRule, initial_state, run_psro

GAME = NonTransitiveMixture()
SEEDS = np.arange(3, dtype=np.uint64)
anywhere = st.lists(st.floats(-5, 5), min_size=4, max_size=4)


def random_mixture(seed: int) -> PointMixture:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 6))
    return PointMixture(rng.normal(scale=2.5, size=(count, 2)), rng.dirichlet(np.ones(count)))


def slow_payoff(x: np.ndarray, y: np.ndarray) -> float:
    """The formula, term by term."""
    first = [0, 1, 1, 1, -1, -1, -1]
    own = [exp(-0.27 * ((x[0] - m[0]) ** 2 + (x[1] - m[1]) ** 2)) for m in CENTRES]
    other = [exp(-0.27 * ((y[0] - m[0]) ** 2 + (y[1] - m[1]) ** 2)) for m in CENTRES]
    total = 0.0
    for i in range(7):
        total += 0.5 * (own[i] - other[i])
        for j in range(7):
            total += own[i] * first[(j - i) % 7] * other[j]
    return total


@given(anywhere)
@settings(max_examples=30)
def test_payoffs_follow_the_formula_and_are_antisymmetric(numbers: list[float]) -> None:
    x, y = np.array(numbers[:2]), np.array(numbers[2:])
    table = payoffs(np.stack([x, y]), np.stack([x, y]))
    assert table[0, 1] == pytest.approx(slow_payoff(x, y), abs=1e-12)
    np.testing.assert_allclose(table, -table.T, atol=1e-12)


def test_every_bump_beats_three_and_loses_to_three() -> None:
    np.testing.assert_array_equal(CYCLE, -CYCLE.T)
    assert ((CYCLE == 1).sum(axis=1) == 3).all()
    table = payoffs(CENTRES, CENTRES)
    np.testing.assert_array_equal(np.sign(np.round(table, 6)), CYCLE)


@given(st.integers(0, 2**31))
@settings(max_examples=20)
def test_mixtures_get_the_mean_of_what_their_points_get(seed: int) -> None:
    row, column = random_mixture(seed), random_mixture(seed + 1)
    expected = row.weights @ payoffs(row.points, column.points) @ column.weights
    judged = GAME.judge(row, column, SEEDS)
    np.testing.assert_allclose(judged, np.tile([expected, -expected], (3, 1)), atol=1e-12)
    np.testing.assert_array_equal(judged.sum(axis=1), 0.0)
    share = np.array([0.25, 0.0, 0.75])
    mixed = GAME.mix([row, random_mixture(seed + 2), column], share)
    np.testing.assert_allclose(
        mixed.profile, 0.25 * row.profile + 0.75 * column.profile, atol=1e-12
    )


@given(st.integers(0, 2**31))
@settings(max_examples=20)
def test_the_landscape_of_a_mixture_is_what_points_get_against_it(seed: int) -> None:
    mixture = random_mixture(seed)
    places = np.random.default_rng(seed).normal(scale=2.5, size=(10, 2))
    expected = payoffs(places, mixture.points) @ mixture.weights
    np.testing.assert_allclose(mixture.landscape.at(places), expected, atol=1e-12)


def test_against_mixtures_the_best_point_is_proven_to_a_hundredth() -> None:
    assert max(random_mixture(seed).landscape.highest().slack for seed in range(40)) < 0.01


def _solve(start: np.ndarray, iterations: int):
    sides = tuple(Population(side, (point("first", start),)) for side in ("row", "column"))
    return run_psro(
        initial_state(sides, seed=1, episodes_per_cell=2),
        judge=GAME.judge,
        mix=GAME.mix,
        solve=make_solver("nash"),
        oracle=GAME.best_response,
        start=StartSchedule("scratch"),
        stop=StopRule(iterations, tolerance=1e-6),
        seed=1,
        held_out_episodes=4,
    )


def test_double_oracle_with_global_responses_solves_the_game() -> None:
    """Both sides have the same best responses, since the game is symmetric; its value is 0."""
    result = _solve(np.array([0.1, 0.2]), 40)
    curve, end = exact_curve(GAME, result.state), exact_end(GAME, result)
    assert result.stopped == "tolerance"
    assert end.value == pytest.approx(0, abs=1e-6)
    assert end.exploitability < 1e-6
    for record, found in zip(result.state.records, curve, strict=True):
        assert record.approx_exploitability.mean == pytest.approx(found.exploitability, abs=1e-9)
    rows, columns = result.state.populations
    for row, column in zip(rows.policies, columns.policies, strict=True):
        np.testing.assert_allclose(row.points, column.points, atol=1e-6)


def test_exploitability_counts_both_players_best_points() -> None:
    row, column = random_mixture(3), random_mixture(4)
    found = GAME.deviations(row, column)
    axis = np.arange(-5, 5, 0.05)
    places = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    best = [float(one.landscape.at(places).max()) for one in (column, row)]
    value = GAME.judge(row, column, SEEDS)[0, 0]
    assert found.value == value
    assert found.gains == pytest.approx((best[0] - value, best[1] + value), abs=0.01)
    assert min(found.gains[0] - best[0] + value, found.gains[1] - best[1] - value) >= 0
    assert GAME.deviations(row, row).value == pytest.approx(0, abs=1e-12)


def test_a_policy_travels() -> None:
    mixture = random_mixture(5)
    again = pickle.loads(pickle.dumps(mixture))
    np.testing.assert_array_equal(again.profile, mixture.profile)


@pytest.mark.parametrize("position", [[1.0], [1.0, np.nan], [[1.0, 2.0]]])
def test_what_is_not_a_point_is_refused(position: list) -> None:
    with pytest.raises(UsageError, match="not a point"):
        point("nowhere", position)
