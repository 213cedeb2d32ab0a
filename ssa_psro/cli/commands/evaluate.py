"""``ssa-psro evaluate``: how well a run's policies carry over to other scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.options import (
    MOST_EPISODES,
    AsJson,
    FinishedRun,
    Mixtures,
    RunSeed,
    WorkerCount,
    cores,
)
from ssa_psro.cli.output import output_folder, print_json, print_table, progress, stdout, to_json

if TYPE_CHECKING:
    from ssa_psro.study.transfer import Transfer, TransferSettings

EXAMPLES = (
    "ssa-psro evaluate runs/contested-72h-1 --scenario scenarios/no-denial-72h.toml",
    "ssa-psro evaluate runs/contested-72h-1 --scenario a.toml --scenario b.toml --output transfer",
    "ssa-psro evaluate runs/quickstart-1 --scenario scenarios/contested-72h.toml --json",
)


def command(
    folder: FinishedRun,
    scenario: Annotated[
        list[Path],
        typer.Option(
            metavar="FILE", help="Another scenario; may be given several times.", show_default=False
        ),
    ],
    against: Annotated[
        Mixtures,
        typer.Option(
            "--mixtures", help="The best iterate's, or the equilibrium of the final table."
        ),
    ] = Mixtures.BEST,
    episodes: Annotated[
        int | None,
        typer.Option(
            min=2,
            max=MOST_EPISODES,
            metavar="N",
            help="Held-out episodes that measure; a quarter as many others choose who deviates.",
            show_default="the run's",
        ),
    ] = None,
    cell_episodes: Annotated[
        int | None,
        typer.Option(
            min=2,
            max=MOST_EPISODES,
            metavar="N",
            help="Episodes of every pair of heuristics, whose equilibrium is the yardstick.",
            show_default="the run's episodes per cell",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Also write transfer.json and transfer.csv.", show_default=False
        ),
    ] = None,
    seed: RunSeed = None,
    workers: WorkerCount = None,
    as_json: AsJson = False,
) -> None:
    """Play a run's mixtures in other games, beside the equilibrium of the heuristics there.

    Doctrine policies see features of tasks, not objects by name, so they play any scenario.
    Tells what each side gains over the heuristics' equilibrium by playing the run's mixture, and
    what known policies gain over the run's mixtures, at home and elsewhere.
    """
    from ssa_psro.study.reading import finished_run
    from ssa_psro.study.transfer import TransferSettings

    trained = finished_run(folder).study
    settings = TransferSettings(
        against=against.value,
        cell_episodes=cell_episodes or trained.solver.episodes_per_cell,
        episodes=episodes or trained.solver.held_out_episodes,
        seed=trained.seed if seed is None else seed,
    )
    found = _transferred(folder, scenario, settings, workers or cores())
    if output is not None:
        _write(found, output)
    if as_json:
        print_json(vars(found))
    else:
        _print(found)


def _transferred(
    folder: Path, files: list[Path], settings: TransferSettings, workers: int
) -> Transfer:
    from ssa_psro.cli.opening import limit_threads, open_scenario
    from ssa_psro.study.transfer import transfer
    from ssa_psro.work import Workers

    limit_threads(workers)
    scenarios = [open_scenario(file) for file in files]
    with progress() as tell, Workers(workers, tell) as hands:
        return transfer(folder, scenarios, settings, hands)


def _write(found: Transfer, folder: Path) -> None:
    """Write ``transfer.json`` and ``transfer.csv``.

    Raises:
        UsageError: the folder cannot be made or written to.
    """
    from ssa_psro.findings.transfer import transfer_table
    from ssa_psro.report.csv_files import write_csv

    with output_folder(folder):
        (folder / "transfer.json").write_text(to_json(vars(found)), "utf-8")
        write_csv(transfer_table(found), folder)


def _print(found: Transfer) -> None:
    """Print a block a scenario, the run's own first."""
    from ssa_psro.findings.transfer import NOTE, crossing_in_brief, transfer_title

    stdout().print(f"{transfer_title(found)}\n", style="bold", soft_wrap=True)
    for one in found.crossings:
        print_table(crossing_in_brief(one))
    stdout().print(NOTE, style="dim")
