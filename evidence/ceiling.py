"""How loose the ceiling is: ``python -m evidence.ceiling FILE...``.

Of every scenario, with denial switched off, Blue responds to the heuristics' equilibrium: the best
heuristic, the best response that CMA-ES finds with a stated budget, and the ceiling. Then the bound
is taken anew with one of its relaxations made larger, and with a part of the sensors' time: as far
down as that makes no difference, no true cost of a look (slews, looks that a covariance needs
besides) would lower the bound either.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.findings.table import Column, Table, make_table
from ssa_psro.findings.wording import Form
from ssa_psro.game import CoverageGame, game_of
from ssa_psro.games.coverage import Coverage
from ssa_psro.games.coverage.ceiling import (
    DRAWS,
    Relaxed,
    ceiling,
    lowered,
    opposition,
    unopposed,
)
from ssa_psro.learn import Member, OracleRequest, make_oracle
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.tournament import play_tournament
from ssa_psro.policies import HEURISTICS, Mixture, Policy, make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.report.markdown import markdown_table
from ssa_psro.scenario import Scenario, load_scenario
from ssa_psro.work import Workers

COLUMNS = ("Blue is paid", "payoff")
SHARES = (0.75, 0.5, 0.25)
"""Of the sensors' time, to see where the bound begins to need it."""
ANY = 1e6
"""As much of it as could be of use."""
BLUE = 0


def without_denial(scenario: Scenario) -> Scenario:
    """The same game in which nobody can deny."""
    rules = scenario.rules.model_copy(update={"denial": False})
    return scenario.model_copy(update={"rules": rules})


def ceiling_table(
    scenario: Scenario, *, cell: int, episodes: int, decisions: int, seed: int, workers: Workers
) -> Table:
    """A line a way to respond, then the ceiling, then the ceiling otherwise.

    Args:
        scenario: the game; its denial does not count.
        cell: episodes of every pair of heuristics.
        episodes: that are bounded, and measure the rest.
        decisions: of CMA-ES.
        seed: root of all randomness.
        workers: whose threads work.
    """
    game = game_of(without_denial(scenario))
    members: tuple[Member[Policy], ...] = tuple(
        Member(name, policy, constant_action=policy.weights)
        for name, policy in ((name, make_policy(name)) for name in HEURISTICS)
    )
    means, shares = _equilibrium(game, members, cell, seed, workers)
    theirs = Mixture("equilibrium", [one.policy for one in members], shares)
    seeds = episode_seeds(seed, "ceiling", count=episodes)
    best = members[int(means.argmax())]
    request = OracleRequest(
        BLUE, 1, "response", members, shares, members, shares, means, "heuristic", seed
    )
    found = make_oracle("cma-es", Coverage.of(game), {"steps": decisions})(request).member
    rows = [
        (f"best heuristic ({best.name})", _paid(game, best.policy, theirs, seeds)),
        (f"CMA-ES, {decisions:,} decisions", _paid(game, found.policy, theirs, seeds)),
    ]
    rows += _bounds(game, theirs, seeds, workers)
    columns = (Column(COLUMNS[0]), Column(COLUMNS[1], write=Form(3).interval))
    title = f"{scenario.name} without denial against {_named(members, shares)}"
    lines = [(name, student_interval(paid)) for name, paid in rows]
    return make_table("ceiling", title, columns, lines)


def _equilibrium(
    game: CoverageGame, members: Sequence[Member[Policy]], cell: int, seed: int, workers: Workers
) -> tuple[Floats, Floats]:
    """What each heuristic earns as Blue against Red's equilibrium, and that."""
    played = play_tournament(
        [one.name for one in members],
        [one.policy for one in members],
        judge=workers.part_by_part(Coverage.of(game).judge_with_scores),
        seeds=episode_seeds(seed, "ceiling", "cells", count=cell),
        map_cells=workers.in_threads,
    )
    found = make_solver("nash")(played.mean)
    return played.mean[..., BLUE] @ found.column, found.column


def _named(members: Sequence[Member[Policy]], shares: Floats) -> str:
    often = sorted(zip(shares.tolist(), members, strict=True), key=lambda one: -one[0])
    return ", ".join(f"{one.name} {share:.0%}" for share, one in often if share >= 0.005)


def _paid(game: CoverageGame, blue: Policy, red: Policy, seeds: Seeds) -> Floats:
    return play(game, blue, red, seeds).payoffs[:, BLUE]


def _bounds(
    game: CoverageGame, theirs: Policy, seeds: Seeds, workers: Workers
) -> Iterator[tuple[str, Floats]]:
    """Names and ``[E]`` payoffs."""

    def of(seed: int) -> list[float]:
        red = opposition(game, theirs, BLUE, seed, DRAWS)
        bounds = [ceiling(game, seed, BLUE, red)]
        bounds.append(ceiling(game, seed, BLUE, opposition(game, theirs, BLUE, seed, 1)))
        bounds.append(ceiling(game, seed, BLUE, unopposed(game)))
        for share in (ANY, *SHARES):
            problem = Relaxed(game, seed, BLUE, red)
            problem.sensor_time *= share
            bounds.append(lowered(problem))
        return bounds

    bounds: Floats = np.array(list(workers.in_threads(of, seeds.tolist()))).T
    names = (
        "**the ceiling**",
        "the ceiling, the opponent's chance known (one draw)",
        "the ceiling without an opponent (as where denial is allowed)",
        "the ceiling, any number of sensors",
        *(f"the ceiling, {share:.0%} of the sensors' time" for share in SHARES),
    )
    return zip(names, bounds, strict=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", type=Path, nargs="+")
    parser.add_argument("--cell", type=int, default=40)
    parser.add_argument("--episodes", type=int, default=20)
    parser.add_argument("--decisions", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    with Workers(given.workers) as workers:
        for path in given.scenarios:
            table = ceiling_table(
                load_scenario(path),
                cell=given.cell,
                episodes=given.episodes,
                decisions=given.decisions,
                seed=given.seed,
                workers=workers,
            )
            print(table.title, markdown_table(table), sep="\n\n", flush=True)


if __name__ == "__main__":
    main()
