"""From a request to a response: start weights, training, and what is noted about both."""

from __future__ import annotations

from time import perf_counter

from ssa_psro.games.trees.behaviour import Behaviour, best_response, mixed
from ssa_psro.games.trees.learners.agent import Agent, Task, Training
from ssa_psro.games.trees.learners.settings import TrainingSettings
from ssa_psro.games.trees.learners.tree_starts import TreeStart, TreeStartContext, make_tree_start
from ssa_psro.games.trees.tree import GameTree
from ssa_psro.learn.protocol import Fact, Member, OracleRequest, OracleResult, Weights
from ssa_psro.randomness import derive_seed

Candidates = dict[str, tuple[Weights, Behaviour, float]]
"""Weights, what they play, and their exact payoff, by name."""


def task_of(tree: GameTree, request: OracleRequest[Behaviour]) -> Task:
    """The game against the request's mixture, which by Kuhn's theorem is one opponent."""
    policies = [member.policy for member in request.opponents]
    population = tuple(member.policy for member in request.learners)
    return Task(tree, mixed(tree, policies, request.opponent_mixture), population)


def steps_of(settings: TrainingSettings, request: OracleRequest[Behaviour]) -> int:
    """What this request may spend."""
    return max(1, round(settings.steps * request.budget))


def respond(
    agent: Agent, request: OracleRequest[Behaviour], settings: TrainingSettings, seed: int
) -> OracleResult[Behaviour]:
    """The response of one agent.

    Args:
        agent: learns.
        request: what was asked for.
        settings: of training.
        seed: of the initialisation that all trainings of a side share.

    Raises:
        UsageError: there is no start rule of the name asked for, or the training diverged.
    """
    steps, begun = steps_of(settings, request), perf_counter()
    start = start_of(agent, request, settings, seed)
    start_s = perf_counter() - begun
    training = agent.train(
        start.start.weights, steps - start.steps, request.seed, settings.frozen_share
    )
    candidates = _candidates(agent, start.start.weights, training)
    kept = "end"
    if settings.select == "exact":
        kept = max(candidates, key=lambda name: candidates[name][2])
    weights, behaviour, _ = candidates[kept]
    facts: dict[str, Fact] = {
        **training.facts,
        "steps": start.steps + training.steps,
        "episodes": start.episodes + training.episodes,
        "updates": start.updates + training.updates,
        "start_s": round(start_s, 4),
        **start.facts,
        **{f"{name}_payoff": payoff for name, (_, _, payoff) in candidates.items()},
        "best_payoff": best_response(agent.task.tree, agent.task.opponent)[1],
        "mixture_payoff": float(request.learner_mixture @ request.learner_scores),
        "kept": kept,
    }
    member = Member(request.name, behaviour, parameters=weights)
    return OracleResult(member, start.start.note, facts)


def start_of(
    agent: Agent, request: OracleRequest[Behaviour], settings: TrainingSettings, seed: int
) -> TreeStart:
    """Where the training of ``request`` starts.

    Raises:
        UsageError: there is no start rule of the name asked for.
    """
    context = TreeStartContext(
        members=request.learners,
        mixture=request.learner_mixture,
        scores=request.learner_scores,
        fresh=agent.fresh(derive_seed(seed, "initialisation", request.side)),
        agent=agent,
        seed=derive_seed(request.seed, "start"),
        steps=steps_of(settings, request),
        restarts=settings.restarts,
        restart_share=settings.restart_share,
    )
    return make_tree_start(request.start)(context)


def _candidates(agent: Agent, start: Weights, training: Training) -> Candidates:
    """What may be the answer, by name: the start, the checkpoints and the end."""
    on_the_way = {f"checkpoint_{k}": one for k, one in enumerate(training.checkpoints, 1)}
    named: dict[str, Weights] = {"start": start, **on_the_way, "end": training.parameters}
    behaviours = {name: agent.behaviour(weights) for name, weights in named.items()}
    return {
        name: (weights, behaviours[name], agent.task.payoff(behaviours[name]))
        for name, weights in named.items()
    }
