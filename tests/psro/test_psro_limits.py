"""Limits of the loop's decisions: ties, bounds and stopping, just within and just beyond."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from psro.test_psro_loop import run

from ssa_psro.games.matrix import MatrixGame
from ssa_psro.metagame.exploitability import approx_exploitability, cross_fitted
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.psro import IterationRecord, StopRule, best_record
from ssa_psro.psro.targets import exploring, rectified, vanilla
from ssa_psro.randomness import generator

RPS = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
THIRD = np.full(3, 1 / 3)
REPLICATES = 4000


@pytest.mark.parametrize(("short", "met"), [(0.9e-9, [0.5, 0.5]), (1.1e-9, [1.0, 0.0])])
def test_a_tie_is_a_billionth_of_the_range(short: float, met: list[float]) -> None:
    # row 0 is played and earns 0 on the whole, a little less against column 1; the range is 1
    payoffs = np.array([[short, -short], [1.0 - short, 0.0]])
    (one,) = rectified(payoffs, np.array([1.0, 0.0]), np.array([0.5, 0.5]))
    assert one.opponents.tolist() == met


def test_exploration_goes_from_none_to_all() -> None:
    (one,) = exploring(vanilla, 1.0)(RPS, THIRD, np.array([1.0, 0.0, 0.0]))
    assert one.opponents == pytest.approx(THIRD)


def record(high: float, *gains: float) -> IterationRecord:
    """A record whose responses gain at most so much."""
    made = run(MatrixGame.of(RPS), stop=StopRule(1)).state.records[0]
    sides = tuple(
        replace(side, responses=(replace(side.responses[0], gain=Interval(0.0, -1.0, gain, 9)),))
        for side, gain in zip(made.sides, gains, strict=True)
    )
    bounds = Interval(0.0, 0.0, high, 9)
    return replace(made, approx_exploitability=bounds, sides=(sides[0], sides[1]))


def test_credible_bound_adds_the_mean_of_what_both_responses_fall_short() -> None:
    assert record(0.25, 0.5, 0.0).credible_bound == 0.25
    assert record(0.25, -0.5, 3.0).credible_bound == 0.5
    assert record(0.25, -0.5, -0.25).credible_bound == 0.625


def test_stopping_needs_less_than_the_tolerance_in_every_iteration() -> None:
    at, below = record(0.25, 0.0, 0.0), record(0.2499, 0.0, 0.0)
    stop = StopRule(iterations=3, tolerance=0.25, patience=2)
    assert stop([below, at]) is None
    assert stop([at, below]) is None
    assert stop([below, below]) == "tolerance"
    assert stop([at, below, at]) == "iterations"
    assert stop([at, below, below]) == "tolerance"


def test_of_equally_good_iterates_the_first_is_best() -> None:
    first, second, worse = record(0.25, 0.0, 0.0), record(0.25, 1.0, 0.0), record(0.3, 0.0, 0.0)
    assert best_record([worse, first, second]) is first


def test_an_iterate_that_nobody_was_trained_against_is_best_only_among_its_like() -> None:
    tried, untried = record(0.25, 0.4, 0.4), record(0.25, 0.0, 0.0)
    sides = tuple(
        replace(side, responses=tuple(replace(one, whole=False) for one in side.responses))
        for side in untried.sides
    )
    untried = replace(untried, sides=sides)
    assert best_record([tried, untried]) is tried
    assert best_record([untried]) is untried


def test_each_half_of_the_episodes_measures_whom_the_other_half_chose() -> None:
    first = [3.0, 3, 3, 3, 1, 1, 1, 1, 1]
    second = [0.0, 0, 0, 0, 9, 9, 9, 9, 9]
    # by the first four the first is best, by the other five the second
    found = cross_fitted(np.array([first, second]))
    assert found.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1]


def test_one_strong_deviation_is_not_watered_down_by_many_weak_ones() -> None:
    one, many = np.full((1, 4), 0.5), np.array([[9.0, 9, -9, -9], [-9.0, -9, 9, 9]])
    assert cross_fitted(many).tolist() == [-9.0] * 4
    assert approx_exploitability([one, many]).interval.mean == 0.5
    assert approx_exploitability([one, one + 1]).interval.mean == 1.5


def test_a_mixture_that_gains_nothing_over_itself_does_not_hide_what_is_not_known() -> None:
    """The response gains -0.1 and may gain more; its bound counts, though 0 is the greater gain."""
    itself, response = np.zeros(4), np.array([-0.3, -0.2, 0.0, 0.1])
    found = approx_exploitability([response[None], itself[None]]).interval
    alone = student_interval(response)
    assert (found.mean, found.low) == (0.0, 0.0)
    assert found.high == alone.high > 0.1


def test_the_best_of_many_that_gain_nothing_gains_nothing() -> None:
    rng = generator(4, "luck")
    luck = rng.normal(size=(200, 30, 100))
    assert luck.mean(axis=2).max(axis=1).mean() > 0.18
    assert abs(np.mean([cross_fitted(one).mean() for one in luck])) < 0.02


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize(("new", "old"), [(1, 1), (2, 3), (2, 8), (6, 1)])
def test_lower_bounds_are_as_seldom_too_high_as_they_say(sides: int, new: int, old: int) -> None:
    """All gain exactly nothing; whoever leads does so by luck, in both halves and both groups."""
    rng = generator(5, "luck", sides, new, old)
    wrong = {"interval": 0, "raw": 0, "gains": 0}
    for _ in range(REPLICATES):
        groups = [[rng.normal(size=(n, 60)) for n in (new, old)] for _ in range(sides)]
        found = approx_exploitability(*groups)
        wrong["interval"] += found.interval.low > 0.0
        wrong["raw"] += found.raw.low > 0.0
        wrong["gains"] += found.gains[0].low > 0.0
    # one-sided 2.5 %, and three standard errors; of two sides either may be wrong
    rare = 0.025 + 3.0 * (0.025 / REPLICATES) ** 0.5
    assert wrong["interval"] <= sides * rare * REPLICATES
    assert wrong["raw"] <= rare * REPLICATES
    assert wrong["gains"] <= rare * REPLICATES
