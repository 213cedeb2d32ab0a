"""Own custody against payoff: what a mixture gives up for what it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import isotonic_regression

from ssa_psro.arrays import Floats
from ssa_psro.findings import Table
from ssa_psro.report.axes import mean_and_reach
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import INK, MUTED, SIDE_STYLES
from ssa_psro.study.outcome import MIXTURE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.COVERAGE, 5
LINE = 0.05
"""Height of a name, as a share of the height in which they stand."""


def pictures(content: Drawable) -> Iterator[Picture]:
    """Where a finished run was played beside the heuristics, or policies met each other."""
    standings, policies = content.tables.get("standings"), content.tables.get("policies")
    if standings is not None:
        count = max(standings.values("payoff_count"))
        yield _picture(
            standings,
            "standings",
            "What the mixture is paid, and what it holds, beside the heuristics",
            f"Each policy against the other side's mixture, on the same {count} episodes",
            " Ringed: what the mixture plays.",
        )
    if policies is not None:
        yield _picture(
            policies.where("against", "everyone"),
            "policies",
            "What each policy is paid, and what it holds",
            "Each policy against all alike",
            "",
        )


def _picture(table: Table, name: str, title: str, who: str, more: str) -> Picture:
    sides = table.unique("side")
    return Picture(
        name=name,
        title=title,
        note=(
            f"{who}; bars: 95 %. To the right: more in custody, unweighted. Above: better paid."
            + more
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
        table: of one side: ``side``, ``policy``, the intervals ``payoff`` and ``custody`` as four
            columns each, and, where a mixture plays some of them, ``probability``.
        ax: where to draw.
    """
    style = SIDE_STYLES[table.values("side")[0]]
    names = table.values("policy")
    known = "probability" in table.names
    shares = table.values("probability") if known else [0.0] * len(names)
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
    """Where the names stand, from below: in the order of the payoffs, each as near to its own as
    the height of a line lets it, evenly over the height if there are too many."""
    order = np.argsort(paid)
    height = high - low
    line = min(LINE * height, height / max(1, len(order) - 1))
    below = line * np.arange(len(order))
    nearest = isotonic_regression(paid[order] - below).x  # in order, and a line apart
    levels = np.clip(nearest, low, high - line * (len(order) - 1)) + below
    return order.tolist(), levels.tolist()
