"""Gradient ascent in the mixture game: where it starts, what it costs and where it ends."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from ssa_psro.errors import UsageError
from ssa_psro.games.plane.game import CENTRES, NonTransitiveMixture, PointMixture, point
from ssa_psro.games.protocol import exact_curve
from ssa_psro.learn import OracleRequest, StartSchedule, make_oracle
from ssa_psro.learn.algorithms.gradient import ASCENTS
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.psro import Population, StopRule, initial_state, run_psro

GAME = NonTransitiveMixture()
MEMBERS = tuple(point(f"p{k}", CENTRES[k] + 0.3) for k in (0, 2, 5))
OPPONENTS = tuple(point(f"q{k}", CENTRES[k]) for k in (1, 4))


def gradient(**values):
    return make_oracle("gradient", GAME, values)


def request(start: str = "fusion", seed: int = 5, budget: float = 1.0):
    return OracleRequest[PointMixture](
        side=0,
        iteration=1,
        name="response",
        opponents=OPPONENTS,
        opponent_mixture=np.array([0.75, 0.25]),
        learners=MEMBERS,
        learner_mixture=np.array([0.5, 0.2, 0.3]),
        learner_scores=np.array([0.1, 0.3, 0.2]),
        start=start,
        seed=seed,
        budget=budget,
    )


def position(result) -> np.ndarray:
    return result.member.policy.points[0]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("inherit-last", MEMBERS[2].parameters["position"]),
        ("inherit-nash", MEMBERS[0].parameters["position"]),
        ("fusion", np.array([0.5, 0.2, 0.3]) @ CENTRES[[0, 2, 5]] + 0.3),
    ],
)
def test_a_warm_start_is_where_the_members_are(start: str, expected: np.ndarray) -> None:
    result = gradient()(request(start))
    started = [result.facts["start_x"], result.facts["start_y"]]
    np.testing.assert_allclose(started, expected, atol=1e-12)
    assert result.start.startswith(start)


def test_scratch_starts_spread_as_asked_and_differ_by_seed() -> None:
    oracle = gradient(spread=3.0)
    starts = [oracle.starts(request("scratch", seed))[0][0] for seed in range(400)]
    assert np.std(starts) == pytest.approx(3.0, rel=0.1)
    assert len(np.unique(starts, axis=0)) == 400


@pytest.mark.parametrize("ascent", ASCENTS)
@pytest.mark.parametrize("start", GAME.starts)
def test_a_climb_ends_higher_than_it_starts_but_not_above_the_summit(
    ascent: str, start: str
) -> None:
    asked = request(start)
    result = gradient(ascent=ascent)(asked)
    highest = GAME.best_response(asked).facts
    assert result.facts["start_payoff"] < result.facts["payoff"]
    assert result.facts["payoff"] <= highest["payoff"] + 1e-9 <= highest["payoff_at_most"] + 1e-9
    opponent = GAME.mix([m.policy for m in OPPONENTS], asked.opponent_mixture)
    judged = GAME.judge(result.member.policy, opponent, np.zeros(1, dtype=np.uint64))[0, 0]
    assert result.facts["payoff"] == pytest.approx(judged, abs=1e-12)


@pytest.mark.parametrize("ascent", ASCENTS)
def test_a_long_climb_ends_on_a_summit(ascent: str) -> None:
    oracle = gradient(ascent=ascent, steps=3000, rate=0.01 if ascent == "adam" else 0.3)
    landscape = GAME.mix([m.policy for m in OPPONENTS], np.array([0.75, 0.25])).landscape
    end = position(oracle(request("scratch")))
    np.testing.assert_allclose(landscape.gradient(end[None]), 0.0, atol=1e-3)
    assert (np.linalg.eigvalsh(landscape.hessian(end)) < 0).all()


def test_first_steps_are_the_gradient_and_its_sign() -> None:
    asked = replace(request(), opponents=MEMBERS[:1], opponent_mixture=np.ones(1))
    landscape, task = MEMBERS[0].policy.landscape, GAME.task(asked, ())
    starts = np.array([[0.5, -1.0], [2.0, 0.3]])
    gradient = landscape.gradient(starts)
    plain, adam = (ASCENTS[name](task, starts, 1, 0.1) for name in ("plain", "adam"))
    np.testing.assert_allclose(plain[1], starts + 0.1 * gradient, atol=1e-12)
    np.testing.assert_allclose(adam[1], starts + 0.1 * np.sign(gradient), atol=1e-6)
    np.testing.assert_array_equal(plain[0], starts)


@pytest.mark.parametrize(("restarts", "budget", "steps"), [(1, 0.5, 50), (4, 1.0, 100), (3, 1, 99)])
def test_restarts_and_several_responses_share_the_budget(
    restarts: int, budget: float, steps: int
) -> None:
    result = gradient(steps=100, restarts=restarts)(request("scratch", budget=budget))
    assert result.facts["decisions"] == steps


def test_of_restarts_the_best_is_kept() -> None:
    asked = request("scratch")
    together = gradient(steps=40, restarts=4, spread=3.0)
    starts, _ = together.starts(asked)
    landscape = GAME.mix([m.policy for m in OPPONENTS], asked.opponent_mixture).landscape
    ends = ASCENTS["adam"](GAME.task(asked, ()), starts, 10, 0.1)[-1]
    np.testing.assert_array_equal(position(together(asked)), ends[landscape.at(ends).argmax()])


def test_equal_requests_have_equal_answers_that_can_be_stored_and_started_from() -> None:
    oracle = gradient()
    first, again = oracle(request("scratch")), oracle(request("scratch"))
    np.testing.assert_array_equal(position(first), position(again))
    assert json.loads(json.dumps(dict(first.facts))) == first.facts == again.facts
    np.testing.assert_array_equal(first.member.parameters["position"], position(first))
    asked = request("inherit-last")
    heir = replace(
        asked, learners=(first.member,), learner_mixture=np.ones(1), learner_scores=np.zeros(1)
    )
    np.testing.assert_array_equal(oracle.starts(heir)[0][0], position(first))


def test_local_responses_hide_what_the_exact_exploitability_shows() -> None:
    """The record's own figure rests on the responses found, which only ever climb nearby."""
    sides = tuple(Population(side, (point("first", [0.1, 0.2]),)) for side in ("row", "column"))
    result = run_psro(
        initial_state(sides, seed=2, episodes_per_cell=2),
        judge=GAME.judge,
        mix=GAME.mix,
        solve=make_solver("nash"),
        oracle=gradient(),
        start=StartSchedule("inherit-last"),
        stop=StopRule(iterations=10),
        seed=2,
        held_out_episodes=4,
    )
    found = [record.approx_exploitability.mean for record in result.state.records]
    exact = [one.exploitability for one in exact_curve(GAME, result.state)]
    assert (np.array(found) <= np.array(exact) + 1e-9).all()
    assert max(np.subtract(exact, found)) > 0.1


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"ascent": "adm"}, "'adam'"), ({"steps": 0}, "steps"), ({"restarts": 0}, "restarts")],
)
def test_unusable_settings_are_reported(settings: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        gradient(**settings)


def test_an_unknown_start_rule_is_reported() -> None:
    with pytest.raises(UsageError, match="'fusion'"):
        gradient()(request("fussion"))
