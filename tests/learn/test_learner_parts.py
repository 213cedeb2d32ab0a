"""Settings, names of weights, and random initialisations."""

from __future__ import annotations

import numpy as np
import pytest
from games.small_games import TREE

from ssa_psro.errors import UsageError
from ssa_psro.games.trees.behaviour import uniform
from ssa_psro.games.trees.game import TreeGame
from ssa_psro.games.trees.task import TreeTask, typical_payoff
from ssa_psro.learn import settings_for
from ssa_psro.learn.algorithms.dqn import DqnAgent, DqnSettings
from ssa_psro.learn.algorithms.gradient import GradientSettings
from ssa_psro.learn.algorithms.ppo import PpoAgent, PpoSettings
from ssa_psro.learn.evolution import SearchSettings
from ssa_psro.learn.initialisations import GAINS, INITIALISATIONS, drawn
from ssa_psro.learn.networks import load_weights, to_weights

TASK = TreeTask(TREE, uniform(TREE, 1))
AGENTS = {
    name: kind(TASK, settings_for(name, TreeGame.defaults[name], {"hidden": (8, 5)}), "training")
    for name, kind in (("ppo", PpoAgent), ("dqn", DqnAgent))
}
NETS = {"ppo": ("actor", "critic"), "dqn": ("q",)}


@pytest.mark.parametrize("kind", AGENTS)
def test_weights_have_the_names_of_networks_everywhere_in_the_package(kind):
    layers = [f"{net}.{layer}" for net in NETS[kind] for layer in ("0", "1", "head")]
    expected = {f"{layer}.{part}" for layer in layers for part in ("weight", "bias")}
    assert AGENTS[kind].fresh(1).keys() == expected


@pytest.mark.parametrize("kind", AGENTS)
def test_weights_come_back_as_they_were_stored(kind):
    agent = AGENTS[kind]
    policy, weights = agent.network(), agent.drawn("kaiming", 3)
    load_weights(policy, weights)
    for key, array in to_weights(policy).items():
        np.testing.assert_array_equal(array, weights[key])


def test_the_slow_copy_of_a_q_network_begins_as_the_network():
    policy = AGENTS["dqn"].network()
    load_weights(policy, AGENTS["dqn"].drawn("normal", 3))
    fast, slow = policy.q_net.state_dict(), policy.q_net_target.state_dict()
    assert all((fast[key] == slow[key]).all() for key in fast)


@pytest.mark.parametrize("kind", AGENTS)
def test_fresh_weights_depend_on_the_seed_alone(kind):
    agent = AGENTS[kind]
    one, same, other = agent.fresh(1), agent.fresh(1), agent.fresh(2)
    assert all((one[key] == same[key]).all() for key in one)
    assert any((one[key] != other[key]).any() for key in one)


@pytest.mark.parametrize("activation", GAINS)
@pytest.mark.parametrize("name", INITIALISATIONS)
def test_initialisations_have_the_variance_that_they_promise(name, activation):
    """Of 300 x 200 numbers, within 3 %; an orthogonal matrix has 1 / (larger side)."""
    like = {"actor.0.weight": np.zeros((300, 200), np.float32)}
    matrix = drawn(like, name, activation, np.random.default_rng(1))["actor.0.weight"]
    gain = 1.0 if name == "normal" else GAINS[activation]
    size = 300 if name == "orthogonal" else 200
    assert matrix.var() == pytest.approx(gain**2 / size, rel=0.03)
    assert matrix.dtype == np.float32


@pytest.mark.parametrize("shape", [(4, 9), (9, 4)])
def test_orthogonal_matrices_are(shape):
    like = {"actor.0.weight": np.zeros(shape)}
    matrix = drawn(like, "orthogonal", "relu", np.random.default_rng(1))["actor.0.weight"]
    small = matrix @ matrix.T if shape[0] < shape[1] else matrix.T @ matrix
    np.testing.assert_allclose(small, 2 * np.eye(4), atol=1e-5)


def test_an_actor_is_drawn_near_its_uniform_policy_unless_its_head_is_full():
    agent, even = AGENTS["ppo"], uniform(TREE, 0).probabilities
    for full_head, differs in ((False, False), (True, True)):
        weights = agent.drawn("orthogonal", 1, full_head=full_head)
        assert all((array == 0).all() for key, array in weights.items() if key.endswith("bias"))
        off = np.abs(agent.policy("any", weights).probabilities - even).max()
        assert (off > 0.02) == differs


def test_payoffs_are_scaled_by_their_usual_size():
    """Here by hand: uniform play reaches every end of one deal with the same probability."""
    ends = TREE.player == 3
    per_deal = np.repeat([0.5, 0.3, 0.2], 8) / 8
    order = np.argsort(_deal_of(np.flatnonzero(ends)), kind="stable")
    square = per_deal @ TREE.payoff[ends][order] ** 2
    assert typical_payoff(TREE) == pytest.approx(square**0.5)
    assert AGENTS["ppo"].scale == pytest.approx(square**-0.5)


def _deal_of(nodes):
    parents = np.zeros(TREE.player.size, dtype=int)
    for node, (first, count) in enumerate(zip(TREE.first_child, TREE.child_count, strict=True)):
        parents[first : first + count] = node
    for _ in range(3):
        nodes = parents[nodes]
    return nodes


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (PpoSettings, {"clip_range": -1.0}),
        (PpoSettings, {"gae_lambda": 7.0}),
        (PpoSettings, {"entropy": -3.0}),
        (PpoSettings, {"log_std": float("nan")}),
        (PpoSettings, {"reward_scale": 0.0}),
        (DqnSettings, {"exploration_first": 3.0}),
        (DqnSettings, {"exploration_share": -1.0}),
        (SearchSettings, {"validation_episodes": 0}),
        (GradientSettings, {"rate": -0.5}),
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused(kind, wrong):
    sound = {
        GradientSettings: {"steps": 5, "rate": 0.1},
        SearchSettings: {"steps": 5},
    }.get(kind, {"steps": 5, "environments": 1, "learning_rate": 0.1, "hidden": (4,)})
    kind(**sound)
    with pytest.raises(UsageError) as told:
        kind(**sound | wrong)
    assert [fault.key for fault in told.value.faults] == list(wrong)


@pytest.mark.parametrize("kind", [PpoSettings, DqnSettings])
def test_all_faults_of_settings_are_told_at_once(kind):
    wrong = {"select": "best", "frozen_share": 1.0, "steps": 0, "final_learning_rate": 2}
    with pytest.raises(UsageError, match="Did you mean 'relu'") as told:
        kind(activation="rellu", environments=1, learning_rate=0.1, hidden=(4,), **wrong)
    assert [fault.key for fault in told.value.faults] == [
        "activation",
        "select",
        "final_learning_rate",
        "frozen_share",
        "steps",
    ]
