"""Ray does the work: the same results in the same order. Skipped where Ray is not installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ssa_psro.errors import Fault, UsageError
from ssa_psro.work import Workers
from ssa_psro.work.on_ray import OnRay

CLUSTER = "needs Ray"


def square(number: int) -> tuple[int, int]:
    """The square, and which process found it."""
    return number**2, os.getpid()


def refuse(number: int) -> None:
    """Refuse whatever it is."""
    raise UsageError("work", [Fault("number", number, "not usable", "Give another.")])


def die_once(marks: tuple[Path, int]) -> int:
    """Take the process along the first time."""
    folder, number = marks
    mark = folder / str(number)
    if not mark.exists():
        mark.touch()
        os._exit(1)
    return number


@pytest.fixture(scope="module")
def workers():
    pytest.importorskip("ray", reason=CLUSTER)
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    with Workers(executor=OnRay()) as found:
        yield found


def test_results_come_in_order_from_other_processes(workers: Workers) -> None:
    for place in (workers.in_threads, workers.in_processes):
        found = list(place(square, range(30)))
        assert [one for one, _ in found] == [number**2 for number in range(30)]
        assert os.getpid() not in {process for _, process in found}
        assert list(place(square, [])) == []


def test_what_work_raises_arrives_as_it_was(workers: Workers) -> None:
    with pytest.raises(UsageError) as caught:
        list(workers.in_processes(refuse, [7]))
    assert caught.value.faults == (Fault("number", 7, "not usable", "Give another."),)


def test_a_process_that_dies_loses_nothing(workers: Workers, tmp_path: Path) -> None:
    assert list(workers.in_processes(die_once, [(tmp_path, n) for n in range(3)])) == [0, 1, 2]


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UsageError, match=r"pip install 'ssa-psro\[ray\]'"):
        OnRay()
