"""The two ends of every response: where a request starts, and which candidate answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ssa_psro.arrays import Seeds
from ssa_psro.errors import Fault, UsageError
from ssa_psro.learn.protocol import (
    Fact,
    Game,
    Member,
    OracleRequest,
    OracleResult,
    Task,
    Weights,
)
from ssa_psro.learn.settings import TrainingSettings
from ssa_psro.learn.starts import Learner, Start, StartContext, make_start
from ssa_psro.metagame.judge import P
from ssa_psro.randomness import derive_seed, episode_seeds


class TrainedLearner(Learner, Protocol):
    """A learner that says how it is trained."""

    @property
    def settings(self) -> TrainingSettings: ...


def start_from(
    game: Game[P],
    request: OracleRequest[P],
    fresh: Weights,
    learner: TrainedLearner | None = None,
    rule: str | None = None,
) -> Start:
    """Start weights by the request's rule, or by another.

    Args:
        game: what is played.
        request: names the rule and the population it works on.
        fresh: a normal initialisation of what learns.
        learner: draws, distils and trains for the rules that need it.
        rule: asked for instead of the request's.

    Raises:
        UsageError: there is no such start rule, or it has no meaning in the game.
    """
    settings = learner.settings if learner else None
    context = StartContext(
        members=request.learners,
        mixture=request.learner_mixture,
        scores=request.learner_scores,
        fresh=fresh,
        learner=learner,
        seed=derive_seed(request.seed, "start"),
        fused=settings.fused_members if settings else 0,
        decisions=settings.budget(request) if settings else 0,
        restarts=settings.restarts if settings else 1,
        restart_share=settings.restart_share if settings else 0.0,
    )
    return make_start(rule or request.start, game.starts)(context)


def answer(
    task: Task[P],
    request: OracleRequest[P],
    candidates: Mapping[str, Weights],
    policy: Callable[[str, Weights], P],
    *,
    start: str,
    facts: Mapping[str, Fact],
    select: str,
    episodes: int,
    carried: Any = None,
) -> OracleResult[P]:
    """One of the candidates: the end, or the best against the opponents, the first of equals.

    A response that is chosen is not worse than what it started from, as far as scores can tell.

    Args:
        task: what was trained for.
        request: what was asked for.
        candidates: parameters by name, such as ``start`` and ``end``.
        policy: what a network of given name and parameters is.
        start: what training started from, in words.
        facts: about the training; who was kept and all scores join them.
        select: of ``settings.SELECTIONS``.
        episodes: on which the candidates are compared, if that takes episodes.
        carried: what the next training may go on with.
    """
    scores: dict[str, float] = {}
    if select != "end" or task.scoring == "exact":
        policies = {name: policy(name, weights) for name, weights in candidates.items()}
        scores = task.scores(policies, validation_seeds(task, request, "validation", episodes))
    kept = "end" if select == "end" else max(scores, key=lambda name: scores[name])
    weights = candidates[kept]
    played = policy(request.name, weights)
    member = Member[P](request.name, played, parameters=weights, carried=carried)
    return OracleResult(member, start, {**facts, **task.told(scores, kept, request)})


def validation_seeds(
    task: Task[P], request: OracleRequest[P], purpose: str, episodes: int
) -> Seeds:
    """Seeds of episodes that compare candidates; none where payoffs are exact."""
    count = episodes if task.scoring == "episodes" else 0
    return episode_seeds(request.seed, purpose, count=count)


def check_selection(select: str, task: Task[Any]) -> None:
    """See that candidates can be compared as the settings ask.

    Raises:
        UsageError: they cannot in this game.
    """
    if select not in ("end", task.scoring):
        problem = "payoffs here are exact" if task.scoring == "exact" else "payoffs are not exact"
        fault = Fault("select", select, problem, f"Use end or {task.scoring}.")
        raise UsageError("learner settings", [fault])
