"""A constellation-against-constellation space surveillance tasking game, solved by PSRO.

``load`` a study; ``play``, ``tournament`` or ``solve`` it; ``audit`` what came of it and
``write_report``; ``sweep`` its keys.
Importing the package loads nothing heavy: each of these does when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ssa_psro.registration import announce_environments

if TYPE_CHECKING:
    from ssa_psro.front import (
        audit,
        load,
        play,
        policy,
        solve,
        sweep,
        tournament,
        write_report,
    )
    from ssa_psro.study import open_run

__version__ = "0.2.0"

__all__ = [
    "audit",
    "load",
    "open_run",
    "play",
    "policy",
    "solve",
    "sweep",
    "tournament",
    "write_report",
]

announce_environments()


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("ssa_psro.front"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
