"""The real command line in a process group of its own, with a fault in store for it."""

from __future__ import annotations

import contextlib
import io
import mmap
import os
import signal
import struct
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

SHIM = Path(__file__).with_name("shim.c")
PATIENCE_S: Final = 900.0
FRESH: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_ORDERS: Final = struct.Struct("lll512s")


class Fault(IntEnum):
    """What befalls the call that is meant; numbers as in ``shim.c``."""

    NONE = 0
    FAIL = 1
    FAIL_ON = 2
    KILL = 3


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Attributes:
        code: its exit code; negative where a signal ended it.
        stderr: what it said.
        call: in which the fault came; empty where the command ended before.
        calls: that changed files.
    """

    code: int
    stderr: str
    call: str
    calls: int

    @property
    def killed(self) -> bool:
        """Whether SIGKILL ended it."""
        return self.code == -signal.SIGKILL


def prepared(folder: Path) -> dict[str, str]:
    """What the environment of a process needs so that its calls under ``folder/runs`` count."""
    folder.mkdir(parents=True, exist_ok=True)
    library, orders = folder / "shim.so", folder / "orders"
    if not library.exists():
        line = ["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(SHIM), "-ldl"]
        subprocess.run(line, check=True)
    orders.write_bytes(bytes(_ORDERS.size))
    return {
        "LD_PRELOAD": str(library),
        "FAULTS_ORDERS": str(orders),
        "FAULTS_UNDER": str(folder / "runs"),
    }


def preloaded(folder: Path) -> None:
    """Begin this process anew as one whose calls count, if need be."""
    if os.environ.get("LD_PRELOAD") != str(folder / "shim.so"):
        # threads of this layer outlive a fork, and so do none
        more = {"NUMBA_THREADING_LAYER": "workqueue", "OMP_NUM_THREADS": "1"}
        environment = {**os.environ, **prepared(folder), **more}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)


class Bench:
    """A folder in which commands work, one at a time, and their calls are counted.

    Args:
        folder: that was ``prepared``; runs lie in ``runs`` in it.
    """

    def __init__(self, folder: Path) -> None:
        self.runs = folder / "runs"
        self.runs.mkdir(exist_ok=True)
        self._stderr = folder / "stderr.txt"
        with (folder / "orders").open("r+b") as file:
            self._orders = mmap.mmap(file.fileno(), _ORDERS.size)

    def warm_up(self, *arguments: object) -> None:
        """Run a command in this process, which then has loaded and compiled all it needs."""
        from ssa_psro.cli import main

        self._orders[:] = _ORDERS.pack(0, 0, 0, b"")
        sys.argv = ["ssa-psro", *map(str, arguments)]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
            main()

    def call(
        self,
        *arguments: object,
        fault: Fault = Fault.NONE,
        at: int = 0,
        after_s: float = PATIENCE_S,
        fresh: bool = False,
    ) -> Ended:
        """Run a command to its end, or kill it.

        Args:
            arguments: of ``ssa-psro``; paths are absolute.
            fault: what befalls it.
            at: in its so many-th call that changes a file, from 1; 0: the first for the report.
            after_s: kill it after so long.
            fresh: start an interpreter for it; else fork this one, which has imported all.
        """
        self._orders[:] = _ORDERS.pack(0, at, fault, b"")
        words = [str(one) for one in arguments]
        group = _started(words, self._stderr) if fresh else forked(words, self._stderr)
        code = _code_of(group, after_s)
        wait_for_group(group)
        calls, _, _, call = _ORDERS.unpack(self._orders[:])
        self._orders[:] = _ORDERS.pack(0, 0, 0, b"")
        stderr = self._stderr.read_text()
        return Ended(code, stderr, call.rstrip(b"\0").decode(), calls)


def _started(words: list[str], stderr: Path) -> int:
    line = [sys.executable, "-m", "ssa_psro", *words]
    handles = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, str(stderr), FRESH, 0o644),
    ]
    return os.posix_spawn(sys.executable, line, os.environ, file_actions=handles, setpgroup=0)


def forked(words: list[str], stderr: Path) -> int:
    """A child of this process, and so with all it has loaded, that carries out a command line."""
    from ssa_psro.cli import main

    child = os.fork()
    if child:
        return child
    code = 99
    try:
        os.setpgid(0, 0)
        nowhere, told = os.open(os.devnull, os.O_RDWR), os.open(stderr, FRESH)
        for number, handle in enumerate((nowhere, nowhere, told)):
            os.dup2(handle, number)
        sys.argv = ["ssa-psro", *words]
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else bool(end.code)
    except BaseException:
        traceback.print_exc()
        code = 98
    finally:
        sys.stderr.flush()
        os._exit(code)


def _code_of(process: int, after_s: float) -> int:
    """Wait for a child of ours, so long; then it is killed, and so is its group."""
    end = time.monotonic() + after_s
    while True:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            os.killpg(process, signal.SIGKILL)
            end = float("inf")
        time.sleep(0.005)


def wait_for_group(group: int) -> None:
    """Wait until no process of a group is left: workers end a moment after their parent."""
    end = time.monotonic() + 60.0
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    raise AssertionError(f"process group {group} goes on")
