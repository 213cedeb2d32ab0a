"""What new responses gain, beside the best existing policies."""

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
from ssa_psro.report.style import INK, PAPER, POPULATION_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.ITERATIONS, 20


def pictures(content: Drawable) -> Iterator[Picture]:
    """Once there is an iteration."""
    table = content.tables.get("gains")
    if table is None:
        return
    sides = table.unique("side")
    yield Picture(
        name="gains",
        title="Who gains over the mixture: the new response or an existing policy",
        note=(
            "Gain over the side's own mixture against the other side's, on held-out episodes, "
            "with 95 % intervals. A new response above zero and above the best existing policy "
            "has found something new; one that lies below zero has failed. The best existing "
            "policy is the best of several, hence a little flattered. Where both sides share one "
            "population, a gain is the mean over both seats."
        ),
        table=table,
        panels=tuple(Panel(draw_gains, table.where("side", side)) for side in sides),
        columns=len(sides),
        size_in=(WIDTH_IN, 3.8),
        same_scale=True,
    )


def draw_gains(table: Table, ax: Axes) -> None:
    """Draw what one side's new responses gain, beside its best existing policies.

    Args:
        table: rows of one side: ``iteration``, ``side``, ``deviation``, ``mean``, ``low``,
            ``high``.
        ax: where to draw.
    """
    style = POPULATION_STYLES[table.values("side")[0]]
    kinds = {
        "oracle": ("new response", -0.09, style.colour),
        "incumbent": ("best existing policy", 0.09, PAPER),
    }
    ax.axhline(0.0, color=INK, lw=0.8)
    for kind, (label, shift, fill) in kinds.items():
        part = table.where("deviation", kind)
        mean, reach = mean_and_reach(part)
        ax.errorbar(
            part.numbers("iteration") + shift,
            mean,
            yerr=reach,
            fmt=style.marker,
            color=style.colour,
            mfc=fill,
            ms=5.5,
            capsize=3,
            label=label,
        )
    iteration_axis(ax, int(table.numbers("iteration").max()))
    no_narrower(ax, LEAST_SPAN)
    ax.set_ylabel("Gain over own mixture [payoff]")
    ax.set_title(style.label, color=style.colour)
    legend_above(ax)
