"""The real command line in a process group of its own, with a fault in store for it."""

from __future__ import annotations

import mmap
import os
import random
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

SHIM = Path(__file__).with_name("shim.c")
PATIENCE_S: Final = 900.0
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


class Bench:
    """A folder in which commands work and their calls are counted.

    Args:
        folder: for run folders; made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder.parent
        self._library, orders = beside / "shim.so", beside / f"{folder.name}.orders"
        if not self._library.exists():
            made = self._library.with_suffix(f".{os.getpid()}")
            line = ["cc", "-O1", "-shared", "-fPIC", "-o", str(made), str(SHIM), "-ldl"]
            subprocess.run(line, check=True)
            made.rename(self._library)
        orders.write_bytes(bytes(_ORDERS.size))
        with orders.open("r+b") as file:
            self._orders = mmap.mmap(file.fileno(), _ORDERS.size)
        self._environment = {
            **os.environ,
            "LD_PRELOAD": str(self._library),
            "FAULTS_ORDERS": str(orders),
            "FAULTS_UNDER": str(self.folder),
        }

    def call(
        self,
        *arguments: object,
        fault: Fault = Fault.NONE,
        at: int = 0,
        after_s: float | None = None,
    ) -> Ended:
        """Run a command to its end, or kill it.

        Args:
            arguments: of ``ssa-psro``; paths are absolute.
            fault: what befalls it.
            at: in its so many-th call that changes a file, from 1.
            after_s: or kill it after so long.
        """
        self._orders[:] = _ORDERS.pack(0, at, fault, b"")
        process = subprocess.Popen(
            [sys.executable, "-m", "ssa_psro", *map(str, arguments)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=self._environment,
        )
        try:
            _, stderr = process.communicate(timeout=after_s or PATIENCE_S)
        except subprocess.TimeoutExpired:
            assert after_s is not None, f"{arguments} never ended"
            os.killpg(process.pid, signal.SIGKILL)
            _, stderr = process.communicate()
        wait_for_group(process.pid)
        calls, _, _, call = _ORDERS.unpack(self._orders[:])
        return Ended(process.returncode, stderr, call.rstrip(b"\0").decode(), calls)


def wait_for_group(group: int) -> None:
    """Wait until no process of a group is left: workers end a moment after their parent."""
    end = time.monotonic() + 60.0
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError(f"process group {group} goes on")


def somewhere(luck: random.Random, calls: int, seconds: float) -> dict[str, object]:
    """A moment for a kill: mostly a call, half done, that changes a file; else any moment."""
    if luck.random() < 0.75:
        return {"fault": Fault.KILL, "at": luck.randint(1, max(1, calls))}
    return {"after_s": luck.uniform(0.3, 1.0) * seconds}


def in_words(arguments: Sequence[object]) -> str:
    """The command's name, and nothing of where."""
    return " ".join(str(one) for one in arguments if "/" not in str(one))
