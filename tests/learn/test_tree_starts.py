"""Start rules of game trees: what each starts from, what it costs, and what it claims."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from games.small_games import ACTIONS, GAME, TREE, pure, request

from ssa_psro.errors import UsageError
from ssa_psro.games.trees.behaviour import mixed, realisation_plan
from ssa_psro.learn import make_oracle, make_start
from ssa_psro.learn.protocol import Member

SHORT = {"hidden": (16,), "environments": 16, "restarts": 2, "distillation_updates": 20}
KINDS = {
    "ppo": {**SHORT, "steps": 1024, "rollout_steps": 128, "activation": "tanh"},
    "dqn": {**SHORT, "steps": 512, "batch": 32, "warm_up_steps": 0},
}
ENOUGH = 300
"""Updates after which a distillation has converged in this game."""
SEED = 9


def agent_of(kind, asked, **changes):
    return make_oracle(kind, GAME, {**KINDS[kind], **changes}, SEED).agent(asked)


def member(kind, number, initialisation="kaiming"):
    agent = agent_of(kind, request(0))
    weights = agent.drawn(initialisation, number, full_head=True)
    return Member(f"row-{number}", agent.policy("any", weights), parameters=weights)


def start(kind, rule, *learners, seed=5, updates=20, **changes):
    asked = replace(request(0, rule, seed=seed, learners=learners), **changes)
    values = {**KINDS[kind], "distillation_updates": updates}
    return make_oracle(kind, GAME, values, SEED).start(asked)


def arrival(behaviour):
    return realisation_plan(TREE, behaviour)[TREE.sequences.parents[0]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rule", GAME.starts)
def test_every_rule_gives_weights_of_the_network(rule, kind):
    found = start(kind, rule, member(kind, 1), member(kind, 2))
    fresh = agent_of(kind, request(0)).fresh(0)
    shapes = {key: (array.shape, array.dtype) for key, array in fresh.items()}
    assert {key: (array.shape, array.dtype) for key, array in found.weights.items()} == shapes
    assert found.note.startswith(rule)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rule", sorted(set(GAME.starts) - {"restarts"}))
def test_rules_that_do_not_play_spend_nothing(rule, kind):
    found = start(kind, rule, member(kind, 1))
    assert (found.decisions, found.episodes, found.updates) == (0, 0, 0)


def test_scratch_is_the_same_in_every_training_and_drawn_weights_are_not():
    for rule, same in (("scratch", True), ("normal", False), ("orthogonal", False)):
        one, other = (start("ppo", rule, seed=seed).weights for seed in (1, 2))
        assert np.array_equal(one["actor.0.weight"], other["actor.0.weight"]) == same


def test_fusion_sums_weights_by_mass_and_leaves_out_who_has_none():
    one, two = member("ppo", 1), member("ppo", 2)
    found = start("ppo", "fusion", one, two, learner_mixture=np.array([0.5, 0.1, 0.4]))
    assert found.shares == pytest.approx({"row-1": 0.2, "row-2": 0.8})
    for key, array in found.weights.items():
        expected = 0.2 * one.parameters[key] + 0.8 * two.parameters[key]
        np.testing.assert_allclose(array, expected, atol=1e-6)


def test_restarts_spend_their_share_of_the_budget_and_keep_who_earned_most():
    found = start("ppo", "restarts")
    earned = [float(one) for one in found.facts["restart_returns"].split()]
    assert found.decisions == 512
    assert found.episodes == found.decisions // 2  # the row player moves twice
    assert found.note == f"restarts: number {1 + int(np.argmax(earned))} of 2"


def test_behavioural_fusion_plays_as_the_mixture_even_of_networks_born_apart():
    """Members have opposite habits; the average of their weights has neither."""
    left, right = (_taught(pure(0, seed), seed) for seed in (1, 2))
    changes = {"learner_mixture": np.array([0.0, 0.5, 0.5])}
    wanted = mixed(TREE, [left.policy, right.policy], np.array([0.5, 0.5]))
    off = {}
    for rule in ("fusion", "behavioural-fusion"):
        found = start("ppo", rule, left, right, updates=ENOUGH, **changes)
        played = agent_of("ppo", request(0)).policy("played", found.weights)
        apart = np.abs(played.probabilities - wanted.probabilities).sum(axis=1) / 2
        off[rule] = float((arrival(wanted) * apart).sum())
    assert off["behavioural-fusion"] < 0.1 < off["fusion"]
    assert 0 <= found.facts["distillation_kl"] < 0.02
    assert found.shares == {left.name: 0.5, right.name: 0.5}


def test_behavioural_fusion_of_q_values_is_their_mean_where_both_come():
    one, two = member("dqn", 1), member("dqn", 2)
    mixture = np.array([0, 0.5, 0.5])
    found = start("dqn", "behavioural-fusion", one, two, learner_mixture=mixture, updates=ENOUGH)
    assert 0 <= found.facts["distillation_rms"] < 0.1 * np.abs(TREE.payoff).max()
    twins = start("dqn", "behavioural-fusion", one, learner_mixture=np.array([0, 1.0]))
    played = agent_of("dqn", request(0)).policy("played", twins.weights)
    assert GAME.judge(played, pure(1, 1), [0]) == pytest.approx(
        GAME.judge(one.policy, pure(1, 1), [0])
    )


@pytest.mark.parametrize("rule", ["fusion", "behavioural-fusion", "inherit-last", "inherit-nash"])
def test_with_nobody_to_start_from_the_start_is_scratch_and_says_so(rule):
    found = start("ppo", rule)
    assert found.note.startswith("scratch")
    fresh = start("ppo", "scratch").weights
    assert all(np.array_equal(found.weights[key], fresh[key]) for key in fresh)


def test_an_unknown_rule_is_reported():
    with pytest.raises(UsageError, match="Did you mean 'restarts'"):
        make_start("restart")


def _taught(behaviour, seed):
    """A member that plays ``behaviour``: by a wide first layer, features being one-hot."""
    agent = agent_of("ppo", request(0))
    weights = agent.drawn("orthogonal", seed)
    encoded = np.tanh(weights["actor.0.weight"])  # [hidden, I], columns independent
    logits = np.where(behaviour.probabilities > 0, 6.0, -6.0)
    weights["actor.head.weight"] = (logits.T @ np.linalg.pinv(encoded)).astype(np.float32)
    taught = agent.policy("any", weights)
    assert np.abs(taught.probabilities - behaviour.probabilities).max() < 0.01
    assert behaviour.probabilities.shape[1] == ACTIONS
    return Member(f"taught-{seed}", taught, parameters=weights)
