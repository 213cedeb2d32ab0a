"""What trains the best responses of a run, by the name a scenario gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.metagame.judge import Mapper, R, T
from ssa_psro.oracles.parallel import oracle_pool
from ssa_psro.oracles.protocol import Oracle
from ssa_psro.policies import Policy
from ssa_psro.runs.trainers_progress import ProgressBoard, reading
from ssa_psro.scenario import Scenario

OnShare = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Trainer:
    """What trains, and where.

    Attributes:
        oracle: trains one best response.
        map_oracles: where those of an iteration are trained.
    """

    oracle: Oracle[Policy]
    map_oracles: Mapper


OpenTrainer = Callable[[Scenario, int, OnShare], AbstractContextManager[Trainer]]

ORACLES: dict[str, tuple[str, str]] = {
    "ppo": ("ssa_psro.oracles.ppo", "PpoOracle"),
    "sac": ("ssa_psro.oracles.sac", "SacOracle"),
    "cma-es": ("ssa_psro.oracles.cma_es", "CmaOracle"),
    "cma-es+ppo": ("ssa_psro.oracles.cma_es_ppo", "CmaPpoOracle"),
}
"""Name of each oracle: the module and the class behind it, imported when first asked for."""


def make_oracle(name: str, scenario: Scenario, progress: OnShare) -> Oracle[Policy]:
    """The oracle of that name for a scenario.

    Args:
        name: a key of ``ORACLES``.
        scenario: what is played, and the settings under ``oracle``.
        progress: told the share of a training that is done, in the process that trains.

    Raises:
        UsageError: no such oracle; the nearest name is suggested.
    """
    if name not in ORACLES:
        fault = Fault("oracle.kind", name, "no such oracle", did_you_mean(name, ORACLES))
        raise UsageError("oracles", [fault])
    module, kind = ORACLES[name]
    make = cast(
        "Callable[[Scenario, OnShare], Oracle[Policy]]", getattr(import_module(module), kind)
    )
    return make(scenario, progress)


@contextmanager
def open_trainer(scenario: Scenario, workers: int, on_share: OnShare) -> Iterator[Trainer]:
    """The trainer of ``oracle.kind``, with whatever processes it needs, while the block runs.

    Args:
        scenario: what is played, and the settings under ``oracle``.
        workers: processes it may use; responses do not depend on it.
        on_share: told the share of an iteration's training that is done.

    Raises:
        UsageError: no such oracle; the nearest name is suggested.
    """
    with (
        TemporaryDirectory(prefix="ssa_psro-", ignore_cleanup_errors=True) as name,
        oracle_pool(workers) as pool,
    ):
        board = ProgressBoard(Path(name))
        oracle = make_oracle(scenario.oracle.kind, scenario, board)
        yield Trainer(oracle, _Watched(pool, board, on_share))


@dataclass(frozen=True)
class _Watched:
    """A map whose items note their progress on a board that is read meanwhile."""

    map_oracles: Mapper
    board: ProgressBoard
    on_share: OnShare

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> list[R]:
        self.board.clear()
        with reading(self.board.share, self.on_share):
            return list(self.map_oracles(function, items))
