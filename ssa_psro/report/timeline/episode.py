"""Which episode of a run a page plays through: the median of those that its coverage rests on."""

from __future__ import annotations

import numpy as np

from ssa_psro.arrays import Seeds
from ssa_psro.errors import RunFolderError
from ssa_psro.findings.wording import Form, percent, plural
from ssa_psro.game import chance, game_of
from ssa_psro.policies import Mixture
from ssa_psro.report.markup import text
from ssa_psro.report.timeline.part import TimelinePart, timeline_part
from ssa_psro.study import Run
from ssa_psro.study.policies import restore
from ssa_psro.trace import record


def median_episode(run: Run) -> tuple[str, TimelinePart | None]:
    """The episode of a run that is the median by Blue's payoff, played again.

    Returns:
        HTML that says which it is, or why there is none; and the part of the page.
    """
    if run.coverage is None or run.best_record is None:
        return text("p", "Once the run is finished, one of its episodes is played here."), None
    try:
        populations = restore(run).populations
    except RunFolderError as error:
        problems = "; ".join(fault.problem for fault in error.faults)
        words = f"No episode can be played through: {problems}."
        return text("p", words, class_="warning"), None
    payoffs = run.coverage.payoffs[:, 0]
    median = np.argsort(payoffs, kind="stable")[[(payoffs.size - 1) // 2]]
    seeds, game = run.coverage.seeds[median], game_of(run.scenario)
    blue, red = (
        Mixture(f"{population.side} mixture", population.policies[: len(side.mixture)], shares)
        for population, side in zip(populations, run.best_record.sides, strict=True)
        for shares in (np.array(side.mixture),)
    )
    (trace,) = record(game, blue, red, seeds)
    words = (
        f"Of the {plural(payoffs.size, 'episode')} that both sides' mixtures of the best iterate "
        "were played out on, this one is the median by Blue's payoff, "
        f"{Form(signed=True, typeset=True).number(payoffs[median[0]])}. It shows how the two play, "
        "not how it has to end."
    )
    names = _drawn(blue, seeds, 0), _drawn(red, seeds, 1)
    return text("p", words), timeline_part(trace, game, names)


def _drawn(mixture: Mixture, seeds: Seeds, side: int) -> str:
    """The member that plays a side's seat in an episode, and how often it does."""
    member = int(mixture.draw(chance.branch(seeds, chance.POLICY, side))[0])
    share = percent(mixture.probabilities[member])
    return f"{mixture.members[member].name} ({share} of its mixture)"
