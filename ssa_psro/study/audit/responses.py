"""Self-play at the budget of a run, trained once and stored in its folder.

The responses that an audit trains, and how: several oracles, several starts, both sides.

Each fails for reasons of its own: gradients from scratch or from a heuristic may stop at a
local optimum, a fused start may lie where nothing can be gained at first, and a search without
gradients sees constant doctrines only. Their best is a better lower bound than any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from ssa_psro.games.coverage import Coverage
from ssa_psro.learn import make_oracle, settings_for
from ssa_psro.learn.protocol import Member, Oracle, OracleRequest
from ssa_psro.policies import Policy, make_policy
from ssa_psro.progress import Progress
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario.schema import SIDES
from ssa_psro.study.audit.documents import (
    SELF_PLAY,
    AuditSettings,
    Question,
    Response,
    store,
    stored,
)
from ssa_psro.study.audit.subjects import Subject
from ssa_psro.study.study import Study
from ssa_psro.work import Workers


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
