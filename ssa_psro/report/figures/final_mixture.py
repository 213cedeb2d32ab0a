"""Who is played how often at the last equilibrium, beside the best iterate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ssa_psro.findings import Table
from ssa_psro.findings.metagame import often_played
from ssa_psro.findings.wording import shortened
from ssa_psro.report.axes import legend_above
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import INK, PAPER, POPULATION_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.METAGAME, 20


def pictures(content: Drawable) -> Iterator[Picture]:
    """Of every run."""
    table = content.tables.get("final-mixture")
    if table is None:
        return
    sides = [table.where("side", side) for side in table.unique("side")]
    most = max(len(_worth_showing(side)) for side in sides)
    episodes = max(table.values("episodes"))
    yield Picture(
        name="final-mixture",
        title="Equilibrium of the last payoff table, and what the best iterate plays",
        note=(
            "Bars: how often each policy is played at the equilibrium of the last payoffs; "
            f"lines: 95 % bootstrap intervals over {episodes} episodes a cell. An equilibrium can "
            "jump when payoffs change a little, so wide intervals are common. Diamonds: the best "
            "iterate, whose exploitability has been measured; that of the last equilibrium has not."
        ),
        table=table,
        panels=tuple(Panel(draw_final_mixture, side) for side in sides),
        columns=len(sides),
        size_in=(WIDTH_IN, 1.6 + 0.34 * most),
    )


def draw_final_mixture(table: Table, ax: Axes) -> None:
    """Draw one side's last equilibrium as bars with intervals, the best iterate as diamonds.

    Args:
        table: rows of one side: ``policy``, ``mean``, ``low``, ``high``, ``best_iterate``.
        ax: where to draw.
    """
    style = POPULATION_STYLES[table.values("side")[0]]
    shown = [p for p in table.unique("policy") if p in _worth_showing(table)]
    rows = [table.where("policy", policy) for policy in shown]
    mean, low, high, best = (
        np.array([row.numbers(name)[0] for row in rows])
        for name in ("mean", "low", "high", "best_iterate")
    )
    places = np.arange(len(shown))
    label = "last equilibrium, 95 %"
    ax.barh(places, mean, height=0.62, color=style.colour, alpha=0.55, label=label)
    reach = (np.maximum(mean - low, 0), np.maximum(high - mean, 0))
    ax.errorbar(mean, places, xerr=reach, fmt="none", ecolor=INK, capsize=3, lw=1.2)
    if np.isfinite(best).all():
        ax.plot(best, places, "D", mfc=PAPER, mec=INK, ms=5, label="best iterate", clip_on=False)
    _finish_bars(ax, [shortened(name) for name in shown])
    ax.set_title(style.label, color=style.colour)
    legend_above(ax)


def _worth_showing(table: Table) -> set[str]:
    return {name for column in ("high", "best_iterate") for name in often_played(table, column)}


def _finish_bars(ax: Axes, names: list[str]) -> None:
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlim(0.0, 1.0)
    ax.set_xticks(np.linspace(0, 1, 6), ["0", "20", "40", "60", "80", "100"])
    ax.grid(False, axis="y")
    ax.tick_params(axis="y", length=0, pad=7)  # a diamond at 0 reaches half-way
    ax.set_xlabel("How often it is played [%]")
