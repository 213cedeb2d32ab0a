"""The PPO oracle: what it is asked, what it answers, here and in another process."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from ssa_psro.errors import UsageError
from ssa_psro.games.coverage import Coverage
from ssa_psro.learn import Member, OracleRequest, make_oracle
from ssa_psro.policies import DoctrineNetwork, make_policy
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import load_scenario
from ssa_psro.work import Workers

pytestmark = pytest.mark.learner

NAMES = ("aggressive", "reactive", "random")


@pytest.fixture(scope="module")
def scenario(request):
    whole = load_scenario(request.config.rootpath / "scenarios" / "quickstart.toml")
    return whole.model_copy(
        update={
            "window": whole.window.model_copy(update={"duration_h": 6.0, "horizon_days": 1.0}),
            "rules": whole.rules.model_copy(update={"contest_period_h": 3.0}),
        }
    )


@pytest.fixture(scope="module")
def oracle(scenario):
    values = {"steps": 400, "environments": 16, "hidden": (8,)}
    return make_oracle("ppo", Coverage(scenario), values, seed=1)


def heuristics():
    policies = [make_policy(name) for name in NAMES]
    return tuple(Member(p.name, p, constant_action=p.weights) for p in policies)


def make_request(side=0, start="heuristic"):
    members = heuristics()
    return OracleRequest(
        side=side,
        iteration=1,
        name="blue-1",
        opponents=members,
        opponent_mixture=np.array([0.5, 0.0, 0.5]),
        learners=members,
        learner_mixture=np.array([0.0, 1.0, 0.0]),
        learner_scores=np.array([0.3, 0.2, 0.1]),
        start=start,
        seed=123,
    )


def test_the_answer_is_complete(oracle):
    result = oracle(make_request())
    member = result.member
    assert member.name == member.policy.name == "blue-1"
    assert member.parameters.keys() == member.policy.parameters.keys()
    assert all(np.array_equal(member.parameters[k], v) for k, v in member.policy.parameters.items())
    assert result.start == "heuristic: 1.000 aggressive"
    assert json.loads(json.dumps(result.facts)) == result.facts
    assert f"validation_{result.facts['kept']}" in result.facts
    assert result.facts["decisions"] >= 400
    assert 0 < result.facts["share_outside_torch"] < 1


@pytest.mark.parametrize("side", [0, 1])
def test_a_response_is_the_best_of_its_candidates(oracle, side):
    """A learning rate that wrecks the network: what is returned is the start, unharmed."""
    wild = replace(oracle, settings=replace(oracle.settings, learning_rate=0.3))
    asked = make_request(side)
    result = wild(asked)
    assert result.facts["kept"] == "start"
    scores = {k: v for k, v in result.facts.items() if k.startswith("validation_")}
    assert max(scores, key=scores.get) == "validation_start"
    start = wild.start(asked).weights
    assert all(np.array_equal(result.member.parameters[name], start[name]) for name in start)


def test_validation_scores_the_learners_side(oracle):
    start = oracle.start(make_request()).weights
    idle = dict(start, **{"actor.head.bias": np.full_like(start["actor.head.bias"], -1.0)})
    seeds = episode_seeds(0, "any", count=20)
    rivals = {
        name: DoctrineNetwork(name, weights)
        for name, weights in (("idle", idle), ("aggressive", start))
    }
    for side in (0, 1):
        scores = oracle.agent(make_request(side)).task.scores(rivals, seeds)
        assert scores["idle"] < -0.1
        assert scores["idle"] < scores["aggressive"] - 0.1


def test_opponents_are_drawn_from_the_mixture(oracle):
    mixture = oracle.agent(make_request()).task.opponent
    drawn = mixture.draw(episode_seeds(0, "any", count=400))
    assert np.bincount(drawn, minlength=3).tolist()[1] == 0
    assert 140 < np.bincount(drawn)[0] < 260


@pytest.mark.parametrize("start", ["scratch", "inherit-last", "inherit-nash", "fusion"])
def test_every_start_rule_is_understood(oracle, start):
    begun = oracle.start(make_request(start=start))
    constant = not begun.weights["actor.head.weight"].any()
    assert constant == (start in {"inherit-nash", "fusion"})
    if constant:
        expected = make_policy("reactive").weights.astype(np.float32)
        assert np.array_equal(begun.weights["actor.head.bias"], expected)


def test_an_unknown_start_rule_is_reported(oracle):
    with pytest.raises(UsageError, match="'fusion'"):
        oracle(make_request(start="fussion"))


def test_learners_of_a_side_descend_from_one_initialisation(oracle):
    asked = make_request(start="scratch")
    first = oracle.start(asked).weights
    later = oracle.start(replace(asked, iteration=5, seed=9)).weights
    other = oracle.start(replace(asked, side=1)).weights
    assert np.array_equal(first["actor.0.weight"], later["actor.0.weight"])
    assert not np.array_equal(first["actor.0.weight"], other["actor.0.weight"])


def test_the_oracle_travels(oracle):
    assert pickle.loads(pickle.dumps(oracle)) == oracle


def _answer(oracle, request):
    return request.side, oracle(request), os.getpid(), dict(os.environ)


def test_two_processes_answer_what_one_does(oracle):
    requests = [make_request(side, "scratch") for side in (0, 1)]
    with Workers(1) as in_turn:
        here = list(in_turn.in_processes(partial(_answer, oracle), requests))
    with Workers(2) as apart:
        there = list(apart.in_processes(partial(_answer, oracle), requests))
    assert all(pid == os.getpid() for _, _, pid, _ in here)
    assert all(pid != os.getpid() for _, _, pid, _ in there)
    assert all(environment["OMP_NUM_THREADS"] == "1" for *_, environment in there)
    for (side, mine, *_), (other_side, theirs, *_) in zip(here, there, strict=True):
        assert side == other_side
        for name, array in mine.member.parameters.items():
            assert np.array_equal(array, theirs.member.parameters[name])


PATIENCE_S = 300
POOL_SCRIPT = """
import os, time
from ssa_psro.work import Workers
from ssa_psro.learn.algorithms.ppo import PpoOracle
def work(number):
    print(os.getpid(), flush=True)
    time.sleep(600)
if __name__ == "__main__":
    with Workers(2) as apart:
        list(apart.in_processes(work, [0, 1]))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_do_not_outlive_their_parent(tmp_path, how):
    script = tmp_path / "pool.py"
    script.write_text(POOL_SCRIPT)
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL
    ) as parent:
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        assert all(_alive(pid) for pid in workers)
        parent.send_signal(how)
        assert parent.wait(timeout=PATIENCE_S) != 0
    deadline = time.monotonic() + PATIENCE_S
    while any(_alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_alive(pid) for pid in workers)


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_oracles_are_imported_without_torch():
    check = (
        "import sys, ssa_psro.learn, ssa_psro.work;"
        "light = 'gymnasium' not in sys.modules;"
        "import ssa_psro.learn.algorithms.ppo;"
        "sys.exit(not light or 'torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
