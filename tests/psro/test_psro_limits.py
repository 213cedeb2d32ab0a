"""Limits of the loop's decisions: ties, bounds and stopping, just within and just beyond."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from psro.test_psro_loop import begin, run

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.games.matrix import MatrixGame
from ssa_psro.learn.protocol import OracleRequest, OracleResult
from ssa_psro.metagame.intervals import Interval
from ssa_psro.psro import IterationRecord, StopRule, best_record
from ssa_psro.psro.targets import exploring, rectified, vanilla
from ssa_psro.randomness import episode_seeds

RPS = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
THIRD = np.full(3, 1 / 3)


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


class TwoHalves(MatrixGame):
    """The first response shines in the first half of the held-out episodes, the second after."""

    def judge(self, row: Floats, column: Floats, seeds: Seeds, /) -> Floats:
        held_out = episode_seeds(5, "held-out", 1, count=9)
        payoffs = np.zeros(len(seeds))
        if len(seeds) == 9 and np.array_equal(seeds, held_out):
            payoffs[:4] = 3.0 * row[1] - 3.0 * column[1]
            payoffs[4:] = 1.0 * row[1] + 8.0 * row[2] - 1.0 * column[1] - 8.0 * column[2]
        return np.stack([payoffs, -payoffs], axis=1)


def test_the_first_half_of_the_episodes_chooses_and_the_rest_measures() -> None:
    def oracle(request: OracleRequest[Floats]) -> OracleResult[Floats]:
        number = int(request.name.partition(".")[2] or 1)
        return OracleResult(replace(game.pure(request.side, number), name=request.name))

    game = TwoHalves.of(np.zeros((3, 3)))
    found = run(
        game,
        begin(game, 0),
        oracle=oracle,
        targets=lambda payoffs, own, met: 2 * vanilla(payoffs, own, met),
        stop=StopRule(1),
        held_out_episodes=9,
    ).state.records[0]
    for side in found.sides:
        assert side.strongest == 0
        assert [one.gain.mean for one in side.responses] == [1.0, 8.0]
        assert side.gain.count == 5
    assert found.approx_exploitability.mean == 1.0
