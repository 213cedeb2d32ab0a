"""CMA-ES over constant doctrines: what it plays, where it starts, and that it gets somewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from arenas import make_arena
from learn.test_oracle_contract import CASES
from policies.members import some_network

from ssa_psro.game import FEATURES, CoverageGame
from ssa_psro.games.coverage import Coverage
from ssa_psro.learn import Member, OracleRequest, make_oracle
from ssa_psro.learn.algorithms.search import SearchSettings, search
from ssa_psro.policies import ConstantDoctrine, Mixture, make_policy, play
from ssa_psro.randomness import episode_seeds

GAME = CoverageGame(make_arena(seed=4, sensors=(2, 2), objects=10, access=0.8, denial=0.0))
OPPONENTS = (Member("random", make_policy("random")), Member("network", some_network(1)))
OPPONENT = Mixture("both", [one.policy for one in OPPONENTS], np.array([0.5, 0.5]))
ZEROS = np.zeros(len(FEATURES))


def space_of(side):
    """Doctrines to search, beginning at zeros."""
    one, own = np.ones(1), (Member("own", make_policy("random")),)
    even = np.array([0.5, 0.5])
    asked = OracleRequest(side, 1, "new", OPPONENTS, even, own, one, np.zeros(1), "scratch", seed=0)
    oracle = make_oracle("cma-es", Coverage.of(GAME), {"hidden": (4,)})
    return oracle.space(asked, oracle._agent(asked))


@pytest.mark.parametrize("side", [0, 1])
def test_all_doctrines_at_once_score_what_each_does_alone(side):
    doctrines = np.random.default_rng(0).uniform(-1, 1, (3, len(FEATURES)))
    seeds = episode_seeds(0, "any", count=5)
    found, decisions = space_of(side).payoffs(doctrines, seeds)
    assert decisions == 3 * 5 * GAME.decisions
    for doctrine, payoff in zip(doctrines, found, strict=True):
        own = ConstantDoctrine("own", tuple(doctrine))
        blue, red = (own, OPPONENT) if side == 0 else (OPPONENT, own)
        assert payoff == pytest.approx(play(GAME, blue, red, seeds).payoffs[:, side].mean())


@pytest.mark.parametrize("side", [0, 1])
def test_it_climbs_and_stays_in_the_box(side):
    shares = []
    space, settings = space_of(side), SearchSettings(steps=30_000)
    found = search(space, 30_000, 1, settings=settings, progress=shares.append)
    seeds = episode_seeds(0, "never searched on", count=200)
    (begun, ended), _ = space.payoffs(np.stack([ZEROS, found.vector]), seeds)
    assert ended > begun + 0.05
    assert np.abs(found.vector).max() <= 1
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) == len(found.returns)


def test_a_network_that_reacts_gives_way_to_the_best_heuristic():
    case = CASES["cma-es"]
    asked = case.request(0)
    fresh = case.oracle.start(replace(asked, start="scratch")).weights
    assert not fresh["actor.head.weight"].any()
    assert not fresh["actor.head.bias"].any()
    reacting = {**fresh, "actor.head.weight": np.ones_like(fresh["actor.head.weight"])}
    member = Member("trained", None, parameters=reacting)
    fused = replace(
        asked,
        learners=(*asked.learners, member),
        learner_mixture=np.array([0.0, 0.5, 0.5]),
        learner_scores=np.array([0.2, 0.1, 0.0]),
        start="fusion",
    )
    start = case.oracle.start(fused)
    assert start.note == "heuristic: 1.000 aggressive (fusion is no constant doctrine)"


def test_heuristics_are_fused_into_one_doctrine():
    case = CASES["cma-es"]
    start = case.oracle.start(replace(case.request(0), start="fusion"))
    mean = np.mean([make_policy(name).weights for name in ("aggressive", "random")], axis=0)
    assert np.allclose(start.weights["actor.head.bias"], mean, atol=1e-6)
