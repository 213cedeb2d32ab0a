"""The one object that long work is given: how many hands, who is told, and how it stops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from types import TracebackType
from typing import Self, TypeVar

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.progress import StageProgress, untold_stages
from ssa_psro.work.mapping import Mapper
from ssa_psro.work.notes import Noted, noted_share, reading
from ssa_psro.work.processes import process_pool

P = TypeVar("P")
T = TypeVar("T")
R = TypeVar("R")

PART = 32
"""Episodes between two looks at whether anybody still wants the result; a second or less."""


class Workers:
    """Threads that play and processes that train, with progress and stopping in it.

    Threads are enough for matches, whose compiled rules release the interpreter's lock; trainings
    hold it, so each has a process. Neither is started before it is needed, both live until the
    block ends, and one worker does everything in turn, in this thread. Results do not depend on how
    many there are. A block that fails or is interrupted ends what is still being done.

    Example::

        with Workers(4, bar.tell) as workers:
            workers.stage("episodes")
            table = play_missing(table, rows, columns, judge=workers.part_by_part(judge),
                                 map_cells=workers.in_threads)

    Args:
        count: threads, and processes, at most.
        tell: told the name of each stage as it begins, and the share of it that is done.

    Attributes:
        count: as given.
        tell: as given, for work that has stages of its own.
    """

    def __init__(self, count: int = 1, tell: StageProgress = untold_stages) -> None:
        self.count = count
        self.tell, self._stage = tell, ""
        self._abandoned = Event()
        self._stack = ExitStack()
        self._threads: ThreadPoolExecutor | None = None
        self._processes: Mapper | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            self._abandoned.set()
        self._threads = self._processes = None
        self._stack.__exit__(kind, error, traceback)

    def stage(self, name: str) -> None:
        """Begin a stage; shares told from now on are of it."""
        self._stage = name
        self.tell(name, 0.0)

    def told(self, share: float) -> None:
        """Tell that this share of the stage is done."""
        self.tell(self._stage, share)

    def in_threads(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
        """The results in the order of the items, each as soon as it and those before are there.

        A thread cannot be interrupted, so whoever leaves early (Ctrl-C) would wait for the matches
        that are being played: play them with the judge that ``part_by_part`` returns.
        """
        work = list(items)
        results = map(function, work) if self.count == 1 else self._pool().map(function, work)
        try:
            for done, result in enumerate(results, start=1):
                self.told(done / len(work))
                yield result
        except BaseException:  # an interrupt, a failure, or the caller wants no more
            self._abandoned.set()
            raise

    def in_processes(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
        """The same in processes; what a piece of work notes of itself counts towards the share.

        Function, items and results must travel: they are pickled, between our own processes only.
        """
        work = list(enumerate(items))
        with TemporaryDirectory(prefix="ssa_psro-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            noted = Noted(function, folder)
            with reading(lambda: noted_share(folder, len(work)), self.told):
                yield from map(noted, work) if self.count == 1 else self._apart()(noted, work)

    def part_by_part(
        self, judge: Callable[[P, P, Seeds], Floats]
    ) -> Callable[[P, P, Seeds], Floats]:
        """``judge``, playing long matches in parts and stopping between them once abandoned."""

        def play_parts(row: P, column: P, seeds: Seeds, /) -> Floats:
            parts = []
            for first in range(0, seeds.size, PART):
                if self._abandoned.is_set():
                    raise CancelledError
                parts.append(judge(row, column, seeds[first : first + PART]))
            return np.concatenate(parts)

        return play_parts

    def _pool(self) -> ThreadPoolExecutor:
        if self._threads is None:
            self._threads = self._stack.enter_context(ThreadPoolExecutor(self.count))
        return self._threads

    def _apart(self) -> Mapper:
        if self._processes is None:
            self._processes = self._stack.enter_context(process_pool(self.count))
        return self._processes
