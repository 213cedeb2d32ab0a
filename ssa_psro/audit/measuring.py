"""What trained responses gain: chosen on some episodes, measured on others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.audit.documents import Findings, ResponseFindings
from ssa_psro.audit.storing import Response
from ssa_psro.audit.subjects import Subject
from ssa_psro.metagame.exploitability import approx_exploitability, deviation_gains
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.judge import Judge, Mapper
from ssa_psro.policies import Policy
from ssa_psro.scenario.schema import SIDES


def findings_of(
    subject: Subject,
    responses: Sequence[Response],
    *,
    judge: Judge[Policy],
    choosing: Seeds,
    held_out: Seeds,
    map_cells: Mapper,
) -> Findings:
    """What the best response of each side gains, and every other one.

    Each side's best existing member, by the scores it has from elsewhere, takes part as well.
    The best of several on the episodes that chose it is a lucky one; what counts is what it
    gains on the others.

    Args:
        subject: the mixtures.
        responses: trained against them.
        judge: plays one match.
        choosing: episodes that choose.
        held_out: episodes that measure, ``[E]``, E >= 2.
        map_cells: where matches are played.
    """
    own = [[one for one in responses if one.answer.question.side == side] for side in SIDES]
    rows, columns = (
        [*(one.policy for one in own[side]), subject.incumbent(side).policy] for side in (0, 1)
    )
    gains = deviation_gains(
        (subject.mixed(0), subject.mixed(1)),
        rows,
        columns,
        judge=judge,
        seeds=np.concatenate([choosing, held_out]),
        map_cells=map_cells,
    )
    both = [
        (found[:, : choosing.size], found[:, choosing.size :])
        for found in (gains.row, gains.column)
    ]
    chosen = [int(first.mean(axis=1).argmax()) for first, _ in both]
    found = approx_exploitability(both[0][1][chosen[0]], both[1][1][chosen[1]])
    return Findings(
        audited=subject.name,
        approx_exploitability=found.interval,
        raw_exploitability=found.raw,
        responses=tuple(
            line
            for side in (0, 1)
            for line in _lines(subject, side, own[side], both[side], chosen[side])
        ),
    )


def _lines(
    subject: Subject,
    side: int,
    responses: Sequence[Response],
    gains: tuple[Floats, Floats],
    chosen: int,
) -> list[ResponseFindings]:
    """The trained responses, then the existing member."""
    named = [_trained(one) for one in responses]
    named.append((subject.incumbent(side).name, "member", "", "", 0, 0.0))
    return [
        ResponseFindings(
            SIDES[side],
            *facts,
            choosing_gain=float(first.mean()),
            gain=student_interval(second),
            chosen=index == chosen,
        )
        for index, (facts, first, second) in enumerate(zip(named, *gains, strict=True))
    ]


def _trained(response: Response) -> tuple[str, str, str, str, int, float]:
    answer = response.answer
    question = answer.question
    decisions = int(answer.facts.get("decisions") or question.decisions)
    origin = (question.oracle, question.start_rule, answer.start)
    return (question.name, *origin, decisions, answer.seconds)
