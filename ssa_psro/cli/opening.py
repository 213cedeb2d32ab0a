"""From the path of a scenario file to a game that can be played."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ssa_psro.progress import StageProgress

if TYPE_CHECKING:
    from ssa_psro.geometry import Arena
    from ssa_psro.scenario import Scenario
    from ssa_psro.study.study import LoadedStudy


def open_scenario(path: Path) -> Scenario:
    """The game in a file, all of which is sound. Raises ``ScenarioError``."""
    return open_with_report(path).scenario


def open_with_report(
    path: Path, catalogs: Sequence[Path] | None = None, *, strict: bool = False
) -> LoadedStudy:
    """The study in a file, and what became of the files of element sets that it names.

    Rejected element sets are pointed out on stderr.

    Args:
        path: of the scenario file.
        catalogs: files to use instead of those that its catalogue names.
        strict: let rejected element sets be faults.

    Raises:
        ScenarioError: with every fault.
    """
    from ssa_psro.cli.output import refuse_rejects, warn_of_rejects
    from ssa_psro.study.study import load_study

    loaded = load_study(path, catalogs or ())
    if strict:
        refuse_rejects(path, loaded.files)
    warn_of_rejects(loaded.files)
    return loaded


def open_arena(scenario: Scenario, workers: int, tell: StageProgress) -> Arena:
    """The scenario's tables, from the cache or built now with so many threads at most."""
    from ssa_psro.geometry import build_arena

    limit_threads(workers)
    return build_arena(scenario, progress=lambda stage, share: tell(f"tables: {stage}", share))


def limit_threads(workers: int) -> None:
    """Let tables be built by so many threads at most."""
    import numba

    most = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]  # set when it is imported
    numba.set_num_threads(min(workers, most))
