"""``ssa-psro play``: one policy against another, every figure of merit with its interval."""

from __future__ import annotations

from typing import Annotated

import typer

from ssa_psro.cli.names import policies_named
from ssa_psro.cli.opening import limit_threads, open_with_report
from ssa_psro.cli.options import (
    MOST_EPISODES,
    AsJson,
    Catalogs,
    Duration,
    ScenarioFile,
    Seed,
    Start,
    Strict,
    WorkerCount,
    changes_of,
    cores,
)
from ssa_psro.cli.output import print_json, print_table, progress

EXAMPLES = (
    "ssa-psro play scenarios/quickstart.toml --blue aggressive --red reactive",
    "ssa-psro play scenarios/quickstart.toml --blue blinding --red shielded --json",
)


def command(
    scenario: ScenarioFile,
    blue: Annotated[str, typer.Option(metavar="NAME", help="Blue's policy.", show_default=False)],
    red: Annotated[str, typer.Option(metavar="NAME", help="Red's policy.", show_default=False)],
    episodes: Annotated[
        int, typer.Option(min=2, max=MOST_EPISODES, metavar="N", help="Episodes to play.")
    ] = 20,
    catalog: Catalogs = None,
    start: Start = None,
    duration: Duration = None,
    strict: Strict = False,
    seed: Seed = None,
    workers: WorkerCount = None,
    as_json: AsJson = False,
) -> None:
    """Play one policy against another and show what each side achieved.

    Every figure comes with the 95 % Student t interval of its mean over the episodes.
    The policies are named by: ssa-psro list policies.
    """
    from ssa_psro.findings.match import document_of, figure_table, figures_of
    from ssa_psro.study.matches import play_match
    from ssa_psro.work import Workers

    changes = changes_of(catalog, start, duration)
    opened = open_with_report(scenario, changes, strict=strict, as_json=as_json)
    loaded = opened.scenario
    players = policies_named([("--blue", blue), ("--red", red)])
    root, threads = opened.study.seed if seed is None else seed, workers or cores()
    limit_threads(threads)
    with progress() as tell, Workers(threads, tell) as hands:
        played = play_match(
            loaded, players[0], players[1], seed=root, episodes=episodes, workers=hands
        )
    figures = figures_of(played.samples)
    if as_json:
        document = document_of(figures, loaded, (blue, red), root)
        rate = episodes / played.seconds
        timing = {"seconds": played.seconds, "episodes_per_s": rate, "workers": threads}
        print_json({**document, "files": opened.files, "timing": timing})
    else:
        print_table(figure_table(figures, loaded, (blue, red)))
