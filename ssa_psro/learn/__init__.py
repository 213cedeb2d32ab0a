"""Best responses: what an oracle is asked and answers, the exact one, and start weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.learn.protocol import Member, Oracle, OracleRequest, OracleResult
from ssa_psro.learn.start_weights import (
    START_WEIGHTS,
    Layout,
    Start,
    StartContext,
    StartSchedule,
    make_start,
)

if TYPE_CHECKING:
    from ssa_psro.learn.training import TrainingSettings
    from ssa_psro.policies import Policy
    from ssa_psro.scenario import Scenario

__all__ = [
    "ORACLES",
    "START_WEIGHTS",
    "Layout",
    "Member",
    "Oracle",
    "OracleRequest",
    "OracleResult",
    "Start",
    "StartContext",
    "StartSchedule",
    "make_oracle",
    "make_start",
]

ORACLES: dict[str, tuple[str, str]] = {
    "ppo": ("ssa_psro.learn.ppo", "PpoOracle"),
    "sac": ("ssa_psro.learn.sac", "SacOracle"),
    "cma-es": ("ssa_psro.learn.cma_es", "CmaOracle"),
    "cma-es+ppo": ("ssa_psro.learn.cma_es_ppo", "CmaPpoOracle"),
}
"""Name of each oracle: the module and the class behind it, imported when first asked for."""


def make_oracle(name: str, game: Scenario, values: Mapping[str, Any], seed: int) -> Oracle[Policy]:
    """The oracle of that name for a game.

    Args:
        name: a key of ``ORACLES``.
        game: what is played.
        values: of its settings, where they differ from the defaults.
        seed: root of the initialisations.

    Raises:
        UsageError: no such oracle; the nearest name is suggested.
    """
    if name not in ORACLES:
        fault = Fault("oracle.kind", name, "no such oracle", did_you_mean(name, ORACLES))
        raise UsageError("oracles", [fault])
    from ssa_psro.learn.training import TrainingSettings

    module, kind = ORACLES[name]
    make = cast(
        "Callable[[Scenario, TrainingSettings, int], Oracle[Policy]]",
        getattr(import_module(module), kind),
    )
    return make(game, TrainingSettings(**values), seed)
