"""The game in the clothes of the learning libraries.

Gymnasium knows ``ssa_psro/Coverage-v0`` by itself (``ssa_psro.registration``); PettingZoo and
Stable-Baselines3 are imported when their class is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ssa_psro.envs.gymnasium_env import CoverageEnv, CoverageVectorEnv
from ssa_psro.envs.modes import MODES

if TYPE_CHECKING:
    from ssa_psro.envs.pettingzoo_env import parallel_env
    from ssa_psro.envs.sb3_env import CoverageVecEnv

__all__ = [
    "MODES",
    "CoverageEnv",
    "CoverageVecEnv",
    "CoverageVectorEnv",
    "parallel_env",
]

_ON_DEMAND = {"parallel_env": "pettingzoo_env", "CoverageVecEnv": "sb3_env"}


def __getattr__(name: str) -> Any:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ON_DEMAND[name]}"), name)
