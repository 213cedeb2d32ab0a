"""Custody against time: both sides' mean over episodes with its 95 % band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssa_psro.report.figures.axes import hours_axis, legend_above, share_axis
from ssa_psro.report.style import SIDE_STYLES
from ssa_psro.report.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_custody(table: Table, ax: Axes) -> None:
    """Draw both sides against time.

    Args:
        table: ``hour``, ``side``, ``mean``, ``low``, ``high``; one row a step and side.
        ax: where to draw.
    """
    for name, style in SIDE_STYLES.items():
        side = table.where("side", name)
        hours, mean = side.numbers("hour"), side.numbers("mean")
        ax.fill_between(
            hours, side.numbers("low"), side.numbers("high"), color=style.colour, alpha=0.18, lw=0
        )
        ax.plot(hours, mean, color=style.colour, ls=style.line, label=style.label)
    hours_axis(ax, _end(table))
    share_axis(ax, "Share of the objects' weight [%]")
    legend_above(ax)


def _end(table: Table) -> float:
    """The hour at which the last step ends; rows give the beginnings."""
    hours = table.unique("hour")
    return float(hours[-1] + (hours[-1] - hours[-2]) if len(hours) > 1 else hours[-1] + 1)
