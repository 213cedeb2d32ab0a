"""From the path of a scenario file to a game that can be played."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ssa_psro.cli.names import known_names
from ssa_psro.cli.progress import Tell

if TYPE_CHECKING:
    from ssa_psro.game import CoverageGame
    from ssa_psro.geometry import Arena
    from ssa_psro.scenario import Scenario


def open_scenario(path: Path) -> Scenario:
    """The scenario in a file, every name in it known. Raises ``ScenarioError``."""
    from ssa_psro.scenario import load_scenario

    return load_scenario(path, known=known_names())


def open_arena(scenario: Scenario, workers: int, tell: Tell) -> Arena:
    """The scenario's tables, from the cache or built now with so many threads at most."""
    from ssa_psro.geometry import build_arena

    limit_threads(workers)
    return build_arena(scenario, progress=lambda stage, share: tell(f"tables: {stage}", share))


def limit_threads(workers: int) -> None:
    """Let tables be built by so many threads at most."""
    import numba

    most = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]  # set when it is imported
    numba.set_num_threads(min(workers, most))


def open_game(scenario: Scenario, workers: int, tell: Tell) -> CoverageGame:
    """The scenario ready to be played."""
    from ssa_psro.game import CoverageGame

    return CoverageGame(open_arena(scenario, workers, tell))
