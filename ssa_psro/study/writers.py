"""Who writes to a run folder: one process alone, or several that work on it together.

Those who work together do the same from the same state, see ``work.shared_folder``: each of them
comes to every point at which something is written, and leaves as it is what another has written
already. All that differs between them and a process that works alone is said here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

from ssa_psro.errors import RunFolderError
from ssa_psro.inputs.files import remove_unfinished
from ssa_psro.policies import Policy
from ssa_psro.psro import PsroState
from ssa_psro.study.folder import REPORT, WORK
from ssa_psro.study.holding import joint_writer, noted, one_at_a_time, sole_writer, writing_to
from ssa_psro.study.outcome import CoverageSeries, Solution
from ssa_psro.study.reading import Run, is_run_folder, open_run, refuse_others, standing_of
from ssa_psro.study.study import Study, dump_study
from ssa_psro.study.writing import commit, finish


class FolderWriter:
    """One process, which works on run folders alone.

    Attributes:
        command: of the program, by which an interrupted run goes on in the same way.
    """

    command = "resume"

    def joins(self, folder: Path, study: Study) -> bool:
        """Whether the run of a study may go on where a folder holds one already: never, alone."""
        return False

    def opened(self, folder: Path) -> Run:
        """What has been committed, while nobody adds to it.

        Raises:
            RunFolderError: it is no run folder, or damaged; with every fault.
        """
        return open_run(folder)

    @contextmanager
    def held(self, folder: Path, first: Callable[[], None]) -> Iterator[None]:
        """Keep others off, all or those who work in another way.

        Args:
            folder: of the run.
            first: called if nobody else works on the folder yet.

        Raises:
            RunFolderError: somebody does who must not, or the folder cannot be written to.
        """
        with sole_writer(folder):
            first()
            rmtree(folder / WORK, ignore_errors=True)  # whoever works alone has no use for it
            yield

    @contextmanager
    def noted(self, folder: Path, work: str, count: int, again: str) -> Iterator[None]:
        """Note in the log when a piece of work begins, and how it ends.

        Args:
            folder: of the run.
            work: in words.
            count: of workers.
            again: how to go on, for those who share in the folder what they could not write.

        Raises:
            RunFolderError: the folder cannot be written to.
        """
        with noted(folder, f"{work} with {count} workers"):
            yield

    @contextmanager
    def turn(self, folder: Path) -> Iterator[None]:
        """What must not be done by two at the same time.

        Raises:
            RunFolderError: the folder cannot be written to.
        """
        yield

    def commit(self, folder: Path, state: PsroState[Policy]) -> None:
        """See that the last iteration of ``state``, or its first payoffs, are committed.

        Raises:
            RunFolderError: the folder cannot be written to.
        """
        commit(folder, state)

    def finish(self, run: Run, solution: Solution, coverage: CoverageSeries) -> None:
        """See that the outcome is written.

        Raises:
            RunFolderError: the folder cannot be written to.
        """
        finish(run, solution, coverage)

    def leave(self, folder: Path) -> None:
        """Remove what those who worked together had to tell one another, if nobody else is left."""


class JointWriter(FolderWriter):
    """One of any number of processes that do the same."""

    command = "work"

    def joins(self, folder: Path, study: Study) -> bool:
        """A run of the same study, whoever has made it."""
        return is_run_folder(folder) and dump_study(self.opened(folder).study) == dump_study(study)

    def opened(self, folder: Path) -> Run:
        """In turn with those who may be adding to it."""
        refuse_others(folder)  # nothing is put into them, not even a lock
        with self.turn(folder):
            return open_run(folder)

    @contextmanager
    def held(self, folder: Path, first: Callable[[], None]) -> Iterator[None]:
        """Nobody works on the folder alone."""
        with joint_writer(folder, first):
            yield

    @contextmanager
    def noted(self, folder: Path, work: str, count: int, again: str) -> Iterator[None]:
        """Without a number of workers, since nobody knows it."""
        with noted(folder, f"{work}, together"), writing_to(folder, again):
            yield

    @contextmanager
    def turn(self, folder: Path) -> Iterator[None]:
        """Each waits for its own."""
        with one_at_a_time(folder):
            yield

    def commit(self, folder: Path, state: PsroState[Policy]) -> None:
        """Commit it, unless another has."""
        with self.turn(folder):
            if standing_of(folder) < (len(state.records), True, False):
                commit(folder, state)

    def finish(self, run: Run, solution: Solution, coverage: CoverageSeries) -> None:
        """Write it, unless another has."""
        with self.turn(run.folder):
            *_, finished = standing_of(run.folder)
            if not finished:
                finish(run, solution, coverage)

    def leave(self, folder: Path) -> None:
        """The last one puts the folder in order."""
        with suppress(RunFolderError, OSError), sole_writer(folder):
            rmtree(folder / WORK, ignore_errors=True)
            remove_unfinished(folder, REPORT)


def writer_of(*, together: bool) -> FolderWriter:
    """The writer of those who work together, or of one who works alone."""
    return JointWriter() if together else FolderWriter()
