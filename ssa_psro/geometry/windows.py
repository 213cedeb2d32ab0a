"""Forecast manoeuvre windows: when an object is expected to manoeuvre, known to both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ssa_psro.catalogs import canonical_id
from ssa_psro.geometry.arena import ForecastWindows
from ssa_psro.geometry.catalog import draw_orbit, entries
from ssa_psro.geometry.constants import EARTH_RADIUS_KM
from ssa_psro.geometry.manoeuvres import Process, processes
from ssa_psro.randomness import generator
from ssa_psro.scenario.element_sets import as_record
from ssa_psro.scenario.schema import (
    Catalog,
    ListedCatalog,
    ListedObject,
    ManoeuvreClass,
    ManoeuvrePlan,
    ManoeuvreWindow,
    Window,
)

DRIFT_KM_H_PER_M_S = 3.0 * 3.6
"""An impulse of 1 m/s along track drifts by three times its speed on average over an orbit."""


class _Planned(NamedTuple):
    """An object and how it manoeuvres; chance is drawn by ``key``."""

    name: str
    key: str
    plan: ManoeuvrePlan | None
    altitude_km: float


class _Forecast(NamedTuple):
    start_h: float
    end_h: float
    probability: float
    delta_v_m_s: float


def forecast_windows(catalog: Catalog, window: Window) -> ForecastWindows:
    """The windows of all objects over the horizon, ``[N, W]`` with ``W`` at least 1.

    Objects that have a plan have drawn windows, unless windows stated by hand replace them.
    """
    by_hand: dict[str, list[ManoeuvreWindow]] = {}
    for given in catalog.windows:
        by_hand.setdefault(given.object, []).append(given)
    horizon_h = window.horizon_days * 24.0
    rows = [
        _stated(by_hand[one.name]) if one.name in by_hand else _drawn(catalog.seed, one, horizon_h)
        for one in _planned(catalog)
    ]
    return _table(rows, window)


def _planned(catalog: Catalog) -> list[_Planned]:
    """Every object and how it manoeuvres; of the generated ones only the contested do."""
    if isinstance(catalog, ListedCatalog):
        return [_listed(one) for one in catalog.objects]
    return [
        _Planned(
            name=one.name,
            key=one.name,
            plan=one.regime.manoeuvres if one.contested else None,
            altitude_km=float(draw_orbit(catalog.seed, one)[0]) - EARTH_RADIUS_KM,
        )
        for one in entries(catalog)
    ]


def _listed(one: ListedObject) -> _Planned:
    record = as_record(one.orbit)
    # a name may gain the id beside it when a list grows; the id itself stays
    catalog_id = canonical_id(record.catalog_id)
    key = one.name if catalog_id == "0" else catalog_id
    altitude_km = record.semi_major_axis_km - EARTH_RADIUS_KM
    return _Planned(one.name, key, one.manoeuvres, altitude_km)


def _drawn(seed: int, one: _Planned, horizon_h: float) -> list[_Forecast]:
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


def _regular(process: Process, random: np.random.Generator, horizon_h: float) -> list[_Forecast]:
    """Windows at equal intervals from a random phase."""
    phase_h = random.uniform(0.0, process.interval_h)
    return [
        _forecast(process, start_h) for start_h in np.arange(phase_h, horizon_h, process.interval_h)
    ]


def _renewed(process: Process, random: np.random.Generator, horizon_h: float) -> list[_Forecast]:
    return [_forecast(process, start_h) for start_h in process.starts_h(random, horizon_h)]


def _forecast(process: Process, start_h: float) -> _Forecast:
    return _Forecast(start_h, start_h + process.window_h, process.probability, process.delta_v_m_s)


def _apart(forecasts: Iterable[_Forecast]) -> list[_Forecast]:
    """In time order; a window that would begin inside another is put off to the end of that."""
    apart: list[_Forecast] = []
    for one in sorted(forecasts):
        delay_h = max(0.0, apart[-1].end_h - one.start_h) if apart else 0.0
        moved = one._replace(start_h=one.start_h + delay_h, end_h=one.end_h + delay_h)
        apart.append(moved)
    return apart


def _stated(given: Sequence[ManoeuvreWindow]) -> list[_Forecast]:
    return sorted(
        _Forecast(one.start_h, one.end_h, one.probability, one.delta_v_m_s) for one in given
    )


def _table(rows: list[list[_Forecast]], window: Window) -> ForecastWindows:
    shape = (len(rows), max([1, *(len(row) for row in rows)]))
    after = window.horizon_steps + 1
    table = ForecastWindows(
        start_step=np.full(shape, after, dtype=np.int32),
        end_step=np.full(shape, after + 1, dtype=np.int32),
        probability=np.zeros(shape),
        drift_km_h=np.zeros(shape),
    )
    steps_per_h = 3600.0 / window.step_s
    for n, row in enumerate(rows):
        for w, forecast in enumerate(row):
            start = round(forecast.start_h * steps_per_h)
            table.start_step[n, w] = start
            table.end_step[n, w] = max(start + 1, round(forecast.end_h * steps_per_h))
            table.probability[n, w] = forecast.probability
            table.drift_km_h[n, w] = DRIFT_KM_H_PER_M_S * forecast.delta_v_m_s
    return table
