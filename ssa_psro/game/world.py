"""An arena as the few dense arrays that the compiled rules read.

Axis letters: T horizon steps, S sensors a side, N objects, W windows an object. Compiled code
pays for every array it is handed, so attributes of one thing are columns of one array.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from ssa_psro.arrays import Bytes, Floats, Singles, parts
from ssa_psro.game.columns import ObjectColumns, SideColumns, WindowColumns
from ssa_psro.geometry.arena import Arena
from ssa_psro.scenario.schema import REGIMES

FORECAST_LEAD_H: Final = 6.0
"""How long before a window opens its forecast feature starts to rise."""
CEILING_SLACK: Final = 1e-9
"""Steps by which a duration may exceed whole steps for the sake of rounding, without one more."""


class Rules(NamedTuple):
    """The rules as numbers; durations in steps."""

    step_s: float
    dt_h: float
    steps: int
    start_epochs: int
    period_steps: int
    sharpness: float
    initial_age_h: float
    denial_allowed: bool
    denial_steps: int
    recharge_steps: int
    protection_steps: int
    protected_sensitivity: float


class World(NamedTuple):
    """Everything that stays the same during an episode.

    Attributes:
        quality: ``[T, 2, S, N]`` uint8 detection probability times 255.
        denial: ``[T, 2, S, S]`` uint8.
        position_km: ``[T, 2 S + N, 3]`` float32.
        threat: ``[T, 2, S]`` share of the contested weight that a side's sensor can access.
        exposure: ``[T, 2, S]`` share of the opposing sensors that can deny this one.
        forecast: ``[T, N]`` 1 inside a manoeuvre window, rising during the lead before it.
        objects: ``[N, ObjectColumns]``.
        windows: ``[N, W, WindowColumns]``.
        sides: ``[2, SideColumns]``.
    """

    quality: Bytes
    denial: Bytes
    position_km: Singles
    threat: Floats
    exposure: Floats
    forecast: Floats
    objects: Floats
    windows: Floats
    sides: Floats
    rules: Rules


def build_world(arena: Arena) -> World:
    """Flatten an arena for the compiled rules."""
    return World(
        quality=arena.tables.quality,
        denial=arena.tables.denial,
        position_km=arena.tables.position_km,
        threat=_threat(arena),
        exposure=_exposure(arena),
        forecast=_forecast(arena),
        objects=_objects(arena),
        windows=_windows(arena),
        sides=_sides(arena),
        rules=_rules(arena),
    )


def ceil_steps(duration_s: float, step_s: float) -> int:
    """Whole steps that cover a duration; rounding noise does not add a step."""
    # (0.1 + 0.2) / 0.1 is 3.0000000000000004 in binary: three steps would become four.
    return int(np.ceil(duration_s / step_s - CEILING_SLACK))


def _rules(arena: Arena) -> Rules:
    window, rules = arena.scenario.window, arena.scenario.rules
    return Rules(
        step_s=float(window.step_s),
        dt_h=window.step_s / 3600.0,
        steps=window.steps,
        start_epochs=window.start_epochs,
        period_steps=round(rules.contest_period_h * 3600 / window.step_s),
        sharpness=float(rules.contest_sharpness),
        initial_age_h=float(rules.initial_age_h),
        denial_allowed=rules.denial,
        denial_steps=ceil_steps(rules.denial_s, window.step_s),
        recharge_steps=ceil_steps(rules.denial_recharge_s, window.step_s),
        protection_steps=ceil_steps(rules.protection_s, window.step_s),
        protected_sensitivity=float(rules.protected_sensitivity),
    )


def _objects(arena: Arena) -> Floats:
    objects = arena.objects
    columns = ObjectColumns(
        weight=objects.weight,
        value=objects.weight / objects.weight.max(),
        contested=objects.contested.astype(np.float64),
        low_orbit=(objects.regime == REGIMES.index("LEO")).astype(np.float64),
        high_orbit=(objects.regime == REGIMES.index("GEO")).astype(np.float64),
        custody_km=objects.custody_sigma_km,
        growth_km_h=objects.growth_km_h,
        measurement_km=objects.measurement_sigma_km,
        regime=objects.regime.astype(np.float64),
        windows=_window_count(arena),
    )
    return np.stack(columns, axis=1)


def _window_count(arena: Arena) -> Floats:
    """Number of windows of each object, up to its last one with a positive probability."""
    real = arena.windows.probability > 0
    position = np.arange(1, real.shape[1] + 1)
    return np.asarray((real * position).max(axis=1, initial=0), dtype=np.float64)


def _windows(arena: Arena) -> Floats:
    windows = arena.windows
    columns = WindowColumns(
        opens=windows.start_step.astype(np.float64),
        closes=windows.end_step.astype(np.float64),
        probability=windows.probability.astype(np.float64),
        drift_km_h=windows.drift_km_h.astype(np.float64),
    )
    return np.stack(columns, axis=2)


def _sides(arena: Arena) -> Floats:
    rows = [
        SideColumns(
            sensors=float(count),
            slew_rate_rad_s=np.radians(side.sensor.slew_rate_deg_s),
            overhead_s=side.sensor.settle_s + side.sensor.dwell_s,
        )
        for side, count in zip(arena.scenario.sides, arena.sensor_count, strict=True)
    ]
    return np.array(rows, dtype=np.float64)


def _threat(arena: Arena) -> Floats:
    # Only contested objects can be lost to the opponent by what its sensor sees.
    weight = np.where(arena.objects.contested, arena.objects.weight, 0.0)
    total = weight.sum()
    share, quality = weight / total if total > 0 else weight, arena.tables.quality
    # In parts, because the product takes eight times the memory of the table.
    return np.concatenate([(quality[part] > 0) @ share for part in parts(len(quality))])


def _exposure(arena: Arena) -> Floats:
    """Share of the opposing sensors (rows of the opposing side's table) that can deny."""
    # The table is by denier and target; a side's exposure is its opponent's reach, hence reversed.
    return np.ascontiguousarray(arena.tables.denial.mean(axis=2)[:, ::-1])


def _forecast(arena: Arena) -> Floats:
    dt_h = arena.scenario.window.step_s / 3600.0
    windows, horizon = arena.windows, len(arena.tables.quality)
    forecast = np.zeros((horizon, len(arena.objects)))
    for n, w in np.argwhere(windows.probability > 0):
        start, end = windows.start_step[n, w], windows.end_step[n, w]
        steps = np.arange(max(0, int(start - FORECAST_LEAD_H / dt_h)), min(end, horizon))
        rising = 1.0 - (start - steps) * dt_h / FORECAST_LEAD_H
        forecast[steps, n] = np.maximum(forecast[steps, n], np.clip(rising, 0.0, 1.0))
    return forecast
