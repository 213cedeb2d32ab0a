"""One episode, sensor by sensor: what each of them does when, and when it is denied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from matplotlib.patches import Patch

from ssa_psro.findings import Table
from ssa_psro.findings.episode import DENIED, PROTECTED
from ssa_psro.report.axes import hours_axis
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import GREEN, SIDE_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.EPISODE, 20

SLEWING, RESTING, DENYING, BROWN = "#9fb4c7", "#d9d9d9", "#cc79a7", "#8c6d31"
STATES = {
    "slewing": SLEWING,
    "observing": "#56b4e9",
    "resting": RESTING,
    "denying": DENYING,
    "protecting": GREEN,
}
"""Colours by Okabe and Ito; what a sensor is subject to has a line of its own below."""
FATES = {DENIED: BROWN, PROTECTED: GREEN}


def pictures(content: Drawable) -> Iterator[Picture]:
    """Where one episode was traced."""
    table = content.tables.get("activity")
    if table is None:
        return
    sides = table.unique("side")
    most = max(len(table.where("side", side).unique("sensor")) for side in sides)
    yield Picture(
        name="activity",
        title="What the sensors did",
        note=(
            "One episode. Wide bars: what a sensor does; gaps between them: idle. Narrow bars "
            "below: brown while it is denied and cannot observe, green while it is protected."
        ),
        table=table,
        panels=tuple(
            Panel(draw_activity, table.where("side", side), SIDE_STYLES[side].label)
            for side in sides
        ),
        size_in=(WIDTH_IN, min(12.0, 1.0 + len(sides) * (0.6 + 0.24 * most))),
    )


def draw_activity(table: Table, ax: Axes) -> None:
    """Draw a line a sensor.

    Args:
        table: of one side: ``sensor``, ``state``, ``start_h``, ``end_h``.
        ax: where to draw.
    """
    sensors = sorted(table.unique("sensor"))
    for colours, up, height in ((STATES, -0.12, 0.56), (FATES, 0.3, 0.2)):
        for state, colour in colours.items():
            spells = table.where("state", state)
            starts, ends = spells.numbers("start_h"), spells.numbers("end_h")
            places = [sensors.index(one) + up for one in spells.values("sensor")]
            ax.barh(places, ends - starts, height, left=starts, color=colour, lw=0, rasterized=True)
    ax.set_yticks(range(len(sensors)), [str(one) for one in sensors])
    ax.set_ylim(len(sensors) - 0.4, -0.6)
    ax.set_ylabel("Sensor")
    ax.grid(False, axis="y")
    hours_axis(ax, float(max(table.values("end_h"))))
    marks = [Patch(fc=colour, label=state) for state, colour in (STATES | FATES).items()]
    ax.legend(
        handles=marks,
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=len(marks),
        handlelength=1.2,
    )
