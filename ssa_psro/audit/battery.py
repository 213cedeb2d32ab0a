"""The responses that an audit trains, and how: several oracles, several starts, both sides.

Each fails for reasons of its own: gradients from scratch or from a heuristic may stop at a
local optimum, a fused start may lie where nothing can be gained at first, and a search without
gradients sees constant doctrines only. Their best is a better lower bound than any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from ssa_psro.audit.documents import AuditSettings
from ssa_psro.audit.storing import Question, Response, store, stored
from ssa_psro.audit.subjects import Subject
from ssa_psro.oracles.parallel import oracle_pool
from ssa_psro.oracles.protocol import Oracle, OracleRequest
from ssa_psro.policies import Policy
from ssa_psro.randomness import derive_seed
from ssa_psro.runs.trainers import make_oracle
from ssa_psro.runs.trainers_progress import ProgressBoard, reading
from ssa_psro.scenario import Scenario
from ssa_psro.scenario.schema import SIDES

OnShare = Callable[[float], None]

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
    scenario: Scenario,
    subject: Subject,
    settings: AuditSettings,
    *,
    workers: int,
    on_share: OnShare,
) -> list[Response]:
    """All responses to a subject, Blue's first; those that are stored already are not trained.

    Args:
        run: a run folder.
        scenario: of the run.
        subject: whom they are trained against.
        settings: of the audit.
        workers: processes at most; responses do not depend on it.
        on_share: told the share of the training that is done.
    """
    questions = [
        Question(subject.name, side, oracle, start, settings.decisions, settings.seed)
        for side in SIDES
        for oracle, start in BATTERY
    ]
    missing = [question for question in questions if stored(run, question) is None]
    with TemporaryDirectory(prefix="ssa_psro-", ignore_cleanup_errors=True) as name:
        boards = [_board(Path(name) / str(number)) for number in range(len(missing))]
        jobs = [
            _job(run, scenario, subject, question, board)
            for question, board in zip(missing, boards, strict=True)
        ]
        _train_all(jobs, boards, workers, on_share)
    responses = [stored(run, question) for question in questions]
    return [response for response in responses if response is not None]


def _board(folder: Path) -> ProgressBoard:
    folder.mkdir()
    return ProgressBoard(folder)


def _train_all(
    jobs: Sequence[Job], boards: Sequence[ProgressBoard], workers: int, on_share: OnShare
) -> None:
    if not jobs:
        return
    on_share(0.0)

    def share() -> float:
        return sum(board.share() for board in boards) / len(boards)

    with oracle_pool(min(workers, len(jobs))) as pool, reading(share, on_share):
        for _ in pool(train, jobs):
            on_share(share())


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


def _job(
    run: Path, scenario: Scenario, subject: Subject, question: Question, board: ProgressBoard
) -> Job:
    request = _request(subject, question)
    oracle = make_oracle(question.oracle, _settled(scenario, question, request.seed), board)
    return Job(run, question, oracle, request)


def _settled(scenario: Scenario, question: Question, seed: int) -> Scenario:
    """The scenario with the audit's budget and, where it can be, an initialisation of its own.

    What is fused are networks of the run's own initialisation, see ``oracles.ppo``.
    """
    oracle = scenario.oracle.model_copy(update={"decisions": question.decisions})
    own = scenario.seed if question.start_rule == "fusion" else seed
    return scenario.model_copy(update={"oracle": oracle, "seed": own})


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
