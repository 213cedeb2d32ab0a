"""From a scenario to an arena: orbits, Sun and Moon, tables, in this order.

Tables take a while and hardly ever change, so they are kept on disk, see ``cache``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import parts
from ssa_psro.geometry.access import fill_tables
from ssa_psro.geometry.arena import AccessTables, Arena, Objects
from ssa_psro.geometry.bodies import catalog_objects, constellation_orbits
from ssa_psro.geometry.cache import (
    Shapes,
    default_cache_dir,
    in_pieces,
    load_tables,
    save_tables,
    table_path,
)
from ssa_psro.geometry.flight import Orbits, fly
from ssa_psro.geometry.manoeuvres import manoeuvre_windows
from ssa_psro.geometry.optics import optics_of
from ssa_psro.geometry.sky import moon_position_km, sun_position_km
from ssa_psro.progress import StageProgress, untold_stages
from ssa_psro.scenario import Scenario
from ssa_psro.scenario.schema import SIDES

Fill: TypeAlias = Callable[[slice, NDArray[np.uint8], NDArray[np.uint8]], None]
"""Fills quality and denial of some steps, both of which come zeroed."""


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
    shapes = _shapes(scenario, sensors, len(objects))
    tables = load_tables(path, shapes) if path else None
    if tables is None:
        position_km = _flown(scenario, orbits, shapes, progress)
        fill = _filler(scenario, objects, position_km, sensors, progress)
        tables = _kept(path, position_km, shapes, fill, progress) if path else None
    if tables is None:
        tables = _filled(position_km, shapes, fill, progress)
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


def _shapes(scenario: Scenario, sensors: tuple[int, int], objects: int) -> Shapes:
    """Of the fields of ``AccessTables``."""
    steps, slots = scenario.window.horizon_steps, max(sensors)
    return {
        "quality": (steps, 2, slots, objects),
        "denial": (steps, 2, slots, slots),
        "position_km": (steps, 2 * slots + objects, 3),
    }


def _kept(
    path: Path, position_km: NDArray[np.float32], shapes: Shapes, fill: Fill, tell: StageProgress
) -> AccessTables | None:
    """The tables as they lie on disk once they are written there; ``None`` if they cannot be.

    They go there as they are made: in memory the largest of them is never whole.
    """
    denial = np.zeros(shapes["denial"], np.uint8)

    def seen() -> Iterator[NDArray[np.uint8]]:
        for span in parts(len(denial)):
            quality = np.zeros((span.stop - span.start, *shapes["quality"][1:]), np.uint8)
            fill(span, quality, denial[span])
            yield quality

    pieces = chain(in_pieces(position_km), seen(), in_pieces(denial))
    try:
        save_tables(path, shapes, pieces, lambda share: tell("access", 0.3 + 0.7 * share))
    except OSError as fault:
        warnings.warn(f"Tables are not cached: {fault}", stacklevel=3)
        return None
    return load_tables(path, shapes)


def _filled(
    position_km: NDArray[np.float32], shapes: Shapes, fill: Fill, tell: StageProgress
) -> AccessTables:
    """The tables in memory."""
    quality, denial = (np.zeros(shapes[name], np.uint8) for name in ("quality", "denial"))
    for span in parts(len(denial)):
        fill(span, quality[span], denial[span])
        tell("access", 0.3 + 0.7 * span.stop / len(denial))
    return AccessTables(quality, denial, position_km)


def _flown(
    scenario: Scenario, orbits: Orbits, shapes: Shapes, tell: StageProgress
) -> NDArray[np.float32]:
    """Where everything is, see ``AccessTables``."""
    window, slots = scenario.window, shapes["denial"][2]
    times_s = _times_s(scenario)
    tell("orbits", 0.0)
    # single precision (2 m in GEO) before the tables are filled: what is worked out from
    # the stored positions later, such as a reason, then agrees with the tables to the last bit
    position_km = np.empty(shapes["position_km"], dtype=np.float32)
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
    return position_km


def _filler(
    scenario: Scenario,
    objects: Objects,
    position_km: NDArray[np.float32],
    sensors: tuple[int, int],
    tell: StageProgress,
) -> Fill:
    """What fills the steps of a span in zeroed parts of ``quality`` and ``denial``."""
    tell("Sun and Moon", 0.3)
    epoch, times_s = scenario.window.epoch, _times_s(scenario)
    sun_km, moon_km = sun_position_km(epoch, times_s), moon_position_km(epoch, times_s)
    optics = optics_of(scenario.sides, sensors, objects)

    def fill(span: slice, quality: NDArray[np.uint8], denial: NDArray[np.uint8]) -> None:
        sky = (position_km[span], sun_km[span], moon_km[span])
        fill_tables(*sky, optics, quality, denial)

    return fill


def _times_s(scenario: Scenario) -> NDArray[np.float64]:
    """Of the horizon's steps, after the epoch."""
    return np.arange(scenario.window.horizon_steps, dtype=np.float64) * scenario.window.step_s
