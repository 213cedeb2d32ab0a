"""Behavioural fusion: many networks distilled into one (Hinton et al., arXiv 1503.02531).

Averaging weights is not averaging behaviour. Here the network is taught what the mixture does and
values, each member counted at an information set as often as it comes there (Kuhn 1953), and each
information set as often as the mixture comes there against the opponents. How often that is comes
from the game tree, exactly: it could be counted in episodes as well, but those are not spent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import torch
from stable_baselines3.common.policies import BasePolicy
from torch import Tensor

from ssa_psro.arrays import Floats
from ssa_psro.benchmarks.games.behaviour import Behaviour, uniform
from ssa_psro.benchmarks.games.sequence_form import mixed, realisation_plan
from ssa_psro.benchmarks.learners.agent import Task
from ssa_psro.benchmarks.learners.dealing import deck_of, visits
from ssa_psro.benchmarks.learners.weights import load_weights, to_weights
from ssa_psro.oracles.isolation import isolated
from ssa_psro.oracles.protocol import Member, Weights
from ssa_psro.oracles.training import Parameters
from ssa_psro.randomness import derive_seed

if TYPE_CHECKING:
    from ssa_psro.benchmarks.learners.network_agent import NetworkAgent

B = TypeVar("B", bound=BasePolicy)

BATCH = 512
LEARNING_RATE = 3e-3
"""Of Adam at the beginning; it falls to 0, so that what the batches left out evens out."""

ASTRAY = 0.1
"""Share of the lessons about where a uniform player comes: the learner will explore, and should
find there what the mixture would do, not whatever the network says unasked."""


@dataclass(frozen=True, eq=False)
class Lessons:
    """What is taught, and how often.

    Attributes:
        members: those with mass, ``[n]``.
        shares: how often each of them is who comes to each information set, ``[n, I]``; columns
            sum to 1.
        target: what the mixture plays, ``[I, A]``.
        reach: how often the mixture comes to each information set, ``[I]``, summing to 1.
        frequency: how often each information set is taught, ``[I]``, summing to 1.
    """

    members: tuple[Member[Behaviour], ...]
    shares: Floats
    target: Floats
    reach: Floats
    frequency: Floats


def lessons_of(task: Task, members: Sequence[Member[Behaviour]], mixture: Floats) -> Lessons:
    """What the mixture ``[n]`` of ``members`` teaches about playing against the opponents."""
    massive = [index for index in range(len(members)) if mixture[index] > 0]
    kept = tuple(members[index] for index in massive)
    mass = mixture[massive][:, None] / mixture[massive].sum()
    came = mass * np.stack([_arrival(task, member.policy) for member in kept])
    total = came.sum(axis=0)
    shares = np.divide(came, total, out=np.broadcast_to(mass, came.shape).copy(), where=total > 0)
    reach, astray = (
        _distribution(arrival * allowed_visits(task))
        for arrival in (total, _arrival(task, uniform(task.tree, task.side)))
    )
    return Lessons(
        kept,
        shares,
        mixed(task.tree, [member.policy for member in kept], mass[:, 0]).probabilities,
        reach,
        (1 - ASTRAY) * reach + ASTRAY * astray,
    )


def mean_output(
    agent: NetworkAgent[Any], lessons: Lessons, output: Callable[[Any, Tensor], Tensor]
) -> Tensor | None:
    """Mean of the members' outputs ``[I, k]``; ``None`` if none of them has a network.

    Args:
        agent: whose kind of network it is.
        lessons: how often each member counts where. Members without a network do not.
        output: of a policy at information sets ``[I, F + A]``.
    """
    taught = [i for i, member in enumerate(lessons.members) if member.parameters is not None]
    if not taught:
        return None
    shares = torch.from_numpy(lessons.shares[taught]).float()[:, :, None]
    networks = [lessons.members[index].parameters or {} for index in taught]
    stacked = torch.stack([output_of(agent, weights, output) for weights in networks])
    total = shares.sum(dim=0)
    # where only members without a network come, the others are asked all the same
    return torch.where(total > 0, (shares * stacked).sum(dim=0) / total, stacked.mean(dim=0))


def output_of(
    agent: NetworkAgent[Any], weights: Weights, output: Callable[[Any, Tensor], Tensor]
) -> Tensor:
    """Of a network of these weights at all information sets, ``[I, k]``."""
    with isolated(0), torch.no_grad():
        policy = agent.policy()
        load_weights(policy, weights)
        return output(policy, agent.observations)


def distilled(
    agent: NetworkAgent[Any],
    start: Weights,
    lessons: Lessons,
    loss: Callable[[Any, Tensor], Tensor],
    seed: int,
) -> Parameters:
    """The weights that gradient descent on ``loss`` leads to, beginning at ``start``.

    Args:
        agent: whose kind of network it is.
        start: weights to begin with.
        lessons: how often each information set is taught.
        loss: of a policy on a batch of information sets, by number.
        seed: draws the batches.
    """
    updates = agent.settings.distillation_updates
    frequency = torch.from_numpy(lessons.frequency)
    with isolated(derive_seed(seed, "distillation")):
        policy = agent.policy()
        load_weights(policy, start)
        optimizer = torch.optim.Adam(policy.parameters(), lr=LEARNING_RATE)
        decay = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 1e-3, updates)
        for _ in range(updates):
            optimizer.zero_grad()
            taught = torch.multinomial(frequency, BATCH, replacement=True)
            loss(policy, taught).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            decay.step()
        return to_weights(policy)


def _arrival(task: Task, policy: Behaviour) -> Floats:
    """Probability ``[I]`` that a player does what leads him there, if all else permits."""
    plan: Floats = realisation_plan(task.tree, policy)
    return plan[task.tree.sequences.parents[task.side]]


def allowed_visits(task: Task) -> Floats:
    """Probability ``[I]`` that chance and the opponents let a player come there."""
    tree, side = task.tree, task.side
    mine = tree.player == side
    reach = visits(deck_of(tree, task.opponent))[mine]
    allowed: Floats = np.zeros(tree.infosets[side])
    np.add.at(allowed, tree.infoset[mine], reach)
    return allowed


def _distribution(weights: Floats) -> Floats:
    return np.asarray(weights / weights.sum())
