"""``ssa-psro play``: one policy against another, every figure of merit with its interval."""

from __future__ import annotations

import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.hands import Hands
from ssa_psro.cli.names import policies_named
from ssa_psro.cli.opening import open_with_report
from ssa_psro.cli.options import (
    MOST_EPISODES,
    MOST_HOURS,
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
    finite,
)
from ssa_psro.cli.output import output_folder, print_json, print_table, stdout

if TYPE_CHECKING:
    from ssa_psro.findings import Table
    from ssa_psro.policies import Policy
    from ssa_psro.progress import StageProgress
    from ssa_psro.scenario import Scenario
    from ssa_psro.study.matches import MeasuredMatch
    from ssa_psro.study.study import LoadedStudy

EXAMPLES = (
    "ssa-psro play scenarios/quickstart.toml --blue aggressive --red reactive",
    "ssa-psro play scenarios/quickstart.toml --blue blinding --red shielded --json",
    "ssa-psro play scenarios/quickstart.toml --blue blinding --red shielded --by object",
    "ssa-psro play scenarios/quickstart.toml --blue random --red random --tables tables",
    "ssa-psro play scenarios/quickstart.toml --blue blinding --red shielded --report match",
)


class Along(StrEnum):
    """What the table goes by."""

    SIDE = "side"
    REGIME = "regime"
    OBJECT = "object"
    SENSOR = "sensor"


def command(
    scenario: ScenarioFile,
    blue: Annotated[str, typer.Option(metavar="NAME", help="Blue's policy.", show_default=False)],
    red: Annotated[str, typer.Option(metavar="NAME", help="Red's policy.", show_default=False)],
    episodes: Annotated[
        int, typer.Option(min=2, max=MOST_EPISODES, metavar="N", help="Episodes to play.")
    ] = 20,
    by: Annotated[Along, typer.Option("--by", help="What the table goes by.")] = Along.SIDE,
    within: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=MOST_HOURS,
            callback=finite,
            metavar="HOURS",
            help="Gaps between successes up to this long count as short.",
        ),
    ] = 12.0,
    tables: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Also write all figures, custody against time and every look as CSV.",
            show_default=False,
        ),
    ] = None,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="Write those tables as Parquet too.")
    ] = False,
    trace: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.npz",
            help="Also write the first episode step by step; ssa-psro export reads it.",
            show_default=False,
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Also write a page: figures, why custody was lost, an episode to play through.",
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
    """Play one policy against another and show what each side achieved.

    Every figure comes with the 95 % Student t interval of its mean over the episodes. Custody is
    the mean over objects, each counting alike, unless it says "by weight"; gaps between successes
    are those of all objects together and count from and to the ends of the window, so that an
    object that is never seen has one gap, the whole window. What each figure is:
    ssa-psro list figures. The policies are named by: ssa-psro list policies.
    """
    from ssa_psro.findings.match import document_of
    from ssa_psro.study.matches import measure_match

    if parquet:
        _require_parquet(tables)
    changes = changes_of(catalog, start, duration)
    opened = open_with_report(scenario, changes, strict=strict, as_json=as_json)
    loaded, root = opened.scenario, opened.study.seed if seed is None else seed
    one, other = policies_named([("--blue", blue), ("--red", red)])
    if trace is not None and trace.exists():
        _refuse_no_trace(trace)
    folders = {"--tables": tables, "--report": report, "--trace": trace and trace.parent}
    for option, folder in folders.items():
        if folder is not None:  # better to know before episodes are played
            with output_folder(folder, option):
                pass
    with Hands(workers or cores()).at_work() as hands:
        match = measure_match(
            loaded,
            one,
            other,
            seed=root,
            episodes=episodes,
            workers=hands,
            within_h=within,
        )
        page = None
        if report is not None:
            page = _report(report, match, opened, (one, other), root, hands.tell)
    if trace is not None:
        _save(trace, loaded, (one, other), match.episodes[0].seed)
    if tables is not None:
        _write(tables, match, loaded, parquet=parquet)
    if as_json:
        document = document_of(match, loaded, (blue, red), root, by)
        seconds = match.played.seconds
        timing = {"seconds": seconds, "episodes_per_s": episodes / seconds, "workers": hands.count}
        print_json({**document, "files": opened.files, "report": page, "timing": timing})
    else:
        for table in _shown(match, loaded, (blue, red), by):
            print_table(table)
        if page is not None:
            stdout().print(f"report  {page}", soft_wrap=True)


def _refuse_no_trace(path: Path) -> None:
    """Raise ``UsageError`` where a trace would take the place of something else."""
    from ssa_psro.errors import Fault, UsageError
    from ssa_psro.trace.files import load_trace

    try:
        load_trace(path)
    except UsageError:
        problem, cure = "is there, and no trace", "Name another file, or remove that one."
        raise UsageError("command line", [Fault("--trace", str(path), problem, cure)]) from None


def _save(path: Path, scenario: Scenario, players: tuple[Policy, Policy], seed: int) -> None:
    """Write one episode of a match."""
    import numpy as np

    from ssa_psro.game import game_of
    from ssa_psro.trace import record
    from ssa_psro.trace.files import save_trace

    (episode,) = record(game_of(scenario), *players, np.array([seed], np.uint64))
    with output_folder(path.parent, "--trace"):
        save_trace(path, episode)


def _report(
    folder: Path,
    match: MeasuredMatch,
    opened: LoadedStudy,
    players: tuple[Policy, Policy],
    seed: int,
    tell: StageProgress,
) -> Path:
    """Write the page of a match, and return it."""
    from ssa_psro.report.match_page import match_content, write_match
    from ssa_psro.report.page import provenance_of

    tell("report", 0.0)
    provenance = provenance_of(["ssa-psro", *sys.argv[1:]], [opened.scenario], seed)
    content = match_content(
        opened.scenario, players, match, provenance=provenance, files=opened.files
    )
    with output_folder(folder, "--report"):
        return write_match(content, folder, on_share=partial(tell, "report"))


def _shown(
    match: MeasuredMatch, scenario: Scenario, names: tuple[str, str], by: Along
) -> list[Table]:
    from ssa_psro.findings.match import figure_table
    from ssa_psro.findings.merit import object_tables, regime_tables, sensor_tables

    if by == Along.SIDE:
        return [figure_table(match, scenario, names)]
    made = {Along.REGIME: regime_tables, Along.OBJECT: object_tables, Along.SENSOR: sensor_tables}
    return made[by](match, scenario)


def _require_parquet(tables: Path | None) -> None:
    """Refuse before anything is played. Raises ``UsageError``."""
    from ssa_psro.errors import Fault, UsageError
    from ssa_psro.exports.tables import parquet_writer

    if tables is None:
        cure = "Add --tables FOLDER."
        fault = Fault("--parquet", None, "there are no tables to write", cure)
        raise UsageError("command line", [fault])
    parquet_writer()


def _write(folder: Path, match: MeasuredMatch, scenario: Scenario, *, parquet: bool) -> None:
    """Write every table, and what their columns mean.

    Raises:
        UsageError: the folder cannot be made or written to.
    """
    from ssa_psro.exports.tables import data_of, write_tables
    from ssa_psro.findings.merit import all_tables

    found = [data_of(one) for one in all_tables(match, scenario)]
    with output_folder(folder, "--tables"):
        for kind in (False, True)[: 1 + parquet]:
            write_tables(found, folder, parquet=kind)
