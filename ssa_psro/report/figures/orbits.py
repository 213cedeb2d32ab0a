"""The orbits of a game: the catalogue by height, and where the satellites of both sides fly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from ssa_psro.findings import Table
from ssa_psro.geometry.constants import EARTH_RADIUS_KM
from ssa_psro.report.axes import legend_above
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import BLUE, GRID, INK, MUTED, RED, SIDE_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.CATALOGUE, 10

PERIODS_MIN = (90, 100, 120, 180, 300, 500, 718, 1000, 1436, 3000)
HEIGHTS_KM = (200, 300, 500, 1000, 2000, 5000, 10_000, 20_000, 35_786, 60_000)
"""Marks that people know: low orbits by the hundred, GPS, geostationary."""


def pictures(content: Drawable) -> Iterator[Picture]:
    """Where the geometry was at hand."""
    orbits, tracks = content.tables.get("orbits"), content.tables.get("tracks")
    if orbits is not None:
        yield Picture(
            name="gabbard",
            title="The catalogue by height and period",
            note=(
                "Each object twice, at its greatest and its least height within the horizon, "
                "above each other: the closer both are, the rounder the orbit. Filled: contested."
            ),
            table=orbits,
            panels=(Panel(draw_gabbard, orbits),),
            size_in=(WIDTH_IN, 4.2),
        )
    if tracks is not None:
        yield Picture(
            name="tracks",
            title="Ground tracks of both constellations",
            note="The first two hours of the horizon; a marker where each satellite begins.",
            table=tracks,
            panels=(Panel(draw_tracks, tracks),),
            size_in=(WIDTH_IN, 5.4),
        )
        yield Picture(
            name="planes",
            title="Both constellations in space",
            note="Seen along the equator and from above the north pole, in inertial axes.",
            table=tracks,
            panels=(
                Panel(draw_from_the_side, tracks, "From the side"),
                Panel(draw_from_the_pole, tracks, "From the pole"),
            ),
            size_in=(WIDTH_IN, 6.0),
            columns=2,
        )


def draw_gabbard(table: Table, ax: Axes) -> None:
    """Draw apogee and perigee of each object against its period (Gabbard).

    Args:
        table: ``regime``, ``contested``, ``period_min``, ``apogee_km``, ``perigee_km``.
        ax: where to draw.
    """
    period, contested = table.numbers("period_min"), np.array(table.values("contested"))
    for name, marker, colour in (("apogee", "^", RED), ("perigee", "v", BLUE)):
        height = table.numbers(f"{name}_km")
        for which, filled in ((contested, True), (~contested, False)):
            ax.plot(
                period[which],
                height[which],
                marker,
                ms=5,
                mec=colour,
                mfc=colour if filled else "none",
                label=f"{name}, {'contested' if filled else 'not contested'}",
            )
    ax.vlines(period, table.numbers("perigee_km"), table.numbers("apogee_km"), color=GRID, lw=0.8)
    ax.set_xscale("log")
    ax.set_yscale("log")
    for scale, ticks in ((ax.xaxis, PERIODS_MIN), (ax.yaxis, HEIGHTS_KM)):
        scale.set_major_locator(FixedLocator(ticks))
        scale.set_major_formatter("{x:,.0f}")
        scale.set_minor_locator(NullLocator())
    ax.set_xlabel("Period [min]")
    ax.set_ylabel("Height [km]")
    legend_above(ax)


def draw_tracks(table: Table, ax: Axes) -> None:
    """Draw the points below both sides' satellites.

    Args:
        table: ``side``, ``satellite``, ``longitude_deg``, ``latitude_deg``, in the order of time.
        ax: where to draw.
    """
    for side, style in SIDE_STYLES.items():
        own = table.where("side", side)
        for number in own.unique("satellite"):
            one = own.where("satellite", number)
            east, north = one.numbers("longitude_deg"), one.numbers("latitude_deg")
            jumps = np.flatnonzero(np.abs(np.diff(east)) > 180.0) + 1
            ax.plot(
                np.insert(east, jumps, np.nan),
                np.insert(north, jumps, np.nan),
                color=style.colour,
                ls=style.line,
                lw=1.1,
                alpha=0.8,
            )
            ax.plot(
                east[0],
                north[0],
                style.marker,
                ms=6,
                color=style.colour,
                mec=INK,
                mew=0.5,
                label=style.label if number == 1 else None,
            )
    ax.set_xlim(-180, 180)
    ax.set_ylim(-90, 90)
    ax.set_xticks(range(-180, 181, 60))
    ax.set_yticks(range(-90, 91, 30))
    ax.set_aspect("equal")
    ax.set_xlabel("Longitude [deg east]")
    ax.set_ylabel("Latitude [deg north]")
    legend_above(ax)


def draw_from_the_side(table: Table, ax: Axes) -> None:
    """Draw orbits as they are seen along the x-axis.

    Args:
        table: ``side``, ``satellite``, ``x_km``, ``y_km``, ``z_km``, in the order of time.
        ax: where to draw.
    """
    _draw_planes(table, ax, ("y_km", "z_km", "x_km"))


def draw_from_the_pole(table: Table, ax: Axes) -> None:
    """The same, seen along the z-axis."""
    _draw_planes(table, ax, ("x_km", "y_km", "z_km"))


def _draw_planes(table: Table, ax: Axes, axes: tuple[str, str, str]) -> None:
    right, up, depth = axes
    angle = np.linspace(0.0, 2.0 * np.pi, 181)
    ax.fill(EARTH_RADIUS_KM * np.cos(angle), EARTH_RADIUS_KM * np.sin(angle), color=GRID, lw=0)
    for side, style in SIDE_STYLES.items():
        own = table.where("side", side)
        for number in own.unique("satellite"):
            one = own.where("satellite", number)
            x, y, z = (one.numbers(name) for name in (right, up, depth))
            hidden = (z < 0) & (np.hypot(x, y) < EARTH_RADIUS_KM)
            ax.plot(
                np.where(hidden, np.nan, x),
                np.where(hidden, np.nan, y),
                color=style.colour,
                ls=style.line,
                lw=1.1,
            )
            if not hidden[0]:
                ax.plot(x[0], y[0], style.marker, ms=6, color=style.colour, mec=INK, mew=0.5)
    ax.set_aspect("equal")
    ax.set_xlabel(f"{right[0]} [km]")
    ax.set_ylabel(f"{up[0]} [km]")
    ax.tick_params(colors=MUTED)
