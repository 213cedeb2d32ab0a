"""Means over seeds and paired differences, against scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from experiments.plan_texts import MATRIX
from scipy import stats

from ssa_psro.experiments.plan_reading import parse_plan
from ssa_psro.experiments.summary import QUANTITIES, seeds_to_decide, summarise, verdict_of
from ssa_psro.metagame.intervals import Interval

SEEDS = 6


def made_up(seed: int = 0):
    """Rows of runs in which all arms of a seed share most of their luck."""
    rng = np.random.default_rng(seed)
    luck = rng.normal(size=SEEDS)
    rows = []
    for number, arm in enumerate(("scratch", "fusion", "uniform-fusion")):
        for index in range(SEEDS):
            for iteration in range(3):
                level = 3 - 0.5 * number - 0.3 * iteration + luck[index] + 0.1 * rng.normal()
                rows.append(
                    {
                        "arm": arm,
                        "seed": index + 1,
                        "iteration": iteration,
                        "exploitability": float(level),
                        "best_exploitability": float(level),
                        "steps": 10 * iteration,
                        "episodes": 5 * iteration,
                        "wall_s": 1.0 + iteration,
                        "start_s": 0.1 * iteration,
                        "entropy": 0.5,
                        "support": 2.0,
                        "end_gain": 0.3 * iteration if iteration else None,
                        "true_gain": 0.25 + 0.25 * iteration if iteration else None,
                        "start_gain": 0.1 * iteration if iteration and arm == "fusion" else None,
                    }
                )
    return rows


@pytest.fixture
def summary():
    return summarise(parse_plan(MATRIX, "test").with_seeds(SEEDS), made_up())


def last_of(arm: str) -> np.ndarray:
    rows = [row for row in made_up() if row["arm"] == arm and row["iteration"] == 2]
    return np.array([row["exploitability"] for row in rows])


def test_means_have_student_intervals(summary):
    found = summary.find("fusion", "exploitability").mean
    low, high = stats.t.interval(
        0.95, SEEDS - 1, loc=last_of("fusion").mean(), scale=stats.sem(last_of("fusion"))
    )
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize(("arm", "versus"), [("fusion", "scratch"), ("uniform-fusion", "fusion")])
def test_differences_are_paired_by_seed(summary, arm, versus):
    found = summary.find(arm, "exploitability")
    expected = stats.ttest_rel(last_of(arm), last_of(versus)).confidence_interval(0.95)
    assert found.versus == versus
    assert (found.difference.low, found.difference.high) == pytest.approx(tuple(expected))
    assert found.difference.high - found.difference.low < found.mean.high - found.mean.low


def test_the_standard_is_not_compared_with_itself(summary):
    assert summary.find("scratch", "exploitability").difference is None


def test_figures_that_only_some_runs_have_are_not_told_of_the_others(summary):
    assert summary.find("scratch", "start_gain") is None
    found = summary.find("fusion", "start_gain")
    assert found.mean.mean == pytest.approx(0.15)
    assert found.difference is None


def test_captured_gains_are_a_ratio_of_sums(summary):
    """Not a mean of ratios, which run wild where there is little to gain."""
    assert summary.find("fusion", "captured").mean.mean == pytest.approx((0.3 + 0.6) / (0.5 + 0.75))


def test_the_mean_over_iterations_leaves_out_the_beginning(summary):
    rows = [row for row in made_up() if row["arm"] == "scratch" and row["iteration"] > 0]
    expected = np.mean([row["exploitability"] for row in rows])
    assert summary.find("scratch", "mean_exploitability").mean.mean == pytest.approx(expected)
    assert summary.find("scratch", "start_share").mean.mean == pytest.approx(0.2 / 3)


def test_curves_have_a_point_for_every_iteration(summary):
    curve = summary.curves["fusion"]
    assert [point.iteration for point in curve] == [0, 1, 2]
    assert [point.steps for point in curve] == [0, 10, 20]
    assert curve[2].exploitability == summary.find("fusion", "exploitability").mean


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-0.05, 0.05, "equivalent"),
        (0.01, 0.04, "equivalent"),
        (-0.051, 0.05, "undecided"),
        (-0.05, 0.051, "undecided"),
        (-0.2, -0.01, "less"),
        (0.01, 0.2, "more"),
        (-0.2, 0.0, "undecided"),
        (0.0, 0.2, "undecided"),
    ],
)
def test_an_interval_within_the_margin_says_equivalent(low, high, verdict):
    assert verdict_of(Interval((low + high) / 2, low, high, 5), 0.05) == verdict


@pytest.mark.parametrize("spread", [0.09, 0.2])
def test_so_many_seeds_tell_arms_that_do_not_differ_equivalent_in_four_cases_of_five(spread):
    half = spread / np.sqrt(5) * stats.t.ppf(0.975, 4)
    seeds = seeds_to_decide(Interval(0.3, 0.3 - half, 0.3 + half, 5), 0.05)
    rng = np.random.default_rng(1)
    drawn = rng.normal(0.0, spread, (20_000, seeds))
    reach = stats.t.ppf(0.975, seeds - 1) * drawn.std(axis=1, ddof=1) / np.sqrt(seeds)
    told = np.mean(np.abs(drawn.mean(axis=1)) + reach <= 0.05)
    assert told == pytest.approx(0.8, abs=0.09)  # the normal approximation flatters few seeds
    fewer = rng.normal(0.0, spread, (20_000, seeds // 2))
    reach = stats.t.ppf(0.975, seeds // 2 - 1) * fewer.std(axis=1, ddof=1) / np.sqrt(seeds // 2)
    assert np.mean(np.abs(fewer.mean(axis=1)) + reach <= 0.05) < 0.5


def test_seeds_to_decide_are_those_of_the_published_formula():
    half = 0.09 / np.sqrt(5) * stats.t.ppf(0.975, 4)
    found = seeds_to_decide(Interval(0.0, -half, half, 5), 0.05)
    assert found == math.ceil((1.959964 + 1.281552) ** 2 * 0.09**2 / 0.05**2) == 35


def test_the_endpoint_alone_has_a_verdict():
    plan = parse_plan(MATRIX, "test").with_seeds(SEEDS)
    plan = plan.model_copy(update={"endpoint": "mean_exploitability", "margin": 0.05})
    told = {one.quantity: one.verdict for one in summarise(plan, made_up()).findings if one.verdict}
    assert told == {"mean_exploitability": "less"}


def test_spread_mixtures_are_those_that_responses_met():
    rows = [
        {"support": 2.0, "start_gain": None, "end_gain": None},
        {"support": 1.0, "start_gain": 0.1, "end_gain": 0.4},
        {"support": 3.0, "start_gain": 0.2, "end_gain": 0.5},
        {"support": 1.0, "start_gain": 0.3, "end_gain": 0.9},
    ]
    assert QUANTITIES["spread_start_gain"](rows) == pytest.approx((0.1 + 0.3) / 2)
    assert QUANTITIES["spread_end_gain"](rows) == pytest.approx((0.4 + 0.9) / 2)
    assert QUANTITIES["spread_share"](rows) == pytest.approx(2 / 3)
    assert QUANTITIES["spread_end_gain"](rows[1:3]) is None
