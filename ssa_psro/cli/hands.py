"""Where the work of a command is done, as the command line says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.opening import limit_threads
from ssa_psro.cli.options import cores

if TYPE_CHECKING:
    from ssa_psro.progress import StageProgress
    from ssa_psro.work import Executor, Workers


class Place(StrEnum):
    """Where pieces of work are done."""

    PROCESSES = "processes"
    FOLDER = "folder"


Where = Annotated[
    Place,
    typer.Option(
        "--executor",
        help="Where work is done: in threads and processes of this machine, or by every process "
        "that is given the same command, on any machine that shares the folder (one core each; "
        "results do not depend on it).",
    ),
]
Lease = Annotated[
    float,
    typer.Option(
        "--lease",
        min=1.0,
        metavar="SECONDS",
        help="How long a process in a shared folder may be silent before others do its work. All "
        "must be given the same.",
    ),
]
LEASE_S = 60.0


@dataclass(frozen=True)
class Hands:
    """Who works for a command.

    Attributes:
        count: threads and processes at most, of this machine.
        place: where they work.
        lease_s: see ``work.shared_folder``.
    """

    count: int
    place: Place = Place.PROCESSES
    lease_s: float = LEASE_S

    @property
    def together(self) -> bool:
        """Other processes do the same work, in a shared folder."""
        return self.place is Place.FOLDER

    def workers(self, tell: StageProgress) -> Workers:
        """They, telling how far they are."""
        from ssa_psro.work import Workers

        limit_threads(self.count)
        return Workers(self.count, tell, self._executor())

    def _executor(self) -> Executor | None:
        if not self.together:
            return None
        from ssa_psro.study.solve import shared_folder

        return shared_folder(self.lease_s)


def hands_of(workers: int | None, place: Place, lease_s: float = LEASE_S) -> Hands:
    """Those that options ask for: where a folder is shared, a process is one worker.

    Raises:
        UsageError: it is asked to be several.
    """
    if place is not Place.FOLDER:
        return Hands(workers or cores(), place)
    if workers not in (None, 1):
        from ssa_psro.errors import Fault, UsageError

        cure = "Leave it out, and give the command as often as you have cores for it."
        fault = Fault("--workers", workers, "a process that shares a folder is one worker", cure)
        raise UsageError("command line", [fault])
    return Hands(1, place, lease_s)
