"""What is known of an object after an unseen manoeuvre, and whether a look shows it."""

from __future__ import annotations

import numpy as np

from evidence.uncertainty.looks import random_orbit, sequence
from evidence.uncertainty.tracking import DRAWS, SEED, Tracking, kernel_steps, lost, wait
from ssa_psro.arrays import Floats
from ssa_psro.game.motion import add_noise, moved_state
from ssa_psro.randomness import generator
from ssa_psro.scenario.standards import ARCSEC

KM_H = 3.6
"""1 m/s."""
THRESHOLD = 3.0
"""Residuals beyond so many sigmas stand out."""
SIZES = 200
"""Draws of the impulse and of the noise, an object."""
AFTER = 4


def recovery(
    tracking: Tracking, rms_m_s: float, window_h: float, late_h: float, draws: int = DRAWS
) -> Floats:
    """Median RMS position error [km] before the first look after a manoeuvre, and after each.

    As the game has it: the first look shows that the orbit has changed, but neither when, inside
    the time since the last look, nor by how much.

    Args:
        tracking: how the object was tracked, and is from then on.
        rms_m_s: of the impulse.
        window_h: length of the manoeuvre window, which opens with the last look.
        late_h: from the last look to the next one.
        draws: objects.
    """
    found = []
    for draw in range(draws):
        random = generator(SEED, "uncertainty", draw, "recovery")
        flown = random_orbit(tracking.regime, random)
        looks = sequence(flown, tracking.looks, tracking.revisit_h, random)
        covariance = list(kernel_steps(looks, tracking, lost()))[-1]
        shift_s = looks[-1].time_s + 3600.0 * late_h
        later = sequence(flown, AFTER, tracking.revisit_h, random, shift_s)
        waited_h = (later[0].time_s - looks[-1].time_s) / 3600.0
        wait(covariance, tracking, waited_h)
        motion, over_h = tracking.motion_rad_h, min(window_h, waited_h)
        density = (KM_H * rms_m_s) ** 2 / over_h
        add_noise(covariance, 0.0, density, 0.0, motion, waited_h)
        add_noise(covariance, 0.0, -density, 0.0, motion, waited_h - over_h)
        after = [covariance, *kernel_steps(later, tracking, covariance)]
        found.append([np.sqrt(np.trace(one[:3, :3])) for one in after])
    return np.asarray(np.median(found, axis=0))


def recognised(tracking: Tracking, rms_m_s: float, age_h: float, draws: int = DRAWS) -> float:
    """Share of looks, that long after an impulse right behind the last look, that show it.

    The residual of a look has two axes across the line of sight. It stands out where it is beyond
    ``THRESHOLD`` sigmas of what a quiet orbit would give (by chance: 1.1 %). The size of the
    impulse is uniform, as in the game.
    """
    shown = []
    for draw in range(draws):
        random = generator(SEED, "uncertainty", draw, "recognised")
        flown = random_orbit(tracking.regime, random)
        looks = sequence(flown, tracking.looks, tracking.revisit_h, random)
        covariance = list(kernel_steps(looks, tracking, lost()))[-1]
        seen_s = looks[-1].time_s
        one = sequence(flown, 1, tracking.revisit_h, random, seen_s + 3600.0 * age_h)[0]
        since_h = (one.time_s - seen_s) / 3600.0
        wait(covariance, tracking, since_h)
        across = np.linalg.svd(one.sight[None, :])[2][1:]
        error_km = tracking.angular_sigma_arcsec * ARCSEC * one.range_km
        spread = across @ covariance[:3, :3] @ across.T + error_km**2 * np.eye(2)
        drift = moved_state((0.0, 0.0, 0.0, 0.0, 1.0, 0.0), tracking.motion_rad_h, since_h)[:3]
        # the root of 3 gives a uniform size a mean square of 1
        size = np.sqrt(3.0) * random.uniform(-1.0, 1.0, SIZES) * KM_H * rms_m_s
        noise = np.linalg.cholesky(spread) @ random.normal(size=(2, SIZES))
        residual = (across @ drift)[:, None] * size + noise
        distance2 = (residual * np.linalg.solve(spread, residual)).sum(axis=0)
        shown.append(np.mean(distance2 > THRESHOLD**2))
    return float(np.mean(shown))
