"""``ssa-psro tournament``: the heuristics against each other, solved, with intervals."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.names import policies_named
from ssa_psro.cli.opening import open_game, open_with_report
from ssa_psro.cli.options import (
    MOST_EPISODES,
    AsJson,
    Catalogs,
    ScenarioFile,
    Seed,
    Strict,
    WorkerCount,
    cores,
)
from ssa_psro.cli.progress import progress

if TYPE_CHECKING:
    from ssa_psro.game import CoverageGame
    from ssa_psro.metagame.payoffs import PayoffTable
    from ssa_psro.metagame.structure.evaluation import PopulationEvaluation
    from ssa_psro.metagame.tournament import Tournament
    from ssa_psro.policies import Policy
    from ssa_psro.scenario import Scenario
    from ssa_psro.work import Workers

EXAMPLES = (
    "ssa-psro tournament scenarios/contested-72h.toml --episodes 50",
    "ssa-psro tournament scenarios/quickstart.toml --policies aggressive,reactive",
    "ssa-psro tournament scenarios/quickstart.toml --evaluate --output tournament",
    "ssa-psro tournament scenarios/quickstart.toml --json > tournament.json",
)


def command(
    scenario: ScenarioFile,
    episodes: Annotated[
        int,
        typer.Option(
            min=2, max=MOST_EPISODES, metavar="N", help="Episodes of every pair of policies."
        ),
    ] = 50,
    policies: Annotated[
        str | None,
        typer.Option(metavar="NAME,NAME,…", help="Who takes part.", show_default="all heuristics"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Also write tournament.json and CSV tables.", show_default=False
        ),
    ] = None,
    resamples: Annotated[
        int,
        typer.Option(
            min=20,
            max=100_000,
            metavar="N",
            help="Bootstrap tables behind the intervals of the equilibrium.",
        ),
    ] = 200,
    evaluate: Annotated[
        bool,
        typer.Option(
            "--evaluate",
            help="Also rank by Nash averaging and alpha-rank, and show best responses and layers.",
        ),
    ] = False,
    catalog: Catalogs = None,
    strict: Strict = False,
    seed: Seed = None,
    workers: WorkerCount = None,
    as_json: AsJson = False,
) -> None:
    """Play all heuristics against each other and solve the meta-game.

    All pairs play the same episodes; in a symmetric scenario each pair plays both seats.
    Shows the payoffs, the Nash equilibrium, the value, the cyclic share and a ranking, all with
    95 % intervals.
    """
    from ssa_psro.cli.evaluation_tables import print_evaluation
    from ssa_psro.cli.tournament_files import document_of, write_files
    from ssa_psro.cli.tournament_tables import print_tournament
    from ssa_psro.work import Workers

    opened = open_with_report(scenario, catalog, strict=strict)
    loaded = opened.scenario
    players = _players(policies)
    root, threads = opened.study.seed if seed is None else seed, workers or cores()
    with progress() as tell, Workers(threads, tell) as hands:
        game = open_game(loaded, threads, tell)
        table, seconds = _play(game, players, episodes, root, hands)
        tell("equilibria", 0.0)
        finished = _analyse(table, loaded, root, resamples)
        if evaluate:
            tell("evaluation", 0.0)
        evaluation = _evaluate(finished.table, root) if evaluate else None
    document = {**document_of(finished, loaded, root), "files": opened.files}
    if evaluation is not None:
        document["evaluation"] = evaluation
    games = int(table.count.sum())
    timing = {"seconds": seconds, "episodes_per_s": games / seconds, "workers": threads}
    if output is not None:
        write_files(output, finished, document)
    if as_json:
        from ssa_psro.cli.output import print_json

        print_json({**document, "timing": timing})
    else:
        print_tournament(finished, loaded, timing)
        if evaluation is not None:
            print_evaluation(evaluation, finished.table, one_seat=finished.seats_swapped)


def _players(policies: str | None) -> list[Policy]:
    """The policies of a comma-separated list, or all heuristics."""
    from ssa_psro.policies import HEURISTICS

    names = HEURISTICS if policies is None else policies.split(",")
    return policies_named([("--policies", name.strip()) for name in names])


def _play(
    game: CoverageGame, players: list[Policy], episodes: int, seed: int, workers: Workers
) -> tuple[PayoffTable, float]:
    """The played table, and the seconds that playing took."""
    from ssa_psro.games.coverage import CoverageJudge
    from ssa_psro.metagame.tournament import play_tournament
    from ssa_psro.randomness import episode_seeds

    workers.stage("episodes")
    started = perf_counter()
    table = play_tournament(
        [player.name for player in players],
        players,
        judge=workers.part_by_part(CoverageJudge(game)),
        seeds=episode_seeds(seed, "tournament", count=episodes),
        map_cells=workers.in_threads,
    )
    return table, perf_counter() - started


def _analyse(table: PayoffTable, scenario: Scenario, seed: int, resamples: int) -> Tournament:
    from ssa_psro.metagame.solvers import make_solver
    from ssa_psro.metagame.tournament import analyse_tournament
    from ssa_psro.randomness import generator
    from ssa_psro.scenario import is_symmetric

    return analyse_tournament(
        table,
        make_solver("nash"),
        symmetric=is_symmetric(scenario),
        rng=generator(seed, "tournament", "bootstrap"),
        resamples=resamples,
    )


def _evaluate(table: PayoffTable, seed: int) -> PopulationEvaluation:
    from ssa_psro.metagame.solvers import make_solver
    from ssa_psro.metagame.structure.evaluation import evaluate_population
    from ssa_psro.randomness import generator

    return evaluate_population(
        table,
        nash=make_solver("nash-maxent"),
        alpha_rank=make_solver("alpha-rank"),
        rng=generator(seed, "tournament", "evaluation"),
    )
