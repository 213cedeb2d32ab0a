"""Against whom responses are trained: a variant of PSRO is another training target.

Every target sees the restricted game from the learner's side, and says for each response to be
trained how often it meets each opponent. Several responses of one side share the budget of one,
but no more than two at a time: searches that are cut too short find nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.metagame.structure.ratings import support

TIE = 1e-9
"""Share of the payoffs' range within which a payoff equals the value of the game."""

AT_ONCE = 2
"""Responses of one side that share one budget; if more are called for, they take turns."""

AMPLIFY = "inherit-nash"
"""Start rule of a response that goes on from one policy: that one has all of the mixture."""


@dataclass(frozen=True, eq=False)
class Target:
    """Whom one response is trained against.

    Attributes:
        opponents: how often it meets each opponent, ``[m]``, summing to 1.
        note: who they are, in words.
        own: the policy that the response starts from, as a mixture ``[n]`` that plays it always;
            ``None`` where the start rule decides.
    """

    opponents: Floats
    note: str
    own: Floats | None = None


Targets = Callable[[Floats, Floats, Floats], list[Target]]
"""The learner's payoffs ``[n, m]``, its own mixture ``[n]`` and the opponents' ``[m]`` in; one
target or more out."""


def vanilla(payoffs: Floats, own: Floats, opponents: Floats) -> list[Target]:
    """One response to the opponents' meta-mixture (PSRO, Lanctot et al. 2017)."""
    return [Target(opponents, "meta-mixture")]


def uniform(payoffs: Floats, own: Floats, opponents: Floats) -> list[Target]:
    """One response to all opponents alike (fictitious self-play)."""
    return [Target(np.full(opponents.size, 1.0 / opponents.size), "uniform")]


def rectified(payoffs: Floats, own: Floats, opponents: Floats) -> list[Target]:
    """One response for every own policy with mass, to the opponents which that one beats or ties.

    PSRO_rN (Balduzzi et al. 2019): amplify strengths and ignore weaknesses. The response starts
    from the policy that it amplifies. To beat or tie means to earn at least the value of the game,
    which is 0 where the sides are interchangeable. A policy that beats nobody with mass is left
    out; if none is left, the target is ``vanilla``.
    """
    # at an equilibrium all own policies with mass earn the value exactly; rounding must not decide
    # which of them "beat" an opponent whom they tie
    value = float(own @ payoffs @ opponents) - TIE * float(np.ptp(payoffs))
    targets = []
    for index in support(own):
        beaten = np.where(payoffs[index] >= value, opponents, 0.0)
        if beaten.sum() > 0:
            note = f"whom policy {index} beats, {beaten.sum():.1%} of the meta-mixture"
            targets.append(Target(beaten / beaten.sum(), note, np.eye(own.size)[index]))
    return targets or vanilla(payoffs, own, opponents)


def in_turn(targets: list[Target], iteration: int) -> list[Target]:
    """Those whose turn it is in an iteration, from 1: all in their order, ``AT_ONCE`` at a time."""
    first, count = (iteration - 1) * AT_ONCE, min(AT_ONCE, len(targets))
    return [targets[(first + number) % len(targets)] for number in range(count)]


def anytime(payoffs: Floats, own: Floats, opponents: Floats) -> list[Target]:
    """One response, to opponents that begin with the meta-mixture and shift while it trains.

    The shifting is done by the oracle, see ``ssa_psro.learn.anytime``.
    """
    return [Target(opponents, "meta-mixture, shifting in training")]


TARGETS: dict[str, Targets] = {
    "vanilla": vanilla,
    "rectified": rectified,
    "anytime": anytime,
    "uniform": uniform,
}
"""Every training target by name."""


def exploring(targets: Targets, share: float) -> Targets:
    """The same targets, each opponent also met with ``share / m``.

    For degenerate equilibria: a pure meta-mixture shows a learner one opponent alone, and what it
    learns may be worth nothing against the others.

    Raises:
        UsageError: the share is not in [0, 1].
    """
    if not 0.0 <= share <= 1.0:
        fault = Fault("exploration", share, "not a share", "Give a number from 0 to 1.")
        raise UsageError("training target", [fault])
    if share == 0.0:
        return targets

    def mixed(payoffs: Floats, own: Floats, opponents: Floats) -> list[Target]:
        met = targets(payoffs, own, opponents)
        even = share / opponents.size
        note = f", {share:.0%} of it spread evenly"
        return [
            replace(one, opponents=(1 - share) * one.opponents + even, note=one.note + note)
            for one in met
        ]

    return mixed


def make_targets(name: str) -> Targets:
    """The training target of that name.

    Raises:
        UsageError: no such target; the nearest name is suggested.
    """
    if name not in TARGETS:
        fault = Fault("solver.target", name, "no such target", did_you_mean(name, TARGETS))
        raise UsageError("training target", [fault])
    return TARGETS[name]
