"""A finished run that goes on to more iterations ends as one that was made with so many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_runs import SMALL, guess_on, make

from ssa_psro.errors import RunFolderError, ScenarioError
from ssa_psro.findings.headline import ending_in_words, verdict_in_words
from ssa_psro.psro.records import without_durations
from ssa_psro.study import open_run
from ssa_psro.study.writing import new_session, resume, resumed

TEXT = SMALL.replace("held_out_episodes = 6", "held_out_episodes = 2")
SHORT = TEXT.replace("iterations = 2", "iterations = 1")


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    return guess_on(make(tmp_path_factory.mktemp("runs") / "short", SHORT))


def test_extended_run_equals_a_longer_one(tmp_path):
    whole = guess_on(make(tmp_path / "whole", TEXT))
    run = guess_on(make(tmp_path / "grown", SHORT))
    resume(run, new_session(["again"], 2))
    halfway = open_run(run.folder)
    assert not halfway.finished
    assert halfway.solution is None
    assert halfway.study.solver.iterations == 2
    grown = guess_on(run.folder)
    assert grown.finished
    assert [without_durations(one) for one in grown.records] == [
        without_durations(one) for one in whole.records
    ]
    for name, played in whole.table.to_arrays().items():
        assert np.array_equal(grown.table.to_arrays()[name], played)
    assert grown.solution == whole.solution
    assert grown.manifest.resumed[0].command == ("again",)


@pytest.mark.parametrize("iterations", [1, 0])
def test_no_fewer_iterations_than_there_are(short, iterations):
    with pytest.raises((RunFolderError, ScenarioError)) as raised:
        guess_on(short.folder, session=new_session([], iterations))
    assert "iterations" in str(raised.value)
    assert open_run(short.folder).finished


def test_a_run_whose_responses_repeat_members_is_not_solved_and_has_nothing_to_go_on_for(short):
    alike = replace(short, manifest=replace(short.manifest, stopped="alike"))
    with pytest.raises(RunFolderError, match="its responses only repeat members"):
        resumed(alike, new_session([], 5))
    assert "Not solved" in verdict_in_words(alike)
    assert "the oracle finds nothing new" in verdict_in_words(alike)
    assert "only repeat members" in ending_in_words(alike)
    assert "only repeat members" not in verdict_in_words(short) + ending_in_words(short)


def test_a_run_that_met_its_tolerance_has_nothing_to_go_on_for(short):
    met = replace(short, manifest=replace(short.manifest, stopped="tolerance"))
    with pytest.raises(RunFolderError, match="tolerance is met"):
        resumed(met, new_session([], 5))
