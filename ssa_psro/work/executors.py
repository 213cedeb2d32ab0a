"""What an executor is, and the one that works on this machine: threads that play, processes that
train."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, TypeVar

from ssa_psro.work.mapping import Mapper
from ssa_psro.work.processes import process_pool

T = TypeVar("T")
R = TypeVar("R")


class Executor(Protocol):
    """Where pieces of work are done. Results come in the order of the items, the same anywhere.

    Attributes:
        together: other processes do the same work at the same time and share what each finds, see
            :class:`~ssa_psro.work.shared_folder.SharedFolder`.
    """

    @property
    def together(self) -> bool: ...

    def short(self, function: Callable[[T], R], items: list[T], stage: str, /) -> Iterable[R]:
        """Work of seconds in compiled code, such as matches: its pieces are brought together."""

    def long(self, function: Callable[[T], R], items: list[T], stage: str, /) -> Iterable[R]:
        """Work of minutes in Python, such as trainings: each piece for itself; it must travel."""

    def arrive(self, place: Path, name: str, outdated: Callable[[], bool], /) -> None:
        """A state is reached from which everything goes on in the same way wherever it is done.

        Args:
            place: a folder for what those who work together have to tell one another.
            name: of the state.
            outdated: whether others have gone beyond it.
        """

    def end(self, error: BaseException | None, /) -> None:
        """End what is still being done, at the end of the work or because of an error."""


class ThisMachine:
    """Threads are enough for matches, whose compiled rules release the interpreter's lock;
    trainings hold it, so each has a process. Neither is started before it is needed, both live
    until the end, and one worker does everything in turn, in this thread.

    Args:
        count: threads, and processes, at most.
        fresh: a process for every piece of long work instead, which ends with it: what libraries
            keep of hours of training is given back.
    """

    together = False

    def __init__(self, count: int = 1, *, fresh: bool = False) -> None:
        self.count, self.fresh = count, fresh
        self._stack = ExitStack()
        self._threads: ThreadPoolExecutor | None = None
        self._processes: Mapper | None = None

    def short(self, function: Callable[[T], R], items: list[T], stage: str, /) -> Iterator[R]:
        """In threads."""
        if self.count == 1:
            return map(function, items)
        if self._threads is None:
            self._threads = self._stack.enter_context(ThreadPoolExecutor(self.count))
        return self._threads.map(function, items)

    def long(self, function: Callable[[T], R], items: list[T], stage: str, /) -> Iterable[R]:
        """In processes."""
        if self.count == 1 and not self.fresh:
            return map(function, items)
        if self._processes is None:
            pool = process_pool(self.count, fresh=self.fresh)
            self._processes = self._stack.enter_context(pool)
        return self._processes(function, items)

    def arrive(self, place: Path, name: str, outdated: Callable[[], bool], /) -> None:
        """Nobody else has to know."""

    def end(self, error: BaseException | None, /) -> None:
        """End threads and processes."""
        self._threads = self._processes = None
        if error is None:
            self._stack.close()
        else:
            self._stack.__exit__(type(error), error, error.__traceback__)
