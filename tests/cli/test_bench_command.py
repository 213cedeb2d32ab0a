"""``ssa-psro bench``: times of this version, and ratios beside another."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from command_line import run

from ssa_psro.study.benchmark import PAIRS, best, is_time, overall, times_faster

pytestmark = [pytest.mark.slow, pytest.mark.learner]

TINY = Path(__file__).parents[1] / "e2e" / "tiny.toml"
SHORT = ("--episodes", "4", "--rounds", "1", "--workers", "2")


def test_it_tells_times_and_ratios_beside_another_version() -> None:
    found = run("bench", TINY, *SHORT, "--beside", sys.executable, "--json")
    assert found.code == 0
    times, other, ratios = (found.document[key] for key in ("times", "beside", "times_faster"))
    assert times.keys() == other.keys() == ratios.keys()
    assert sum(key.startswith("episode") for key in times) == 2 * len(PAIRS)
    assert all(value > 0 for value in times.values())
    for key, ratio in ratios.items():
        wanted = other[key] / times[key] if is_time(key) else times[key] / other[key]
        assert ratio == pytest.approx(wanted)


def test_people_get_a_table_with_units() -> None:
    found = run("bench", TINY, *SHORT)
    assert found.code == 0
    assert "decisions of cma-es" in found.out
    assert " ms" in found.out
    assert " / s" in found.out


def test_another_interpreter_that_cannot_measure_is_named() -> None:
    found = run("bench", TINY, *SHORT, "--beside", "/no/python")
    assert found.code == 2
    assert "--beside" in found.err
    assert "/no/python" in found.err


def test_the_best_of_a_time_is_the_least_and_of_a_speed_the_most() -> None:
    rounds = [{"a_s": 2.0, "b_ms": 5.0, "c": 10.0}, {"a_s": 1.0, "b_ms": 6.0, "c": 30.0}]
    assert best(rounds) == {"a_s": 1.0, "b_ms": 5.0, "c": 30.0}


def test_ratios_say_how_many_times_faster_this_one_is() -> None:
    found = times_faster({"a_s": 4.0, "c": 10.0, "gone_s": 1.0}, {"a_s": 1.0, "c": 10.0})
    assert found == {"a_s": 4.0, "c": 1.0}
    assert overall(found) == pytest.approx(2.0)
