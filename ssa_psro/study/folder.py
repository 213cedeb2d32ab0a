"""A run folder: what lies where, and the manifest at its head.

::

    manifest.json                     what was run, with what, and how far it got
    scenario.toml, scenario.json      the scenario as given, and as it was run
    populations/SIDE/NNN-NAME.json    a member; .safetensors beside it if it is a network
    payoffs.npz                       every episode of every pair of members
    iterations/NNN.json               what iteration NNN found; written last, it commits it
    solution.json, coverage.npz       the outcome, once the run has ended
    log.txt                           when who did what; free text, which nothing reads

A resumed run continues exactly only under the versions of packages that the manifest names.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from ssa_psro.psro.state import StopReason
from ssa_psro.scenario import FileReport
from ssa_psro.study.study import Override

FORMAT = 4
"""Raise this whenever an older package could misread a folder.

1: ``content_hash`` is that of the whole study with every key written out, and vouches for
``scenario.json``. 2: it tells games apart, and ``sha256`` vouches for the files. 3:
``rules_version`` says by which rules it was played; before, there was one version of them.
4: every document and array ends in a checksum, and what is committed is vouched for, see
:mod:`ssa_psro.study.integrity`.
"""

READABLE = (1, 2, 3, 4)
"""The formats that this package reads."""

MANIFEST = "manifest.json"
SOURCE = "scenario.toml"
SCENARIO = "scenario.json"
PAYOFFS = "payoffs.npz"
ITERATIONS = "iterations"
SOLUTION = "solution.json"
COVERAGE = "coverage.npz"
REPORT = "report"
SUMS = "SHA256SUMS"
"""In the report's folder, written last: a report that has none was cut short."""
LOCK = "lock"
TURN = "lock.turn"
WORK = "work"
"""What those who work on the run together tell one another, until it has ended."""
ATTACKER = "attacker: "
"""What the start of a response begins with that an audit has trained."""

ATTACKERS = "attackers"
"""Responses of an audit that join the run, see ``study.attackers``."""
LOG = "log.txt"


def record_path(folder: Path, iteration: int) -> Path:
    """The record of an iteration, from 1."""
    return folder / ITERATIONS / f"{iteration:03d}.json"


def member_path(folder: Path, side: str, index: int, name: str) -> Path:
    """The description of member ``index`` of a side, from 0."""
    return folder / "populations" / side / f"{index:03d}-{name}.json"


def weights_path(member: Path) -> Path:
    """The parameters of the member described in ``member``."""
    return member.with_name(member.name.removesuffix(".json") + ".safetensors")


def now() -> str:
    """The time in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Session:
    """One process that worked on the run.

    Attributes:
        started: time in UTC, ISO 8601.
        command: the command line.
        versions: of Python and the packages that results can depend on.
        iterations: PSRO iterations at most, from this session on; ``None`` where that stays as it
            was.
        attackers: names of responses of an audit that join as those of the next iteration.
    """

    started: str
    command: tuple[str, ...]
    versions: Mapping[str, str]
    iterations: int | None = None
    attackers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """The head of a run folder.

    Attributes:
        format: of the folder, see ``FORMAT``.
        scenario: its name.
        content_hash: of the game, overrides included; in format 1 of the whole study.
        seed: root of all randomness.
        overrides: keys of the scenario file that were given another value, such as
            ``oracle.start``, and that value.
        populations: names of the policies each side began with, by side.
        created: time in UTC, ISO 8601.
        command: the command line that made the folder.
        versions: of Python and the packages that results can depend on.
        resumed: sessions after the first one.
        status: whether the outcome has been written.
        stopped: why the run ended; ``None`` while it has not.
        sha256: of the files that the folder was made with (hex), by their paths in it; the record
            of what was run and whom each side began with. Once the run has ended, of the last
            record and the outcome too. Empty in format 1.
        rules_version: of the game's rules that the run is played by, see
            ``scenario.identity.RULES_VERSION``.
        files: of element sets, and what became of them; names of those that are sound and were
            passed over are left out.
    """

    format: int
    scenario: str
    content_hash: str
    seed: int
    overrides: Mapping[str, Override]
    populations: Mapping[str, tuple[str, ...]]
    created: str
    command: tuple[str, ...]
    versions: Mapping[str, str]
    resumed: tuple[Session, ...] = ()
    status: Literal["running", "finished"] = "running"
    stopped: StopReason | None = None
    sha256: Mapping[str, str] = field(default_factory=dict)
    rules_version: int = 1
    files: tuple[FileReport, ...] = ()

    @property
    def extended_to(self) -> int | None:
        """PSRO iterations at most where a later session asked for another number of them."""
        asked = [session.iterations for session in self.resumed if session.iterations is not None]
        return asked[-1] if asked else None


Kind = Literal["heuristic", "doctrine-network"]


@dataclass(frozen=True)
class MemberFile:
    """A member, all but a network's parameters, which stand in the file beside it.

    Attributes:
        name: unique within its population.
        kind: what it is.
        iteration: that added it; 0 for those the run began with.
        start: what its training really started from; ``None`` for a heuristic.
        doctrine: weight of each feature of a heuristic, zeros left out; ``None`` for a network.
            The run plays these, whatever the heuristic of that name may become later.
        sha256: of the file of parameters (hex); ``None`` for a heuristic.
    """

    name: str
    kind: Kind
    iteration: int = 0
    start: str | None = None
    doctrine: Mapping[str, float] | None = None
    sha256: str | None = None


PACKAGES = (
    "ssa-psro",
    "numpy",
    "scipy",
    "numba",
    "torch",
    "stable-baselines3",
    "astropy",
    "boinor",
)
"""The packages that results can depend on."""


def current_versions() -> dict[str, str]:
    """Version of Python and of every package in ``PACKAGES``; nothing is imported."""
    return {"python": platform.python_version(), **{name: version_of(name) for name in PACKAGES}}


def changed_versions(then: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What is not as it was: name -> (version then, version now)."""
    now = current_versions()
    return {
        name: (then.get(name, "absent"), now.get(name, "absent"))
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    }


def command_to_install(versions: object) -> str:
    """The command that installs the package of a manifest's ``versions``, or the newest one."""
    named = versions.get("ssa-psro") if isinstance(versions, Mapping) else None
    known = isinstance(named, str) and named != "absent"
    return f"pip install ssa-psro=={named}" if known else "pip install --upgrade ssa-psro"


def version_of(package: str) -> str:
    """Of a package that is installed; ``absent`` if it is not."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"
