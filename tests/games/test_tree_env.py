"""The environment of game trees: its episodes are those of the game."""

from __future__ import annotations

import numpy as np
import pytest
from games.small_games import (
    ACTIONS,
    TREE,
    one_sided_tree,
    random_behaviour,
)

from ssa_psro.errors import UsageError
from ssa_psro.games.trees.behaviour import Behaviour, expected_payoff, realisation_plan, uniform
from ssa_psro.games.trees.environment import TreeVecEnv, deck_of, observations_of, visits


def actions_of(behaviour, observations, rng):
    """Drawn from ``behaviour``; in this game the features are the number of the set."""
    sets = observations[:, :-ACTIONS].argmax(axis=1)
    drawn = behaviour.probabilities[sets].cumsum(axis=1) > rng.random((len(sets), 1))
    return drawn.argmax(axis=1)


def play(env, behaviour, steps, seed=0):
    """Payoffs of all episodes, and how often each observation was seen."""
    rng, payoffs, seen = np.random.default_rng(seed), [], []
    observations = env.reset()
    for _ in range(steps):
        seen.append(observations)
        actions = actions_of(behaviour, observations, rng)
        observations, _, over, _ = env.step(actions)
        payoffs.append(env.payoffs[over])
    return np.concatenate(payoffs), np.concatenate(seen)


@pytest.mark.parametrize("side", [0, 1])
def test_episodes_pay_what_the_game_does(side):
    """Within four standard errors of the exact payoff."""
    own, other = random_behaviour(side, 7), random_behaviour(1 - side, 8)
    payoffs, _ = play(TreeVecEnv(TREE, other, 200, seed=1), own, 200)
    pair = (own, other) if side == 0 else (other, own)
    exact = expected_payoff(TREE, *pair) * (1 if side == 0 else -1)
    error = payoffs.std() / payoffs.size**0.5
    assert abs(payoffs.mean() - exact) < 4 * error


@pytest.mark.parametrize("side", [0, 1])
def test_information_sets_are_met_as_often_as_the_game_leads_there(side):
    own, other = random_behaviour(side, 7), random_behaviour(1 - side, 8)
    payoffs, seen = play(TreeVecEnv(TREE, other, 200, seed=1), own, 200)
    met = seen[:, :-ACTIONS].sum(axis=0) / payoffs.size
    mine = TREE.player == side
    allowed = np.zeros(TREE.infosets[side])
    np.add.at(allowed, TREE.infoset[mine], visits(deck_of(TREE, other))[mine])
    arrival = realisation_plan(TREE, own)[TREE.sequences.parents[side]]
    np.testing.assert_allclose(met, arrival * allowed, atol=4 * 0.5 / payoffs.size**0.5)


def test_what_chance_and_the_opponent_allow_is_certain_if_the_learner_always_follows():
    """Weighted by what the learner does himself, the ways to the ends are all there is."""
    row, column = random_behaviour(0, 1), random_behaviour(1, 2)
    against_row, against_column = deck_of(TREE, row), deck_of(TREE, column)
    both = np.minimum(against_row.likelihood, against_column.likelihood)
    ends = TREE.player == 3
    reach = visits(against_row._replace(likelihood=both))[ends]
    assert reach.sum() == pytest.approx(1.0)
    assert reach @ TREE.payoff[ends] == pytest.approx(expected_payoff(TREE, row, column))


def test_a_slot_plays_the_same_whatever_is_beside_it():
    few, many = (TreeVecEnv(TREE, uniform(TREE, 1), n, seed=4) for n in (3, 50))
    seen = few.reset(), many.reset()
    for _ in range(20):
        np.testing.assert_array_equal(seen[0], seen[1][:3])
        acts = [observations[:, -ACTIONS:].argmax(axis=1) for observations in seen]
        (left, *_), (right, *_) = few.step(acts[0]), many.step(acts[1])
        np.testing.assert_array_equal(few.payoffs, many.payoffs[:3])
        seen = left, right


def test_a_reset_repeats_and_a_seed_changes_everything():
    env = TreeVecEnv(TREE, uniform(TREE, 1), 64, seed=4)
    first, again = (play(env, uniform(TREE, 0), 10)[0] for _ in range(2))
    np.testing.assert_array_equal(first, again)
    env.seed(5)
    other, _ = play(env, uniform(TREE, 0), 10)
    assert other.tolist() != first.tolist()


def test_observations_end_with_the_mask_and_fit_their_space():
    env = TreeVecEnv(TREE, uniform(TREE, 1), 8)
    seen = env.reset()
    assert all(env.observation_space.contains(one) for one in seen)
    np.testing.assert_array_equal(observations_of(TREE, 0)[:, -ACTIONS:] > 0, TREE.legal[0])


def test_rewards_are_scaled_and_ends_are_told():
    env = TreeVecEnv(TREE, uniform(TREE, 0), 64, reward_scale=0.25)
    env.reset()
    observations, rewards, over, infos = env.step(np.zeros(64, dtype=int))
    assert over.all()  # the column player moves once
    np.testing.assert_allclose(rewards, env.payoffs / 4)
    assert env.episodes == 64
    for info, payoff in zip(infos, env.payoffs, strict=True):
        assert info["payoff"] == payoff
        assert env.observation_space.contains(info["terminal_observation"])
    assert observations.shape == (64, 6)


def test_an_illegal_action_is_refused():
    env = TreeVecEnv(TREE, uniform(TREE, 0), 4)
    env.reset()
    with pytest.raises(UsageError, match="illegal in slot 2"):
        env.step(np.array([0, 1, 2, 0]))


def test_episodes_without_a_turn_are_dealt_again_and_counted():
    tree = one_sided_tree()
    rarely = Behaviour(1, np.array([[0.9, 0.1, 0.0]]))
    env = TreeVecEnv(tree, rarely, 100)
    env.reset()
    assert env.step(np.zeros(100, dtype=int))[1].tolist() == [1.0] * 100
    assert env.episodes == pytest.approx(2 * 1000 - 100, rel=0.2)


def test_an_opponent_that_gives_no_turn_is_refused():
    never = Behaviour(1, np.array([[1.0, 0.0, 0.0]]))
    with pytest.raises(UsageError, match="never lets the player have a turn"):
        TreeVecEnv(one_sided_tree(), never)
