"""Networks and exploration among illegal actions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from games.small_games import ACTIONS, GAME, TREE, request

from ssa_psro.games.trees.behaviour import uniform
from ssa_psro.games.trees.environment import TreeVecEnv
from ssa_psro.games.trees.game import TreeGame
from ssa_psro.games.trees.task import TreeTask
from ssa_psro.learn import make_oracle, settings_for
from ssa_psro.learn.algorithms.dqn import DqnAgent
from ssa_psro.learn.algorithms.ppo import PpoAgent
from ssa_psro.learn.masked import ILLEGAL, MaskedQNetwork

TASK = TreeTask(TREE, uniform(TREE, 1))
PPO, DQN = (
    kind(TASK, settings_for(name, TreeGame.defaults[name], {"hidden": (8,)}), "training")
    for name, kind in (("ppo", PpoAgent), ("dqn", DqnAgent))
)
SEEN = torch.from_numpy(TASK.observations)
LEGAL = TREE.legal[0]
DRAWS = 4000


@pytest.fixture(autouse=True)
def _repeatable():
    torch.manual_seed(1)


def actor_critic():
    """With opinions: a fresh one finds all actions alike."""
    policy = PPO.network()
    torch.nn.init.normal_(policy.action_net.weight)
    return policy


def test_log_probabilities_are_of_legal_actions_alone():
    logs = actor_critic().log_probabilities(SEEN)
    np.testing.assert_allclose(logs.exp().sum(dim=1).detach(), 1.0, rtol=1e-5)
    assert (logs.exp().detach().numpy()[~LEGAL] == 0).all()


def test_actions_are_drawn_with_their_probabilities():
    """Within five standard errors."""
    policy = actor_critic()
    one = SEEN[:1]
    actions, _, _ = policy(one.expand(DRAWS, -1))
    expected = policy.log_probabilities(one).exp()[0].detach().numpy()
    found = np.bincount(actions.numpy(), minlength=ACTIONS) / DRAWS
    np.testing.assert_allclose(found, expected, atol=5 * 0.5 / DRAWS**0.5)
    assert (found[~LEGAL[0]] == 0).all()


def test_what_is_remembered_of_an_action_is_what_was_drawn():
    policy = actor_critic()
    actions, values, logs = policy(SEEN)
    again, same, entropy = policy.evaluate_actions(SEEN, actions)
    torch.testing.assert_close(again, values)
    torch.testing.assert_close(same, logs)
    distribution = policy.get_distribution(SEEN)
    torch.testing.assert_close(distribution.entropy(), entropy)
    torch.testing.assert_close(distribution.log_prob(actions), logs)


def test_the_best_action_is_taken_where_nothing_is_drawn():
    policy = actor_critic()
    actions, _, _ = policy(SEEN, deterministic=True)
    best = policy.log_probabilities(SEEN).argmax(dim=1)
    assert actions.tolist() == best.tolist()


def test_no_layer_sees_the_mask():
    policy, changed = actor_critic(), SEEN.clone()
    changed[:, -ACTIONS:] = 1.0
    torch.testing.assert_close(policy.predict_values(changed), policy.predict_values(SEEN))


def test_illegal_actions_are_worth_nothing_in_choices_and_targets():
    policy = DQN.network()
    for network in (policy.q_net, policy.q_net_target):
        assert isinstance(network, MaskedQNetwork)
        values = network(SEEN).detach().numpy()
        assert (values[~LEGAL] == np.float32(ILLEGAL)).all()
        assert (np.abs(values[LEGAL]) < 100).all()


@pytest.mark.parametrize("rate", [0.0, 0.3, 1.0])
def test_exploration_is_decided_in_each_episode_and_legal(rate):
    env = TreeVecEnv(TREE, TASK.opponent, 4)
    model = DQN.model(env, 1000, 0, 1)
    model.exploration_rate = rate
    observations = SEEN[:1].expand(DRAWS, -1)
    actions = model._explore(observations).numpy()
    assert LEGAL[0][actions].all()
    greedy = int(model.q_net(observations[:1]).argmax())
    expected = rate / LEGAL[0].sum()
    assert (actions != greedy).mean() == pytest.approx(expected, abs=5 * 0.5 / DRAWS**0.5)


def test_a_mirror_step_of_much_weight_hardly_moves_the_policy():
    """The divergence is from what has played the rollout, and no part of the network."""

    def moved(**changes):
        settings = {"steps": 1024, "hidden": (16,), "environments": 32, "rollout_steps": 512}
        own = {"clip_range": 1e6, "entropy": 0.01, "learning_rate": 0.01}
        oracle = make_oracle("ppo", GAME, {**settings, **own, **changes})
        asked = request(0)
        start = oracle.start(asked).weights
        member = oracle(asked).member
        assert member.parameters.keys() == start.keys()
        before = oracle.agent(asked).policy("before", start).probabilities
        return float(np.abs(member.policy.probabilities - before).max())

    free, near = moved(), moved(proximity=100.0)
    assert free > 0.2
    assert near < free / 4
    assert moved(proximity=1e-12) == pytest.approx(free, abs=0.02)
