"""Doctrines as points: searching among constant ones, and how far policies are from each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats, Seeds, Singles
from ssa_psro.game import FEATURES, SUMMARY, Command, View, chance, doctrine_command
from ssa_psro.games.coverage.environment import Seat
from ssa_psro.learn.embedding import LAYOUT
from ssa_psro.learn.protocol import Act, Bonus, Kind, Member, Parameters, Weights
from ssa_psro.learn.starts import Start
from ssa_psro.policies import DoctrineNetwork, Mixture, Policy
from ssa_psro.policies.match import batches
from ssa_psro.randomness import generator

WIDTH = 0.5
"""Standard deviation of all policies around their doctrines where diversity compares them, weights
lying in [-1, 1]: doctrines have no overlap otherwise, and would differ infinitely."""


DRAWS = 1024
"""Episodes among which those with the opponents wanted are looked for at a time."""


class Traveller(Seat, Protocol):
    """A seat whose learner can be sent on a tour."""

    @property
    def kind(self) -> Kind: ...

    def doctrines(self, acts: Floats, /) -> Floats:
        """The doctrines ``[B, D]`` of acts ``[B, k]``, see ``protocol.Act``."""

    def tour(self, act: Act, seed: int, /) -> Singles:
        """Summaries ``[N, K]`` where someone who acts so comes."""


@dataclass(frozen=True, eq=False)
class DoctrineSpace:
    """The biases ``[D]`` of a network's head, as a ``SearchSpace``.

    Where the head's weights are zero these are constant doctrines. Where the network reacts to what
    it sees it goes on doing so, around another doctrine.
    """

    task: Seat
    start: Start

    bounds: ClassVar[tuple[float, float]] = (-1.0, 1.0)
    diagonal: ClassVar[bool] = True
    """A budget is some hundred generations, in which covariances of so many numbers are not
    learned, but variances are (sep-CMA-ES, Ros & Hansen 2008)."""

    @property
    def centre(self) -> NDArray[Any]:
        """The start's."""
        return self.start.weights[LAYOUT.head_bias]

    @property
    def decisions(self) -> float:
        """In every episode."""
        return self.task.engine.decisions

    def episodes(self, seed: int, count: int, /) -> Seeds:
        """Those in which every opponent plays as often as is its due, see ``stratified``.

        A learner in both seats plays each of them in either, so there are half as many.
        """
        seats = [1 - seat for seat in self.task.seats]
        return stratified(self.task.opponent, seats, seed, math.ceil(count / len(seats)))

    def payoffs(self, tried: Floats, seeds: Seeds, /) -> tuple[Floats, int]:
        """Mean payoffs ``[n]`` of doctrines ``[n, D]`` on the same episodes, in every seat."""
        task, game = self.task, self.task.engine
        reaction = self._reaction
        doctrines, played = np.repeat(tried, len(seeds), axis=0), np.tile(seeds, len(tried))
        parts = [
            task.earned(seat, _Trial(doctrines[one], reaction), played[one])
            for seat in task.seats
            for one in batches(game, len(played))
        ]
        payoffs = np.concatenate(parts).reshape(len(task.seats), len(tried), -1).mean(axis=(0, 2))
        return np.asarray(payoffs), len(task.seats) * len(played) * game.decisions

    def weights(self, vector: Floats, /) -> Weights:
        """The start's network with other biases."""
        named = {**self.start.weights, LAYOUT.head_bias: vector}
        return {name: np.asarray(array, dtype=np.float32) for name, array in named.items()}

    @cached_property
    def _reaction(self) -> DoctrineNetwork | None:
        """The network without biases of its head; ``None`` where it reacts to nothing."""
        if not self.start.weights[LAYOUT.head_weight].any():
            return None
        return DoctrineNetwork("reaction", self.weights(np.zeros(len(FEATURES))))


@dataclass(frozen=True, eq=False)
class _Trial:
    """Plays around another doctrine in every episode of a batch."""

    doctrines: Floats
    reaction: DoctrineNetwork | None = None
    name: str = "trial"

    @property
    def constant(self) -> bool:
        """Whether it reacts to nothing."""
        return self.reaction is None

    def act(self, view: View) -> Command:
        if self.reaction is None:
            return doctrine_command(self.doctrines)
        return doctrine_command(
            np.clip(self.doctrines + self.reaction.head(view.summary), -1.0, 1.0)
        )


def stratified(mixture: Mixture, seats: Sequence[int], seed: int, count: int) -> Seeds:
    """Seeds of episodes ``[count]`` in which a mixture draws every member as often as is its due.

    That is ``count`` times its probability, rounded up or down by chance so that its mean is right
    (systematic sampling). Nothing else in an episode depends on the draw, so means over them are
    unbiased, and free of the luck of whom one meets.

    Args:
        mixture: what draws.
        seats: where it sits; in each of them its draws are even.
        seed: decides the episodes.
        count: how many.
    """
    rng, edges = generator(seed, "stratified"), np.cumsum(mixture.probabilities)
    places = (np.arange(count) + rng.random((len(seats), 1))) / count * edges[-1]
    last = np.flatnonzero(mixture.probabilities)[-1]
    wanted = rng.permuted(np.searchsorted(edges, places, side="right").clip(max=last), axis=1)
    seeds, open_ = np.zeros(count, dtype=np.uint64), np.ones(count, dtype=np.bool_)
    while open_.any():
        offered = rng.integers(2**63, size=DRAWS, dtype=np.uint64)
        drawn = np.stack([mixture.draw(chance.branch(offered, chance.POLICY, s)) for s in seats])
        for kind in np.unique(wanted[:, open_], axis=1).T:
            fit = offered[(drawn == kind[:, None]).all(axis=0)]
            places_of = np.flatnonzero(open_ & (wanted == kind[:, None]).all(axis=0))[: fit.size]
            seeds[places_of], open_[places_of] = fit[: places_of.size], False
    return seeds


class DoctrineHull:
    """A population's members for policy-space diversity.

    All policies count as normal distributions of one ``WIDTH`` around their doctrines ``b``, so
    that KL(p, q) = ``|b_p - b_q|² / (2 WIDTH²)`` at every decision. Mixtures of members are
    none such, so the nearest is looked for among members alone, as the authors of PSD-PSRO do.

    Args:
        task: who learns.
        members: its own population; those that play no doctrines are left out.
        seed: of the episodes in which the nearest is looked for.
    """

    def __init__(self, task: Traveller, members: Sequence[Member[Policy]], seed: int) -> None:
        self._task, self._seed = task, seed
        self._members = [one for one in members if has_doctrine(one)]

    def distances(self, act: Act) -> Floats:
        """Mean KL divergence ``[n]`` from each member in a decision of someone who acts so."""
        seen = self._task.tour(act, self._seed)
        own = self._task.doctrines(act(self._task.shown(seen)))
        return np.array([_nats(own, doctrines_at(one, seen)).mean() for one in self._members])

    def bonus(self, weight: float, act: Act) -> Bonus:
        """What doctrines pay, on average their KL divergence from the nearest member's.

        That is the logarithm of how much more likely the learner is to play them than the member;
        one that chooses from a list is certain of its choice.
        """
        task = self._task
        if not self._members:
            return lambda seen, actions: np.zeros(len(seen))
        nearest = self._members[int(self.distances(act).argmin())]
        certain = task.kind == "discrete"

        def paid(seen: NDArray[Any], actions: NDArray[Any]) -> Floats:
            played, own = task.doctrines_of(actions), task.doctrines(act(seen))
            away = _nats(played, doctrines_at(nearest, seen[:, : len(SUMMARY)]))
            return np.asarray(weight * (away - (0.0 if certain else _nats(played, own))))

        return paid


def has_doctrine(member: Member[Policy]) -> bool:
    """Whether a member plays doctrines that follow from the summary."""
    return member.parameters is not None or member.constant_action is not None


def doctrines_at(member: Member[Policy], summaries: Singles) -> Floats:
    """A member's doctrines ``[N, D]`` at summaries ``[N, K]``."""
    if member.constant_action is not None:
        return np.tile(member.constant_action, (len(summaries), 1))
    assert isinstance(member.policy, DoctrineNetwork), f"{member.name} plays no doctrines"
    return member.policy.weights(summaries).astype(np.float64)


def constant_network(weights: Weights, doctrine: NDArray[Any]) -> Parameters:
    """A PPO network that always plays ``doctrine`` ``[D]``, otherwise as ``weights``."""
    single = {key: np.asarray(array, dtype=np.float32) for key, array in weights.items()}
    return {
        **single,
        LAYOUT.head_weight: np.zeros_like(single[LAYOUT.head_weight]),
        LAYOUT.head_bias: np.asarray(doctrine).astype(np.float32),
    }


def _nats(one: NDArray[Any], other: NDArray[Any]) -> Floats:
    """KL divergence ``[N]`` of doctrines ``[N, D]`` from others."""
    away: Floats = np.square(np.asarray(one, dtype=np.float64) - other).sum(axis=1)
    return away / (2 * WIDTH**2)
