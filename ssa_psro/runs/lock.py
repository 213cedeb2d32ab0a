"""One process at a time works on a run folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from ssa_psro.errors import Fault, RunFolderError
from ssa_psro.runs import layout


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the operating system frees it however the process ends.

    Where the system has no such locks nothing is held.

    Raises:
        RunFolderError: another process holds it, or the folder cannot be written to.
    """
    try:
        fcntl = import_module("fcntl")
    except ImportError:
        yield
        return
    try:
        file = (folder / layout.LOCK).open("w")
    except OSError as error:
        problem = f"cannot be written to: {error.strerror}"
        raise _refusal(folder, problem, "Make it writable.") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            cure = "Wait until it ends, or end it first."
            raise _refusal(folder, "another process is working on it", cure) from None
        yield


def _refusal(folder: Path, problem: str, cure: str) -> RunFolderError:
    return RunFolderError(str(folder), [Fault("the folder", None, problem, cure)])
