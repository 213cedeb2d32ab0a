"""What a side knows of an object after each of a sequence of looks, by the rules of the game.

The kernel's own functions (``ssa_psro.game.motion``) are played here on looks whose times and lines
of sight are given; ``linear_steps`` is the same by matrix exponentials.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evidence.uncertainty.hill import carried, flow, seen
from evidence.uncertainty.looks import REGIME_ORBITS, Kepler, Look, random_orbit, sequence
from ssa_psro.arrays import Floats
from ssa_psro.game.motion import add_noise, carry, position_variance
from ssa_psro.game.sight import look
from ssa_psro.geometry.constants import EARTH_MU_KM3_S2
from ssa_psro.randomness import generator
from ssa_psro.scenario.schema import RegimeName
from ssa_psro.scenario.standards import ARCSEC, CALIBRATIONS, SBV_ARCSEC

CORRELATION_H = 3.0
"""How long an unmodelled acceleration keeps its direction in Hill's frame; assumed."""
DRAWS = 40
SEED = 1
LOOKS = 12
LOST_KM, LOST_KM_H = 5.0, 18.0
"""What is known before the first look: an old element set."""
SHIFTED_KM_H = 0.36
"""Where other filters are compared, the orbit has just changed by so much (0.1 m/s)."""


@dataclass(frozen=True)
class Tracking:
    """How objects of a regime are tracked.

    Attributes:
        regime: where they fly.
        unmodelled_nm_s2: sigma of the unmodelled acceleration.
        angular_sigma_arcsec: sigma of a direction.
        revisit_h: mean time between looks; each gap is 0.5 to 1.5 times as long.
        looks: how many there have been.
    """

    regime: RegimeName
    unmodelled_nm_s2: float
    angular_sigma_arcsec: float = SBV_ARCSEC
    revisit_h: float = 6.0
    looks: int = LOOKS

    @property
    def motion_rad_h(self) -> float:
        """Mean motion."""
        return 3600.0 * float(np.sqrt(EARTH_MU_KM3_S2 / REGIME_ORBITS[self.regime][0] ** 3))

    @property
    def density_km2_h3(self) -> float:
        """White noise with the effect of the unmodelled acceleration."""
        acceleration_km_h2 = self.unmodelled_nm_s2 * 1e-12 * 3600.0**2
        return 2.0 * acceleration_km_h2**2 * CORRELATION_H


def calibration_tracking(regime: RegimeName) -> Tracking:
    """How objects of a regime are tracked in the conditions of their calibration."""
    return Tracking(regime, CALIBRATIONS[regime].unmodelled_nm_s2)


def lost() -> Floats:
    """``[6, 6]`` in km and km/h."""
    return np.diag([LOST_KM**2] * 3 + [LOST_KM_H**2] * 3)


def kernel_steps(
    looks: Sequence[Look], tracking: Tracking, start: Floats, start_s: float | None = None
) -> Iterator[Floats]:
    """Covariance ``[6, 6]`` right after each look, in km and km/h, by the game's functions.

    Args:
        looks: in order.
        tracking: noise of motion and looks.
        start: covariance at ``start_s``, by default the time of the first look.
        start_s: see above.
    """
    covariance, now_s = start.copy(), looks[0].time_s if start_s is None else start_s
    for one in looks:
        wait(covariance, tracking, (one.time_s - now_s) / 3600.0)
        error_km = tracking.angular_sigma_arcsec * ARCSEC * one.range_km
        look(covariance, tuple(one.sight), error_km**2)
        now_s = one.time_s
        yield covariance.copy()


def wait(covariance: Floats, tracking: Tracking, hours: float) -> None:
    """Let a covariance grow, in place."""
    density, motion = tracking.density_km2_h3, tracking.motion_rad_h
    carry(covariance, motion, hours)
    add_noise(covariance, density, density, density, motion, hours)


def linear_steps(
    looks: Sequence[Look], tracking: Tracking, start: Floats, start_s: float
) -> Iterator[Floats]:
    """As ``kernel_steps``, by matrix exponentials and Joseph's form; in km and km/s."""
    units = np.diag([1.0] * 3 + [1.0 / 3600.0] * 3)
    covariance, now_s = units @ start @ units, start_s
    for one in looks:
        step = flow(
            tracking.motion_rad_h / 3600.0,
            one.time_s - now_s,
            tracking.density_km2_h3 / 3600.0**3,
        )
        error_km = tracking.angular_sigma_arcsec * ARCSEC * one.range_km
        covariance, now_s = seen(carried(covariance, *step), one.sight, error_km), one.time_s
        yield covariance


def tracked(tracking: Tracking, draws: int = DRAWS) -> tuple[Floats, Floats]:
    """Covariances ``[D, 6, 6]`` of objects right after their last look, and all ranges [km]."""
    found, ranges_km = [], []
    for draw in range(draws):
        random = generator(SEED, "uncertainty", draw)
        flown = random_orbit(tracking.regime, random)
        looks = sequence(flown, tracking.looks, tracking.revisit_h, random)
        found.append(list(kernel_steps(looks, tracking, lost()))[-1])
        ranges_km += [one.range_km for one in looks]
    return np.array(found), np.array(ranges_km)


def rms_km(covariances: Floats, tracking: Tracking, age_h: float) -> Floats:
    """RMS position errors ``[D]`` of objects that nobody has looked at for so long."""
    density, motion = tracking.density_km2_h3, tracking.motion_rad_h
    return np.sqrt([position_variance(one, density, motion, age_h) for one in covariances])


class Compared(NamedTuple):
    """What a filter of another program is run on.

    Attributes:
        flown: the object.
        start: ``[6, 6]`` what is known of it right after an impulse, in km and km/h.
        start_s: when that is: right after a look.
        looks: those that follow.
    """

    flown: Kepler
    start: Floats
    start_s: float
    looks: list[Look]


def compared(tracking: Tracking) -> Compared:
    """One object of a regime, kept up for ``tracking.looks`` looks and followed for as many."""
    random = generator(SEED, "uncertainty", tracking.regime, "compared")
    flown = random_orbit(tracking.regime, random)
    looks = sequence(flown, 2 * tracking.looks, tracking.revisit_h, random)
    before, after = looks[: tracking.looks], looks[tracking.looks :]
    start = list(kernel_steps(before, tracking, lost()))[-1]
    start[4, 4] += SHIFTED_KM_H**2
    return Compared(flown, start, before[-1].time_s, after)
