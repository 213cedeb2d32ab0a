"""Training targets: whom responses are trained against, in each variant of PSRO."""

from __future__ import annotations

from dataclasses import replace
from zlib import crc32

import numpy as np
import pytest
from psro.test_psro_loop import begin, run

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import UsageError
from ssa_psro.games.matrix import MatrixGame
from ssa_psro.learn.protocol import OracleRequest, OracleResult
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.psro import StopRule
from ssa_psro.psro.targets import (
    TARGETS,
    Target,
    exploring,
    in_turn,
    make_targets,
    rectified,
    uniform,
    vanilla,
)
from ssa_psro.randomness import generator

RPS = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
THIRD = np.full(3, 1 / 3)


def test_vanilla_meets_the_meta_mixture_as_it_is() -> None:
    (one,) = vanilla(RPS, THIRD, np.array([0.5, 0.5, 0.0]))
    assert one.opponents.tolist() == [0.5, 0.5, 0.0]


def test_uniform_meets_all_alike_whatever_the_mixture() -> None:
    (one,) = uniform(RPS, THIRD, np.array([0.0, 0.0, 1.0]))
    assert one.opponents == pytest.approx(THIRD)


def test_rectified_meets_whom_each_policy_beats_or_ties() -> None:
    """In rock-paper-scissors each policy beats one, ties itself, and loses to the third."""
    rock, paper, scissors = (one.opponents.tolist() for one in rectified(RPS, THIRD, THIRD))
    assert rock == pytest.approx([0.5, 0, 0.5])
    assert paper == pytest.approx([0.5, 0.5, 0])
    assert scissors == pytest.approx([0, 0.5, 0.5])


def test_rectified_trains_nobody_for_a_policy_without_mass() -> None:
    dominated = np.vstack([RPS, -2 * np.ones(3)])
    assert len(rectified(dominated, np.append(THIRD, 0.0), THIRD)) == 3


@pytest.mark.parametrize("level", [0.0, 5.0, -0.3])
def test_to_beat_means_to_earn_the_value_of_the_game(level: float) -> None:
    plain, raised = (rectified(RPS + shift, THIRD, THIRD) for shift in (0.0, level))
    for one, other in zip(plain, raised, strict=True):
        np.testing.assert_array_equal(one.opponents, other.opponents)


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_is_a_mixture_of_opponents(name: str) -> None:
    rng = generator(3, name)
    for _ in range(50):
        n, m = rng.integers(1, 7, 2)
        payoffs = rng.normal(size=(n, m))
        own, opponents = rng.dirichlet(np.ones(n)), rng.dirichlet(np.full(m, 0.3))
        for targets in (make_targets(name), exploring(make_targets(name), 0.2)):
            met = targets(payoffs, own, opponents)
            assert met
            for one in met:
                assert one.opponents.shape == (m,)
                assert one.opponents.min() >= 0
                assert one.opponents.sum() == pytest.approx(1)
                assert one.note


def test_exploration_meets_everybody() -> None:
    pure = np.array([1.0, 0.0, 0.0])
    (one,) = exploring(vanilla, 0.3)(RPS, pure, pure)
    assert one.opponents == pytest.approx([0.8, 0.1, 0.1])
    assert exploring(vanilla, 0.0) is vanilla


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_an_impossible_share_of_exploration_is_refused(share: float) -> None:
    with pytest.raises(UsageError, match="not a share"):
        exploring(vanilla, share)


def test_an_unknown_target_is_reported_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'rectified'"):
        make_targets("rectifed")


def test_rectified_responses_start_from_whom_they_amplify_and_take_turns() -> None:
    game, asked = MatrixGame.of(RPS), []

    def oracle(request: OracleRequest[Floats]) -> OracleResult[Floats]:
        asked.append(request)
        return game.best_response(request)

    state = begin(game, 0, 1, 2)
    result = run(game, state, oracle=oracle, targets=rectified, stop=StopRule(1))
    assert [request.name for request in asked] == ["blue-1", "blue-1.2", "red-1", "red-1.2"]
    assert {request.budget for request in asked} == {1 / 2}
    assert {request.start for request in asked} == {"inherit-nash"}
    assert [request.learner_mixture.tolist() for request in asked[:2]] == [[1, 0, 0], [0, 1, 0]]
    assert len({request.seed for request in asked}) == 4
    assert result.state.table.count.shape == (5, 5)
    assert result.state.table.complete
    assert result.state.populations[1].names[3:] == ("red-1", "red-1.2")
    assert [len(side.responses) for side in result.state.records[0].sides] == [2, 2]


@pytest.mark.parametrize(
    ("count", "turns"),
    [(1, [[0], [0], [0]]), (2, [[0, 1]] * 3), (3, [[0, 1], [2, 0], [1, 2]])],
)
def test_of_many_responses_two_at_a_time_share_a_budget(count: int, turns: list[list[int]]) -> None:
    called_for = [Target(THIRD, str(number)) for number in range(count)]
    for iteration, turn in enumerate(turns, 1):
        assert [int(one.note) for one in in_turn(called_for, iteration)] == turn


@pytest.mark.parametrize(("name", "whole"), [("vanilla", True), ("uniform", False)])
def test_only_answers_to_the_whole_mixture_are_evidence_to_stop_by(name: str, whole: bool) -> None:
    """Nobody gains anything in a game that pays nothing, but only vanilla has looked for it."""
    game = MatrixGame.of(np.zeros((3, 3)))
    stop = StopRule(3, tolerance=0.1)
    found = run(game, begin(game, 0, 1), targets=make_targets(name), stop=stop)
    assert found.stopped == ("tolerance" if whole else "iterations")
    assert found.state.records[0].answered is whole


class Lucky(MatrixGame):
    """Payoffs of pure luck, so that whoever is chosen for its luck seems to gain."""

    def judge(self, row: Floats, column: Floats, seeds: Seeds, /) -> Floats:
        key = crc32(row.tobytes() + column.tobytes())
        luck = np.array([generator(int(seed), key).normal() for seed in seeds])
        return np.stack([luck, -luck], axis=1)


def test_the_strongest_of_several_responses_is_not_flattered() -> None:
    """Sixteen responses and an existing member, all worth nothing."""
    game, gains = Lucky.of(np.zeros((21, 21))), []

    def oracle(request: OracleRequest[Floats]) -> OracleResult[Floats]:
        number = int(request.name.partition(".")[2] or 1)
        return OracleResult(replace(game.pure(request.side, number), name=request.name))

    for seed in range(8):
        record = run(
            game,
            oracle=oracle,
            responses=16,
            stop=StopRule(1),
            held_out_episodes=20,
            seed=seed,
        ).state.records[0]
        assert record.approx_exploitability.count == 20
        gains.append(record.raw_exploitability.mean)
    # the luckiest of sixteen means of 20 draws is 0.4 above 0, that of two groups 0.13
    assert abs(np.mean(gains)) < 0.25


def test_rectified_play_is_resumed_bit_for_bit() -> None:
    game, states = MatrixGame.of(RPS), []
    whole = run(game, targets=rectified, stop=StopRule(4), on_state=states.append)
    resumed = run(game, states[2], targets=rectified, stop=StopRule(4))
    assert resumed.state.populations[0].names == whole.state.populations[0].names
    np.testing.assert_array_equal(resumed.state.table.samples, whole.state.table.samples)


def test_uniform_target_finds_the_value_of_a_small_game() -> None:
    """All pure actions join sooner or later, whoever is met."""
    game = MatrixGame.of(RPS)
    result = run(game, targets=uniform, stop=StopRule(6))
    assert make_solver("nash")(result.state.table.mean).value[0] == pytest.approx(0, abs=1e-9)
