"""Options that several commands share, spelt and explained once."""

from __future__ import annotations

import math
import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ssa_psro.scenario.changes import Changes

MOST_EPISODES = 100_000
"""Of one pair of policies; beyond it a tournament's table takes gigabytes."""

MOST_HOURS = 8_784.0
"""Of anything that is told in hours: a year."""


def finite(value: float | None) -> float | None:
    """The value of an option, if any, which click takes for one within its range if it is nan.

    Raises:
        BadParameter: it is no number.
    """
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"{value} is no number")
    return value


ScenarioFile = Annotated[
    Path, typer.Argument(metavar="SCENARIO", help="Scenario file (TOML).", show_default=False)
]
Catalogs = Annotated[
    list[Path] | None,
    typer.Option(
        "--catalog",
        metavar="FILE",
        help="Element sets (TLE or OMM) to play with instead of those that the scenario names; "
        "may be given several times.",
        show_default=False,
    ),
]
Start = Annotated[
    str | None,
    typer.Option(
        "--start",
        metavar="TIME",
        help="When every episode begins, exactly, with its time zone, as in 2026-03-20T06:00Z.",
        show_default="at random within the scenario's horizon",
    ),
]
Duration = Annotated[
    float | None,
    typer.Option(
        "--duration", metavar="HOURS", help="Length of an episode.", show_default="the scenario's"
    ),
]
Strict = Annotated[
    bool,
    typer.Option("--strict", help="Stop, with exit code 2, if any element set is rejected."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else there.")
]
Seed = Annotated[
    int | None,
    typer.Option(
        min=0,
        metavar="N",
        help="Root of all chance; equal seeds give equal results.",
        show_default="the scenario's",
    ),
]
WorkerCount = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=1024,
        metavar="N",
        help="Threads to work with; results do not depend on it.",
        show_default="number of cores",
    ),
]


FinishedRun = Annotated[
    Path, typer.Argument(metavar="RUN", help="Folder of a finished run.", show_default=False)
]
RunSeed = Annotated[
    int | None,
    typer.Option(
        min=0,
        metavar="N",
        help="Root of all chance; equal seeds give equal results.",
        show_default="the run's",
    ),
]
ReportFolder = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FOLDER",
        help="Also write a page, its figures and its tables.",
        show_default=False,
    ),
]


class Player(StrEnum):
    """Which side is meant."""

    BLUE = "blue"
    RED = "red"


class Mixtures(StrEnum):
    """Which mixtures of a run are meant."""

    BEST = "best"
    FINAL = "final"


Against = Annotated[
    Mixtures,
    typer.Option(
        "--against", help="The best iterate's mixtures, or the equilibrium of the final table."
    ),
]


class Attack(StrEnum):
    """How a finished run is audited."""

    NONE = "none"
    SHORT = "short"
    FULL = "full"


Attacked = Annotated[
    Attack | None,
    typer.Option(
        "--audit",
        help="Attack on the finished run: two searches a side at its own decisions (short), "
        "all that ssa-psro audit does by default (full), or none.",
        show_default="short",
    ),
]


def cores() -> int:
    """Processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux: a container or taskset may allow fewer
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def changes_of(
    catalogs: Sequence[Path] | None = None,
    start: str | None = None,
    duration_h: float | None = None,
) -> Changes:
    """What ``--catalog``, ``--start`` and ``--duration`` ask for. Raises ``UsageError``."""
    from ssa_psro.scenario.changes import Changes

    when = None if start is None else _zoned(start)
    return Changes(tuple(catalogs or ()), when, duration_h, dashed=True)


def _zoned(text: str) -> datetime:
    """The instant that ``--start`` names, in UTC. Raises ``UsageError``."""
    from datetime import UTC, datetime

    from ssa_psro.catalogs.omm_fields import any_instant
    from ssa_psro.catalogs.records import RecordError
    from ssa_psro.errors import Fault, UsageError
    from ssa_psro.scenario.fields import LEAP

    problem, cure = "is not a date and time", "Write one as in 2026-03-20T06:00Z."
    try:
        found = any_instant(text) if LEAP in text else datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        problem, cure = "lacks a time zone", f"For UTC, write {found:%Y-%m-%dT%H:%M}Z."
    except (ValueError, OverflowError, RecordError):
        pass
    raise UsageError("command line", [Fault("--start", text, problem, cure)])


def instant(text: str, option: str) -> datetime:
    """The instant in UTC that an option names. Raises ``UsageError``."""
    from ssa_psro.catalogs.omm_fields import any_instant
    from ssa_psro.catalogs.records import RecordError
    from ssa_psro.errors import Fault, UsageError

    try:
        return any_instant(text if "T" in text else f"{text}T00:00:00")
    except RecordError:
        cure = "Write UTC, as in 2026-03-20 or 2026-03-20T06:00:00."
        fault = Fault(option, text, "is not a date, or a date and time", cure)
        raise UsageError("command line", [fault]) from None
