"""``ssa-psro check``: every fault of every file, and what the sound ones describe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ssa_psro.cli.options import (
    AsJson,
    Attack,
    Catalogs,
    Duration,
    Start,
    Strict,
    WorkerCount,
    changes_of,
    cores,
)
from ssa_psro.cli.output import UNUSABLE, print_json, print_table, progress, show_faults, stdout

if TYPE_CHECKING:
    from ssa_psro.errors import InputError
    from ssa_psro.scenario import Scenario
    from ssa_psro.study.study import LoadedStudy

EXAMPLES = (
    "ssa-psro check scenarios/*.toml",
    "ssa-psro check scenarios/contested-72h.toml --geometry",
    "ssa-psro check scenarios/contested-72h.toml --cost",
    "ssa-psro check scenarios/own-catalog.toml --catalog today.tle --strict",
    "ssa-psro check scenarios/quickstart.toml --json",
)

MOST_OBJECTS = 200
"""Objects on a terminal; all of them are in JSON."""

WIDTH = 130
"""Columns of their table, which is not squeezed into less."""


def command(
    scenarios: Annotated[
        list[Path],
        typer.Argument(metavar="SCENARIO...", help="Scenario files (TOML).", show_default=False),
    ],
    geometry: Annotated[
        bool,
        typer.Option(
            "--geometry",
            help="Build the access tables and show who sees what, object by object: age of the "
            "element set, brightness, first and last access of each side.",
        ),
    ] = False,
    cost: Annotated[
        bool,
        typer.Option(
            "--cost",
            help="Estimate what a run takes at most of time, memory and disk, from some seconds of "
            "calibration on this machine.",
        ),
    ] = False,
    catalog: Catalogs = None,
    start: Start = None,
    duration: Duration = None,
    strict: Strict = False,
    workers: WorkerCount = None,
    as_json: AsJson = False,
) -> None:
    """Check scenario files: name every fault with a cure, and sum up what is sound.

    A file that asks for a run which this machine has not the memory or the disk for is at fault.
    Exit code 2 if any file is.
    """
    from ssa_psro.cli.opening import open_with_report
    from ssa_psro.errors import InputError
    from ssa_psro.study.limits import refuse_what_cannot_fit

    changes = changes_of(catalog, start, duration)
    reports, faulty = [], False
    for path in scenarios:
        try:
            loaded = open_with_report(path, changes, strict=strict, as_json=as_json)
            refuse_what_cannot_fit(loaded.study, path.parent, str(path))
            report = _report(path, loaded, geometry, workers or cores(), as_json)
            if cost:
                from ssa_psro.cli.estimating import print_estimate

                report["cost"] = print_estimate(
                    loaded.study, workers or cores(), Attack.SHORT, as_json=as_json
                )
        except InputError as error:
            faulty = True
            report = _fault_report(path, error)
            show_faults(error)
        reports.append(report)
    if as_json:
        print_json({"scenarios": reports})
    if faulty:
        raise typer.Exit(UNUSABLE)


def _report(
    path: Path, loaded: LoadedStudy, geometry: bool, workers: int, as_json: bool
) -> dict[str, Any]:
    """What a sound file describes, printed unless it is for machines."""
    from ssa_psro.findings.scenario import summary_of

    scenario = loaded.scenario
    report = {"file": str(path), "ok": True, **summary_of(loaded.study), "files": loaded.files}
    if not as_json:
        _print(path, scenario)
    if geometry:
        report |= _geometry(scenario, workers, as_json)
    return report


def _geometry(scenario: Scenario, workers: int, as_json: bool) -> dict[str, Any]:
    """Who sees what, by regime and by object."""
    from ssa_psro.cli.opening import open_arena
    from ssa_psro.findings.access import access_of, object_access

    with progress() as tell:
        arena = open_arena(scenario, workers, tell)
        access, objects = access_of(arena), object_access(arena)
    if not as_json:
        left = len(objects.rows) - MOST_OBJECTS
        more = f" {left} more objects: --json." if left > 0 else ""
        shown = replace(objects.first(MOST_OBJECTS), note=objects.note + more)
        print_table(shown, width=WIDTH)
        _print_access(access, denial=scenario.rules.denial)
    rows = [dict(zip(objects.names, row, strict=True)) for row in objects.rows]
    return {"geometry": access, "accesses": rows}


def _print(path: Path, scenario: Scenario) -> None:
    from rich.table import Table
    from rich.text import Text

    from ssa_psro.findings.scenario import scenario_facts
    from ssa_psro.report.text import printable

    facts = Table.grid(padding=(0, 2))
    for label, value in scenario_facts(scenario):
        facts.add_row(Text(f"  {label}", style="dim"), printable(value))
    console = stdout()
    console.print(Text.assemble((str(path), "bold"), ": ", ("sound", "green")))
    console.print(facts, "")


def _print_access(access: dict[str, Any], *, denial: bool) -> None:
    """Who sees what, with what is odd about it in words; ``denial``: the rules allow it."""
    from ssa_psro.findings.access import access_table, reach_in_words, remarks

    print_table(access_table(access))
    console = stdout()
    for line in reach_in_words(access):
        console.print(f"  {line}")
    for remark in remarks(access, denial=denial):
        console.print(f"  Note: {remark}", style="yellow")
    console.print("")


def _fault_report(path: Path, error: InputError) -> dict[str, Any]:
    faults = [
        {"key": f.key, "value": _plain(f.value), "problem": f.problem, "cure": f.cure}
        for f in error.faults
    ]
    return {"file": str(path), "ok": False, "faults": faults}


def _plain(value: object) -> object:
    """A found value as JSON can say it: nan, dates and the like as text."""
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
