"""From a scenario to an arena: orbits, Sun, tables, in this order."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ssa_psro.geometry.access import fill_tables, optics_of
from ssa_psro.geometry.arena import AccessTables, Arena, Objects
from ssa_psro.geometry.cache import default_cache_dir, load_tables, save_tables, table_path
from ssa_psro.geometry.catalog import generate_catalog
from ssa_psro.geometry.constellation import constellation_elements
from ssa_psro.geometry.elements import Elements, as_elements, as_rows, concatenate
from ssa_psro.geometry.propagation import propagate
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
    """
    tell = progress or (lambda stage, share: None)
    windows = forecast_windows(scenario.catalog, scenario.window)
    objects, orbits = generate_catalog(scenario.catalog)
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
    orbits: Elements,
    sensors: tuple[int, int],
    tell: Progress,
) -> AccessTables:
    window = scenario.window
    times_s = np.arange(window.horizon_steps, dtype=np.float64) * window.step_s
    tell("orbits", 0.0)
    flown = [
        _padded(constellation_elements(side.constellation, float(times_s[-1])), max(sensors))
        for side in scenario.sides
    ]
    positions_km = propagate(concatenate([*flown, orbits]), times_s)
    tell("Sun", 0.2)
    sun_km = sun_position_km(window.epoch, times_s)
    return _tabulate(scenario, objects, positions_km, sun_km, sensors, tell)


def _padded(side: Elements, slots: int) -> Elements:
    """A side with its first orbit repeated until it fills all slots: finite, and never used."""
    rows = as_rows(side)
    return as_elements(np.vstack([rows, np.repeat(rows[:1], slots - len(rows), axis=0)]))


def _tabulate(
    scenario: Scenario,
    objects: Objects,
    positions_km: NDArray[np.float64],
    sun_km: NDArray[np.float64],
    sensors: tuple[int, int],
    tell: Progress,
) -> AccessTables:
    steps, slots = len(positions_km), max(sensors)
    optics = optics_of(scenario.sides, sensors, objects)
    quality = np.zeros((steps, 2, slots, len(objects)), dtype=np.uint8)
    denial = np.zeros((steps, 2, slots, slots), dtype=np.uint8)
    for part in np.array_split(np.arange(steps), CHUNKS):
        if part.size:
            span = slice(part[0], part[-1] + 1)
            fill_tables(positions_km[span], sun_km[span], optics, quality[span], denial[span])
            tell("access", 0.3 + 0.7 * float(part[-1] + 1) / steps)
    return AccessTables(quality, denial, positions_km.astype(np.float32))
