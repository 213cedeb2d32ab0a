"""How many of a side's sensors have access to an object at once: what geometry offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ssa_psro.findings import Table
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import SIDE_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.CATALOGUE, 20


def pictures(content: Drawable) -> Iterator[Picture]:
    """Where the geometry was at hand."""
    table = content.tables.get("assets")
    if table is None:
        return
    yield Picture(
        name="assets",
        title="How many sensors have access at once",
        note=(
            "Share of the horizon in which so many of the side's sensors, or more, could see an "
            "object of the regime: mean over its objects; whiskers: least and greatest."
        ),
        table=table,
        panels=tuple(
            Panel(draw_assets, table.where("side", side), SIDE_STYLES[side].label)
            for side in table.unique("side")
        ),
        size_in=(WIDTH_IN, 3.4),
        columns=2,
        same_scale=True,
    )


def draw_assets(table: Table, ax: Axes) -> None:
    """Draw groups of bars: a regime each, a bar a number of sensors.

    Args:
        table: of one side: ``regime``, ``assets_1``, ``assets_2``, and so on.
        ax: where to draw.
    """
    counts = [name for name in table.names if name.startswith("assets_")]
    regimes, width = table.unique("regime"), 0.8 / len(counts)
    colour = SIDE_STYLES[table.values("side")[0]].colour
    for place, name in enumerate(counts):
        shares = [table.where("regime", regime).numbers(name) for regime in regimes]
        means = np.array([one.mean() for one in shares])
        reach = [
            means - [one.min() for one in shares],
            np.array([one.max() for one in shares]) - means,
        ]
        places = np.arange(len(regimes)) + (place - (len(counts) - 1) / 2) * width
        ax.bar(
            places,
            means,
            width * 0.92,
            yerr=reach,
            color=colour,
            alpha=1.0 - 0.2 * place,
            ecolor="#646c78",
            error_kw={"lw": 0.8},
            label=f"{name.removeprefix('assets_')} or more",
        )
    ax.set_xticks(range(len(regimes)), regimes)
    ax.set_ylim(0.0, 1.0)
    ax.set_ylabel("Share of the horizon")
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(counts), handlelength=1.2)
