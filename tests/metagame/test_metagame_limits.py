"""Tolerances of the meta-game at their limits: just within, and just beyond.

Each number stands here as it is meant, so that a test fails when the package's own one moves.
"""

from __future__ import annotations

import numpy as np
import pytest
from metagame.noisy_games import NoisyGame

from ssa_psro.errors import SolverError, UsageError
from ssa_psro.metagame.estimates import (
    Gains,
    contenders,
    gains_of,
    linear_interval,
    regret_interval,
    side_bounds,
)
from ssa_psro.metagame.intervals import student_interval, student_quantile
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.sampling.adaptive import next_counts
from ssa_psro.metagame.sampling.impute import impute, predict
from ssa_psro.metagame.sampling.reservoir import chosen_cells
from ssa_psro.metagame.solvers.alpha_rank import solve_alpha_rank
from ssa_psro.metagame.solvers.averaging import solve_fictitious_play, solve_regret_matching
from ssa_psro.metagame.solvers.equilibrium import (
    Equilibrium,
    certified,
    is_zero_sum,
    on_simplex,
    regrets,
    undominated,
)
from ssa_psro.metagame.solvers.lemke_howson import solve_lemke_howson
from ssa_psro.metagame.solvers.logit_path import solve_logit_path
from ssa_psro.metagame.solvers.nash_lp import solve_nash_lp
from ssa_psro.metagame.solvers.nash_maxent import solve_nash_maxent
from ssa_psro.metagame.solvers.prd import solve_prd
from ssa_psro.metagame.solvers.replicator import solve_replicator
from ssa_psro.metagame.solvers.support_enumeration import solve_support_enumeration
from ssa_psro.metagame.structure.cycles import decompose
from ssa_psro.metagame.structure.evaluation import rank
from ssa_psro.metagame.structure.ratings import support
from ssa_psro.metagame.structure.response_graph import best_responses

RPS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], dtype=float)
HALF = np.array([0.5, 0.5])


def zero_sum(matrix):
    return np.stack([matrix, -np.asarray(matrix)], axis=-1)


# a solution's certificate


@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e6])
def test_a_billionth_of_the_range_is_an_equilibrium_and_no_more(scale):
    # against (1/2 + e, 1/2 - e) in matching pennies the other player gains e times the range
    pennies = scale * zero_sum(np.eye(2))
    within = certified(pennies, np.array([0.5 + 0.9e-9, 0.5 - 0.9e-9]), HALF, "hand")
    assert within.gap == pytest.approx(0.9e-9 * scale, rel=1e-6)
    with pytest.raises(SolverError, match=r"relative gap of 1\.10e-09 \(allowed 1e-09\)"):
        certified(pennies, np.array([0.5 + 1.1e-9, 0.5 - 1.1e-9]), HALF, "hand")


@pytest.mark.parametrize("scale", [1.0, 1e9])
def test_payoffs_cancel_to_a_trillionth_of_the_largest(scale):
    for off, cancels in ((0.9e-12, True), (1.1e-12, False)):
        game = zero_sum(np.eye(2))
        game[0, 0, 1] += off
        assert is_zero_sum(scale * game) is cancels
    assert is_zero_sum(np.zeros((2, 2, 2)))


def test_equal_payoffs_are_no_strict_dominance():
    better = np.array([[1.0, 1.0], [1.0, 1.0 - 1e-15], [1.0 - 1e-15, 1.0 - 1e-15]])
    rows, columns = undominated(np.stack([better, np.zeros((3, 2))], axis=-1))
    assert rows.tolist() == [0, 1]  # row 2 is below row 0 in every column, row 1 in one alone
    assert columns.tolist() == [0, 1]


def test_regret_is_never_below_zero():
    # ten tenths sum to a little less than 1, and equal rows then look worse than their mixture
    rows = zero_sum(np.tile([0.0, 1.0], (10, 1)))
    tenths, first = np.full(10, 0.1), np.array([1.0, 0.0])
    assert regrets(rows, tenths, first)[0] == 0.0
    columns = np.ascontiguousarray(rows[..., ::-1].swapaxes(0, 1))
    assert regrets(columns, first, tenths)[1] == 0.0


def test_weights_below_zero_are_rounding_and_no_weight_is_no_mixture():
    assert on_simplex(np.array([3.0, -1e-9, 1.0]), "hand").tolist() == [0.75, 0.0, 0.25]
    for nothing in ([0.0, -1.0], [np.nan, 1.0], [np.inf, 1.0]):
        with pytest.raises(SolverError, match="no mixture"):
            on_simplex(np.array(nothing), "hand")


# solvers


@pytest.mark.parametrize(
    ("loss", "copies"), [(0.8e-9, [1 / 6, 1 / 6]), (1.3e-9, [1 / 3, 0.0]), (1e-6, [1 / 3, 0.0])]
)
def test_copies_are_tied_up_to_a_billionth_of_the_range(loss, copies):
    # the range is 2; the fourth policy is the first one, worse by the loss
    matrix = np.vstack([RPS, RPS[:1] - 2.0 * loss])
    row = solve_nash_maxent(matrix).row
    np.testing.assert_allclose(row[[0, 3]], copies, atol=1e-7)


def test_enumeration_takes_as_many_pairs_of_supports_as_twelve_by_twelve_has():
    def coordination(size):
        return np.stack([np.eye(size)] * 2, axis=-1)

    assert solve_support_enumeration(coordination(12)).gap == 0
    with pytest.raises(UsageError, match="13 x 13"):
        solve_support_enumeration(coordination(13))


def test_averages_are_looked_at_every_64_iterations():
    one = np.ones((1, 1))
    for solve in (solve_fictitious_play, solve_regret_matching, solve_replicator):
        assert solve(one).parameters["iterations"] == 64


def test_projected_dynamics_compare_windows_from_1024_steps_on():
    assert solve_prd(np.ones((1, 1))).parameters["iterations"] == 2048
    assert solve_prd(np.ones((1, 1)), iterations=2048).parameters["drift"] == 0.0
    with pytest.raises(SolverError, match="after 1024 steps"):
        solve_prd(np.ones((1, 1)), iterations=2047)


def test_drift_is_the_total_variation_between_two_windows():
    # two policies against one: the better one grows from 1/2 to its most, 1 - gamma / 2
    solution = solve_prd([[1.0], [0.0]], gamma=0.1, step=0.01, tolerance=1.0)
    better, path = 0.5, []
    for _ in range(2048):
        better = min(better + 0.01 * better * (1.0 - better), 0.95)
        path.append(better)
    assert solution.parameters["drift"] == pytest.approx(
        np.mean(path[1024:]) - np.mean(path[:1024])
    )


@pytest.mark.parametrize(
    ("solve", "told"),
    [
        (solve_fictitious_play, {"tolerance": 1e-3}),
        (solve_regret_matching, {"tolerance": 1e-4}),
        (solve_replicator, {"tolerance": 1e-2, "step": 0.02}),
        (solve_prd, {"tolerance": 2e-2, "step": 0.5, "gamma": 1e-2}),
    ],
)
def test_settings_unless_told_otherwise(solve, told):
    found = solve(np.ones((1, 1))).parameters
    assert {name: found[name] for name in told} == told


def test_a_search_that_failed_tells_its_game_and_ends_in_time():
    game = np.vstack([np.eye(3), np.ones((1, 3)) / 2]).T
    with pytest.raises(SolverError, match="on a 3 x 4 game"):
        solve_fictitious_play(game, tolerance=1e-12, iterations=64)
    with pytest.raises(SolverError, match="left after 64 steps"):
        solve_replicator(RPS + np.diag([1.0, 0.0, 0.0]), tolerance=1e-12, iterations=64)


ONE = np.ones((1, 1))
LEAST_AND_MOST = [
    (solve_fictitious_play, "iterations", [1], [0]),
    (solve_regret_matching, "tolerance", [1e-300], [0.0]),
    (solve_replicator, "step", [1e-300, 1.0], [0.0, 1.0 + 1e-15]),
    (solve_prd, "step", [1e-300, 1.0], [0.0, 1.0 + 1e-15]),
    (solve_prd, "gamma", [1e-300, 1.0 - 1e-15], [0.0, 1.0]),
    (solve_alpha_rank, "population", [2], [1]),
    (solve_alpha_rank, "alpha", [1e-300, np.inf], [0.0]),
    (solve_logit_path, "precision", [1e-300], [0.0]),
    (solve_logit_path, "steps", [1], [0]),
    (solve_lemke_howson, "pivots", [2, 3], [0]),
]


@pytest.mark.parametrize(("solve", "name", "fits", "does_not"), LEAST_AND_MOST)
def test_settings_are_taken_up_to_their_limits(solve, name, fits, does_not):
    for value in fits:
        assert solve(ONE, **{name: value}).row.tolist() == [1.0]
    for value in does_not:
        with pytest.raises(UsageError, match="out of range"):
            solve(ONE, **{name: value})


def test_one_pivot_is_a_search_that_ends_too_soon():
    with pytest.raises(SolverError, match="no end after 1 pivots"):
        solve_lemke_howson(ONE, pivots=1)


@pytest.mark.parametrize("scale", [1.0, 1e6, 1e-6])
@pytest.mark.parametrize(("gain", "row"), [(0.5e-14, [0.5, 0.5]), (2e-14, [0.0, 1.0])])
def test_gains_within_rounding_are_drift(gain, row, scale):
    payoffs = [[scale], [scale * (1.0 + gain)]]
    np.testing.assert_allclose(solve_alpha_rank(payoffs).row, row, atol=1e-9)


def test_populations_are_of_fifty_unless_told_otherwise():
    game = [[1.0], [1.1]]
    row = solve_alpha_rank(game, alpha=1.0).row
    # one mutant of 50 takes over, gaining or losing 0.1; the law balances both ways
    up, down = ((1 - np.exp(-a)) / (1 - np.exp(-50 * a)) for a in (0.1, -0.1))
    np.testing.assert_allclose(row, [down / (up + down), up / (up + down)], rtol=1e-9)


def test_two_individuals_are_a_population():
    dilemma = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], dtype=float)
    assert solve_alpha_rank(dilemma, population=2).row.tolist() == [0, 1]


@pytest.mark.parametrize(("easier", "row"), [(1e-14, [0.5, 0.5]), (2e-14, [1.0, 0.0])])
def test_sinks_that_are_as_hard_to_leave_share_the_mass(easier, row):
    game = np.stack([np.diag([1.0, 1.0 - easier])] * 2, axis=-1)
    np.testing.assert_allclose(solve_alpha_rank(game).row, row, atol=1e-9)


# structure


def test_a_millionth_of_the_mass_is_rounding():
    assert support(np.array([0.5, 1e-6, 1.001e-6, 0.0])).tolist() == [0, 2]


@pytest.mark.parametrize(("off", "one_seat"), [(0.9e-9, True), (1.2e-9, False)])
def test_seats_count_as_one_up_to_a_billionth(off, one_seat):
    # an asymmetry without level or ratings: two policies of each seat, twice
    asymmetric = np.array([[1, -1, 0], [-1, 1, 0], [0, 0, 0]]) * off / 2
    discs = decompose(RPS + asymmetric).discs
    # a policy is one point if its seats are one, else a point in each seat
    assert np.array_equal(discs[0].rows, discs[0].columns) is one_seat


@pytest.mark.parametrize(("worse", "best"), [(0.5e-12, True), (2e-12, False)])
def test_responses_are_equally_good_up_to_a_trillionth(worse, best):
    payoffs = np.array([[[1.0, -1.0]], [[1.0 - worse, 0.0]]])
    rows, _ = best_responses(payoffs)
    assert rows[:, 0].tolist() == [True, best]


def solver_with_masses(masses):
    def solve(payoffs):
        row = np.array(masses)
        return Equilibrium(row, np.ones(1), (0.0, 0.0), "hand", 0.0)

    return solve


@pytest.mark.parametrize(("less", "first"), [(2e-10, "r1"), (2e-9, "r0")])
def test_masses_that_differ_by_rounding_leave_the_order_to_the_gains(less, first):
    # r0 has the mass, r1 the better payoff
    table = NoisyGame(np.array([[0.0], [1.0]]), noise=0.0, episodes=3).table(3)
    solve = solver_with_masses([0.5 + less, 0.5 - less])
    ranking = rank(table, solve, rng=np.random.default_rng(0), resamples=2)
    assert ranking.rows[0].policy == first


# intervals


def test_levels_are_95_percent_unless_told_otherwise():
    samples = np.array([-1.0, 1.0])
    # Student's t of one degree of freedom at 97.5 %: 12.7062 (Abramowitz and Stegun, 26.10)
    assert student_interval(samples).high == pytest.approx(12.7062, abs=1e-4)
    assert student_quantile([2, 11, 1]) == pytest.approx(
        [12.7062, 2.2281, np.nan], nan_ok=True, abs=1e-4
    )
    table = NoisyGame(np.zeros((1, 1)), episodes=2).table(2)
    weighted = linear_interval(table, np.ones((1, 1)), 0)
    assert weighted.high == pytest.approx(student_interval(table.samples[0, 0, :, 0]).high)


def test_degrees_of_freedom_are_not_rounded_away():
    """The harmonic mean of equal counts is the count, although it is a quotient of sums."""
    for episodes in range(2, 60):
        table = NoisyGame(RPS, episodes=episodes).table(episodes)
        found = gains_of(table, np.full(3, 1 / 3), np.full(3, 1 / 3), 0)
        assert found.count.tolist() == [episodes] * 3
        assert linear_interval(table, RPS, 0).count == episodes


def test_tables_without_noise_have_the_fewest_episodes():
    table = NoisyGame(RPS, noise=0.0, episodes=9).table(np.array([[9, 4, 9], [9, 9, 9], [3, 9, 9]]))
    gains = gains_of(table, np.eye(3)[0], np.array([0.5, 0.5, 0.0]), 0)
    assert gains.count.tolist() == [4, 9, 3]
    assert linear_interval(table, np.outer(np.ones(3), [1.0, 0.0, 0.0]), 0).count == 3


def test_the_greatest_of_several_gains_is_bounded_more_carefully_from_below():
    """Ten episodes: Student's t of 9 at 97.5 % is 2.2622, at 98.75 % 2.6850."""
    gains = Gains(np.array([1.0, 0.9]), np.array([0.1, 0.2]), np.array([10, 10]))
    mean, low, high = side_bounds(gains, 0.95)
    assert mean == 1.0
    assert low == pytest.approx(1.0 - 0.1 * 2.6850, abs=1e-4)
    assert high == pytest.approx(0.9 + 0.2 * 2.2622, abs=1e-4)
    nothing = Gains(np.array([-1.0]), np.array([0.1]), np.array([10]))
    assert side_bounds(nothing, 0.95) == (0.0, 0.0, 0.0)


def test_regret_is_the_mean_of_both_sides_each_at_half_the_error_rate():
    table = NoisyGame(RPS, episodes=30).table(np.array([[30, 9, 30], [30, 30, 30], [30, 30, 30]]))
    row, column = np.array([0.2, 0.3, 0.5]), np.array([0.6, 0.2, 0.2])
    found = regret_interval(table, row, column, 0.9)
    each = [side_bounds(gains_of(table, row, column, side), 0.95) for side in (0, 1)]
    assert (found.mean, found.low, found.high) == pytest.approx(tuple(np.mean(each, axis=0)))
    counts = [gains_of(table, row, column, side).count.min() for side in (0, 1)]
    assert found.count == min(counts) < 30


@pytest.mark.parametrize("behind", [0.0, 1e-6])
def test_contenders_are_those_that_are_as_good(behind):
    matrix = np.array([[1.0], [1.0 - behind], [0.0]])
    table = NoisyGame(matrix, noise=0.0, episodes=3).table(3)
    assert contenders(table, np.ones(1), 0) == ([0, 1] if behind == 0.0 else [0])


# samplers


def test_a_new_policy_plays_two_opponents_at_least():
    names = [f"p{number}" for number in range(8)]
    chosen = chosen_cells(names, names, 0.01, seed=3)
    # the row policy of each age meets those as old and older, the column policy those older
    assert [int(chosen[i, : i + 1].sum()) for i in range(8)] == [1, 2, 2, 2, 2, 2, 2, 2]
    assert [int(chosen[:j, j].sum()) for j in range(8)] == [0, 1, 2, 2, 2, 2, 2, 2]


def test_five_cells_are_enough_to_learn_from_and_four_are_not():
    names = ["a", "b", "c"]
    assert chosen_cells(names[:2], names[:2], 0.01, seed=0).sum() == 4  # all of a small table
    samples = np.full((3, 3, 4, 2), np.nan)
    samples.reshape(9, 4, 2)[:5] = np.random.default_rng(0).normal(size=(5, 4, 2))
    table = PayoffTable(tuple(names), tuple(names), np.arange(4, dtype=np.uint64), samples)
    assert impute(table).imputed.sum() == 4
    samples = samples.copy()
    samples.reshape(9, 4, 2)[4] = np.nan
    table = PayoffTable(tuple(names), tuple(names), np.arange(4, dtype=np.uint64), samples)
    with pytest.raises(UsageError, match="too few cells"):
        impute(table)


def test_strengths_are_pulled_to_zero_by_three_tenths_of_a_cell():
    # of two rows against one column, +1 and -1: least (r - 1)² + 0.3 r² is at r = 1 / 1.3
    payoffs = np.array([[1.0], [-1.0]])
    found = predict(payoffs, np.ones((2, 1), dtype=bool), 0)
    np.testing.assert_allclose(found, payoffs / 1.3, atol=1e-12)


def two_deviations(ratio, episodes=40, played=20):
    """One column; the mixture is row 0, without noise, and two deviations with noise.

    The variance of the second one is ``ratio`` times that of the first.
    """
    luck = np.random.default_rng(0).normal(size=episodes)
    luck[:played] -= luck[:played].mean()
    luck[:played] /= luck[:played].std(ddof=1)
    payoffs = np.stack([np.zeros(episodes), luck, np.sqrt(ratio) * luck])[:, None]
    samples = np.stack([payoffs, -payoffs], axis=-1)
    samples[:, :, played:] = np.nan
    names = (("a", "b", "c"), ("x",))
    return PayoffTable(*names, np.arange(episodes, dtype=np.uint64), samples)


@pytest.mark.parametrize(("ratio", "grown"), [(0.52, [24, 24, 24]), (0.48, [24, 24, 20])])
def test_differences_worth_half_of_the_best_grow_by_a_fifth(ratio, grown):
    equilibrium = Equilibrium(np.eye(3)[0], np.ones(1), (0.0, 0.0), "hand", 0.0)
    wanted = next_counts(two_deviations(ratio), equilibrium, half_width=1e-6, confidence=0.95)
    assert wanted[:, 0].tolist() == grown


def test_a_few_episodes_grow_by_two_and_nothing_grows_beyond_the_seeds():
    equilibrium = Equilibrium(np.eye(3)[0], np.ones(1), (0.0, 0.0), "hand", 0.0)
    for played, episodes, grown in ((5, 40, 7), (10, 40, 12), (11, 40, 14), (39, 40, 40)):
        table = two_deviations(1.0, episodes, played)
        assert next_counts(table, equilibrium, 1e-6, 0.95).tolist() == [[grown]] * 3
    full = two_deviations(1.0, 20, 20)
    assert next_counts(full, equilibrium, 1e-6, 0.95).tolist() == [[20]] * 3


def test_deviations_that_leave_the_interval_narrow_enough_are_closed():
    """The joint bound of a deviation of error 1 / sqrt(20): t of 19 at 98.75 %."""
    equilibrium = Equilibrium(np.eye(3)[0], np.ones(1), (0.0, 0.0), "hand", 0.0)
    bound = float(student_quantile(20, 0.975)) / np.sqrt(20)
    for width, grown in ((bound / 2 * 0.999, 24), (bound / 2 * 1.001, 20)):
        wanted = next_counts(two_deviations(1.0), equilibrium, width, 0.95)
        assert wanted.tolist() == [[grown]] * 3


def test_solver_answers_are_exact_far_below_the_certificate():
    """Both programmes ask HiGHS for 1e-10: what is left of the range is rounding."""
    rng = np.random.default_rng(5)
    for size in (5, 20, 40):
        matrix = rng.normal(size=(size, size))
        solution = solve_nash_lp(matrix)
        assert solution.gap <= 1e-10 * np.ptp(matrix)
