"""What came of a run: the few numbers that everybody asks for first, who plays, how it ended."""

from __future__ import annotations

from dataclasses import dataclass

from ssa_psro.errors import to_paste
from ssa_psro.findings.content import Content
from ssa_psro.findings.rivalry import ABSENT, price_facts
from ssa_psro.findings.table import SIDES, Facts
from ssa_psro.findings.wording import Form, plural
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.metagame.structure.ratings import SUPPORT_MASS
from ssa_psro.metagame.tournament import SeatDifference
from ssa_psro.psro.records import BOTH, IterationRecord, SideRecord
from ssa_psro.study import Run, Solution
from ssa_psro.study.attackers import joined
from ssa_psro.study.outcome import Attained, PriceOfRivalry

SUPPORTED = 0.005
"""Probability from which a policy is named among those that a side plays."""

STOPPED = {
    "iterations": "all iterations done",
    "tolerance": "approximate exploitability below the tolerance",
    "alike": "responses only repeat members",
}


@dataclass(frozen=True)
class Headline:
    """A run in a few numbers; ``None`` where it did not get that far.

    Attributes:
        scenario: its name.
        payoff: zero-sum or general-sum.
        rivalry: share of the other side's score that is taken off a side's own; 1 is zero-sum.
        status: finished or unfinished.
        stopped: why it ended.
        iterations: how many were completed.
        best_iteration: the iterate to use.
        value: payoff of each side, by name; of the best iterate's mixtures on held-out episodes,
            before the first iteration that of the payoff table's equilibrium.
        solved: whether the run ended because it met its tolerance; ``None`` while it has not ended.
        tolerance: that the credible bound has to lie below.
        credible_bound: of the best iterate.
        approx_exploitability: of the best iterate by all members there are, a lower bound of the
            truth. Its interval is over episodes, and leaves out that these episodes chose it.
        in_loop_exploitability: of the same iterate before later members had joined.
        most_missed: by how much members that joined later gain more over an iterate than all that
            it was answered by, the most of all iterates, by the payoff table: how unlucky a
            training can be, which no interval over episodes covers.
        first_approx_exploitability: of the first iterate, to compare with.
        restricted_exploitability: of the best iterate, about 0 by construction.
        scores: coverage score of each side, when the best iterate was played out.
        played: what each side plays and how often, the most frequent first; where they share a
            population, what both play.
        cyclic_share: share of the payoffs that no ranking of the policies explains.
        price_of_rivalry: what the best iterate's mixtures come to, beside the best pair known;
            also without where a finished run did not keep the scores of pairs.
        seats: what Blue's seat is worth, where both sides are of one design.
    """

    scenario: str
    payoff: str
    rivalry: float
    status: str
    stopped: str | None
    iterations: int
    best_iteration: int | None
    value: dict[str, Interval]
    solved: bool | None
    tolerance: float
    credible_bound: float | None
    approx_exploitability: Interval | None
    in_loop_exploitability: Interval | None
    most_missed: float | None
    first_approx_exploitability: Interval | None
    restricted_exploitability: float | None
    scores: dict[str, Interval] | None
    played: dict[str, dict[str, float]]
    cyclic_share: Interval
    price_of_rivalry: PriceOfRivalry | None
    seats: SeatDifference | None


def headline_of(content: Content) -> Headline:
    """The headline of a run."""
    run, best = content.run, content.best
    return Headline(
        scenario=run.scenario.name,
        payoff=run.scenario.rules.payoff_kind,
        rivalry=run.scenario.rules.rivalry,
        status="finished" if run.finished else "unfinished",
        stopped=run.manifest.stopped,
        iterations=len(run.records),
        best_iteration=best.iteration if best else None,
        value=_value(content),
        solved=run.manifest.stopped == "tolerance" if run.finished else None,
        tolerance=run.study.solver.tolerance,
        credible_bound=best.credible_bound if best else None,
        approx_exploitability=best.approx_exploitability if best else None,
        in_loop_exploitability=(
            run.records[best.iteration - 1].approx_exploitability if best else None
        ),
        most_missed=_most_missed(content) if best else None,
        first_approx_exploitability=run.records[0].approx_exploitability if best else None,
        restricted_exploitability=best.restricted_exploitability if best else None,
        scores=_scores(content),
        played={
            side: _played(content, number)
            for number, side in enumerate((BOTH,) if run.study.shared else SIDES)
        },
        cyclic_share=content.final.cyclic_share,
        price_of_rivalry=run.solution.best_price if run.solution else None,
        seats=run.solution.seats if run.solution else None,
    )


def _most_missed(content: Content) -> float:
    found = (record.approx_exploitability.mean for record in content.run.records)
    pairs = zip(content.members, found, strict=True)
    return max(0.0, *(now - in_loop for now, in_loop in pairs))


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


def solution_facts(solution: Solution) -> Facts:
    """The equilibrium of all policies of a finished run, in a few lines."""
    value = Form(4, signed=True)
    price = solution.final_price
    return [
        *(
            (f"value for {one.side.capitalize()}", value.interval(one.value))
            for one in solution.sides
        ),
        *(_attained(price.equilibrium) if price else ()),
        *(price_facts(price) if price else (("price of rivalry", ABSENT),)),
        ("cyclic share", Form(3).interval(solution.cyclic_share)),
        ("solved by", f"{solution.method}, gap {solution.gap:.0e}"),
        ("stopped", STOPPED[solution.stopped]),
    ]


def _attained(found: Attained) -> Facts:
    """Score and custody of each side."""
    share = Form(3)
    return [
        (
            f"score of {side.capitalize()}",
            f"{share.interval(found.score[n])}, custody {share.plus_minus(found.custody[n])}, "
            f"contested {share.plus_minus(found.contested_custody[n])}",
        )
        for n, side in enumerate(SIDES)
    ]


def mixture_facts(record: IterationRecord) -> Facts:
    """Whom each side plays in an iterate, the most frequent first."""
    return [(side.side.capitalize(), _members(side)) for side in record.populations]


def _members(side: SideRecord) -> str:
    played = [
        f"{probability:.3f} {name}"
        for name, probability in zip(side.names, side.mixture, strict=True)
        if probability > SUPPORT_MASS
    ]
    return ", ".join(sorted(played, reverse=True))


def verdict_in_words(run: Run) -> str:
    """Whether a finished run has solved its game to its tolerance, and what is left."""
    best, solver = run.best_record, run.study.solver
    assert best is not None, "a finished run has a best iterate"
    level, gain = Form(4), best.approx_exploitability
    figure = (
        f"members there are gain {level.interval(gain)} over iterate "
        f"{best.iteration}, credible bound {level.number(best.credible_bound)}"
    )
    if gain.low == gain.high:  # the very same play has no luck that an interval could tell of
        figure += " (nobody found anything but what is played already; others may)"
    elif len(run.records) > 1:
        figure += f", the lowest of {len(run.records)}, by the episodes that chose it"
    if run.manifest.stopped == "tolerance":
        return f"Solved to the tolerance of {solver.tolerance:g}, by its own responses: {figure}."
    why = (
        f"the tolerance of {solver.tolerance:g} was not met for "
        f"{plural(solver.patience, 'iteration')} in a row"
    )
    if run.manifest.stopped == "alike":
        why = (
            f"the responses of {plural(solver.patience, 'iteration')} in a row only repeat "
            "members: against nobody do their payoffs differ by more than the tolerance of "
            f"{solver.tolerance:g}, so the oracle finds nothing new"
        )
    last = run.records[-1]
    if not last.answered:
        why = (
            "the last to join were trained by an attack on other mixtures, and nobody has answered "
            "these"
            if joined(last)
            else f"{solver.target} responses answer part of the mixtures only, and prove nothing"
        )
    return f"Not solved: {figure}; {why}."


def ending_in_words(run: Run) -> str:
    """Why the run ended, or that it has not."""
    solver, done = run.study.solver, plural(len(run.records), "iteration")
    if run.manifest.stopped == "tolerance":
        rows = plural(solver.patience, "iteration")
        return (
            f"Stopped after {done}: the credible bound was below the tolerance of "
            f"{solver.tolerance:g} for {rows} in a row."
        )
    if run.manifest.stopped == "alike":
        rows = plural(solver.patience, "iteration")
        return f"Stopped after {done}: all responses of {rows} in a row only repeat members."
    if run.manifest.stopped == "iterations":
        return f"Stopped after {done}, all that were allowed."
    return f"Not finished after {done}. If it was cut short: {to_paste('resume', run.folder)}"
