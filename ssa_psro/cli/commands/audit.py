"""``ssa-psro audit``: how much a run's outcome still loses to independent best responses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.options import (
    MOST_EPISODES,
    AsJson,
    FinishedRun,
    Mixtures,
    RunSeed,
    WorkerCount,
    cores,
)
from ssa_psro.cli.output import (
    INTERRUPTED,
    print_facts,
    print_json,
    print_table,
    progress,
    stderr,
    stdout,
)

if TYPE_CHECKING:
    from ssa_psro.study.audit import Audit, AuditSettings

EXAMPLES = (
    "ssa-psro audit runs/quickstart-1",
    "ssa-psro audit runs/quickstart-1 --self-play --episodes 1000",
    "ssa-psro audit runs/quickstart-1 --against final --decisions 500000 --json > audit.json",
)

STAGES = {
    "tables": "access tables",
    "train": "training responses",
    "measure": "held-out episodes",
    "self-play": "training self-play",
    "self-play: train": "training responses to self-play",
    "self-play: measure": "held-out episodes of self-play",
}
"""The stages of an audit in words."""


def command(
    folder: FinishedRun,
    against: Annotated[
        Mixtures,
        typer.Option(help="The best iterate's mixtures, or the equilibrium of the final table."),
    ] = Mixtures.BEST,
    decisions: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Length of each training.", show_default="twice the run's"
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
    seed: RunSeed = None,
    workers: WorkerCount = None,
    as_json: AsJson = False,
) -> None:
    """Train independent best responses against a run's outcome, and tell what they gain.

    Several oracles and starts, fresh seeds and a larger budget than the run had; the best
    response of each side is chosen on some episodes and measured on others. What they gain is
    the approximate exploitability: a lower bound, for a better response may exist. Responses
    stay in the run folder, so that an interrupted audit goes on where it stopped.
    """
    from ssa_psro.study.audit.storage import AuditSettings
    from ssa_psro.study.reading import finished_run

    study = finished_run(folder).study
    settings = AuditSettings(
        against=against.value,
        decisions=decisions or 2 * study.oracle.decisions,
        episodes=episodes or study.solver.held_out_episodes,
        seed=study.seed if seed is None else seed,
        self_play=self_play,
    )
    found = _audited(folder, settings, workers or cores())
    if as_json:
        print_json({"folder": str(folder), **vars(found)})
    else:
        _print(found, folder)


def _audited(folder: Path, settings: AuditSettings, workers: int) -> Audit:
    from ssa_psro.cli.opening import limit_threads
    from ssa_psro.study.audit.execution import audit
    from ssa_psro.work import Workers

    limit_threads(workers)
    try:
        with progress(STAGES) as tell, Workers(workers, tell) as hands:
            return audit(folder, settings, hands)
    except KeyboardInterrupt:
        stderr().print(
            "Interrupted. What has been trained is kept; give the same command again to go on.",
            soft_wrap=True,
            style="bold",
        )
        raise typer.Exit(INTERRUPTED) from None


def _print(audit: Audit, folder: Path) -> None:
    """A line a response, and what the best of them say of the run."""
    from ssa_psro.findings.audit import audit_facts, responses_in_brief, self_play_facts
    from ssa_psro.study.audit.storage import DOCUMENT, FOLDER

    whom = "final equilibrium" if audit.iteration is None else f"iterate {audit.iteration}"
    title = f"{audit.scenario}: what independent responses gain over the {whom}"
    note = "Mean [95 % interval] on held-out episodes; chosen on other episodes: bold."
    print_table(responses_in_brief(audit.run, title, note))
    print_facts("Outcome of the audit", audit_facts(audit))
    if audit.self_play is not None:
        title = "What responses gain over self-play, the baseline without a population"
        print_table(responses_in_brief(audit.self_play.findings, title))
        print_facts("Outcome for self-play", self_play_facts(audit))
    stdout().print(f"audit  {folder / FOLDER / DOCUMENT}", soft_wrap=True)
    stdout().print(f"into the report with: ssa-psro report {folder}", soft_wrap=True)
