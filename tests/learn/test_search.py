"""CMA-ES over constant doctrines: what it plays, where it starts, and that it gets somewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
from arenas import make_arena
from hypothesis import given, settings
from hypothesis import strategies as st
from learn.test_oracle_contract import CASES
from policies.members import some_network

from ssa_psro.game import FEATURES, CoverageGame, chance
from ssa_psro.games.coverage import Coverage
from ssa_psro.games.coverage.doctrines import constant_network, stratified
from ssa_psro.learn import Member, OracleRequest, make_oracle
from ssa_psro.learn.embedding import LAYOUT
from ssa_psro.learn.evolution import SearchSettings, search
from ssa_psro.learn.starts import Start
from ssa_psro.policies import ConstantDoctrine, DoctrineNetwork, Mixture, make_policy, play
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
    space, values = space_of(side), SearchSettings(steps=30_000)
    found = search({"zeros": space}, 30_000, 1, settings=values, progress=shares.append)
    seeds = episode_seeds(0, "never searched on", count=200)
    (begun, ended), _ = space.payoffs(np.stack([ZEROS, found.vector]), seeds)
    assert ended > begun + 0.05
    assert np.abs(found.vector).max() <= 1
    assert shares == sorted(shares)
    assert 0.9 < shares[-1] <= 1.0


@pytest.mark.parametrize("side", [0, 1])
def test_a_network_goes_on_reacting_around_the_doctrines_searched(side):
    space = space_of(side)
    seen = np.random.default_rng(1)
    weights = {
        **space.start.weights,
        LAYOUT.head_weight: seen.normal(0, 0.5, space.start.weights[LAYOUT.head_weight].shape),
    }
    reacting = replace(space, start=Start(weights, {}, "any"))
    doctrines = seen.uniform(-1, 1, (3, len(FEATURES)))
    seeds = episode_seeds(0, "any", count=5)
    found, _ = reacting.payoffs(doctrines, seeds)
    assert not np.allclose(found, space.payoffs(doctrines, seeds)[0])
    for doctrine, payoff in zip(doctrines, found, strict=True):
        own = DoctrineNetwork("own", reacting.weights(doctrine))
        assert not own.constant
        blue, red = (own, OPPONENT) if side == 0 else (OPPONENT, own)
        assert payoff == pytest.approx(play(GAME, blue, red, seeds).payoffs[:, side].mean())


def test_heuristics_are_fused_into_one_doctrine():
    case = CASES["cma-es"]
    start = case.oracle.start(replace(case.request(0), start="fusion"))
    mean = np.mean([make_policy(name).weights for name in ("aggressive", "random")], axis=0)
    assert np.allclose(start.weights["actor.head.bias"], mean, atol=1e-6)


@dataclass(frozen=True)
class Bowls:
    """The higher of two round summits of heights 1 and ``low``; a vector tried is a decision."""

    summit: tuple[float, ...]
    low: float = -np.inf
    centre: tuple[float, ...] = ()
    bounds: ClassVar[None] = None
    diagonal: ClassVar[bool] = False
    decisions: ClassVar[float] = 1.0

    def episodes(self, seed, count):
        return episode_seeds(seed, count=count)

    def payoffs(self, tried, seeds):
        away = [np.square(tried - sign * np.array(self.summit)).sum(axis=1) for sign in (1, -1)]
        noise = np.random.default_rng(seeds).normal(0.0, 0.01)  # the same for all that are tried
        return np.maximum(1 - away[0], self.low - away[1]) + noise, len(tried) * len(seeds)


EASY = SearchSettings(steps=1, population=8, episodes=1, validation_episodes=2)


def found_in(space, starts, decisions, settings=EASY):
    begun = {name: replace(space, centre=tuple(centre)) for name, centre in starts.items()}
    return search(begun, decisions, 1, settings=settings)


@given(
    summit=st.lists(st.floats(-1, 1), min_size=2, max_size=4),
    start=st.floats(-2, 2),
)
@settings(max_examples=20, deadline=None)
def test_a_summit_is_found_from_anywhere(summit, start):
    space, begin = Bowls(tuple(summit)), np.full(len(summit), start)
    found = found_in(space, {"any": begin}, 4000)
    assert found.vector == pytest.approx(summit, abs=0.05)
    assert found.converged
    assert found.told()["stopped"] == found.stopped != "budget"


def test_a_search_that_is_cut_off_has_not_converged():
    found = found_in(Bowls((1.0, -1.0, 0.5)), {"any": np.zeros(3)}, 80)
    assert not found.converged
    assert found.stopped == "budget"
    assert found.restarts == 0


@given(decisions=st.integers(1, 1500), count=st.integers(1, 6))
@settings(max_examples=20, deadline=None)
def test_the_budget_is_kept_to_within_a_generation(decisions, count):
    starts = {str(k): np.full(3, k / 4) for k in range(count)}
    found = found_in(Bowls((1.0, -1.0, 0.5)), starts, decisions)
    largest = EASY.population * 2**found.restarts
    assert decisions - 2 * largest - 2 < found.decisions <= max(decisions, EASY.population)


def test_what_is_left_after_convergence_goes_to_restarts_with_larger_populations():
    space, starts = Bowls((1.0, -1.0, 0.5)), {"any": np.zeros(3)}
    once, again = (found_in(space, starts, decisions) for decisions in (800, 4000))
    assert again.restarts > once.restarts
    assert np.linalg.norm(again.vector - space.summit) < 0.05


@pytest.mark.parametrize("order", [1, -1])
def test_the_better_of_two_basins_wins_the_race(order):
    space = Bowls((2.0, 2.0, 2.0), low=0.5)
    ends = [("near", np.full(3, 1.5)), ("far", np.full(3, -1.5))]
    found = found_in(space, dict(ends[::order]), 1000)
    assert (found.start, found.starts) == ("near", 2)
    assert found.vector == pytest.approx(space.summit, abs=0.05)


def test_fewer_starts_race_where_the_budget_is_short():
    starts = {str(k): np.zeros(3) for k in range(9)}
    raced = [found_in(Bowls((1.0, 1.0, 1.0)), starts, n).starts for n in (100, 400, 1500, 9000)]
    assert raced == [1, 2, 4, EASY.starts]


def test_equal_arguments_give_equal_vectors():
    space, values = space_of(0), SearchSettings(steps=1)
    information = constant_network(space.start.weights, make_policy("information").weights)
    starts = {"zeros": space, "information": replace(space, start=Start(information, {}, "any"))}
    one, other = (search(starts, 12_000, 3, settings=values) for _ in range(2))
    assert np.array_equal(one.vector, other.vector)
    assert one.returns == other.returns
    assert not np.array_equal(one.vector, search(starts, 12_000, 4, settings=values).vector)


MIXED = Mixture("mixed", [make_policy("random")] * 4, np.array([0.5, 0.0, 0.4, 0.1]))


@pytest.mark.parametrize("seats", [(0,), (1,), (0, 1)])
@pytest.mark.parametrize("count", [1, 4, 10])
def test_opponents_come_as_often_as_is_their_due(seats, count):
    counts = []
    for seed in range(100):
        seeds = stratified(MIXED, seats, seed, count)
        assert len(set(seeds.tolist())) == count
        for seat in seats:
            drawn = MIXED.draw(chance.branch(seeds, chance.POLICY, seat))
            counts.append(np.bincount(drawn, minlength=4))
    due = count * MIXED.probabilities
    assert (np.floor(due) <= np.min(counts, axis=0)).all()
    assert (np.max(counts, axis=0) <= np.ceil(due)).all()
    # within four standard errors of what is rounded by chance
    assert np.mean(counts, axis=0) == pytest.approx(due, abs=4 * 0.5 / len(counts) ** 0.5)


@pytest.mark.parametrize("side", [0, 1])
def test_a_space_stratifies_the_seat_of_the_opponent(side):
    seeds = space_of(side).episodes(5, 8)
    view = GAME.view(GAME.start(seeds), 1 - side)
    assert np.bincount(OPPONENT.draw(view.seed)).tolist() == [4, 4]


def test_a_search_may_begin_at_every_member_that_is_a_constant_doctrine():
    case = CASES["cma-es"]
    asked = case.request(0)
    starts = case.oracle.starts(asked, case.oracle._agent(asked))
    weights = {name: make_policy(name).weights for name in ("aggressive", "random")}
    assert list(starts) == [
        "heuristic: 1.000 aggressive",
        "inherit-nash: 1.000 random",
        "fusion: 0.500 aggressive, 0.500 random",
        "scratch",
    ]
    aggressive, other, fused, scratch = (space.centre for space in starts.values())
    assert np.allclose(aggressive, weights["aggressive"], atol=1e-6)
    assert np.allclose(other, weights["random"], atol=1e-6)
    assert np.allclose(fused, (aggressive + other) / 2, atol=1e-6)
    assert not scratch.any()
