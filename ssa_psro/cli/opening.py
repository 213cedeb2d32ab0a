"""From the path of a scenario file to a game that can be played."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ssa_psro.progress import StageProgress

if TYPE_CHECKING:
    from ssa_psro.geometry import Arena
    from ssa_psro.scenario import Scenario
    from ssa_psro.scenario.changes import Changes
    from ssa_psro.study.study import LoadedStudy


def open_with_report(
    path: Path, changes: Changes, *, strict: bool = False, as_json: bool = False
) -> LoadedStudy:
    """The study in a file, and what became of the files of element sets that it names.

    What is used of them is the first thing on stdout; what was rejected is pointed out on stderr.

    Args:
        path: of the scenario file.
        changes: what takes the place of what it says.
        strict: let rejected element sets be faults.
        as_json: say nothing on stdout, where one document is to be all.

    Raises:
        ScenarioError: with every fault.
    """
    from ssa_psro.cli.output import print_use, refuse_rejects, warn_of_rejects
    from ssa_psro.study.study import load_study

    loaded = load_study(path, changes)
    if strict:
        refuse_rejects(loaded.files)
    if not as_json:
        print_use(loaded.files)
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
