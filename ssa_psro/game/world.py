"""An arena as the few dense arrays that the compiled rules read.

Axis letters: T horizon steps, S sensors a side, N objects, W windows an object. Compiled code
pays for every array it is handed, so attributes of one thing are columns of one array.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from ssa_psro.arrays import Bytes, Floats, Integers, Singles, Words
from ssa_psro.compiled import entry_point
from ssa_psro.game.columns import OBJECT, SIDE, ObjectColumns, SideColumns, WindowColumns
from ssa_psro.game.motion import add_noise, carry, noise_variance
from ssa_psro.game.sight import look
from ssa_psro.geometry.arena import Arena
from ssa_psro.geometry.optics import optics_of, reflecting_area_m2
from ssa_psro.geometry.sky import sun_position_km
from ssa_psro.scenario.schema import REGIMES
from ssa_psro.scenario.standards import ARCSEC, CALIBRATIONS

FORECAST_LEAD_H: Final = 6.0
"""How long before a window opens its forecast feature starts to rise."""
CEILING_SLACK: Final = 1e-9
"""Steps by which a duration may exceed whole steps for the sake of rounding, without one more."""

GROWTH_H: Final = 24.0
"""Time over which ``growth_km_h`` is the growth of an error that was 0."""

KEPT_UP_LOOKS: Final = 12
KEPT_UP_H: Final = 6.0
"""Before an episode every object has been looked at so often, so many hours apart, give or take
half of it, ..."""
FOUND_KM: Final = 5.0
FOUND_KM_H: Final = 18.0
"""... beginning from an old element set, with such sigmas on each axis. What it was counts for
nothing after a few looks."""


WORD: Final = 64
"""Bits in a word."""
STRIDE: Final = 64
"""Steps between two phases in the coarse table; a table of every step would be as large as that of
access for a large catalogue."""


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
        accessible: ``[T, 2, S, N / 64]`` a bit an object, set where access lasts from now through
            the shortest look, one that needs no slew.
        lasting: ``[T / 64, 2, S, N]`` a bit a step, set where quality is not 0.
        denial: ``[T, 2, S, S]`` uint8.
        position_km: ``[T, 2 S + N, 3]`` float32.
        threat: ``[T, 2, S]`` share of the contested weight that a side's sensor can access.
        exposure: ``[T, 2, S]`` number of opposing sensors that can deny this one, over ``S``, the
            number of sensors of the larger side.
        forecast: ``[T, N]`` 1 inside an announced window, rising during the lead before it.
        sun_km: ``[T, 3]`` the Sun, or ``[0, 3]`` where no brightness is worked out during play.
        kept_up: ``[2, N, 6, 6]`` what a side knows of an orbit right after its last look.
        coarse, fine: ``[T / STRIDE, 2, N]`` and ``[STRIDE, 2, N]`` cosine and sine of the phase of
            each object after so many strides, and steps; the sum of both phases is that of a step.
        objects: ``[ObjectColumns, N]``.
        contested: ``[M]`` numbers of the contested objects.
        manoeuvring: ``[M]`` numbers of the objects with windows.
        windows: ``[N, W, WindowColumns]``.
        sides: ``[2, SideColumns]``.
    """

    quality: Bytes
    accessible: Words
    lasting: Words
    denial: Bytes
    position_km: Singles
    threat: Floats
    exposure: Floats
    forecast: Floats
    sun_km: Floats
    kept_up: Floats
    coarse: Floats
    fine: Floats
    objects: Floats
    contested: Integers
    manoeuvring: Integers
    windows: Floats
    sides: Floats
    rules: Rules


def build_world(arena: Arena) -> World:
    """Flatten an arena for the compiled rules."""
    objects, sides = _objects(arena), _sides(arena)
    shortest = shortest_looks(arena)
    accessible, lasting = access_bits(arena.tables.quality, shortest)
    coarse, fine = _phases(arena)
    return World(
        quality=arena.tables.quality,
        accessible=accessible,
        lasting=lasting,
        denial=arena.tables.denial,
        position_km=arena.tables.position_km,
        threat=_threat(arena),
        exposure=_exposure(arena),
        forecast=_forecast(arena),
        sun_km=_sun(arena),
        kept_up=_kept_up(objects, sides),
        coarse=coarse,
        fine=fine,
        objects=objects,
        contested=np.flatnonzero(objects[OBJECT.contested]),
        manoeuvring=np.flatnonzero(objects[OBJECT.windows]),
        windows=_windows(arena),
        sides=sides,
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
        motion_rad_h=objects.mean_motion_rad_h,
        density_km2_h3=_densities(objects.growth_km_h, objects.mean_motion_rad_h),
        measurement_km=objects.measurement_sigma_km,
        scatter_mag=objects.brightness_scatter_mag,
        area_m2=reflecting_area_m2(objects.radius_m, objects.albedo),
        regime=objects.regime.astype(np.float64),
        windows=_window_count(arena),
    )
    return np.stack(columns)


def shortest_looks(arena: Arena) -> Integers:
    """``[2]`` steps until the exposure of a look has ended that needs no slew, at least 1."""
    sensors, step_s = [side.sensor for side in arena.scenario.sides], arena.scenario.window.step_s
    return np.array([max(1, ceil_steps(one.settle_s + one.dwell_s, step_s)) for one in sensors])


def access_bits(quality: Bytes, shortest: Integers) -> tuple[Words, Words]:
    """``accessible`` and ``lasting``.

    Args:
        quality: ``[T, 2, S, N]``.
        shortest: ``[2]`` steps after the present one through which a side's looks need access.
    """
    steps, _, sensors, objects = quality.shape
    accessible = np.zeros((steps, 2, sensors, -(-objects // WORD)), np.uint64)
    lasting = np.zeros((-(-steps // WORD), 2, sensors, objects), np.uint64)
    lasts = np.zeros(quality.shape[1:], np.int64)
    _set_bits(quality, shortest, lasts, accessible, lasting)
    return accessible, lasting


@entry_point
def _set_bits(
    quality: Bytes, shortest: Integers, lasts: Integers, accessible: Words, lasting: Words
) -> None:
    """Backwards in time; ``lasts [2, S, N]`` counts the steps that access goes on for."""
    one = np.uint64(1)
    for step in range(quality.shape[0] - 1, -1, -1):
        for side in range(2):
            for s in range(quality.shape[2]):
                for n in range(quality.shape[3]):
                    if quality[step, side, s, n] > 0:
                        if lasts[side, s, n] >= shortest[side]:
                            accessible[step, side, s, n // WORD] |= one << np.uint64(n % WORD)
                        lasting[step // WORD, side, s, n] |= one << np.uint64(step % WORD)
                        lasts[side, s, n] += 1
                    else:
                        lasts[side, s, n] = 0


def _phases(arena: Arena) -> tuple[Floats, Floats]:
    """``coarse`` and ``fine``."""
    motion_rad = arena.objects.mean_motion_rad_h * (arena.scenario.window.step_s / 3600.0)
    # one stride more than there is: a view may be of the step after the last
    coarse = np.arange(len(arena.tables.quality) // STRIDE + 2)[:, None] * STRIDE * motion_rad
    fine = np.arange(STRIDE)[:, None] * motion_rad
    return _turns(coarse), _turns(fine)


def _turns(phase_rad: Floats) -> Floats:
    return np.stack([np.cos(phase_rad), np.sin(phase_rad)], axis=1)


def _densities(growth_km_h: Floats, motion_rad_h: Floats) -> Floats:
    """``[N]`` the noise [km²/h³] by which an orbit known perfectly is so far off after a day."""
    unit_km2 = [noise_variance(motion, GROWTH_H) for motion in motion_rad_h]
    return np.asarray((GROWTH_H * growth_km_h) ** 2 / np.array(unit_km2))


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
        impulse_km2_h2=windows.delta_v_km_h**2,
    )
    return np.stack(columns, axis=2)


def _sides(arena: Arena) -> Floats:
    scenario = arena.scenario
    optics = optics_of(scenario.sides, arena.sensor_count, arena.objects)
    rows = [
        SideColumns(
            sensors=float(arena.sensor_count[index]),
            slew_rate_rad_s=np.radians(sensor.slew_rate_deg_s),
            settle_s=sensor.settle_s,
            dwell_s=sensor.dwell_s,
            duty_cycle=sensor.duty_cycle,
            latency_steps=float(ceil_steps(sensor.latency_s, scenario.window.step_s)),
            angular_sigma_rad=sensor.angular_sigma_arcsec * ARCSEC,
            half_field_rad=np.radians(sensor.field_of_view_deg) / 2.0,
            limiting_flux=optics.limiting_flux[index],
            brightest_flux=optics.brightest_flux[index],
            detection_snr=optics.detection_snr[index],
        )
        for index, sensor in enumerate(side.sensor for side in scenario.sides)
    ]
    return np.array(rows, dtype=np.float64)


def _sun(arena: Arena) -> Floats:
    if not arena.objects.brightness_scatter_mag.any():
        return np.zeros((0, 3))
    window = arena.scenario.window
    times_s = np.arange(len(arena.tables.position_km), dtype=np.float64) * window.step_s
    return sun_position_km(window.epoch, times_s)


def _kept_up(objects: Floats, sides: Floats) -> Floats:
    ranges_km = np.array([CALIBRATIONS[regime].range_km for regime in REGIMES])
    kept_up = np.zeros((2, objects.shape[1], 6, 6))
    _keep_up(objects, sides, ranges_km, kept_up)
    return kept_up


@entry_point
def _keep_up(objects: Floats, sides: Floats, ranges_km: Floats, kept_up: Floats) -> None:
    """Fill ``kept_up`` with looks from directions spread evenly over the sphere.

    Neither a stationary solution nor chance: the looks of an episode soon make their own, and the
    same orbit has to be known equally well in every episode. Equal gaps would not do: half a
    revolution apart, looks show nothing of the speed, and 6 h are half a revolution of GPS.
    """
    # multiples of the golden ratio are spread evenly, and come near no period for long
    golden = (math.sqrt(5.0) - 1.0) / 2.0
    golden_angle = 2.0 * math.pi * (1.0 - golden)
    for side in range(2):
        for n in range(objects.shape[1]):
            motion, density = objects[OBJECT.motion_rad_h, n], objects[OBJECT.density_km2_h3, n]
            error_km = objects[OBJECT.measurement_km, n]
            if error_km == 0.0:
                range_km = ranges_km[int(objects[OBJECT.regime, n])]
                error_km = sides[side, SIDE.angular_sigma_rad] * range_km
            covariance = kept_up[side, n]
            for axis in range(3):
                covariance[axis, axis] = FOUND_KM**2
                covariance[axis + 3, axis + 3] = FOUND_KM_H**2
            for k in range(KEPT_UP_LOOKS):
                z = 1.0 - (2.0 * k + 1.0) / KEPT_UP_LOOKS
                level, angle = math.sqrt(1.0 - z * z), k * golden_angle
                gap_h = KEPT_UP_H * (0.5 + ((k + 1) * golden) % 1.0)
                carry(covariance, motion, gap_h)
                add_noise(covariance, density, density, density, motion, gap_h)
                look(covariance, (level * math.cos(angle), level * math.sin(angle), z), error_km**2)


def _threat(arena: Arena) -> Floats:
    # Only contested objects can be lost to the opponent by what its sensor sees.
    weight = np.where(arena.objects.contested, arena.objects.weight, 0.0)
    total = weight.sum()
    share, quality = weight / total if total > 0 else weight, arena.tables.quality
    # Step by step, because the product takes eight times the memory of the table.
    return np.stack([(seen > 0) @ share for seen in quality])


def _exposure(arena: Arena) -> Floats:
    """Share of the opposing sensors (rows of the opposing side's table) that can deny."""
    # The table is by denier and target; a side's exposure is its opponent's reach, hence reversed.
    return np.ascontiguousarray(arena.tables.denial.mean(axis=2)[:, ::-1])


def _forecast(arena: Arena) -> Floats:
    dt_h = arena.scenario.window.step_s / 3600.0
    windows, horizon = arena.windows, len(arena.tables.quality)
    forecast = np.zeros((horizon, len(arena.objects)))
    for n, w in np.argwhere(windows.announced & (windows.probability > 0)):
        start, end = windows.start_step[n, w], windows.end_step[n, w]
        steps = np.arange(max(0, int(start - FORECAST_LEAD_H / dt_h)), min(end, horizon))
        rising = 1.0 - (start - steps) * dt_h / FORECAST_LEAD_H
        forecast[steps, n] = np.maximum(forecast[steps, n], np.clip(rising, 0.0, 1.0))
    return forecast
