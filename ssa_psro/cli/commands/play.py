"""``ssa-psro play``: one policy against another, every figure of merit with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
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
from ssa_psro.cli.output import print_json, print_table, progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ssa_psro.game import CoverageGame
    from ssa_psro.policies import Policy
    from ssa_psro.work import Workers

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
    from ssa_psro.randomness import episode_seeds
    from ssa_psro.work import Workers

    opened = open_with_report(scenario, catalog, strict=strict)
    loaded = opened.scenario
    players = policies_named([("--blue", blue), ("--red", red)])
    root, threads = opened.study.seed if seed is None else seed, workers or cores()
    seeds = episode_seeds(root, "play", count=episodes)
    with progress() as tell, Workers(threads, tell) as hands:
        game = open_game(loaded, threads, tell)
        started = perf_counter()
        samples = play_all(game, players, seeds, hands)
        seconds = perf_counter() - started
    figures = figures_of(samples)
    if as_json:
        document = document_of(figures, loaded, (blue, red), root)
        timing = {"seconds": seconds, "episodes_per_s": episodes / seconds, "workers": threads}
        print_json({**document, "files": opened.files, "timing": timing})
    else:
        print_table(figure_table(figures, loaded, (blue, red)))


def play_all(
    game: CoverageGame,
    players: Sequence[Policy],
    seeds: NDArray[np.uint64],
    workers: Workers,
) -> dict[str, NDArray[np.float64]]:
    """Samples ``[E, 2]`` of every figure of merit, Blue's policy first in ``players``."""
    import numpy as np

    from ssa_psro.findings.match import FIGURES
    from ssa_psro.policies import play
    from ssa_psro.policies.match import CHUNK

    workers.stage("episodes")
    chunks = [seeds[first : first + CHUNK] for first in range(0, seeds.size, CHUNK)]
    match = partial(play, game, players[0], players[1])
    matches = list(workers.in_threads(match, chunks))
    parts = [{"payoff": m.payoffs, "score": m.scores, **m.statistics} for m in matches]
    return {name: np.concatenate([part[name] for part in parts]) for name in FIGURES}
