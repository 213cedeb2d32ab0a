"""What every oracle keeps to, whatever is behind it.

The exact one answers for a matrix game; all that a scenario can name train in the same small
coverage game.
"""

from __future__ import annotations

import json
import pickle
import random
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
import torch
from study.small_runs import small_study

from ssa_psro.errors import UsageError
from ssa_psro.games.coverage import Coverage
from ssa_psro.games.matrix import MatrixGame
from ssa_psro.learn import (
    Member,
    Oracle,
    OracleRequest,
    OracleResult,
    make_oracle,
    oracles_for,
)
from ssa_psro.policies import make_policy
from ssa_psro.randomness import episode_seeds
from ssa_psro.study.policies import store_network

DECISIONS = 1536
STUDY = small_study()
COVERAGE = Coverage(STUDY.scenario)
SETTINGS = {**STUDY.oracle.values, "steps": DECISIONS, "environments": 32}
GAME = MatrixGame.of(np.random.default_rng(0).normal(size=(4, 3, 2)))


@dataclass(frozen=True)
class Case:
    """An oracle, and the members that its game has at first."""

    oracle: Oracle[Any]
    members: tuple[tuple[Member[Any], ...], tuple[Member[Any], ...]]

    def request(self, side: int, seed: int = 5) -> OracleRequest[Any]:
        own, others = self.members[side], self.members[1 - side]
        return OracleRequest(
            side=side,
            iteration=1,
            name="response",
            opponents=others,
            opponent_mixture=np.full(len(others), 1 / len(others)),
            learners=own,
            learner_mixture=np.full(len(own), 1 / len(own)),
            learner_scores=np.arange(len(own))[::-1] / 10,
            start="heuristic",
            seed=seed,
        )


def _heuristics() -> tuple[Member[Any], ...]:
    policies = [make_policy(name) for name in ("aggressive", "random")]
    return tuple(Member(p.name, p, constant_action=p.weights) for p in policies)


def _exact() -> Case:
    rows, columns = (tuple(GAME.pure(side, action) for action in (0, 1)) for side in (0, 1))
    return Case(make_oracle("exact", GAME), (rows, columns))


def _case(name: str) -> Case:
    if name == "exact":
        return _exact()
    short: dict[str, Any] = {
        "cma-es": {"episodes": 2},
        "cma-es+ppo": {"population": 8, "episodes": 2, "search_share": 0.5},
    }.get(name, {})
    values = {**SETTINGS, "validation_episodes": 24, **short}
    return Case(make_oracle(name, COVERAGE, values, STUDY.seed), (_heuristics(), _heuristics()))


TRAINING = oracles_for(Coverage.offers)
CASES = {name: _case(name) for name in ("exact", *TRAINING)}


class _Answers(dict[tuple[str, int], OracleResult[Any]]):
    """Answers by oracle and side that several tests look at, trained when first asked for."""

    def __missing__(self, key: tuple[str, int]) -> OracleResult[Any]:
        name, side = key
        self[key] = CASES[name].oracle(CASES[name].request(side))
        return self[key]


ANSWERS = _Answers()


def fingerprint(result: OracleResult[Any]) -> str:
    """Changes with any bit of the policy."""
    weights = result.member.parameters
    arrays = {"policy": result.member.policy} if weights is None else weights
    return sha256(b"".join(arrays[name].tobytes() for name in sorted(arrays))).hexdigest()


def _untimed(result: OracleResult[Any]) -> dict[str, Any]:
    timing = {"training_s", "start_s", "decisions_per_s", "share_in_game", "share_outside_torch"}
    return {key: value for key, value in result.facts.items() if key not in timing}


def _seed_all(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    torch.manual_seed(seed)


def _draw_all() -> tuple[float, float, float]:
    return random.random(), np.random.rand(), torch.rand(1).item()  # noqa: NPY002


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_complete(name: str, side: int) -> None:
    result = ANSWERS[name, side]
    assert result.member.name == "response"
    assert json.loads(json.dumps(dict(result.facts), allow_nan=False)) == result.facts


@pytest.mark.parametrize("name", CASES)
def test_equal_requests_have_equal_answers_whatever_global_generators_hold(name: str) -> None:
    """And the generators hold the same afterwards."""
    _seed_all(77)
    expected = _draw_all()
    _seed_all(77)
    again = CASES[name].oracle(CASES[name].request(0))
    assert _draw_all() == expected
    assert fingerprint(again) == fingerprint(ANSWERS[name, 0])
    assert _untimed(again) == _untimed(ANSWERS[name, 0])


@pytest.mark.parametrize("name", TRAINING)
def test_another_seed_is_another_training_and_half_a_budget_is_kept_to(name: str) -> None:
    case = CASES[name]
    whole, half = ANSWERS[name, 0], case.oracle(replace(case.request(0, seed=6), budget=0.5))
    assert half.facts["first_return"] != whole.facts["first_return"]
    assert whole.facts["decisions"] == pytest.approx(DECISIONS, rel=0.1)
    assert half.facts["decisions"] == pytest.approx(DECISIONS / 2, rel=0.1)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("name", TRAINING)
def test_a_response_is_not_worse_than_its_start(name: str, side: int) -> None:
    """The scores in its facts are those that a match of the stored policy has again."""
    result, request = ANSWERS[name, side], CASES[name].request(side)
    kept = result.facts[f"validation_{result.facts['kept']}"]
    assert kept >= result.facts["validation_start"]
    task = COVERAGE.task(request, ("continuous",))
    seeds = episode_seeds(request.seed, "validation", count=24)
    assert task.scores({"again": result.member.policy}, seeds)["again"] == kept


def test_the_exact_answer_is_not_worse_than_any_action() -> None:
    for side in (0, 1):
        request, own = CASES["exact"].request(side), GAME.payoffs[..., side]
        opponent = GAME.mix([m.policy for m in request.opponents], request.opponent_mixture)
        payoffs = own @ opponent if side == 0 else opponent @ own
        assert ANSWERS["exact", side].facts["payoff"] == payoffs.max()


@pytest.mark.parametrize("name", TRAINING)
def test_a_response_can_be_stored(name: str, tmp_path) -> None:
    member = ANSWERS[name, 0].member
    assert all(array.dtype == np.float32 for array in member.parameters.values())
    assert all(np.isfinite(array).all() for array in member.parameters.values())
    store_network(tmp_path / "000-response.json", member, 1, "any")
    assert (tmp_path / "000-response.safetensors").is_file()


@pytest.mark.parametrize("name", TRAINING)
def test_a_response_can_be_started_from(name: str) -> None:
    """One's own kind is inherited whole; ``inherit-last`` finds it."""
    case = CASES[name]
    asked = case.request(0)
    asked = replace(
        asked,
        learners=(*asked.learners, ANSWERS[name, 0].member),
        learner_mixture=np.array([0.5, 0.0, 0.5]),
        learner_scores=np.zeros(3),
        start="inherit-last",
    )
    start = case.oracle.start(asked)
    assert start.note == "inherit-last: 1.000 response"
    own = ANSWERS[name, 0].member.parameters
    inherited = set(own) - {"log_std"}  # which starts anew
    assert all(np.array_equal(start.weights[key], own[key]) for key in inherited)


@pytest.mark.parametrize("name", TRAINING)
def test_an_unknown_start_rule_is_reported(name: str) -> None:
    case = CASES[name]
    with pytest.raises(UsageError, match="'fusion'"):
        case.oracle(replace(case.request(0), start="fussion"))


@pytest.mark.parametrize("name", TRAINING)
def test_an_oracle_travels(name: str) -> None:
    oracle = make_oracle(name, COVERAGE, SETTINGS, STUDY.seed)
    assert pickle.loads(pickle.dumps(oracle)) == oracle


def test_an_unknown_oracle_is_reported() -> None:
    with pytest.raises(UsageError, match="'cma-es'"):
        make_oracle("cmaes", COVERAGE)
