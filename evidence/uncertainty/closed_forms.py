"""The closed forms of ``ssa_psro.game.motion`` against matrix exponentials."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evidence.uncertainty.hill import carried, flow, seen
from ssa_psro.arrays import Floats
from ssa_psro.game.motion import (
    add_noise,
    along_variance,
    carry,
    drift_h2,
    noise_variance,
    position_variance,
)
from ssa_psro.game.sight import look

HOURS: Sequence[float] = (0.1, 0.5, 1.0, 3.0, 6.0, 12.0, 24.0, 72.0)
DRAWS = 20


def differences(motion_rad_h: float) -> dict[str, float]:
    """Largest difference of each closed form, over ``HOURS``, relative to the largest entry."""
    random = np.random.default_rng(0)
    found: dict[str, list[float]] = {}
    for hours in HOURS:
        for name, difference in _at(motion_rad_h, hours, random).items():
            found.setdefault(name, []).append(difference)
    return {name: max(values) for name, values in found.items()}


def _at(n: float, hours: float, random: np.random.Generator) -> dict[str, float]:
    transition, noise = flow(n, hours, 1.0)
    along = flow(n, hours, (0.0, 1.0, 0.0))[1]
    zero, start = np.zeros((6, 6)), _positive(random)
    moved, added, pushed = start.copy(), zero.copy(), zero.copy()
    carry(moved, n, hours)
    add_noise(added, 1.0, 1.0, 1.0, n, hours)
    add_noise(pushed, 0.0, 1.0, 0.0, n, hours)
    after = carried(start, transition, 0.3 * noise)
    drift = transition[:3, 4]
    return {
        "transition": _apart(moved, carried(start, transition, zero)),
        "noise": _apart(added, noise),
        "along-track noise": _apart(pushed, along),
        "position variance": _apart(position_variance(start, 0.3, n, hours), _places(after)),
        "of noise": _apart(noise_variance(n, hours), _places(noise)),
        "of along-track noise": _apart(along_variance(n, hours), _places(along)),
        "of an impulse": _apart(drift_h2(n, hours), drift @ drift),
        "look": max(_look(random) for _ in range(DRAWS)),
    }


def _look(random: np.random.Generator) -> float:
    before, sight = _positive(random), random.normal(size=3)
    sight /= np.linalg.norm(sight)
    after = before.copy()
    look(after, tuple(sight), 0.09)
    return _apart(after, seen(before, sight, 0.3))


def _positive(random: np.random.Generator) -> Floats:
    root = random.normal(size=(6, 6))
    return np.asarray(root @ root.T)


def _places(covariance: Floats) -> float:
    return float(np.trace(covariance[:3, :3]))


def _apart(own: Floats | float, other: Floats | float) -> float:
    return float(np.abs(np.subtract(own, other)).max() / np.abs(other).max())
