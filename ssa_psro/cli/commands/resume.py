"""``ssa-psro resume``: an interrupted run goes on, or a finished one to more iterations."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.carrying import carry_through
from ssa_psro.cli.hands import Address, Place, Where, hands_of
from ssa_psro.cli.options import AsJson, Attack, Attacked, WorkerCount
from ssa_psro.cli.output import stderr
from ssa_psro.errors import to_paste

if TYPE_CHECKING:
    from ssa_psro.study import Run

EXAMPLES = (
    "ssa-psro resume runs/quickstart-1",
    "ssa-psro resume runs/quickstart-1 --iterations 6",
    "ssa-psro resume runs/quickstart-1 --join-attackers --iterations 8",
)


def command(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.", show_default=False)],
    iterations: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Go on to so many PSRO iterations at most.",
            show_default="as many as the run was made with; with --join-attackers two more than "
            "there are, if that is more",
        ),
    ] = None,
    join_attackers: Annotated[
        bool,
        typer.Option(
            "--join-attackers",
            help="The best responses of the run's audit join first, and the run answers them.",
        ),
    ] = False,
    audit: Attacked = None,
    workers: WorkerCount = None,
    executor: Where = Place.PROCESSES,
    address: Address = None,
    as_json: AsJson = False,
) -> None:
    """Continue an interrupted run where it stopped, or a finished one to more iterations.

    It ends exactly as it would have without the interruption, under the same versions of the
    packages; others are pointed out. Without more iterations, a finished run is left as it is,
    but for an attack that it lacks. An audit is of the outcome that it was made on: where the run
    goes on, it is set aside. What it found may join the run first, as the responses of one more
    iteration, and is answered from then on.
    """
    from ssa_psro.study import open_run
    from ssa_psro.study.reading import refuse_other_rules
    from ssa_psro.study.writing import new_session

    if executor is Place.FOLDER:
        from ssa_psro.errors import Fault, UsageError

        cure = f"Use: {to_paste('work', folder)}"
        fault = Fault("--executor", executor.value, "those who share a folder join it", cure)
        raise UsageError("command line", [fault])
    hands, run, session = hands_of(workers, executor, address=address), open_run(folder), None
    attackers: tuple[str, ...] = ()
    if join_attackers:
        from ssa_psro.study.attackers import strongest

        attackers = strongest(run)
        if iterations is None:  # one in which they join, and one in which they are answered
            iterations = max(run.study.solver.iterations, len(run.records) + 2)
    if iterations is None and run.finished:
        stderr().print(f"{folder} is finished; --iterations lets it go on to more of them.")
    else:
        refuse_other_rules(run)
        _warn_of_versions(run)
        session = new_session(["ssa-psro", *sys.argv[1:]], iterations, attackers)
    carry_through(folder, hands, audit=audit or Attack.SHORT, as_json=as_json, session=session)


def _warn_of_versions(run: Run) -> None:
    """Say what is not as it was when the run began."""
    from rich.text import Text

    from ssa_psro.study.folder import changed_versions

    changed = changed_versions(run.manifest.versions)
    if changed:
        what = ", ".join(f"{name} {then} → {now}" for name, (then, now) in changed.items())
        message = f": {what}. The rest of the run may differ from an uninterrupted one."
        stderr().print(Text.assemble(("versions changed", "bold yellow"), message), soft_wrap=True)
