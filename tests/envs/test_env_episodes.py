"""What the environments play: the same game, whoever asks."""

from __future__ import annotations

import numpy as np
import pytest
from arenas import make_arena

from ssa_psro.envs import MODES, CoverageEnv, CoverageVecEnv, CoverageVectorEnv, parallel_env
from ssa_psro.envs.modes import FEASIBLE, episode_of
from ssa_psro.game import FEATURES, CoverageGame
from ssa_psro.policies import ConstantDoctrine, Mixture, make_policy, play
from ssa_psro.randomness import derive_seed

GAME = CoverageGame(make_arena(sensors=(3, 2)))
GENERAL_SUM = CoverageGame(make_arena(rules={"payoff": "general-sum"}))
OPPONENT = {"aggressive": 1, "blinding": 1, "random": 2}
DECISIONS = GAME.decisions


def actions_of(space, seed=7):
    space.seed(seed)
    return [space.sample() for _ in range(DECISIONS)]


def run(env, actions, **reset):
    """All observations, rewards and infos of one episode."""
    observation, info = env.reset(**reset)
    seen, rewards, infos = [observation], [], [info]
    for number, action in enumerate(actions):
        observation, reward, over, cut, info = env.step(action)
        assert np.all(over == (number == DECISIONS - 1))
        assert not np.any(cut)
        seen.append(observation)
        rewards.append(reward)
        infos.append(info)
    return seen, np.array(rewards), infos


def assert_same(left, right):
    if isinstance(left, dict):
        assert left.keys() == right.keys()
        assert all(np.array_equal(left[name], right[name]) for name in left)
    else:
        assert np.array_equal(left, right)


@pytest.mark.parametrize("game", [GAME, GENERAL_SUM], ids=["zero-sum", "general-sum"])
@pytest.mark.parametrize("side", ["blue", "red"])
@pytest.mark.parametrize("mode", MODES)
def test_rewards_telescope_to_the_payoff(mode, side, game):
    env = CoverageEnv(game, side=side, opponent=OPPONENT, action_mode=mode)
    _, rewards, infos = run(env, actions_of(env.action_space), seed=3)
    payoff = infos[-1]["payoffs"][0 if side == "blue" else 1]
    assert rewards.sum() == pytest.approx(payoff, abs=1e-12)
    assert np.ptp(rewards) > 0
    scores = infos[-1]["scores"]
    expected = scores - scores[::-1] if game is GAME else scores
    assert np.array_equal(infos[-1]["payoffs"], expected)


@pytest.mark.parametrize("mode", MODES)
def test_vector_environment_equals_single_ones(mode):
    batch = CoverageVectorEnv(GAME, 3, opponent=OPPONENT, action_mode=mode)
    actions = actions_of(batch.action_space)
    seen, rewards, infos = run(batch, actions, seed=11)
    for slot in range(3):
        single = CoverageEnv(GAME, opponent=OPPONENT, action_mode=mode)
        own_seen, own_rewards, own_infos = run(single, [a[slot] for a in actions], seed=11 + slot)
        assert np.array_equal(rewards[:, slot], own_rewards)
        for left, right in zip(seen[:-1], own_seen[:-1], strict=True):
            assert_same(episode_of(left, slot), right)
        assert_same(infos[-1]["final_obs"][slot], own_seen[-1])
        payoffs = infos[-1]["final_info"]["payoffs"][slot]
        assert np.array_equal(payoffs, own_infos[-1]["payoffs"])
        next_episode, _ = single.reset()
        assert_same(episode_of(seen[-1], slot), next_episode)


@pytest.mark.parametrize("mode", MODES)
def test_sb3_environment_equals_the_vector_environment(mode):
    vector = CoverageVectorEnv(GAME, 2, side="red", opponent=OPPONENT, action_mode=mode)
    vec = CoverageVecEnv(GAME, 2, side="red", opponent=OPPONENT, action_mode=mode)
    actions = actions_of(vector.action_space)
    seen, rewards, infos = run(vector, actions, seed=5)
    vec.seed(5)
    assert_same(vec.reset(), seen[0])
    for number, action in enumerate(actions):
        observation, reward, done, info = vec.step(action)
        assert_same(observation, seen[number + 1])
        assert np.array_equal(reward, rewards[number].astype(np.float32))
        assert (done == (number == DECISIONS - 1)).all()
    for slot in range(2):
        assert_same(info[slot]["terminal_observation"], infos[-1]["final_obs"][slot])
        assert info[slot]["episode"]["l"] == DECISIONS
        assert info[slot]["episode"]["r"] == pytest.approx(rewards[:, slot].sum())


@pytest.mark.parametrize("side", ["blue", "red"])
def test_an_episode_is_the_match_that_the_judge_plays(side):
    """Observing, deciding and scoring in an environment changes nothing about the game."""
    weights = np.random.default_rng(0).uniform(-1, 1, len(FEATURES))
    env = CoverageEnv(GAME, side=side, opponent=OPPONENT)
    _, rewards, _ = run(env, [weights] * DECISIONS, seed=21)
    players = [ConstantDoctrine("learner", tuple(weights)), env.duel.opponent]
    blue, red = players if side == "blue" else players[::-1]
    match = play(GAME, blue, red, np.array([derive_seed(21, "episode", 0)], np.uint64))
    assert rewards.sum() == pytest.approx(match.payoffs[0, env.duel.side], abs=1e-12)


@pytest.mark.parametrize("mode", MODES)
def test_pettingzoo_environment_plays_the_same_game(mode):
    """Blue against a constant Red: Red's doctrine as an action equals Red as the opponent."""
    red = make_policy("blinding")
    both = parallel_env(GAME, action_mode=mode)
    alone = CoverageEnv(GAME, opponent=red, action_mode=mode)
    if mode != "doctrine":
        both.modes["red"] = parallel_env(GAME).modes["red"]
    actions = actions_of(alone.action_space)
    seen, rewards, _ = run(alone, actions, seed=2)
    observations, _ = both.reset(seed=2)
    assert_same(observations["blue"], seen[0])
    for number, action in enumerate(actions):
        orders = {"blue": action, "red": red.weights}
        observations, reward, over, _, _ = both.step(orders)
        assert_same(observations["blue"], seen[number + 1])
        assert reward["blue"] == rewards[number] == -reward["red"]
    assert over == {"blue": True, "red": True}
    assert both.agents == []


@pytest.mark.parametrize("mode", MODES)
def test_seeds_reproduce_episodes_and_nothing_else_does(mode):
    def episodes(seed):
        env = CoverageEnv(GAME, opponent=OPPONENT, action_mode=mode)
        actions = actions_of(env.action_space)
        return [run(env, actions, seed=seed)[1], run(env, actions)[1]]

    first, again, other = episodes(1), episodes(1), episodes(2)
    assert np.array_equal(first, again)
    assert not np.array_equal(first[0], first[1])
    assert not np.array_equal(first[0], other[0])


def test_two_unseeded_environments_differ():
    one, two = CoverageEnv(GAME), CoverageEnv(GAME)
    assert not np.array_equal(one.reset()[0], two.reset()[0])


def test_a_mixture_draws_its_member_by_episode():
    batch = CoverageVectorEnv(GAME, 40, opponent=OPPONENT)
    batch.reset(seed=0)
    batch.step(np.zeros(batch.action_space.shape))
    mixture = batch.duel.opponent
    assert isinstance(mixture, Mixture)
    drawn = mixture.draw(GAME.view(batch.duel.episodes.state, 1).seed)
    assert set(drawn) == {0, 1, 2}


def test_another_opponent_plays_from_the_next_decision_on():
    """Also after one whose orders are asked for once an episode."""
    batch, other = (CoverageVectorEnv(GAME, 4, opponent="random") for _ in range(2))
    paid = []
    for env in (batch, other):
        env.reset(seed=6)
        env.duel.meet("aggressive")
        env.step(np.zeros(env.action_space.shape))
        if env is other:
            env.duel.meet("blinding")
        paid.append([env.step(np.zeros(env.action_space.shape))[1] for _ in range(DECISIONS - 2)])
    assert not np.array_equal(*paid)


def test_an_idle_side_does_nothing():
    """Both modes with held orders, and the mask: what is masked out is never carried out."""
    env = CoverageVectorEnv(GAME, 8, opponent="aggressive", action_mode="assignment")
    observation, _ = env.reset(seed=4)
    rng = np.random.default_rng(4)
    for _ in range(DECISIONS - 1):
        env.step(_masked_out(observation[FEASIBLE], rng, idle=GAME.candidates))
        observation = env.duel.observe()
    state = env.duel.episodes.state
    assert state.track.attempts[:, 0].sum() == 0
    assert state.counter.denials[:, 0].sum() == 0
    assert state.counter.protections[:, 0].sum() == 0
    assert state.track.attempts[:, 1].sum() > 0


def test_feasible_choices_are_carried_out():
    env = CoverageVectorEnv(GAME, 8, opponent="random", action_mode="assignment")
    observation, _ = env.reset(seed=4)
    for _ in range(DECISIONS - 1):
        observation, *_ = env.step(observation[FEASIBLE].argmax(axis=2))
    state = env.duel.episodes.state
    assert (state.track.attempts[:, 0].sum(axis=1) > 0).all()


def test_priorities_that_are_not_positive_idle():
    env = CoverageVectorEnv(GAME, 4, action_mode="priority")
    env.reset(seed=4)
    for _ in range(DECISIONS - 1):
        env.step(np.full(env.action_space.shape, -1.0, np.float32))
    assert env.duel.episodes.state.track.attempts[:, 0].sum() == 0


@pytest.mark.parametrize("side", ["blue", "red"])
def test_a_smaller_side_has_fewer_sensors_to_assign(side):
    space = CoverageEnv(GAME, side=side, action_mode="assignment").action_space
    assert len(space.nvec) == {"blue": 3, "red": 2}[side]


def test_masks_fit_the_action_space():
    env = CoverageEnv(GAME, action_mode="assignment")
    observation, info = env.reset(seed=0)
    for _ in range(DECISIONS):
        action = env.action_space.sample(mask=info["action_mask"])
        assert observation[FEASIBLE][np.arange(3), action].all()
        observation, *_, info = env.step(action)


def test_actions_beyond_the_box_are_cut_off():
    inside, beyond = CoverageEnv(GAME), CoverageEnv(GAME)
    signs = np.sign(np.random.default_rng(1).normal(size=len(FEATURES)))
    _, rewards, _ = run(inside, [signs] * DECISIONS, seed=0)
    _, others, _ = run(beyond, [5 * signs] * DECISIONS, seed=0)
    assert np.array_equal(rewards, others)


def _masked_out(feasible, rng, idle):
    """For every sensor a choice at random among the masked-out ones; idle if there is none."""
    luck = rng.random(feasible.shape) * (feasible == 0)
    return np.where(luck.max(axis=2) > 0, luck.argmax(axis=2), idle)
