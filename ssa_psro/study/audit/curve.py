"""What the responses to a subject gain, as a curve over their budgets.

1. Every response, and the best of those at hand, plays the episodes that choose and those that
   measure. The best of several on the episodes that chose it is a lucky one; what counts is what
   it gains on the others.
2. At each budget the best of all up to that budget is chosen: who may spend more may also play what
   less has found. Where luck measures a later choice below an earlier one, the earlier one counts.
   So the curve never falls, and its intervals hold jointly for all that were chosen.

Who plays both seats gains the mean over both, and is chosen by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.metagame.exploitability import deviation_gains
from ssa_psro.metagame.intervals import CONFIDENCE, Interval, student_interval
from ssa_psro.metagame.judge import Judge
from ssa_psro.policies import Policy
from ssa_psro.study.audit.findings import (
    MEMBER,
    AuditSettings,
    CurvePoint,
    Findings,
    ResponseFindings,
)
from ssa_psro.study.audit.storage import Response
from ssa_psro.study.audit.subjects import Scouted, Subject, Untrained, by_side
from ssa_psro.work import Mapper

Attacker = Response | Untrained

STRANGER = "a member of another run,"
"""From whom a response of an earlier audit started, where that run is not named now."""


def findings_of(
    subject: Subject,
    responses: Sequence[Response],
    known: Scouted,
    settings: AuditSettings,
    *,
    judge: Judge[Policy],
    choosing: Seeds,
    held_out: Seeds,
    map_cells: Mapper,
) -> Findings:
    """The curve, and what every response gains.

    Args:
        subject: the mixtures.
        responses: trained against them, by this audit and earlier ones.
        known: who attacks without training.
        settings: of the audit.
        judge: plays one match.
        choosing: episodes that choose.
        held_out: episodes that measure, ``[E]``, E >= 2.
        map_cells: where matches are played.
    """
    attackers: list[list[Attacker]] = [
        [*known.best[n], *(one for one in responses if one.answer.question.side == side)]
        for n, side in enumerate(subject.sides)
    ]
    policies = [[_policy(one) for one in own] for own in attackers]
    gains = deviation_gains(
        (subject.mixed(0), subject.mixed(1)),
        policies[0],
        policies[-1],
        judge=judge,
        seeds=np.concatenate([choosing, held_out]),
        map_cells=map_cells,
    )
    gained = by_side(subject, gains.row, gains.column)
    chose = [own[:, : choosing.size].mean(axis=1) for own in gained]
    held = [own[:, choosing.size :] for own in gained]
    trained = {one.answer.question.decisions for one in responses}
    budgets = (0, *sorted({*settings.budgets, *trained}))
    chosen = [
        [_best(own, scores, budget) for budget in budgets]
        for own, scores in zip(attackers, chose, strict=True)
    ]
    rising = [
        rising_gains(samples[own], len(held)) for samples, own in zip(held, chosen, strict=True)
    ]
    points = [
        CurvePoint(
            budget=budget,
            trainings=sum(0 < _budget(one) <= budget for own in attackers for one in own),
            bound=_mean_of_sides(*(own[k] for own in rising)),
            gains=tuple(own[k] for own in rising),
            chosen=tuple(own[best[k]].name for own, best in zip(attackers, chosen, strict=True)),
        )
        for k, budget in enumerate(budgets)
    ]
    lines = [
        _line(subject, k, one, chose[k][n], held[k][n], known, chosen=n == chosen[k][-1])
        for k, own in enumerate(attackers)
        for n, one in enumerate(own)
    ]
    return Findings(subject.name, settings, tuple(points), tuple(lines))


def _best(own: Sequence[Attacker], scores: Floats, budget: int) -> int:
    """Place of the best within a budget, the first of equals."""
    within = [n for n, one in enumerate(own) if _budget(one) <= budget]
    return max(within, key=lambda n: float(scores[n]))


def rising_gains(samples: Floats, sides: int) -> list[Interval]:
    """The largest of the gains up to each point, one side's; mean and bounds never fall.

    Args:
        samples: gains ``[K, E]`` of the response chosen at each of ``K`` points; points that chose
            the same response have the same row.
        sides: how many have responses of their own.
    """
    # each of the different responses, on any side, is wrong so much more rarely
    different = len(np.unique(samples, axis=0))
    level = 1 - (1 - CONFIDENCE) / (sides * different)
    found = [student_interval(one, level) for one in samples]
    numbers = np.array([(one.mean, one.low, one.high) for one in found])
    return [
        Interval(float(mean), float(low), float(high), samples.shape[1])
        for mean, low, high in np.maximum.accumulate(numbers)
    ]


def _mean_of_sides(*gains: Interval) -> Interval:
    """NashConv / 2: whoever would lose by a response stays with the mixture."""
    mean, low, high = np.maximum([(one.mean, one.low, one.high) for one in gains], 0.0).mean(axis=0)
    return Interval(float(mean), float(low), float(high), gains[0].count)


def _budget(one: Attacker) -> int:
    return one.answer.question.decisions if isinstance(one, Response) else 0


def _policy(one: Attacker) -> Policy:
    return one.policy if isinstance(one, Response) else one.member.policy


def _line(
    subject: Subject,
    place: int,
    one: Attacker,
    choosing: float,
    held_out: Floats,
    known: Scouted,
    *,
    chosen: bool,
) -> ResponseFindings:
    facts: dict[str, Any] = {"oracle": MEMBER, "start_rule": "", "start": "", "decisions": 0}
    facts |= {"seconds": 0.0}
    if isinstance(one, Response):
        answer = one.answer
        question, converged = answer.question, answer.facts.get("converged")
        facts = {
            "oracle": question.oracle,
            "start_rule": question.start_rule,
            "start": answer.start,
            "decisions": int(answer.facts.get("decisions") or question.decisions),
            "seconds": answer.seconds,
            "budget": question.decisions,
            "seed": question.seed,
            "converged": converged if isinstance(converged, bool) else None,
        }
        if question.origin:
            guest = known.guests(place).get(question.origin)
            facts["start_rule"] = guest.name if guest else f"{STRANGER} {question.origin}"
    return ResponseFindings(
        side=subject.sides[place],
        name=one.name,
        choosing_gain=float(choosing),
        gain=student_interval(held_out),
        chosen=chosen,
        **facts,
    )
