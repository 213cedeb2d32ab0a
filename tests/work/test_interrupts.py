"""Starting workers is not interrupted halfway, whichever thread takes the signal."""

from __future__ import annotations

import os
import signal
import threading

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
