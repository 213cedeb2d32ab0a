"""Holding a folder while it is written to, one process alone or several together, and its log."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from typing import Literal

from ssa_psro.errors import Fault, RunFolderError, to_paste
from ssa_psro.study.folder import LOCK, LOG, TURN, now, version_of

JOIN_S = 10.0
"""For how long those who join wait for one who is alone."""


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the operating system frees it however the process ends.

    Where the system has no such locks nothing is held.

    Raises:
        RunFolderError: another process holds it, or the folder cannot be written to.
    """
    with _lock_file(folder, LOCK) as lock:
        if not lock.taken("LOCK_EX"):
            raise _in_use(folder)
        yield


@contextmanager
def joint_writer(folder: Path, alone: Callable[[], None]) -> Iterator[None]:
    """Share the folder's lock with all who work on it together.

    Args:
        folder: of the run.
        alone: called where nobody else works on the folder yet.

    Raises:
        RunFolderError: a process that works alone holds it, the system has no such locks, or the
            folder cannot be written to.
    """
    if not find_spec("fcntl"):
        raise _refusal(folder, "this system has no locks to share", "Work on it alone: resume.")
    with _lock_file(folder, LOCK) as lock:
        if lock.taken("LOCK_EX"):
            alone()
        latest_s = monotonic() + JOIN_S
        while not lock.taken("LOCK_SH"):
            if monotonic() > latest_s:
                raise _in_use(folder)
            sleep(JOIN_S / 100)
        yield


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """What those who work together must not do at the same time; each waits for its turn.

    Raises:
        RunFolderError: the folder cannot be written to.
    """
    with _lock_file(folder, TURN) as lock:
        lock.taken("LOCK_EX", wait=True)
        yield


class _Lock:
    """A lock on an open file, if the system has such locks."""

    def __init__(self, handle: int, folder: Path) -> None:
        self._handle, self._folder = handle, folder

    def taken(self, kind: Literal["LOCK_EX", "LOCK_SH"], *, wait: bool = False) -> bool:
        """Whether the lock is held now; waiting for it as long as it takes, if asked to.

        Raises:
            RunFolderError: the file system has no locks.
        """
        try:
            fcntl = import_module("fcntl")
            fcntl.flock(self._handle, getattr(fcntl, kind) | (0 if wait else fcntl.LOCK_NB))
        except ImportError:
            return True
        except BlockingIOError:
            return False
        except OSError as error:
            problem = f"cannot be locked: {error.strerror or error}"
            cure = "Use a folder on a file system that has file locks."
            raise _refusal(self._folder, problem, cure) from None
        return True


@contextmanager
def _lock_file(folder: Path, name: str) -> Iterator[_Lock]:
    try:
        handle = _open_own(folder / name, os.O_RDWR)
    except OSError as error:
        problem = f"cannot be written to: {error.strerror or error}"
        raise _refusal(folder, problem, "Make it writable.") from None
    with os.fdopen(handle):
        yield _Lock(handle, folder)


def _in_use(folder: Path) -> RunFolderError:
    cure = "Wait until it ends, or end it first."
    return _refusal(folder, "another process is working on it", cure)


def _open_own(path: Path, flags: int) -> int:
    """A file of the folder, made if it is not there; never what a link in its place leads to."""
    never = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags | os.O_CREAT | never, 0o666)


def note(folder: Path, words: str) -> None:
    """Add a line to the log: the time in UTC, the process, and what it did.

    Raises:
        OSError: it cannot be written.
    """
    line = f"{now()} {os.getpid()} {' '.join(words.split())}\n"
    with os.fdopen(_open_own(folder / LOG, os.O_WRONLY | os.O_APPEND), "wb", 0) as file:
        file.write(line.encode("utf-8", "backslashreplace"))


@contextmanager
def noted(folder: Path, work: str) -> Iterator[None]:
    """Note when a piece of work begins, and how it ends.

    Raises:
        RunFolderError: the log cannot be written.
    """
    with writing_to(folder):
        note(folder, f"{work} begins, ssa-psro {version_of('ssa-psro')}")
    try:
        yield
    except BaseException as error:
        with suppress(OSError):
            note(folder, f"{work} ends by {type(error).__name__}: {error}")
        raise
    with writing_to(folder):
        note(folder, f"{work} ends")


@contextmanager
def writing_to(folder: Path, then: str = "") -> Iterator[None]:
    """Errors of writing, as what the folder's owner can mend.

    Args:
        folder: that is written to.
        then: how to go on afterwards; by ``resume``, if it is left out.

    Raises:
        RunFolderError: the block raised an ``OSError``.
    """
    try:
        yield
    except OSError as error:
        problem = f"cannot be written to: {error.strerror or error}"
        cure = f"Make room or give permission, then: {then or to_paste('resume', folder)}"
        raise _refusal(folder, problem, cure) from None


def _refusal(folder: Path, problem: str, cure: str) -> RunFolderError:
    return RunFolderError(str(folder), [Fault("the folder", None, problem, cure)])
