"""Gradient ascent on exact payoffs, in games whose weights are a few numbers.

It starts where the start rule puts it, so that inheriting and fusing mean here what they mean for
networks, and can be drawn on paper. What it reaches is the summit above its start, hardly ever the
highest there is. A gradient step counts as a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.learn.answers import start_from
from ssa_psro.learn.protocol import (
    Ability,
    Fact,
    Game,
    OracleRequest,
    OracleResult,
    Slope,
)
from ssa_psro.learn.settings import not_above_zero, too_few
from ssa_psro.metagame.judge import P

ADAM = (0.9, 0.999, 1e-8)
"""beta1, beta2 and epsilon of Kingma & Ba, ICLR 2015."""

WHOLE = 1e-9
"""A share of a budget that is a whole number of steps but for rounding is one: 0.1 · 30 is 3."""


class Ascent(Protocol):
    """A way of climbing."""

    def __call__(self, task: Slope[Any], starts: Floats, steps: int, rate: float, /) -> Floats:
        """Every position on the way, ``[steps + 1, N, D]``, from ``starts`` ``[N, D]``."""


def plain(task: Slope[Any], starts: Floats, steps: int, rate: float, /) -> Floats:
    """Steps of ``rate`` times the gradient: small where the landscape is flat."""
    path = np.empty((steps + 1, *starts.shape))
    path[0] = starts
    for step in range(steps):
        path[step + 1] = path[step] + task.slope(path[step], rate)
    return path


def adam(task: Slope[Any], starts: Floats, steps: int, rate: float, /) -> Floats:
    """Steps of about ``rate`` a coordinate, however flat the landscape: as networks are trained."""
    beta1, beta2, epsilon = ADAM
    path = np.empty((steps + 1, *starts.shape))
    path[0] = starts
    mean, square = np.zeros_like(starts), np.zeros_like(starts)
    for step in range(steps):
        gradient = task.slope(path[step], 1.0)
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient**2
        size = np.sqrt(square / (1 - beta2 ** (step + 1))) + epsilon
        path[step + 1] = path[step] + rate * mean / (1 - beta1 ** (step + 1)) / size
    return path


ASCENTS: dict[str, Ascent] = {"plain": plain, "adam": adam}
"""Every way of climbing by name."""


@dataclass(frozen=True, kw_only=True)
class GradientSettings:
    """What may be chosen about gradient ascent.

    Attributes:
        steps: gradient steps of a whole budget.
        rate: length of a step, see ``ascent``.
        ascent: a key of ``ASCENTS``.
        spread: standard deviation of scratch starts about the origin.
        restarts: scratch starts a training, which share its budget; the best end is kept. Other
            start rules have one start.

    Raises:
        UsageError: there is no such ascent, or less than one step or restart.
    """

    steps: int
    rate: float
    ascent: str = "plain"
    spread: float = 1.0
    restarts: int = 1

    def __post_init__(self) -> None:
        faults = [
            Fault(name, count, "too few", "Give 1 or more.")
            for name, count in (("steps", self.steps), ("restarts", self.restarts))
            if count < 1
        ]
        faults += not_above_zero("rate", self.rate)
        faults += too_few("spread", self.spread, least=0)
        if self.ascent not in ASCENTS:
            cure = did_you_mean(self.ascent, ASCENTS)
            faults.append(Fault("ascent", self.ascent, "no such ascent", cure))
        if faults:
            raise UsageError("gradient oracle", faults)


@dataclass(frozen=True)
class GradientOracle(Generic[P]):
    """Climbs from the start weights; an ``Oracle``.

    Attributes:
        game: what is played.
        settings: of the climb.
        seed: not used: fresh starts are drawn anew for every request.
    """

    name: ClassVar[str] = "gradient"
    needs: ClassVar[frozenset[Ability]] = frozenset({"slope"})
    settings_type: ClassVar[type[Any]] = GradientSettings

    game: Game[P]
    settings: GradientSettings
    seed: int = 0

    def __call__(self, request: OracleRequest[P], /) -> OracleResult[P]:
        """The best of the points where the climbs end.

        Raises:
            UsageError: there is no start rule of the name asked for.
        """
        settings, task = self.settings, self._task(request)
        starts, note = self.starts(request)
        # rounded down, so that several responses never spend more than one
        steps = max(1, int(settings.steps * request.budget + WHOLE) // len(starts))
        path = ASCENTS[settings.ascent](task, starts, steps, settings.rate)
        scores = task.payoffs(path[-1])
        best = int(scores.argmax())
        facts: dict[str, Fact] = {
            "decisions": steps * len(starts),
            "start_payoff": float(task.payoffs(starts)[best]),
            "payoff": float(scores[best]),
            **task.told(starts[best], path[-1, best]),
        }
        return OracleResult(task.member(request.name, path[-1, best]), note, facts)

    def starts(self, request: OracleRequest[P]) -> tuple[Floats, str]:
        """Where the training of ``request`` starts, ``[N, D]``, and the same in words.

        Raises:
            UsageError: there is no start rule of the name asked for.
        """
        task = self._task(request)
        fresh = self.settings.spread * task.luck(self.settings.restarts)
        start = start_from(self.game, request, {task.entry: fresh[0]})
        if not start.shares:
            return fresh, start.note
        return np.asarray(start.weights[task.entry], dtype=np.float64)[None], start.note

    def _task(self, request: OracleRequest[P]) -> Slope[P]:
        task: Slope[P] = self.game.task(request, ())
        return task


ORACLES: Mapping[str, Callable[..., Any]] = {"gradient": GradientOracle}
