"""``ssa-psro export``: constellations, objects and an episode, for other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.names import policies_named
from ssa_psro.cli.opening import limit_threads, open_with_report
from ssa_psro.cli.options import (
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
from ssa_psro.cli.output import output_folder, print_json, progress, stdout

if TYPE_CHECKING:
    from ssa_psro.scenario import Scenario
    from ssa_psro.trace import Trace

EXAMPLES = (
    "ssa-psro export scenarios/quickstart.toml --format oem --output orbits",
    "ssa-psro export scenarios/own-catalog.toml --catalog today.tle --start 2026-06-01T06:00Z "
    "--format csv --output tables",
    "ssa-psro export scenarios/quickstart.toml --blue aggressive --red reactive --format czml "
    "--output scene",
)


class Format(StrEnum):
    """What is written."""

    OEM = "oem"
    CZML = "czml"
    CSV = "csv"
    PARQUET = "parquet"


def command(
    scenario: ScenarioFile,
    kind: Annotated[
        Format,
        typer.Option(
            "--format",
            help="oem: an orbit ephemeris message (CCSDS 502.0-B) a body. czml: one document for "
            "Cesium. csv, parquet: tables.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where files are written.", show_default=False)
    ],
    blue: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Blue's policy, to export an episode too; oem has orbits only.",
            show_default=False,
        ),
    ] = None,
    red: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Red's policy, likewise.", show_default=False),
    ] = None,
    trace: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="An episode of the same scenario that was saved, instead of one that is played.",
            show_default=False,
        ),
    ] = None,
    catalog: Catalogs = None,
    start: Start = None,
    duration: Duration = None,
    strict: Strict = False,
    seed: Seed = None,
    workers: WorkerCount = None,
    as_json: AsJson = False,
) -> None:
    """Write where everything flies, and what happens in an episode, for other programs.

    States are in GCRF and UTC, nominal (without manoeuvres), at every step of the horizon. With
    policies one episode is played, the first that ssa-psro play has with the same seed, and
    exported with its looks and who has custody of what: see docs/exports.md.
    """
    from ssa_psro.findings.wording import plural

    changes = changes_of(catalog, start, duration)
    opened = open_with_report(scenario, changes, strict=strict, as_json=as_json)
    limit_threads(workers or cores())
    root = opened.study.seed if seed is None else seed
    _refuse(blue, red, trace, kind)
    episode = None
    if trace is not None:
        episode = _saved(opened.scenario, trace)
    elif blue is not None and red is not None:
        episode = _played(opened.scenario, blue, red, root)
    with output_folder(output):
        written = _write(opened.scenario, episode, kind, output)
    if as_json:
        paths = [str(path) for path in written]
        print_json({"format": kind, "written": paths, "files": opened.files})
    else:
        stdout().print(f"{plural(len(written), 'file')} in {output}", soft_wrap=True)


def _refuse(blue: str | None, red: str | None, trace: Path | None, kind: Format) -> None:
    """Raise ``UsageError`` unless one episode is asked for, or none."""
    from ssa_psro.errors import Fault, UsageError

    fault = None
    if trace is not None and (blue, red) != (None, None):
        problem = "the episode is played already"
        fault = Fault("--trace", str(trace), problem, "Leave --blue and --red out, or this.")
    elif (blue is None) != (red is None):
        missing = "--blue" if blue is None else "--red"
        fault = Fault(missing, None, "an episode has two policies", "Name the other one too.")
    elif kind == Format.OEM and (blue is not None or trace is not None):
        cure = "Ask for czml, csv or parquet, or for no episode."
        fault = Fault("--format", "oem", "has orbits only", cure)
    if fault is not None:
        raise UsageError("command line", [fault])


def _saved(scenario: Scenario, path: Path) -> Trace:
    """The episode in a file. Raises ``UsageError`` where it is none of this scenario."""
    from datetime import timedelta

    from ssa_psro.errors import Fault, UsageError
    from ssa_psro.trace.files import load_trace

    trace, window = load_trace(path), scenario.window
    begun = window.epoch + timedelta(seconds=trace.start_step * window.step_s)
    sensors = max(side.constellation.count for side in scenario.sides)
    here = (scenario.catalog.count, sensors, window.step_s, window.steps, begun)
    there = (
        *(trace.custody.shape[2], trace.activity.shape[2]),
        *(trace.step_s, trace.steps, trace.epoch),
    )
    named = ("objects", "sensors a side", "seconds a step", "steps", "at its start")
    for what, own, found in zip(named, here, there, strict=True):
        if own != found:
            problem = f"is of another game: {found} {what}, and not {own}"
            cure = (
                "Give the scenario that it was played in, and its --catalog, --start, --duration."
            )
            raise UsageError("command line", [Fault("--trace", str(path), problem, cure)])
    return trace


def _played(scenario: Scenario, blue: str, red: str, seed: int) -> Trace:
    """An episode that is played now."""
    from ssa_psro.game import game_of
    from ssa_psro.randomness import episode_seeds
    from ssa_psro.trace import record

    one, other = policies_named([("--blue", blue), ("--red", red)])
    with progress() as tell:
        game = game_of(scenario, lambda stage, share: tell(f"tables: {stage}", share))
        tell("episode", 0.0)
        return record(game, one, other, episode_seeds(seed, "play", count=1))[0]


def _write(scenario: Scenario, trace: Trace | None, kind: Format, folder: Path) -> list[Path]:
    from datetime import UTC, datetime

    from ssa_psro.exports.czml import czml_text
    from ssa_psro.exports.ephemeris import ephemeris_of
    from ssa_psro.exports.oem import write_oem
    from ssa_psro.exports.tables import tables_of, write_tables
    from ssa_psro.inputs.files import write_bytes

    span = (trace.start_step, trace.steps) if trace else ()
    ephemeris = ephemeris_of(scenario, *span)
    if kind == Format.OEM:
        return write_oem(ephemeris, folder, datetime.now(UTC))
    if kind == Format.CZML:
        path = folder / f"{scenario.name}.czml"
        write_bytes(path, czml_text(ephemeris, trace).encode())
        return [path]
    return write_tables(tables_of(ephemeris, trace), folder, parquet=kind == Format.PARQUET)
