"""Transfer: how well a run's policies carry over to other games.

In each game a run's mixtures meet the heuristics' equilibrium and whoever does best against them.
What was asked for and what was found are plain numbers that go to JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.game import CoverageGame, game_of
from ssa_psro.games.coverage import Coverage
from ssa_psro.metagame.exploitability import approx_exploitability, deviation_gains
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.metagame.judge import Judge
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.structure.ratings import support
from ssa_psro.metagame.tournament import play_tournament
from ssa_psro.policies import HEURISTICS, Mixture, Policy, make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import Scenario, content_hash
from ssa_psro.scenario.identity import RULES_VERSION
from ssa_psro.scenario.schema import SIDES
from ssa_psro.study.audit.subjects import Subject, outcome_of
from ssa_psro.study.policies import restore
from ssa_psro.study.reading import finished_run
from ssa_psro.work import Mapper, Workers

FORMAT = 1


@dataclass(frozen=True)
class TransferSettings:
    """What is asked for.

    Attributes:
        against: which of the run's mixtures: of the ``best`` iterate or of the ``final`` table.
        cell_episodes: of every pair of heuristics, whose equilibrium is the yardstick.
        episodes: held-out, on which everything is measured; a quarter as many others choose who
            deviates.
        seed: root of all randomness.
    """

    against: Literal["best", "final"]
    cell_episodes: int
    episodes: int
    seed: int


@dataclass(frozen=True)
class Crossing:
    """The run's mixtures in one game, beside the equilibrium of the heuristics there.

    Every payoff is measured on the same held-out episodes, so that differences are paired.

    Attributes:
        scenario: its name.
        content_hash: of the game.
        home: whether the run was trained in it.
        sensors: of Blue and of Red.
        objects: in the catalogue.
        heuristics: what the heuristics' equilibrium plays, by side and name.
        values: payoff of each side when both play the run's mixtures.
        scores: coverage score of each side in these episodes.
        gains: what each side gains by playing the run's mixture instead of the heuristics',
            while the other side plays the heuristics' mixture.
        gain: the mean of both.
        deviators: the known policy, heuristic or of the run, that does best against the run's
            mixtures, by side; chosen on other episodes.
        known_exploitability: what these two gain, NashConv / 2: a lower bound of the
            exploitability of the run's mixtures, by policies at hand.
        heuristic_exploitability: the same about the heuristics' mixtures.
    """

    scenario: str
    content_hash: str
    home: bool
    sensors: tuple[int, int]
    objects: int
    heuristics: Mapping[str, Mapping[str, float]]
    values: tuple[Interval, Interval]
    scores: tuple[Interval, Interval]
    gains: tuple[Interval, Interval]
    gain: Interval
    deviators: tuple[str, str]
    known_exploitability: Interval
    heuristic_exploitability: Interval


@dataclass(frozen=True)
class Transfer:
    """A run's policies at home and elsewhere.

    Attributes:
        format: of the document.
        run: name of the run folder.
        iteration: whose mixtures; ``None`` for the final equilibrium.
        settings: what was asked for.
        crossings: the run's own game first.
        rules_version: of the game's rules, see ``scenario.identity.RULES_VERSION``.
    """

    format: int
    run: str
    iteration: int | None
    settings: TransferSettings
    crossings: tuple[Crossing, ...]
    rules_version: int


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
    map_cells: Mapper
    choosing: Seeds
    held_out: Seeds


def cross(
    game: CoverageGame,
    subject: Subject,
    settings: TransferSettings,
    *,
    home: bool,
    workers: Workers,
) -> Crossing:
    """Measure the run's mixtures in ``game``.

    Args:
        game: any game; policies see features, not objects by name.
        subject: the run's mixtures and members.
        settings: what is asked for.
        home: whether the run was trained in this game.
        workers: whose threads play; results do not depend on them.
    """
    scenario, seed = game.arena.scenario, settings.seed
    field = _Field(
        workers.part_by_part(Coverage.of(game).judge),
        workers.in_threads,
        episode_seeds(seed, "transfer", "choosing", count=max(2, settings.episodes // CHOOSING)),
        episode_seeds(seed, "transfer", "held-out", count=settings.episodes),
    )
    heuristics: list[Policy] = [make_policy(name) for name in HEURISTICS]
    shares = _equilibrium(field, heuristics, settings)
    theirs = Coverage.mix(heuristics, shares[0]), Coverage.mix(heuristics, shares[1])
    ours = subject.mixed(0), subject.mixed(1)
    swapped = deviation_gains(
        theirs,
        [ours[0]],
        [ours[1]],
        judge=field.judge,
        seeds=field.held_out,
        map_cells=workers.in_threads,
    )
    gains = swapped.row[0], swapped.column[0]
    known = tuple([*(one.policy for one in subject.members[side]), *heuristics] for side in (0, 1))
    deviators, bound = _deviations(field, ours, known)
    match = play(game, *ours, field.held_out)
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


def transfer(
    folder: Path,
    scenarios: Sequence[Scenario],
    settings: TransferSettings,
    workers: Workers,
) -> Transfer:
    """Play a finished run's mixtures in its own game and in others. Changes nothing on disk.

    Args:
        folder: of a finished run.
        scenarios: the other games.
        settings: what is asked for.
        workers: whose threads play; results do not depend on them. They tell the name of each
            scenario as a stage.

    Raises:
        RunFolderError: it is no run folder, damaged, made under other rules, or not finished.
    """
    run = finished_run(folder)
    subject = outcome_of(run, restore(run), settings.against)
    crossings = []
    for number, scenario in enumerate([run.scenario, *scenarios]):
        workers.stage(scenario.name)
        game = game_of(scenario)
        crossings.append(cross(game, subject, settings, home=number == 0, workers=workers))
    record = run.best_record if settings.against == "best" else None
    return Transfer(
        format=FORMAT,
        run=folder.resolve().name,
        iteration=record.iteration if record else None,
        settings=settings,
        crossings=tuple(crossings),
        rules_version=RULES_VERSION,
    )
