"""PSRO with one population for both seats, on matrix games whose seats are alike or nearly so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_psro_loop import SEED, UNEQUAL_RPS, Noisy, assert_same_run

from ssa_psro.games.matrix import MatrixGame
from ssa_psro.learn.starts import StartSchedule
from ssa_psro.metagame.solvers.symmetric import make_symmetric_solver
from ssa_psro.psro import Population, StopRule, initial_state, run_psro
from ssa_psro.psro.records import BOTH
from ssa_psro.psro.targets import rectified

TILTED = UNEQUAL_RPS + 0.5
"""Unequal rock, paper, scissors in which the row player's seat is worth half a point."""


def begin(game, actions=(0,)):
    members = tuple(game.pure(0, action) for action in actions)
    populations = (Population("blue", members), Population("red", members))
    return initial_state(populations, seed=SEED, episodes_per_cell=3)


def run(game, state=None, **changes):
    choices = {
        "judge": game.judge,
        "mix": game.mix,
        "solve": make_symmetric_solver("nash"),
        "oracle": game.best_response,
        "start": StartSchedule("scratch"),
        "stop": StopRule(iterations=20, tolerance=1e-9, patience=1),
        "seed": SEED,
        "held_out_episodes": 4,
        "shared": True,
    }
    return run_psro(state or begin(game), **(choices | changes))


def test_one_response_an_iteration_trains_in_both_seats_and_joins_both():
    game, seen = MatrixGame.of(UNEQUAL_RPS), []

    def oracle(request):
        seen.append(request)
        return game.best_response(request)

    result = run(game, oracle=oracle, stop=StopRule(3))
    assert [request.seats for request in seen] == [(0, 1)] * 3
    assert [request.name for request in seen] == ["response-1", "response-2", "response-3"]
    blue, red = result.state.populations
    assert blue.names == red.names == ("action-0", *(request.name for request in seen))
    assert result.state.table.count.shape == (4, 4)
    assert result.state.table.complete


def test_separate_requests_name_one_seat():
    game, seen = MatrixGame.of(UNEQUAL_RPS), []

    def oracle(request):
        seen.append(request.seats)
        return game.best_response(request)

    run(game, oracle=oracle, stop=StopRule(1), shared=False)
    assert seen == [(0,), (1,)]


def test_it_finds_the_equilibrium_whatever_a_seat_is_worth():
    for payoffs in (UNEQUAL_RPS, TILTED):
        result = run(MatrixGame.of(payoffs))
        assert result.stopped == "tolerance"
        for side, members in zip(result.best.sides, result.state.populations, strict=True):
            played = np.array(side.mixture) @ np.array(members.policies[: len(side.names)])
            np.testing.assert_allclose(played, [1 / 3, 1 / 2, 1 / 6], atol=1e-9)


@given(st.integers(0, 10_000), st.integers(2, 5))
@settings(max_examples=15, deadline=None)
def test_nobody_gains_in_the_end_of_random_games_of_alike_players(seed, n):
    own = np.random.default_rng(seed).normal(size=(n, n))
    game = MatrixGame.of(np.stack([own, own.T], axis=-1))
    result = run(game)
    assert result.stopped == "tolerance"
    blue, red = (
        game.mix(population.policies, result.equilibrium.row)
        for population in result.state.populations
    )
    assert max(game.deviations(blue, red).gains) < 1e-7


def test_one_exploitability_the_mean_over_both_seats():
    """Rock against itself: paper gains 1 in either seat, on top of what the seat is worth."""
    record = run(MatrixGame.of(TILTED), stop=StopRule(1)).state.records[0]
    blue, red = record.sides
    assert (blue.side, red.side) == (BOTH, BOTH)
    assert record.populations == (blue,)
    assert blue.responses == red.responses
    assert record.approx_exploitability.mean == pytest.approx(1.0)
    assert record.restricted_exploitability == pytest.approx(0.0, abs=1e-12)
    assert (blue.held_out_value.mean, red.held_out_value.mean) == (0.5, -0.5)
    assert (blue.value.mean, red.value.mean) == (0.5, -0.5)


def test_a_gain_in_one_seat_is_set_against_a_loss_in_the_other_before_it_is_cut_off():
    """Another action earns 3 more in the row player's seat and 1 less in the column player's."""
    game = MatrixGame.of(np.array([[[0, 0], [0, -1]], [[3, 0], [0, 0]]], dtype=float))
    oracle = lambda request: replace(  # noqa: E731
        game.best_response(request), member=replace(game.pure(0, 1), name=request.name)
    )
    record = run(game, oracle=oracle, stop=StopRule(1)).state.records[0]
    assert record.approx_exploitability.mean == pytest.approx((3 - 1) / 2)
    assert record.raw_exploitability.mean == pytest.approx((3 - 1) / 2)


def test_several_responses_of_an_iteration_share_its_budget():
    game, seen = MatrixGame.of(UNEQUAL_RPS), []

    def oracle(request):
        seen.append(request)
        return game.best_response(request)

    run(game, begin(game, (0, 1, 2)), oracle=oracle, targets=rectified, stop=StopRule(1))
    assert {request.budget for request in seen} == {1 / len(seen)}
    assert [request.name for request in seen][:2] == ["response-1", "response-1.2"]


@pytest.mark.parametrize("cut", [0, 1, 3])
def test_resumed_run_equals_the_uninterrupted_one(cut):
    game, states = Noisy.of(UNEQUAL_RPS), []
    whole = run(game, begin(game, (0, 1)), stop=StopRule(5), on_state=states.append)
    assert_same_run(whole, run(game, states[cut], stop=StopRule(5)))
