"""The payoff matrix as a map: colour for who gains, numbers for how much and how sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize
from numpy.typing import NDArray

from ssa_psro.report.figures.cells import cell_text, text_colour
from ssa_psro.report.style import BLANK, BLUE, DEEP_BLUE, DEEP_RED, PAPER, RED, UNKNOWN
from ssa_psro.report.table import Table
from ssa_psro.report.wording import percent, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable

PLAYED = 0.005
"""Probability from which a policy's share of the equilibrium is written beside its name."""


def draw_heat_map(table: Table, ax: Axes, *, zero_sum: bool = True) -> None:
    """Draw the payoffs of one side in every cell.

    A cell's text is its mean above half the width of its 95 % interval; where cells are too small
    for it, the mean, or nothing. An unplayed cell is grey.

    Args:
        table: rows of one paid side: ``paid``, ``blue_policy``, ``red_policy``, ``mean``,
            ``low``, ``high``, ``blue_probability``, ``red_probability``, in the order of the
            matrix.
        ax: where to draw; the sizes of its figure and margins decide what text fits.
        zero_sum: payoffs are differences of scores, so Blue's gain is blue, Red's vermillion, no
            gain white, and what surely differs from zero is bold. Otherwise they are scores, and
            shaded from the least to the greatest.
    """
    blue, red = table.unique("blue_policy"), table.unique("red_policy")
    mean, low, high = (
        table.numbers(name).reshape(len(blue), len(red)) for name in ("mean", "low", "high")
    )
    paid = table.values("paid")[0]
    norm, colours = _scale(mean, zero_sum), _colours(paid, zero_sum)
    mesh = ax.pcolormesh(np.ma.masked_invalid(mean), norm=norm, cmap=colours, lw=0.8, ec=PAPER)
    _name_policies(ax, table, blue, red)
    _add_colour_bar(ax, mesh, paid, zero_sum)
    text = cell_text(ax, len(blue), len(red), zero_sum)
    if text is not None:
        shades = np.asarray(colours(norm(mean)))
        for i, j in np.argwhere(np.isfinite(mean)).tolist():
            bounds = (mean[i, j], low[i, j], high[i, j])
            text.write(ax, (i, j), bounds, text_colour(shades[i, j].tolist()))


def _scale(mean: NDArray[np.float64], zero_sum: bool) -> Normalize:
    known = mean[np.isfinite(mean)]
    if not zero_sum and known.size:
        return Normalize(float(known.min()), max(float(known.max()), float(known.min()) + 1e-6))
    top = max(float(np.abs(known).max(initial=0.0)), 1e-6)
    return Normalize(-top, top)


def _colours(paid: str, zero_sum: bool) -> Colormap:
    own, other = (DEEP_BLUE, DEEP_RED) if paid == "blue" else (DEEP_RED, DEEP_BLUE)
    stops = [other, BLANK, own] if zero_sum else [BLANK, own]
    return LinearSegmentedColormap.from_list("payoff", stops).with_extremes(bad=UNKNOWN)


def _name_policies(ax: Axes, table: Table, blue: list[str], red: list[str]) -> None:
    rows = dict(zip(table.values("blue_policy"), table.values("blue_probability"), strict=True))
    columns = dict(zip(table.values("red_policy"), table.values("red_probability"), strict=True))
    ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    ax.set_yticks(np.arange(len(blue)) + 0.5, [_label(name, rows[name]) for name in blue])
    names = [_label(name, columns[name]) for name in red]
    ax.set_xticks(np.arange(len(red)) + 0.5, names, rotation=50, ha="left", rotation_mode="anchor")
    for tick, share in zip(ax.yaxis.get_major_ticks(), rows.values(), strict=True):
        tick.label1.set_fontweight("bold" if share >= PLAYED else "normal")
    for tick, share in zip(ax.xaxis.get_major_ticks(), columns.values(), strict=True):
        tick.label2.set_fontweight("bold" if share >= PLAYED else "normal")
    ax.invert_yaxis()
    ax.grid(False)
    ax.spines[:].set_visible(False)
    ax.set_ylabel("Blue's policy", color=BLUE, fontweight="bold")
    ax.set_xlabel("Red's policy", color=RED, fontweight="bold")
    ax.xaxis.set_label_position("top")


def _label(name: str, share: float) -> str:
    short = shortened(name)
    return f"{short}  {percent(share)}" if share >= PLAYED else short


def _add_colour_bar(ax: Axes, mesh: ScalarMappable, paid: str, zero_sum: bool) -> None:
    who, other = ("Blue", "Red") if paid == "blue" else ("Red", "Blue")
    what = f"{who}'s score less {other}'s" if zero_sum else f"{who}'s score"
    bar = ax.figure.colorbar(mesh, ax=ax, shrink=0.6, aspect=30, pad=0.02)
    bar.set_label(f"Payoff to {who}: {what}")
    assert bar.solids is not None, "made for a mesh"
    bar.solids.set(rasterized=False, edgecolor="face")  # shapes, not an image, in SVG files
    bar.outline.set_visible(False)
