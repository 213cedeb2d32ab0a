"""What a result comes to, in sentences: what to do, what it costs, who is ahead, how sure that is.

Each sentence is computed from the numbers that stand below it, and says what they leave out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ssa_psro.findings.audit import SELF_PLAY, subjects_of
from ssa_psro.findings.headline import SUPPORTED, verdict_in_words
from ssa_psro.findings.rivalry import seats_in_words
from ssa_psro.findings.table import SIDES
from ssa_psro.findings.tournament import custody_of, mixtures_of
from ssa_psro.findings.wording import Form, percent, plural
from ssa_psro.metagame.intervals import Interval
from ssa_psro.policies import HEURISTICS
from ssa_psro.study import Run, Solution
from ssa_psro.study.audit import Audit
from ssa_psro.study.outcome import DENY, PROTECT, Conduct

if TYPE_CHECKING:
    from ssa_psro.study.matches import PlayedTournament

CONTESTED = " contested"
SOLVED, AHEAD = "Is the game solved?", "Who is ahead?"


@dataclass(frozen=True)
class Sentence:
    """One sentence or two of a verdict.

    Attributes:
        question: that it answers.
        answer: in words.
        warns: whether it tells of something that the reader must not overlook.
    """

    question: str
    answer: str
    warns: bool = False


def verdict_of(run: Run, audit: Audit | None, *, typeset: bool = False) -> list[Sentence]:
    """The verdict on a finished run and its audit; nothing where there is no outcome yet.

    Args:
        run: finished or not.
        audit: of its outcome, if there is one.
        typeset: for pages.
    """
    solution = run.solution
    if solution is None:
        return []
    found = []
    standings = solution.standings
    if standings is not None:
        shared = run.study.shared
        for side, own in zip(SIDES, standings, strict=True):
            who = "either side" if shared else side.capitalize()
            which = f"Iterate {solution.best_iteration} of {len(run.records)}"
            found.append(Sentence(f"What should {who} play?", f"{which}. {mixture_in_words(own)}"))
            found.append(
                Sentence(f"What does that cost {who}?", cost_in_words(own, typeset=typeset))
            )
            if shared:
                break
    return [*found, _ahead(run, solution, typeset), _solved(run, audit, typeset)]


def _solved(run: Run, audit: Audit | None, typeset: bool) -> Sentence:
    tolerance, words = run.study.solver.tolerance, verdict_in_words(run)
    warns = run.manifest.stopped != "tolerance"
    attacks = [one for one in subjects_of(audit) if one[0] != SELF_PLAY] if audit else []
    if not attacks:
        return Sentence(SOLVED, f"{words} Nobody has attacked the mixtures from outside.", warns)
    whom, worst = attacks[0][0], attacks[0][1].largest
    beaten = worst.bound.low > tolerance
    words += (
        f" An attack on {whom}, up to {worst.budget:,} decisions a training, gains "
        f"{Form(4, typeset=typeset).interval(worst.bound)}{': not solved' if beaten else ''}; "
        "a longer one may gain more."
    )
    return Sentence(SOLVED, words, warns or beaten)


def mixture_in_words(own: Sequence[Conduct]) -> str:
    """Who is drawn how often, what each of them does, and which heuristic does most alike."""
    heuristics = _heuristics(own)
    drawn = sorted((one for one in own[1:] if one.share >= SUPPORTED), key=lambda one: -one.share)
    if len(drawn) == 1:
        return f"Always {drawn[0].name}: {_conduct(drawn[0], heuristics)}."
    each = "; ".join(
        f"{one.name} {percent(one.share)}: {_conduct(one, heuristics)}" for one in drawn
    )
    return f"One policy drawn anew for every episode. {each}."


def _heuristics(own: Sequence[Conduct]) -> list[Conduct]:
    return [one for one in own if one.name in HEURISTICS]


def _conduct(one: Conduct, heuristics: Sequence[Conduct]) -> str:
    observing = one.observing
    contested = sum(share for kind, share in one.tasks.items() if kind.endswith(CONTESTED))
    kinds = (("observes", observing), ("denies", one.tasks[DENY]), ("protects", one.tasks[PROTECT]))
    words = ", ".join(f"{does} {percent(share)}" for does, share in kinds if share > 0)
    notes = []
    if not words:
        return "carries out no task"
    if observing > 0:
        notes.append(f"{percent(contested / observing)} of looks at contested objects")
    if one not in heuristics:
        alike, share = most_alike(one, heuristics)
        notes.append(f"{percent(share)} of tasks as {alike}")
    return f"{words} ({', '.join(notes)})" if notes else words


def most_alike(one: Conduct, others: Sequence[Conduct]) -> tuple[str, float]:
    """The policy whose tasks divide most alike, and the share of the tasks that both have alike.

    The share is 1 less the total variation distance between the two distributions over kinds.
    """
    shares = {
        other.name: sum(min(share, other.tasks[kind]) for kind, share in one.tasks.items())
        for other in others
        if other is not one
    }
    name = max(shares, key=lambda other: shares[other])
    return name, shares[name]


def cost_in_words(own: Sequence[Conduct], *, typeset: bool = False) -> str:
    """What the mixture is paid and holds, beside the heuristics against the same opponent."""
    paid, share = Form(3, signed=True, typeset=typeset), Form(2, typeset=typeset)
    mixture, heuristics = own[0], _heuristics(own)
    earns = max(heuristics, key=lambda one: one.payoff.mean)
    holds = max(heuristics, key=lambda one: one.custody.mean)
    words = (
        f"Against the other side's mixture it is paid {paid.interval(mixture.payoff)} and has "
        f"{share.interval(mixture.custody)} of the catalogue in custody, unweighted, while the "
        f"other side has {share.number(mixture.opponent_custody.mean)}. The best-paid heuristic "
        f"there, {earns.name}, is paid {paid.interval(earns.payoff)} and has "
        f"{share.number(earns.custody.mean)} in custody."
    )
    if holds is not earns:
        words += (
            f" Most in custody has {holds.name}: {share.number(holds.custody.mean)}, paid "
            f"{paid.number(holds.payoff.mean)}."
        )
    return f"{words} {plural(mixture.payoff.count, 'episode')}."


def _ahead(run: Run, solution: Solution, typeset: bool) -> Sentence:
    """Who has the advantage, as far as gains and seats leave it open."""
    level, best = Form(3, signed=True, typeset=typeset), run.best_record
    assert best is not None, "a finished run has a best iterate"
    blue, red = (side.held_out_value for side in best.sides)
    if run.scenario.rules.rivalry < 1:
        paid = f"Blue is paid {level.interval(blue)}, Red {level.interval(red)}"
        words = f"Each side plays for itself: {paid}."
    else:
        gains = [max(0.0, side.gain.mean, side.incumbent_gain.mean) for side in best.sides]
        bracket = blue.mean - gains[1], blue.mean + gains[0]
        words = advantage_in_words(blue, bracket, typeset=typeset)
    if solution.seats is not None:
        seats = seats_in_words(solution.seats, run.study.solver.tolerance, typeset=typeset)
        words += f" The designs are alike. {seats}"
    return Sentence(AHEAD, words)


def advantage_in_words(
    value: Interval, bracket: tuple[float, float], *, typeset: bool = False
) -> str:
    """Who has the advantage in a zero-sum game.

    Args:
        value: what Blue is paid when both play their mixtures.
        bracket: value less Red's gain, and value plus Blue's gain, by the best responses found.
        typeset: for pages.
    """
    level = Form(3, signed=True, typeset=typeset)
    low, high = min(bracket[0], value.low), max(bracket[1], value.high)
    if low > 0:
        who = "Blue"
    elif high < 0:
        who = "Red"
    else:
        who = "Neither side, as far as this can tell"
    return (
        f"{who}: Blue is paid {level.interval(value)}, and the responses found leave the value of "
        f"the game in [{level.number(low)}, {level.number(high)}] at least."
    )


def verdict_of_tournament(
    played: PlayedTournament, tolerance: float, *, typeset: bool = False
) -> list[Sentence]:
    """Which policy earns most and what it holds, which mixture nobody beats, who is ahead.

    Args:
        played: what was played.
        tolerance: payoff below which a difference of the seats does not matter.
        typeset: for pages.
    """
    paid, share = Form(3, signed=True, typeset=typeset), Form(2, typeset=typeset)
    tournament, found = played.found, []
    for side, seat in enumerate(("",) if tournament.one_seat else (" as Blue", " as Red")):
        rows = [row for row in custody_of(played, side) if row[1] == "everyone"]
        earned = {one.policy: one.overall for one in tournament.standings[side]}
        best, holds = rows[0], max(rows, key=lambda row: row[2].mean)
        words = (
            f"{best[0]}: paid {paid.interval(earned[best[0]])} against all alike. It has "
            f"{share.number(best[2].mean)} of the objects in custody and leaves the others "
            f"{share.number(best[3].mean)}."
        )
        if holds[0] != best[0]:
            words += (
                f" Most in custody has {holds[0]}, {share.number(holds[2].mean)}, paid "
                f"{paid.number(earned[holds[0]].mean)}."
            )
        found.append(Sentence(f"Which policy earns most{seat}?", words))
        names = (tournament.table.rows, tournament.table.columns)[side]
        played_often = [
            (name, one.mean)
            for name, one in zip(names, mixtures_of(tournament)[side], strict=True)
            if one.mean >= SUPPORTED
        ]
        played_often.sort(key=lambda pair: -pair[1])
        mixture = ", ".join(f"{name} {percent(often)}" for name, often in played_often)
        words = (
            f"{mixture}, one drawn anew for every episode. It is an equilibrium of these policies "
            "alone: what a trained response would gain over it has not been measured."
        )
        found.append(Sentence(f"Which mixture does none of them beat{seat}?", words))
    seats = seats_in_words(tournament.seats, tolerance, typeset=typeset)
    return [*found, Sentence("Who is ahead?", seats)]
