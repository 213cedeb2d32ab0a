"""Progress of trainings from inside the processes that they run in."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

POLL_S = 0.5


@dataclass(frozen=True)
class ProgressBoard:
    """Where trainings in several processes note how far they are: one small file a process.

    Attributes:
        folder: holds the notes.
    """

    folder: Path

    def __call__(self, share: float) -> None:
        """Note the share of this process's training that is done, in [0, 1]."""
        note = self.folder / str(os.getpid())
        note.write_bytes(struct.pack("d", share))

    def share(self) -> float:
        """Mean of all notes; 0 without any."""
        notes = [note.read_bytes() for note in self.folder.iterdir()]
        shares = [struct.unpack("d", note)[0] for note in notes if len(note) == 8]
        return sum(shares) / len(shares) if shares else 0.0

    def clear(self) -> None:
        """Remove all notes."""
        for note in self.folder.iterdir():
            note.unlink()


@contextmanager
def reading(share: Callable[[], float], on_share: Callable[[float], None]) -> Iterator[None]:
    """Read ``share`` every now and then while the block runs, and pass it on."""
    over = Event()

    def read() -> None:
        while not over.wait(POLL_S):
            on_share(share())

    reader = Thread(target=read, daemon=True)
    reader.start()
    try:
        yield
    finally:
        over.set()
        reader.join()
