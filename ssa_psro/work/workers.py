"""The one object that long work is given: how many hands, who is told, and how it stops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.progress import StageProgress, untold_stages
from ssa_psro.work.executors import Executor, ThisMachine
from ssa_psro.work.notes import Noted, noted_share, reading

P = TypeVar("P")
T = TypeVar("T")
R = TypeVar("R")

PART = 32
"""Episodes between two looks at whether anybody still wants the result; a second or less."""


class Workers:
    """Where work is done, with progress and stopping in it; results do not depend on where.

    A block that fails or is interrupted ends what is still being done.

    Example::

        with Workers(4, bar.tell) as workers:
            workers.stage("episodes")
            table = play_missing(table, rows, columns, judge=workers.part_by_part(judge),
                                 map_cells=workers.in_threads)

    Args:
        count: threads, and processes, at most, of this machine.
        tell: told the name of each stage as it begins, and the share of it that is done.
        executor: works elsewhere instead.

    Attributes:
        count: as given.
        tell: as given, for work that has stages of its own.
        executor: that works.
    """

    def __init__(
        self,
        count: int = 1,
        tell: StageProgress = untold_stages,
        executor: Executor | None = None,
    ) -> None:
        self.count = count
        self.executor = executor or ThisMachine(count)
        self.tell, self._stage = tell, ""
        self._abandoned = Event()

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
        self.executor.end(error)

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
        try:
            results = self.executor.short(function, work, self._stage)
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
                yield from self.executor.long(noted, work, self._stage)

    def part_by_part(
        self, judge: Callable[[P, P, Seeds], Floats]
    ) -> Callable[[P, P, Seeds], Floats]:
        """``judge``, playing long matches in parts and stopping between them once abandoned."""
        return _InParts(judge, self._abandoned)


@dataclass(frozen=True)
class _InParts(Generic[P]):
    """Plays in parts until it is abandoned; where it has travelled to, nobody can tell it."""

    judge: Callable[[P, P, Seeds], Floats]
    abandoned: Event | None

    def __call__(self, row: P, column: P, seeds: Seeds, /) -> Floats:
        parts = []
        for first in range(0, seeds.size, PART):
            if self.abandoned is not None and self.abandoned.is_set():
                raise CancelledError
            parts.append(self.judge(row, column, seeds[first : first + PART]))
        return np.concatenate(parts)

    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]:
        return _InParts, (self.judge, None)
