"""The coverage game as the meta-game sees it: who judges, how policies mix, what runs at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.game import CoverageGame
from ssa_psro.metagame.judge import Judge, P, R, T
from ssa_psro.policies import Mixture, Policy, play

PART = 32
"""Episodes between two looks at whether anybody still wants the result; a second or less."""


def _ignore(share: float) -> None:
    """The default progress report: none."""


@dataclass(frozen=True, eq=False)
class CoverageJudge:
    """Plays Blue's policy (the row) against Red's (the column).

    Attributes:
        game: what is played.
        workers: threads that one match is spread over; payoffs do not depend on it.
    """

    game: CoverageGame
    workers: int = 1

    def __call__(self, row: Policy, column: Policy, seeds: Seeds, /) -> Floats:
        """Payoffs of Blue and Red in every episode, ``[E, 2]``."""
        return play(self.game, row, column, seeds, self.workers).payoffs


def mix(policies: Sequence[Policy], probabilities: Floats) -> Mixture:
    """One policy that plays one of several, drawn anew for every episode.

    Args:
        policies: the members, ``[n]``.
        probabilities: of each member, ``[n]``, summing to 1.
    """
    return Mixture("mixture", tuple(policies), probabilities)


@dataclass(frozen=True, eq=False)
class ThreadMap:
    """Applies a function to many items in threads; results come in the order of the items.

    Threads are enough for matches, whose compiled rules release the interpreter's lock. A thread
    can't be interrupted, so whoever leaves the map early (Ctrl-C) would wait for the matches that
    are being played: play them with the judge that ``part_by_part`` returns.

    Attributes:
        workers: threads.
        on_share: told the share of the items done, in (0, 1], as they are handed over.
    """

    workers: int
    on_share: Callable[[float], None] = _ignore
    _abandoned: Event = field(default_factory=Event, init=False)

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
        """The results, each as soon as it and those before it are there."""
        work = list(items)
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                for done, result in enumerate(pool.map(function, work), start=1):
                    self.on_share(done / len(work))
                    yield result
            except BaseException:  # an interrupt, a failure, or the caller wants no more
                self._abandoned.set()
                raise

    def part_by_part(self, judge: Judge[P]) -> Judge[P]:
        """``judge``, playing long matches in parts and stopping between them once abandoned."""

        def play_parts(row: P, column: P, seeds: Seeds, /) -> Floats:
            parts = []
            for first in range(0, seeds.size, PART):
                if self._abandoned.is_set():
                    raise CancelledError
                parts.append(judge(row, column, seeds[first : first + PART]))
            return np.concatenate(parts)

        return play_parts
