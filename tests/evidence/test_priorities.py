"""PSRO by priorities: the page says what rows say; fused starts are members' weighted sums."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from study.small_runs import small_study

from evidence.modes import LOG_STD, learned
from evidence.priorities import ARMS, MARK, MODE, PriorityOracle, table_of
from ssa_psro.findings.wording import Form
from ssa_psro.games.coverage import Coverage
from ssa_psro.learn.protocol import Member, OracleRequest
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.policies import Policy, make_policy
from ssa_psro.report.markdown import tables_of

ROOT = Path(__file__).parents[2]


def test_the_page_has_the_table_of_the_stored_rows() -> None:
    with (ROOT / f"figures/{MARK}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["arm"] for row in rows} == set(ARMS)
    page = (ROOT / "docs/fusion-findings.md").read_text("utf-8")
    assert tables_of(page)[MARK] == table_of(rows)
    gains = {
        arm: np.array(
            [
                float(row["value"])
                for row in rows
                if (row["arm"], row["quantity"]) == (arm, "attack by priorities")
            ]
        )
        for arm in ARMS
    }
    words, level = " ".join(page.split()), Form(3)
    told = [level.interval(student_interval(gains[arm])) for arm in ("fusion", "scratch")]
    assert f"gains {told[0]} over the final mixtures with fused starts and {told[1]}" in words
    apart = student_interval(gains["fusion"] - gains["scratch"])
    change = Form(3, signed=True).interval(apart)
    assert f"difference {change}" in words
    assert f"seeds differ by {change} under an attack of the same kind" in words


@pytest.fixture(scope="module")
def asked() -> tuple[PriorityOracle, OracleRequest[Policy]]:
    """An oracle, and a request whose own members are two networks and a heuristic."""
    game, idle = Coverage(small_study().scenario), make_policy("random")
    members: list[Member[Policy]] = [
        Member(str(seed), learned(MODE, game, idle, 0, seed)) for seed in (1, 2)
    ]
    members.append(Member("random", idle))
    request: OracleRequest[Policy] = OracleRequest(
        side=0,
        iteration=2,
        name="blue-2",
        opponents=(Member("random", idle),),
        opponent_mixture=np.ones(1),
        learners=tuple(members),
        learner_mixture=np.array([0.15, 0.45, 0.4]),
        learner_scores=np.zeros(3),
        start="fusion",
        seed=1,
    )
    return PriorityOracle(game, 64, seed=1), request


def weights_of(member: Any) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = member.policy.model.policy.state_dict()
    return found


def test_a_fused_start_is_the_sum_by_shares_of_those_that_have_weights(asked: Any) -> None:
    oracle, request = asked
    start, told = oracle.start(request)
    first, second, _ = (member for member in request.learners)
    for name, found in start.items():
        if name != "log_std":
            wanted = 0.25 * weights_of(first)[name] + 0.75 * weights_of(second)[name]
            torch.testing.assert_close(found, wanted)
    assert told == "fusion of 2"
    assert (start["log_std"] == LOG_STD).all()


def test_scratch_is_one_initialisation_whatever_is_asked(asked: Any) -> None:
    oracle, request = asked
    first, other = (
        oracle.start(type(request)(**{**vars(request), "start": "scratch", "seed": seed}))
        for seed in (1, 2)
    )
    assert first[1] == other[1] == "scratch"
    for name, found in first[0].items():
        torch.testing.assert_close(found, other[0][name])


def test_a_response_learns_from_its_start(asked: Any) -> None:
    oracle, request = asked
    result = oracle(request)
    assert (result.member.name, result.start) == ("blue-2", "fusion of 2")
    assert result.facts["decisions"] >= 64
    before, _ = oracle.start(request)
    after = weights_of(result.member)
    assert any(not torch.equal(after[name], before[name]) for name in before)
