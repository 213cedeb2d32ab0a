"""Which episode of a run a page plays through: the median of those that its coverage rests on."""

from __future__ import annotations

import numpy as np

from ssa_psro.errors import RunFolderError
from ssa_psro.findings.wording import Form, percent, plural
from ssa_psro.game import chance, game_of
from ssa_psro.policies import Mixture
from ssa_psro.report.markup import text
from ssa_psro.report.timeline.part import TimelinePart, timeline_part
from ssa_psro.study import Run
from ssa_psro.study.policies import restore
from ssa_psro.trace import record


def median_episode(run: Run) -> TimelinePart | None:
    """The episode of a finished run that is the median by Blue's payoff, played again.

    Returns:
        The part of the page, or why there is nothing to play; ``None`` before a run is finished.
    """
    if run.coverage is None or run.best_record is None:
        return None
    try:
        populations = restore(run).populations
    except RunFolderError as error:
        problems = "; ".join(fault.problem for fault in error.faults)
        words = f"No episode can be played through: {problems}."
        return TimelinePart(text("p", words, class_="warning"), "", "")
    payoffs = run.coverage.payoffs[:, 0]
    median = np.argsort(payoffs, kind="stable")[[(payoffs.size - 1) // 2]]
    seeds, mixtures, names = run.coverage.seeds[median], list[Mixture](), list[str]()
    for number, (population, side) in enumerate(
        zip(populations, run.best_record.sides, strict=True)
    ):
        shares = np.array(side.mixture)
        mixture = Mixture(f"{population.side} mixture", population.policies[: shares.size], shares)
        drawn = int(mixture.draw(chance.branch(seeds, chance.POLICY, number))[0])
        mixtures.append(mixture)
        names.append(f"{population.names[drawn]} ({percent(shares[drawn])} of its mixture)")
    game, (blue, red) = game_of(run.scenario), mixtures
    (trace,) = record(game, blue, red, seeds)
    part = timeline_part(trace, game, (names[0], names[1]))
    words = (
        f"Of the {plural(payoffs.size, 'episode')} that both sides' mixtures of the best iterate "
        "were played out on, this one is the median by Blue's payoff, "
        f"{Form(signed=True, typeset=True).number(payoffs[median[0]])}. It shows how the two play, "
        "not how it has to end."
    )
    return part._replace(html=text("p", words) + part.html)
