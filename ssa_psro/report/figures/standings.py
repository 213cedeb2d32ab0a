"""Own custody against payoff: what a mixture gives up for what it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.findings import Table
from ssa_psro.report.axes import mean_and_reach
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import INK, MUTED, SIDE_STYLES
from ssa_psro.study.outcome import MIXTURE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.COVERAGE, 5


def pictures(content: Drawable) -> Iterator[Picture]:
    """Where a finished run was played beside the heuristics."""
    table = content.tables.get("standings")
    if table is None:
        return
    sides = table.unique("side")
    yield Picture(
        name="standings",
        title="What the mixture is paid, and what it holds, beside the heuristics",
        note=(
            "Each policy against the other side's mixture, on the same "
            f"{max(table.values('payoff_count'))} episodes; bars: 95 %. To the right: more in "
            "custody, unweighted. Above: better paid. Ringed: what the mixture plays."
        ),
        table=table,
        panels=tuple(
            Panel(draw_standings, table.where("side", side), SIDE_STYLES[side].label)
            for side in sides
        ),
        size_in=(WIDTH_IN, 5.2),
        columns=len(sides),
        same_scale=True,
    )


def draw_standings(table: Table, ax: Axes) -> None:
    """Draw one point a policy, the mixture as a diamond.

    Args:
        table: of one side: ``side``, ``policy``, ``probability``, and the intervals ``payoff`` and
            ``custody`` as four columns each.
        ax: where to draw.
    """
    style = SIDE_STYLES[table.values("side")[0]]
    names, shares = table.values("policy"), table.values("probability")
    paid, paid_reach = mean_and_reach(table, "payoff_")
    held, held_reach = mean_and_reach(table, "custody_")
    for place, (name, share) in enumerate(zip(names, shares, strict=True)):
        mixture, ringed = name == MIXTURE, share > 0.0
        ax.errorbar(
            held[place],
            paid[place],
            xerr=np.array(held_reach)[:, [place]],
            yerr=np.array(paid_reach)[:, [place]],
            fmt="D" if mixture else "o",
            ms=9 if mixture else 5,
            mec=INK if ringed else style.colour,
            mew=1.4 if ringed else 0.5,
            color=style.colour,
            ecolor=MUTED,
            elinewidth=0.8,
            alpha=1.0 if ringed else 0.7,
        )
    low, high = min(paid - paid_reach[0]), max(paid + paid_reach[1])
    for place, level in zip(*_spread(paid, low, high), strict=True):
        ax.annotate(
            names[place],
            (held[place], paid[place]),
            xytext=(1.02, level),
            textcoords=("axes fraction", "data"),
            va="center",
            fontsize=8.5,
            fontweight="bold" if names[place] == MIXTURE else "normal",
            arrowprops={"arrowstyle": "-", "color": MUTED, "lw": 0.4, "relpos": (0, 0.5)},
        )
    ax.axhline(0.0, color=INK, lw=0.6)
    ax.set_xlabel("Own custody [share of time and objects]")
    ax.set_ylabel("Payoff")


def _spread(paid: Floats, low: float, high: float) -> tuple[list[int], list[float]]:
    """Where the names stand, from below: in the order of the payoffs, evenly over the height."""
    order = [int(place) for place in np.argsort(paid)]
    return order, np.linspace(low, high, len(order)).tolist()
