"""PPO on a tiny random game: it learns, repeats itself, and leaves no trace."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from arenas import make_arena
from ssa_psro.learn.ppo_training import LEARNER
from ssa_psro.learn.ppo_tuning import TUNING
from ssa_psro.learn.ppo_weights import fresh_parameters
from ssa_psro.learn.training_env import TrainingEnv

from ssa_psro.errors import UsageError
from ssa_psro.game import CoverageGame
from ssa_psro.learn import doctrine_training
from ssa_psro.learn.training import TrainingSettings
from ssa_psro.policies import DoctrineNetwork, Mixture, make_policy, play
from ssa_psro.randomness import episode_seeds

GAME = CoverageGame(make_arena(seed=4, sensors=(2, 2), objects=10, access=0.8, denial=0.0))
SETTINGS = TrainingSettings(decisions=12_000, environments=16, hidden=(16,), learning_rate=3e-3)
SHORT = replace(SETTINGS, decisions=600)
train = partial(doctrine_training.train, LEARNER, tuning=TUNING)
OPPONENT = Mixture("both", [make_policy("random"), make_policy("blinding")], np.array([0.5, 0.5]))
START = fresh_parameters(GAME, SETTINGS.hidden, TUNING.log_std, 0)


def scores(parameters, side):
    own = DoctrineNetwork("own", parameters)
    blue, red = (own, OPPONENT) if side == 0 else (OPPONENT, own)
    seeds = episode_seeds(0, "never trained on", count=400)
    return play(GAME, blue, red, seeds).payoffs[:, side]


@pytest.mark.parametrize("side", [0, 1])
def test_it_learns(side):
    training = train(GAME, side, OPPONENT, START, SETTINGS, seed=1)
    gain = scores(training.parameters, side) - scores(START, side)
    assert gain.mean() > 3 * gain.std() / np.sqrt(gain.size)
    assert np.mean(training.returns[-10:]) > np.mean(training.returns[:10]) + 0.02


def test_equal_arguments_give_equal_parameters():
    one, same = (train(GAME, 0, OPPONENT, START, SHORT, seed=7) for _ in range(2))
    other = train(GAME, 0, OPPONENT, START, SHORT, seed=8)
    for name in START:
        assert np.array_equal(one.parameters[name], same.parameters[name])
    assert one.returns == same.returns != other.returns
    assert not np.array_equal(
        one.parameters["actor.head.weight"], other.parameters["actor.head.weight"]
    )


def test_global_generators_are_left_alone():
    before = (random.getstate(), np.random.get_state()[1].tolist())  # noqa: NPY002
    train(GAME, 0, OPPONENT, START, SHORT, seed=7)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002


def test_training_begins_at_the_start_weights():
    rng = np.random.default_rng(0)
    start = {k: rng.normal(size=v.shape).astype(np.float32) for k, v in START.items()}
    still = replace(SHORT, learning_rate=1e-12)
    training = train(GAME, 0, OPPONENT, start, still, seed=7)
    for name, array in start.items():
        assert np.allclose(training.parameters[name], array, atol=1e-6)


def test_every_rollout_is_one_episode_in_every_environment():
    shares = []
    training = train(GAME, 0, OPPONENT, START, SHORT, seed=7, progress=shares.append)
    rollout = SHORT.environments * GAME.decisions
    assert len(training.returns) == -(-SHORT.decisions // rollout)
    assert training.decisions == len(training.returns) * rollout
    assert len(shares) == len(training.returns)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_clocks_add_up():
    training = train(GAME, 0, OPPONENT, START, SHORT, seed=7)
    assert 0 < training.game_s < training.total_s
    assert 0 < training.torch_s < training.total_s
    assert training.game_s + training.torch_s <= training.total_s


def test_only_training_sees_scaled_rewards():
    env = TrainingEnv(GAME, 2, "red", OPPONENT, reward_scale=8.0)
    env.seed(0)
    env.reset()
    total = np.zeros(2)
    for _ in range(GAME.decisions):
        _, rewards, _, infos = env.step(np.zeros((2, *env.action_space.shape), np.float32))
        total += rewards
    payoffs = [info["payoffs"][1] for info in infos]
    assert np.allclose(total, 8.0 * np.array(payoffs), atol=1e-6)
    assert [info["episode"]["r"] for info in infos] == payoffs


def test_divergence_is_reported_with_a_cure():
    wild = replace(SHORT, learning_rate=10.0)
    with pytest.raises(UsageError, match=r"oracle\.learning_rate: .*10\.0.*Lower it"):
        train(GAME, 0, OPPONENT, START, wild, seed=7)
