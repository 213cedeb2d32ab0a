"""What independent responses gain, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssa_psro.report.figures.axes import legend_above, mean_and_reach
from ssa_psro.report.style import INK, PAPER, SIDE_STYLES
from ssa_psro.report.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OFFSET = 0.17
"""How far Blue stands above, and Red below, the line of their response."""


def draw_audit(table: Table, ax: Axes) -> None:
    """Draw the gains of all responses against one subject; the chosen ones are filled.

    Args:
        table: ``response``, ``side``, ``mean``, ``low``, ``high``, ``chosen``.
        ax: where to draw.
    """
    responses = table.unique("response")
    ax.axvline(0.0, color=INK, lw=0.8)
    for name, style in SIDE_STYLES.items():
        up = -OFFSET if name == "blue" else OFFSET
        for chosen in (True, False):
            part = table.where("side", name).where("chosen", chosen)
            mean, reach = mean_and_reach(part)
            ax.errorbar(
                mean,
                [responses.index(response) + up for response in part.values("response")],
                xerr=reach,
                fmt=style.marker,
                color=style.colour,
                mfc=style.colour if chosen else PAPER,
                ms=5.5,
                capsize=3,
                label=f"{style.label}, best on other episodes" if chosen else style.label,
            )
    ax.set_yticks(range(len(responses)), responses)
    ax.set_ylim(len(responses) - 0.5, -0.5)
    ax.grid(False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Gain over own mixture [payoff]")
    legend_above(ax)
