"""From a scenario to an arena: orbits, Sun, tables, in this order."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ssa_psro.geometry.access import fill_tables
from ssa_psro.geometry.arena import AccessTables, Arena, Objects
from ssa_psro.geometry.cache import default_cache_dir, load_tables, save_tables, table_path
from ssa_psro.geometry.catalog import catalog_objects
from ssa_psro.geometry.constellation import constellation_orbits
from ssa_psro.geometry.flight import Orbits, fly
from ssa_psro.geometry.moon import moon_position_km
from ssa_psro.geometry.optics import optics_of
from ssa_psro.geometry.sun import sun_position_km
from ssa_psro.geometry.windows import forecast_windows
from ssa_psro.scenario.schema import Scenario

Progress: TypeAlias = Callable[[str, float], None]
"""Called with the name of the stage and the share of the whole work done, from 0 to 1."""

CHUNKS = 16
"""Parts of the horizon between which progress is told."""


def build_arena(
    scenario: Scenario,
    *,
    cache_dir: Path | Literal["default"] | None = "default",
    progress: Progress | None = None,
) -> Arena:
    """Make a scenario ready to be played.

    Args:
        scenario: a checked scenario.
        cache_dir: folder for finished tables; ``"default"`` is ``default_cache_dir()``, ``None``
            neither reads nor writes a cache.
        progress: told how far the work is.

    Raises:
        ScenarioError: SGP4 cannot follow an element set over the whole horizon.
    """
    tell = progress or (lambda stage, share: None)
    windows = forecast_windows(scenario.catalog, scenario.window)
    objects, orbits = catalog_objects(scenario.catalog)
    sensors = (scenario.blue.constellation.count, scenario.red.constellation.count)
    folder = default_cache_dir() if cache_dir == "default" else cache_dir
    tables = _cached_tables(scenario, sensors, len(objects), folder)
    if tables is None:
        tables = _build_tables(scenario, objects, orbits, sensors, tell)
        if folder is not None:
            _keep(table_path(folder, scenario), tables)
    tell("ready", 1.0)
    return Arena(scenario, objects, windows, tables, sensors)


def _cached_tables(
    scenario: Scenario, sensors: tuple[int, int], objects: int, folder: Path | None
) -> AccessTables | None:
    if folder is None:
        return None
    steps, slots = scenario.window.horizon_steps, max(sensors)
    shapes = {
        "quality": (steps, 2, slots, objects),
        "denial": (steps, 2, slots, slots),
        "position_km": (steps, 2 * slots + objects, 3),
    }
    return load_tables(table_path(folder, scenario), shapes)


def _keep(path: Path, tables: AccessTables) -> None:
    try:
        save_tables(path, tables)
    except OSError as fault:
        warnings.warn(f"Tables are not cached: {fault}", stacklevel=3)


def _build_tables(
    scenario: Scenario,
    objects: Objects,
    orbits: Orbits,
    sensors: tuple[int, int],
    tell: Progress,
) -> AccessTables:
    window = scenario.window
    times_s = np.arange(window.horizon_steps, dtype=np.float64) * window.step_s
    tell("orbits", 0.0)
    arc_s = float(times_s[-1])
    designs = [constellation_orbits(side.constellation, arc_s) for side in scenario.sides]
    blue, red, flown = fly([*designs, orbits], window.epoch, times_s)
    sides = [_padded(positions, max(sensors)) for positions in (blue, red)]
    positions_km = np.concatenate([*sides, flown], axis=1)
    tell("Sun and Moon", 0.2)
    bodies_km = (sun_position_km(window.epoch, times_s), moon_position_km(window.epoch, times_s))
    return _tabulate(scenario, objects, positions_km.astype(np.float32), bodies_km, sensors, tell)


def _padded(positions_km: NDArray[np.float64], slots: int) -> NDArray[np.float64]:
    """A side with its first satellite repeated until it fills all slots: finite, and never used."""
    surplus = np.repeat(positions_km[:, :1], slots - positions_km.shape[1], axis=1)
    return np.concatenate([positions_km, surplus], axis=1)


def _tabulate(
    scenario: Scenario,
    objects: Objects,
    position_km: NDArray[np.float32],
    bodies_km: tuple[NDArray[np.float64], NDArray[np.float64]],
    sensors: tuple[int, int],
    tell: Progress,
) -> AccessTables:
    steps, slots = len(position_km), max(sensors)
    sun_km, moon_km = bodies_km
    optics = optics_of(scenario.sides, sensors, objects)
    quality = np.zeros((steps, 2, slots, len(objects)), dtype=np.uint8)
    denial = np.zeros((steps, 2, slots, slots), dtype=np.uint8)
    for part in np.array_split(np.arange(steps), CHUNKS):
        if part.size:
            span = slice(part[0], part[-1] + 1)
            sky = (position_km[span], sun_km[span], moon_km[span])
            fill_tables(*sky, optics, quality[span], denial[span])
            tell("access", 0.3 + 0.7 * float(part[-1] + 1) / steps)
    return AccessTables(quality, denial, position_km)
