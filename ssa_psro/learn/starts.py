"""Where a learner starts: rules that turn its own population, or luck, into start weights.

What is inherited or fused: policy weights and value weights. The optimiser starts fresh, but by the
rule ``continue``; so does log-std, at ``WARM_LOG_STD``: the noise that a beginner needs throws a
good ancestor far back. On the reference game a fused start lost 0.23 of payoff to noise of standard
deviation 0.22, and one of three trainings never made it up again; with 0.05 that one learned from
the start.
There is no running normalisation to carry over.

Fusion (Nash Policy Fusion, arXiv 2405.21027) sums the members' parameters weighted by the
learner's own meta-Nash. That sum is not the mixture it comes from, only a point near its
members, and it means most where members descend from one another and share hidden units.

``scratch`` is the same in every training of a side: members that begin at one point, or descend
from such, can be averaged. ``normal``, ``orthogonal`` and ``kaiming`` are drawn anew each time, as
in the ablation of arXiv 2405.21027; averages of such members are near none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats, Singles
from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.learn.embedding import LAYOUT, embed
from ssa_psro.learn.protocol import Fact, Member, Parameters, Situations, Weights
from ssa_psro.learn.settings import Training
from ssa_psro.randomness import derive_seed

WARM_LOG_STD = -3.0
"""log-std where training does not start from scratch: a standard deviation of 0.05 on actions in
[-1, 1]."""

CONTINUE = "continue"
"""The rule by which one learner goes on; only for it are optimisers and memories kept."""

TIE = 1e-9

POOL_PER_START = 8
"""From how many random networks each of the spread-out ones is picked."""


class Learner(Protocol):
    """What the rules that draw, try out or teach networks ask of an algorithm with a task."""

    def drawn(self, initialisation: str, seed: int, *, full_head: bool = False) -> Parameters:
        """Random weights from a distribution, a key of ``INITIALISATIONS``.

        Args:
            initialisation: its name.
            seed: what they are drawn from.
            full_head: let an actor's head be as large as any, instead of near 0.
        """

    def acts(self, weights: Weights, observations: Singles) -> Floats:
        """What a network of these weights does at observations, see ``protocol.Act``."""

    def situations(self, seed: int) -> Situations:
        """Where random networks are told apart."""

    def train(self, start: Weights, decisions: int, seed: int) -> Training:
        """Learn for so many decisions, but one rollout at least."""

    def distil(
        self, start: Weights, members: Sequence[Member[Any]], mixture: Floats, seed: int
    ) -> tuple[Parameters, Mapping[str, Fact]]:
        """A network in the image of the mixture ``[n]`` of members, and how near it comes."""


@dataclass(frozen=True, eq=False)
class StartContext:
    """What a start rule may look at, and use.

    Attributes:
        members: the learner's own population, oldest first, ``[n]``.
        mixture: its meta-Nash, ``[n]``.
        scores: mean payoff of each member against the opponents' mixture, ``[n]``.
        fresh: a normal initialisation of the learner's network; it also states the names,
            shapes and types that start weights must have.
        fused: how many members, those of most mass, are summed; 0 for all that have any.
        learner: draws, distils and trains networks, for the rules that need it.
        seed: root of the rule's randomness.
        decisions: budget of the whole response.
        restarts: how many spread-out starts are tried.
        restart_share: share of the budget that all trials together may spend.
    """

    members: Sequence[Member[Any]]
    mixture: Floats
    scores: Floats
    fresh: Weights
    fused: int = 0
    learner: Learner | None = None
    seed: int = 0
    decisions: int = 0
    restarts: int = 1
    restart_share: float = 0.0

    def needed(self) -> Learner:
        """The learner, of whom a rule asks that draws, distils or trains networks."""
        if self.learner is None:
            cure = "Use scratch, or a rule that inherits."
            fault = Fault("start", None, "nothing here draws or trains networks", cure)
            raise UsageError("start weights", [fault])
        return self.learner


@dataclass(frozen=True, eq=False)
class Start:
    """Start weights, where they come from, and what they cost.

    Attributes:
        weights: one array for every entry of ``fresh``, same shape and type.
        shares: weight of each member used, by name, summing to 1; empty for a fresh start.
        note: the same in words, with what was left out and why.
        facts: what else is worth a line in the record.
        decisions: of the budget, already spent.
        episodes: played with them.
        updates: gradient steps made with them.
        carried: what training goes on with, see ``Member.carried``.
    """

    weights: dict[str, NDArray[np.floating]]
    shares: Mapping[str, float]
    note: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    decisions: int = 0
    episodes: int = 0
    updates: int = 0
    carried: Any = None


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


def go_on(context: StartContext) -> Start:
    """The member trained last, with its optimiser and its memory: one learner that goes on."""
    last = inherit_last(context)
    carried = next((one.carried for one in context.members if one.name in last.shares), None)
    told = CONTINUE if carried is not None else f"{CONTINUE} without optimiser and memory"
    return replace(last, note=last.note.replace("inherit-last", told), carried=carried)


def inherit_nash(context: StartContext) -> Start:
    """The member with the most Nash mass among those that have weights; the earliest of equals."""
    usable = _usable(context)
    if not usable:
        return _start(context, {}, "scratch: no member to inherit from")
    most = max(usable, key=lambda i: context.mixture[i])
    heavier = context.mixture[most] < max(context.mixture) - TIE
    note = "inherit-nash, of those that have weights" if heavier else "inherit-nash"
    return _start(context, {most: 1.0}, note)


def heuristic(context: StartContext) -> Start:
    """The heuristic that scores best against the opponents; of equals, the one with more mass."""
    usable = [i for i in _usable(context) if context.members[i].parameters is None]
    if not usable:
        return _start(context, {}, "scratch: no heuristic to embed")
    best = max(context.scores[i] for i in usable)
    tied = [i for i in usable if context.scores[i] >= best - TIE]
    return _start(context, {max(tied, key=lambda i: context.mixture[i]): 1.0}, "heuristic")


def fusion(context: StartContext) -> Start:
    """The Nash-weighted sum of all members that can be summed, masses renormalised over them.

    Or of ``fused`` of them, those of most mass, the earliest of equals.
    """
    usable = [i for i in _usable(context) if context.mixture[i] > 0]
    found = len(usable)
    if context.fused:
        usable = sorted(sorted(usable, key=lambda i: -context.mixture[i])[: context.fused])
    total = sum(context.mixture[i] for i in usable)
    if total <= 0:
        return _start(context, {}, "scratch: no member with Nash mass can be fused")
    lost = 1.0 - total / context.mixture.sum()
    reason = "left out" if len(usable) < found else "no weights"
    note = "fusion" if lost < TIE else f"fusion without {lost:.1%} of the Nash mass ({reason})"
    return _start(context, {i: float(context.mixture[i] / total) for i in usable}, note)


def normal(context: StartContext) -> Start:
    """Random weights of variance 1/in (LeCun et al. 1998), different in every training."""
    return _drawn(context, "normal")


def orthogonal(context: StartContext) -> Start:
    """Random orthonormal weights (Saxe et al., ICLR 2014), different in every training."""
    return _drawn(context, "orthogonal")


def kaiming(context: StartContext) -> Start:
    """Random weights that keep activations alike (He et al. 2015), different in every training."""
    return _drawn(context, "kaiming")


def restarts(context: StartContext) -> Start:
    """The best of several random starts that play differently, after a short trial of each.

    1. Draw a pool of networks, heads at full size so that they have something to play.
    2. Pick the uniform-most one, then again and again the one that differs most from those picked.
    3. Train each for an equal part of ``restart_share``; keep the one whose last episodes paid
       most, with what it has learned. Optimisers and memories begin anew.

    This is successive halving (Jamieson & Talwalkar, AISTATS 2016) with a single cut. The trials
    count towards the budget, and are compared by what they earned, not by exact payoffs.
    """
    learner, number = context.needed(), context.restarts
    pool = [
        learner.drawn("kaiming", derive_seed(context.seed, "pool", k), full_head=True)
        for k in range(POOL_PER_START * number)
    ]
    picked = _spread_out(learner, pool, number, context.seed)
    decisions = int(context.decisions * context.restart_share) // number
    trials = [
        learner.train(pool[index], decisions, derive_seed(context.seed, "trial", k))
        for k, index in enumerate(picked)
    ]
    earned = [-np.inf if trial.returns[-1] is None else trial.returns[-1] for trial in trials]
    best = int(np.argmax(earned))
    return Start(
        {**trials[best].parameters},
        {},
        f"restarts: number {best + 1} of {number}",
        {"restart_returns": " ".join(f"{one:.4f}" for one in earned)},
        decisions=sum(trial.decisions for trial in trials),
        episodes=sum(trial.episodes for trial in trials),
        updates=sum(trial.updates for trial in trials),
    )


def behavioural_fusion(context: StartContext) -> Start:
    """One network that plays as the Nash mixture of the learner's own population does.

    Unlike the weights of ``fusion``, behaviour can be mixed whoever descends from whom, and of
    members without weights too. The network begins as the member of most mass.
    """
    massive = [i for i, mass in enumerate(context.mixture) if mass > 0]
    if all(context.members[i].parameters is None for i in massive):
        return _start(context, {}, "scratch: nobody to distil")
    begun = inherit_nash(context)
    weights, facts = context.needed().distil(
        begun.weights, context.members, context.mixture, context.seed
    )
    total = sum(context.mixture[i] for i in massive)
    shares = {context.members[i].name: float(context.mixture[i] / total) for i in massive}
    told = ", ".join(f"{share:.3f} {name}" for name, share in shares.items())
    return Start({**weights}, shares, f"behavioural-fusion: {told}", facts)


START_RULES: dict[str, StartRule] = {
    "scratch": scratch,
    "inherit-last": inherit_last,
    CONTINUE: go_on,
    "inherit-nash": inherit_nash,
    "heuristic": heuristic,
    "fusion": fusion,
    "normal": normal,
    "orthogonal": orthogonal,
    "kaiming": kaiming,
    "restarts": restarts,
    "behavioural-fusion": behavioural_fusion,
}
"""Every start rule by name."""

WHY_NOT: Mapping[str, str] = {
    "heuristic": "no member always takes one action",
    CONTINUE: "its learners keep neither optimiser nor memory",
    **dict.fromkeys(
        ("normal", "orthogonal", "kaiming", "restarts", "behavioural-fusion"),
        "its learners have no layers to draw or teach",
    ),
}
"""Why a game may have no use for a rule."""


def make_start(name: str, suited: Collection[str] = tuple(START_RULES)) -> StartRule:
    """The start rule of that name.

    Args:
        name: a key of ``START_RULES``.
        suited: names of the rules that have a meaning in the game.

    Raises:
        UsageError: no such rule, and the nearest name is suggested; or none for this game.
    """
    if name in START_RULES and name not in suited:
        problem = f"cannot be used in this game: {WHY_NOT.get(name, 'it has no meaning there')}"
        fault = Fault("start", name, problem, f"Use one of {', '.join(suited)}.")
        raise UsageError("start weights", [fault])
    _check_known(name, suited)
    return START_RULES[name]


@dataclass(frozen=True)
class StartSchedule:
    """The start rule of each iteration: ``scratch`` until ``first``, ``name`` from then on.

    Before its start iteration Fusion-PSRO initialises normally.

    Attributes:
        name: one of ``known``.
        first: the iteration, from 1, at which the rule takes effect.
        known: the rules that the game knows.
    """

    name: str
    first: int = 1
    known: tuple[str, ...] = tuple(START_RULES)

    def __post_init__(self) -> None:
        _check_known(self.name, self.known)

    def __call__(self, iteration: int) -> str:
        """Name of the rule for ``iteration``."""
        return self.name if iteration >= self.first else "scratch"


def _drawn(context: StartContext, initialisation: str) -> Start:
    weights = context.needed().drawn(initialisation, context.seed)
    return Start({**weights}, {}, initialisation)


def _spread_out(learner: Learner, pool: Sequence[Weights], number: int, seed: int) -> list[int]:
    """Indices of ``number`` networks of the pool: farthest points (Gonzalez 1985)."""
    where = learner.situations(seed)
    acts = [learner.acts(weights, where.observations) for weights in pool]
    nearest = _distances(acts, where.centre, where.weights)
    picked = [int(nearest.argmin())]
    nearest = _distances(acts, acts[picked[0]], where.weights)
    while len(picked) < number:
        picked.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, _distances(acts, acts[picked[-1]], where.weights))
    return picked


def _distances(acts: Sequence[Floats], centre: Floats, weights: Floats) -> Floats:
    """Total variation of ``[N, k]`` acts from ``centre``, situations weighted ``[N]``."""
    return np.array([weights @ np.abs(one - centre).sum(axis=1) / 2 for one in acts])


def _check_known(name: str, known: Collection[str]) -> None:
    if name not in known:
        fault = Fault("start", name, "no such start rule", did_you_mean(name, known))
        raise UsageError("start weights", [fault])


def _usable(context: StartContext) -> list[int]:
    return [
        index
        for index, member in enumerate(context.members)
        if embed(member, context.fresh) is not None
    ]


def _start(context: StartContext, shares: Mapping[int, float], rule: str) -> Start:
    """The weighted sum of the members in ``shares``, or the fresh weights if there are none."""
    if not shares:
        return Start({key: np.array(value) for key, value in context.fresh.items()}, {}, rule)
    total = {key: np.zeros(np.shape(value)) for key, value in context.fresh.items()}
    for index, share in shares.items():
        part = embed(context.members[index], context.fresh) or {}
        for key, value in part.items():
            total[key] += share * value
    log_std = LAYOUT.log_std
    if log_std in total:
        total[log_std] = np.full_like(total[log_std], WARM_LOG_STD)
    weights = {key: total[key].astype(value.dtype) for key, value in context.fresh.items()}
    named = {context.members[index].name: share for index, share in shares.items()}
    told = ", ".join(f"{share:.3f} {name}" for name, share in named.items())
    return Start(weights, named, f"{rule}: {told}")
