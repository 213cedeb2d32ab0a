"""From a run folder and other scenarios to a table of how well its policies carry over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ssa_psro.audit.execution import finished_run
from ssa_psro.audit.subjects import outcome_of
from ssa_psro.game import CoverageGame
from ssa_psro.geometry import build_arena
from ssa_psro.metagame.coverage import ThreadMap
from ssa_psro.runs.policies import restore
from ssa_psro.scenario import Scenario
from ssa_psro.transfer.crossing import cross
from ssa_psro.transfer.documents import FORMAT, Transfer, TransferSettings

Tell = Callable[[str, float], None]


def transfer(
    folder: Path,
    scenarios: Sequence[Scenario],
    settings: TransferSettings,
    *,
    workers: int = 1,
    tell: Tell = lambda stage, share: None,
) -> Transfer:
    """Play a finished run's mixtures in its own game and in others. Changes nothing on disk.

    Args:
        folder: of a finished run.
        scenarios: the other games.
        settings: what is asked for.
        workers: threads that play; results do not depend on it.
        tell: told the name of each scenario, and the share of its current stage.

    Raises:
        RunFolderError: it is no run folder, damaged, or not finished.
    """
    run = finished_run(folder)
    subject = outcome_of(run, restore(run), settings.against)
    crossings = []
    for number, scenario in enumerate([run.scenario, *scenarios]):

        def told(share: float, name: str = scenario.name) -> None:
            tell(name, share)

        told(0.0)
        game = CoverageGame(build_arena(scenario))
        threads = ThreadMap(workers, told)
        crossings.append(cross(game, subject, settings, home=number == 0, map_cells=threads))
    record = run.best_record if settings.against == "best" else None
    return Transfer(
        format=FORMAT,
        run=folder.resolve().name,
        iteration=record.iteration if record else None,
        settings=settings,
        crossings=tuple(crossings),
    )
