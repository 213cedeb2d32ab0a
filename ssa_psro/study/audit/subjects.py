"""Whom an audit is about: a pair of mixtures, and the policies that responses start from.

What trained responses gain: chosen on some episodes, measured on others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.games.coverage import mix
from ssa_psro.learn.protocol import Member
from ssa_psro.metagame.estimates import scores_against
from ssa_psro.metagame.exploitability import approx_exploitability, deviation_gains
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.judge import Fixture, Judge, play_all
from ssa_psro.policies import Mixture, Policy
from ssa_psro.psro import PsroState
from ssa_psro.scenario.schema import SIDES
from ssa_psro.study import Run
from ssa_psro.study.audit.documents import SELF_PLAY, Against, Findings, Response, ResponseFindings
from ssa_psro.work import Mapper

Members = tuple[Member[Policy], ...]


@dataclass(frozen=True, eq=False)
class Subject:
    """Two mixtures to be audited.

    Attributes:
        name: ``best``, ``final`` or ``self-play``.
        members: Blue's and Red's, ``[n]`` and ``[m]``; not all need be in the mixtures.
        mixtures: their probabilities.
        scores: mean payoff of every member against the other side's mixture.
    """

    name: str
    members: tuple[Members, Members]
    mixtures: tuple[Floats, Floats]
    scores: tuple[Floats, Floats]

    def mixed(self, side: int) -> Mixture:
        """One side's mixture as a policy."""
        return mix([member.policy for member in self.members[side]], self.mixtures[side])

    def incumbent(self, side: int) -> Member[Policy]:
        """The member with the best score; the first of equals."""
        return self.members[side][int(self.scores[side].argmax())]


def outcome_of(run: Run, state: PsroState[Policy], against: Against) -> Subject:
    """The outcome of a finished run, with all its members, also those that came later."""
    assert run.solution is not None, "the run is finished"
    assert run.best_record is not None, "a finished run has a best iterate"
    if against == "best":
        shares = [np.array(side.mixture) for side in run.best_record.sides]
    else:
        shares = [np.array([one.mean for one in side.mixture]) for side in run.solution.sides]
    blue, red = (
        np.pad(share, (0, len(population.members) - share.size))
        for share, population in zip(shares, state.populations, strict=True)
    )
    scores = scores_against(state.table, red, 0), scores_against(state.table, blue, 1)
    members = state.populations[0].members, state.populations[1].members
    return Subject(against, members, (blue, red), scores)


def self_play_of(
    state: PsroState[Policy],
    networks: tuple[Member[Policy], Member[Policy]],
    *,
    judge: Judge[Policy],
    seeds: Seeds,
    map_cells: Mapper,
) -> Subject:
    """The networks of self-play, each alone in its mixture, among the heuristics of the run.

    Args:
        state: of the run.
        networks: Blue's and Red's.
        judge: plays one match.
        seeds: episodes ``[E]`` that score the heuristics.
        map_cells: where they are played.
    """
    heuristics = [
        [member for member in population.members if member.parameters is None]
        for population in state.populations
    ]
    blue, red = ((*own, network) for own, network in zip(heuristics, networks, strict=True))
    fixtures = [Fixture(member.policy, networks[1].policy, seeds) for member in blue]
    fixtures += [Fixture(networks[0].policy, member.policy, seeds) for member in red]
    payoffs = play_all(judge, fixtures, map_cells)
    means = [
        np.array([one[:, side].mean() for one in part])
        for side, part in enumerate((payoffs[: len(blue)], payoffs[len(blue) :]))
    ]
    return Subject(SELF_PLAY, (blue, red), (_last(blue), _last(red)), (means[0], means[1]))


def _last(members: Sequence[Member[Policy]]) -> Floats:
    return np.asarray(np.eye(len(members))[-1])


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
