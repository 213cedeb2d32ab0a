"""The few numbers that everybody asks for first."""

from __future__ import annotations

from dataclasses import dataclass

from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.psro.records import IterationRecord
from ssa_psro.report.content import Content
from ssa_psro.report.tables.columns import SIDES

SUPPORTED = 0.005
"""Probability from which a policy is named among those that a side plays."""


@dataclass(frozen=True)
class Headline:
    """A run in a few numbers; ``None`` where it did not get that far.

    Attributes:
        scenario: its name.
        payoff: zero-sum or general-sum.
        status: finished or unfinished.
        stopped: why it ended.
        iterations: how many were completed.
        best_iteration: the iterate to use.
        value: payoff of each side, by name; of the best iterate's mixtures on held-out episodes,
            before the first iteration that of the payoff table's equilibrium.
        approx_exploitability: of the best iterate, a lower bound of the truth.
        first_approx_exploitability: of the first iterate, to compare with.
        restricted_exploitability: of the best iterate, about 0 by construction.
        scores: coverage score of each side, when the best iterate was played out.
        played: what each side plays and how often, the most frequent first.
        cyclic_share: share of the payoffs that no ranking of the policies explains.
    """

    scenario: str
    payoff: str
    status: str
    stopped: str | None
    iterations: int
    best_iteration: int | None
    value: dict[str, Interval]
    approx_exploitability: Interval | None
    first_approx_exploitability: Interval | None
    restricted_exploitability: float | None
    scores: dict[str, Interval] | None
    played: dict[str, dict[str, float]]
    cyclic_share: Interval


def headline_of(content: Content) -> Headline:
    """The headline of a run."""
    run, best = content.run, content.best
    return Headline(
        scenario=run.scenario.name,
        payoff=run.scenario.rules.payoff,
        status="finished" if run.finished else "unfinished",
        stopped=run.manifest.stopped,
        iterations=len(run.records),
        best_iteration=best.iteration if best else None,
        value=_value(content),
        approx_exploitability=best.approx_exploitability if best else None,
        first_approx_exploitability=run.records[0].approx_exploitability if best else None,
        restricted_exploitability=best.restricted_exploitability if best else None,
        scores=_scores(content),
        played={side: _played(content, number) for number, side in enumerate(SIDES)},
        cyclic_share=content.final.cyclic_share,
    )


def _value(content: Content) -> dict[str, Interval]:
    best, final = content.best, content.final.values
    values = [side.held_out_value for side in best.sides] if best else final
    return dict(zip(SIDES, values, strict=True))


def _scores(content: Content) -> dict[str, Interval] | None:
    series = content.run.coverage
    if series is None:
        return None
    return {side: student_interval(series.scores[:, n]) for n, side in enumerate(SIDES)}


def _played(content: Content, side: int) -> dict[str, float]:
    shares = _best_mixture(content.best, side) if content.best else _last_mixture(content, side)
    often = {name: share for name, share in shares.items() if share >= SUPPORTED}
    return dict(sorted(often.items(), key=lambda item: -item[1]))


def _best_mixture(best: IterationRecord, side: int) -> dict[str, float]:
    return dict(zip(best.sides[side].names, best.sides[side].mixture, strict=True))


def _last_mixture(content: Content, side: int) -> dict[str, float]:
    table = content.run.table
    means = [share.mean for share in content.final.mixtures[side]]
    return dict(zip((table.rows, table.columns)[side], means, strict=True))
