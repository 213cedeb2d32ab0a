"""Matrix games with softmax policies, and meta-solvers that are wrong on purpose."""

from __future__ import annotations

import numpy as np
import pytest

from ssa_psro.experiments.variants import BAD_SOLVERS, ROUNDS, experiment_solver
from ssa_psro.games.matrix import PAYOFFS, MatrixGame, softmax
from ssa_psro.learn import Member, OracleRequest, make_oracle
from ssa_psro.metagame.solvers import make_solver


def game(name: str) -> MatrixGame:
    return MatrixGame.of(PAYOFFS[name])


def climb(subject: MatrixGame, asked: OracleRequest, **values):
    return make_oracle("gradient", subject, values)(asked)


def request(side: int, opponent: np.ndarray, learners=None, **chosen) -> OracleRequest:
    own = learners or (Member("own", np.array([0.5, 0.5]), {"logits": np.zeros(2)}),)
    return OracleRequest(
        side=side,
        iteration=1,
        name="new",
        opponents=(Member("other", opponent),),
        opponent_mixture=np.ones(1),
        learners=own,
        learner_mixture=np.full(len(own), 1 / len(own)),
        learner_scores=np.zeros(len(own)),
        **{"start": "inherit-last", "seed": 0, **chosen},
    )


@pytest.mark.parametrize("side", [0, 1])
def test_a_step_follows_the_gradient_of_the_payoff(side):
    """Against finite differences of the expected payoff."""
    played, logits, rate = np.array([0.3, 0.7]), np.array([0.4, -0.2]), 1e-3
    matrix = np.random.default_rng(side).normal(size=(2, 2, 2))
    subject = MatrixGame(matrix)

    def payoff(z: np.ndarray) -> float:
        pair = (softmax(z), played) if side == 0 else (played, softmax(z))
        return float(np.einsum("i,ij,j->", pair[0], matrix[..., side], pair[1]))

    own = (Member("own", softmax(logits), {"logits": logits}),)
    answer = climb(subject, request(side, played, own), steps=1, rate=rate)
    after = answer.member.parameters["logits"]
    numeric = [(payoff(logits + 1e-6 * e) - payoff(logits - 1e-6 * e)) / 2e-6 for e in np.eye(2)]
    np.testing.assert_allclose((after - logits) / rate, numeric, atol=1e-7)


@pytest.mark.parametrize("side", [0, 1])
def test_prisoners_learn_to_defect(side):
    asked = request(side, np.array([0.9, 0.1]))
    answer = climb(game("prisoners-dilemma"), asked, steps=200)
    assert answer.member.policy[1] > 0.99
    assert answer.facts["payoff"] > answer.facts["start_payoff"]


def test_shared_budgets_are_fewer_steps():
    asked = request(0, np.ones(2) / 2, budget=0.25)
    assert climb(game("stag-hunt"), asked).facts["decisions"] == 5


def test_fused_logits_are_no_mixture():
    """Their softmax is a normalised geometric mean."""
    logits = [np.array([2.0, 0.0]), np.array([0.0, 0.0])]
    members = tuple(Member(str(k), softmax(z), {"logits": z}) for k, z in enumerate(logits))
    subject, asked = game("coordination"), request(0, np.ones(2) / 2, members, start="fusion")
    found = climb(subject, asked, steps=1, rate=1e-12).member.policy
    product = np.sqrt(members[0].policy * members[1].policy)
    np.testing.assert_allclose(found, product / product.sum())
    mixture = subject.mix([m.policy for m in members], np.array([0.5, 0.5]))
    assert abs(found - mixture).max() > 0.03


@pytest.mark.parametrize("name", PAYOFFS)
def test_equilibria_cannot_be_exploited(name):
    subject = game(name)
    found = make_solver("nash")(subject.payoffs)
    assert subject.deviations(found.row, found.column).exploitability == pytest.approx(0, abs=1e-9)


def test_stags_are_best_and_hares_are_safe():
    subject = game("stag-hunt")
    stag, hare = np.eye(2)
    assert subject.deviations(stag, stag).gains == (0, 0)
    assert subject.deviations(hare, hare).gains == (0, 0)
    even = np.ones(2) / 2
    assert subject.best_response(request(0, even)).facts["action"] == 1


@pytest.mark.parametrize("name", BAD_SOLVERS)
def test_bad_solvers_give_mixtures_and_say_how_bad_they_are(name):
    payoffs = np.random.default_rng(3).normal(size=(9, 7))
    found = experiment_solver(name)(payoffs)
    assert found.row.sum() == pytest.approx(1)
    assert (found.row >= 0).all()
    assert (found.column >= 0).all()
    assert found.gap > 0.05
    again = experiment_solver(name)(payoffs)
    np.testing.assert_array_equal(found.row, again.row)


def test_hasty_fictitious_play_knows_few_policies():
    payoffs = np.random.default_rng(4).normal(size=(30, 30))
    assert np.count_nonzero(experiment_solver("hasty-fictitious-play")(payoffs).row) <= ROUNDS


def test_a_small_change_of_payoffs_shakes_the_nash_anew():
    payoffs = np.random.default_rng(5).normal(size=(6, 6))
    first, second = (experiment_solver("shaken-nash")(payoffs + shift) for shift in (0, 1e-6))
    assert abs(first.row - second.row).max() > 0.02
