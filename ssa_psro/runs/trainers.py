"""What trains the best responses of a run, by the name a scenario gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.metagame.judge import Mapper
from ssa_psro.oracles.protocol import Oracle
from ssa_psro.policies import Policy
from ssa_psro.scenario import Scenario

OnShare = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Trainer:
    """What trains, and where.

    Attributes:
        oracle: trains one best response.
        map_oracles: where the two of an iteration are trained.
    """

    oracle: Oracle[Policy]
    map_oracles: Mapper


OpenTrainer = Callable[[Scenario, int, OnShare], AbstractContextManager[Trainer]]

ORACLES: dict[str, tuple[str, str]] = {"ppo": ("ssa_psro.runs.trainers_ppo", "open_ppo")}
"""Name of each oracle: the module and the function behind it, imported when first asked for."""


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
    name = scenario.oracle.kind
    if name not in ORACLES:
        fault = Fault("oracle.kind", name, "no such oracle", did_you_mean(name, ORACLES))
        raise UsageError("oracles", [fault])
    module, function = ORACLES[name]
    opened = cast(OpenTrainer, getattr(import_module(module), function))
    with opened(scenario, workers, on_share) as trainer:
        yield trainer
