"""What a PSRO run is made of: populations, the state between iterations, stages, and the end.

A state is everything that a run needs to continue as if it had never stopped. When it ends is a
function of its records, and the stages of an iteration are announced and timed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Generic, Literal

from ssa_psro.errors import Fault, UsageError
from ssa_psro.learn.protocol import Member
from ssa_psro.metagame.judge import P
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.progress import StageProgress
from ssa_psro.psro.records import IterationRecord, recomputed
from ssa_psro.randomness import episode_seeds


@dataclass(frozen=True, eq=False)
class Population(Generic[P]):
    """The named members of one side, oldest first; it only ever grows.

    Attributes:
        side: name of the side, such as ``blue``; trained members are named after it.
        members: at least one, names all different.
    """

    side: str
    members: tuple[Member[P], ...]

    def __post_init__(self) -> None:
        names = self.names
        if not names:
            _refuse(self.side, None, "empty population", "Start with at least one policy.")
        doubles = sorted({name for name in names if names.count(name) > 1})
        if doubles:
            _refuse(self.side, doubles, "names used twice", "Name every policy once.")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the members, in order."""
        return tuple(member.name for member in self.members)

    @property
    def policies(self) -> tuple[P, ...]:
        """What the judge plays, in order."""
        return tuple(member.policy for member in self.members)

    def with_members(self, members: Iterable[Member[P]]) -> Population[P]:
        """The population with more members at its end; those of before can't be gone on from.

        Raises:
            UsageError: a name is taken.
        """
        before = (replace(member, carried=None) for member in self.members)
        return Population(self.side, (*before, *members))


def _refuse(key: str, value: object, problem: str, cure: str) -> None:
    raise UsageError("population", [Fault(key, value, problem, cure)])


@dataclass(frozen=True, eq=False)
class PsroState(Generic[P]):
    """Populations, their payoffs, and what has been found so far.

    Attributes:
        populations: row, then column player; where they share one, the same members twice.
        table: payoffs of all against all; after every iteration, all that the sampler plays.
        records: one an iteration, in order.
    """

    populations: tuple[Population[P], Population[P]]
    table: PayoffTable
    records: tuple[IterationRecord, ...] = ()


def initial_state(
    populations: tuple[Population[P], Population[P]], *, seed: int, episodes_per_cell: int
) -> PsroState[P]:
    """The state before anything has been played, every cell of the table on the same episodes.

    Args:
        populations: what each side starts with.
        seed: root seed of the run; the table's episodes are a pure function of it.
        episodes_per_cell: episodes every pair of policies plays, the same ones in all cells.
    """
    seeds = episode_seeds(seed, "table", count=episodes_per_cell)
    rows, columns = populations
    return PsroState(populations, PayoffTable.unplayed(rows.names, columns.names, seeds))


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
    progress: StageProgress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Announce ``stage``, one of ``STAGES``, and time what runs inside."""
        done = self.iteration - 1 + STAGES.index(stage) / len(STAGES)
        self.progress(stage, done / self.iterations)
        started = perf_counter()
        yield
        self.seconds[stage] = perf_counter() - started


StopReason = Literal["iterations", "tolerance", "alike"]


@dataclass(frozen=True)
class StopRule:
    """A pure function of the records, so that a resumed run stops where it would have.

    What must be low is the credible bound by all members there are now, never the estimate:
    stopping needs evidence that little is left to gain. It is evidence about the responses
    trained, not about all there are, and only those count that were trained against the whole
    mixtures: where none was, as with ``rectified`` and ``uniform``, a run ends by its iterations.

    A run whose responses do but repeat members, by their payoffs against everybody, finds nothing
    new with its oracle, and ends too; that it is solved does not follow.

    Attributes:
        iterations: at most so many, >= 1.
        tolerance: approximate exploitability that is good enough, payoff units; 0 never is.
            Policies whose payoffs are known to differ by less are alike.
        patience: so many iterates in a row must have their ``credible_bound`` below it, or all
            their responses alike members of before, >= 1.
        confirmation: once one has either, later responses are trained for so many times the
            decisions, >= 1: what ends a run has been looked for longer than what made it.
    """

    iterations: int
    tolerance: float = 0.0
    patience: int = 1
    confirmation: float = 1.0

    def __call__(self, records: Sequence[IterationRecord]) -> StopReason | None:
        """Why the run ends after these records; ``None`` if it goes on."""
        # several in a row: a bound is wrong now and then, and a run looks at one an iteration
        if self._in_a_row(self._solved(records)):
            return "tolerance"
        if self._in_a_row(self._repeated(records)):
            return "alike"
        return "iterations" if len(records) >= self.iterations else None

    def effort(self, records: Sequence[IterationRecord]) -> float:
        """By how much longer the responses after these records are trained."""
        noted = any(self._solved(records)) or any(self._repeated(records))
        return self.confirmation if noted else 1.0

    def _in_a_row(self, noted: Sequence[bool]) -> bool:
        last = noted[-self.patience :]
        return len(last) == self.patience and all(last)

    def _repeated(self, records: Sequence[IterationRecord]) -> list[bool]:
        return [one.repeats(self.tolerance) for one in records]

    def _solved(self, records: Sequence[IterationRecord]) -> list[bool]:
        return [one.answered and one.credible_bound < self.tolerance for one in recomputed(records)]
