"""``ssa-psro run``: a scenario file becomes a solved game in a run folder."""

from __future__ import annotations

import sys
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.opening import open_with_report
from ssa_psro.cli.options import AsJson, Catalogs, ScenarioFile, Seed, Strict, WorkerCount, cores

if TYPE_CHECKING:
    from ssa_psro.study.study import Override

EXAMPLES = (
    "ssa-psro run scenarios/quickstart.toml",
    "ssa-psro run scenarios/quickstart.toml --seed 7 --start scratch --output runs/scratch-7",
    "ssa-psro run scenarios/contested-72h.toml --iterations 4 --json > run.json",
)

RUNS = Path("runs")


def command(
    scenario: ScenarioFile,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="The run folder to make.",
            show_default="runs/NAME-SEED, or the first free of NAME-SEED.2, .3, …",
        ),
    ] = None,
    seed: Seed = None,
    workers: WorkerCount = None,
    iterations: Annotated[
        int | None,
        typer.Option(metavar="N", help="PSRO iterations at most.", show_default="the scenario's"),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            metavar="RULE",
            help="Start weights of the oracles; see: ssa-psro list starts.",
            show_default="the scenario's",
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Whom responses are trained against; see: ssa-psro list targets.",
            show_default="the scenario's",
        ),
    ] = None,
    decisions: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Length of each oracle's training.",
            show_default="the scenario's",
        ),
    ] = None,
    catalog: Catalogs = None,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Solve a scenario by PSRO into a run folder, and write its report.

    Each iteration trains one best response a side and says what the two gain on held-out
    episodes: the approximate exploitability. Interrupt it whenever you like; ssa-psro resume
    goes on as if nothing had happened.
    """
    from ssa_psro.cli.running import carry_through
    from ssa_psro.study.study import overridden
    from ssa_psro.study.writing import create

    given = {
        "seed": seed,
        "solver.iterations": iterations,
        "oracle.start": start,
        "solver.target": target,
        "oracle.decisions": decisions,
    }
    overrides: dict[str, Override] = {k: v for k, v in given.items() if v is not None}
    opened = open_with_report(scenario, catalog, strict=strict)
    loaded = overridden(opened.study, overrides)
    if catalog:  # its element sets are in the scenario already
        overrides["catalog.path"] = ", ".join(map(str, catalog))
    folder = output or free_folder(RUNS / f"{loaded.name}-{loaded.seed}")
    create(
        folder,
        loaded,
        source=scenario.read_text("utf-8-sig"),
        overrides=overrides,
        command=["ssa-psro", *sys.argv[1:]],
    )
    carry_through(folder, workers or cores(), as_json=as_json, files=opened.files)


def free_folder(wanted: Path) -> Path:
    """The folder itself, or the first of those numbered from 2 on that does not exist."""
    numbered = (wanted.with_name(f"{wanted.name}.{number}") for number in count(2))
    return next(folder for folder in chain([wanted], numbered) if not folder.exists())
