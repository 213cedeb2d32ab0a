"""PPO on a tiny random game: it learns, repeats itself, and leaves no trace."""

from __future__ import annotations

import random

import numpy as np
import pytest
from arenas import make_arena

from ssa_psro.errors import UsageError
from ssa_psro.game import CoverageGame
from ssa_psro.games.coverage import Coverage
from ssa_psro.learn import Member, OracleRequest, make_oracle
from ssa_psro.policies import DoctrineNetwork, Mixture, make_policy, play
from ssa_psro.randomness import episode_seeds

GAME = CoverageGame(make_arena(seed=4, sensors=(2, 2), objects=10, access=0.8, denial=0.0))
LONG = {"steps": 12_000, "environments": 16, "hidden": (16,), "learning_rate": 3e-3}
SHORT = {**LONG, "steps": 600}
MIXTURE = np.array([0.5, 0.5])
OPPONENTS = tuple(Member(name, make_policy(name)) for name in ("random", "blinding"))
OPPONENT = Mixture("both", [one.policy for one in OPPONENTS], MIXTURE)


def agent_of(side, values):
    one = np.ones(1)
    own = (Member("own", make_policy("random")),)
    asked = OracleRequest(
        side, 1, "new", OPPONENTS, MIXTURE, own, one, np.zeros(1), "scratch", seed=0
    )
    return make_oracle("ppo", Coverage.of(GAME), values).agent(asked)


def train(side, start, values, seed, **options):
    return agent_of(side, values).train(start, values["steps"], seed, **options)


START = agent_of(0, LONG).fresh(0)


def scores(parameters, side):
    own = DoctrineNetwork("own", parameters)
    blue, red = (own, OPPONENT) if side == 0 else (OPPONENT, own)
    seeds = episode_seeds(0, "never trained on", count=400)
    return play(GAME, blue, red, seeds).payoffs[:, side]


@pytest.mark.parametrize("side", [0, 1])
def test_it_learns(side):
    training = train(side, START, LONG, seed=1)
    gain = scores(training.parameters, side) - scores(START, side)
    assert gain.mean() > 3 * gain.std() / np.sqrt(gain.size)
    assert np.mean(training.returns[-10:]) > np.mean(training.returns[:10]) + 0.02


def test_equal_arguments_give_equal_parameters():
    one, same = (train(0, START, SHORT, seed=7) for _ in range(2))
    other = train(0, START, SHORT, seed=8)
    for name in START:
        assert np.array_equal(one.parameters[name], same.parameters[name])
    assert one.returns == same.returns != other.returns
    assert not np.array_equal(
        one.parameters["actor.head.weight"], other.parameters["actor.head.weight"]
    )


def test_global_generators_are_left_alone():
    before = (random.getstate(), np.random.get_state()[1].tolist())  # noqa: NPY002
    train(0, START, SHORT, seed=7)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002


def test_training_begins_at_the_start_weights():
    rng = np.random.default_rng(0)
    start = {k: rng.normal(size=v.shape).astype(np.float32) for k, v in START.items()}
    still = {**SHORT, "learning_rate": 1e-12}
    training = train(0, start, still, seed=7)
    for name, array in start.items():
        assert np.allclose(training.parameters[name], array, atol=1e-6)


def test_every_rollout_is_one_episode_in_every_environment():
    shares = []
    training = train(0, START, SHORT, seed=7, progress=shares.append)
    rollout = SHORT["environments"] * GAME.decisions
    assert len(training.returns) == -(-SHORT["steps"] // rollout)
    assert training.decisions == len(training.returns) * rollout
    assert len(shares) == len(training.returns)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_clocks_add_up():
    training = train(0, START, SHORT, seed=7)
    assert 0 < training.game_s < training.total_s
    assert 0 < training.torch_s < training.total_s
    assert training.game_s + training.torch_s <= training.total_s


def test_only_training_sees_scaled_rewards():
    env = agent_of(1, SHORT).task.env(2, 8.0)
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
    wild = {**SHORT, "learning_rate": 10.0}
    with pytest.raises(UsageError, match=r"oracle\.learning_rate: .*10\.0.*Lower it"):
        train(0, START, wild, seed=7)


def test_checkpoints_divide_a_training_into_fifths():
    """Each is taken once a fifth more has been played; the last fifth ends with the end."""
    values = {**SHORT, "steps": 10 * 16 * GAME.decisions}
    training = train(0, START, values, seed=7)
    assert len(training.returns) == 10
    assert list(training.candidates(START)) == [
        "start",
        *(f"checkpoint_{k}" for k in (1, 2, 3, 4)),
        "end",
    ]
    # the budget is rounded up, so a rollout that ends on a mark has not passed it
    other = train(0, START, {**values, "checkpoints": 2}, seed=7)
    assert len(other.checkpoints) == 1
    np.testing.assert_array_equal(
        other.parameters["actor.head.weight"], training.parameters["actor.head.weight"]
    )


def test_a_frozen_policy_does_not_learn_and_its_critic_does():
    rollouts = 2 * 16 * GAME.decisions
    training = agent_of(0, SHORT).train(START, rollouts, 7, frozen_share=1.0)
    same = {key: np.array_equal(array, START[key]) for key, array in training.parameters.items()}
    assert all(kept == (not key.startswith("critic")) for key, kept in same.items())
