"""Seeds of every kind that callers have: of one slot, counted on, listed, drawn afresh, refused."""

from __future__ import annotations

import numpy as np
import pytest
from arenas import make_arena

from ssa_psro.envs import CoverageEnv, CoverageVecEnv, CoverageVectorEnv, parallel_env
from ssa_psro.envs.core import Episodes, root_seeds
from ssa_psro.errors import UsageError
from ssa_psro.game import CoverageGame

SLOTS = 3
GAME = CoverageGame(make_arena())


@pytest.mark.parametrize("kind", [int, np.int8, np.int64, np.uint64, np.array])
def test_integers_of_any_kind_are_the_same_seed(kind):
    assert root_seeds(kind(7), SLOTS) == [7, 8, 9]
    assert root_seeds([kind(7), kind(3), kind(7)], SLOTS) == [7, 3, 7]
    assert root_seeds(np.array([7, 3, 7]), SLOTS) == [7, 3, 7]
    assert root_seeds(2**80, 1) == [2**80]


def test_slots_without_a_seed_are_drawn_afresh():
    drawn = [root_seeds([None, 5, None], SLOTS) for _ in range(20)]
    assert all(one[1] == 5 for one in drawn)
    assert len({seed for one in drawn for seed in (one[0], one[2])}) == 40


@pytest.mark.parametrize(
    "seed", [-1, True, np.True_, 1.0, np.float64(3), "7", [1, -1, 2], [1, 2.0, 3], [1, "2", 3], {}]
)
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(UsageError, match=r"seed: is no such number .*Give an integer"):
        root_seeds(seed, SLOTS)


@pytest.mark.parametrize("seed", [[], [1], (1, 2), [1, 2, 3, 4], np.arange(2)])
def test_lists_that_do_not_fit_are_told_with_the_number_of_slots(seed):
    with pytest.raises(UsageError, match=rf"found {len(seed)}\). Give {SLOTS}, one a slot"):
        root_seeds(seed, SLOTS)


def test_every_environment_plays_by_these_seeds():
    slots = CoverageVectorEnv(GAME, SLOTS)
    single, both, baselines = CoverageEnv(GAME), parallel_env(GAME), CoverageVecEnv(GAME, SLOTS)
    actions = np.zeros(slots.action_space.shape)

    def vector(seed):
        slots.reset(seed=seed)
        return slots.step(actions)[1].tolist()

    assert vector(np.int64(7)) == vector(7) == vector([7, 8, 9])
    assert vector(7) != vector(np.int32(8))
    single.reset(seed=np.uint8(9))
    assert single.step(actions[0])[1] == vector(7)[2]
    both.reset(seed=np.int16(9))
    orders = {name: both.action_space(name).sample() for name in both.agents}
    rewards = [(both.reset(seed=9), both.step(orders)[1])[1] for _ in range(2)]
    assert rewards[0] == rewards[1]
    baselines.seed(np.int64(7))
    baselines.reset()
    assert baselines.step(actions)[1].tolist() == np.float32(vector(7)).tolist()
    for env in (single, both, slots):
        with pytest.raises(UsageError, match="seed"):
            env.reset(seed=-3)
    with pytest.raises(UsageError, match="seed"):
        baselines.seed("seven")


def test_none_in_a_list_gives_every_slot_an_episode_of_its_own():
    """Once ``None`` was hashed as a seed, so that all slots played one and the same episode."""
    slots = CoverageVectorEnv(GAME, SLOTS)
    slots.reset(seed=[None] * SLOTS)
    first = slots.duel.episodes.state.seed.tolist()
    slots.reset(seed=[None] * SLOTS)
    assert len({*first, *slots.duel.episodes.state.seed.tolist()}) == 2 * SLOTS


@pytest.mark.parametrize("count", [0, -1, 1.5, True, "4", None])
def test_what_is_no_number_of_slots_is_refused(count):
    with pytest.raises(UsageError, match="num_envs: is no such number"):
        Episodes(GAME, count)


@pytest.mark.parametrize("make", [CoverageVectorEnv, CoverageVecEnv])
def test_more_slots_than_memory_holds_are_refused_at_once(make):
    with pytest.raises(UsageError, match=r"num_envs: take more than 16 GB .*Use at most \d+\."):
        make(GAME, 10**12)
