"""Whom an audit is about, the responses that it trains, and what they gain.

1. A subject is a pair of mixtures and the members that responses may start from.
2. Several oracles and several starts answer it for each side. Each fails for reasons of its own:
   gradients from scratch or from a heuristic may stop at a local optimum, a fused start may lie
   where nothing can be gained at first, and a search without gradients sees constant doctrines
   only. Their best is a better lower bound than any of them.
3. The best response of a side is chosen on some episodes and measured on others.

A baseline without a population, self-play at the budget of the run, is a subject too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.games.coverage.game import Coverage
from ssa_psro.learn import make_oracle, settings_for
from ssa_psro.learn.protocol import Member, Oracle, OracleRequest
from ssa_psro.metagame.estimates import scores_against
from ssa_psro.metagame.exploitability import approx_exploitability, deviation_gains
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.judge import Fixture, Judge, play_all
from ssa_psro.policies import Mixture, Policy, make_policy
from ssa_psro.progress import Progress
from ssa_psro.psro import PsroState
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario.schema import SIDES
from ssa_psro.study.audit.storage import (
    SELF_PLAY,
    Against,
    AuditSettings,
    Findings,
    Question,
    Response,
    ResponseFindings,
    store,
    stored,
)
from ssa_psro.study.reading import Run
from ssa_psro.study.study import Study
from ssa_psro.work import Mapper, Workers

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
        return Coverage.mix([member.policy for member in self.members[side]], self.mixtures[side])

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


BATTERY: tuple[tuple[str, str], ...] = (
    ("ppo", "scratch"),
    ("ppo", "heuristic"),
    ("ppo", "fusion"),
    ("cma-es", "heuristic"),
)
"""Oracle and start rule of each response that either side trains."""


@dataclass(frozen=True, eq=False)
class Job:
    """One response to be trained and stored, wherever it is done."""

    run: Path
    question: Question
    oracle: Oracle[Policy]
    request: OracleRequest[Policy]


def respond(
    run: Path,
    study: Study,
    subject: Subject,
    settings: AuditSettings,
    workers: Workers,
) -> list[Response]:
    """All responses to a subject, Blue's first; those that are stored already are not trained.

    Args:
        run: a run folder.
        study: of the run.
        subject: whom they are trained against.
        settings: of the audit.
        workers: whose processes train; responses do not depend on them.
    """
    questions = [
        Question(subject.name, side, oracle, start, settings.decisions, settings.seed)
        for side in SIDES
        for oracle, start in BATTERY
    ]
    missing = [question for question in questions if stored(run, question) is None]
    jobs = [_job(run, study, subject, question) for question in missing]
    for _ in workers.in_processes(train, jobs):
        pass  # each has stored its response
    responses = [stored(run, question) for question in questions]
    return [response for response in responses if response is not None]


def train(job: Job) -> None:
    """Train one response and store it."""
    begun = perf_counter()
    result = job.oracle(job.request)
    assert result.member.parameters is not None, "oracles of scenarios train networks"
    store(
        job.run,
        job.question,
        result.member.parameters,
        start=result.start,
        facts=result.facts,
        seconds=perf_counter() - begun,
    )


def _job(run: Path, study: Study, subject: Subject, question: Question) -> Job:
    request = _request(subject, question)
    values = {**study.oracle.values, "steps": question.decisions}
    # what is fused are networks of the run's own initialisation, see ``learn.agent``
    seed = study.seed if question.start_rule == "fusion" else request.seed
    oracle = make_oracle(question.oracle, Coverage(study.scenario), values, seed)
    return Job(run, question, oracle, request)


def _request(subject: Subject, question: Question) -> OracleRequest[Policy]:
    side = SIDES.index(question.side)
    key = (question.audited, question.side, question.oracle, question.start_rule)
    return OracleRequest(
        side=side,
        iteration=1,
        name=question.name,
        opponents=subject.members[1 - side],
        opponent_mixture=subject.mixtures[1 - side],
        learners=subject.members[side],
        learner_mixture=subject.mixtures[side],
        learner_scores=subject.scores[side],
        start=question.start_rule,
        seed=derive_seed(question.seed, "audit", *key),
    )


def trained_self_play(
    run: Path,
    game: Coverage,
    settings: Mapping[str, Any],
    *,
    decisions: int,
    seed: int,
    on_share: Progress,
) -> tuple[Response, Response]:
    """Blue's and Red's response, trained unless they are stored already.

    Args:
        run: a run folder.
        game: that it was made in.
        settings: of the run's own trainings.
        decisions: of each side.
        seed: root of the audit.
        on_share: told the share of the training that is done.
    """
    questions = [Question(SELF_PLAY, side, SELF_PLAY, "scratch", decisions, seed) for side in SIDES]
    if any(stored(run, question) is None for question in questions):
        _train(run, game, settings, questions, on_share)
    blue, red = (stored(run, question) for question in questions)
    assert blue is not None, "it has just been written"
    assert red is not None, "it has just been written"
    return blue, red


def as_member(response: Response) -> Member[Policy]:
    """A network of self-play as a member that learners can start from."""
    policy = response.policy
    return Member(policy.name, policy, parameters=policy.parameters)


def _train(
    run: Path,
    game: Coverage,
    settings: Mapping[str, Any],
    questions: list[Question],
    on_share: Progress,
) -> None:
    from ssa_psro.learn.self_play import self_play

    begun, decisions = perf_counter(), questions[0].decisions
    networks = self_play(
        game,
        settings_for("ppo", game.defaults["ppo"], {**settings, "steps": decisions}),
        derive_seed(questions[0].seed, "audit", SELF_PLAY),
        (make_policy("random"), make_policy("random")),
        progress=on_share,
    )
    seconds = perf_counter() - begun
    for question, parameters in zip(questions, networks, strict=True):
        facts = {"decisions": decisions}
        store(run, question, parameters, start="scratch", facts=facts, seconds=seconds)


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
