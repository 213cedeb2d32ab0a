"""What is measured at a point, as rows: a quantity, whose it is, and its 95 % interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.tournament import Tournament
from ssa_psro.policies import HEURISTICS, make_policy
from ssa_psro.study.audit.findings import Audit
from ssa_psro.study.matches import play_all_pairs
from ssa_psro.study.outcome import Attained, PriceOfRivalry
from ssa_psro.study.reading import Run
from ssa_psro.study.study import Study
from ssa_psro.sweeps.plan import TournamentSettings
from ssa_psro.work import Workers

SHARE, CYCLIC, SCORE, CUSTODY, CONTESTED, PRICE, SEAT, PAIR, VALUE = (
    "share",
    "cyclic share",
    "score",
    "custody",
    "contested custody",
    "price of rivalry",
    "worth of Blue's seat",
    "cooperative pair",
    "value",
)
"""Quantities of a tournament's equilibrium; of a run's best iterate likewise, and ..."""
EXPLOITABILITY, GAIN, ITERATIONS, BEST = (
    "exploitability",
    "gain of an attack",
    "iterations",
    "best iteration",
)
"""... of a run alone."""

EVERYWHERE = (VALUE, SHARE, CYCLIC, SEAT, PRICE, SCORE, CUSTODY, CONTESTED, PAIR)
QUANTITIES = {
    "tournament": EVERYWHERE,
    "run": (EXPLOITABILITY, GAIN, *EVERYWHERE, ITERATIONS, BEST),
}
"""All that may be there, by the measure."""

EQUILIBRIUM, TOGETHER = "equilibrium", "together"
"""Whose they are: of the equilibrium, or of the best cooperative pair known."""
SIDES = ("blue", "red")


@dataclass(frozen=True)
class Measured:
    """One number.

    Attributes:
        quantity: what was measured.
        whose: of whom.
        value: how much, over so many episodes.
    """

    quantity: str
    whose: str
    value: Interval


def played(study: Study, settings: TournamentSettings, workers: Workers) -> list[Measured]:
    """The heuristics against each other in the game of a study, solved.

    Args:
        study: whose seed is the root of all chance.
        settings: who meets how often.
        workers: whose threads play.

    Raises:
        SolverError: the meta-solver could not certify its answer.
    """
    names = settings.policies or tuple(HEURISTICS)
    found = play_all_pairs(
        study.scenario,
        [make_policy(name) for name in names],
        seed=study.seed,
        episodes=settings.episodes,
        resamples=settings.resamples,
        workers=workers,
    )
    values = zip(SIDES, found.found.intervals.value, strict=True)
    return [
        *(Measured(VALUE, side, value) for side, value in values),
        *measured_of(found.found, found.price),
    ]


def refuse_unknown(wanted: str | None, measure: str) -> None:
    """Let nobody ask, hours before it is drawn, for what is never measured.

    Args:
        wanted: a quantity, alone or with whose it is as in ``share: blinding``; or none.
        measure: of the sweep.

    Raises:
        UsageError: there is no such quantity.
    """
    known = QUANTITIES[measure]
    if wanted is not None and (name := wanted.partition(":")[0].strip()) not in known:
        fault = Fault("--quantity", wanted, "is not measured", did_you_mean(name, known))
        raise UsageError("command line", [fault])


def measured_of(solved: Tournament, price: PriceOfRivalry) -> Iterator[Measured]:
    """Everything about one equilibrium of a tournament: who is played, who holds what."""
    both = solved.intervals.row, solved.intervals.column
    if solved.seats_swapped:
        for policy, *seats in zip(solved.table.rows, *both, strict=True):
            yield Measured(SHARE, policy, _mean(seats))
    else:
        for side, shares in zip(SIDES, both, strict=True):
            for policy, share in zip(solved.table.rows, shares, strict=True):
                yield Measured(SHARE, f"{side}, {policy}", share)
    yield Measured(CYCLIC, "tournament", solved.intervals.cyclic_share)
    yield Measured(SEAT, "mixture", solved.seats.mixture)
    yield from _prices(price)


def carried_out(run: Run, audit: Audit | None) -> list[Measured]:
    """What a finished run arrived at, and what an attack from outside gains over it."""
    solution, best = run.solution, run.best_record
    assert solution is not None, "the run is finished"
    assert best is not None, "the run is finished"
    found = [Measured(EXPLOITABILITY, "best iterate", best.approx_exploitability)]
    if audit is not None and audit.best is not None:
        found.append(Measured(GAIN, "best iterate", audit.best.largest.bound))
    for side in solution.sides:
        found.append(Measured(VALUE, side.side, side.value))
        shares = zip(side.names, side.mixture, strict=True)
        found += [Measured(SHARE, f"{side.side}, {name}", share) for name, share in shares]
    found.append(Measured(CYCLIC, "last table", solution.cyclic_share))
    if solution.seats is not None:
        found.append(Measured(SEAT, "mixture", solution.seats.mixture))
    if solution.best_price is not None:
        found += _prices(solution.best_price)
    for quantity, count in ((ITERATIONS, len(run.records)), (BEST, solution.best_iteration)):
        found.append(Measured(quantity, "run", Interval(count, count, count, 1)))
    return found


def _prices(price: PriceOfRivalry) -> Iterator[Measured]:
    yield Measured(PRICE, EQUILIBRIUM, price.price)
    plays: Sequence[tuple[str, Attained]] = (
        (EQUILIBRIUM, price.equilibrium),
        (TOGETHER, price.cooperative),
    )
    for play, found in plays:
        for side, name in enumerate(SIDES):
            yield Measured(SCORE, f"{play}, {name}", found.score[side])
            yield Measured(CUSTODY, f"{play}, {name}", found.custody[side])
            yield Measured(CONTESTED, f"{play}, {name}", found.contested_custody[side])
    pair = " and ".join(price.cooperative.policies)
    yield Measured(PAIR, pair, price.cooperative.total_score)


def _mean(seats: Sequence[Interval]) -> Interval:
    """Of both seats; of one design, they differ where an equilibrium gives them other mixtures."""
    mean, low, high = np.mean([(one.mean, one.low, one.high) for one in seats], axis=0)
    return Interval(float(mean), float(low), float(high), seats[0].count)
