"""A run's mixtures in one game: against the heuristics, and against whoever does best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.audit.subjects import Subject
from ssa_psro.game import CoverageGame
from ssa_psro.metagame.coverage import CoverageJudge, ThreadMap, mix
from ssa_psro.metagame.exploitability import approx_exploitability, deviation_gains
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.metagame.judge import Judge
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.structure import support
from ssa_psro.metagame.tournament import play_tournament
from ssa_psro.policies import HEURISTICS, Mixture, Policy, make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import content_hash
from ssa_psro.scenario.schema import SIDES
from ssa_psro.transfer.documents import Crossing, TransferSettings

Mixtures = tuple[Mixture, Mixture]

CHOOSING = 4
"""One choosing episode for so many held-out ones: dozens of policies play them, two the others."""


@dataclass(frozen=True, eq=False)
class _Field:
    """Where and on what everything is played.

    Attributes:
        judge: plays one match.
        map_cells: where matches are played.
        choosing: episodes that choose who deviates, ``[E]``.
        held_out: episodes that measure, ``[E]``.
    """

    judge: Judge[Policy]
    map_cells: ThreadMap
    choosing: Seeds
    held_out: Seeds


def cross(
    game: CoverageGame,
    subject: Subject,
    settings: TransferSettings,
    *,
    home: bool,
    map_cells: ThreadMap,
) -> Crossing:
    """Measure the run's mixtures in ``game``.

    Args:
        game: any game; policies see features, not objects by name.
        subject: the run's mixtures and members.
        settings: what is asked for.
        home: whether the run was trained in this game.
        map_cells: where matches are played; results do not depend on it.
    """
    scenario, seed = game.arena.scenario, settings.seed
    field = _Field(
        map_cells.part_by_part(CoverageJudge(game)),
        map_cells,
        episode_seeds(seed, "transfer", "choosing", count=max(2, settings.episodes // CHOOSING)),
        episode_seeds(seed, "transfer", "held-out", count=settings.episodes),
    )
    heuristics: list[Policy] = [make_policy(name) for name in HEURISTICS]
    shares = _equilibrium(field, heuristics, settings)
    theirs = mix(heuristics, shares[0]), mix(heuristics, shares[1])
    ours = subject.mixed(0), subject.mixed(1)
    swapped = deviation_gains(
        theirs,
        [ours[0]],
        [ours[1]],
        judge=field.judge,
        seeds=field.held_out,
        map_cells=map_cells,
    )
    gains = swapped.row[0], swapped.column[0]
    known = tuple([*(one.policy for one in subject.members[side]), *heuristics] for side in (0, 1))
    deviators, bound = _deviations(field, ours, known)
    match = play(game, *ours, field.held_out, map_cells.workers)
    return Crossing(
        scenario=scenario.name,
        content_hash=content_hash(scenario),
        home=home,
        sensors=game.arena.sensor_count,
        objects=len(game.arena.objects),
        heuristics=_named(heuristics, shares),
        values=_both(match.payoffs),
        scores=_both(match.scores),
        gains=(student_interval(gains[0]), student_interval(gains[1])),
        gain=student_interval((gains[0] + gains[1]) / 2),
        deviators=deviators,
        known_exploitability=bound,
        heuristic_exploitability=_deviations(field, theirs, known)[1],
    )


def _equilibrium(
    field: _Field, heuristics: Sequence[Policy], settings: TransferSettings
) -> tuple[Floats, Floats]:
    """Nash mixtures of the heuristics in this game."""
    table = play_tournament(
        [policy.name for policy in heuristics],
        heuristics,
        judge=field.judge,
        seeds=episode_seeds(settings.seed, "transfer", "cells", count=settings.cell_episodes),
        map_cells=field.map_cells,
    )
    found = make_solver("nash")(table.mean)
    return found.row, found.column


def _deviations(
    field: _Field, mixtures: Mixtures, known: tuple[list[Policy], ...]
) -> tuple[tuple[str, str], Interval]:
    """Who does best against the mixtures on the choosing episodes, and what they gain on others."""
    chosen = deviation_gains(
        mixtures, *known, judge=field.judge, seeds=field.choosing, map_cells=field.map_cells
    )
    best = [
        known[side][int(gains.mean(axis=1).argmax())]
        for side, gains in enumerate((chosen.row, chosen.column))
    ]
    gains = deviation_gains(
        mixtures,
        [best[0]],
        [best[1]],
        judge=field.judge,
        seeds=field.held_out,
        map_cells=field.map_cells,
    )
    bound = approx_exploitability(gains.row[0], gains.column[0]).interval
    return (best[0].name, best[1].name), bound


def _named(
    heuristics: Sequence[Policy], shares: tuple[Floats, Floats]
) -> Mapping[str, Mapping[str, float]]:
    return {
        side: {heuristics[index].name: float(own[index]) for index in support(own)}
        for side, own in zip(SIDES, shares, strict=True)
    }


def _both(samples: Floats) -> tuple[Interval, Interval]:
    numbers = np.asarray(samples, dtype=np.float64)
    return student_interval(numbers[:, 0]), student_interval(numbers[:, 1])
