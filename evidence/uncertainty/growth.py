"""Growth of sigma with the time since the last observation, and the straight line through it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evidence.uncertainty.hill import carried, flow, impulse, sigma_km
from evidence.uncertainty.reference import Track, Tracking, tracked
from ssa_psro.game.uncertainty import updated_sigma
from ssa_psro.geometry.manoeuvres import DRIFT_KM_H_PER_M_S
from ssa_psro.randomness import generator
from ssa_psro.scenario.standards import Uncertainty

AGES_H: NDArray[np.float64] = np.arange(25.0)
"""Ages that matter in the game: up to a day."""
DRAWS = 20
SEED = 1
SETTLED = 50
"""After so many observations the scalar sigma repeats itself."""


class Growth(NamedTuple):
    """Median over objects of sigma against age, with its straight line.

    Attributes:
        sigma_km: ``[A]`` at ``AGES_H``.
        range_km: median range of the observations.
        rate_km_h: slope of the least-squares line.
        start_km: sigma of the line at age 0; negative where sigma grows faster and faster.
        residual_km: root-mean-square distance of ``sigma_km`` from the line.
    """

    sigma_km: NDArray[np.float64]
    range_km: float
    rate_km_h: float
    start_km: float
    residual_km: float


def grow(tracking: Tracking, *, draws: int = DRAWS, seed: int = SEED) -> Growth:
    """How sigma grows from the last dwell on, over objects of random orbits."""
    return _straightened(_tracks(tracking, draws, seed), tracking)


def grow_after_impulse(
    tracking: Tracking, delta_v_m_s: float, *, draws: int = DRAWS, seed: int = SEED
) -> Growth:
    """As ``grow``, with an unseen along-track impulse right after the last dwell."""
    tracks = _tracks(tracking, draws, seed)
    for track in tracks:
        track.covariance = impulse(track.covariance, delta_v_m_s / 1000.0)
    return _straightened(tracks, tracking)


def grow_after_recovery(
    tracking: Tracking,
    delta_v_m_s: float,
    late_h: float,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Growth:
    """As ``grow_after_impulse``, from the end of one dwell ``late_h`` after the impulse on."""
    tracks = _tracks(tracking, draws, seed)
    for draw, track in enumerate(tracks):
        track.covariance = impulse(track.covariance, delta_v_m_s / 1000.0)
        random = generator(seed, "uncertainty", draw, "recovery")
        track.look(track.now_s + 3600.0 * late_h, random)
    return _straightened(tracks, tracking)


def _tracks(tracking: Tracking, draws: int, seed: int) -> list[Track]:
    return [tracked(tracking, generator(seed, "uncertainty", draw)) for draw in range(draws)]


def _straightened(tracks: list[Track], tracking: Tracking) -> Growth:
    flows = [flow(tracking.motion_rad_s, 3600.0 * age, tracking.noise_km2_s3) for age in AGES_H]
    curves = [[sigma_km(carried(one.covariance, *step)) for step in flows] for one in tracks]
    sigma = np.median(np.array(curves), axis=0)
    rate, start = np.polyfit(AGES_H, sigma, 1)
    residual = np.sqrt(np.mean((sigma - start - rate * AGES_H) ** 2))
    ranges = float(np.median([track.ranges_km for track in tracks]))
    return Growth(sigma, ranges, float(rate), float(start), float(residual))


def scalar_sigma_km(
    uncertainty: Uncertainty, *, revisit_h: float = 6.0, delta_v_m_s: float = 0.0
) -> NDArray[np.float64]:
    """``[A]`` what the game's scalar model says at ``AGES_H``, tracked for long.

    Args:
        uncertainty: keys of the scenario.
        revisit_h: time between the observations before.
        delta_v_m_s: of an unseen manoeuvre right after the last one.
    """
    sigma, growth = uncertainty.measurement_sigma_km, uncertainty.growth_km_h
    for _ in range(SETTLED):
        sigma = updated_sigma(sigma + growth * revisit_h, uncertainty.measurement_sigma_km)
    return sigma + (growth + DRIFT_KM_H_PER_M_S * delta_v_m_s) * AGES_H
