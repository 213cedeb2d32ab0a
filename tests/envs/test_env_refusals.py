"""Actions of a wrong shape, and those that are no numbers, are refused in every environment."""

from __future__ import annotations

import numpy as np
import pytest
from arenas import make_arena

from ssa_psro.envs import MODES, CoverageEnv, CoverageVecEnv, CoverageVectorEnv, parallel_env
from ssa_psro.errors import UsageError
from ssa_psro.game import CoverageGame

SLOTS = 3
GAME = CoverageGame(make_arena(sensors=(3, 2)))


def single(mode, actions):
    env = CoverageEnv(GAME, side="red", action_mode=mode)
    env.reset(seed=1)
    env.step(actions)


def parallel(mode, actions):
    env = parallel_env(GAME, action_mode=mode)
    env.reset(seed=1)
    env.step({"blue": env.action_space("blue").sample(), "red": actions})


def vector(mode, actions):
    env = CoverageVectorEnv(GAME, SLOTS, side="red", action_mode=mode)
    env.reset(seed=1)
    env.step(actions)


def stable_baselines(mode, actions):
    env = CoverageVecEnv(GAME, SLOTS, side="red", action_mode=mode)
    env.reset()
    env.step(actions)


def action(mode):
    """A right one: of Red, with two sensors."""
    env = CoverageEnv(GAME, side="red", action_mode=mode)
    env.action_space.seed(1)
    return np.asarray(env.action_space.sample())


@pytest.mark.parametrize("play", [single, parallel])
@pytest.mark.parametrize("mode", MODES)
def test_one_action_of_a_wrong_shape(play, mode):
    right = action(mode)
    play(mode, right)
    for wrong in (right[:1], right[:-1], np.append(right, right[:2]), right[None], right[0]):
        with pytest.raises(UsageError, match=f"red.{mode}: has the wrong shape"):
            play(mode, wrong)


@pytest.mark.parametrize("play", [vector, stable_baselines])
@pytest.mark.parametrize("mode", MODES)
def test_a_batch_of_actions_of_a_wrong_shape(play, mode):
    right = np.tile(action(mode), (SLOTS, 1))
    play(mode, right)
    for wrong in (right[:1], right[:, :1], right[:, :-1], right.ravel(), np.tile(right, (2, 1))):
        with pytest.raises(UsageError, match=f"red.{mode}: has the wrong shape"):
            play(mode, wrong)


@pytest.mark.parametrize("play", [vector, stable_baselines])
@pytest.mark.parametrize("mode", MODES)
def test_an_action_that_is_no_number(play, mode):
    wrong = np.tile(action(mode), (SLOTS, 1)).astype(np.float64)
    play(mode, wrong)
    wrong[1, 1] = np.nan
    with pytest.raises(UsageError, match=f"red.{mode}: "):
        play(mode, wrong)


@pytest.mark.parametrize("number", [-2, GAME.candidates + 1])
def test_an_assignment_of_no_candidate(number):
    with pytest.raises(UsageError, match=rf"red.assignment: is no candidate \(found {number}\)"):
        single("assignment", np.array([0, number]))
