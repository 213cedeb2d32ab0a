"""``ssa-psro evaluate``: how well a run's policies carry over to other scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ssa_psro.cli.hands import Hands
from ssa_psro.cli.options import (
    MOST_EPISODES,
    AsJson,
    Catalogs,
    Duration,
    FinishedRun,
    Mixtures,
    RunSeed,
    Start,
    Strict,
    WorkerCount,
    changes_of,
    cores,
)
from ssa_psro.cli.output import output_folder, print_json, print_table, stdout, to_json

if TYPE_CHECKING:
    from ssa_psro.scenario import Scenario
    from ssa_psro.scenario.changes import Changes
    from ssa_psro.study import Run
    from ssa_psro.study.study import LoadedStudy
    from ssa_psro.study.transfer import Transfer, TransferSettings

EXAMPLES = (
    "ssa-psro evaluate runs/contested-72h-1 --scenario scenarios/no-denial-72h.toml",
    "ssa-psro evaluate runs/contested-72h-1 --scenario a.toml --scenario b.toml --output transfer",
    "ssa-psro evaluate runs/own-catalog-1 --catalog today.tle --start 2026-06-01T06:00Z",
    "ssa-psro evaluate runs/quickstart-1 --scenario scenarios/contested-72h.toml --json",
)


def command(
    folder: FinishedRun,
    scenario: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Another scenario; may be given several times.",
            show_default="the run's own, with another --catalog, --start or --duration",
        ),
    ] = None,
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
    catalog: Catalogs = None,
    start: Start = None,
    duration: Duration = None,
    strict: Strict = False,
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

    run = finished_run(folder)
    trained, changes = run.study, changes_of(catalog, start, duration)
    settings = TransferSettings(
        against=against.value,
        cell_episodes=cell_episodes or trained.solver.episodes_per_cell,
        episodes=episodes or trained.solver.held_out_episodes,
        seed=trained.seed if seed is None else seed,
    )
    games = _games(run, scenario or [], changes, strict=strict, as_json=as_json)
    found = _transferred(folder, [one.scenario for one in games], settings, workers or cores())
    document = {**vars(found), "files": [file for one in games for file in one.files]}
    if output is not None:
        _write(found, document, output)
    if as_json:
        print_json(document)
    else:
        _print(found)


def _games(
    run: Run, files: list[Path], changes: Changes, *, strict: bool, as_json: bool
) -> list[LoadedStudy]:
    """The other games: those of the files, or else the run's own as ``changes`` make it.

    Raises:
        ScenarioError: of a file, or of the run's own with another catalogue.
        UsageError: nothing is asked for.
    """
    from ssa_psro.cli.opening import open_with_report
    from ssa_psro.errors import Fault, UsageError
    from ssa_psro.study.study import LoadedStudy, moved

    if changes.catalogs and not files:
        files, changes = [run.source], changes.after(run.manifest.overrides)
    if files:
        return [open_with_report(file, changes, strict=strict, as_json=as_json) for file in files]
    if changes.window:
        return [LoadedStudy(moved(run.study, changes), ())]
    cure = "Give --scenario FILE, or --catalog, --start or --duration for the run's own scenario."
    raise UsageError("command line", [Fault("--scenario", None, "no other game", cure)])


def _transferred(
    folder: Path, scenarios: list[Scenario], settings: TransferSettings, workers: int
) -> Transfer:
    from ssa_psro.study.transfer import transfer

    with Hands(workers).at_work() as hands:
        return transfer(folder, scenarios, settings, hands)


def _write(found: Transfer, document: dict[str, Any], folder: Path) -> None:
    """Write ``transfer.json`` and ``transfer.csv``.

    Raises:
        UsageError: the folder cannot be made or written to.
    """
    from ssa_psro.findings.transfer import transfer_table
    from ssa_psro.inputs.files import write_bytes
    from ssa_psro.report.csv_files import write_csv

    with output_folder(folder):
        write_bytes(folder / "transfer.json", to_json(document).encode())
        write_csv(transfer_table(found), folder)


def _print(found: Transfer) -> None:
    """Print a block a scenario, the run's own first."""
    from ssa_psro.findings.transfer import NOTE, crossing_in_brief, transfer_title

    stdout().print(f"{transfer_title(found)}\n", style="bold", soft_wrap=True)
    for one in found.crossings:
        print_table(crossing_in_brief(one))
    stdout().print(NOTE, style="dim")
