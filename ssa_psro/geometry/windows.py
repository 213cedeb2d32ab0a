"""Forecast manoeuvre windows: when an object is expected to manoeuvre, known to both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ssa_psro.geometry.arena import ForecastWindows
from ssa_psro.geometry.catalog import Entry, entries
from ssa_psro.randomness import generator
from ssa_psro.scenario.schema import GeneratedCatalog, ManoeuvreWindow, Window

DRIFT_KM_H_PER_M_S = 3.0 * 3.6
"""An impulse of 1 m/s along track drifts by three times its speed on average over an orbit."""


class _Forecast(NamedTuple):
    start_h: float
    end_h: float
    probability: float
    delta_v_m_s: float


def forecast_windows(catalog: GeneratedCatalog, window: Window) -> ForecastWindows:
    """The windows of all objects over the horizon, ``[N, W]`` with ``W`` at least 1.

    Contested objects have drawn windows, unless windows stated by hand replace them.
    """
    by_hand: dict[str, list[ManoeuvreWindow]] = {}
    for given in catalog.windows:
        by_hand.setdefault(given.object, []).append(given)
    horizon_h = window.horizon_days * 24.0
    rows = [
        _stated(by_hand[entry.name])
        if entry.name in by_hand
        else _drawn(catalog.seed, entry, horizon_h)
        for entry in entries(catalog)
    ]
    return _table(rows, window)


def _drawn(seed: int, entry: Entry, horizon_h: float) -> list[_Forecast]:
    """Windows at regular intervals from a random phase, for contested objects only."""
    if not entry.contested:
        return []
    plan = entry.regime.manoeuvres
    phase_h = generator(seed, "windows", entry.name).uniform(0.0, plan.interval_h)
    return [
        _Forecast(start_h, start_h + plan.window_h, plan.probability, plan.delta_v_m_s)
        for start_h in np.arange(phase_h, horizon_h, plan.interval_h)
    ]


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
