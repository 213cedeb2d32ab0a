"""PSRO on games in extensive form; with the exact oracle it is the double oracle algorithm."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from games.behaviours import random_behaviour, tree_of

from ssa_psro.games.protocol import exact_curve, exact_end
from ssa_psro.games.trees.behaviour import Behaviour, best_response, deviations, mixed
from ssa_psro.games.trees.game import TreeGame
from ssa_psro.learn import Member, OracleRequest, StartSchedule
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.psro import Population, PsroResult, StopRule, initial_state, run_psro
from ssa_psro.psro.targets import TARGETS, make_targets

SEED = 5
SOLVED = 1e-9


def run(
    game: TreeGame, *, iterations: int = 20, solver: str = "nash", **changes: Any
) -> PsroResult[Behaviour]:
    """Of the double oracle, from uniform policies as in OpenSpiel's PSRO."""
    rows, columns = (
        Population(name, (game.uniform(side),)) for side, name in enumerate(("row", "column"))
    )
    choices: dict[str, Any] = {
        "judge": game.judge,
        "mix": game.mix,
        "solve": make_solver(solver),
        "oracle": game.best_response,
        "start": StartSchedule("scratch"),
        "stop": StopRule(iterations, tolerance=SOLVED),
        "seed": SEED,
        "held_out_episodes": 4,
    }
    state = initial_state((rows, columns), seed=SEED, episodes_per_cell=2)
    return run_psro(state, **(choices | changes))


def test_six_best_responses_a_side_solve_kuhn_poker() -> None:
    """The record of iteration 7 measures the mixtures that six iterations have left."""
    game = TreeGame(tree_of("kuhn"))
    result = run(game)
    curve = [point.nash_conv for point in exact_curve(game, result.state)]
    assert result.stopped == "tolerance"
    assert len(curve) == 7
    assert min(curve[:6]) > 0.1
    assert curve[6] < SOLVED
    assert result.equilibrium.value == pytest.approx((-1 / 18, 1 / 18), abs=SOLVED)


def test_six_iterations_of_kuhn_poker_end_in_an_equilibrium() -> None:
    game = TreeGame(tree_of("kuhn"))
    end = exact_end(game, run(game, iterations=6))
    assert end.nash_conv < SOLVED
    assert end.value == pytest.approx(-1 / 18, abs=SOLVED)


@pytest.mark.parametrize("name", ["leduc", "goofspiel-4"])
def test_records_of_an_exact_oracle_tell_the_exact_exploitability(name: str) -> None:
    game = TreeGame(tree_of(name))
    state = run(game, iterations=8).state
    curve = exact_curve(game, state)
    found = [record.approx_exploitability.mean for record in state.records]
    np.testing.assert_allclose(found, [point.exploitability for point in curve], atol=SOLVED)
    for record, point in zip(state.records, curve, strict=True):
        gains = [side.gain.mean for side in record.sides]
        np.testing.assert_allclose(gains, point.gains, atol=SOLVED)
        assert record.sides[0].value.mean == pytest.approx(point.value, abs=SOLVED)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("solver", ["nash", "nash-maxent", "prd", "regret-matching+", "uniform"])
def test_no_variant_sees_more_than_the_exact_exploitability(target: str, solver: str) -> None:
    game = TreeGame(tree_of("kuhn"))
    never = StopRule(iterations=4)
    state = run(game, stop=never, solver=solver, targets=make_targets(target)).state
    curve = exact_curve(game, state)
    assert len(curve) == 4
    for record, point in zip(state.records, curve, strict=True):
        assert record.raw_exploitability.mean <= point.exploitability + SOLVED


def _request(game: TreeGame, side: int) -> OracleRequest[Behaviour]:
    opponents = tuple(
        Member(str(seed), random_behaviour(game.tree, 1 - side, seed)) for seed in range(3)
    )
    return OracleRequest(
        side=side,
        iteration=1,
        name="response",
        opponents=opponents,
        opponent_mixture=np.array([0.5, 0.5, 0.0]),
        learners=(game.uniform(side),),
        learner_mixture=np.ones(1),
        learner_scores=np.zeros(1),
        start="scratch",
        seed=1,
    )


@pytest.mark.parametrize("side", [0, 1])
def test_the_oracle_answers_the_mixture_even_in_another_process(side: int) -> None:
    game = TreeGame(tree_of("leduc"))
    request = _request(game, side)
    oracle, request = pickle.loads(pickle.dumps((game.best_response, request)))
    result = oracle(request)
    opponents = [member.policy for member in request.opponents]
    expected, payoff = best_response(
        game.tree, mixed(game.tree, opponents, request.opponent_mixture)
    )
    assert (result.member.name, result.facts["payoff"]) == ("response", payoff)
    np.testing.assert_array_equal(result.member.policy.probabilities, expected.probabilities)


def test_payoffs_are_the_same_in_every_episode_and_cancel() -> None:
    game = TreeGame(tree_of("leduc"))
    row, column = (random_behaviour(game.tree, side, 1) for side in (0, 1))
    payoffs = game.judge(row, column, np.arange(3, dtype=np.uint64))
    assert payoffs.shape == (3, 2)
    assert (payoffs == payoffs[0]).all()
    assert (payoffs.sum(axis=1) == 0).all()
    assert payoffs[0, 0] == deviations(game.tree, row, column).value


def test_first_legal_policies_are_pure() -> None:
    game = TreeGame(tree_of("leduc"))
    for side in (0, 1):
        policy = game.first_legal(side).policy
        assert ((policy.probabilities == 1).sum(axis=1) == 1).all()
        assert game.tree.legal[side][policy.probabilities == 1].all()


def test_the_best_mixture_of_equilibrium_strategies_is_guaranteed_the_value() -> None:
    """Kuhn (1950): of the row player's equilibria, one for each share of bluffs; worth -1/18."""
    game = TreeGame(tree_of("kuhn"))
    result = run(game)
    rows, columns = (population.policies for population in result.state.populations)
    assert game.guaranteed(rows, 0) == pytest.approx(-1 / 18, abs=1e-9)
    assert game.guaranteed(columns, 1) == pytest.approx(1 / 18, abs=1e-9)
