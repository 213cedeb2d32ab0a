"""The score by hand: one step, one contest period and a whole score of two objects."""

from __future__ import annotations

import math

import numpy as np
import pytest
from arenas import make_arena
from game.driving import some_seeds

from ssa_psro.game import CoverageGame, State
from ssa_psro.game.scoring import close_period, running_scores, score_step


def prepared() -> tuple[CoverageGame, State]:
    """Object 0 is contested and object 1 is not; nobody has custody of either."""
    game = CoverageGame(make_arena(1, objects=2, contested=1, windows=0))
    contested = game.arena.objects.contested
    assert sorted(contested.tolist()) == [False, True]
    state = game.start(some_seeds(1))
    state.track.sigma_km[:] = 1e6
    return game, state


def indices(game: CoverageGame) -> tuple[int, int]:
    """The contested object and the other one."""
    fought_over = int(np.flatnonzero(game.arena.objects.contested)[0])
    return fought_over, 1 - fought_over


def test_custody_lasts_up_to_its_threshold() -> None:
    game, state = prepared()
    limits_km = game.arena.objects.custody_sigma_km
    for side in (0, 1):
        state.track.sigma_km[0, side] = limits_km
        score_step(game.world, state, 0)
        assert state.track.custody_steps[0, side].tolist() == [1.0, 1.0]
        assert state.track.custody_steps[0, 1 - side].tolist() == [float(side)] * 2
        state.track.sigma_km[0, side] = np.nextafter(limits_km, math.inf)
        score_step(game.world, state, 0)
        assert state.track.custody_steps[0, side].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("blue_has", "red_has", "blue_fresher_h", "held"),
    [
        (True, False, 5.0, (1.0, 0.0)),
        (True, False, -5.0, (1.0, 0.0)),  # who lost custody holds nothing, however fresh
        (False, True, 5.0, (0.0, 1.0)),
        (False, True, -5.0, (0.0, 1.0)),
        (True, True, 0.1, (1.0, 0.0)),
        (True, True, -0.1, (0.0, 1.0)),
        (True, True, 0.0, (0.5, 0.5)),
        (False, False, 5.0, (0.0, 0.0)),
    ],
)
def test_the_fresher_custody_holds_the_step_of_a_contested_object(
    blue_has: bool, red_has: bool, blue_fresher_h: float, held: tuple[float, float]
) -> None:
    game, state = prepared()
    contested, other = indices(game)
    for side, has in enumerate((blue_has, red_has)):
        state.track.sigma_km[0, side] = 0.0 if has else 1e6
    state.track.seen_h[0, 0], state.track.seen_h[0, 1] = 10.0 + blue_fresher_h, 10.0
    score_step(game.world, state, 0)
    assert tuple(state.track.held_steps[0, :, contested].tolist()) == held
    assert state.track.held_steps[0, :, other].tolist() == [0.0, 0.0]


def test_a_period_ends_at_its_last_step_and_pays_by_what_was_held() -> None:
    game, state = prepared()
    contested, _ = indices(game)
    steps, rho = game.world.rules.period_steps, game.world.rules.sharpness
    state.track.held_steps[0, :, contested] = (3.0, 1.0)
    state.track.credit_steps[0, :, contested] = (0.5, 0.25)
    state.t[0] = steps + 1
    close_period(game.world, state, 0)
    assert state.track.credit_steps[0, :, contested].tolist() == [0.5, 0.25]
    assert state.track.held_steps[0, :, contested].tolist() == [3.0, 1.0]
    state.t[0] = 2 * steps
    close_period(game.world, state, 0)
    blue = 3.0**rho / (3.0**rho + 1.0)
    assert state.track.credit_steps[0, :, contested] == pytest.approx(
        [0.5 + blue * steps, 0.25 + (1.0 - blue) * steps]
    )
    assert state.track.held_steps[0].tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_score_is_the_weighted_share_of_all_steps() -> None:
    game, state = prepared()
    contested, other = indices(game)
    rules, weight = game.world.rules, game.arena.objects.weight
    state.t[0] = rules.period_steps + 3
    state.track.custody_steps[0, :, other] = (7.0, 4.0)
    state.track.custody_steps[0, :, contested] = (99.0, 99.0)  # pays nothing of itself
    state.track.credit_steps[0, :, contested] = (5.0, 2.0)
    state.track.held_steps[0, :, contested] = (1.0, 1.0)
    scores = np.full((1, 2), np.nan)
    running_scores(game.world, state, scores)
    for side, (custody, credit) in enumerate(((7.0, 5.0), (4.0, 2.0))):
        earned = weight[other] * custody + weight[contested] * (credit + 0.5 * 3)
        assert scores[0, side] == pytest.approx(earned / (weight.sum() * rules.steps))
