"""Any number of processes do one piece of work together, wherever they run, through a folder.

All of them run the same program from the same state. Where it brings many pieces of work, each
process claims pieces that nobody has, does them, and writes down what it found; then all read
everything and go on alike. So there is nobody in charge whose death would matter, no daemon, port
or token, and a process may come or go at any moment. Since the same work has the same result
wherever it is done, it does no harm if a piece is done twice, and it counts once::

    PLACE/STATE/STAGE-N/0007.claim.0     who does piece 7, and has touched this file lately
    PLACE/STATE/STAGE-N/0007.npz         what it found, see :mod:`ssa_psro.work.parcels`

A claim is a lease: whoever holds it touches its file, and once it has been silent for long enough
another process makes the next claim, of which there can be only one. Times are those of the file
system, so that the clocks of the machines need not agree.
"""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final, TypeVar

from numpy.typing import NDArray

from ssa_psro.inputs.array_files import MOST_BYTES, StoredArrays
from ssa_psro.inputs.files import write_arrays
from ssa_psro.inputs.opening import read_bytes
from ssa_psro.inputs.seals import Seal, seal_of
from ssa_psro.work.mapping import parts_of
from ssa_psro.work.parcels import Known, pack, unpack

T = TypeVar("T")
R = TypeVar("R")

LEASE_S: Final = 60.0
"""How long a claim may be silent; a machine that is suspended for longer loses it."""
TOUCHES: Final = 6
"""In a lease."""
MOST_PIECES: Final = 256
"""Into which the short work of one call is divided: each is a file."""
RESULT: Final = "npz"
WAITS_S: Final = (0.02, 1.0)
"""Between two looks at what others have done: at first, and at most."""


class OutdatedError(Exception):
    """Others have gone on to another state: begin anew from there."""


@dataclass(frozen=True)
class _State:
    """Where work is shared, and how often each stage has brought some."""

    folder: Path
    outdated: Callable[[], bool]
    calls: dict[str, int] = field(default_factory=dict)


class SharedFolder:
    """Work that is shared with every process that does the same, see the module.

    Args:
        classes: whose objects results may hold.
        lease_s: seconds after which a claim that nobody touches is free again.
    """

    together = True

    def __init__(self, classes: Known, lease_s: float = LEASE_S) -> None:
        self._classes, self._lease_s = classes, lease_s
        self._state: _State | None = None
        self._before: Path | None = None

    def short(self, function: Callable[[T], R], items: list[T], stage: str, /) -> Iterator[R]:
        """In pieces of several items."""
        return self._shared(function, items, stage, MOST_PIECES)

    def long(self, function: Callable[[T], R], items: list[T], stage: str, /) -> Iterator[R]:
        """Each item is a piece."""
        return self._shared(function, items, stage, len(items))

    def arrive(self, place: Path, name: str, outdated: Callable[[], bool], /) -> None:
        """Results are shared with those who have reached this state, too.

        What was shared in the state before the last one is removed: of that one's, others may
        still be reading. States that this process has not been in may be later than its own.
        """
        here = place / name
        if self._state is not None and self._state.folder != here:
            if self._before is not None and self._before != here:
                shutil.rmtree(self._before, ignore_errors=True)
            self._before = self._state.folder
        self._state = _State(here, outdated)

    def end(self, error: BaseException | None, /) -> None:
        """Nothing is being done elsewhere that would have to be ended."""

    def _shared(
        self, function: Callable[[T], R], items: list[T], stage: str, most: int
    ) -> Iterator[R]:
        """The results of all items, as soon as they and those before are there, whoever did them.

        Raises:
            OutdatedError: others are further.
        """
        if not items:
            return
        state = self._state
        assert state is not None, "work is shared from a state on"
        number = state.calls[stage] = state.calls.get(stage, -1) + 1
        parts = parts_of(items, most)
        place = state.folder / f"{stage.replace(' ', '-')}-{number}"
        try:
            call = _Call(place, len(parts), self._lease_s)
            for found in self._in_order(call, function, parts, state.outdated):
                yield from found
        except FileNotFoundError:  # those who are further remove what was shared
            if state.outdated():
                raise OutdatedError from None
            raise

    def _in_order(
        self,
        call: _Call,
        function: Callable[[T], R],
        parts: Sequence[list[T]],
        outdated: Callable[[], bool],
    ) -> Iterator[list[R]]:
        """The results of each part, doing what is free and waiting for what is not."""
        found: dict[int, list[R]] = {}
        told, wait_s = 0, WAITS_S[0]
        while told < len(parts):
            if outdated():
                raise OutdatedError
            claimed = call.claim()
            if claimed is not None:
                with call.held(claimed):
                    result = [function(item) for item in parts[claimed.piece]]
                    call.write(claimed.piece, pack(result, self._classes))
            news = call.read(found.keys(), self._classes)
            found |= news
            while told in found:  # even who did it goes on with what was written
                yield found[told]
                told += 1
            if claimed is None and not news:
                time.sleep(wait_s)
                wait_s = min(2 * wait_s, WAITS_S[1])
            else:
                wait_s = WAITS_S[0]


@dataclass(frozen=True)
class _Claim:
    piece: int
    path: Path


class _Call:
    """The pieces of one call of a map, by number."""

    def __init__(self, folder: Path, count: int, lease_s: float) -> None:
        self._folder, self._count, self._lease_s = folder, count, lease_s
        self._me = f"{platform.node()}-{os.getpid()}"
        folder.mkdir(parents=True, exist_ok=True)

    def claim(self) -> _Claim | None:
        """Claim a piece that is neither done nor claimed, else one whose claim is old."""
        written, claims = self._look()
        undone = [piece for piece in range(self._count) if piece not in written]
        for piece in undone:
            if piece not in claims and (claimed := self._claimed(piece, 0)):
                return claimed
        now = self._now() if undone else 0.0
        for piece in undone:
            generation, touched = claims.get(piece, (0, now))
            if now - touched > self._lease_s and (claimed := self._claimed(piece, generation + 1)):
                return claimed
        return None

    @contextmanager
    def held(self, claim: _Claim) -> Iterator[None]:
        """Touch the claim every now and then; let go of it if the block fails."""
        over = Event()

        def touch() -> None:
            while not over.wait(self._lease_s / TOUCHES):
                with suppress(OSError):  # of a state that everyone has left, it is removed
                    os.utime(claim.path)

        toucher = Thread(target=touch, daemon=True)
        toucher.start()
        try:
            yield
        except BaseException:
            claim.path.unlink(missing_ok=True)
            raise
        finally:
            over.set()
            toucher.join()

    def write(self, piece: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Write down what was found, at once."""
        write_arrays(self._result(piece), arrays)

    def read(self, known: AbstractSet[int], classes: Known) -> dict[int, Any]:
        """What is there beside what is known; what is damaged is removed, and so made again."""
        news = {}
        for piece in self._look()[0] - known:
            path = self._result(piece)
            try:
                content = read_bytes(path, MOST_BYTES)
                if seal_of(content) is not Seal.WHOLE:
                    raise ValueError("it is not what was written")
                news[piece] = unpack(StoredArrays(content), classes)
            except (OSError, ValueError):
                for claim in self._folder.glob(f"{piece:04d}.claim.*"):
                    claim.unlink(missing_ok=True)
                path.unlink(missing_ok=True)
        return news

    def _result(self, piece: int) -> Path:
        return self._folder / f"{piece:04d}.{RESULT}"

    def _look(self) -> tuple[set[int], dict[int, tuple[int, float]]]:
        """Which pieces are done; and the newest claim on each, with when it was last touched."""
        written: set[int] = set()
        claims: dict[int, tuple[int, float]] = {}
        for entry in os.scandir(self._folder):
            piece, _, rest = entry.name.partition(".")
            generation = rest.removeprefix("claim.")
            if rest == RESULT and piece.isdecimal():
                written.add(int(piece))
            elif generation.isdecimal() and piece.isdecimal():
                with suppress(FileNotFoundError):  # it has just been let go of
                    one = int(generation), entry.stat().st_mtime
                    claims[int(piece)] = max(one, claims.get(int(piece), one))
        return written, claims

    def _claimed(self, piece: int, generation: int) -> _Claim | None:
        path = self._folder / f"{piece:04d}.claim.{generation}"
        try:
            with open(path, "x", encoding="utf-8") as file:
                file.write(f"{self._me}\n")
        except FileExistsError:
            return None
        return _Claim(piece, path)

    def _now(self) -> float:
        """The time as the file system tells it."""
        clock = self._folder / f"clock.{self._me}"
        clock.touch()
        os.utime(clock)
        return clock.stat().st_mtime
