"""``ssa-psro sweep``: one scenario at many values of its keys, from a file; a table and a map."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ssa_psro.cli.hands import Address, Hands, Lease, Place, Where, hands_of
from ssa_psro.cli.options import AsJson, WorkerCount
from ssa_psro.cli.output import (
    FAILED,
    print_facts,
    print_json,
    print_table,
    print_use,
    progress,
    stderr,
    stdout,
    stopped,
    warn_of_rejects,
)
from ssa_psro.errors import to_paste

if TYPE_CHECKING:
    from ssa_psro.sweeps.figure import Field
    from ssa_psro.sweeps.folder import SweepStanding
    from ssa_psro.sweeps.plan import SweepPoint
    from ssa_psro.sweeps.reading import LoadedSweep

EXAMPLES = (
    "ssa-psro sweep scenarios/sweeps/denial.toml --dry-run",
    "ssa-psro sweep scenarios/sweeps/denial.toml --output sweeps/denial",
    "ssa-psro sweep scenarios/sweeps/denial.toml --seeds 1,2,3,4 --output sweeps/four",
    "ssa-psro sweep scenarios/sweeps/denial.toml --quantity 'share: blinding'",
)

SWEEPS = Path("sweeps")


def command(
    file: Annotated[
        Path, typer.Argument(metavar="SWEEP", help="Sweep file (TOML).", show_default=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="The folder to make or to go on with.",
            show_default="sweeps/NAME",
        ),
    ] = None,
    seeds: Annotated[
        str | None,
        typer.Option(metavar="N,N,…", help="Seeds of every point.", show_default="the sweep's"),
    ] = None,
    quantity: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="What the map shows, of all or of one, as in 'custody' or 'share: blinding'.",
            show_default="price of rivalry; of runs, exploitability",
        ),
    ] = None,
    workers: WorkerCount = None,
    executor: Where = Place.PROCESSES,
    lease: Lease = None,
    address: Address = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Make nothing: check every point, and estimate what the sweep takes of time, "
            "memory and disk.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure a scenario at many values of its keys, the same seeds at each.

    Every point is a tournament of heuristics or a whole run, as the file says. The folder gets
    sweep.csv, with a row a number, and map.png. Give the same command again after an interruption:
    what is done is not done again, and points that failed are tried once more. A point that fails
    does not stop the others; the exit code is 1 then.
    """
    from ssa_psro.sweeps.folder import prepare
    from ssa_psro.sweeps.measuring import refuse_unknown
    from ssa_psro.sweeps.reading import load_sweep

    hands = hands_of(workers, executor, lease, address)
    with progress() as tell:
        loaded = load_sweep(file, _numbers(seeds), lambda share: tell("checking points", share))
    refuse_unknown(quantity, loaded.sweep.plan.measure)
    if not as_json:
        print_use(loaded.files)
    warn_of_rejects(loaded.files)
    folder = output or SWEEPS / loaded.sweep.plan.name
    if dry_run:
        _estimate(loaded, folder, hands, as_json=as_json)
        return
    prepare(folder, loaded, command=["ssa-psro", *sys.argv[1:]], workers=hands.count)
    given = {"--seeds": seeds, "--quantity": quantity, "--workers": workers}
    options = [word for one in given.items() if one[1] is not None for word in one]
    again = to_paste("sweep", file, "--output", folder, *options)
    carry_through(folder, hands, again=again, quantity=quantity, as_json=as_json)


def carry_through(
    folder: Path, hands: Hands, *, again: str, quantity: str | None = None, as_json: bool = False
) -> None:
    """Measure what is missing in a sweep's folder, draw its map and print how it stands.

    Args:
        folder: of the sweep.
        hands: who works.
        again: the command that goes on after an interruption, where nobody else is at work.
        quantity: that the map shows.
        as_json: print one document.

    Raises:
        RunFolderError: it holds no sweep, is damaged, or in somebody's use.
        UsageError: no such quantity was measured.
        typer.Exit: a point failed; or interrupted, and how to go on has been said.
    """
    from ssa_psro.study.holding import one_at_a_time
    from ssa_psro.sweeps.figure import draw_map, fields_of
    from ssa_psro.sweeps.running import leave

    _warn_of_versions(folder)
    try:
        standing = _carry_out(folder, hands)
    except KeyboardInterrupt as interrupt:
        command = to_paste("work", folder) if hands.together else again
        raise stopped(interrupt, f"Go on by: {command}") from None
    with one_at_a_time(folder):
        draw_map(standing, folder, quantity)
    if hands.together:
        leave(folder)
    fields = fields_of(standing, quantity)
    if as_json:
        print_json(_document(standing, folder))
    else:
        _print(standing, fields, folder)
    if standing.failures:
        raise typer.Exit(FAILED)


def _carry_out(folder: Path, hands: Hands) -> SweepStanding:
    from ssa_psro.sweeps.running import carry_out

    with hands.at_work() as workers:
        return carry_out(folder, workers, _hear)


def _hear(point: SweepPoint, failure: str | None) -> None:
    """A line on a point that failed, as soon as it has."""
    if failure is not None:
        stderr().print(f"{point.name} failed: {failure.splitlines()[0]}", soft_wrap=True)


def _numbers(seeds: str | None) -> list[int] | None:
    """The seeds that an option names. Raises ``UsageError``."""
    from ssa_psro.errors import Fault, UsageError

    if seeds is None:
        return None
    words = [word.strip() for word in seeds.split(",")]
    if not all(word.isdecimal() and word.isascii() for word in words):
        cure = "Write whole numbers with commas between them, as in 1,2,3."
        raise UsageError("command line", [Fault("--seeds", seeds, "are no seeds", cure)])
    return [int(word) for word in words]


def _estimate(loaded: LoadedSweep, folder: Path, hands: Hands, *, as_json: bool) -> None:
    from ssa_psro.cli.estimating_sweeps import estimate_sweep, sweep_facts
    from ssa_psro.sweeps.folder import refuse_what_cannot_fit

    refuse_what_cannot_fit(loaded, folder, hands.count)
    with progress() as tell:
        found = estimate_sweep(loaded, hands.count, tell)
    if as_json:
        print_json({"folder": str(folder), "files": loaded.files, "cost": found})
    else:
        print_facts("A sweep takes, about", sweep_facts(found))


def _warn_of_versions(folder: Path) -> None:
    """Say what is not as it was when the sweep began."""
    from ssa_psro.study.folder import changed_versions
    from ssa_psro.sweeps.folder import read_manifest

    changed = changed_versions(read_manifest(folder).versions)
    if changed:
        what = ", ".join(f"{name} {then} → {now}" for name, (then, now) in changed.items())
        message = f"versions changed: {what}. Points of both may differ by more than their values."
        stderr().print(message, soft_wrap=True, style="yellow")


def _document(standing: SweepStanding, folder: Path) -> dict[str, Any]:
    from ssa_psro.sweeps.figure import MAP
    from ssa_psro.sweeps.folder import TABLE

    return {
        "name": standing.sweep.plan.name,
        "folder": str(folder),
        "points": len(standing.sweep.points),
        "done": len(standing.found),
        "missing": [point.name for point in standing.missing],
        "failed": [
            {"point": one.name, "at": one.at, "error": one.error, "reason": one.reason}
            for one in standing.failures.values()
        ],
        "table": str(folder / TABLE),
        "map": str(folder / MAP),
        "rows": standing.rows(),
    }


def _print(standing: SweepStanding, fields: Sequence[Field], folder: Path) -> None:
    """Everything at a glance: what was measured, what is missing, what failed and why."""
    from ssa_psro.sweeps.figure import MAP
    from ssa_psro.sweeps.folder import TABLE
    from ssa_psro.sweeps.tables import MOST_ROWS, failed_table, found_table

    print_table(found_table(standing, fields))
    sweep = standing.sweep
    for point in standing.missing[:MOST_ROWS]:
        words = f"{sweep.words_at(point.place)}, seed {point.seed}"
        stdout().print(f"missing: {words}", soft_wrap=True)
    if standing.failures:
        print_table(failed_table(standing))
    counts = (
        f"{len(standing.found):,} of {len(sweep.points):,} points done, "
        f"{len(standing.missing):,} missing, {len(standing.failures):,} failed"
    )
    stdout().print(counts)
    for name in (TABLE, MAP):
        stdout().print(f"{folder / name}", soft_wrap=True)
