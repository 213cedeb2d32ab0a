"""Coverage score of both sides, in all and in parts, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssa_psro.report.figures.axes import legend_above, mean_and_reach
from ssa_psro.report.style import INK, SIDE_STYLES
from ssa_psro.report.table import Table
from ssa_psro.report.wording import percent, unsigned

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OFFSET = 0.17
"""How far Blue stands above, and Red below, the line of their group of objects."""


def draw_scores(table: Table, ax: Axes) -> None:
    """Draw one line a group of objects, Blue above Red, the numbers at the margin.

    Args:
        table: ``objects``, ``weight``, ``side``, ``mean``, ``low``, ``high``.
        ax: where to draw.
    """
    groups = table.unique("objects")
    for name, style in SIDE_STYLES.items():
        side = table.where("side", name)
        up = -OFFSET if name == "blue" else OFFSET
        places = [groups.index(group) + up for group in side.values("objects")]
        mean, reach = mean_and_reach(side)
        ax.errorbar(
            mean,
            places,
            xerr=reach,
            fmt=style.marker,
            color=style.colour,
            ms=5.5,
            capsize=3,
            label=style.label,
        )
        _write_numbers(ax, places, mean.tolist(), reach[1].tolist(), style.colour)
    _label(ax, table)
    legend_above(ax)


def _write_numbers(
    ax: Axes, places: list[float], means: list[float], halves: list[float], colour: str
) -> None:
    for place, mean, half in zip(places, means, halves, strict=True):
        text = f"{unsigned(mean)} ± {unsigned(half)}"
        ax.annotate(
            text,
            (1.0, place),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=8.5,
        )


def _label(ax: Axes, table: Table) -> None:
    weights = dict(zip(table.values("objects"), table.values("weight"), strict=True))
    labels = [f"{group} ({percent(weight)})" for group, weight in weights.items()]
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set_xlim(0.0, 1.0)
    for place in range(1, len(labels)):
        ax.axhline(place - 0.5, color=INK, lw=0.4, alpha=0.25)
    ax.grid(False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Coverage score [0 to 1]")
    ax.set_ylabel("Objects (share of the weight)")
