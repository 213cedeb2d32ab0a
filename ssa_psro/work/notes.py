"""Progress from inside other processes: every piece of work notes its share in a small file.

A training runs for minutes in a process of its own, and only it knows how far it is. It calls
``note_share``; whoever has sent it there reads the notes every now and then.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Generic, TypeVar

from ssa_psro.progress import Progress

T = TypeVar("T")
R = TypeVar("R")

POLL_S = 0.5
"""Between two looks at the notes."""

_SHARE = struct.Struct("d")

_current: list[Path] = []
"""Where the work that this process is on notes its share; empty where nobody asked."""


def note_share(share: float) -> None:
    """Note that this share, in [0, 1], of the piece of work at hand is done."""
    if _current:
        _current[-1].write_bytes(_SHARE.pack(share))


@dataclass(frozen=True)
class Noted(Generic[T, R]):
    """A function of numbered items that lets each note its share; it travels to other processes.

    Attributes:
        function: does one piece of work.
        folder: holds one note an item.
    """

    function: Callable[[T], R]
    folder: Path

    def __call__(self, numbered: tuple[int, T], /) -> R:
        """Do one piece of work, its notes going to the file of its number; nowhere, elsewhere."""
        number, item = numbered
        if not self.folder.is_dir():  # on another machine
            return self.function(item)
        _current.append(self.folder / str(number))
        try:
            result = self.function(item)
            note_share(1.0)
            return result
        finally:
            _current.pop()


def noted_share(folder: Path, items: int) -> float:
    """Mean share of so many items; one that has not begun counts as 0."""
    notes = [note.read_bytes() for note in folder.iterdir()]
    shares = [float(_SHARE.unpack(note)[0]) for note in notes if len(note) == _SHARE.size]
    return sum(shares) / items


@contextmanager
def reading(share: Callable[[], float], tell: Progress) -> Iterator[None]:
    """Read ``share`` every now and then while the block runs, and pass it on."""
    over = Event()

    def read() -> None:
        while not over.wait(POLL_S):
            tell(share())

    reader = Thread(target=read, daemon=True)
    reader.start()
    try:
        yield
    finally:
        over.set()
        reader.join()
