"""Behavioural fusion: many networks distilled into one (Hinton et al., arXiv 1503.02531).

Averaging weights is not averaging behaviour. Here the network is taught what the mixture does and
values, each member counted in a situation as often as it comes there (Kuhn 1953), and each
situation as often as the mixture comes there against the opponents. Where that is, the game's task
knows: exactly from a game tree, or from episodes that are played for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from stable_baselines3.common.policies import BasePolicy
from torch import Tensor

from ssa_psro.learn.networks import load_weights, output_of, to_weights
from ssa_psro.learn.protocol import Lessons, Parameters, Weights
from ssa_psro.learn.training import isolated
from ssa_psro.randomness import derive_seed

BATCH = 512
LEARNING_RATE = 3e-3
"""Of Adam at the beginning; it falls to 0, so that what the batches left out evens out."""

ASTRAY = 0.1
"""Share of the lessons about where someone without habits comes: the learner will explore, and
should find there what the mixture would do, not whatever the network says unasked."""

Make = Callable[[], BasePolicy]
"""Makes SB3's policy of the kind that is taught, freshly initialised."""


def mean_output(
    make: Make, lessons: Lessons[Any], output: Callable[[Any, Tensor], Tensor]
) -> Tensor | None:
    """Mean of the members' outputs ``[N, k]``; ``None`` if none of them has such a network.

    Args:
        make: whose outputs are asked for.
        lessons: how often each member counts where. Members without a network do not, nor those
            whose network is of another shape.
        output: of a policy at observations ``[N, ...]``.
    """
    shapes = {key: array.shape for key, array in to_weights(make()).items()}
    taught = [i for i, one in enumerate(lessons.members) if _fits(one.parameters, shapes)]
    if not taught:
        return None
    shares = torch.from_numpy(lessons.shares[taught]).float()[:, :, None]
    networks = [lessons.members[index].parameters or {} for index in taught]
    seen = lessons.observations
    stacked = torch.stack([output_of(make, weights, seen, output) for weights in networks])
    total = shares.sum(dim=0)
    # where only members without a network come, the others are asked all the same
    return torch.where(total > 0, (shares * stacked).sum(dim=0) / total, stacked.mean(dim=0))


def distilled(
    make: Make,
    start: Weights,
    lessons: Lessons[Any],
    loss: Callable[[Any, Tensor], Tensor],
    updates: int,
    seed: int,
) -> Parameters:
    """The weights that gradient descent on ``loss`` leads to, beginning at ``start``.

    Args:
        make: whose kind of network it is.
        start: weights to begin with.
        lessons: how often each situation is taught.
        loss: of a policy on a batch of situations, by number.
        updates: gradient steps.
        seed: draws the batches.
    """
    frequency = torch.from_numpy(lessons.frequency)
    with isolated(derive_seed(seed, "distillation")):
        policy = make()
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


def _fits(parameters: Weights | None, shapes: dict[str, tuple[int, ...]]) -> bool:
    if parameters is None:
        return False
    return all(
        key in parameters and parameters[key].shape == shape for key, shape in shapes.items()
    )
