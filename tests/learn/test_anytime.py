"""Anytime training: whom the learner meets in each round, and how the opponents shift."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from ssa_psro.games.matrix import MatrixGame
from ssa_psro.learn import Member, OracleRequest, OracleResult
from ssa_psro.learn.anytime import AnytimeOracle

GAME = MatrixGame.of(np.array([[0.0, 1.0, -1.0], [-1.0, 0.0, 1.0], [1.0, -1.0, 0.0]]))


@dataclass
class _Pure:
    """Always answers with the first action, and remembers what it was asked."""

    asked: list[OracleRequest] = field(default_factory=list)

    def __call__(self, request):
        self.asked.append(request)
        member = Member(request.name, np.eye(3)[0], parameters={"logits": np.zeros(3)})
        return OracleResult(member, facts={"decisions": 1})


def request() -> OracleRequest:
    opponents = tuple(GAME.pure(1, action) for action in range(3))
    own = (GAME.pure(0, 2),)
    return OracleRequest(
        0, 1, "new", opponents, np.array([1.0, 0.0, 0.0]), own, np.ones(1), np.zeros(1), "fusion", 4
    )


def test_a_tenth_of_the_first_mixture_is_spread_evenly():
    pure = _Pure()
    AnytimeOracle(pure, GAME.judge)(request())
    np.testing.assert_allclose(pure.asked[0].opponent_mixture, [0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3])


def test_opponents_step_towards_who_does_well_and_the_learner_goes_on():
    pure = _Pure()
    result = AnytimeOracle(pure, GAME.judge, rounds=3, rate=2.0)(request())
    first, second, third = (one.opponent_mixture for one in pure.asked)
    # against the first action, opponents earn 0, -1 and 1: a spread of 2
    expected = first * np.exp(2.0 * (np.array([0.0, -1.0, 1.0]) - 1.0) / 2.0)
    np.testing.assert_allclose(second, expected / expected.sum())
    assert third[2] > second[2] > first[2]
    assert [one.start for one in pure.asked] == ["fusion", "inherit-last", "inherit-last"]
    assert [one.budget for one in pure.asked] == pytest.approx([1 / 3] * 3)
    assert len({one.seed for one in pure.asked}) == 3
    assert result.member.name == "new"
    assert result.facts["rounds"] == 3
    assert result.facts["opponents_shifted_by"] == pytest.approx(
        np.abs(third - [1.0, 0.0, 0.0]).sum() / 2, abs=1e-4
    )
