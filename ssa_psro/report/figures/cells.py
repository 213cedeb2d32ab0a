"""Text in the coloured cells of a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ssa_psro.report.style import ON_DARK, ON_LIGHT
from ssa_psro.report.wording import signed, unsigned

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TWO_LINES_PT, ONE_LINE_PT = 30.0, 19.0
"""Least width and height of a cell that holds mean and half-width, or the mean alone."""

LARGEST_PT = 8.0
ROUNDING = 1e-9
"""A mean nearer to zero than this differs from it by arithmetic alone."""


@dataclass(frozen=True)
class CellText:
    """How the cells of a map are written.

    Attributes:
        size_pt: of the means.
        widths: whether half the width of the interval stands below the mean.
        differences: numbers have a sign, and are bold where their interval excludes zero.
    """

    size_pt: float
    widths: bool
    differences: bool

    def write(
        self, ax: Axes, cell: tuple[int, int], bounds: tuple[float, float, float], colour: str
    ) -> None:
        """Write mean, low and high into the cell of that row and column."""
        row, column = cell
        mean, low, high = bounds
        decimals = 3 if self.widths else 2
        sure = self.differences and (low > ROUNDING or high < -ROUNDING)
        text = signed(mean, decimals) if self.differences else unsigned(mean, decimals)
        up, down = (0.36, 0.7) if self.widths else (0.5, 0.5)
        weight = "bold" if sure else "normal"
        _put(ax, (column + 0.5, row + up), text, self.size_pt, colour, weight)
        if self.widths:
            half = f"±{unsigned((high - low) / 2, decimals)}"
            _put(ax, (column + 0.5, row + down), half, 0.82 * self.size_pt, colour, "normal")


def cell_text(ax: Axes, rows: int, columns: int, differences: bool) -> CellText | None:
    """What fits the cells, which is known once the margins are laid out; ``None``: nothing."""
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes of a figure"
    figure.draw_without_rendering()
    box = ax.get_window_extent()
    room = min(box.width / columns, box.height / rows) * 72 / figure.dpi
    if room < ONE_LINE_PT:
        return None
    widths = room >= TWO_LINES_PT
    return CellText(min(LARGEST_PT, room / (4.4 if widths else 3.4)), widths, differences)


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


def _put(
    ax: Axes, place: tuple[float, float], text: str, size: float, colour: str, weight: str
) -> None:
    # cells lie inside the axes, so the layout of the margins need not measure hundreds of texts
    written = ax.text(*place, text, ha="center", va="center", fontsize=size, color=colour)
    written.set_fontweight(weight)
    written.set_in_layout(False)
