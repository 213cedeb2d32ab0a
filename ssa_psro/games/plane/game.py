"""The non-transitive mixture game: seven bumps in the plane that beat each other in a cycle.

A policy is a point x. It belongs to bump k to the degree ``pi_k(x) = exp(-a |x - mu_k|² / 2)``,
each bump beats the next three and loses to the three before, and it pays to belong to any:

    u(x, y) = pi(x)ᵀ S pi(y) + ½ Σ_k (pi_k(x) - pi_k(y))

Perez-Nieves et al., ICML 2021, after whom Fusion-PSRO (arXiv 2405.21027, figure 4) uses it. The
game is symmetric and zero-sum, so its value is 0 and both players answer a mixture alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import Fault, UsageError
from ssa_psro.games.plane.landscape import Landscape
from ssa_psro.games.protocol import DeviationValues
from ssa_psro.learn.protocol import Ability, Fact, Kind, Member, OracleRequest, OracleResult
from ssa_psro.randomness import generator

CENTRES: Floats = np.array(
    [
        [2.8722, -0.025255],
        [1.8105, 2.2298],
        [1.8105, -2.2298],
        [-0.6145, 2.8058],
        [-0.6145, -2.8058],
        [-2.5768, 1.2690],
        [-2.5768, -1.2690],
    ]
)
"""``mu_k`` ``[7, 2]``."""

PRECISION = 0.54
"""``a``, the inverse variance of every bump."""

CYCLE: Floats = np.array([np.roll([0.0, 1, 1, 1, -1, -1, -1], shift) for shift in range(7)])
"""``S`` ``[7, 7]``, antisymmetric."""


@dataclass(frozen=True, eq=False)
class PointMixture:
    """A mixture of points; a pure policy is one of a single point.

    Attributes:
        points: ``[k, 2]``.
        weights: ``[k]``, summing to 1.
    """

    points: Floats
    weights: Floats

    @cached_property
    def profile(self) -> Floats:
        """Mean of ``pi`` ``[7]``: all that payoffs depend on."""
        return np.asarray(self.weights @ bumps(self.points))

    @cached_property
    def landscape(self) -> Landscape:
        """What each point gets against this mixture."""
        heights = CYCLE @ self.profile + 0.5
        return Landscape(CENTRES, PRECISION, heights, -0.5 * float(self.profile.sum()))


DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "gradient": {"steps": 100, "rate": 0.1, "ascent": "adam"},
    "cma-es": {"steps": 400, "population": 8, "episodes": 1, "sigma": 1.0},
}
"""Settings that suit the plane, by oracle. The bumps lie 2.9 from the origin: a ``spread`` of 0.1
starts all climbs alike, 3 spreads them out."""


@dataclass(frozen=True)
class NonTransitiveMixture:
    """The game as a ``Game``, measured exactly; a policy is a ``PointMixture``."""

    name: ClassVar[str] = "non-transitive-mixture"
    offers: ClassVar[frozenset[Ability]] = frozenset({"exact", "slope", "search"})
    defaults: ClassVar[Mapping[str, Mapping[str, Any]]] = DEFAULTS
    starts: ClassVar[Sequence[str]] = ("scratch", "inherit-last", "inherit-nash", "fusion")

    def judge(self, row: PointMixture, column: PointMixture, seeds: Seeds, /) -> Floats:
        """Expected payoffs, the same in every episode, ``[E, 2]``."""
        payoff = _between(row.profile, column.profile)
        return np.tile([payoff, -payoff], (len(seeds), 1))

    def mix(self, policies: Sequence[PointMixture], probabilities: Floats, /) -> PointMixture:
        """All their points, each as often as its mixture is played."""
        used = [(one, share) for one, share in zip(policies, probabilities, strict=True) if share]
        points = np.concatenate([one.points for one, _ in used])
        return PointMixture(points, np.concatenate([share * one.weights for one, share in used]))

    def deviations(self, row: PointMixture, column: PointMixture, /) -> DeviationValues:
        """Value, gains and NashConv against the best points of the whole plane.

        As exact as ``Landscape.highest`` is: up to its ``slack`` from below, in practice to
        rounding.
        """
        value = _between(row.profile, column.profile)
        best = (column.landscape.highest().payoff, row.landscape.highest().payoff)
        return DeviationValues.of(value, best)

    def best_response(self, request: OracleRequest[PointMixture], /) -> OracleResult[PointMixture]:
        """The best point of the whole plane against the opponents."""
        policies = [member.policy for member in request.opponents]
        summit = self.mix(policies, request.opponent_mixture).landscape.highest()
        facts = {"payoff": summit.payoff, "payoff_at_most": summit.payoff + summit.slack}
        return OracleResult(point(request.name, summit.position), facts=facts)

    def stream(self, algorithm: str, /) -> str:
        """Nothing here is trained in episodes."""
        return algorithm

    def task(self, request: OracleRequest[PointMixture], kinds: Sequence[Kind], /) -> PlaneSlope:
        """The landscape that the request's mixture makes of the plane."""
        policies = [member.policy for member in request.opponents]
        opponents = self.mix(policies, request.opponent_mixture)
        return PlaneSlope(opponents.landscape, request.seed)


@dataclass(frozen=True, eq=False)
class PlaneSlope:
    """A ``Slope``: the plane against fixed opponents.

    Attributes:
        landscape: what each point gets.
        seed: of the request.
    """

    landscape: Landscape
    seed: int

    entry: ClassVar[str] = "position"

    def luck(self, count: int, /) -> Floats:
        """``[count, 2]``."""
        return generator(self.seed, "initialisation").standard_normal((count, 2))

    def payoffs(self, points: Floats, /) -> Floats:
        """Of points ``[N, 2]``."""
        return self.landscape.at(points)

    def slope(self, points: Floats, rate: float, /) -> Floats:
        """At points ``[N, 2]``."""
        return rate * self.landscape.gradient(points)

    def member(self, name: str, place: Floats, /) -> Member[PointMixture]:
        """The member that always plays a point."""
        return point(name, place)

    def told(self, start: Floats, end: Floats, /) -> dict[str, Fact]:
        """Both places, for a map."""
        places = {"start": start, "end": end}
        return {
            f"{name}_{axis}": float(place[index])
            for name, place in places.items()
            for index, axis in enumerate("xy")
        }


def point(name: str, position: ArrayLike) -> Member[PointMixture]:
    """The member that always plays ``position`` ``[2]``; it can be inherited and fused.

    Raises:
        UsageError: not a point of the plane.
    """
    place = np.array(position, dtype=np.float64)
    if place.shape != (2,) or not np.isfinite(place).all():
        fault = Fault("position", position, "not a point of the plane", "Give two numbers.")
        raise UsageError("non-transitive mixture game", [fault])
    return Member(name, PointMixture(place[None], np.ones(1)), parameters={"position": place})


def bumps(points: Floats) -> Floats:
    """``pi`` of ``points`` ``[N, 2]``: ``[N, 7]``."""
    return Landscape(CENTRES, PRECISION, np.ones(7), 0.0).bumps(points)


def payoffs(rows: Floats, columns: Floats) -> Floats:
    """``u`` of all points ``[N, 2]`` against all points ``[M, 2]``: ``[N, M]``."""
    own, other = bumps(rows), bumps(columns)
    tilt = 0.5 * (own.sum(axis=1)[:, None] - other.sum(axis=1))
    return np.asarray(own @ CYCLE @ other.T + tilt)


def _between(row: Floats, column: Floats) -> float:
    """``u`` of two profiles ``[7]``."""
    return float(row @ CYCLE @ column + 0.5 * (row.sum() - column.sum()))
