"""Actions of a wrong shape, and those that are no numbers, are refused in every environment."""

from __future__ import annotations

import numpy as np
import pytest
from arenas import make_arena

from ssa_psro.envs import MODES, CoverageEnv, CoverageVecEnv, CoverageVectorEnv, parallel_env
from ssa_psro.envs.modes import make_mode
from ssa_psro.errors import UsageError
from ssa_psro.game import FEATURES, CoverageGame, doctrine_command
from ssa_psro.game.command import IDLE

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


WRONG = [
    (np.nan, "is no finite number"),
    (np.inf, "is no finite number"),
    (-np.inf, "is no finite number"),
    (None, "are no array of numbers"),
    ("1", "are no array of numbers"),
    (1j, "are no array of numbers"),
]


@pytest.mark.parametrize("play", [single, parallel, vector, stable_baselines])
@pytest.mark.parametrize("mode", ["doctrine", "priority"])
@pytest.mark.parametrize(("number", "problem"), WRONG)
def test_numbers_that_are_none(play, mode, number, problem):
    right = action(mode) if play in (single, parallel) else np.tile(action(mode), (SLOTS, 1))
    wrong = right.astype(np.result_type(type(number), right) if number is not None else object)
    wrong[..., 1] = number
    with pytest.raises(UsageError, match=problem):
        play(mode, wrong)


@pytest.mark.parametrize("play", [single, parallel, vector, stable_baselines])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("junk", [None, "up", {}, [[1.0], [1.0, 2.0]], 0, 0.0, [], [[]], [[[]]]])
def test_junk_instead_of_actions(play, mode, junk):
    with pytest.raises(UsageError, match=r"are no array of numbers|wrong shape|wrong type"):
        play(mode, junk)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.int8, np.uint64, np.bool_])
@pytest.mark.parametrize("mode", MODES)
def test_numbers_of_every_type_play_the_same(mode, kind):
    """Ones and zeros, whatever holds them, in whatever order of memory."""
    right = np.zeros((SLOTS, action(mode).size))
    right[:, ::2] = 1.0
    env = CoverageVectorEnv(GAME, SLOTS, action_mode=mode, side="red")

    def rewards(actions):
        env.reset(seed=4)
        return [env.step(actions)[1].tolist() for _ in range(3)]

    wide = np.zeros((SLOTS, 2 * right.shape[1]), kind)
    wide[:, ::2] = right
    expected = rewards(right)
    assert rewards(right.astype(kind)) == expected
    assert rewards(np.asfortranarray(right.astype(kind))) == expected
    assert rewards(wide[:, ::2]) == expected
    assert rewards(right.astype(kind).tolist()) == expected


def test_an_agent_without_an_action_is_named():
    env = parallel_env(GAME)
    env.reset(seed=1)
    with pytest.raises(UsageError, match=r"actions.red: is missing"):
        env.step({"blue": env.action_space("blue").sample()})
    with pytest.raises(UsageError, match=r"2 fault"):
        env.step({})


@pytest.mark.parametrize("make", [CoverageEnv, parallel_env])
def test_a_step_before_the_first_reset(make):
    env, right = make(GAME), action("doctrine")
    with pytest.raises(UsageError, match=r"step: comes before the first reset. Call reset"):
        env.step(right if make is CoverageEnv else {"blue": right, "red": right})


def test_sides_and_states_of_other_games_are_not_read():
    """The compiled rules would read past the ends of their arrays, or crash."""
    state = GAME.start(np.arange(3, dtype=np.uint64))
    for side in (2, -1, 10**6):
        with pytest.raises(UsageError, match="side: is no side"):
            GAME.view(state, side)
    other = CoverageGame(make_arena(sensors=(1, 1)))
    orders = doctrine_command(np.zeros((3, len(FEATURES))))
    late = state._replace(start=state.start + 10**6)
    torn = state._replace(counters=state.counters[:2])
    moved = [state._replace(t=state.t + by) for by in (10**6, -1)]
    for game, wrong in ((other, state), (GAME, late), (GAME, torn), *((GAME, m) for m in moved)):
        for use in (
            lambda g, s: g.view(s, 0),
            lambda g, s: g.scores(s),
            lambda g, s: g.advance(s, orders, orders),
        ):
            with pytest.raises(UsageError, match="state: is of another game"):
                use(game, wrong)


@pytest.mark.parametrize("kind", [np.uint8, np.uint64])
def test_idling_may_be_told_by_unsigned_numbers(kind):
    mode = make_mode("assignment", GAME, 0)
    choices = np.full((2, GAME.arena.sensor_count[0]), GAME.candidates, kind)
    assert (mode.command(choices).assignment == IDLE).all()


@pytest.mark.parametrize("number", [-2, GAME.candidates + 1])
def test_an_assignment_of_no_candidate(number):
    with pytest.raises(UsageError, match=rf"red.assignment: is no candidate \(found {number}\)"):
        single("assignment", np.array([0, number]))
