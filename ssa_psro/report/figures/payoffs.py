"""The payoff matrix as a map: colour for who gains, numbers for how much and how sure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize

from ssa_psro.arrays import Floats
from ssa_psro.findings import Table
from ssa_psro.findings.table import SIDES
from ssa_psro.findings.wording import Form, paid_in_words, percent, shortened
from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.axes import text_colour
from ssa_psro.report.drawing import Drawable, Panel, Part, Picture
from ssa_psro.report.style import BLANK, BLUE, DEEP_BLUE, DEEP_RED, PAPER, RED, UNKNOWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable

PART, PLACE = Part.METAGAME, 10

PLAYED = 0.005
"""Probability from which a policy's share of the equilibrium is written beside its name."""

TWO_LINES_PT, ONE_LINE_PT = 30.0, 19.0
"""Least width and height of a cell that holds mean and half-width, or the mean alone."""

LARGEST_PT = 8.0
MANY = 400
"""Cells that are written into: nobody reads more numbers, and they make a page heavy."""
ROUNDING = 1e-9
"""A mean nearer to zero than this differs from it by arithmetic alone."""


def pictures(content: Drawable) -> Iterator[Picture]:
    """Of every run: Blue's payoffs, and Red's where they are not the opposite."""
    if "payoffs" in content.tables:
        yield from payoff_pictures(content.tables["payoffs"], rivalry=content.rivalry)


def payoff_pictures(table: Table, *, rivalry: float) -> Iterator[Picture]:
    """The payoff matrices of a run or of a tournament: Red's too, unless they are the opposite."""
    for side in SIDES[:1] if rivalry == 1 else SIDES:
        yield payoff_picture(table.where("paid", side), rivalry=rivalry)


def payoff_picture(table: Table, *, rivalry: float) -> Picture:
    """The payoff matrix of one paid side; also of a tournament."""
    sure = "Bold: the interval excludes zero. " if rivalry == 1 else ""
    paid = table.values("paid")[0]
    rows, columns = len(table.unique("blue_policy")), len(table.unique("red_policy"))
    cell = min(0.56, 13.0 / max(rows, columns))
    episodes = max(table.values("episodes"))
    return Picture(
        name="payoffs" if paid == "blue" else "payoffs-red",
        title=f"Payoff to {paid.capitalize()} of every policy against every policy",
        note=(
            f"Mean over {episodes} episodes, the same ones in every cell, above half the width "
            f"of its 95 % interval. {sure}Beside a policy's name: how often it is played at the "
            "equilibrium of these payoffs."
        ),
        table=table,
        panels=(Panel(partial(draw_heat_map, rivalry=rivalry), table),),
        size_in=(max(6.5, cell * columns + 3.6), max(4.0, cell * rows + 2.4)),
    )


def draw_heat_map(table: Table, ax: Axes, *, rivalry: float = 1.0) -> None:
    """Draw the payoffs of one side in every cell.

    A cell's text is its mean above half the width of its 95 % interval; where cells are too small
    for it, the mean, or nothing; beyond ``MANY`` cells, too. An unplayed cell is grey.

    Args:
        table: rows of one paid side: ``paid``, ``blue_policy``, ``red_policy``, ``mean``,
            ``low``, ``high``, ``blue_probability``, ``red_probability``, in the order of the
            matrix.
        ax: where to draw; the sizes of its figure and margins decide what text fits.
        rivalry: share of the other's score that is taken off a side's own. At 1 Blue's gain is
            blue, Red's vermillion, no gain white, and what surely differs from zero is bold. Below,
            zero means nothing, and payoffs are shaded from the least to the greatest.
    """
    blue, red = table.unique("blue_policy"), table.unique("red_policy")
    mean = table.numbers("mean").reshape(len(blue), len(red))
    paid = table.values("paid")[0]
    norm, colours = _scale(mean, rivalry == 1), _colours(paid, rivalry == 1)
    mesh = ax.pcolormesh(np.ma.masked_invalid(mean), norm=norm, cmap=colours, lw=0.8, ec=PAPER)
    _name_policies(ax, table, blue, red)
    _add_colour_bar(ax, mesh, paid, rivalry)
    text = cell_text(ax, len(blue), len(red), rivalry) if mean.size <= MANY else None
    if text is not None:
        shades, payoffs = np.asarray(colours(norm(mean))), table.intervals()
        for i, j in np.argwhere(np.isfinite(mean)).tolist():
            payoff = payoffs[i * len(red) + j]
            text.write(ax, (i, j), payoff, text_colour(shades[i, j].tolist()))


def _scale(mean: Floats, zero_sum: bool) -> Normalize:
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


def _add_colour_bar(ax: Axes, mesh: ScalarMappable, paid: str, rivalry: float) -> None:
    who, other = ("Blue", "Red") if paid == "blue" else ("Red", "Blue")
    what = paid_in_words(rivalry, f"{who}'s score", f"{other}'s")
    bar = ax.figure.colorbar(mesh, ax=ax, shrink=0.6, aspect=30, pad=0.02)
    bar.set_label(f"Payoff to {who}: {what}")
    assert bar.solids is not None, "made for a mesh"
    bar.solids.set(rasterized=False, edgecolor="face")  # shapes, not an image, in SVG files
    bar.outline.set_visible(False)


@dataclass(frozen=True)
class CellText:
    """How the cells of a map are written.

    Attributes:
        size_pt: of the means.
        widths: whether half the width of the interval stands below the mean.
        rivalry: above 0 numbers have a sign; at 1 they are bold where the interval excludes zero.
    """

    size_pt: float
    widths: bool
    rivalry: float

    def write(self, ax: Axes, cell: tuple[int, int], payoff: Interval, colour: str) -> None:
        """Write a payoff into the cell of that row and column."""
        row, column = cell
        form = Form(3 if self.widths else 2, signed=self.rivalry > 0, typeset=True)
        sure = self.rivalry == 1 and (payoff.low > ROUNDING or payoff.high < -ROUNDING)
        text = form.number(payoff.mean)
        up, down = (0.36, 0.7) if self.widths else (0.5, 0.5)
        weight = "bold" if sure else "normal"
        _put(ax, (column + 0.5, row + up), text, self.size_pt, colour, weight)
        if self.widths:
            half = form.half(payoff)
            _put(ax, (column + 0.5, row + down), half, 0.82 * self.size_pt, colour, "normal")


def cell_text(ax: Axes, rows: int, columns: int, rivalry: float) -> CellText | None:
    """What fits the cells, which is known once the margins are laid out; ``None``: nothing."""
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes of a figure"
    figure.draw_without_rendering()
    box = ax.get_window_extent()
    room = min(box.width / columns, box.height / rows) * 72 / figure.dpi
    if room < ONE_LINE_PT:
        return None
    widths = room >= TWO_LINES_PT
    return CellText(min(LARGEST_PT, room / (4.4 if widths else 3.4)), widths, rivalry)


def _put(
    ax: Axes, place: tuple[float, float], text: str, size: float, colour: str, weight: str
) -> None:
    # cells lie inside the axes, so the layout of the margins need not measure hundreds of texts
    written = ax.text(*place, text, ha="center", va="center", fontsize=size, color=colour)
    written.set_fontweight(weight)
    written.set_in_layout(False)
