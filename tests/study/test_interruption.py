"""A run that is cut short at any of its writes, and resumed, ends as if nothing had happened."""

from __future__ import annotations

import os

import numpy as np
import pytest
from small_runs import SMALL, guess_on, make

from ssa_psro.inputs import files
from ssa_psro.psro.records import without_durations
from ssa_psro.study import open_run

TEXT = SMALL.replace("held_out_episodes = 6", "held_out_episodes = 2")
QUICK = TEXT.replace("iterations = 2", 'iterations = 2\nmeta_solver = "uniform"')
"""The same without a linear programme for each of the bootstrap's tables."""
WRITES = 1 + 2 * (2 * 2 + 2) + 3
"""First payoffs; per iteration two files a side, payoffs and record; the three of the outcome."""


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


def cut_after(monkeypatch, writes):
    """Let so many files take their names, and kill the process with the next one in hand."""
    done = 0

    def replace_or_die(source, target):
        nonlocal done
        if done == writes:
            raise Killed
        done += 1
        os.replace(source, target)

    monkeypatch.setattr(files, "os", _Os(replace_or_die))
    return lambda: done


class _Os:
    """The module ``os`` with another ``replace``."""

    def __init__(self, replace):
        self.replace = replace

    def __getattr__(self, name):
        return getattr(os, name)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return guess_on(make(tmp_path_factory.mktemp("runs") / "whole", TEXT))


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    return guess_on(make(tmp_path_factory.mktemp("runs") / "quick", QUICK))


def without_seconds(records):
    return [without_durations(record) for record in records]


def assert_same(one, other):
    assert without_seconds(one.records) == without_seconds(other.records)
    np.testing.assert_array_equal(one.table.samples, other.table.samples)
    for mine, theirs in zip(one.state.populations, other.state.populations, strict=True):
        assert [m.policy for m in mine.members] == [m.policy for m in theirs.members]
    assert one.solution == other.solution
    np.testing.assert_array_equal(one.coverage.scores, other.coverage.scores)
    np.testing.assert_array_equal(one.coverage.custody.mean, other.coverage.custody.mean)


@pytest.mark.parametrize("writes", range(WRITES))
def test_resumed_run_ends_as_the_uninterrupted_one(writes, quick, tmp_path, monkeypatch):
    folder = make(tmp_path / "cut", QUICK)
    with monkeypatch.context() as patch:
        cut_after(patch, writes)
        with pytest.raises(Killed):
            guess_on(folder)
    assert len(open_run(folder).records) == max(0, writes - 1) // 6
    assert_same(quick, guess_on(folder))


@pytest.mark.parametrize("sampler", ["adaptive", "reservoir"])
@pytest.mark.parametrize("writes", [1, 6, 12])
def test_a_sampling_run_forgets_episodes_of_an_uncommitted_iteration(
    sampler, writes, tmp_path, monkeypatch
):
    """Payoffs are written before the record that makes them count, old cells' included."""
    text = QUICK.replace("iterations = 2", f'iterations = 2\nsampler = "{sampler}"')
    text = text.replace("episodes_per_cell = 4", "episodes_per_cell = 12\nsampled_first = 2")
    assert "sampled_first" in text
    undisturbed = guess_on(make(tmp_path / "whole", text))
    folder = make(tmp_path / "cut", text)
    with monkeypatch.context() as patch:
        cut_after(patch, writes)
        with pytest.raises(Killed):
            guess_on(folder)
    assert_same(undisturbed, guess_on(folder))


def test_the_number_of_writes_is_what_the_test_above_takes_it_for(tmp_path, monkeypatch):
    folder = make(tmp_path / "whole", QUICK)
    done = cut_after(monkeypatch, 1000)
    guess_on(folder)
    assert done() == WRITES


def test_leftovers_of_a_killed_writer_are_removed(tmp_path, whole):
    folder = make(tmp_path / "left", TEXT)
    left = folder / "iterations" / ".001.json-abc.part"
    left.parent.mkdir()
    left.write_text("half a rec")
    assert_same(whole, guess_on(folder))
    assert not left.exists()


def test_a_run_cut_twice_in_the_same_iteration(tmp_path, whole, monkeypatch):
    folder = make(tmp_path / "twice", TEXT)
    for writes in (9, 3):
        with monkeypatch.context() as patch:
            cut_after(patch, writes)
            with pytest.raises(Killed):
                guess_on(folder)
    assert len(open_run(folder).records) == 1
    assert_same(whole, guess_on(folder))
