"""SAC's networks under our names, and what of them other networks can start from."""

from __future__ import annotations

import numpy as np
import pytest
from arenas import make_arena
from ssa_psro.learn.ppo_weights import fresh_parameters as ppo_parameters
from ssa_psro.learn.sac import SacTuning
from ssa_psro.learn.sac_training import model_of
from ssa_psro.learn.start_weights import SQUASHED_MOST
from ssa_psro.learn.training_env import TrainingEnv

from ssa_psro.game import FEATURES, SUMMARY, CoverageGame
from ssa_psro.learn import Member, StartContext, make_start, sac_weights
from ssa_psro.learn.training import TrainingSettings
from ssa_psro.policies import DoctrineNetwork, make_policy

GAME = CoverageGame(make_arena())
FRESH = sac_weights.fresh_parameters(GAME, (5, 7), 0)


@pytest.fixture(scope="module")
def policy():
    env = TrainingEnv(GAME, 2, "blue", make_policy("random"), 1.0)
    return model_of(env, TrainingSettings(hidden=(5, 7), environments=2), SacTuning(), 0).policy


def drawn_parameters():
    rng = np.random.default_rng(0)
    drawn = {k: rng.normal(size=v.shape).astype(np.float32) for k, v in FRESH.items()}
    return {**drawn, "squash": FRESH["squash"]}


def test_there_and_back(policy):
    drawn = drawn_parameters()
    sac_weights.load_parameters(policy, drawn)
    back = sac_weights.to_parameters(policy)
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
    sac_weights.load_parameters(policy, drawn)
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
    expected = np.clip(heuristic.weights, -SQUASHED_MOST, SQUASHED_MOST)
    assert np.allclose(found, expected, atol=1e-6)


def test_members_of_ppo_are_left_out():
    weights = ppo_parameters(GAME, (5, 7), -1.0, 0)
    member = Member("ppo", DoctrineNetwork("ppo", weights), parameters=weights)
    start = make_start("fusion")(StartContext([member], np.ones(1), np.zeros(1), FRESH))
    assert start.note == "scratch: no member with Nash mass can be fused"
