"""What the learning oracles of game trees keep to, PPO and DQN alike."""

from __future__ import annotations

import json
import pickle
import random
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
import torch
from games.small_games import GAME, request

from ssa_psro.errors import UsageError
from ssa_psro.games.protocol import exact_end
from ssa_psro.learn import StartSchedule, make_oracle
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.psro import Population, StopRule, initial_state, run_psro

SMALL = {"steps": 3000, "hidden": (32,), "environments": 32}
OWN = {
    "ppo": {"rollout_steps": 256, "learning_rate": 0.02},
    "dqn": {"batch": 64, "learning_rate": 0.01, "warm_up_steps": 200, "target_every": 128},
}
LEARNERS = {name: make_oracle(name, GAME, {**SMALL, **own}) for name, own in OWN.items()}
TIMING = {"training_s", "start_s", "decisions_per_s", "share_in_game", "share_outside_torch"}


class _Answers(dict):
    """Answers by learner and side that several tests look at, trained when first asked for."""

    def __missing__(self, key):
        name, side = key
        self[key] = LEARNERS[name](request(side))
        return self[key]


ANSWERS = _Answers()


def fingerprint(result):
    """Changes with any bit of the weights or of what they play."""
    arrays = [result.member.parameters[key] for key in sorted(result.member.parameters)]
    arrays.append(result.member.policy.probabilities)
    return sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


def untimed(result):
    return {key: value for key, value in result.facts.items() if key not in TIMING}


def changed(name, **changes):
    """The learner with other settings."""
    return replace(LEARNERS[name], settings=replace(LEARNERS[name].settings, **changes))


def agent_of(name, asked):
    """What trains inside."""
    return LEARNERS[name].agent(asked)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("name", LEARNERS)
def test_a_response_is_nearly_a_best_one(name, side):
    """It makes up at least 85 % of what separates its start from a best response."""
    facts = ANSWERS[name, side].facts
    start, end, best = (facts[f"{key}_payoff"] for key in ("start", "end", "best"))
    assert end <= best + 1e-9
    assert best - end <= 0.15 * (best - start)


@pytest.mark.parametrize("name", LEARNERS)
def test_the_answer_is_complete_and_its_payoff_is_that_of_the_policy(name):
    result, asked = ANSWERS[name, 0], request(0)
    assert result.member.name == "response"
    assert json.loads(json.dumps(dict(result.facts), allow_nan=False)) == result.facts
    assert agent_of(name, asked).task.payoff(result.member.policy) == result.facts["end_payoff"]
    again = agent_of(name, asked).policy("again", result.member.parameters)
    np.testing.assert_array_equal(again.probabilities, result.member.policy.probabilities)


@pytest.mark.parametrize("name", LEARNERS)
def test_facts_tell_what_was_spent_and_learned(name):
    facts = ANSWERS[name, 0].facts
    assert 2700 <= facts["decisions"] <= 3000
    assert facts["episodes"] == facts["decisions"] // 32 // 2 * 32  # in 32 slots, of two moves each
    assert facts["updates"] > 0
    assert facts["last_return"] > facts["first_return"]
    assert [key for key in facts if key.startswith("checkpoint")] == [
        f"checkpoint_{k}_payoff" for k in (1, 2, 3, 4)
    ]


def test_dqn_plays_one_action_and_ppo_may_mix():
    assert set(np.unique(ANSWERS["dqn", 0].member.policy.probabilities)) == {0.0, 1.0}
    assert ((ANSWERS["ppo", 0].member.policy.probabilities % 1.0) > 0).any()


@pytest.mark.parametrize("name", LEARNERS)
def test_equal_requests_have_equal_answers_whatever_global_generators_hold(name):
    """And the generators hold the same afterwards."""

    def seed_all():
        random.seed(77)
        np.random.seed(77)  # noqa: NPY002
        torch.manual_seed(77)

    def draw_all():
        return random.random(), np.random.rand(), torch.rand(1).item()  # noqa: NPY002

    seed_all()
    expected = draw_all()
    seed_all()
    again = LEARNERS[name](request(0))
    assert draw_all() == expected
    assert fingerprint(again) == fingerprint(ANSWERS[name, 0])
    assert untimed(again) == untimed(ANSWERS[name, 0])


@pytest.mark.parametrize("name", LEARNERS)
def test_another_seed_is_another_training_and_half_a_budget_is_kept_to(name):
    half = LEARNERS[name](request(0, seed=6, budget=0.5))
    assert half.facts["first_return"] != ANSWERS[name, 0].facts["first_return"]
    assert 1200 <= half.facts["decisions"] <= 1500


@pytest.mark.parametrize("name", LEARNERS)
def test_restarts_share_the_budget(name):
    short = changed(name, steps=1024, restarts=2, distillation_updates=1)
    facts = short(request(0, "restarts")).facts
    assert facts["decisions"] <= 1024
    assert facts["episodes"] == facts["decisions"] // 2
    assert len(facts["restart_returns"].split()) == 2


@pytest.mark.parametrize("name", LEARNERS)
def test_a_frozen_policy_spends_steps_and_does_not_change(name):
    """PPO's critic learns meanwhile."""
    asked = request(0)
    agent = agent_of(name, asked)
    start = LEARNERS[name].start(asked).weights
    frozen = agent.train(start, 512, 1, frozen_share=1.0)
    same = {key: np.array_equal(array, start[key]) for key, array in frozen.parameters.items()}
    assert frozen.decisions == 512
    assert all(kept == (not key.startswith("critic")) for key, kept in same.items())
    thawed = agent.train(start, 1024, 1, frozen_share=0.5).parameters
    assert not any(np.array_equal(array, start[key]) for key, array in thawed.items())


@pytest.mark.parametrize("name", LEARNERS)
def test_selection_by_exact_payoff_is_no_worse_than_anything_on_the_way(name):
    hasty = changed(name, steps=1024, select="exact", learning_rate=0.1)(request(0)).facts
    payoffs = {
        key.removesuffix("_payoff"): value
        for key, value in hasty.items()
        if key.endswith("_payoff") and not key.startswith(("best", "mixture"))
    }
    assert payoffs[hasty["kept"]] == max(payoffs.values())


@pytest.mark.parametrize("name", LEARNERS)
@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("hidden", [(4,), (6, 5)])
def test_networks_come_in_all_sizes(name, hidden, activation):
    short = changed(name, steps=512, hidden=hidden, activation=activation)
    shapes = {key: w.shape for key, w in short(request(1)).member.parameters.items()}
    widths = [shape[0] for key, shape in shapes.items() if key.endswith("weight")]
    assert widths == ([*hidden, 3, *hidden, 1] if name == "ppo" else [*hidden, 3])


@pytest.mark.parametrize("name", LEARNERS)
def test_a_diverging_training_is_told(name):
    with pytest.raises(UsageError, match="learning_rate"):
        changed(name, steps=1024, learning_rate=1e30)(request(0))


@pytest.mark.parametrize("name", LEARNERS)
def test_an_unknown_start_rule_is_reported(name):
    with pytest.raises(UsageError, match="'behavioural-fusion'"):
        LEARNERS[name](request(0, "behavioral-fusion"))


@pytest.mark.parametrize("name", LEARNERS)
def test_a_learner_travels(name):
    """To another process, where its answer is the same."""
    travelled = pickle.loads(pickle.dumps(changed(name, steps=512)))
    here = changed(name, steps=512)(request(1))
    assert fingerprint(travelled(request(1))) == fingerprint(here)


def test_naming_a_learner_loads_no_torch():
    named = "ssa_psro.learn.algorithms.dqn, ssa_psro.games.trees.game"
    code = f"import sys, {named}; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_psro_with_a_learner_comes_near_the_equilibrium():
    """NashConv falls to a fifth of that of uniform play within four iterations of fusion."""
    populations = tuple(
        Population(side, (GAME.uniform(index),)) for index, side in enumerate(("row", "column"))
    )
    result = run_psro(
        initial_state(populations, seed=2, episodes_per_cell=2),
        judge=GAME.judge,
        mix=GAME.mix,
        solve=make_solver("nash"),
        oracle=LEARNERS["ppo"],
        start=StartSchedule("fusion", first=2, known=GAME.starts),
        stop=StopRule(iterations=4, tolerance=0.0, patience=4),
        seed=2,
        held_out_episodes=2,
    )
    uniform = GAME.deviations(*(population.policies[0] for population in populations))
    assert exact_end(GAME, result).nash_conv < 0.2 * uniform.nash_conv
