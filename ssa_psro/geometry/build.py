"""From a scenario to an arena: orbits, Sun and Moon, tables, in this order.

Tables take seconds and hardly ever change, so they are kept on disk and found again by the content
of the scenario that they were made from. Only plain arrays are stored and loaded (never pickles).
A file that cannot be read, or whose arrays are not as expected, counts as absent and is written
anew.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ssa_psro.geometry.access import fill_tables
from ssa_psro.geometry.arena import AccessTables, Arena, Objects
from ssa_psro.geometry.bodies import catalog_objects, constellation_orbits
from ssa_psro.geometry.flight import Orbits, fly
from ssa_psro.geometry.manoeuvres import manoeuvre_windows
from ssa_psro.geometry.optics import optics_of
from ssa_psro.geometry.sky import moon_position_km, sun_position_km
from ssa_psro.progress import StageProgress, untold_stages
from ssa_psro.scenario import Scenario, geometry_hash

TABLE_FORMAT = 3
"""Raise this whenever the same scenario gives other tables than before."""
TABLE_DTYPES = {"quality": np.uint8, "denial": np.uint8, "position_km": np.float32}


def default_cache_dir() -> Path:
    """``$SSA_PSRO_CACHE``, else ``ssa_psro`` in the user's XDG cache folder."""
    if own := os.environ.get("SSA_PSRO_CACHE"):
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "ssa_psro"


def table_path(folder: Path, scenario: Scenario) -> Path:
    """Where the tables of a scenario are kept: named by table format and all geometry reads."""
    return folder / f"tables-{TABLE_FORMAT}-{geometry_hash(scenario)[:32]}.npz"


def load_tables(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> AccessTables | None:
    """Tables from a cache file, or ``None`` if it is absent, damaged or of another shape.

    Args:
        path: the file.
        shapes: shape of each field of ``AccessTables``.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            tables = AccessTables(**{name: stored[name] for name in AccessTables._fields})
    except Exception:  # whatever a damaged file raises, the cure is to make it anew
        return None
    expected = all(
        array.shape == shapes[name] and array.dtype == TABLE_DTYPES[name]
        for name, array in tables._asdict().items()
    )
    return tables if expected else None


def save_tables(path: Path, tables: AccessTables) -> None:
    """Write tables at once or not at all: readers never see half a file.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, allow_pickle=False, **tables._asdict())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


CHUNKS = 16
"""Parts of the horizon between which progress is told."""


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
    tables = _cached_tables(scenario, sensors, len(objects), folder)
    if tables is None:
        tables = _build_tables(scenario, objects, orbits, sensors, progress)
        if folder is not None:
            _keep(table_path(folder, scenario), tables)
    progress("ready", 1.0)
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
    tell: StageProgress,
) -> AccessTables:
    window = scenario.window
    times_s = np.arange(window.horizon_steps, dtype=np.float64) * window.step_s
    tell("orbits", 0.0)
    # stated satellites fly on mean elements, which are fitted over the arc that is to be played
    arc_s = float(times_s[-1])
    designs = [constellation_orbits(side.constellation, arc_s) for side in scenario.sides]
    blue, red, flown = fly([*designs, orbits], window.epoch, times_s)
    sides = [_padded(positions, max(sensors)) for positions in (blue, red)]
    positions_km = np.concatenate([*sides, flown], axis=1)
    tell("Sun and Moon", 0.2)
    bodies_km = (sun_position_km(window.epoch, times_s), moon_position_km(window.epoch, times_s))
    # single precision (2 m in GEO) before the tables are filled: what is worked out from
    # the stored positions later, such as a reason, then agrees with the tables to the last bit
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
    tell: StageProgress,
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
