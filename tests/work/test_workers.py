"""One Workers object: threads and processes, what they tell, and how they stop."""

from __future__ import annotations

import os
import threading
import time

import numpy as np
import pytest

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.judge import Fixture, play_all
from ssa_psro.work import ThisMachine, Workers, note_share


def double(number: int) -> tuple[int, int]:
    """Twice a number, and the process that doubled it."""
    return 2 * number, os.getpid()


def half_done(seconds: float) -> float:
    """Say that half is done, and take a while over the other half."""
    note_share(0.5)
    time.sleep(seconds)
    return seconds


def unusable(number: int) -> None:
    """Refuse whatever it is."""
    raise UsageError("work", [Fault("number", number, "not usable", "Give another.")])


@pytest.mark.parametrize("count", [1, 2])
def test_what_a_process_refuses_arrives_with_its_faults(count: int) -> None:
    with pytest.raises(UsageError) as caught, Workers(count) as workers:
        list(workers.in_processes(unusable, [7]))
    assert caught.value.faults == (Fault("number", 7, "not usable", "Give another."),)
    assert str(caught.value).startswith("work: 1 fault(s)")


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    with Workers(count) as workers:
        for place in (workers.in_threads, workers.in_processes):
            assert [result for result, _ in place(double, range(5))] == [0, 2, 4, 6, 8]


def test_one_worker_does_everything_here_and_several_train_elsewhere() -> None:
    with Workers(1) as alone, Workers(2) as several:
        assert {pid for _, pid in alone.in_processes(double, range(3))} == {os.getpid()}
        assert os.getpid() not in {pid for _, pid in several.in_processes(double, range(3))}
        assert {pid for _, pid in several.in_threads(double, range(3))} == {os.getpid()}


def test_stages_are_told_with_the_shares_of_their_items() -> None:
    told: list[tuple[str, float]] = []
    with Workers(2, lambda stage, share: told.append((stage, share))) as workers:
        workers.stage("episodes")
        assert len(list(workers.in_threads(double, range(4)))) == 4
        workers.stage("other")
    assert told == [("episodes", n / 4) for n in range(5)] + [("other", 0.0)]


@pytest.mark.parametrize("count", [1, 2])
def test_what_work_notes_of_itself_is_told(count: int) -> None:
    shares: list[float] = []
    with Workers(count, lambda stage, share: shares.append(share)) as workers:
        list(workers.in_processes(half_done, [1.3]))
    assert 0.5 in shares
    assert all(0.0 <= share <= 1.0 for share in shares)


def test_notes_of_nobodys_work_go_nowhere() -> None:
    note_share(0.5)


def test_failure_ends_the_map_without_doing_the_rest() -> None:
    started: list[int] = []
    release = threading.Event()

    def work(item: int) -> int:
        started.append(item)
        if item == 0:
            raise KeyError("first")
        release.wait(5)
        return item

    def consume() -> None:
        with Workers(2) as workers:
            list(workers.in_threads(work, range(100)))

    timer = threading.Timer(0.2, release.set)
    timer.start()
    with pytest.raises(KeyError, match="first"):
        consume()
    timer.join()
    assert len(started) < 10


def test_abandoned_match_stops_at_its_next_part() -> None:
    parts: list[int] = []

    def judge(row: str, column: str, seeds: Seeds) -> Floats:
        if row == "fails":
            raise KeyError(row)
        parts.append(seeds.size)
        failed.wait(0.01)
        return np.zeros((seeds.size, 2))

    failed = threading.Event()
    workers = Workers(2)
    seeds = np.arange(1_000_000, dtype=np.uint64)
    fixtures = [Fixture("fails", "x", seeds), Fixture("long", "x", seeds)]
    with workers, pytest.raises(KeyError, match="fails"):
        play_all(workers.part_by_part(judge), fixtures, workers.in_threads)
    assert len(parts) < 1000


@pytest.mark.parametrize("count", [1, 2])
def test_fresh_processes_do_one_thing_each(count: int) -> None:
    with Workers(count, executor=ThisMachine(count, fresh=True)) as workers:
        pids = {pid for _, pid in workers.in_processes(double, range(3))}
    assert len(pids) == 3
    assert os.getpid() not in pids
