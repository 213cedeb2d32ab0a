"""What an iteration's mixtures are worth against its new responses, on held-out episodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.learn.protocol import OracleRequest, OracleResult
from ssa_psro.metagame.estimates import contenders, likeness, value_interval
from ssa_psro.metagame.exploitability import (
    DeviationGains,
    approx_exploitability,
    deviation_gains,
    restricted_exploitability,
)
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.judge import Judge, Mix, P
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import Equilibrium
from ssa_psro.metagame.solvers.equilibrium import as_bimatrix, describe
from ssa_psro.metagame.tournament import swap_seats
from ssa_psro.psro.records import BOTH, IterationRecord, ResponseRecord, SideRecord
from ssa_psro.psro.state import PsroState
from ssa_psro.work import Mapper


@dataclass(frozen=True, eq=False)
class TargetedRequest(Generic[P]):
    """A request, and in words whom the response is to be trained against."""

    request: OracleRequest[P]
    target: str


@dataclass(frozen=True, eq=False)
class Trained(Generic[P]):
    """A response, what it was asked for, and the seconds it took."""

    asked: TargetedRequest[P]
    result: OracleResult[P]
    seconds: float

    @property
    def met(self) -> Floats:
        """The opponents' mixture that it was trained against, in the end."""
        shifted = self.result.opponent_mixture
        return self.asked.request.opponent_mixture if shifted is None else shifted


Responses = tuple[Sequence[Trained[P]], Sequence[Trained[P]]]
"""The row and the column player's, at least one each."""

SAME = 1e-12
"""Two mixtures of which no probability differs by more are one."""


def as_answered(payoffs: Floats, equilibrium: Equilibrium, trained: Responses[P]) -> Equilibrium:
    """The mixtures that the responses answer: the equilibrium's, or those it was shifted to.

    Args:
        payoffs: ``[n, m, 2]``.
        equilibrium: of the restricted game, with which training began.
        trained: the responses; opponents that shift while they train do so for one response alone.
    """
    row, column = (responses[0].result.opponent_mixture for responses in reversed(trained))
    if row is None or column is None:
        return equilibrium
    return describe(as_bimatrix(payoffs), row, column, f"{equilibrium.method}, anytime", {})


def measure(
    state: PsroState[P],
    equilibrium: Equilibrium,
    trained: Responses[P],
    *,
    judge: Judge[P],
    mix: Mix[P],
    seeds: Seeds,
    map_cells: Mapper,
) -> IterationRecord:
    """The record of an iteration, all but its durations and what is played after it.

    Args:
        state: before the responses join.
        equilibrium: of the restricted game.
        trained: the responses of both sides.
        judge: plays one match.
        mix: makes the mixtures playable.
        seeds: held-out episodes, ``[E]``, E >= 2.
        map_cells: where matches are played.
    """
    table, both = state.table, trained[0][0].asked.request.both
    if both:  # chance seats the players
        table = swap_seats(table)
    # rivals and mixtures are chosen on the table's episodes: what either is worth is told by new
    # ones. All meet on the same new episodes, so that gains are paired differences
    weights = (equilibrium.row, equilibrium.column)
    rivals = [contenders(table, weights[1 - side], side) for side in (0, 1)]
    mixtures = [mix(side.policies, w) for side, w in zip(state.populations, weights, strict=True)]
    rows, columns = (_deviations(state, trained[side], rivals[side], side) for side in (0, 1))
    gains = deviation_gains(
        (mixtures[0], mixtures[1]), rows, columns, judge=judge, seeds=seeds, map_cells=map_cells
    )
    if both:  # each deviation is played in either seat, and gains what it does on average
        mean = (gains.row + gains.column) / 2
        gains = replace(gains, row=mean, column=mean)
    # whoever gains most counts, new or old: what an existing member gains is no less lost
    groups = [
        (own[: len(trained[side])], own[len(trained[side]) :])
        for side, own in enumerate((gains.row, gains.column))
    ]
    found = approx_exploitability(*(groups[:1] if both else groups))
    row, column = (
        _side_record(side, state, equilibrium, trained[side], gains, rivals[side])
        for side in (0, 1)
    )
    return IterationRecord(
        iteration=trained[0][0].asked.request.iteration,
        sides=(row, column),
        method=equilibrium.method,
        gap=equilibrium.gap,
        restricted_exploitability=restricted_exploitability(table.mean, *weights),
        approx_exploitability=found.interval,
        raw_exploitability=found.raw,
        episodes=(),
        seconds={},
    )


def with_nearest(record: IterationRecord, table: PayoffTable) -> IterationRecord:
    """The record with the members of before that its responses are most like.

    Args:
        record: of an iteration.
        table: once its responses have joined, completed; where they share a population, over both
            seats.
    """
    row, column = (
        replace(
            own,
            responses=tuple(
                replace(one, nearest=likeness(table, names.index(one.name), len(own.names), side))
                for one in own.responses
            ),
        )
        for side, (own, names) in enumerate(
            zip(record.sides, (table.rows, table.columns), strict=True)
        )
    )
    return replace(record, sides=(row, column))


def _deviations(
    state: PsroState[P], trained: Sequence[Trained[P]], rivals: Sequence[int], side: int
) -> list[P]:
    """The new responses, then the existing members that may be as good."""
    policies = state.populations[side].policies
    new = [answer.result.member.policy for answer in trained]
    return [*new, *(policies[index] for index in rivals)]


def _side_record(
    side: int,
    state: PsroState[P],
    equilibrium: Equilibrium,
    trained: Sequence[Trained[P]],
    gains: DeviationGains,
    rivals: Sequence[int],
) -> SideRecord:
    population = state.populations[side]
    mixture: Floats = (equilibrium.row, equilibrium.column)[side]
    own = (gains.row, gains.column)[side]
    responses, incumbents = own[: len(trained)], own[len(trained) :]
    # the best of several and measured where it was found: flattered a little, as the record says
    strongest, best = (int(some.mean(axis=1).argmax()) for some in (responses, incumbents))
    met = (equilibrium.row, equilibrium.column)[1 - side]
    return SideRecord(
        side=BOTH if trained[0].asked.request.both else population.side,
        names=population.names,
        mixture=tuple(mixture.tolist()),
        value=value_interval(state.table, equilibrium.row, equilibrium.column, side),
        held_out_value=student_interval(gains.mixture[:, side]),
        responses=tuple(
            _response_record(answer, gain, met)
            for answer, gain in zip(trained, responses, strict=True)
        ),
        strongest=strongest,
        incumbent=population.names[rivals[best]],
        incumbent_gain=student_interval(incumbents[best]),
    )


def _response_record(trained: Trained[P], gains: Floats, mixture: Floats) -> ResponseRecord:
    return ResponseRecord(
        name=trained.result.member.name,
        target=trained.asked.target,
        gain=student_interval(gains),
        start_rule=trained.asked.request.start,
        start=trained.result.start,
        facts=dict(trained.result.facts),
        oracle_s=trained.seconds,
        whole=trained.result.asked and bool(np.allclose(trained.met, mixture, rtol=0, atol=SAME)),
    )
