"""The manifest: what was run, with what, and how far it got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ssa_psro.psro.stopping import StopReason

Override = str | int | float


@dataclass(frozen=True)
class Session:
    """One process that worked on the run.

    Attributes:
        started: time in UTC, ISO 8601.
        command: the command line.
        versions: of Python and the packages that results can depend on.
        iterations: PSRO iterations at most, from this session on; ``None`` where that stays as it
            was.
    """

    started: str
    command: tuple[str, ...]
    versions: Mapping[str, str]
    iterations: int | None = None


@dataclass(frozen=True)
class Manifest:
    """The head of a run folder.

    Attributes:
        format: of the folder, see ``layout.FORMAT``.
        scenario: its name.
        content_hash: of the scenario that is run, overrides included, extensions excluded.
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

    @property
    def extended_to(self) -> int | None:
        """PSRO iterations at most where a later session asked for another number of them."""
        asked = [session.iterations for session in self.resumed if session.iterations is not None]
        return asked[-1] if asked else None
