"""Matches and tournaments of one game, played by several workers; how many does not matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.game import CoverageGame, game_of
from ssa_psro.games.coverage import Coverage
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.structure.evaluation import PopulationEvaluation, evaluate_population
from ssa_psro.metagame.tournament import Tournament, analyse_tournament, play_tournament
from ssa_psro.policies import Policy, play
from ssa_psro.policies.match import batches
from ssa_psro.randomness import episode_seeds, generator
from ssa_psro.scenario import Scenario, is_symmetric
from ssa_psro.work import Workers


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


@dataclass(frozen=True, eq=False)
class PlayedTournament:
    """Everybody against everybody.

    Attributes:
        found: the solved table.
        episodes: that were played, all cells together.
        seconds: of play, tables not counted.
    """

    found: Tournament
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
    batched = [seeds[some] for some in batches(game, seeds.size)]
    parts = [
        {"payoff": part.payoffs, "score": part.scores, **part.statistics}
        for part in workers.in_threads(partial(play, game, blue, red), batched)
    ]
    samples = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return PlayedMatch(samples, perf_counter() - begun)


def play_all_pairs(
    scenario: Scenario,
    players: Sequence[Policy],
    *,
    seed: int,
    episodes: int,
    resamples: int,
    workers: Workers,
) -> PlayedTournament:
    """Play every pair on the same episodes, in both seats if the game is symmetric, and solve it.

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
    table = play_tournament(
        [player.name for player in players],
        players,
        judge=workers.part_by_part(Coverage.of(game).judge),
        seeds=episode_seeds(seed, "tournament", count=episodes),
        map_cells=workers.in_threads,
    )
    seconds = perf_counter() - begun
    workers.stage("equilibria")
    found = analyse_tournament(
        table,
        make_solver("nash"),
        symmetric=is_symmetric(scenario),
        rng=generator(seed, "tournament", "bootstrap"),
        resamples=resamples,
    )
    return PlayedTournament(found, int(table.count.sum()), seconds)


def evaluated(found: Tournament, seed: int) -> PopulationEvaluation:
    """How strong the policies of a tournament are, and how they counter each other.

    Raises:
        SolverError: a solver could not certify its answer.
    """
    return evaluate_population(
        found.table,
        nash=make_solver("nash-maxent"),
        alpha_rank=make_solver("alpha-rank"),
        rng=generator(seed, "tournament", "evaluation"),
    )
