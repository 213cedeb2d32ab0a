"""The stages of an iteration, timed and announced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

Progress = Callable[[str, float], None]
"""Told the name of each stage as it begins, and the share of the run done, in [0, 1]."""

STAGES = ("solve", "train", "measure", "play")


@dataclass
class Stages:
    """Stopwatch of one iteration.

    Attributes:
        iteration: from 1.
        iterations: how many there are at most.
        progress: told each stage as it begins.
        seconds: duration of each finished stage.
    """

    iteration: int
    iterations: int
    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Announce ``stage``, one of ``STAGES``, and time what runs inside."""
        done = self.iteration - 1 + STAGES.index(stage) / len(STAGES)
        self.progress(stage, done / self.iterations)
        started = perf_counter()
        yield
        self.seconds[stage] = perf_counter() - started
