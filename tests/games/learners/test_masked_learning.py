"""Networks and exploration among illegal actions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from games.learners.small_games import ACTIONS, TREE

from ssa_psro.games.trees.behaviour import uniform
from ssa_psro.games.trees.environment import TreeVecEnv
from ssa_psro.games.trees.learners.agent import Task
from ssa_psro.games.trees.learners.dqn_agent import DqnAgent
from ssa_psro.games.trees.learners.masked_policies import ILLEGAL, MaskedQNetwork
from ssa_psro.games.trees.learners.ppo_agent import PpoAgent
from ssa_psro.games.trees.learners.settings import DqnSettings, PpoSettings

TASK = Task(TREE, uniform(TREE, 1))
PPO = PpoAgent(TASK, PpoSettings(hidden=(8,)))
DQN = DqnAgent(TASK, DqnSettings(hidden=(8,)))
LEGAL = TREE.legal[0]
DRAWS = 4000


@pytest.fixture(autouse=True)
def _repeatable():
    torch.manual_seed(1)


def actor_critic():
    """With opinions: a fresh one finds all actions alike."""
    policy = PPO.policy()
    torch.nn.init.normal_(policy.action_net.weight)
    return policy


def test_log_probabilities_are_of_legal_actions_alone():
    logs = actor_critic().log_probabilities(PPO.observations)
    np.testing.assert_allclose(logs.exp().sum(dim=1).detach(), 1.0, rtol=1e-5)
    assert (logs.exp().detach().numpy()[~LEGAL] == 0).all()


def test_actions_are_drawn_with_their_probabilities():
    """Within five standard errors."""
    policy = actor_critic()
    one = PPO.observations[:1]
    actions, _, _ = policy(one.expand(DRAWS, -1))
    expected = policy.log_probabilities(one).exp()[0].detach().numpy()
    found = np.bincount(actions.numpy(), minlength=ACTIONS) / DRAWS
    np.testing.assert_allclose(found, expected, atol=5 * 0.5 / DRAWS**0.5)
    assert (found[~LEGAL[0]] == 0).all()


def test_what_is_remembered_of_an_action_is_what_was_drawn():
    policy = actor_critic()
    actions, values, logs = policy(PPO.observations)
    again, same, entropy = policy.evaluate_actions(PPO.observations, actions)
    torch.testing.assert_close(again, values)
    torch.testing.assert_close(same, logs)
    distribution = policy.get_distribution(PPO.observations)
    torch.testing.assert_close(distribution.entropy(), entropy)
    torch.testing.assert_close(distribution.log_prob(actions), logs)


def test_the_best_action_is_taken_where_nothing_is_drawn():
    policy = actor_critic()
    actions, _, _ = policy(PPO.observations, deterministic=True)
    best = policy.log_probabilities(PPO.observations).argmax(dim=1)
    assert actions.tolist() == best.tolist()


def test_no_layer_sees_the_mask():
    policy, changed = actor_critic(), PPO.observations.clone()
    changed[:, -ACTIONS:] = 1.0
    torch.testing.assert_close(
        policy.predict_values(changed), policy.predict_values(PPO.observations)
    )


def test_illegal_actions_are_worth_nothing_in_choices_and_targets():
    policy = DQN.policy()
    for network in (policy.q_net, policy.q_net_target):
        assert isinstance(network, MaskedQNetwork)
        values = network(DQN.observations).detach().numpy()
        assert (values[~LEGAL] == np.float32(ILLEGAL)).all()
        assert (np.abs(values[LEGAL]) < 100).all()


@pytest.mark.parametrize("rate", [0.0, 0.3, 1.0])
def test_exploration_is_decided_in_each_episode_and_legal(rate):
    env = TreeVecEnv(TREE, TASK.opponent, 4)
    model = DQN.model(env, 1000, 0, 1)
    model.exploration_rate = rate
    observations = DQN.observations[:1].expand(DRAWS, -1)
    actions = model._explore(observations).numpy()
    assert LEGAL[0][actions].all()
    greedy = int(model.q_net(observations[:1]).argmax())
    expected = rate / LEGAL[0].sum()
    assert (actions != greedy).mean() == pytest.approx(expected, abs=5 * 0.5 / DRAWS**0.5)
