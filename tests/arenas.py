"""Small random arenas for tests: valid, quick to make, without any orbital mechanics.

Access comes in random spells rather than from geometry, so a few dozen steps of three sensors
a side already hold every situation that the rules speak of.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssa_psro.geometry.arena import AccessTables, Arena, ForecastWindows, Objects
from ssa_psro.scenario.schema import (
    GameRules,
    GeneratedCatalog,
    Regime,
    Scenario,
    Sensor,
    Side,
    Walker,
    Window,
)

EARTH_GM_KM3_S2 = 398600.4418
SENSOR_RADIUS_KM = 7000.0
RADIUS_KM = {"LEO": 7600.0, "MEO": 20000.0, "GEO": 42164.0}
KINDS = tuple(RADIUS_KM)
"""The regimes that objects are spread over, in the order of ``REGIMES``."""


def make_arena(
    seed: int = 0,
    *,
    sensors: tuple[int, int] = (3, 3),
    objects: int = 6,
    contested: int | None = None,
    steps: int = 48,
    horizon_steps: int | None = None,
    step_s: int = 300,
    decision_steps: int = 4,
    windows: int = 2,
    access: float = 0.5,
    denial: float = 0.4,
    symmetric: bool = False,
    rules: Mapping[str, Any] | None = None,
    sensor: Mapping[str, Any] | None = None,
) -> Arena:
    """A random arena; equal arguments give equal arenas.

    Args:
        seed: of everything drawn here (not of the episodes).
        sensors: number of sensors of Blue and of Red; the tables are padded to the larger.
        objects: number of objects, spread over the regimes.
        contested: how many of them are contested; half of them by default.
        steps: steps of an episode.
        horizon_steps: steps of the tables; twice ``steps`` by default, and with ``steps`` itself
            every episode starts at horizon step 0.
        step_s: length of a step.
        decision_steps: steps for which a decision holds.
        windows: the most manoeuvre windows an object has; 0 for none.
        access: share of time in which a sensor sees an object, in [0, 1].
        denial: share of time in which a sensor can deny an opposing one, in [0, 1].
        symmetric: Red gets Blue's sensors, tables and positions; as sensors of the same number
            are then in one place, they cannot deny each other.
        rules: fields of ``GameRules`` to set; the contest period is 0.4 of an episode by default,
            so that an episode has two whole periods and a part of one.
        sensor: fields of ``Sensor`` to set for both sides.
    """
    if symmetric and sensors[0] != sensors[1]:
        raise ValueError(f"a symmetric arena needs as many sensors on both sides, not {sensors}")
    rng = np.random.default_rng(seed)
    horizon = 2 * steps if horizon_steps is None else horizon_steps
    things = _objects(rng, objects, objects // 2 if contested is None else contested)
    period = {"contest_period_h": max(1, steps * 2 // 5) * step_s / 3600}
    scenario = Scenario(
        name=f"random-{seed}",
        window=Window(
            epoch=datetime(2026, 1, 1, tzinfo=UTC),
            duration_h=steps * step_s / 3600,
            step_s=step_s,
            decision_interval_s=decision_steps * step_s,
            horizon_days=horizon * step_s / 86400,
        ),
        **_sides(rng, sensors, sensor or {}, symmetric),
        catalog=_catalog(things),
        rules=GameRules(**{**period, **(rules or {})}),
    )
    return Arena(
        scenario=scenario,
        objects=things,
        windows=_windows(rng, objects, windows, horizon),
        tables=_tables(rng, horizon, sensors, things, step_s, access, denial, symmetric),
        sensor_count=sensors,
    )


def _objects(rng: np.random.Generator, count: int, contested: int) -> Objects:
    """Objects whose sigma leaves custody within an hour or so, to make short episodes lively."""
    regime = np.sort(np.arange(count) % len(KINDS)).astype(np.int8)
    fought_over = np.zeros(count, dtype=np.bool_)
    fought_over[rng.permutation(count)[:contested]] = True
    return Objects(
        names=tuple(f"{KINDS[kind]}-{n:03d}" for n, kind in enumerate(regime)),
        regime=regime,
        contested=fought_over,
        weight=rng.uniform(0.5, 3.0, count),
        radius_m=rng.uniform(0.5, 2.0, count),
        albedo=np.full(count, 0.2),
        custody_sigma_km=rng.uniform(4.0, 12.0, count),
        growth_km_h=rng.uniform(2.0, 15.0, count),
        measurement_sigma_km=rng.uniform(0.3, 1.5, count),
    )


def _sides(
    rng: np.random.Generator,
    sensors: tuple[int, int],
    overrides: Mapping[str, Any],
    symmetric: bool,
) -> dict[str, Side]:
    sides = {}
    for name, count in zip(("blue", "red"), sensors, strict=True):
        drawn = {
            "slew_rate_deg_s": float(rng.uniform(0.2, 1.5)),
            "settle_s": float(rng.uniform(0, 120)),
            "dwell_s": float(rng.uniform(60, 900)),
        }
        shape = Walker(
            kind="walker-delta",
            altitude_km=SENSOR_RADIUS_KM - 6378,
            inclination_deg=60.0,
            satellites=count,
            planes=count,
            phasing=0,
        )
        sides[name] = Side(constellation=shape, sensor=Sensor(**{**drawn, **overrides}))
    return {"blue": sides["blue"], "red": sides["blue" if symmetric else "red"]}


def _catalog(things: Objects) -> GeneratedCatalog:
    """The catalogue section that agrees with the objects in number, regime and contest."""
    regimes = []
    for index, name in enumerate(KINDS):
        members = things.regime == index
        regimes.append(
            Regime(
                regime=name,
                count=int(members.sum()),
                contested=int((members & things.contested).sum()),
                altitude_km=(RADIUS_KM[name] - 6378, RADIUS_KM[name] - 6378),
                inclination_deg=(0.0, 90.0),
            )
        )
    return GeneratedCatalog(seed=1, regimes=regimes)


def _windows(rng: np.random.Generator, objects: int, most: int, horizon: int) -> ForecastWindows:
    """Up to ``most`` disjoint windows an object, in time order, some of them certain."""
    shape = (objects, max(1, most))
    start = np.full(shape, horizon + 1, dtype=np.int32)
    end = np.full(shape, horizon + 1, dtype=np.int32)
    probability, drift_km_h = np.zeros(shape), np.zeros(shape)
    for n in range(objects):
        count = min(int(rng.integers(0, most + 1)), (horizon + 1) // 2)
        edges = np.sort(rng.choice(horizon + 1, size=2 * count, replace=False))
        start[n, :count], end[n, :count] = edges[0::2], edges[1::2]
        probability[n, :count] = rng.choice([0.3, 0.7, 1.0], size=count)
        drift_km_h[n, :count] = rng.uniform(5.0, 60.0, size=count)
    return ForecastWindows(start, end, probability, drift_km_h)


def _tables(
    rng: np.random.Generator,
    horizon: int,
    sensors: tuple[int, int],
    things: Objects,
    step_s: int,
    access: float,
    denial: float,
    symmetric: bool,
) -> AccessTables:
    count, objects = max(sensors), len(things)
    seen = _spells(rng, horizon, (2, count, objects), access)
    quality = (seen * rng.integers(1, 256, size=seen.shape)).astype(np.uint8)
    deny = _spells(rng, horizon, (2, count, count), denial).astype(np.uint8)
    radius = [SENSOR_RADIUS_KM] * (2 * count) + [RADIUS_KM[KINDS[kind]] for kind in things.regime]
    position_km = _circles(rng, np.array(radius), np.arange(horizon) * float(step_s))
    for side, other in ((0, 1), (1, 0)):
        quality[:, side, sensors[side] :] = 0
        deny[:, side, sensors[side] :] = 0
        deny[:, side, :, sensors[other] :] = 0
    if symmetric:
        deny[:, :, range(count), range(count)] = 0
        quality[:, 1], deny[:, 1] = quality[:, 0], deny[:, 0]
        position_km[:, count : 2 * count] = position_km[:, :count]
    return AccessTables(quality, deny, position_km)


def _spells(
    rng: np.random.Generator,
    horizon: int,
    shape: tuple[int, ...],
    share: float,
    mean_steps: int = 8,
) -> NDArray[np.bool_]:
    """``[horizon, *shape]``: on-off chains, on for ``share`` of the time.

    An off spell lasts eight steps on average, or longer where little is on.
    """
    leave = min(1.0, (1.0 - share) / (mean_steps * share)) if share > 0 else 1.0
    enter = leave * share / (1.0 - share) if share < 1 else 1.0
    on = np.zeros((horizon, *shape), dtype=np.bool_)
    on[0] = rng.random(shape) < share
    for step in range(1, horizon):
        chance = rng.random(shape)
        on[step] = np.where(on[step - 1], chance >= leave, chance < enter)
    return on


def _circles(
    rng: np.random.Generator, radius_km: NDArray[np.float64], time_s: NDArray[np.float64]
) -> NDArray[np.float32]:
    """``[T, bodies, 3]`` positions on randomly oriented circular orbits."""
    position = np.empty((len(time_s), len(radius_km), 3), dtype=np.float32)
    for body, radius in enumerate(radius_km):
        axes = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        angle = rng.uniform(0, 2 * np.pi) + time_s * np.sqrt(EARTH_GM_KM3_S2 / radius**3)
        position[:, body] = radius * np.outer(np.cos(angle), axes[0]) + radius * np.outer(
            np.sin(angle), axes[1]
        )
    return position
