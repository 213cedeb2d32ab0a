"""The PPO oracle of a run: both sides in processes of their own, with progress from inside."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from ssa_psro.metagame.judge import Mapper, R, T
from ssa_psro.oracles.parallel import oracle_pool
from ssa_psro.oracles.ppo import PpoOracle
from ssa_psro.runs.trainers import OnShare, Trainer
from ssa_psro.scenario import Scenario

POLL_S = 0.5


@contextmanager
def open_ppo(scenario: Scenario, workers: int, on_share: OnShare) -> Iterator[Trainer]:
    """PPO as the scenario sets it; with two workers or more both sides train at once."""
    with (
        TemporaryDirectory(prefix="ssa_psro-", ignore_cleanup_errors=True) as name,
        oracle_pool(workers) as pool,
    ):
        board = ProgressBoard(Path(name))
        oracle = PpoOracle(scenario, progress=board)
        yield Trainer(oracle, _Watched(pool, board, on_share))


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


@dataclass(frozen=True)
class _Watched:
    """A map whose items note their progress on a board that is read meanwhile."""

    map_oracles: Mapper
    board: ProgressBoard
    on_share: OnShare

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> list[R]:
        self.board.clear()
        over = Event()
        reader = Thread(target=self._read, args=(over,), daemon=True)
        reader.start()
        try:
            return list(self.map_oracles(function, items))
        finally:
            over.set()
            reader.join()

    def _read(self, over: Event) -> None:
        while not over.wait(POLL_S):
            self.on_share(self.board.share())
