"""What several figures do to their axes, and the colour of text in their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter, MultipleLocator

from ssa_psro.arrays import Floats
from ssa_psro.findings import Table
from ssa_psro.report.style import ON_DARK, ON_LIGHT

if TYPE_CHECKING:
    from matplotlib.axes import Axes


ENOUGH_TICKS = 10
LEAST_SPAN = 0.002
"""Payoffs nearer to each other than this look equal, as they should."""

MOST_POINTS = 300
"""Points of a curve against time: more are not seen, and make pages heavy."""

HOUR_STEPS = (0.5, 1, 2, 3, 6, 12, 24, 48, 168, 672)


def legend_above(ax: Axes, columns: int = 4, order: Sequence[int] | None = None) -> None:
    """A legend of what is labelled, above the axes, where it covers no data.

    Args:
        ax: the axes.
        columns: entries beside one another.
        order: places of the entries in matplotlib's list, which puts lines before error bars.
    """
    handles, labels = ax.get_legend_handles_labels()
    places = range(len(labels)) if order is None else order
    ax.legend(
        [handles[place] for place in places],
        [labels[place] for place in places],
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        borderaxespad=0.2,
        ncols=columns,
        handlelength=2.6,
        columnspacing=1.4,
    )


def thinned(table: Table) -> Table:
    """Evenly spaced rows of a curve, so that it has ``MOST_POINTS`` at most."""
    every = -(-len(table.rows) // MOST_POINTS)
    return replace(table, rows=table.rows[:: max(1, every)])


def hours_axis(ax: Axes, last_hour: float) -> None:
    """Ticks at hours that divide a day or a week, from 0 to the end of the window."""
    ax.set_xlim(0.0, last_hour)
    fits = [step for step in HOUR_STEPS if last_hour / step <= ENOUGH_TICKS]
    if fits:
        ax.xaxis.set_major_locator(MultipleLocator(fits[0]))
    ax.set_xlabel("Time since the window opened [h]")


def share_axis(ax: Axes, label: str) -> None:
    """A vertical axis of shares in per cent, the whole range."""
    ax.set_ylim(0.0, 1.0)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f}"))
    ax.set_ylabel(label)


def no_narrower(ax: Axes, span: float) -> None:
    """Widen the vertical axis to ``span``, so that rounding errors are not drawn as findings."""
    low, high = ax.get_ylim()
    if high - low < span:
        middle = (low + high) / 2
        ax.set_ylim(middle - span / 2, middle + span / 2)


def mean_and_reach(table: Table, prefix: str = "") -> tuple[Floats, tuple[Floats, Floats]]:
    """Means of a table, and how far their intervals reach down and up, for error bars."""
    mean, low, high = (table.numbers(f"{prefix}{name}") for name in ("mean", "low", "high"))
    return mean, (np.maximum(mean - low, 0.0), np.maximum(high - mean, 0.0))


def iteration_axis(ax: Axes, last: int) -> None:
    """Whole iterations, with room for the markers of the first and the last."""
    ax.set_xlim(0.5, last + 0.5)
    ax.xaxis.set_major_locator(MultipleLocator(max(1, -(-last // 20))))
    ax.grid(False, axis="x")
    ax.set_xlabel("PSRO iteration")


def text_colour(cell: Sequence[float]) -> str:
    """Whichever of dark and light text stands out more from a cell.

    Args:
        cell: red, green, blue and perhaps alpha of the cell, in [0, 1].
    """
    light = _luminance(cell)
    # contrast against white and against black, by WCAG 2: (brighter + 0.05) / (darker + 0.05)
    return ON_DARK if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else ON_LIGHT


def _luminance(colour: Sequence[float]) -> float:
    """Relative luminance of an sRGB colour, in [0, 1]."""
    srgb = np.asarray(colour, dtype=np.float64)[:3]
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
