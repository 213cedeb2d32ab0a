"""Policy-space diversity: exact distances from the hull, and what learners make of the bonus."""

from __future__ import annotations

import numpy as np
import pytest
from games.small_games import TREE, pure, random_behaviour
from scipy.special import rel_entr

from ssa_psro.games.trees.behaviour import Behaviour, best_response, mixed, uniform
from ssa_psro.games.trees.game import TreeGame
from ssa_psro.games.trees.task import TreeHull, TreeTask, sampled_hull
from ssa_psro.games.trees.tree import CHANCE, TERMINAL
from ssa_psro.learn import settings_for
from ssa_psro.learn.algorithms.ppo import PpoAgent


def task(side: int, members: int = 2) -> TreeTask:
    own = tuple(random_behaviour(side, seed) for seed in range(members))
    return TreeTask(TREE, random_behaviour(1 - side, 99), own)


def mean_bonus(subject: TreeTask, played: Behaviour, bonus: np.ndarray, node: int = 0) -> float:
    """What an episode pays on average, by walking through all of them."""
    tree = subject.tree
    if tree.player[node] == TERMINAL:
        return 0.0
    children = range(tree.first_child[node], tree.first_child[node] + tree.child_count[node])
    total = 0.0
    for child in children:
        rest = mean_bonus(subject, played, bonus, child)
        if tree.player[node] == CHANCE:
            total += tree.chance[child] * rest
            continue
        who = played if tree.player[node] == played.side else subject.opponent
        place = tree.infoset[node], tree.action[child]
        pays = bonus[place] if who is played else 0.0
        total += who.probabilities[place] * (pays + rest)
    return total


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("some", [random_behaviour, pure])
def test_the_bonus_of_an_episode_is_the_distance_to_the_nearest_on_average(side, some):
    subject, played = task(side), some(side, 7)
    hull = TreeHull(subject, seed=1)
    found = mean_bonus(subject, played, hull.nats(played.probabilities))
    assert found == pytest.approx(hull.distances(played.probabilities).min())
    assert found > 0.05


@pytest.mark.parametrize("side", [0, 1])
def test_distances_are_sums_of_kl_divergences(side):
    """Of one member: KL by hand at every information set, weighted by the walk."""
    subject = task(side, members=1)
    played = random_behaviour(side, 8)
    blank = uniform(TREE, side).probabilities
    other = 0.95 * subject.population[0].probabilities + 0.05 * blank
    divergence = rel_entr(played.probabilities, other).sum(axis=1)
    expected = mean_bonus(subject, played, np.repeat(divergence[:, None], TREE.actions, axis=1))
    found = TreeHull(subject, seed=0).distances(played.probabilities)
    np.testing.assert_allclose(found, [expected])


def test_what_is_in_the_hull_is_near_it():
    subject = task(0, members=3)
    hull = sampled_hull(TREE, subject.population, seed=4)
    assert len(hull) == 3 + 8
    inside = hull[-1].probabilities
    blurred = 0.95 * inside + 0.05 * uniform(TREE, 0).probabilities
    distances = TreeHull(subject, seed=4).distances(blurred)
    assert distances.argmin() == len(hull) - 1
    assert distances.min() == pytest.approx(0, abs=1e-9)
    assert (distances > -1e-12).all()


def test_mixtures_are_mixtures_of_whole_policies():
    members = task(0).population
    found = sampled_hull(TREE, members, seed=2)[-1]
    average = 0.5 * (members[0].probabilities + members[1].probabilities)
    assert abs(found.probabilities - average).max() > 1e-3
    again = sampled_hull(TREE, members, seed=2)[-1]
    np.testing.assert_array_equal(found.probabilities, again.probabilities)
    np.testing.assert_allclose(
        mixed(TREE, members, np.array([1.0, 0.0])).probabilities, members[0].probabilities
    )


def test_a_learner_that_is_paid_for_diversity_plays_less_alike():
    """Paid enough, it also pays more than it earns: diversity has a price."""
    opponent = uniform(TREE, 1)
    subject = TreeTask(TREE, opponent, (best_response(TREE, opponent)[0],))
    distances, payoffs = [], []
    for weight in (0.0, 1.0):
        small = {"environments": 32, "rollout_steps": 256, "hidden": (16,)}
        settings = settings_for("ppo", TreeGame.defaults["ppo"], {**small, "diversity": weight})
        agent = PpoAgent(subject, settings, "training")
        training = agent.train(agent.fresh(3), 4096, seed=5)
        played = agent.policy("played", training.parameters)
        distances.append(TreeHull(subject, 0).distances(played.probabilities).min())
        payoffs.append(subject.payoff(played))
    assert distances[1] > distances[0] + 0.2
    assert payoffs[1] < payoffs[0]
