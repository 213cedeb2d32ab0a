"""When objects may manoeuvre: windows that are announced, and days on which nobody knows.

Announced windows are stated by hand or drawn. Objects of known classes, station keeping in GEO or
drag make-up in LEO, have one renewal process or several: windows whose distances are drawn one by
one. Besides, an object may manoeuvre unforecast: a Poisson process of known rate, of which at most
one event a day is played.
``docs/uncertainty.md`` says which figures are published and which are assumed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from math import ceil, exp, sqrt
from typing import Final, NamedTuple

import numpy as np

from ssa_psro.catalogs import ElementSet, canonical_id
from ssa_psro.catalogs.element_set import identities
from ssa_psro.catalogs.particulars import CROSS_TRACK
from ssa_psro.geometry.arena import ManoeuvreWindows
from ssa_psro.geometry.bodies import Entry, draw_orbit, entries
from ssa_psro.geometry.constants import EARTH_MU_KM3_S2, EARTH_RADIUS_KM
from ssa_psro.randomness import generator
from ssa_psro.scenario.orbits import as_record
from ssa_psro.scenario.schema import (
    Catalog,
    ListedCatalog,
    ListedObject,
    ManoeuvreClass,
    ManoeuvreKind,
    ManoeuvrePlan,
    ManoeuvreWindow,
    Window,
)

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

        A window that began before the epoch is not among them, nor played.

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
        # windows never overlap: what is random is the gap after each, with the spread of the whole
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
    # within the dead band the track moves on a parabola: its drift grows with the axis that is lost
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
    if kind == "leo-drag-make-up":  # its numbers have a meaning where there is air
        return {"drag-make-up": drag_make_up(altitude_km)}
    known: dict[ManoeuvreKind, dict[str, Process]] = {
        "none": {},
        "geo-east-west": {"east-west": GEO_EAST_WEST},
        "geo-north-south": {"north-south": GEO_NORTH_SOUTH},
        "geo-station-keeping": {"east-west": GEO_EAST_WEST, "north-south": GEO_NORTH_SOUTH},
    }
    return known[kind]


KM_H_PER_M_S: Final = 3.6
DAY_H: Final = 24.0


class Unforecast(NamedTuple):
    """Manoeuvres that nobody announces.

    Attributes:
        per_day: mean number.
        delta_v_m_s: root mean square of the along-track impulse.
    """

    per_day: float
    delta_v_m_s: float

    def windows(self, horizon_h: float) -> list[_Window]:
        """A window a day, in which one of them happens with the odds that any would."""
        if self.per_day == 0.0 or self.delta_v_m_s == 0.0:
            return []
        starts_h = [DAY_H * day for day in range(ceil(horizon_h / DAY_H))]
        return [self._day(start_h, min(start_h + DAY_H, horizon_h)) for start_h in starts_h]

    def _day(self, start_h: float, end_h: float) -> _Window:
        probability = 1.0 - exp(-self.per_day * (end_h - start_h) / DAY_H)
        return _Window(start_h, end_h, probability, self.delta_v_m_s, announced=False)


class _Planned(NamedTuple):
    """An object and how it manoeuvres; chance is drawn by ``key``."""

    name: str
    key: str
    plan: ManoeuvrePlan | None
    altitude_km: float
    unforecast: Unforecast


class _Window(NamedTuple):
    start_h: float
    end_h: float
    probability: float
    delta_v_m_s: float
    announced: bool = True


def manoeuvre_windows(catalog: Catalog, window: Window) -> ManoeuvreWindows:
    """The windows of all objects over the horizon, ``[N, W]`` with ``W`` at least 1.

    Objects that have a plan have drawn windows, unless windows stated by hand replace them.
    """
    by_hand: dict[str, list[ManoeuvreWindow]] = {}
    for given in catalog.windows:
        by_hand.setdefault(given.object, []).append(given)
    horizon_h = window.horizon_days * 24.0
    rows = []
    for one in _planned(catalog):
        known = by_hand.get(one.name)
        announced = _stated(known) if known else _drawn(catalog.seed, one, horizon_h)
        rows.append(sorted(announced + one.unforecast.windows(horizon_h)))
    return _table(rows, window)


def _planned(catalog: Catalog) -> list[_Planned]:
    """Every object and how it manoeuvres."""
    if isinstance(catalog, ListedCatalog):
        records = [as_record(one.orbit) for one in catalog.objects]
        return list(map(_listed, catalog.objects, records, identities(records)))
    return [_generated(catalog.seed, one) for one in entries(catalog)]


def _generated(seed: int, one: Entry) -> _Planned:
    regime = one.regime
    return _Planned(
        name=one.name,
        key=one.name,
        plan=regime.manoeuvres if one.contested else regime.uncontested_manoeuvres,
        altitude_km=float(draw_orbit(seed, one)[0]) - EARTH_RADIUS_KM,
        unforecast=Unforecast(regime.unforecast_per_day, regime.unforecast_delta_v_m_s),
    )


def _listed(one: ListedObject, record: ElementSet, identity: str) -> _Planned:
    # a name may gain the id beside it when a list grows; an id that is its own stays
    key = identity if identity == canonical_id(record.catalog_id) else one.name
    altitude_km = record.semi_major_axis_km - EARTH_RADIUS_KM
    unforecast = Unforecast(one.unforecast_per_day, one.unforecast_delta_v_m_s)
    return _Planned(one.name, key, one.manoeuvres, altitude_km, unforecast)


def _drawn(seed: int, one: _Planned, horizon_h: float) -> list[_Window]:
    """Windows by the object's plan, each process from a generator of its own."""
    if one.plan is None:
        return []
    if isinstance(one.plan, ManoeuvreClass):
        return _apart(
            forecast
            for purpose, process in processes(one.plan.kind, one.altitude_km).items()
            for forecast in _renewed(
                process, generator(seed, "windows", one.key, purpose), horizon_h
            )
        )
    draw = _renewed if one.plan.spread else _regular
    process = Process(*(getattr(one.plan, name) for name in Process._fields))
    return draw(process, generator(seed, "windows", one.key), horizon_h)


def _regular(process: Process, random: np.random.Generator, horizon_h: float) -> list[_Window]:
    """Windows at equal intervals from a random phase."""
    phase_h = random.uniform(0.0, process.interval_h)
    return [
        _forecast(process, start_h) for start_h in np.arange(phase_h, horizon_h, process.interval_h)
    ]


def _renewed(process: Process, random: np.random.Generator, horizon_h: float) -> list[_Window]:
    return [_forecast(process, start_h) for start_h in process.starts_h(random, horizon_h)]


def _forecast(process: Process, start_h: float) -> _Window:
    return _Window(start_h, start_h + process.window_h, process.probability, process.delta_v_m_s)


def _apart(forecasts: Iterable[_Window]) -> list[_Window]:
    """In time order; a window that would begin inside another is put off to the end of that."""
    apart: list[_Window] = []
    for one in sorted(forecasts):
        delay_h = max(0.0, apart[-1].end_h - one.start_h) if apart else 0.0
        moved = one._replace(start_h=one.start_h + delay_h, end_h=one.end_h + delay_h)
        apart.append(moved)
    return apart


def _stated(given: Sequence[ManoeuvreWindow]) -> list[_Window]:
    return sorted(
        _Window(one.start_h, one.end_h, one.probability, one.delta_v_m_s) for one in given
    )


def _table(rows: list[list[_Window]], window: Window) -> ManoeuvreWindows:
    shape = (len(rows), max([1, *(len(row) for row in rows)]))
    after = window.horizon_steps + 1
    table = ManoeuvreWindows(
        start_step=np.full(shape, after, dtype=np.int32),
        end_step=np.full(shape, after + 1, dtype=np.int32),
        probability=np.zeros(shape),
        delta_v_km_h=np.zeros(shape),
        announced=np.zeros(shape, dtype=np.bool_),
    )
    steps_per_h = 3600.0 / window.step_s
    for n, row in enumerate(rows):
        for w, one in enumerate(row):
            start = round(one.start_h * steps_per_h)
            table.start_step[n, w] = start
            table.end_step[n, w] = max(start + 1, round(one.end_h * steps_per_h))
            table.probability[n, w] = one.probability
            table.delta_v_km_h[n, w] = KM_H_PER_M_S * one.delta_v_m_s
            table.announced[n, w] = one.announced
    return table
