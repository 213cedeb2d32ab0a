"""What an iteration's mixtures are worth against its new responses, on held-out episodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from ssa_psro.metagame.exploitability import (
    DeviationGains,
    approx_exploitability,
    deviation_gains,
    restricted_exploitability,
)
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.judge import Floats, Judge, Mapper, Mix, P, Seeds
from ssa_psro.metagame.mixtures import contenders, value_interval
from ssa_psro.metagame.solvers import Equilibrium
from ssa_psro.oracles.protocol import OracleRequest, OracleResult
from ssa_psro.psro.records import IterationRecord, SideRecord
from ssa_psro.psro.state import PsroState


@dataclass(frozen=True, eq=False)
class Trained(Generic[P]):
    """A response, the request it answers, and the seconds it took."""

    request: OracleRequest[P]
    result: OracleResult[P]
    seconds: float


def measure(
    state: PsroState[P],
    equilibrium: Equilibrium,
    trained: Sequence[Trained[P]],
    *,
    judge: Judge[P],
    mix: Mix[P],
    seeds: Seeds,
    map_cells: Mapper,
) -> IterationRecord:
    """The record of an iteration, all but its durations.

    Args:
        state: before the responses join.
        equilibrium: of the restricted game.
        trained: the row and the column player's response.
        judge: plays one match.
        mix: makes the mixtures playable.
        seeds: held-out episodes, ``[E]``, E >= 2.
        map_cells: where matches are played.
    """
    weights = (equilibrium.row, equilibrium.column)
    rivals = [contenders(state.table, weights[1 - side], side) for side in (0, 1)]
    mixtures = [mix(side.policies, w) for side, w in zip(state.populations, weights, strict=True)]
    rows, columns = (_deviations(state, trained[side], rivals[side], side) for side in (0, 1))
    gains = deviation_gains(
        (mixtures[0], mixtures[1]), rows, columns, judge=judge, seeds=seeds, map_cells=map_cells
    )
    found = approx_exploitability(gains.row[0], gains.column[0])
    row, column = (
        _side_record(side, state, equilibrium, trained[side], gains, rivals[side])
        for side in (0, 1)
    )
    return IterationRecord(
        iteration=trained[0].request.iteration,
        sides=(row, column),
        method=equilibrium.method,
        gap=equilibrium.gap,
        restricted_exploitability=restricted_exploitability(state.table.mean, *weights),
        approx_exploitability=found.interval,
        raw_exploitability=found.raw,
        seconds={},
    )


def _deviations(
    state: PsroState[P], trained: Trained[P], rivals: Sequence[int], side: int
) -> list[P]:
    """The new response, then the existing members that may be as good."""
    policies = state.populations[side].policies
    return [trained.result.member.policy, *(policies[index] for index in rivals)]


def _side_record(
    side: int,
    state: PsroState[P],
    equilibrium: Equilibrium,
    trained: Trained[P],
    gains: DeviationGains,
    rivals: Sequence[int],
) -> SideRecord:
    population = state.populations[side]
    mixture: Floats = (equilibrium.row, equilibrium.column)[side]
    own_gains = (gains.row, gains.column)[side]
    best = int(own_gains[1:].mean(axis=1).argmax())
    return SideRecord(
        side=population.side,
        names=population.names,
        mixture=tuple(mixture.tolist()),
        value=value_interval(state.table, equilibrium.row, equilibrium.column, side),
        held_out_value=student_interval(gains.mixture[:, side]),
        response=trained.result.member.name,
        gain=student_interval(own_gains[0]),
        incumbent=population.names[rivals[best]],
        incumbent_gain=student_interval(own_gains[1 + best]),
        start_rule=trained.request.start,
        start=trained.result.start,
        facts=dict(trained.result.facts),
        oracle_s=trained.seconds,
    )
