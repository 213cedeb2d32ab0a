"""How objects of known classes manoeuvre: station keeping in GEO, drag make-up in LEO.

Every class is one renewal process or several: windows whose distances are drawn one by one.
``docs/uncertainty.md`` says which figures are published and which are assumed.
"""

from __future__ import annotations

from bisect import bisect_right
from math import sqrt
from typing import Final, NamedTuple

import numpy as np

from ssa_psro.catalogs.forecasts import CROSS_TRACK
from ssa_psro.geometry.constants import EARTH_MU_KM3_S2, EARTH_RADIUS_KM
from ssa_psro.scenario.schema import ManoeuvreKind

YEAR_H: Final = 8766.0
FORTNIGHT_H: Final = 336.0
EARTH_RATE_RAD_S: Final = 7.2921159e-5

WINDOW_SIGMAS: Final = 4.0
"""A window is so many sigmas of the forecast's error long: 95.4 % of normal errors are inside."""
PROBABILITY: Final = 0.9
"""95 % are executed as planned (assumed), and 95.4 % of those inside their window. The others,
about one in ten, are not played: the rules know no manoeuvre outside of a window."""


class Process(NamedTuple):
    """A renewal process of forecast windows.

    Attributes:
        interval_h: mean time from the start of a window to that of the next.
        spread: standard deviation of that time over its mean; 0 is strictly regular.
        window_h: length of a window.
        probability: that the manoeuvre takes place in its window.
        delta_v_m_s: along-track impulse that has the effect of the manoeuvre.
    """

    interval_h: float
    spread: float
    window_h: float
    probability: float
    delta_v_m_s: float

    def starts_h(self, random: np.random.Generator, horizon_h: float) -> list[float]:
        """Starts of the windows in [0, horizon). A longer horizon extends a shorter one.

        1. The process has been running for ever: the first gap is one that holds the epoch, so a
           long one more likely, and the epoch is anywhere in it.
        2. Every further interval is a window and a gap with a gamma distribution.
        """
        starts = [random.uniform(0.0, 1.0) * self._interval_h(random, holds_epoch=True)]
        while starts[-1] < horizon_h:
            starts.append(starts[-1] + self._interval_h(random, holds_epoch=False))
        return starts[:-1]

    def _interval_h(self, random: np.random.Generator, *, holds_epoch: bool) -> float:
        """An interval, drawn with odds in proportion to its length if it ``holds_epoch``.

        That density x f(x) of x = window + gap is a mixture: the gap is as ever with odds of the
        window's share of the mean interval, else gamma with a shape larger by one.
        """
        gap_h = self.interval_h - self.window_h
        if gap_h <= 0.0:
            return self.interval_h
        scale_h = (self.spread * self.interval_h) ** 2 / gap_h
        if scale_h == 0.0:
            return self.interval_h
        longer = holds_epoch and random.uniform() * self.interval_h >= self.window_h
        return self.window_h + float(random.gamma(gap_h / scale_h + longer, scale_h))


GEO_EAST_WEST = Process(FORTNIGHT_H, 0.1, 12.0, PROBABILITY, 2.0 * FORTNIGHT_H / YEAR_H)
"""2 m/s a year against the Earth's ellipticity and the drift of eccentricity, in cycles of two
weeks (Soop, *Handbook of Geostationary Orbits*, 1994). Forecast error 3 h (assumed)."""

GEO_NORTH_SOUTH = Process(
    FORTNIGHT_H, 0.1, 6.0, PROBABILITY, CROSS_TRACK * 47.0 * FORTNIGHT_H / YEAR_H
)
"""45 to 50 m/s a year against Sun and Moon (Soop 1994). Burns are at a node, so the time of day is
known: forecast error 1.5 h (assumed)."""

DRAG_AREA_M2_KG: Final = 0.022
"""Drag coefficient 2.2 times 0.01 m²/kg."""
DEAD_BAND_KM: Final = 2.0
"""Ground track kept within ±1 km at the equator, as Envisat's was."""
DRAG_SPREAD: Final = 0.3
"""Solar activity changes the density from one interval to the next (assumed)."""
DRAG_ERROR: Final = 0.05
"""Sigma of the forecast over the interval (assumed), ..."""
LONGEST_WINDOW_H: Final = 24.0
"""... until the operator fixes the day."""

DENSITY: Final = (
    (150.0, 2.070e-9, 22.523),
    (180.0, 5.464e-10, 29.740),
    (200.0, 2.789e-10, 37.105),
    (250.0, 7.248e-11, 45.546),
    (300.0, 2.418e-11, 53.628),
    (350.0, 9.518e-12, 53.298),
    (400.0, 3.725e-12, 58.515),
    (450.0, 1.585e-12, 60.828),
    (500.0, 6.967e-13, 63.822),
    (600.0, 1.454e-13, 71.835),
    (700.0, 3.614e-14, 88.667),
    (800.0, 1.170e-14, 124.64),
    (900.0, 5.245e-15, 181.05),
    (1000.0, 3.019e-15, 268.0),
)
"""Altitude [km], density [kg/m³] and scale height [km] at mean solar activity (Vallado,
*Fundamentals of Astrodynamics*, exponential atmosphere)."""


def density_kg_m3(altitude_km: float) -> float:
    """Density of the air at mean solar activity; it may be ten times more or less."""
    row = max(bisect_right(DENSITY, altitude_km, key=lambda row: row[0]) - 1, 0)
    base_km, density, scale_km = DENSITY[row]
    return float(density * np.exp((base_km - altitude_km) / scale_km))


def drag_make_up(altitude_km: float) -> Process:
    """Burns that keep the ground track of a circular orbit within its dead band.

    1. Drag shrinks the orbit: its axis falls at twice the acceleration over the mean motion.
    2. A shorter period moves the track east by 3/2 of the Earth's turning per relative change
       of the axis. From one edge to the other and back takes one interval.
    3. A burn returns the speed that was lost in it.
    """
    axis_km = EARTH_RADIUS_KM + altitude_km
    speed_km_s = sqrt(EARTH_MU_KM3_S2 / axis_km)
    drag_km_s2 = 500.0 * density_kg_m3(altitude_km) * speed_km_s**2 * DRAG_AREA_M2_KG
    fall_km_s = 2.0 * drag_km_s2 * axis_km / speed_km_s
    bend_km_s2 = 1.5 * EARTH_RATE_RAD_S * EARTH_RADIUS_KM * fall_km_s / axis_km
    interval_s = 2.0 * sqrt(2.0 * DEAD_BAND_KM / bend_km_s2)
    interval_h = interval_s / 3600.0
    return Process(
        interval_h=interval_h,
        spread=DRAG_SPREAD,
        window_h=min(WINDOW_SIGMAS * DRAG_ERROR * interval_h, LONGEST_WINDOW_H),
        probability=PROBABILITY,
        delta_v_m_s=1000.0 * drag_km_s2 * interval_s,
    )


def processes(kind: ManoeuvreKind, altitude_km: float) -> dict[str, Process]:
    """How an object of a class manoeuvres, by the purpose that each process is drawn for."""
    known: dict[ManoeuvreKind, dict[str, Process]] = {
        "none": {},
        "geo-east-west": {"east-west": GEO_EAST_WEST},
        "geo-north-south": {"north-south": GEO_NORTH_SOUTH},
        "geo-station-keeping": {"east-west": GEO_EAST_WEST, "north-south": GEO_NORTH_SOUTH},
        "leo-drag-make-up": {"drag-make-up": drag_make_up(altitude_km)},
    }
    return known[kind]
