"""Entries of a comparison: how each differs from the first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from ssa_psro.findings import Table
from ssa_psro.report.axes import mean_and_reach
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import BLUE, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.COVERAGE, 3

SHOWN = {"payoff": "Payoff", "custody": "Custody", "opponent_custody": "Opponent's custody"}


def pictures(content: Drawable) -> Iterator[Picture]:
    """Of a comparison of two entries or more."""
    table = content.tables.get("differences")
    if table is None:
        return
    yield Picture(
        name="differences",
        title="Differences from the first",
        note="Paired over the same episodes; bars: 95 %. Left of the line: less than the first.",
        table=table,
        panels=tuple(
            Panel(partial(draw_differences, figure=figure), table, title)
            for figure, title in SHOWN.items()
        ),
        size_in=(WIDTH_IN, 1.4 + 0.3 * len(table.rows)),
        columns=len(SHOWN),
        same_scale=True,
    )


def draw_differences(table: Table, ax: Axes, *, figure: str) -> None:
    """Draw one line an entry.

    Args:
        table: ``scenario``, ``policy``, and ``FIGURE_mean``, ``FIGURE_low`` and ``FIGURE_high``.
        ax: where to draw.
        figure: name of it.
    """
    mean, reach = mean_and_reach(table, f"{figure}_")
    places = range(len(mean))
    several = len(table.unique("scenario")) > 1
    names = [
        f"{policy}, {scenario}" if several else policy
        for policy, scenario in zip(table.values("policy"), table.values("scenario"), strict=True)
    ]
    ax.errorbar(mean, places, xerr=reach, fmt="o", color=BLUE, ms=5, capsize=3)
    ax.axvline(0.0, color=INK, lw=0.8)
    ax.set_yticks(list(places), names)
    ax.set_ylim(len(mean) - 0.5, -0.5)
    ax.grid(False, axis="y")
