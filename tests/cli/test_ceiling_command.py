"""``ssa-psro ceiling``: exploitability from above."""

from __future__ import annotations

import pytest
from command_line import run
from study.small_runs import SMALL, guess_on, make

ASKED = ("--episodes", "4", "--seed", "2")
QUIET = SMALL.replace("[rules]", "[rules]\ndenial = false").replace('"blinding", ', "")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run without denial."""
    return guess_on(make(tmp_path_factory.mktemp("runs") / "run", QUIET)).folder


@pytest.fixture(scope="module")
def bounded(finished):
    outcome = run("ceiling", finished, *ASKED, "--json")
    assert outcome.code == 0, outcome.error or outcome.err
    return outcome.document


def test_every_bound_has_its_interval_and_the_last_is_of_both_sides(bounded):
    for figure in (*bounded["most"], *bounded["gain"], bounded["exploitability"]):
        assert figure["count"] == 4
        assert figure["low"] <= figure["mean"] <= figure["high"]
    gains = [gain["mean"] for gain in bounded["gain"]]
    assert bounded["exploitability"]["mean"] == pytest.approx(sum(gains) / 2)
    assert bounded["opposed"]


def test_workers_change_nothing(bounded, finished):
    assert run("ceiling", finished, *ASKED, "--json", "--workers", "1").document == bounded


def test_people_read_what_exploitability_lies_between(finished):
    outcome = run("ceiling", finished, *ASKED)
    assert outcome.code == 0, outcome.error
    assert "exploitability at most" in outcome.out
    assert "exploitability at least, by the run" in outcome.out


def test_where_denial_is_allowed_the_opponent_is_left_out(tmp_path):
    folder = guess_on(make(tmp_path / "run")).folder
    found = run("ceiling", folder, *ASKED, "--json").document
    assert not found["opposed"]
    assert all(0.0 <= most["mean"] <= 1.0 + 1e-9 for most in found["most"])


def test_a_run_that_is_not_finished_is_refused(tmp_path):
    assert run("ceiling", make(tmp_path / "begun"), *ASKED).code != 0
