"""From a scenario to an arena: orbits, Sun and Moon, tables, in this order.

Tables take a while and hardly ever change, so they are kept on disk, see ``cache``.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import parts
from ssa_psro.geometry.access import fill_tables
from ssa_psro.geometry.arena import AccessTables, Arena, Objects
from ssa_psro.geometry.bodies import catalog_objects, constellation_orbits
from ssa_psro.geometry.cache import (
    default_cache_dir,
    load_tables,
    save_tables,
    shapes_of,
    table_path,
)
from ssa_psro.geometry.flight import Orbits, fly
from ssa_psro.geometry.manoeuvres import manoeuvre_windows
from ssa_psro.geometry.optics import optics_of
from ssa_psro.geometry.sky import moon_position_km, sun_position_km
from ssa_psro.progress import StageProgress, untold_stages
from ssa_psro.scenario import Scenario
from ssa_psro.scenario.schema import SIDES


def build_arena(
    scenario: Scenario,
    *,
    cache_dir: Path | Literal["default"] | None = "default",
    progress: StageProgress = untold_stages,
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
    windows = manoeuvre_windows(scenario.catalog, scenario.window)
    objects, orbits = catalog_objects(scenario.catalog)
    sensors = (scenario.blue.constellation.count, scenario.red.constellation.count)
    folder = default_cache_dir() if cache_dir == "default" else cache_dir
    path = None if folder is None else table_path(folder, scenario)
    tables = load_tables(path, _shapes(scenario, sensors, len(objects))) if path else None
    if tables is None:
        tables = _build_tables(scenario, objects, orbits, sensors, progress)
        if path is not None:
            tables = _kept(path, tables, progress)
    progress("ready", 1.0)
    if blind := _blindness(tables, sensors):
        warnings.warn(blind, stacklevel=2)
    return Arena(scenario, objects, windows, tables, sensors)


def _blindness(tables: AccessTables, sensors: tuple[int, int]) -> str:
    """In one sentence which sensors never have access to an object; empty if all of them have."""
    named, whole = [], 0
    for place, side in enumerate(SIDES):
        blind = _unused(tables.quality[:, place, : sensors[place]])
        whole += len(blind) == sensors[place]
        which = "all" if len(blind) == sensors[place] else ", ".join(str(one + 1) for one in blind)
        named += [f"{side.capitalize()}'s sensors ({which})"] if blind else []
    so = ", so that every payoff is the same" if whole == len(SIDES) else ""
    return f"Never with access to any object: {' and '.join(named)}{so}." if named else ""


def _unused(quality: NDArray[np.uint8]) -> list[int]:
    """Sensors without access to any object, of ``[T, M, N]``."""
    unused = np.ones(quality.shape[1], np.bool_)
    for part in parts(len(quality)):
        unused[unused] = ~quality[part][:, unused].any(axis=(0, 2))
        if not unused.any():
            break
    return np.flatnonzero(unused).tolist()


def _shapes(
    scenario: Scenario, sensors: tuple[int, int], objects: int
) -> dict[str, tuple[int, ...]]:
    """Of the fields of ``AccessTables``."""
    steps, slots = scenario.window.horizon_steps, max(sensors)
    return {
        "quality": (steps, 2, slots, objects),
        "denial": (steps, 2, slots, slots),
        "position_km": (steps, 2 * slots + objects, 3),
    }


def _kept(path: Path, tables: AccessTables, tell: StageProgress) -> AccessTables:
    """The tables as they lie on disk now, in place of those in memory."""
    try:
        save_tables(path, tables, lambda share: tell("cache", 0.8 + 0.2 * share))
    except OSError as fault:
        warnings.warn(f"Tables are not cached: {fault}", stacklevel=3)
        return tables
    return load_tables(path, shapes_of(tables)) or tables


def _build_tables(
    scenario: Scenario,
    objects: Objects,
    orbits: Orbits,
    sensors: tuple[int, int],
    tell: StageProgress,
) -> AccessTables:
    window, slots = scenario.window, max(sensors)
    times_s = np.arange(window.horizon_steps, dtype=np.float64) * window.step_s
    tell("orbits", 0.0)
    # single precision (2 m in GEO) before the tables are filled: what is worked out from
    # the stored positions later, such as a reason, then agrees with the tables to the last bit
    position_km = np.empty((len(times_s), 2 * slots + len(objects), 3), dtype=np.float32)
    for first, side in zip((0, slots), scenario.sides, strict=True):
        # stated satellites fly on mean elements, which are fitted over the arc that is to be played
        design = constellation_orbits(side.constellation, float(times_s[-1]))
        flown, surplus = np.split(
            position_km[:, first : first + slots], [side.constellation.count], axis=1
        )
        fly(design, window.epoch, times_s, flown)
        surplus[:] = flown[:, :1]  # finite, and never used
    flown = position_km[:, 2 * slots :]
    fly(orbits, window.epoch, times_s, flown, lambda share: tell("orbits", 0.3 * share))
    tell("Sun and Moon", 0.3)
    bodies_km = (sun_position_km(window.epoch, times_s), moon_position_km(window.epoch, times_s))
    return _tabulate(scenario, objects, position_km, bodies_km, sensors, tell)


def _tabulate(
    scenario: Scenario,
    objects: Objects,
    position_km: NDArray[np.float32],
    bodies_km: tuple[NDArray[np.float64], NDArray[np.float64]],
    sensors: tuple[int, int],
    tell: StageProgress,
) -> AccessTables:
    steps, slots = len(position_km), max(sensors)
    sun_km, moon_km = bodies_km
    optics = optics_of(scenario.sides, sensors, objects)
    quality = np.zeros((steps, 2, slots, len(objects)), dtype=np.uint8)
    denial = np.zeros((steps, 2, slots, slots), dtype=np.uint8)
    for span in parts(steps):
        sky = (position_km[span], sun_km[span], moon_km[span])
        fill_tables(*sky, optics, quality[span], denial[span])
        tell("access", 0.3 + 0.5 * span.stop / steps)
    return AccessTables(quality, denial, position_km)
