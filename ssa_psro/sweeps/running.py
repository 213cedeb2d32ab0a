"""Carrying a sweep out: a point is a piece of work for any executor.

What a point finds depends on the plan alone, whoever measures it.
"""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ssa_psro.errors import RunFolderError, SsaPsroError
from ssa_psro.inputs.documents import write_document
from ssa_psro.inputs.files import UNFINISHED
from ssa_psro.study.audit import read_audit
from ssa_psro.study.folder import WORK
from ssa_psro.study.holding import sole_writer, writing_to
from ssa_psro.study.reading import is_run_folder
from ssa_psro.study.study import Study
from ssa_psro.study.writers import writer_of
from ssa_psro.sweeps.folder import (
    AGAIN,
    FAILED,
    POINTS,
    RUN,
    TOURNAMENT,
    Failure,
    MeasuredPoint,
    SweepStanding,
    found_at,
    open_sweep,
)
from ssa_psro.sweeps.measuring import played
from ssa_psro.sweeps.plan import Sweep, SweepPoint, is_number, shown
from ssa_psro.work import Workers

STAGE: Final = "points"
POINT_OF_A_SWEEP: Final = "# A point of a sweep: scenario.json has all of it.\n"
"""What stands in place of the scenario file of a point's run."""


@dataclass(frozen=True)
class Visit:
    """Measures points, wherever it is sent.

    Attributes:
        folder: of the sweep.
        identity: of the sweep.
        together: others may come to the same point.
    """

    folder: Path
    identity: str
    together: bool = False

    def __call__(self, point: SweepPoint) -> str | None:
        """Measure a point, unless that is done; why it failed, if it did."""
        sweep, own = _opened(self.folder, self.identity), self.folder / POINTS / point.name
        if found_at(sweep, self.folder, point) is not None:
            return None
        try:
            with self._turn(own):
                measure(sweep, own, point)
        except Exception as error:  # one point must not cost the others
            at = f"{sweep.words_at(point.place)}, seed {point.seed}"
            kind, trace = type(error).__name__, "".join(traceback.format_exception(error)[-3:])
            write_document(own / FAILED, Failure(point.name, at, kind, str(error), trace))
            return f"{kind}: {error}"
        (own / FAILED).unlink(missing_ok=True)
        return None

    @contextmanager
    def _turn(self, own: Path) -> Iterator[None]:
        """Whoever was slow with its heartbeats may still be at a point that another claimed."""
        own.mkdir(parents=True, exist_ok=True)
        with writer_of(together=self.together).turn(own):
            yield


@lru_cache(maxsize=4)
def _opened(folder: Path, identity: str) -> Sweep:
    """The sweep of a folder, read once in a process that measures many of its points."""
    return open_sweep(folder)


def measure(sweep: Sweep, own: Path, point: SweepPoint) -> None:
    """Measure a point and write down what was found.

    Args:
        sweep: which it is of.
        own: folder of the point.
        point: where.

    Raises:
        SsaPsroError: of any kind.
    """
    study = sweep.study_at(point)
    if sweep.plan.measure == "run":
        _run(study, own / RUN, sweep.changes_at(point.place), audited=sweep.plan.audited)
        return
    with Workers() as alone:
        found = played(study, sweep.plan.meeting, alone)
    write_document(own / TOURNAMENT, MeasuredPoint(point.name, sweep.identity, tuple(found)))


def _run(study: Study, folder: Path, changes: Mapping[str, Any], *, audited: bool) -> None:
    """A run of PSRO from wherever it stands to its end."""
    from ssa_psro.study.audit import settings_of
    from ssa_psro.study.audit.execution import audit
    from ssa_psro.study.solve import execute
    from ssa_psro.study.writing import create

    if not is_run_folder(folder):
        told = {key: one if is_number(one) else shown(one) for key, one in changes.items()}
        create(folder, study, source=POINT_OF_A_SWEEP, overrides=told)
    with Workers() as alone:
        run = execute(folder, workers=alone)
        if audited and read_audit(folder) is None:
            audit(folder, settings_of(run.study, short=True), alone)


Heard = Callable[[SweepPoint, str | None], None]
"""Told of a point that is through, and why it failed, if it did."""


def _unheard(point: SweepPoint, failure: str | None) -> None:
    """A point that nobody waits for."""


def carry_out(folder: Path, workers: Workers, heard: Heard = _unheard) -> SweepStanding:
    """Measure every point of a sweep that has not been measured; those that failed, once more.

    It may be killed at any moment: what is lost are the points in flight, and of a run its
    iteration in flight.

    Args:
        folder: of the sweep.
        workers: whose processes measure, or who shares the folder with others; results do not
            depend on it.
        heard: told of every point.

    Raises:
        RunFolderError: it holds no sweep, is damaged, cannot be written to, or somebody works on
            it alone.
        SsaPsroError: a process was ended from outside.
    """
    sweep, together = open_sweep(folder), workers.executor.together
    standing = SweepStanding(sweep, folder)
    with writer_of(together=together).held(folder, lambda: _clear(folder)):
        workers.executor.arrive(folder / WORK, STAGE, lambda: False)
        workers.stage(STAGE)
        # whole, because a cluster's processes work in a folder of their own
        visit = Visit(folder.absolute(), sweep.identity, together)
        standing.look()
        # those who work together count alike, and pass over what is done when they come to it
        points = [one for one in sweep.points if together or one.name not in standing.found]
        try:
            for point, failure in zip(points, workers.in_processes(visit, points), strict=True):
                heard(point, failure)
                standing.renew(soon=True)
        except BrokenProcessPool:
            problem = "a process that measured a point was ended from outside, perhaps for memory"
            raise SsaPsroError(f"{folder}: {problem}. To go on, {AGAIN}.") from None
        standing.renew()
    return standing


def _clear(folder: Path) -> None:
    """Remove what killed processes left, once nobody else is at work."""
    with writing_to(folder, AGAIN):
        shutil.rmtree(folder / WORK, ignore_errors=True)
        for path in folder.rglob(f".*{UNFINISHED}"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def leave(folder: Path) -> None:
    """Remove what those who worked together had to tell one another, if nobody else is left."""
    with suppress(RunFolderError), sole_writer(folder):  # else somebody else will
        shutil.rmtree(folder / WORK, ignore_errors=True)
