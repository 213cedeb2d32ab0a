"""Where the work of a command is done, as the command line says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.opening import limit_threads
from ssa_psro.cli.options import cores, finite
from ssa_psro.cli.output import progress

if TYPE_CHECKING:
    from ssa_psro.progress import StageProgress
    from ssa_psro.study.writers import FolderWriter
    from ssa_psro.work import Executor, Workers


class Place(StrEnum):
    """Where pieces of work are done."""

    PROCESSES = "processes"
    FOLDER = "folder"
    RAY = "ray"


Where = Annotated[
    Place,
    typer.Option(
        "--executor",
        help="Where work is done: in threads and processes of this machine; by every process that "
        "is given the same command, on any machine that shares the folder, one core each; or on a "
        "cluster of Ray. Results do not depend on it.",
    ),
]
Lease = Annotated[
    float | None,
    typer.Option(
        "--lease",
        min=1.0,
        callback=finite,
        metavar="SECONDS",
        help="How long a process in a shared folder may be silent before others do its work. All "
        "must be given the same.",
        show_default="60",
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        "--address",
        metavar="HOST:PORT",
        help="Of a cluster of Ray that runs already; auto: the one of this machine.",
        show_default="a cluster of this machine, for this command",
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
        address: see ``work.on_ray``.
    """

    count: int
    place: Place = Place.PROCESSES
    lease_s: float = LEASE_S
    address: str | None = None

    @property
    def together(self) -> bool:
        """Other processes do the same work, in a shared folder."""
        return self.place is Place.FOLDER

    @property
    def writer(self) -> FolderWriter:
        """How they write to run folders."""
        from ssa_psro.study.writers import writer_of

        return writer_of(together=self.together)

    def workers(self, tell: StageProgress) -> Workers:
        """They, telling how far they are."""
        from ssa_psro.work import Workers

        limit_threads(self.count)
        return Workers(self.count, tell, self._executor())

    @contextmanager
    def at_work(self, stages: Mapping[str, str] | None = None) -> Iterator[Workers]:
        """They, behind a bar that has these words for the stages, or the stages themselves."""
        with progress(stages) as tell, self.workers(tell) as workers:
            yield workers

    def _executor(self) -> Executor | None:
        if self.together:
            from ssa_psro.study.solve import shared_folder

            return shared_folder(self.lease_s)
        if self.place is Place.RAY:
            from ssa_psro.work.on_ray import OnRay

            return OnRay(self.address)
        return None


def hands_of(
    workers: int | None, place: Place, lease_s: float | None = None, address: str | None = None
) -> Hands:
    """Those that options ask for: where a folder is shared, a process is one worker.

    Raises:
        UsageError: options that do not go together.
    """
    from ssa_psro.errors import Fault, UsageError

    faults = []
    if place is Place.FOLDER and workers not in (None, 1):
        cure = "Leave it out, and give the command as often as you have cores for it."
        problem = "a process that shares a folder is one worker"
        faults.append(Fault("--workers", workers, problem, cure))
    if place is Place.RAY and workers is not None:
        cure = "Leave it out: every processor of the cluster works."
        faults.append(Fault("--workers", workers, "is not for Ray", cure))
    if place is not Place.FOLDER and lease_s is not None:
        cure = "Leave it out, or give --executor folder."
        faults.append(Fault("--lease", lease_s, "is for a shared folder", cure))
    if place is not Place.RAY and address is not None:
        cure = "Leave it out, or give --executor ray."
        faults.append(Fault("--address", address, "is for Ray", cure))
    if faults:
        raise UsageError("command line", faults)
    count = 1 if place is Place.FOLDER else workers or cores()
    return Hands(count, place, lease_s or LEASE_S, address)
