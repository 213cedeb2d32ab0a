"""The coverage game as PSRO and its oracles see it.

The game itself is imported when it is first asked for: what it offers can be read without it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ssa_psro.games.coverage.game import Coverage

__all__ = ["Coverage"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.game"), name)
