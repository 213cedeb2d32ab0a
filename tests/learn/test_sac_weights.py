"""SAC's networks under our names, and what of them other networks can start from."""

from __future__ import annotations

import numpy as np
import pytest
from learn.test_networks import agent_of

from ssa_psro.game import FEATURES, SUMMARY
from ssa_psro.learn import Member, StartContext, make_start
from ssa_psro.learn.networks import load_weights
from ssa_psro.policies import DoctrineNetwork, make_policy

AGENT = agent_of(name="sac")
FRESH = AGENT.fresh(0)


@pytest.fixture(scope="module")
def policy():
    return AGENT.model(AGENT.task.env(2, 1.0), 100, 0, 0).policy


def drawn_parameters():
    rng = np.random.default_rng(0)
    drawn = {k: rng.normal(size=v.shape).astype(np.float32) for k, v in FRESH.items()}
    return {**drawn, "squash": FRESH["squash"]}


def test_there_and_back(policy):
    drawn = drawn_parameters()
    load_weights(policy, drawn)
    back = AGENT.weights_of(policy)
    assert back.keys() == drawn.keys()
    assert all(np.array_equal(back[name], drawn[name]) for name in drawn)
    state = policy.state_dict()
    assert all(
        np.array_equal(state[name.replace("critic.", "critic_target.")], state[name])
        for name in state
        if name.startswith("critic.")
    )


def test_the_numpy_network_plays_what_sb3_plays(policy):
    drawn = drawn_parameters()
    load_weights(policy, drawn)
    summary = np.random.default_rng(1).random((50, len(SUMMARY)), dtype=np.float32)
    theirs, _ = policy.predict(summary, deterministic=True)
    ours = DoctrineNetwork("net", drawn).weights(summary)
    assert np.allclose(ours, theirs, atol=1e-5)
    clipped = DoctrineNetwork("net", {k: v for k, v in drawn.items() if k != "squash"})
    assert not np.allclose(clipped.weights(summary), theirs, atol=0.1)


def test_a_heuristic_is_squashed_but_for_its_largest_weights():
    heuristic = make_policy("aggressive")
    member = Member("aggressive", heuristic, constant_action=heuristic.weights)
    start = make_start("heuristic")(StartContext([member], np.ones(1), np.zeros(1), FRESH))
    network = DoctrineNetwork("embedded", start.weights)
    found = network.weights(np.zeros((1, len(SUMMARY)), np.float32))[0]
    assert network.constant
    assert found.shape == (len(FEATURES),)
    expected = np.clip(heuristic.weights, -0.99, 0.99)
    assert np.allclose(found, expected, atol=1e-6)


def test_members_of_ppo_are_left_out():
    weights = agent_of().fresh(0)
    member = Member("ppo", DoctrineNetwork("ppo", weights), parameters=weights)
    start = make_start("fusion")(StartContext([member], np.ones(1), np.zeros(1), FRESH))
    assert start.note == "scratch: no member with Nash mass can be fused"
