"""The coverage game as the meta-game sees it: who judges, how policies mix, what runs at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ssa_psro.game import CoverageGame
from ssa_psro.metagame.judge import Floats, R, Seeds, T
from ssa_psro.policies import Mixture, Policy, play


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

    Threads are enough for matches, whose compiled rules release the interpreter's lock.

    Attributes:
        workers: threads.
        on_share: told the share of the items done, in (0, 1], as they are handed over.
    """

    workers: int
    on_share: Callable[[float], None] = _ignore

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
        """The results, each as soon as it and those before it are there."""
        work = list(items)
        with ThreadPoolExecutor(self.workers) as pool:
            for done, result in enumerate(pool.map(function, work), start=1):
                self.on_share(done / len(work))
                yield result
