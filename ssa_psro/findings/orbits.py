"""The orbits of a game in tables: the catalogue by height and period, and where satellites fly."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ssa_psro.findings.table import SIDES, Column, Table, Value, make_table
from ssa_psro.geometry.arena import Arena
from ssa_psro.geometry.bodies import flights
from ssa_psro.geometry.constants import EARTH_RADIUS_KM
from ssa_psro.geometry.flight import positions_km
from ssa_psro.geometry.sky import gcrs_to_tirs

TRACK_H = 2.0
"""How much of the satellites' flight is told: a little more than a revolution in LEO."""


def orbit_table(arena: Arena) -> Table:
    """Period, and the greatest and the least height, of every object within the horizon."""
    columns = (
        Column("object", "", "its name"),
        Column("regime", "", "LEO, MEO, GEO or HEO"),
        Column("contested", "", "whether only the fresher custody is paid for"),
        Column("period_min", "min", "of one revolution"),
        Column("apogee_km", "km", "greatest height at any step, above the equator's radius"),
        Column("perigee_km", "km", "least height likewise"),
    )
    slots = arena.tables.quality.shape[2]
    radius_km = np.linalg.norm(arena.tables.position_km[:, 2 * slots :], axis=2)
    heights = radius_km - EARTH_RADIUS_KM
    rows = [
        (
            *(one.name, one.regime, one.contested),
            2.0 * math.pi / arena.objects.mean_motion_rad_h[n] * 60.0,
            heights[:, n].max(),
            heights[:, n].min(),
        )
        for n, one in enumerate(arena.scenario.catalog.roster())
    ]
    return make_table("orbits", "The orbits of the catalogue", columns, rows)


def track_table(arena: Arena) -> Table:
    """Where the satellites of both sides are, minute by minute, as the horizon begins."""
    columns = (
        Column("side", "", "blue or red"),
        Column("satellite", "", "number of the side's satellite, from 1"),
        Column("minute", "min", "since the horizon began"),
        Column("x_km", "km", "GCRS, like the next two"),
        Column("y_km", "km", ""),
        Column("z_km", "km", ""),
        Column("longitude_deg", "deg", "of the point below, east"),
        Column("latitude_deg", "deg", "geocentric, north"),
    )
    rows = list(_tracks(arena))
    return make_table("tracks", "Where the satellites fly", columns, rows)


def _tracks(arena: Arena) -> Iterator[tuple[Value, ...]]:
    window = arena.scenario.window
    arc_s = min(TRACK_H * 3600.0, (window.horizon_steps - 1) * float(window.step_s))
    times_s = np.arange(0.0, arc_s + 1.0, 60.0)
    turned = gcrs_to_tirs(window.epoch, times_s)
    # flown anew: between the steps of the tables a satellite may turn by half a revolution
    for side, orbits in zip(SIDES, flights(arena.scenario), strict=False):
        flown = positions_km(orbits, window.epoch, times_s)
        for s in range(flown.shape[1]):
            places = flown[:, s]
            fixed = np.einsum("tij,tj->ti", turned, places)
            longitude = np.degrees(np.arctan2(fixed[:, 1], fixed[:, 0]))
            latitude = np.degrees(np.arcsin(fixed[:, 2] / np.linalg.norm(fixed, axis=1)))
            for t, time_s in enumerate(times_s):
                yield (side, s + 1, time_s / 60.0, *places[t], longitude[t], latitude[t])


def assets_table(arena: Arena) -> Table:
    """How many of a side's sensors have access to an object, as shares of the horizon."""
    most = 4
    columns = (
        Column("side", "", "whose sensors"),
        Column("object", "", "its name"),
        Column("regime", "", "LEO, MEO, GEO or HEO"),
        Column("contested", "", "whether only the fresher custody is paid for"),
        *(
            Column(
                f"assets_{count}",
                "share",
                f"of the horizon with access by {count} sensors or more at once",
            )
            for count in range(1, most + 1)
        ),
    )
    counts = (arena.tables.quality > 0).sum(axis=2)
    rows = [
        (
            side,
            *(one.name, one.regime, one.contested),
            *((counts[:, number, n] >= count).mean() for count in range(1, most + 1)),
        )
        for number, side in enumerate(SIDES)
        for n, one in enumerate(arena.scenario.catalog.roster())
    ]
    return make_table("assets", "How many sensors have access at once", columns, rows)
