"""The responses that an audit trains.

Several oracles and several starts answer a subject for each of its sides, at every budget. Each
fails for reasons of its own: gradients may stop at a local optimum, a fused start may lie where
nothing can be gained at first, and a search without gradients sees constant doctrines only. Their
best is a better lower bound than any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from ssa_psro.games.coverage.game import Coverage
from ssa_psro.learn import make_oracle, settings_for
from ssa_psro.learn.protocol import Member, Oracle, OracleRequest
from ssa_psro.policies import Policy, make_policy
from ssa_psro.psro.records import BOTH
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario.schema import SIDES
from ssa_psro.study.audit.findings import AuditSettings
from ssa_psro.study.audit.storage import (
    SELF_PLAY,
    Question,
    Response,
    earlier,
    self_play_named,
    store,
    stored,
)
from ssa_psro.study.audit.subjects import Scouted, Subject
from ssa_psro.study.study import Study
from ssa_psro.work import Workers, note_share

BATTERY: tuple[tuple[str, str], ...] = (
    ("cma-es", "heuristic"),
    ("cma-es", "inherit-nash"),
    ("cma-es+ppo", "fusion"),
    ("ppo", "scratch"),
)
"""Oracle and start rule of each response that a side trains at each budget: constant doctrines by
search, and networks."""

SHORT = BATTERY[:2]
"""Of a short audit."""


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
    known: Scouted,
    settings: AuditSettings,
    workers: Workers,
) -> list[Response]:
    """All responses to a subject, those of earlier audits last; what is stored is not trained.

    Args:
        run: a run folder.
        study: of the run.
        subject: whom they are trained against.
        known: who else attacks; a search starts from each other run's best, too.
        settings: of the audit.
        workers: whose processes train; responses do not depend on them.
    """
    questions = [
        question
        for side in subject.sides
        for question in questions_of(side, subject, known, settings)
    ]
    asked = sorted(questions, key=lambda question: -question.decisions)  # the last is waited for
    if not workers.executor.together:  # those who are, count alike: what is stored is passed over
        asked = [question for question in asked if stored(run, question) is None]
    jobs = [_job(run, study, subject, known, question) for question in asked]
    for _ in workers.in_processes(train, jobs):
        pass  # each has stored its response
    responses = [stored(run, question) for question in questions]
    return [
        *(response for response in responses if response is not None),
        *earlier(run, subject.name, questions),
    ]


def questions_of(
    side: str, subject: Subject, known: Scouted, settings: AuditSettings
) -> list[Question]:
    """What one side is asked, by ascending budget."""
    starts = [
        *((*pair, "") for pair in (SHORT if settings.short else BATTERY)),
        *(
            ("cma-es" if one.member.policy.constant else "cma-es+ppo", "inherit-nash", digest)
            for digest, one in known.guests(subject.sides.index(side)).items()
        ),
    ]
    return [
        Question(subject.name, side, oracle, start, budget, settings.seed, origin)
        for budget in settings.budgets
        for oracle, start, origin in starts
    ]


def train(job: Job) -> None:
    """Train one response and store it, unless it is stored already."""
    if stored(job.run, job.question) is not None:
        return
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


def _job(run: Path, study: Study, subject: Subject, known: Scouted, question: Question) -> Job:
    request = request_for(subject, known, question)
    values = {**study.oracle.values, "steps": question.decisions}
    # what is fused are networks of the run's own initialisation, see ``learn.agent``
    seed = study.seed if question.start_rule == "fusion" else request.seed
    oracle = make_oracle(question.oracle, Coverage(study.scenario), values, seed)
    return Job(run, question, oracle, request)


def request_for(subject: Subject, known: Scouted, question: Question) -> OracleRequest[Policy]:
    """What the oracle is asked for: a response for one seat, or for both."""
    place = subject.sides.index(question.side)
    side = SIDES.index(question.side) if question.side != BOTH else 0
    request = OracleRequest(
        side=side,
        iteration=1,
        name=question.name,
        opponents=subject.members[1 - side],
        opponent_mixture=subject.mixtures[1 - side],
        learners=subject.members[side],
        learner_mixture=subject.mixtures[side],
        learner_scores=known.scores[place],
        start=question.start_rule,
        seed=derive_seed(question.seed, "audit", question.audited, question.purpose),
        both=question.side == BOTH,
    )
    if not question.origin:
        return request
    guest = known.guests(place)[question.origin].member
    alone = np.ones(1)
    return replace(request, learners=(guest,), learner_mixture=alone, learner_scores=alone)


@dataclass(frozen=True, eq=False)
class SelfPlayJob:
    """Self-play to be trained and stored.

    Attributes:
        run: a run folder.
        game: that it was made in.
        settings: of the run's own trainings.
        decisions: of each side.
        seed: root of the audit.
        entropy: weight of the entropy bonus.
    """

    run: Path
    game: Coverage
    settings: Mapping[str, Any]
    decisions: int
    seed: int
    entropy: float

    @property
    def questions(self) -> list[Question]:
        """Blue's and Red's."""
        kind = (SELF_PLAY, "scratch", self.decisions, self.seed)
        return [Question(self_play_named(self.entropy), side, *kind) for side in SIDES]


def trained_self_play(job: SelfPlayJob, workers: Workers) -> tuple[Response, Response]:
    """Blue's and Red's response, trained unless they are stored already.

    Args:
        job: what is trained.
        workers: one of whose processes trains.
    """
    for _ in workers.in_processes(train_self_play, [job]):
        pass  # it has stored both
    blue, red = (stored(job.run, question) for question in job.questions)
    assert blue is not None, "it has just been written"
    assert red is not None, "it has just been written"
    return blue, red


def as_member(response: Response) -> Member[Policy]:
    """A network of self-play as a member that learners can start from."""
    policy = response.policy
    return Member(policy.name, policy, parameters=policy.parameters)


def train_self_play(job: SelfPlayJob) -> None:
    """Train both sides and store them, unless they are stored already."""
    from ssa_psro.learn.self_play import self_play

    if all(stored(job.run, question) is not None for question in job.questions):
        return
    begun, values = perf_counter(), {"steps": job.decisions, "entropy": job.entropy}
    networks = self_play(
        job.game,
        settings_for("ppo", job.game.defaults["ppo"], {**job.settings, **values}),
        derive_seed(job.seed, "audit", SELF_PLAY),
        (make_policy("random"), make_policy("random")),
        progress=note_share,
    )
    seconds = perf_counter() - begun
    for question, parameters in zip(job.questions, networks, strict=True):
        facts = {"decisions": job.decisions}
        store(job.run, question, parameters, start="scratch", facts=facts, seconds=seconds)
