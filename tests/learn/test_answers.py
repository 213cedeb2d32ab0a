"""Where a response starts, and which of its candidates is the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from ssa_psro.errors import UsageError
from ssa_psro.learn import Member, OracleRequest, settings_for
from ssa_psro.learn.answers import answer, check_selection, start_from, validation_seeds
from ssa_psro.learn.embedding import LAYOUT, SQUASHED_MOST, embed
from ssa_psro.learn.starts import START_RULES
from ssa_psro.randomness import episode_seeds

CANDIDATES = {
    name: {"w": np.array([number])} for number, name in enumerate(("start", "mid", "end"))
}


def request(start="scratch", budget=1.0):
    members = (Member("a", "a", parameters={"w": np.array([7.0])}), Member("b", "b"))
    even = np.array([0.5, 0.5])
    return OracleRequest(
        0, 1, "blue-1", members, even, members, even, np.zeros(2), start, seed=5, budget=budget
    )


@dataclass
class _Task:
    """Pays candidates as told, and notes whom it was asked for."""

    scoring: str
    paid: dict[str, float] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)

    def scores(self, policies, seeds):
        self.asked.append((dict(policies), seeds))
        return {name: self.paid[name] for name in policies}

    def told(self, scores, kept, request):
        return {"kept": kept, "told": dict(scores), "for": request.name}


def answered(task, select):
    return answer(
        task,
        request(),
        CANDIDATES,
        lambda name, weights: f"{name} of {weights['w'][0]}",
        start="scratch",
        facts={"decisions": 9},
        select=select,
        episodes=6,
    )


@pytest.mark.parametrize(
    ("paid", "kept"),
    [((0.1, 0.5, 0.3), "mid"), ((0.2, 0.2, 0.2), "start"), ((0.1, 0.2, 0.2), "mid")],
)
def test_the_best_candidate_is_the_answer_and_the_first_of_equals(paid, kept):
    task = _Task("episodes", dict(zip(CANDIDATES, paid, strict=True)))
    found = answered(task, "episodes")
    number = list(CANDIDATES).index(kept)
    assert found.member.policy == f"blue-1 of {number}"
    assert found.member.parameters is CANDIDATES[kept]
    assert (found.member.name, found.start) == ("blue-1", "scratch")
    assert found.facts == {"decisions": 9, "kept": kept, "told": task.paid, "for": "blue-1"}
    (policies, seeds), *more = task.asked
    assert not more
    assert policies == {"start": "start of 0", "mid": "mid of 1", "end": "end of 2"}
    np.testing.assert_array_equal(seeds, episode_seeds(5, "validation", count=6))


def test_the_end_is_the_answer_unasked_where_asking_takes_episodes():
    task = _Task("episodes")
    found = answered(task, "end")
    assert found.member.parameters is CANDIDATES["end"]
    assert (task.asked, found.facts["told"]) == ([], {})


def test_exact_scores_are_told_whoever_is_the_answer():
    task = _Task("exact", {"start": 3.0, "mid": 2.0, "end": 1.0})
    for select, kept in (("end", "end"), ("exact", "start")):
        found = answered(task, select)
        assert found.member.parameters is CANDIDATES[kept]
        assert found.facts["told"] == task.paid
    assert all(seeds.size == 0 for _, seeds in task.asked)


def test_seeds_that_compare_are_of_their_purpose():
    one, other = (
        validation_seeds(_Task("episodes"), request(), purpose, 4) for purpose in ("one", "other")
    )
    assert len(set(one.tolist()) | set(other.tolist())) == 8


@pytest.mark.parametrize(
    ("scoring", "refused", "problem"),
    [
        ("exact", "episodes", "payoffs here are exact .*Use end or exact"),
        ("episodes", "exact", "payoffs are not exact .*Use end or episodes"),
    ],
)
def test_candidates_are_compared_by_what_there_is(scoring, refused, problem):
    task = _Task(scoring)
    for select in ("end", scoring):
        check_selection(select, task)
    with pytest.raises(UsageError, match=problem):
        check_selection(refused, task)


@dataclass
class _Game:
    starts: tuple[str, ...] = tuple(START_RULES)


@dataclass
class _Learner:
    """Says what it was asked to draw."""

    settings: Any

    def drawn(self, initialisation, seed, *, full_head=False):
        return {"w": np.array([1.0])}


def test_a_start_is_by_the_rule_of_the_request_or_another():
    fresh = {"w": np.array([0.0])}
    assert start_from(_Game(), request("inherit-last"), fresh).weights["w"] == 7.0
    assert start_from(_Game(), request("inherit-last"), fresh, rule="scratch").weights["w"] == 0.0
    with pytest.raises(UsageError, match="cannot be used in this game"):
        start_from(_Game(("scratch",)), request("fusion"), fresh)


def test_a_rule_is_told_the_budget_and_a_seed_of_its_own(monkeypatch):
    seen = []
    monkeypatch.setitem(START_RULES, "scratch", seen.append)
    values = {"steps": 1000, "hidden": (4,), "environments": 1, "learning_rate": 0.1}
    settings = settings_for("ppo", {}, values | {"restarts": 3, "restart_share": 0.25})
    learner = _Learner(settings)
    asked, fresh = request(budget=0.5), {"w": np.array([0.0])}
    start_from(_Game(), asked, fresh)
    start_from(_Game(), asked, fresh, learner)
    alone, taught = seen
    assert (alone.decisions, alone.restarts, alone.restart_share) == (0, 1, 0.0)
    assert (taught.decisions, taught.restarts, taught.restart_share) == (500, 3, 0.25)
    assert taught.learner is learner
    assert alone.seed == taught.seed != asked.seed


FRESH = {
    LAYOUT.head_weight: np.ones((2, 3), np.float32),
    LAYOUT.head_bias: np.ones(2, np.float32),
    "actor.0.weight": np.full((3, 4), 5.0, np.float32),
}


def test_an_action_at_the_edge_of_a_squashed_head_is_cut_off():
    member = Member("h", "h", constant_action=np.array([1.0, -0.5]))
    squashed = embed(member, {**FRESH, LAYOUT.squash: np.zeros(1)})
    np.testing.assert_allclose(np.tanh(squashed[LAYOUT.head_bias]), [SQUASHED_MOST, -0.5])
    assert not squashed[LAYOUT.head_weight].any()
    assert embed(member, FRESH)[LAYOUT.head_bias].tolist() == [1.0, -0.5]
    assert SQUASHED_MOST == 0.99


def test_who_fits_no_network_cannot_be_embedded():
    assert embed(Member("code", "code"), FRESH) is None
    assert embed(Member("h", "h", constant_action=np.zeros(3)), FRESH) is None
    assert embed(Member("n", "n", parameters={"other": np.zeros(1)}), FRESH) is None


def test_an_action_on_the_list_is_the_one_of_highest_value():
    choices = np.array([[0, 0], [1, -1], [0.5, 0.5]], np.float32)
    fresh = {
        LAYOUT.choices: choices,
        LAYOUT.value_head_weight: np.ones((3, 4), np.float32),
        LAYOUT.value_head_bias: np.ones(3, np.float32),
    }
    found = embed(Member("h", "h", constant_action=np.array([0.5, 0.5])), fresh)
    assert found[LAYOUT.value_head_bias].tolist() == [0.0, 0.0, 1.0]
    assert not found[LAYOUT.value_head_weight].any()
    half = Member("h", "h", constant_action=np.array([1.0, 0.5]))
    for stranger in (half, Member("code", "code")):
        assert embed(stranger, fresh) is None
