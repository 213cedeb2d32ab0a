"""What is measured at one point: the heuristics against each other, and what a response gains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from evidence.blinding_map.found import GAIN, Row, row
from evidence.blinding_map.points import RIVALRIES, RIVALRY, Grid
from ssa_psro.game import CoverageGame
from ssa_psro.games.coverage import Coverage
from ssa_psro.geometry import build_arena
from ssa_psro.learn.algorithms.search import SearchOracle
from ssa_psro.learn.evolution import SearchSettings
from ssa_psro.learn.protocol import Member, OracleRequest
from ssa_psro.metagame.exploitability import deviation_gains
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.tournament import Tournament, analyse_tournament, play_tournament
from ssa_psro.policies import Mixture, Policy, make_policy
from ssa_psro.randomness import derive_seed, episode_seeds, generator
from ssa_psro.study.rivalry import Pair, pair_player, prices_of_rivalry
from ssa_psro.sweeps.measuring import measured_of
from ssa_psro.work import Workers

PLAYERS = tuple(
    map(
        make_policy,
        ("aggressive", "reactive", "predictive", "information", "blinding", "shielded"),
    )
)
"""Who takes part. The other heuristics lose at the reference by 0.17 and more against its
equilibrium, and would cost two thirds of the time."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What a point costs, in episodes.

    Attributes:
        episodes: of every pair of policies in either seat.
        search: of one search for a response.
        fresh: on which equilibrium, cooperative pair and response are judged.
        resamples: tables behind the intervals of the equilibrium.
        seed: root of all randomness. All points share the episodes.
    """

    episodes: int = 4
    search: int = 480
    fresh: int = 32
    resamples: int = 200
    seed: int = 1

    @property
    def a_point(self) -> int:
        """Episodes at one point other than the reference."""
        return len(PLAYERS) ** 2 * self.episodes + self.search + 4 * self.fresh


@dataclass(frozen=True)
class Visit:
    """Plays points of a grid, wherever it is sent."""

    grid: Grid
    budget: Budget

    def __call__(self, point: Mapping[str, float]) -> list[Row]:
        """The rows of a point: at the reference, for every rivalry; elsewhere for the scenario's.

        A rivalry needs no episodes of its own: a table has both sides' scores.
        """
        scenario, budget = self.grid.scenario_at(point), self.budget
        own = scenario.rules.rivalry
        game = CoverageGame(build_arena(scenario, cache_dir=None))
        table = play_tournament(
            [player.name for player in PLAYERS],
            PLAYERS,
            judge=Coverage.of(game).judge_with_scores,
            seeds=episode_seeds(budget.seed, "tournament", count=budget.episodes),
        )
        rivalries = sorted({*RIVALRIES, own}) if point == self.grid.reference else [own]
        solved = {rivalry: self._solved(paid(table, rivalry)) for rivalry in rivalries}
        mixed = {rivalry: mixtures(one) for rivalry, one in solved.items()}
        seeds = episode_seeds(budget.seed, "fresh", count=budget.fresh)
        prices = prices_of_rivalry(
            table, (PLAYERS, PLAYERS), list(mixed.values()), pair_player(game, seeds, Workers())
        )
        rows = []
        for rivalry, price in zip(rivalries, prices, strict=True):
            place = {**point, RIVALRY: rivalry}
            found = measured_of(solved[rivalry], price)
            rows += [row(place, one.quantity, one.whose, one.value) for one in found]
        gain = self._gain(game, mixed[own], solved[own])
        rows.append(row({**point, RIVALRY: own}, GAIN, "search", gain))
        return rows

    def _solved(self, table: PayoffTable) -> Tournament:
        return analyse_tournament(
            table,
            make_solver("nash"),
            symmetric=True,
            rng=generator(self.budget.seed, "bootstrap"),
            resamples=self.budget.resamples,
        )

    def _gain(self, game: CoverageGame, mixed: Pair, solved: Tournament) -> Interval:
        """What the answer of a short search in Blue's seat earns above the mixture it replaces."""
        coverage, seed = Coverage.of(game), self.budget.seed
        steps = self.budget.search * game.decisions
        # many short generations; constant doctrines need no hidden layer, networks have one
        settings = SearchSettings(steps=steps, hidden=(1,), starts=1, population=12, episodes=2)
        members = tuple(Member[Policy](p.name, p, constant_action=p.weights) for p in PLAYERS)
        equilibrium = solved.equilibrium
        request = OracleRequest[Policy](
            side=0,
            iteration=1,
            name="response",
            opponents=members,
            opponent_mixture=equilibrium.column,
            learners=members,
            learner_mixture=equilibrium.row,
            learner_scores=solved.table.mean[..., 0] @ equilibrium.column,
            start="heuristic",
            seed=derive_seed(seed, "search"),
        )
        response = SearchOracle(coverage, settings)(request).member.policy
        seeds = episode_seeds(seed, "gain", count=self.budget.fresh)
        gains = deviation_gains(mixed, [response], [], judge=coverage.judge, seeds=seeds)
        return student_interval(gains.row[0])


def paid(table: PayoffTable, rivalry: float) -> PayoffTable:
    """The same episodes, paid as a rivalry says."""
    scores = table.scores
    assert scores is not None, "the coverage game has scores"
    payoffs = scores - rivalry * scores[..., ::-1]
    return PayoffTable(table.rows, table.columns, table.seeds, payoffs, np.array(scores))


def mixtures(solved: Tournament) -> Pair:
    """Both sides' mixtures as policies."""
    found = solved.equilibrium
    return Mixture("mixture", PLAYERS, found.row), Mixture("mixture", PLAYERS, found.column)
