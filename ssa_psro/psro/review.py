"""Iterates measured again: what members that joined later gain over the mixtures of earlier ones.

An iterate's own responses may have failed, and then it looks better than it is. The payoff table
holds, for nothing, what every member there is now gains over every iterate's mixtures. Whom it
puts first is played against the mixtures on episodes of their own, so that the figure is not
flattered by that choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.metagame.estimates import scores_against
from ssa_psro.metagame.exploitability import (
    approx_exploitability,
    deviation_gains,
)
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.judge import Judge, Mix, P
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.psro.records import BOTH, IterationRecord, Review, challenged, recomputed
from ssa_psro.psro.state import Population
from ssa_psro.randomness import episode_seeds
from ssa_psro.work import Mapper

FEW = 3
"""So many of each side's members, the first by the table, meet an iterate again."""


@dataclass(frozen=True, eq=False)
class Reviewer(Generic[P]):
    """Measures iterates of one run again.

    Attributes:
        judge: plays one match.
        mix: makes the mixtures playable.
        seed: root of the run.
        episodes: that a review is measured on, >= 2.
        tolerance: of the run.
        map_cells: where matches are played.
    """

    judge: Judge[P]
    mix: Mix[P]
    seed: int
    episodes: int
    tolerance: float
    map_cells: Mapper

    def __call__(
        self,
        records: Sequence[IterationRecord],
        populations: tuple[Population[P], Population[P]],
        table: PayoffTable,
    ) -> tuple[Review, ...]:
        """The reviews that the last iteration calls for.

        Iterates that could still be best are reviewed, and those below the tolerance, by which the
        run may stop; each only if a member has joined since it was looked at that the table puts
        before all others. Figures hardly ever fall by being measured again, so that the iterates
        passed over would not become the best ones.

        Args:
            records: one an iteration, in order.
            populations: all members there are.
            table: of all of them, completed; where they share a population, over both seats.
        """
        found = list[Review]()
        while True:
            *earlier, last = records
            known = challenged(recomputed((*earlier, replace(last, reviews=tuple(found)))))
            limit = max(self.tolerance, min(record.credible_bound for record in known))
            stale = [
                record
                for record in known
                if record.credible_bound <= limit
                and record.iteration not in (review.iteration for review in found)
                and _overtaken(records, record, table)
            ]
            if not stale:
                return tuple(found)
            first = min(stale, key=lambda record: record.credible_bound)
            found.append(self._review(records, first, populations, table))

    def _review(
        self,
        records: Sequence[IterationRecord],
        record: IterationRecord,
        populations: tuple[Population[P], Population[P]],
        table: PayoffTable,
    ) -> Review:
        seeds = episode_seeds(
            self.seed, "confirm", record.iteration, len(records), count=self.episodes
        )
        both = record.sides[0].side == BOTH
        rivals = [_rivals(records, record, table, side) for side in (0, 0 if both else 1)]
        row, column = (
            [own.members[own.names.index(name)] for name in names]
            for own, names in zip(populations, rivals, strict=True)
        )
        played = deviation_gains(
            self._mixtures(record, populations),
            [member.policy for member in row],
            [member.policy for member in column],
            judge=self.judge,
            seeds=seeds,
            map_cells=self.map_cells,
        )
        gains = [played.row, played.column]
        if both:  # in either seat
            gains = 2 * [(played.row + played.column) / 2]
        best = [int(own.mean(axis=1).argmax()) for own in gains]
        groups = [(own[:1], own[1:]) for own in gains]
        found = approx_exploitability(*(groups[:1] if both else groups))
        return Review(
            iteration=record.iteration,
            members=(row[best[0]].name, column[best[1]].name),
            gains=(student_interval(gains[0][best[0]]), student_interval(gains[1][best[1]])),
            approx_exploitability=found.interval,
            raw_exploitability=found.raw,
        )

    def _mixtures(
        self, record: IterationRecord, populations: tuple[Population[P], Population[P]]
    ) -> tuple[P, P]:
        row, column = (
            self.mix(population.policies[: len(own.mixture)], np.array(own.mixture))
            for population, own in zip(populations, record.sides, strict=True)
        )
        return row, column


def table_gains(record: IterationRecord, table: PayoffTable) -> tuple[Floats, Floats]:
    """What every member gains over an iterate's mixtures in the payoff table, each side's own.

    The mixtures and the strongest of the members were chosen on the very same episodes.

    Args:
        record: of the iterate.
        table: of all members there are, completed; where they share a population, over both seats.
    """
    row, column = (
        (scores := _scores(table, record, side))
        - np.array(record.sides[side].mixture) @ scores[: len(record.sides[side].mixture)]
        for side in (0, 1)
    )
    return row, column


def _scores(table: PayoffTable, record: IterationRecord, side: int) -> Floats:
    """Mean payoff of every member of a side against the other side's mixture."""
    met = np.zeros((len(table.rows), len(table.columns))[1 - side])
    shares = record.sides[1 - side].mixture
    met[: len(shares)] = shares
    return scores_against(table, met, side)


def _overtaken(
    records: Sequence[IterationRecord], record: IterationRecord, table: PayoffTable
) -> bool:
    """Whether the first by the table of either side joined after the iterate was last looked at."""
    looks = (one for one in reversed(records) if _looks_at(one, record.iteration))
    episodes = next(looks).episodes  # has a line a row policy that had joined by then
    met = len(episodes), len(episodes[0])
    return any(int(_scores(table, record, side).argmax()) >= met[side] for side in (0, 1))


def _rivals(
    records: Sequence[IterationRecord], record: IterationRecord, table: PayoffTable, side: int
) -> list[str]:
    """Who gained most when the iterate was last looked at, then the first by the table."""
    found = (one for last in reversed(records) for one in last.reviews)
    last = next((one for one in found if one.iteration == record.iteration), None)
    champion = last.members[side] if last else record.sides[side].champion
    order = np.argsort(-_scores(table, record, side), kind="stable")
    first = [(table.rows, table.columns)[side][index] for index in order[: FEW + 1]]
    return [champion, *[name for name in first if name != champion][:FEW]]


def _looks_at(record: IterationRecord, iteration: int) -> bool:
    seen = (review.iteration for review in record.reviews)
    return record.iteration == iteration or iteration in seen
