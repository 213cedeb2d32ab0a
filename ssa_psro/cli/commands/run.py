"""``ssa-psro run``: a scenario file becomes a solved game in a run folder."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.carrying import carry_through
from ssa_psro.cli.hands import Address, Hands, Lease, Place, Where, hands_of
from ssa_psro.cli.opening import open_with_report
from ssa_psro.cli.options import (
    AsJson,
    Attack,
    Attacked,
    Catalogs,
    Duration,
    ScenarioFile,
    Seed,
    Start,
    Strict,
    WorkerCount,
    changes_of,
)
from ssa_psro.cli.output import print_json
from ssa_psro.errors import RunFolderError

if TYPE_CHECKING:
    from ssa_psro.study.study import LoadedStudy, Override

EXAMPLES = (
    "ssa-psro run scenarios/quickstart.toml",
    "ssa-psro run scenarios/quickstart.toml --start-weights scratch --output runs/scratch",
    "ssa-psro run scenarios/contested-72h.toml --iterations 4 --json > run.json",
    "ssa-psro run scenarios/contested-72h.toml --dry-run",
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
    executor: Where = Place.PROCESSES,
    lease: Lease = None,
    address: Address = None,
    iterations: Annotated[
        int | None,
        typer.Option(metavar="N", help="PSRO iterations at most.", show_default="the scenario's"),
    ] = None,
    start_weights: Annotated[
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
    audit: Attacked = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Make no run: estimate what it takes at most of time, memory and disk, from some "
            "seconds of calibration on this machine.",
        ),
    ] = False,
    catalog: Catalogs = None,
    start: Start = None,
    duration: Duration = None,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Solve a scenario by PSRO into a run folder, and write its report.

    Each iteration trains one best response a side and says what the two gain on held-out
    episodes: the approximate exploitability. Where the sides are of one design they share one
    population, whose response trains in both seats; what the seats differ by is measured in the
    end. A short attack from outside, by search alone, ends the run; ssa-psro audit adds a longer
    one. Interrupt it whenever you like; ssa-psro resume goes on as if nothing had happened.
    """
    from ssa_psro.study.study import overridden

    given = {
        "seed": seed,
        "solver.iterations": iterations,
        "oracle.start": start_weights,
        "solver.target": target,
        "oracle.decisions": decisions,
    }
    overrides: dict[str, Override] = {k: v for k, v in given.items() if v is not None}
    changes = changes_of(catalog, start, duration)
    opened = open_with_report(scenario, changes, strict=strict, as_json=as_json)
    loaded = overridden(opened.study, overrides)
    overrides |= changes.overrides  # which are in the scenario already
    opened = replace(opened, study=loaded)
    hands = hands_of(workers, executor, lease, address)
    attack = audit or Attack.SHORT
    usual = RUNS / f"{loaded.name}-{loaded.seed}"
    folder = output or (usual if hands.together else free_folder(usual))
    if dry_run:
        _estimate(scenario, opened, folder, hands, attack, as_json=as_json)
        return
    _make(scenario, opened, folder, hands, overrides)
    carry_through(folder, hands, audit=attack, as_json=as_json, files=opened.files)


def free_folder(wanted: Path) -> Path:
    """The folder itself, or the first of those numbered from 2 on that does not exist."""
    numbered = (wanted.with_name(f"{wanted.name}.{number}") for number in count(2))
    return next(folder for folder in chain([wanted], numbered) if not folder.exists())


def _estimate(
    scenario: Path, opened: LoadedStudy, folder: Path, hands: Hands, audit: Attack, *, as_json: bool
) -> None:
    """What the run would take; raises ``ScenarioError`` where there is no room for it."""
    from ssa_psro.cli.estimating import print_estimate
    from ssa_psro.study.limits import refuse_what_cannot_fit

    refuse_what_cannot_fit(opened.study, folder, str(scenario))
    found = print_estimate(opened.study, hands.count, audit, as_json=as_json)
    if as_json:
        print_json({"folder": str(folder), "files": opened.files, "cost": found})


def _make(
    scenario: Path,
    opened: LoadedStudy,
    folder: Path,
    hands: Hands,
    overrides: Mapping[str, Override],
) -> None:
    """Make the folder, unless those who work together have one of the same study already.

    Raises:
        RunFolderError: there is something else, or the folder cannot be made.
        ScenarioError: this machine has no room for the run.
        UsageError: the study names an unknown policy.
    """
    from ssa_psro.study.writing import create

    try:
        create(
            folder,
            opened.study,
            source=scenario.read_text("utf-8-sig"),
            overrides=overrides,
            command=["ssa-psro", *sys.argv[1:]],
            files=opened.files,
        )
    except RunFolderError:
        if not hands.writer.joins(folder, opened.study):
            raise
