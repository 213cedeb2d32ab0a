"""VRPO's estimator, against its definition; the actor sees nothing that is hidden from it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from games.behaviours import random_behaviour, tree_of
from games.small_games import GAME, request

from ssa_psro.errors import UsageError
from ssa_psro.games.trees.environment import last_seen
from ssa_psro.games.trees.game import TreeGame
from ssa_psro.games.trees.task import TreeTask
from ssa_psro.learn import make_oracle

SMALL = {
    "steps": 3000,
    "hidden": (32,),
    "environments": 32,
    "rollout_steps": 256,
    "learning_rate": 0.02,
    "estimator": "q-boosting",
}


def test_a_boosted_response_is_nearly_a_best_one_and_is_repeated():
    oracle = make_oracle("ppo", GAME, SMALL)
    facts = oracle(request(0)).facts
    assert facts["best_payoff"] - facts["end_payoff"] <= 0.15 * (
        facts["best_payoff"] - facts["start_payoff"]
    )
    assert oracle(request(0)).facts["end_payoff"] == facts["end_payoff"]


def test_whoever_plays_sees_nothing_of_what_is_hidden():
    tree = tree_of("leduc")
    task = TreeTask(tree, random_behaviour(tree, 1, 0)).opened()
    env = task.env(16, 1.0)
    env.seed(3)
    seen = torch.from_numpy(env.reset())
    hidden = task.hidden_features
    assert hidden == tree.features[1].shape[1]
    assert seen.shape[1] == task.observation_space.shape[0] == task.observations.shape[1]
    assert not task.observations[:, :hidden].any()
    oracle = make_oracle("ppo", TreeGame(tree), SMALL)
    policy = oracle.agent_type(task, oracle.settings, "training").network()
    torch.nn.init.normal_(policy.action_net.weight)
    other = seen.clone()
    other[:, :hidden] = 1.0 - other[:, :hidden]
    assert torch.equal(policy.log_probabilities(seen), policy.log_probabilities(other))
    assert not torch.equal(policy.action_values(seen), policy.action_values(other))


def test_what_the_opponent_saw_last_is_on_the_way():
    tree = tree_of("kuhn")
    for side in (0, 1):
        found = last_seen(tree, side)
        for node in range(tree.player.size):
            way, expected = node, -1
            while way > 0:
                parents = np.flatnonzero(
                    (tree.first_child <= way) & (way < tree.first_child + tree.child_count)
                )
                way = int(parents[0])
                if tree.player[way] == side:
                    expected = tree.infoset[way]
                    break
            assert found[node] == expected


def test_advantages_are_those_of_expected_sarsa_of_lambda():
    """By the definition, an episode at a time, from the rollout's own numbers."""
    agent = make_oracle("ppo", GAME, SMALL).agent(request(0))
    env = agent.task.env(4, 1.0)
    env.seed(1)
    model = agent.model(env, 256, 0, 1)
    _, callback = model._setup_learn(256, None)
    model.collect_rollouts(model.env, callback, model.rollout_buffer, model.n_steps)
    rollouts, policy = model.rollout_buffer, model.policy
    shape = rollouts.rewards.shape
    seen = torch.from_numpy(rollouts.observations.reshape(-1, *rollouts.obs_shape))
    with torch.no_grad():
        values = policy.action_values(seen).numpy().reshape(*shape, -1)
        odds = policy.log_probabilities(seen).exp().numpy().reshape(*shape, -1)
    actions = rollouts.actions.reshape(shape).astype(int)
    taken = np.take_along_axis(values, actions[..., None], axis=2)[..., 0]
    np.testing.assert_allclose(rollouts.values, taken, atol=1e-6)
    expected = (odds * values).sum(axis=2)
    last = np.full((4, 1), 0.3, dtype=np.float32)
    ended = np.array([1.0, 0.0, 1.0, 0.0], dtype=np.float32)
    rollouts.compute_returns_and_advantage(torch.from_numpy(last), ended)
    weight = rollouts.gae_lambda
    for slot in range(4):
        trace = 0.0
        for step in reversed(range(shape[0])):
            end = step == shape[0] - 1
            over = ended[slot] if end else rollouts.episode_starts[step + 1, slot]
            value = last[slot, 0] if end else expected[step + 1, slot]
            surprise = rollouts.rewards[step, slot] + (1 - over) * value
            surprise -= rollouts.values[step, slot]
            trace = surprise + weight * (1 - over) * trace
            found = rollouts.values[step, slot] + trace
            assert rollouts.returns[step, slot] == pytest.approx(found, abs=1e-5)
            assert rollouts.advantages[step, slot] == pytest.approx(
                found - expected[step, slot], abs=1e-5
            )


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"estimator": "q-boostin"}, "unknown"), ({"proximity": 1.0, "entropy": 0.1}, "no mirror")],
)
def test_what_cannot_be_boosted_is_refused(changes, told):
    with pytest.raises(UsageError) as caught:
        make_oracle("ppo", GAME, {**SMALL, **changes}).agent(request(0))
    assert told in caught.value.faults[0].problem
