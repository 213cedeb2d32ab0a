"""Best responses in the non-transitive mixture game by gradient ascent: the learner's oracle.

The point is the learner's weights: it starts where the start rule puts it, so that inheriting and
fusing mean here what they mean for networks, and can be drawn on paper. What it reaches is the
summit above its start, hardly ever the highest of the plane.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.benchmarks.games.landscape import Landscape
from ssa_psro.benchmarks.games.non_transitive_mixture import (
    NonTransitiveMixture,
    PointMixture,
    point,
)
from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.oracles.protocol import OracleRequest, OracleResult
from ssa_psro.oracles.start_weights import StartContext, make_start
from ssa_psro.randomness import generator

ADAM = (0.9, 0.999, 1e-8)
"""beta1, beta2 and epsilon of Kingma & Ba, ICLR 2015."""


def plain(landscape: Landscape, starts: Floats, steps: int, rate: float) -> Floats:
    """Steps of ``rate`` times the gradient: small where the landscape is flat.

    Returns:
        every position on the way, ``[steps + 1, N, 2]``, from ``starts`` ``[N, 2]``.
    """
    path = np.empty((steps + 1, *starts.shape))
    path[0] = starts
    for step in range(steps):
        path[step + 1] = path[step] + rate * landscape.gradient(path[step])
    return path


def adam(landscape: Landscape, starts: Floats, steps: int, rate: float) -> Floats:
    """Steps of about ``rate`` a coordinate, however flat the landscape: as networks are trained.

    Returns:
        every position on the way, ``[steps + 1, N, 2]``, from ``starts`` ``[N, 2]``.
    """
    beta1, beta2, epsilon = ADAM
    path = np.empty((steps + 1, *starts.shape))
    path[0] = starts
    mean, square = np.zeros_like(starts), np.zeros_like(starts)
    for step in range(steps):
        gradient = landscape.gradient(path[step])
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient**2
        size = np.sqrt(square / (1 - beta2 ** (step + 1))) + epsilon
        path[step + 1] = path[step] + rate * mean / (1 - beta1 ** (step + 1)) / size
    return path


ASCENTS: dict[str, Callable[[Landscape, Floats, int, float], Floats]] = {
    "plain": plain,
    "adam": adam,
}
"""Every way of climbing by name."""


@dataclass(frozen=True)
class GradientOracle:
    """Climbs from the start weights; an ``Oracle``.

    Attributes:
        steps: gradient steps of a whole budget.
        rate: length of a step, see ``ascent``.
        ascent: a key of ``ASCENTS``.
        spread: standard deviation of scratch starts about the origin. The bumps lie 2.9 from it:
            0.1 starts all learners alike, 3 spreads them out.
        restarts: scratch starts a training, which share its budget; the best end is kept. Other
            start rules have one start.

    Raises:
        UsageError: there is no such ascent, or less than one step or restart.
    """

    steps: int = 100
    rate: float = 0.1
    ascent: str = "adam"
    spread: float = 1.0
    restarts: int = 1

    def __post_init__(self) -> None:
        faults = [
            Fault(name, count, "too few", "Give 1 or more.")
            for name, count in (("steps", self.steps), ("restarts", self.restarts))
            if count < 1
        ]
        if self.ascent not in ASCENTS:
            cure = did_you_mean(self.ascent, ASCENTS)
            faults.append(Fault("ascent", self.ascent, "no such ascent", cure))
        if faults:
            raise UsageError("gradient oracle", faults)

    def __call__(self, request: OracleRequest[PointMixture], /) -> OracleResult[PointMixture]:
        """The best of the points where the climbs end.

        Raises:
            UsageError: there is no start rule of the name asked for.
        """
        starts, note = self.starts(request)
        landscape = _opponents(request).landscape
        # rounded down, so that several responses never spend more than one; but 0.1 · 30 is 3
        steps = max(1, int(self.steps * request.budget + 1e-9) // len(starts))
        path = ASCENTS[self.ascent](landscape, starts, steps, self.rate)
        scores = landscape.at(path[-1])
        best = int(scores.argmax())
        facts = {
            "steps": steps * len(starts),
            "start_payoff": float(landscape.at(starts)[best]),
            "payoff": float(scores[best]),
            "start_x": float(starts[best, 0]),
            "start_y": float(starts[best, 1]),
            "end_x": float(path[-1, best, 0]),
            "end_y": float(path[-1, best, 1]),
        }
        return OracleResult(point(request.name, path[-1, best]), note, facts)

    def starts(self, request: OracleRequest[PointMixture]) -> tuple[Floats, str]:
        """Where the training of ``request`` starts, ``[N, 2]``, and the same in words.

        Raises:
            UsageError: there is no start rule of the name asked for.
        """
        rng = generator(request.seed, "initialisation")
        fresh = self.spread * rng.standard_normal((self.restarts, 2))
        context = StartContext(
            request.learners,
            request.learner_mixture,
            request.learner_scores,
            {"position": fresh[0]},
        )
        start = make_start(request.start)(context)
        if not start.shares:
            return fresh, start.note
        return np.asarray(start.weights["position"], dtype=np.float64)[None], start.note


def _opponents(request: OracleRequest[PointMixture]) -> PointMixture:
    policies = [member.policy for member in request.opponents]
    return NonTransitiveMixture().mix(policies, request.opponent_mixture)
