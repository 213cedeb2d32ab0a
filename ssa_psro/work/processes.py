"""Processes that work apart, such as those that train a response each.

They are spawned, so that they inherit no threads, and live until the pool is closed, because
importing torch takes seconds. What travels to them should be small: a game travels as its scenario,
and a worker builds it from the table cache, once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.synchronize import Event
from typing import Final, TypeVar

from ssa_psro.work.mapping import Mapper

T = TypeVar("T")
R = TypeVar("R")
HELD: Final = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
"""Signals that may interrupt; some systems lack the last."""
HEED_S: Final = 0.5
"""Longest wait before an interrupt that another thread took is seen."""

THREAD_LIMITS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@contextmanager
def process_pool(workers: int, *, fresh: bool = False) -> Iterator[Mapper]:
    """A map in so many processes at most, as they are needed; or a ``fresh`` one for each item.

    Like every program that spawns processes, a script must guard its work by
    ``if __name__ == "__main__":``. If the block fails, what is still being done is ended.
    """
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    with _interrupts_held():  # the tracker of semaphores begins with the first of them
        over = context.Event()
        made = ProcessPoolExecutor(
            workers, context, _prepare_worker, (over,), max_tasks_per_child=1 if fresh else None
        )
    with made as pool:

        def map_apart(function: Callable[[T], R], items: Iterable[T]) -> Iterable[R]:
            with _interrupts_held():  # a call may start workers
                asked = [pool.submit(function, item) for item in items]
            return _results(asked)

        try:
            yield map_apart
        except BaseException:  # nobody waits any more for what is still being trained
            over.set()  # the pool may be starting a worker just now, which is not among these yet
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
            raise


def _results(asked: Sequence[Future[R]]) -> Iterator[R]:
    """The results in order; those that nobody waits for any more are not begun.

    Only the main thread handles a signal, but any thread may take it, and that wakes nobody: the
    wait is in short parts, after each of which an interrupt is seen.
    """
    try:
        for one in asked:
            while not one.done():
                wait([one], HEED_S)
            yield one.result()
    finally:
        for one in asked:
            one.cancel()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold back interrupts until the block ends; processes started meanwhile never see them.

    A terminal or a scheduler interrupts a whole process group. What to do then is the parent's
    business; a worker caught while it starts, or one whose parent stops halfway through starting
    it, would print a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    with _handler_held():
        before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
        try:
            resource_tracker.ensure_running()  # it inherits what is held, and lets some through
            signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _handler_held() -> Iterator[None]:
    """Handle an interrupt at the end of the block: one that another thread takes comes here too."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread ever handles signals
        return
    caught: list[int] = []
    handlers = {
        one: signal.signal(one, lambda number, frame: caught.append(number)) for one in HELD
    }
    try:
        yield
    finally:
        for one, handler in handlers.items():
            signal.signal(one, handler)
        for number in caught[:1]:
            signal.raise_signal(number)


def _prepare_worker(over: Event) -> None:
    """One thread a worker, no worker without its parent, and none that its pool cannot end."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a parent that is ending has it ignored
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    if over.is_set():
        os._exit(1)
    for name in THREAD_LIMITS:
        os.environ[name] = "1"
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A parent that is killed outright cannot close the pool; its workers would wait for ever.
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
