"""Starting workers is not interrupted halfway, whichever thread takes the signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ssa_psro.work.processes import _interrupts_held


def interrupted_inside(done: list[bool]) -> None:
    """Interrupt this process in a block that holds interrupts, and go on working in it."""
    with _interrupts_held():
        os.kill(os.getpid(), signal.SIGINT)
        done.append(sum(range(100_000)) > 0)


def test_an_interrupt_waits_for_the_end_of_the_block() -> None:
    over, done = threading.Event(), list[bool]()
    other = threading.Thread(target=over.wait, daemon=True)
    other.start()  # its signal mask is open: the system may hand it the signal
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted_inside(done)
    finally:
        over.set()
    assert done == [True]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_without_an_interrupt_nothing_changes() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, set())
    with _interrupts_held():
        assert signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set())
    assert signal.pthread_sigmask(signal.SIG_BLOCK, set()) == before


TAKEN_BY_ANOTHER_THREAD = """
import signal, threading, time
from ssa_psro.work import Workers
def work(number):
    time.sleep(600)
def take():
    time.sleep(2)  # by then the main thread waits for results
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)
    time.sleep(600)  # and nothing else wakes it
if __name__ == "__main__":
    threading.Thread(target=take, daemon=True).start()
    with Workers(2) as workers:
        list(workers.in_processes(work, [0, 1]))
"""


def test_an_interrupt_that_another_thread_takes_is_seen(tmp_path: Path) -> None:
    script = tmp_path / "taken.py"
    script.write_text(TAKEN_BY_ANOTHER_THREAD)
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode != 0
    assert done.stderr.rstrip().endswith("KeyboardInterrupt")


BETWEEN_TWO_WORKERS = """
import signal, time
from pathlib import Path
from ssa_psro.work.processes import process_pool
def work(number):
    time.sleep(600 * number)
if __name__ == "__main__":
    with process_pool(1, fresh=True) as apart:
        results = iter(apart(work, [0, 1]))
        next(results)  # the next worker is being started
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # as a command that a signal ends has it
        time.sleep({wait})
        raise KeyboardInterrupt
"""


@pytest.mark.parametrize("wait", [0.0, 0.02, 0.1, 3.0])
def test_a_worker_that_starts_as_the_work_is_given_up_ends_too(tmp_path: Path, wait: float) -> None:
    script = tmp_path / "between.py"
    script.write_text(BETWEEN_TWO_WORKERS.replace("{wait}", str(wait)))
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode != 0
    assert done.stderr.rstrip().endswith("KeyboardInterrupt")
