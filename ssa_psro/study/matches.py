"""Matches and tournaments of one game, played by several workers; how many does not matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import NamedTuple

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.game import CoverageGame, game_of
from ssa_psro.geometry.arena import Arena
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.solvers.equilibrium import is_zero_sum
from ssa_psro.metagame.structure.evaluation import PopulationEvaluation, evaluate_population
from ssa_psro.metagame.tournament import (
    Tournament,
    analyse_tournament,
    play_tournament,
    swap_seats,
)
from ssa_psro.policies import Mixture, Policy, play
from ssa_psro.randomness import episode_seeds, generator
from ssa_psro.scenario import Scenario, is_symmetric
from ssa_psro.study.outcome import PriceOfRivalry
from ssa_psro.study.rivalry import pair_player, prices_of_rivalry
from ssa_psro.trace import Denials, Looks, ManoeuvreEvents, Protections, Trace, record
from ssa_psro.trace.gaps import WITHIN_H
from ssa_psro.trace.merit import Merit, merit_of
from ssa_psro.work import Workers

TRACED_BYTES, MOST_BYTES, MOST_TRACES = 16, 128e6, 16
"""Bytes of a trace for each side, step and object; of all that are made side by side, unless a
single one takes more; and how many these are at most, so that work can be shared and left."""

FRESH = 4
"""Episodes that judge a tournament's equilibrium, for each episode of a cell."""


@dataclass(frozen=True, eq=False)
class PlayedMatch:
    """One policy against another.

    Attributes:
        samples: one number an episode and side, ``[E, 2]``, by the name of the figure of merit:
            ``payoff``, ``score`` and those of ``policies.match.statistics_of``.
        seconds: of play, tables not counted.
    """

    samples: Mapping[str, Floats]
    seconds: float


class Episode(NamedTuple):
    """What is kept of an episode that was traced.

    Attributes:
        epoch: UTC time of its beginning.
        seed: of its chance.
        looks: of both sides, like the next three.
        denials: in the order in which they were tried.
        protections: in their order.
        manoeuvres: of all objects.
        merit: its figures of merit.
    """

    epoch: datetime
    seed: int
    looks: Looks
    denials: Denials
    protections: Protections
    manoeuvres: ManoeuvreEvents
    merit: Merit


@dataclass(frozen=True, eq=False)
class MeasuredMatch:
    """One policy against another, with all that happened.

    Attributes:
        played: payoffs and scores; nothing of them where only traces were kept.
        episodes: the same ones, as they were traced, ``E``.
        within_h: up to what length a gap between successes counts as short.
    """

    played: PlayedMatch
    episodes: tuple[Episode, ...]
    within_h: float

    @classmethod
    def of(cls, traces: Sequence[Trace], arena: Arena) -> MeasuredMatch:
        """Of traces that were made already."""
        kept = tuple(_kept(one, arena, WITHIN_H) for one in traces)
        return cls(PlayedMatch({}, 0.0), kept, WITHIN_H)


@dataclass(frozen=True, eq=False)
class PlayedTournament:
    """Everybody against everybody.

    Attributes:
        found: the solved table.
        custody: share of the objects, each counting alike, and of time in custody of both, in
            every episode that the payoffs are of; where those are the mean of both seats, so is it.
        price: what rivalry costs at its equilibrium, on ``FRESH`` times as many episodes as a cell
            has, and other ones.
        episodes: that were played, all cells together.
        seconds: of play, tables not counted.
    """

    found: Tournament
    custody: PayoffTable
    price: PriceOfRivalry
    episodes: int
    seconds: float


def open_game(scenario: Scenario, workers: Workers) -> CoverageGame:
    """The scenario ready to be played; its tables come from the cache, or are built and told."""
    return game_of(scenario, lambda stage, share: workers.tell(f"tables: {stage}", share))


def play_match(
    scenario: Scenario, blue: Policy, red: Policy, *, seed: int, episodes: int, workers: Workers
) -> PlayedMatch:
    """Play ``episodes`` episodes, two or more, whose seeds are a pure function of ``seed``."""
    game, seeds = open_game(scenario, workers), episode_seeds(seed, "play", count=episodes)
    workers.stage("episodes")
    begun = perf_counter()
    samples = pair_player(game, seeds, workers)((blue, red))
    return PlayedMatch(samples, perf_counter() - begun)


def measure_match(
    scenario: Scenario,
    blue: Policy,
    red: Policy,
    *,
    seed: int,
    episodes: int,
    workers: Workers,
    within_h: float = WITHIN_H,
) -> MeasuredMatch:
    """Play a match as ``play_match`` does, and its episodes again with a trace.

    Args:
        scenario: the game.
        blue: Blue's policy.
        red: Red's.
        seed: root of all randomness.
        episodes: two or more.
        workers: whose threads play.
        within_h: up to what length a gap between successes counts as short.
    """
    played = play_match(scenario, blue, red, seed=seed, episodes=episodes, workers=workers)
    game, seeds = open_game(scenario, workers), episode_seeds(seed, "play", count=episodes)
    bytes_each = TRACED_BYTES * 2 * game.objects * game.world.rules.steps
    size = max(1, min(MOST_TRACES, int(MOST_BYTES / bytes_each)))
    workers.stage("figures of merit")

    def measure(some: Seeds) -> list[Episode]:
        return [_kept(one, game.arena, within_h) for one in record(game, blue, red, some)]

    parts = np.array_split(seeds, -(-episodes // size))
    found = [one for part in workers.in_threads(measure, parts) for one in part]
    return MeasuredMatch(played, tuple(found), within_h)


def _kept(trace: Trace, arena: Arena, within_h: float) -> Episode:
    merit = merit_of(trace, arena, within_h=within_h)
    events = trace.looks, trace.denials, trace.protections, trace.manoeuvres
    return Episode(trace.epoch, trace.seed, *events, merit)


def play_all_pairs(
    scenario: Scenario,
    players: Sequence[Policy],
    *,
    seed: int,
    episodes: int,
    resamples: int,
    workers: Workers,
) -> PlayedTournament:
    """Play every pair on the same episodes and solve it; seats of one design are averaged.

    Args:
        scenario: the game.
        players: two policies or more, with different names.
        seed: root of all randomness.
        episodes: of every pair, two or more.
        resamples: bootstrap tables behind the intervals of the equilibrium.
        workers: whose threads play.

    Raises:
        UsageError: fewer than two policies, or a name twice.
        SolverError: the meta-solver could not certify its answer.
    """
    game = open_game(scenario, workers)
    workers.stage("episodes")
    begun = perf_counter()
    custody: dict[tuple[str, str], list[Floats]] = defaultdict(list)

    def judge(row: Policy, column: Policy, seeds: Seeds, /) -> Floats:
        played = play(game, row, column, seeds)
        # parts of a cell come one after the other
        custody[row.name, column.name].append(played.statistics["custody"])
        return np.concatenate([played.payoffs, played.scores], axis=1)

    names = [player.name for player in players]
    table = play_tournament(
        names,
        players,
        judge=workers.part_by_part(judge),
        seeds=episode_seeds(seed, "tournament", count=episodes),
        map_cells=workers.in_threads,
    )
    seconds = perf_counter() - begun
    held = PayoffTable(
        table.rows,
        table.columns,
        table.seeds,
        np.array([[np.concatenate(custody[row, column]) for column in names] for row in names]),
    )
    workers.stage("equilibria")
    found = analyse_tournament(
        table,
        make_solver("nash"),
        symmetric=is_symmetric(scenario),
        rng=generator(seed, "tournament", "bootstrap"),
        resamples=resamples,
    )
    workers.stage("price of rivalry")
    seeds = episode_seeds(seed, "tournament", "fresh", count=FRESH * episodes)
    mixtures = [
        Mixture("mixture", players, mixture)
        for mixture in (found.equilibrium.row, found.equilibrium.column)
    ]
    (price,) = prices_of_rivalry(
        table,
        (players, players),
        [(mixtures[0], mixtures[1])],
        pair_player(game, seeds, workers),
    )
    held = swap_seats(held) if found.seats_swapped else held
    return PlayedTournament(found, held, price, int(table.count.sum()), seconds)


def evaluated(found: Tournament, seed: int) -> PopulationEvaluation:
    """How strong the policies of a tournament are, and how they counter each other.

    Raises:
        SolverError: a solver could not certify its answer.
    """
    # of the equilibria of a zero-sum game the most even one; others have no such set
    nash = "nash-maxent" if is_zero_sum(found.table.mean) else "nash"
    return evaluate_population(
        found.table,
        nash=make_solver(nash),
        alpha_rank=make_solver("alpha-rank"),
        rng=generator(seed, "tournament", "evaluation"),
    )
