"""A response that trains in both seats: half of everything is played in either."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from arenas import make_arena

from ssa_psro.game import FEATURES, CoverageGame
from ssa_psro.games.coverage import Coverage
from ssa_psro.games.coverage.task import DoctrineTask
from ssa_psro.learn import Member, OracleRequest, make_oracle
from ssa_psro.policies import ConstantDoctrine, Mixture, make_policy, play
from ssa_psro.randomness import derive_seed, episode_seeds

GAME = CoverageGame(make_arena(seed=4, sensors=(2, 2), objects=10, access=0.8, denial=0.2))
OPPONENTS = tuple(Member(name, make_policy(name)) for name in ("random", "blinding"))
EVEN = np.array([0.5, 0.5])
OWN = (Member("own", make_policy("random"), constant_action=np.zeros(len(FEATURES))),)
OPPONENT = Mixture("opponents", [one.policy for one in OPPONENTS], EVEN)
BOTH = OracleRequest(
    0, 1, "new", OPPONENTS, EVEN, OWN, np.ones(1), np.zeros(1), "scratch", seed=3, both=True
)
SHORT = {"steps": 1_500, "environments": 6, "hidden": (4,)}


def alone(policy, side, seeds):
    """What a policy earns in one seat, ``[E]``."""
    pair = (policy, OPPONENT) if side == 0 else (OPPONENT, policy)
    return play(GAME, *pair, seeds).payoffs[:, side]


def test_a_score_is_the_mean_over_both_seats_of_the_first_half_of_the_episodes():
    seeds = episode_seeds(1, "any", count=8)
    policies = {name: make_policy(name) for name in ("aggressive", "reactive")}
    found = DoctrineTask(GAME, BOTH).scores(policies, seeds)
    for name, policy in policies.items():
        halves = [alone(policy, side, seeds[:4]).mean() for side in (0, 1)]
        assert halves[0] != pytest.approx(halves[1])
        assert found[name] == pytest.approx(np.mean(halves), abs=1e-12)


@pytest.mark.parametrize(("count", "played"), [(8, 4), (5, 3), (1, 1)])
def test_a_search_plays_as_much_as_in_one_seat(count, played):
    oracle = make_oracle("cma-es", Coverage.of(GAME), {"hidden": (4,)})
    space = oracle.space(BOTH, oracle._agent(BOTH))
    seeds, doctrine = space.episodes(2, count), np.full(len(FEATURES), 0.3)
    assert seeds.shape == (played,)
    payoffs, decisions = space.payoffs(np.stack([doctrine, -doctrine]), seeds)
    assert decisions == 2 * 2 * played * GAME.decisions
    policy = ConstantDoctrine("own", tuple(doctrine))
    halves = [alone(policy, side, seeds).mean() for side in (0, 1)]
    assert payoffs[0] == pytest.approx(np.mean(halves), abs=1e-12)


@pytest.mark.parametrize(("slots", "blue"), [(6, 3), (5, 3), (1, 1)])
def test_half_of_the_slots_play_each_seat_of_the_same_episodes(slots, blue):
    env = DoctrineTask(GAME, BOTH).env(slots, 1.0)
    env.seed(7)
    env.reset()
    doctrine = np.full((slots, len(FEATURES)), 0.3)
    for _ in range(GAME.decisions):
        env.step(doctrine)
    assert env.over.all()
    assert env.episodes == slots
    seeds = np.array([derive_seed(7 + n, "episode", 0) for n in range(blue)], dtype=np.uint64)
    policy = ConstantDoctrine("own", tuple(doctrine[0]))
    expected = np.concatenate([alone(policy, 0, seeds), alone(policy, 1, seeds)[: slots - blue]])
    np.testing.assert_allclose(env.payoffs, expected, atol=1e-9)


def test_lessons_and_situations_are_seen_from_both_seats():
    one, both = (DoctrineTask(GAME, replace(BOTH, both=both)) for both in (False, True))
    taught = [task.lessons(OWN, np.ones(1), 5) for task in (one, both)]
    for seen in taught:
        assert seen.reach.sum() == pytest.approx(1)
        assert seen.frequency.sum() == pytest.approx(1)
    assert taught[0].observations.shape == taught[1].observations.shape
    assert not np.array_equal(taught[0].observations, taught[1].observations)
    alike, apart = both.situations(5).observations, one.situations(5).observations
    assert alike.shape == apart.shape
    half = len(alike) // 2
    assert not np.array_equal(alike[:half], alike[half:])  # the same episodes, from two seats


@pytest.mark.learner
@pytest.mark.parametrize("name", ["cma-es", "ppo", "sac", "dqn", "cma-es+ppo"])
def test_every_oracle_trains_in_both_seats_and_repeats_itself(name):
    oracle = make_oracle(name, Coverage.of(GAME), {**SHORT, "validation_episodes": 6}, 1)
    found, again = oracle(BOTH), oracle(BOTH)
    assert found.member.name == "new"
    assert found.facts["decisions"] == again.facts["decisions"] > 0
    for key, weights in found.member.parameters.items():
        np.testing.assert_array_equal(weights, again.member.parameters[key])
