"""``ssa-psro audit``: how much a run's outcome still loses to independent best responses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.hands import Address, Hands, Lease, Place, Where, hands_of
from ssa_psro.cli.options import (
    MOST_EPISODES,
    Against,
    AsJson,
    FinishedRun,
    Mixtures,
    RunSeed,
    WorkerCount,
    finite,
)
from ssa_psro.cli.output import (
    print_facts,
    print_json,
    print_table,
    stdout,
    stopped,
)
from ssa_psro.errors import to_paste

if TYPE_CHECKING:
    from ssa_psro.study.audit import Audit, AuditSettings

EXAMPLES = (
    "ssa-psro audit runs/quickstart-1",
    "ssa-psro audit runs/quickstart-1 --budgets 50k,200k --members runs/quickstart-2 --self-play",
    "ssa-psro audit runs/quickstart-1 --against final --episodes 1000 --json > audit.json",
)

STAGES = {
    "tables": "access tables",
    "scout": "attacks by policies at hand",
    "train": "training responses",
    "measure": "held-out episodes",
    "self-play": "training self-play",
    "self-play: scout": "attacks on self-play by policies at hand",
    "self-play: train": "training responses to self-play",
    "self-play: measure": "held-out episodes of self-play",
}
"""The stages of an audit in words."""


def command(
    folder: FinishedRun,
    against: Against = Mixtures.BEST,
    budgets: Annotated[
        str | None,
        typer.Option(
            metavar="N,N,...",
            help="Lengths of trainings, in decisions; k and M stand for thousands and millions.",
            show_default="50k,200k,800k",
        ),
    ] = None,
    members: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="RUN",
            help="Another run, whose members attack too, as they are and as starts; may be given "
            "several times.",
            show_default=False,
        ),
    ] = None,
    episodes: Annotated[
        int | None,
        typer.Option(
            min=2,
            max=MOST_EPISODES,
            metavar="N",
            help="Held-out episodes that measure gains; as many again choose the best response.",
            show_default="the run's",
        ),
    ] = None,
    self_play: Annotated[
        bool,
        typer.Option(
            "--self-play", help="Also train self-play at the run's budget, and audit it likewise."
        ),
    ] = False,
    entropy: Annotated[
        float,
        typer.Option(
            metavar="X",
            min=0.0,
            callback=finite,
            help="Weight of the entropy bonus of self-play's PPO; 0.05 is a large one.",
        ),
    ] = 0.0,
    seed: RunSeed = None,
    workers: WorkerCount = None,
    executor: Where = Place.PROCESSES,
    lease: Lease = None,
    address: Address = None,
    as_json: AsJson = False,
) -> None:
    """Attack a run's outcome from outside, and tell what that gains, budget by budget.

    At each budget several oracles and starts train responses from fresh seeds; members of the run,
    and of others, attack as they are. The best of a side is chosen on some episodes and measured
    on others. What it gains is a lower bound of the exploitability: a longer attack may gain more.
    Responses stay in the run folder, so that an interrupted audit goes on where it stopped, and a
    later one adds to it.
    """
    from ssa_psro.study.audit import settings_of
    from ssa_psro.study.reading import finished_run

    settings = settings_of(
        finished_run(folder).study,
        against=against.value,
        budgets=None if budgets is None else lengths_of(budgets),
        members=[str(other) for other in members or ()],
        episodes=episodes,
        seed=seed,
        self_play=self_play,
        entropy=entropy,
    )
    found = audited(folder, settings, hands_of(workers, executor, lease, address))
    if as_json:
        print_json({"folder": str(folder), **vars(found)})
    else:
        print_audit(found, folder)


MORE_ITERATIONS = 6
"""That are suggested to a run for answering an attack."""

UNITS = {"": 1, "k": 1_000, "m": 1_000_000}


def lengths_of(text: str) -> list[int]:
    """The numbers that ``--budgets`` names. Raises ``UsageError``."""
    from ssa_psro.errors import Fault, UsageError

    parts = [re.fullmatch(r"\s*([0-9]+)([kKmM]?)\s*", part) for part in text.split(",")]
    found = [int(part[1]) * UNITS[part[2].lower()] for part in parts if part]
    if len(found) < len(parts) or min(found) < 1:
        cure = "Write decisions of a training, 1 or more, as in 50k,200k,800k."
        fault = Fault("--budgets", text, "is no list of budgets", cure)
        raise UsageError("command line", [fault])
    return found


def audited(folder: Path, settings: AuditSettings, hands: Hands) -> Audit:
    """Audit a run folder behind a bar.

    Raises:
        typer.Exit: interrupted; how to go on has been said.
    """
    from ssa_psro.study.audit.execution import audit
    from ssa_psro.study.writing import tidy

    try:
        with hands.at_work(STAGES) as workers:
            found = audit(folder, settings, workers)
        hands.writer.leave(folder)
    except KeyboardInterrupt as interrupt:
        tidy(folder)
        words = "What has been trained is kept; give the same command again to go on."
        raise stopped(interrupt, words) from None
    return found


def print_audit(audit: Audit, folder: Path) -> None:
    """For each pair of mixtures a line a response, the curve, and what the attack says of it."""
    from ssa_psro.findings.audit import audit_facts, curve_in_brief, responses_in_brief, subjects_of
    from ssa_psro.study.audit.document import DOCUMENT, FOLDER

    for whom, found in subjects_of(audit):
        print_table(responses_in_brief(found, f"{audit.scenario}: what responses gain over {whom}"))
        print_table(curve_in_brief(found, f"What the best of them gain over {whom}"))
        print_facts(f"The attack on {whom}", audit_facts(audit, found))
    stdout().print(f"audit  {folder / FOLDER / DOCUMENT}", soft_wrap=True)
    stdout().print(f"into the report with: {to_paste('report', folder)}", soft_wrap=True)
    if audit.best is not None and audit.best.largest.bound.low > 0.0:
        from ssa_psro.study import open_run

        more = len(open_run(folder).records) + MORE_ITERATIONS
        again = to_paste("resume", folder, "--join-attackers", "--iterations", more)
        stdout().print(f"answered by the run with: {again}", soft_wrap=True)
