"""Matches and tournaments of one game, played by several workers; how many does not matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from ssa_psro.arrays import Floats
from ssa_psro.game import CoverageGame, game_of
from ssa_psro.games.coverage import Coverage
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.structure.evaluation import PopulationEvaluation, evaluate_population
from ssa_psro.metagame.tournament import Tournament, analyse_tournament, play_tournament
from ssa_psro.policies import Mixture, Policy
from ssa_psro.randomness import episode_seeds, generator
from ssa_psro.scenario import Scenario, is_symmetric
from ssa_psro.study.outcome import PriceOfRivalry
from ssa_psro.study.rivalry import pair_player, prices_of_rivalry
from ssa_psro.work import Workers

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


@dataclass(frozen=True, eq=False)
class PlayedTournament:
    """Everybody against everybody.

    Attributes:
        found: the solved table.
        price: what rivalry costs at its equilibrium, on ``FRESH`` times as many episodes as a cell
            has, and other ones.
        episodes: that were played, all cells together.
        seconds: of play, tables not counted.
    """

    found: Tournament
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
    table = play_tournament(
        [player.name for player in players],
        players,
        judge=workers.part_by_part(Coverage.of(game).judge_with_scores),
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
    return PlayedTournament(found, price, int(table.count.sum()), seconds)


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
