"""Anytime training: whom the learner meets in each round, and how the opponents shift."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from ssa_psro.arrays import Floats
from ssa_psro.games.matrix import MatrixGame
from ssa_psro.learn import Member, OracleRequest, OracleResult
from ssa_psro.learn.anytime import AnytimeOracle
from ssa_psro.learn.protocol import Oracle
from ssa_psro.learn.starts import StartSchedule
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.psro import Population, PsroResult, StopRule, initial_state, run_psro
from ssa_psro.psro.targets import anytime

ROCK_PAPER_SCISSORS = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
GAME = MatrixGame.of(ROCK_PAPER_SCISSORS)


@dataclass
class _Given:
    """Answers with the actions it is given, and remembers what it was asked."""

    actions: list[int]
    asked: list[OracleRequest] = field(default_factory=list)

    def __call__(self, request):
        self.asked.append(request)
        policy = np.eye(3)[self.actions[len(self.asked) - 1]]
        member = Member(request.name, policy, parameters={"logits": np.zeros(3)})
        return OracleResult(member, f"round {len(self.asked)}", {"decisions": 1})


def request(side: int) -> OracleRequest:
    """The learner has rock; the opponents have rock and paper, and play paper, as they should."""
    opponents = tuple(GAME.pure(1 - side, action) for action in (0, 1))
    mixture, known = np.array([0.0, 1.0]), np.array([[0.0, -1.0]])
    own = (GAME.pure(side, 0),)
    return OracleRequest(
        side, 1, "new", opponents, mixture, own, np.ones(1), -np.ones(1), "fusion", 4, payoffs=known
    )


@pytest.mark.parametrize("side", [0, 1])
def test_opponents_shift_to_what_loses_least_to_all_that_is_known(side: int) -> None:
    given = _Given([2, 1])
    result = AnytimeOracle(given, GAME.judge, rounds=2)(request(side))
    first, second = (one.opponent_mixture for one in given.asked)
    assert first.tolist() == [0.0, 1.0]
    # rock gets 0 and -1 of them, scissors -1 and 1: least is lost by 2 of rock to 1 of paper
    assert second == pytest.approx([2 / 3, 1 / 3])
    assert result.opponent_mixture == pytest.approx([2 / 3, 1 / 3])
    assert result.facts["known_replies_get_at_most"] == pytest.approx(-1 / 3)
    assert result.facts["opponents_shifted_by"] == pytest.approx(2 / 3, abs=1e-4)
    assert (result.member.name, result.member.policy.tolist()) == ("new", [0, 1, 0])
    assert (result.start, result.facts["decisions"]) == ("round 1", 2)
    # a response is called the same in every round, the learner that it goes on from is not
    assert [one.name for one in given.asked] == ["new", "new"]
    assert given.asked[1].learners[-1].name == "new, round 1"
    assert np.isfinite(given.asked[1].learner_scores).all()


def test_the_learner_goes_on_and_rounds_share_the_budget() -> None:
    given = _Given([2, 1, 1])
    AnytimeOracle(given, GAME.judge, rounds=3)(request(0))
    assert [one.start for one in given.asked] == ["fusion", "inherit-last", "inherit-last"]
    assert [one.budget for one in given.asked] == pytest.approx([1 / 3] * 3)
    assert len({one.seed for one in given.asked}) == 3


def _solved(game: MatrixGame, oracle: Oracle[Floats], **changes: object) -> PsroResult[Floats]:
    rows, columns = (Population(name, (game.pure(s, 0),)) for s, name in enumerate(("row", "col")))
    return run_psro(
        initial_state((rows, columns), seed=3, episodes_per_cell=2),
        judge=game.judge,
        mix=game.mix,
        solve=make_solver("nash"),
        oracle=oracle,
        start=StartSchedule("scratch"),
        stop=StopRule(12),
        seed=3,
        held_out_episodes=2,
        **changes,
    )


def test_the_shifted_mixtures_are_the_iterates_and_are_never_worse_than_before() -> None:
    """With exact best responses and many rounds, as the paper proves; double oracle is worse."""
    for seed in range(4):
        game = MatrixGame.of(np.random.default_rng(seed).normal(size=(12, 12)))
        shifting = AnytimeOracle(game.best_response, game.judge, rounds=15)
        found = _solved(game, shifting, targets=anytime)
        steps = np.diff([one.approx_exploitability.mean for one in found.state.records])
        assert steps.max() <= 1e-9
        assert all(record.answered for record in found.state.records)
        assert found.state.records[3].method.endswith("anytime")
        plain = _solved(game, game.best_response).state.records
        assert np.diff([one.approx_exploitability.mean for one in plain]).max() > 1e-3
