"""Where a learner starts: rules that turn its own population into start weights.

What is inherited or fused: policy weights and value weights. The optimiser starts fresh, and so
does log-std, at ``WARM_LOG_STD``: the noise that a beginner needs throws a good ancestor far back.
On the reference game a fused start lost 0.23 of payoff to noise of standard deviation 0.22, and
one of three trainings never made it up again; with 0.05 that one learned from the start.
There is no running normalisation to carry over.

A heuristic that always takes the same action is exactly a network whose last layer has zero
weights and that action as bias. Its body and value network do not matter to what it plays,
so both are taken from the fresh initialisation: hidden units are exchangeable, and a body
drawn separately would only blur the ones it is averaged with.

Fusion (Nash Policy Fusion, arXiv 2405.21027) sums the members' parameters weighted by the
learner's own meta-Nash. That sum is not the mixture it comes from, only a point near its
members, and it means most where members descend from one another and share hidden units.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.oracles.protocol import Member, Weights

WARM_LOG_STD = -3.0
"""log-std where training does not start from scratch: a standard deviation of 0.05 on actions in
[-1, 1]."""

SQUASHED_MOST = 0.99
"""Largest weight of a heuristic in a network with a squashed head: a tanh never reaches 1, and
near it hardly learns."""

TIE = 1e-9


@dataclass(frozen=True)
class Layout:
    """Which entries of a learner's parameters have a meaning to the start rules.

    Attributes:
        head_weight: weight matrix of the policy network's last, linear layer.
        head_bias: its bias ``[D]``.
        log_std: log standard deviation of the action noise ``[D]``.
        squash: present if a tanh follows that layer.
    """

    head_weight: str = "actor.head.weight"
    head_bias: str = "actor.head.bias"
    log_std: str = "log_std"
    squash: str = "squash"


@dataclass(frozen=True, eq=False)
class StartContext:
    """What a start rule may look at.

    Attributes:
        members: the learner's own population, oldest first, ``[n]``.
        mixture: its meta-Nash, ``[n]``.
        scores: mean payoff of each member against the opponents' mixture, ``[n]``.
        fresh: a normal initialisation of the learner's network; it also states the names,
            shapes and types that start weights must have.
        layout: names of the entries the rules must know.
    """

    members: Sequence[Member[Any]]
    mixture: Floats
    scores: Floats
    fresh: Weights
    layout: Layout = Layout()


@dataclass(frozen=True, eq=False)
class Start:
    """Start weights, and where they come from.

    Attributes:
        weights: one array for every entry of ``fresh``, same shape and type.
        shares: weight of each member used, by name, summing to 1; empty for a fresh start.
        note: the same in words, with what was left out and why.
    """

    weights: dict[str, NDArray[np.floating]]
    shares: Mapping[str, float]
    note: str


StartRule = Callable[[StartContext], Start]


def scratch(context: StartContext) -> Start:
    """The fresh initialisation itself."""
    return _start(context, {}, "scratch")


def inherit_last(context: StartContext) -> Start:
    """The member trained last; scratch while nothing has been trained."""
    trained = [i for i in _usable(context) if context.members[i].parameters is not None]
    if not trained:
        return _start(context, {}, "scratch: no trained member to inherit from")
    return _start(context, {trained[-1]: 1.0}, "inherit-last")


def inherit_nash(context: StartContext) -> Start:
    """The member with the most Nash mass; the earliest of equals."""
    usable = _usable(context)
    if not usable:
        return _start(context, {}, "scratch: no member to inherit from")
    return _start(context, {max(usable, key=lambda i: context.mixture[i]): 1.0}, "inherit-nash")


def heuristic(context: StartContext) -> Start:
    """The heuristic that scores best against the opponents; of equals, the one with more mass."""
    usable = [i for i in _usable(context) if context.members[i].parameters is None]
    if not usable:
        return _start(context, {}, "scratch: no heuristic to embed")
    best = max(context.scores[i] for i in usable)
    tied = [i for i in usable if context.scores[i] >= best - TIE]
    return _start(context, {max(tied, key=lambda i: context.mixture[i]): 1.0}, "heuristic")


def fusion(context: StartContext) -> Start:
    """The Nash-weighted sum of all members that can be summed, masses renormalised over them."""
    usable = [i for i in _usable(context) if context.mixture[i] > 0]
    total = sum(context.mixture[i] for i in usable)
    if total <= 0:
        return _start(context, {}, "scratch: no member with Nash mass can be fused")
    lost = 1.0 - total / context.mixture.sum()
    note = "fusion" if lost < TIE else f"fusion without {lost:.1%} of the Nash mass (no weights)"
    return _start(context, {i: float(context.mixture[i] / total) for i in usable}, note)


START_WEIGHTS: dict[str, StartRule] = {
    "scratch": scratch,
    "inherit-last": inherit_last,
    "inherit-nash": inherit_nash,
    "heuristic": heuristic,
    "fusion": fusion,
}
"""Every start rule by name."""


def make_start(name: str) -> StartRule:
    """The start rule of that name.

    Raises:
        UsageError: no such rule; the nearest name is suggested.
    """
    _check_known(name, START_WEIGHTS)
    return START_WEIGHTS[name]


@dataclass(frozen=True)
class StartSchedule:
    """The start rule of each iteration: ``before`` until ``first``, ``name`` from then on.

    Before its start iteration Fusion-PSRO initialises normally, hence ``scratch``.

    Attributes:
        name: one of ``known``.
        first: the iteration, from 1, at which the rule takes effect.
        before: one of ``known``.
        known: the rules there are; the benchmark games have more of them.
    """

    name: str
    first: int = 1
    before: str = "scratch"
    known: tuple[str, ...] = tuple(START_WEIGHTS)

    def __post_init__(self) -> None:
        for name in (self.name, self.before):
            _check_known(name, self.known)

    def __call__(self, iteration: int) -> str:
        """Name of the rule for ``iteration``."""
        return self.name if iteration >= self.first else self.before


def embed(member: Member[Any], fresh: Weights, layout: Layout) -> dict[str, Floats] | None:
    """A member as parameters of the learner's own network; ``None`` where that is impossible.

    A trained member must have the same names and shapes as ``fresh``. A heuristic with a
    constant action becomes ``fresh`` with zero last-layer weights and that action as bias; where
    the head is squashed, with the bias that gives that action, cut off at ``SQUASHED_MOST``.
    """
    if member.parameters is not None:
        same = _shapes(member.parameters) == _shapes(fresh)
        return {key: np.asarray(member.parameters[key], float) for key in fresh} if same else None
    if member.constant_action is None or np.shape(member.constant_action) != np.shape(
        fresh[layout.head_bias]
    ):
        return None
    weights = {key: np.array(value, dtype=np.float64) for key, value in fresh.items()}
    weights[layout.head_weight][:] = 0.0
    action = np.asarray(member.constant_action, float)
    if layout.squash in fresh:
        action = np.arctanh(np.clip(action, -SQUASHED_MOST, SQUASHED_MOST))
    weights[layout.head_bias][:] = action
    return weights


def _check_known(name: str, known: Collection[str]) -> None:
    if name not in known:
        fault = Fault("start", name, "no such start rule", did_you_mean(name, known))
        raise UsageError("start weights", [fault])


def _usable(context: StartContext) -> list[int]:
    return [
        index
        for index, member in enumerate(context.members)
        if embed(member, context.fresh, context.layout) is not None
    ]


def _start(context: StartContext, shares: Mapping[int, float], rule: str) -> Start:
    """The weighted sum of the members in ``shares``, or the fresh weights if there are none."""
    if not shares:
        return Start({key: np.array(value) for key, value in context.fresh.items()}, {}, rule)
    total = {key: np.zeros(np.shape(value)) for key, value in context.fresh.items()}
    for index, share in shares.items():
        part = embed(context.members[index], context.fresh, context.layout) or {}
        for key, value in part.items():
            total[key] += share * value
    log_std = context.layout.log_std
    if log_std in total:
        total[log_std] = np.full_like(total[log_std], WARM_LOG_STD)
    weights = {key: total[key].astype(value.dtype) for key, value in context.fresh.items()}
    named = {context.members[index].name: share for index, share in shares.items()}
    told = ", ".join(f"{share:.3f} {name}" for name, share in named.items())
    return Start(weights, named, f"{rule}: {told}")


def _shapes(weights: Weights) -> dict[str, tuple[int, ...]]:
    return {key: np.shape(value) for key, value in weights.items()}
