"""Two programs in turn: each does its work once, then the other, some rounds, on one core.

The peer runs in its own interpreter (``there/host.py``) and waits while this package works, so that
both meet the same machine. Processor time is what ratios are made of; it counts all threads.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, TypeAlias

from evidence.peers.there.host import spent_s

Task: TypeAlias = dict[str, Any]
"""A piece of work as JSON: all that both sides are told."""
Answer: TypeAlias = Any
Told: TypeAlias = Callable[[Any], Any]
"""Makes JSON of an answer, so that both sides' can be compared."""
Prepare: TypeAlias = Callable[[Task], tuple[Callable[[], tuple[Answer, int]], Told]]
"""From a task: what does the work once and counts its units, and what tells its answer."""

THERE = Path(__file__).with_name("there")
ONE_THREAD = {
    **dict.fromkeys(
        (
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "NUMBA_NUM_THREADS",
            "RAYON_NUM_THREADS",
        ),
        "1",
    ),
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
"""Environment under which numpy, numba, rayon, torch and JAX compute in one thread."""


class Turn(NamedTuple):
    """One turn of one side."""

    cpu_s: float
    wall_s: float
    units: int


class NotInstalledError(Exception):
    """The interpreter lacks the peer."""


class PeerError(Exception):
    """The peer is there and failed; the message is the last that it said."""


class Peer:
    """A peer's process.

    Attributes:
        versions: of the distributions that matter.
        python: the version of its interpreter.
    """

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process, self._log = process, log
        self.versions: dict[str, str] = {}
        self.python = ""

    def begin(self, task: Task) -> None:
        """Hand over the task, and wait until the peer is prepared.

        Raises:
            NotInstalledError: its interpreter lacks it.
            PeerError: it ended.
        """
        told = self._ask(json.dumps(task))
        if "absent" in told:
            raise NotInstalledError(told["absent"])
        self.versions, self.python = told["versions"], told["python"]

    def turn(self) -> Turn:
        """Let it work once."""
        return Turn(**self._ask("turn"))

    def answer(self) -> Any:
        """What came of its last turn."""
        return self._ask("answer")

    def _ask(self, line: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # why it ended is in its log
        heard = self._process.stdout.readline()
        if not heard:
            said = self._log.read_text("utf-8", "replace").strip().splitlines()
            raise PeerError(said[-1] if said else f"ended with {self._process.wait()}")
        return json.loads(heard)


@contextmanager
def peer(python: Path, script: str, log: Path) -> Iterator[Peer]:
    """A peer's process, ended afterwards; ``log`` gets what its libraries print.

    Raises:
        NotInstalledError: there is no such interpreter.
    """
    command = [str(python), "-I", str(THERE / "host.py"), str(THERE / script)]
    with log.open("w") as errors:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **ONE_THREAD},
                text=True,
            )
        except OSError as error:
            raise NotInstalledError(f"no interpreter: {error.strerror}") from error
        with process:
            try:
                yield Peer(process, log)
            finally:
                process.kill()


def own_turn(run: Callable[[], tuple[Answer, int]], least_s: float = 0.0) -> tuple[Turn, Answer]:
    """One turn of ours, and its answer; repeated until it has taken ``least_s``."""
    begun, units, cpu_s, wall_s, answer = spent_s(), 0, 0.0, 0.0, None
    while not units or cpu_s < least_s:
        answer, count = run()
        units += count
        cpu_s, wall_s = (now - then for now, then in zip(spent_s(), begun, strict=True))
    return Turn(cpu_s, wall_s, units), answer


class Ratio(NamedTuple):
    """Seconds a unit of both sides, medians over the rounds, and their ratio.

    Attributes:
        own_s: ours.
        peer_s: theirs.
        ratio: theirs over ours; over 1, ours is faster.
        low: the least ratio of a round.
        high: the greatest.
    """

    own_s: float
    peer_s: float
    ratio: float
    low: float
    high: float


def ratio_of(own: list[Turn], theirs: list[Turn], clock: str = "cpu_s") -> Ratio:
    """The ratio of medians, and of the rounds one by one."""
    ours, others = ([getattr(one, clock) / one.units for one in side] for side in (own, theirs))
    each = [other / our for our, other in zip(ours, others, strict=True)]
    own_s, peer_s = median(ours), median(others)
    return Ratio(own_s, peer_s, peer_s / own_s, min(each), max(each))
