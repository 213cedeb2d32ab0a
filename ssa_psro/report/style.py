"""How figures look: one colour, line and marker a side, safe for the colour-blind and in grey.

Colours are Okabe and Ito's blue, vermillion and bluish green ("Color universal design", 2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LineStyle = str | tuple[float, tuple[float, ...]]

INK, MUTED, GRID, PAPER = "#1d2127", "#646c78", "#d8dce2", "#ffffff"
BLUE, RED, GREEN = "#0072b2", "#d55e00", "#009e73"
DEEP_BLUE, DEEP_RED, DEEP_INK = "#00639c", "#c25400", "#3f4650"
BLANK, UNKNOWN = "#f7f7f7", "#bdbdbd"
"""Ends and middle of the scales of maps, and what has no number."""
ON_LIGHT, ON_DARK = "#101010", "#fdfdfd"
"""Text in the cells of maps, whose colours stay when a page turns dark."""


@dataclass(frozen=True)
class SideStyle:
    """One side's looks.

    Attributes:
        label: the side's name.
        colour: of lines and markers.
        deep: the full end of its scale in maps.
        line: dash pattern, so that the sides can be told apart in grey.
        marker: likewise.
    """

    label: str
    colour: str
    deep: str
    line: LineStyle
    marker: str


SIDE_STYLES = {
    "blue": SideStyle("Blue", BLUE, DEEP_BLUE, "-", "o"),
    "red": SideStyle("Red", RED, DEEP_RED, (0, (5, 1.5)), "s"),
}
"""Blue and Red, by the names that tables use."""

POPULATION_STYLES = {**SIDE_STYLES, "both": SideStyle("Both seats", INK, DEEP_INK, "-", "D")}
"""The same, and the population that both may share."""

FAMILY = "DejaVu Sans of matplotlib"
"""The font that matplotlib brings along, by a name that no installed font has.

A font of the system may bear the same name as it, of another version; which of the two is found
depends on a cache that every process may build anew, and so would the files.
"""

SETTINGS: Any = {
    "svg.hashsalt": "ssa_psro",  # element ids depend on the drawing alone
    "svg.fonttype": "none",  # text can be searched, read aloud and edited
    "font.family": FAMILY,
    "font.size": 9.0,
    "text.parse_math": False,  # a dollar in a name is a dollar
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.0,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "hatch.linewidth": 0.5,
    "lines.linewidth": 1.6,
    "figure.facecolor": PAPER,
    "axes.facecolor": "none",
}
"""Settings of matplotlib that hold while a report's figures are drawn."""
