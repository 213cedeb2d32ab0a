"""Many processes do one work through a folder: the same results, whoever comes and goes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest

from ssa_psro.work import Workers
from ssa_psro.work.parcels import known
from ssa_psro.work.shared_folder import OutdatedError, SharedFolder


@dataclass(frozen=True)
class Found:
    """What a piece of work finds."""

    name: str
    values: np.ndarray


def found(number: int) -> Found:
    """Something that depends on the number alone."""
    return Found(f"piece {number}", np.arange(number) / 3.0)


class Counted:
    """``found``, and what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, number: int) -> Found:
        self.asked.append(number)
        return found(number)


def hands(place: Path, state: str = "state", lease_s: float = 60.0, **more: Any) -> Workers:
    """One of those who work together."""
    executor = SharedFolder(known(Found), lease_s)
    executor.arrive(place, state, more.get("outdated", lambda: False))
    return Workers(executor=executor)


def equal(results: Iterable[Found], numbers: Iterable[int]) -> bool:
    """Whether these are the results of those numbers, to the last bit."""
    wanted = [found(number) for number in numbers]
    return [(one.name, one.values.tobytes()) for one in results] == [
        (one.name, one.values.tobytes()) for one in wanted
    ]


@pytest.mark.parametrize("kind", ["in_threads", "in_processes"])
def test_each_piece_is_done_once_and_read_by_all(tmp_path: Path, kind: str) -> None:
    first, second = Counted(), Counted()
    assert equal(getattr(hands(tmp_path), kind)(first, range(20)), range(20))
    assert equal(getattr(hands(tmp_path), kind)(second, range(20)), range(20))
    assert sorted(first.asked) == list(range(20))
    assert second.asked == []


def test_those_who_work_at_the_same_time_divide_the_work(tmp_path: Path) -> None:
    counted = [Counted() for _ in range(4)]
    results: dict[int, list[Found]] = {}

    def work(number: int) -> None:
        results[number] = list(hands(tmp_path).in_threads(counted[number], range(300)))

    threads = [Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(equal(results[number], range(300)) for number in range(4))
    assert sorted(one for each in counted for one in each.asked) == list(range(300))


def test_short_work_is_brought_in_few_files_and_long_work_each_for_itself(tmp_path: Path) -> None:
    workers = hands(tmp_path)
    workers.stage("cells")
    assert equal(workers.in_threads(found, range(1000)), range(1000))
    workers.stage("train")
    assert equal(workers.in_processes(found, range(3)), range(3))
    assert len(list((tmp_path / "state" / "cells-0").glob("*.npz"))) == 256
    assert len(list((tmp_path / "state" / "train-0").glob("*.npz"))) == 3


def test_calls_of_one_stage_are_told_apart_and_calls_without_work_are_none(tmp_path: Path) -> None:
    one, other = hands(tmp_path), hands(tmp_path)
    assert equal(one.in_threads(found, [1, 2]), [1, 2])
    assert equal(one.in_threads(found, [3]), [3])
    assert list(other.in_threads(found, [])) == []
    assert equal(other.in_threads(found, [1, 2]), [1, 2])
    assert equal(other.in_threads(found, [3]), [3])


def test_a_claim_that_has_been_silent_for_a_lease_is_free_again(tmp_path: Path) -> None:
    call = tmp_path / "state" / "-0"
    call.mkdir(parents=True)
    claim = call / "0000.claim.0"
    claim.write_text("somebody who was killed\n")
    begun = time.monotonic()
    assert equal(hands(tmp_path, lease_s=0.5).in_threads(found, [5]), [5])
    assert time.monotonic() - begun >= 0.4
    assert (call / "0000.claim.1").exists()


def test_a_claim_that_is_held_is_not_taken(tmp_path: Path) -> None:
    counted = Counted()

    def slow(number: int) -> Found:
        time.sleep(1.0)  # five leases
        return counted(number)

    results: list[Found] = []
    other = hands(tmp_path, lease_s=0.2)
    thread = Thread(target=lambda: results.extend(other.in_processes(slow, [4])))
    thread.start()
    time.sleep(0.2)
    assert equal(hands(tmp_path, lease_s=0.2).in_processes(slow, [4]), [4])
    thread.join()
    assert counted.asked == [4]
    assert equal(results, [4])


def test_who_fails_lets_go_of_the_claim(tmp_path: Path) -> None:
    def fail(number: int) -> Found:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(hands(tmp_path).in_processes(fail, [1]))
    begun = time.monotonic()
    assert equal(hands(tmp_path).in_processes(found, [1]), [1])
    assert time.monotonic() - begun < 30.0


def test_a_damaged_result_is_made_again(tmp_path: Path) -> None:
    assert equal(hands(tmp_path).in_processes(found, [9]), [9])
    path = tmp_path / "state" / "-0" / "0000.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    counted = Counted()
    assert equal(hands(tmp_path).in_processes(counted, [9]), [9])
    assert counted.asked == [9]


def test_who_is_behind_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(OutdatedError):
        list(hands(tmp_path, outdated=lambda: True).in_threads(found, [1]))


def test_who_is_behind_is_told_so_when_its_folder_is_gone(tmp_path: Path) -> None:
    gone: list[bool] = []

    def remove(number: int) -> Found:
        for path in (tmp_path / "state" / "-0").iterdir():
            path.unlink()
        os.rmdir(tmp_path / "state" / "-0")
        gone.append(True)
        return found(number)

    workers = hands(tmp_path, outdated=lambda: bool(gone))
    with pytest.raises(OutdatedError):
        list(workers.in_threads(remove, [1, 2]))


def test_states_before_the_last_are_removed(tmp_path: Path) -> None:
    executor = SharedFolder(known(Found))
    workers = Workers(executor=executor)
    for state in ("a", "b", "c"):
        executor.arrive(tmp_path, state, lambda: False)
        list(workers.in_threads(found, [1]))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "c"]


def test_whoever_falls_behind_removes_nothing_of_those_ahead(tmp_path: Path) -> None:
    ahead, behind = SharedFolder(known(Found)), SharedFolder(known(Found))
    behind.arrive(tmp_path, "1", lambda: False)
    for state in ("1", "2", "3", "4"):
        ahead.arrive(tmp_path, state, lambda: False)
        list(Workers(executor=ahead).in_threads(found, [1]))
    behind.arrive(tmp_path, "2", lambda: True)
    behind.arrive(tmp_path, "3", lambda: True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["3", "4"]
    list(Workers(executor=ahead).in_threads(found, [1]))
