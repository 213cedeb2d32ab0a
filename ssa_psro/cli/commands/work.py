"""``ssa-psro work``: one more process for a run or a sweep that any number carry out together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssa_psro.cli.carrying import carry_through
from ssa_psro.cli.hands import Lease, Place, hands_of
from ssa_psro.cli.options import AsJson, Attack, Attacked

EXAMPLES = (
    "ssa-psro work runs/contested-72h-1",
    "ssa-psro run scenarios/contested-72h.toml --executor folder --output runs/together",
    "ssa-psro work sweeps/denial",
)


def command(
    folder: Annotated[
        Path, typer.Argument(metavar="RUN", help="Run folder, or a sweep's.", show_default=False)
    ],
    audit: Attacked = None,
    lease: Lease = None,
    as_json: AsJson = False,
) -> None:
    """Work on a run or a sweep together with every other process that does, on any machine.

    Give the command as often as there are cores, here or wherever the folder is shared (a network
    file system with file locks; an array job). Payoffs, responses and attacks of a run, points of a
    sweep, are divided between them; nobody is in charge, and each may come, be killed or go at any
    time. The outcome is that of one process alone, to the last bit. A run is made for it by
    ssa-psro run --executor folder, a sweep by ssa-psro sweep --executor folder.
    """
    from ssa_psro.cli.commands import sweep
    from ssa_psro.errors import Fault, UsageError
    from ssa_psro.study.reading import refuse_other_rules
    from ssa_psro.sweeps.folder import is_sweep_folder

    hands = hands_of(None, Place.FOLDER, lease)
    if is_sweep_folder(folder):
        if audit is not None:
            problem, cure = "is said by a sweep itself", "Leave it out."
            raise UsageError("command line", [Fault("--audit", audit.value, problem, cure)])
        sweep.carry_through(folder, hands, again="", as_json=as_json)
        return
    refuse_other_rules(hands.writer.opened(folder))
    carry_through(folder, hands, audit=audit or Attack.SHORT, as_json=as_json)
