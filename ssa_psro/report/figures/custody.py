"""Custody against time: of the catalogue, of each regime, and of what both sides compete for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ssa_psro.findings import Table
from ssa_psro.findings.coverage import WHOLE
from ssa_psro.report.axes import hours_axis, legend_above, share_axis, thinned
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import SIDE_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.COVERAGE, 10

BY_WEIGHT = "Share of the objects' weight [%]"


def pictures(content: Drawable) -> Iterator[Picture]:
    """Once the best iterate has been played out."""
    tables = content.tables
    if "custody" in tables:
        yield _whole(tables["custody"])
        yield _regimes(tables["custody"])
    if "contested" in tables:
        yield _contested(tables["contested"])


def _whole(table: Table) -> Picture:
    whole = table.where("objects", WHOLE)
    return Picture(
        name="custody",
        title="Catalogue in custody against time",
        note=(
            "Share of the catalogue, by weight, whose position each side knows well enough for "
            "custody. Line: mean over episodes; band: its 95 % interval. Both sides start with "
            "observations of random age, so the first hours show what they began with."
        ),
        table=whole,
        panels=(Panel(draw_custody, whole),),
        size_in=(WIDTH_IN, 3.6),
    )


def _regimes(table: Table) -> Picture:
    regimes = [name for name in table.unique("objects") if name != WHOLE]
    panels = tuple(Panel(draw_custody, table.where("objects", name), name) for name in regimes)
    return Picture(
        name="custody-by-regime",
        title="Custody against time by regime",
        note="As above, within each regime.",
        table=table,
        panels=panels,
        size_in=(WIDTH_IN, 0.5 + 2.7 * len(panels)),
    )


def _contested(table: Table) -> Picture:
    return Picture(
        name="contested",
        title="Contested objects: who holds the fresher custody",
        note=(
            "Share of the contested objects, by weight, that each side holds: it has custody, "
            "and its last success is the more recent, or it alone has custody. What is missing "
            "to 100 % is held by nobody."
        ),
        table=table,
        panels=(Panel(draw_custody, table),),
        size_in=(WIDTH_IN, 3.6),
    )


def draw_custody(table: Table, ax: Axes, *, label: str = BY_WEIGHT) -> None:
    """Draw both sides against time.

    Args:
        table: ``hour``, ``side``, ``mean``, ``low``, ``high``; one row a step and side. Where there
            is a ``utc`` of the first row, the axis says when its hours begin.
        ax: where to draw.
        label: of the shares.
    """
    for name, style in SIDE_STYLES.items():
        side = thinned(table.where("side", name))
        hours, mean = side.numbers("hour"), side.numbers("mean")
        ax.fill_between(
            hours, side.numbers("low"), side.numbers("high"), color=style.colour, alpha=0.18, lw=0
        )
        ax.plot(hours, mean, color=style.colour, ls=style.line, label=style.label)
    hours_axis(ax, _end(table))
    begun = table.values("utc")[0] if "utc" in table.names else None
    if begun is not None:
        ax.set_xlabel(f"Hours since {begun[:16].replace('T', ' ')} UTC")
    share_axis(ax, label)
    legend_above(ax)


def _end(table: Table) -> float:
    """The hour at which the last step ends; rows give the beginnings, some of them rounded."""
    hours = table.unique("hour")
    end = hours[-1] + (hours[-1] - hours[-2]) if len(hours) > 1 else hours[-1] + 1
    return round(float(end), 3)  # an end just short of 72 h would have no tick there
