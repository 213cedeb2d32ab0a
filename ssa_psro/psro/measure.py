"""What an iteration's mixtures are worth against its new responses, on held-out episodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.learn.protocol import OracleRequest, OracleResult
from ssa_psro.metagame.estimates import contenders, value_interval
from ssa_psro.metagame.exploitability import (
    DeviationGains,
    approx_exploitability,
    deviation_gains,
    restricted_exploitability,
)
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.judge import Judge, Mix, P
from ssa_psro.metagame.solvers import Equilibrium
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


Responses = tuple[Sequence[Trained[P]], Sequence[Trained[P]]]
"""The row and the column player's, at least one each."""


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
    # one response a side is no choice, and all episodes measure it. The best of several would be
    # flattered by the episodes that chose it; both sides are halved, so that they stay paired
    most = max(len(responses) for responses in trained)
    judged = [
        _judged(own[: len(trained[side])], halved=most > 1)
        for side, own in enumerate((gains.row, gains.column))
    ]
    strongest = [side.gains[side.strongest] for side in judged]
    found = approx_exploitability(*(strongest[:1] if both else strongest))
    row, column = (
        _side_record(side, state, equilibrium, trained[side], judged[side], gains, rivals[side])
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


@dataclass(frozen=True, eq=False)
class _Judged:
    """Gains ``[a, E]`` of new responses, and which of them is the strongest."""

    strongest: int
    gains: Floats


def _judged(gains: Floats, *, halved: bool) -> _Judged:
    """The strongest of responses with gains ``[a, E]``.

    Args:
        gains: of the responses of one side.
        halved: choose on the first half of the episodes, keep the others for measuring.
    """
    choosing = gains.shape[1] // 2 if halved else 0
    strongest = int(gains[:, :choosing].mean(axis=1).argmax()) if halved else 0
    return _Judged(strongest, gains[:, choosing:])


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
    judged: _Judged,
    gains: DeviationGains,
    rivals: Sequence[int],
) -> SideRecord:
    population = state.populations[side]
    mixture: Floats = (equilibrium.row, equilibrium.column)[side]
    incumbents = (gains.row, gains.column)[side][len(trained) :]
    # the best of several and measured where it was found: flattered a little, as its record says
    best = int(incumbents.mean(axis=1).argmax())
    return SideRecord(
        side=BOTH if trained[0].asked.request.both else population.side,
        names=population.names,
        mixture=tuple(mixture.tolist()),
        value=value_interval(state.table, equilibrium.row, equilibrium.column, side),
        held_out_value=student_interval(gains.mixture[:, side]),
        responses=tuple(map(_response_record, trained, judged.gains)),
        strongest=judged.strongest,
        incumbent=population.names[rivals[best]],
        incumbent_gain=student_interval(incumbents[best]),
    )


def _response_record(trained: Trained[P], gains: Floats) -> ResponseRecord:
    return ResponseRecord(
        name=trained.result.member.name,
        target=trained.asked.target,
        gain=student_interval(gains),
        start_rule=trained.asked.request.start,
        start=trained.result.start,
        facts=dict(trained.result.facts),
        oracle_s=trained.seconds,
    )
