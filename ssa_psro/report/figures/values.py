"""What the mixtures of every iteration are worth on held-out episodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ssa_psro.findings import Table
from ssa_psro.report.axes import (
    LEAST_SPAN,
    iteration_axis,
    legend_above,
    mean_and_reach,
    no_narrower,
)
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import INK, SIDE_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.ITERATIONS, 30


def pictures(content: Drawable) -> Iterator[Picture]:
    """Once there is an iteration."""
    table = content.tables.get("values")
    if table is None:
        return
    held_out = table.where("measured_on", "held-out")
    zero_sum = content.rivalry == 1
    shown = held_out.where("side", "blue") if zero_sum else held_out
    yield Picture(
        name="values",
        title=f"What the mixtures are worth{' to Blue' if zero_sum else ''}",
        note=(
            "Payoff of mixture against mixture with its 95 % interval, on episodes that did not "
            "choose the mixtures."
        ),
        table=table,
        panels=(Panel(draw_values, shown),),
        size_in=(WIDTH_IN, 3.2),
    )


def draw_values(table: Table, ax: Axes) -> None:
    """Draw what the mixtures are worth to both sides on held-out episodes.

    Args:
        table: rows of held-out values, of one side or both: ``iteration``, ``side``, ``mean``,
            ``low``, ``high``.
        ax: where to draw.
    """
    ax.axhline(0.0, color=INK, lw=0.8)
    apart = 0.06 if len(table.unique("side")) > 1 else 0.0
    shifts = {"blue": -apart, "red": apart}
    for name, style in SIDE_STYLES.items():
        side = table.where("side", name)
        if not side.rows:
            continue
        mean, reach = mean_and_reach(side)
        ax.errorbar(
            side.numbers("iteration") + shifts[name],
            mean,
            yerr=reach,
            fmt=style.marker,
            color=style.colour,
            ls=style.line,
            lw=1.0,
            ms=5,
            capsize=3,
            label=style.label,
        )
    iteration_axis(ax, int(table.numbers("iteration").max()))
    no_narrower(ax, LEAST_SPAN)
    ax.set_ylabel("Payoff, mixture against mixture")
    legend_above(ax)
