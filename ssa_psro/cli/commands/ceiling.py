"""``ssa-psro ceiling``: what no response to a run's outcome can exceed."""

from __future__ import annotations

from typing import Annotated

import typer

from ssa_psro.cli.hands import Hands
from ssa_psro.cli.options import (
    MOST_EPISODES,
    Against,
    AsJson,
    FinishedRun,
    Mixtures,
    RunSeed,
    WorkerCount,
    cores,
)
from ssa_psro.cli.output import print_facts, print_json

EXAMPLES = (
    "ssa-psro ceiling runs/no-denial-72h-1",
    "ssa-psro ceiling runs/no-denial-72h-1 --against final --episodes 50 --json",
)


def command(
    folder: FinishedRun,
    against: Against = Mixtures.BEST,
    episodes: Annotated[
        int,
        typer.Option(
            min=2,
            max=MOST_EPISODES,
            metavar="N",
            help="Episodes to bound; one of 72 h takes five to ten seconds a side.",
        ),
    ] = 20,
    seed: RunSeed = None,
    workers: WorkerCount = None,
    as_json: AsJson = False,
) -> None:
    """Bound from above what any response could gain over a run's outcome.

    The responder may know its own luck and every manoeuvre in advance, and turn its sensors
    without delay; no policy of any kind earns more on average. The bound is loose. Where denial is
    allowed it leaves the opponent out: it is what a side could earn alone, and says little. The
    audit tells what is known to be gained: exploitability lies between the two.
    """
    from ssa_psro.findings.ceiling import ceiling_facts
    from ssa_psro.study.ceiling import run_ceilings
    from ssa_psro.study.reading import finished_run

    run = finished_run(folder)
    with Hands(workers or cores()).at_work({"ceilings": "bounding episodes"}) as hands:
        found = run_ceilings(
            folder,
            against=against.value,
            episodes=episodes,
            seed=run.study.seed if seed is None else seed,
            workers=hands,
        )
    if as_json:
        print_json({"folder": str(folder), **vars(found)})
    else:
        record = run.best_record if against is Mixtures.BEST else None
        known = record.approx_exploitability if record else None
        print_facts(f"{found.scenario}: what no response exceeds", ceiling_facts(found, known))
