"""What rivalry costs the heuristics of a game: ``python -m evidence.price_of_rivalry FILE``.

All pairs are played once. Their scores do not depend on rivalry, so that the payoffs of every
rivalry follow from them; each game is then solved as what it is, and its equilibrium and the best
pair known are played on the same fresh episodes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ssa_psro.findings.table import Column, Table, make_table
from ssa_psro.findings.wording import Form, payoff_in_words, percent
from ssa_psro.game import CoverageGame, game_of
from ssa_psro.games.coverage import Coverage
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import Equilibrium, make_solver
from ssa_psro.metagame.tournament import play_tournament, seat_difference, swap_seats
from ssa_psro.policies import HEURISTICS, Mixture, make_policy
from ssa_psro.randomness import episode_seeds
from ssa_psro.report.markdown import markdown_table
from ssa_psro.scenario import Scenario, is_symmetric, load_scenario
from ssa_psro.study.outcome import Attained
from ssa_psro.study.rivalry import pair_player, prices_of_rivalry
from ssa_psro.work import Workers

COLUMNS = (
    "each side is paid",
    "Blue plays",
    "Red plays",
    "score",
    "custody",
    "contested custody",
    "both scores",
    "price of rivalry",
    "Blue's seat",
)
PLAYED = 0.005
"""Probability from which a policy is named."""


def price_table(
    scenario: Scenario,
    rivalries: Sequence[float],
    *,
    names: Sequence[str] = tuple(HEURISTICS),
    episodes: int,
    fresh: int,
    seed: int,
    workers: Workers,
) -> Table:
    """A line a rivalry, of its equilibrium, and below them the best pair known, the same for all.

    Args:
        scenario: the game; its own rivalry does not count.
        rivalries: shares of the other side's score that are taken off a side's own.
        names: of heuristics.
        episodes: of every pair.
        fresh: that judge equilibria and the best pair.
        seed: root of all randomness.
        workers: whose threads play.
    """
    game, players = game_of(scenario), [make_policy(name) for name in names]
    played = play_tournament(
        names,
        players,
        judge=workers.part_by_part(Coverage.of(game).judge_with_scores),
        seeds=episode_seeds(seed, "rivalry", count=episodes),
        map_cells=workers.in_threads,
    )
    seeds = episode_seeds(seed, "rivalry", "fresh", count=fresh)
    rows: list[tuple[str, ...]] = []
    for rivalry in rivalries:
        at = paid_by(game, rivalry)
        table = paid_table(played, rivalry)
        solved = swap_seats(table) if is_symmetric(scenario) else table
        found = make_solver("nash")(solved.mean)
        pair = Mixture("blue", players, found.row), Mixture("red", players, found.column)
        play_pair = pair_player(at, seeds, workers)
        (price,) = prices_of_rivalry(table, (players, players), [pair], play_pair)
        seat = seat_difference(table, found.row, found.column).mixture
        lost = Form(3).interval(price.price)
        gap = Form(4, signed=True).interval(seat)
        paid = f"{payoff_in_words(rivalry)} ({found.method})"
        rows.append((paid, *_mixtures(names, found), *_figures(price.equilibrium), lost, gap))
        best = ("best pair known", *price.cooperative.policies, *_figures(price.cooperative))
    rows.append((*best, "", ""))
    title = f"{scenario.name}: {episodes} episodes a pair, {fresh} fresh ones"
    return make_table("rivalries", title, map(Column, COLUMNS), rows)


def paid_by(game: CoverageGame, rivalry: float) -> CoverageGame:
    """The same game with another rivalry; its tables stay."""
    scenario = game.arena.scenario
    rules = scenario.rules.model_copy(update={"rivalry": rivalry})
    return CoverageGame(replace(game.arena, scenario=scenario.model_copy(update={"rules": rules})))


def paid_table(played: PayoffTable, rivalry: float) -> PayoffTable:
    """The payoffs that the scores of a table make at this rivalry."""
    assert played.scores is not None, "played by a judge that tells them"
    samples = played.scores - rivalry * played.scores[..., ::-1]
    return PayoffTable(played.rows, played.columns, played.seeds, samples, played.scores)


def _mixtures(names: Sequence[str], found: Equilibrium) -> Iterator[str]:
    for mixture in (found.row, found.column):
        often = sorted(zip(mixture.tolist(), names, strict=True), reverse=True)
        yield ", ".join(f"{name} {percent(share)}" for share, name in often if share >= PLAYED)


def _figures(found: Attained) -> Iterator[str]:
    form = Form(3)
    for both in (found.score, found.custody, found.contested_custody):
        yield " / ".join(map(form.plus_minus, both))
    yield form.plus_minus(found.total_score)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--rivalries", default="0,0.5,1")
    parser.add_argument("--episodes", type=int, default=50)
    parser.add_argument("--fresh", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    with Workers(given.workers) as workers:
        table = price_table(
            load_scenario(given.scenario),
            [float(one) for one in given.rivalries.split(",")],
            episodes=given.episodes,
            fresh=given.fresh,
            seed=given.seed,
            workers=workers,
        )
    print(table.title, markdown_table(table), sep="\n\n", end="")


if __name__ == "__main__":
    main()
