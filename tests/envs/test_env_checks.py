"""The checkers that Gymnasium, Stable-Baselines3 and PettingZoo ship, on every action mode."""

from __future__ import annotations

import warnings

import gymnasium
import pytest
from arenas import make_arena
from gymnasium.utils.env_checker import check_env as gymnasium_check
from pettingzoo.test import parallel_api_test, parallel_seed_test
from stable_baselines3 import PPO
from stable_baselines3.common.env_checker import check_env as sb3_check

import ssa_psro
from ssa_psro.envs import MODES, CoverageEnv, CoverageVecEnv, CoverageVectorEnv, parallel_env
from ssa_psro.game import CoverageGame

POLICIES = ("MlpPolicy", "MlpPolicy", "MultiInputPolicy")
GAME = CoverageGame(make_arena(sensors=(3, 2)))


@pytest.fixture(autouse=True)
def _warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("side", ["blue", "red"])
@pytest.mark.parametrize("mode", MODES)
def test_gymnasium_check_env(mode, side):
    env = gymnasium.make("ssa_psro/Coverage-v0", scenario=GAME, side=side, action_mode=mode)
    gymnasium_check(env.unwrapped)


@pytest.mark.parametrize("side", ["blue", "red"])
@pytest.mark.parametrize("mode", MODES)
def test_sb3_check_env(mode, side):
    sb3_check(CoverageEnv(GAME, side=side, action_mode=mode))


@pytest.mark.parametrize("mode", MODES)
def test_pettingzoo_parallel_api(mode):
    parallel_api_test(parallel_env(GAME, action_mode=mode), num_cycles=40)


@pytest.mark.parametrize("mode", MODES)
def test_pettingzoo_parallel_seed(mode):
    parallel_seed_test(lambda: parallel_env(GAME, action_mode=mode), num_cycles=40)


@pytest.mark.parametrize(("mode", "policy"), list(zip(MODES, POLICIES, strict=True)))
def test_sb3_learns_in_every_mode(mode, policy):
    env = CoverageVecEnv(GAME, 4, action_mode=mode)
    model = PPO(policy, env, n_steps=GAME.decisions, batch_size=16, n_epochs=1, device="cpu")
    model.learn(2 * 4 * GAME.decisions)
    assert len(model.ep_info_buffer) == 8


def test_registered_vector_environment_is_the_native_one():
    env = gymnasium.make_vec(
        "ssa_psro/Coverage-v0", num_envs=3, vectorization_mode="vector_entry_point", scenario=GAME
    )
    assert isinstance(env.unwrapped, CoverageVectorEnv)
    assert env.reset(seed=0)[0].shape == (3, *env.single_observation_space.shape)


def test_public_names_exist():
    assert all(hasattr(ssa_psro.envs, name) for name in ssa_psro.envs.__all__)
    with pytest.raises(AttributeError, match="CoverageVecEnvironment"):
        _ = ssa_psro.envs.CoverageVecEnvironment
