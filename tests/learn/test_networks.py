"""The translation between our parameters and SB3's, and the isolation of training."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch
from arenas import make_arena

from ssa_psro.envs import CoverageEnv
from ssa_psro.game import FEATURES, SUMMARY, CoverageGame
from ssa_psro.games.coverage import Coverage
from ssa_psro.learn import Member, OracleRequest, make_oracle
from ssa_psro.learn.networks import load_weights, to_weights
from ssa_psro.learn.training import isolated
from ssa_psro.policies import DoctrineNetwork, make_policy

GAME = Coverage.of(CoverageGame(make_arena()))


def agent_of(hidden=(5, 7), name="ppo"):
    one, members = np.ones(1), (Member("random", make_policy("random")),)
    asked = OracleRequest(0, 1, "new", members, one, members, one, np.zeros(1), "scratch", seed=0)
    return make_oracle(name, GAME, {"hidden": hidden, "environments": 2}).agent(asked)


@pytest.fixture
def policy():
    agent = agent_of()
    return agent.model(agent.task.env(2, 1.0), 100, 0, 0).policy


def drawn_parameters(seed=0):
    rng = np.random.default_rng(seed)
    shapes = agent_of().fresh(0)
    return {k: rng.normal(size=v.shape).astype(np.float32) for k, v in shapes.items()}


def test_names_and_shapes():
    shapes = {k: v.shape for k, v in agent_of().fresh(0).items()}
    wide, out = len(SUMMARY), len(FEATURES)
    expected = {}
    for net, rows in (("actor", out), ("critic", 1)):
        expected |= {
            f"{net}.0.weight": (5, wide),
            f"{net}.0.bias": (5,),
            f"{net}.1.weight": (7, 5),
            f"{net}.1.bias": (7,),
            f"{net}.head.weight": (rows, 7),
            f"{net}.head.bias": (rows,),
        }
    assert shapes == expected | {"log_std": (out,)}


def test_there_and_back(policy):
    drawn = drawn_parameters()
    load_weights(policy, drawn)
    back = to_weights(policy)
    assert back.keys() == drawn.keys()
    assert all(np.array_equal(back[name], drawn[name]) for name in drawn)
    assert all(array.dtype == np.float32 for array in back.values())


def test_copies_do_not_follow_the_policy(policy):
    before = to_weights(policy)
    load_weights(policy, drawn_parameters())
    assert not np.array_equal(before["actor.0.weight"], to_weights(policy)["actor.0.weight"])


def test_the_numpy_network_plays_what_sb3_plays(policy):
    """SB3's deterministic action, clipped to its box, is the doctrine of ``DoctrineNetwork``."""
    drawn = drawn_parameters()
    load_weights(policy, drawn)
    summary = np.random.default_rng(1).random((50, len(SUMMARY)), dtype=np.float32)
    theirs, _ = policy.predict(summary, deterministic=True)
    ours = DoctrineNetwork("net", drawn).weights(summary)
    assert np.allclose(ours, theirs, atol=1e-5)
    assert (np.abs(ours) == 1).any()
    assert (np.abs(ours) < 1).any()


def test_the_critic_is_translated_too(policy):
    drawn = drawn_parameters()
    load_weights(policy, drawn)
    summary = np.random.default_rng(1).random((5, len(SUMMARY)), dtype=np.float32)
    hidden = summary
    for layer in range(2):
        weight, bias = drawn[f"critic.{layer}.weight"], drawn[f"critic.{layer}.bias"]
        hidden = np.tanh(hidden @ weight.T + bias)
    expected = hidden @ drawn["critic.head.weight"].T + drawn["critic.head.bias"]
    with torch.no_grad():
        values = policy.predict_values(torch.from_numpy(summary)).numpy()
    assert np.allclose(values, expected, atol=1e-5)


def test_parameters_of_another_shape_are_refused(policy):
    with pytest.raises(RuntimeError, match="size mismatch"):
        load_weights(policy, agent_of((6, 7)).fresh(0))


def test_initialisation_is_a_function_of_its_seed():
    one, same, other = (agent_of((5,)).fresh(seed) for seed in (1, 1, 2))
    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert not np.array_equal(one["actor.0.weight"], other["actor.0.weight"])


def test_a_zero_head_is_the_embedded_heuristic():
    parameters = agent_of().fresh(0)
    heuristic = make_policy("aggressive")
    parameters["actor.head.weight"][:] = 0.0
    parameters["actor.head.bias"][:] = heuristic.weights
    env = CoverageEnv(GAME.engine)
    env.reset(seed=0)
    view = env.duel.episodes.view(0)
    own = DoctrineNetwork("embedded", parameters).act(view).doctrine
    assert np.array_equal(own, heuristic.act(view).doctrine.astype(np.float32))


def _seed_all():
    random.seed(5)
    np.random.seed(5)  # noqa: NPY002
    torch.manual_seed(5)


def _draw_all():
    return random.random(), np.random.rand(), torch.rand(1).item()  # noqa: NPY002


def _fail_in_isolation():
    with isolated(2**60 + 3) as small:
        assert 0 <= small < 2**32
        assert torch.get_num_threads() == 1
        _draw_all()
        raise KeyError


def test_isolation_restores_everything_even_after_a_failure():
    threads = torch.get_num_threads()
    _seed_all()
    expected = _draw_all()
    _seed_all()
    with pytest.raises(KeyError):
        _fail_in_isolation()
    assert _draw_all() == expected
    assert torch.get_num_threads() == threads
