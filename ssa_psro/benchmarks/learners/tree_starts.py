"""Where a learner of a game tree starts: the rules for weights that every game has, and more.

``scratch``, ``inherit-last``, ``inherit-nash`` and ``fusion`` are those of
``oracles.start_weights``; ``heuristic`` is none here, because no member always takes one action.
``scratch`` is the same in every training of a side: members that begin at one point, or descend
from such, can be averaged. ``normal``, ``orthogonal`` and ``kaiming`` are drawn anew each time, as
in the ablation of arXiv 2405.21027; averages of such members are near none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.benchmarks.games.behaviour import uniform
from ssa_psro.benchmarks.games.sequence_form import realisation_plan
from ssa_psro.benchmarks.learners.agent import Agent
from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.oracles.protocol import Fact, Weights
from ssa_psro.oracles.start_weights import (
    Start,
    StartContext,
    StartRule,
    fusion,
    inherit_last,
    inherit_nash,
    scratch,
)
from ssa_psro.randomness import derive_seed

POOL_PER_START = 8
"""From how many random networks each of the spread-out ones is picked."""


@dataclass(frozen=True, eq=False, kw_only=True)
class TreeStartContext(StartContext):
    """What a start rule may look at, and use.

    Attributes:
        agent: draws, distils and trains networks.
        seed: root of the rule's randomness.
        steps: budget of the whole response.
        restarts: how many spread-out starts are tried.
        restart_share: share of the budget that all trials together may spend.
    """

    agent: Agent
    seed: int
    steps: int
    restarts: int
    restart_share: float


@dataclass(frozen=True, eq=False)
class TreeStart:
    """Start weights, and what they cost.

    Attributes:
        start: weights, and where they come from.
        facts: what is worth a line in the record.
        steps: of the budget, already spent.
        episodes: played with them.
        updates: gradient steps made with them.
    """

    start: Start
    facts: Mapping[str, Fact] = field(default_factory=dict)
    steps: int = 0
    episodes: int = 0
    updates: int = 0


TreeStartRule = Callable[[TreeStartContext], TreeStart]


def for_free(rule: StartRule) -> TreeStartRule:
    """A rule that looks at nothing but weights, as a rule of this family."""
    return lambda context: TreeStart(rule(context))


def drawn(context: TreeStartContext, *, initialisation: str) -> TreeStart:
    """Random weights, different in every training."""
    weights = context.agent.drawn(initialisation, context.seed)
    return TreeStart(Start({**weights}, {}, initialisation))


def restarts(context: TreeStartContext) -> TreeStart:
    """The best of several random starts that play differently, after a short trial of each.

    1. Draw a pool of networks, heads at full size so that they have something to play.
    2. Pick the uniform-most one, then again and again the one that differs most from those picked.
    3. Train each for an equal part of ``restart_share``; keep the one whose last episodes paid
       most, with what it has learned. Optimisers and memories begin anew.

    This is successive halving (Jamieson & Talwalkar, AISTATS 2016) with a single cut. The trials
    count towards the budget, and are compared by what they earned, not by exact payoffs.
    """
    agent, number = context.agent, context.restarts
    pool = [
        agent.drawn("kaiming", derive_seed(context.seed, "pool", k), full_head=True)
        for k in range(POOL_PER_START * number)
    ]
    picked = _spread_out(context, pool, number)
    steps = int(context.steps * context.restart_share) // number
    trials = [
        agent.train(pool[index], steps, derive_seed(context.seed, "trial", k))
        for k, index in enumerate(picked)
    ]
    earned = [-np.inf if trial.returns[-1] is None else trial.returns[-1] for trial in trials]
    best = int(np.argmax(earned))
    return TreeStart(
        Start({**trials[best].parameters}, {}, f"restarts: number {best + 1} of {number}"),
        {"restart_returns": " ".join(f"{one:.4f}" for one in earned)},
        steps=sum(trial.steps for trial in trials),
        episodes=sum(trial.episodes for trial in trials),
        updates=sum(trial.updates for trial in trials),
    )


def behavioural_fusion(context: TreeStartContext) -> TreeStart:
    """One network that plays as the Nash mixture of the learner's own population does.

    Unlike the weights of ``fusion``, behaviour can be mixed whoever descends from whom, and of
    members without weights too. The network begins as the member of most mass.
    """
    massive = [i for i, mass in enumerate(context.mixture) if mass > 0]
    if all(context.members[i].parameters is None for i in massive):
        return TreeStart(Start({**scratch(context).weights}, {}, "scratch: nobody to distil"))
    begun = inherit_nash(context)
    done = context.agent.distil(begun.weights, context.members, context.mixture, context.seed)
    total = sum(context.mixture[i] for i in massive)
    shares = {context.members[i].name: float(context.mixture[i] / total) for i in massive}
    told = ", ".join(f"{share:.3f} {name}" for name, share in shares.items())
    note = f"behavioural-fusion: {told}"
    return TreeStart(Start({**done.weights}, shares, note), done.facts)


TREE_STARTS: dict[str, TreeStartRule] = {
    "scratch": for_free(scratch),
    "inherit-last": for_free(inherit_last),
    "inherit-nash": for_free(inherit_nash),
    "fusion": for_free(fusion),
    "normal": partial(drawn, initialisation="normal"),
    "orthogonal": partial(drawn, initialisation="orthogonal"),
    "kaiming": partial(drawn, initialisation="kaiming"),
    "restarts": restarts,
    "behavioural-fusion": behavioural_fusion,
}
"""Every start rule of learners of game trees by name."""


def make_tree_start(name: str) -> TreeStartRule:
    """The start rule of that name.

    Raises:
        UsageError: no such rule; the nearest name is suggested.
    """
    if name not in TREE_STARTS:
        fault = Fault("start", name, "no such start rule", did_you_mean(name, TREE_STARTS))
        raise UsageError("start weights", [fault])
    return TREE_STARTS[name]


def _spread_out(context: TreeStartContext, pool: Sequence[Weights], number: int) -> list[int]:
    """Indices of ``number`` networks of the pool: farthest points (Gonzalez 1985)."""
    task = context.agent.task
    own = uniform(task.tree, task.side)
    weight = realisation_plan(task.tree, own)[task.tree.sequences.parents[task.side]]
    tables = [context.agent.behaviour(weights).probabilities for weights in pool]
    nearest = _distances(tables, own.probabilities, weight)
    picked = [int(nearest.argmin())]
    nearest = _distances(tables, tables[picked[0]], weight)
    while len(picked) < number:
        picked.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, _distances(tables, tables[picked[-1]], weight))
    return picked


def _distances(tables: list[Floats], centre: Floats, weight: Floats) -> Floats:
    """Total variation of ``[I, A]`` tables from ``centre``, information sets weighted ``[I]``."""
    return np.array([weight @ np.abs(table - centre).sum(axis=1) / 2 for table in tables])
