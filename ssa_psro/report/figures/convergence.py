"""How far the mixtures are from an equilibrium, and who found it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssa_psro.report.figures.axes import (
    iteration_axis,
    legend_above,
    mean_and_reach,
    no_narrower,
)
from ssa_psro.report.style import INK, MUTED, PAPER, SIDE_STYLES
from ssa_psro.report.table import Table
from ssa_psro.report.wording import plural

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST_SPAN = 0.002
"""Payoffs nearer to each other than this look equal, as they should."""


def draw_exploitability(table: Table, ax: Axes) -> None:
    """Draw both exploitabilities by iteration; only the approximate one says anything new.

    Args:
        table: ``iteration``, ``approx_mean``, ``approx_low``, ``approx_high``,
            ``approx_episodes``, ``restricted``, ``tolerance``, ``best``.
        ax: where to draw.
    """
    iterations, high = table.numbers("iteration"), table.numbers("approx_high")
    mean, reach = mean_and_reach(table, "approx_")
    episodes = plural(max(table.values("approx_episodes")), "held-out episode")
    ax.fill_between(iterations, table.numbers("approx_low"), high, color=INK, alpha=0.13, lw=0)
    ax.errorbar(
        iterations,
        mean,
        yerr=reach,
        fmt="-o",
        color=INK,
        ms=5,
        capsize=3,
        label=f"approximate: new responses, 95 % on {episodes}",
    )
    ax.plot(
        iterations,
        table.numbers("restricted"),
        ":^",
        color=MUTED,
        mfc=PAPER,
        ms=5,
        label="restricted: within the population, 0 by construction",
    )
    _mark_best(table, ax)
    _mark_tolerance(table, ax)
    iteration_axis(ax, int(iterations.max()))
    top = max(1.06 * float(high.max()), LEAST_SPAN)
    ax.set_ylim(-0.03 * top, top)
    ax.set_ylabel("Exploitability, NashConv / 2 [payoff]")
    _legend(ax)


def draw_gains(table: Table, ax: Axes) -> None:
    """Draw what one side's new responses gain, beside its best existing policies.

    Args:
        table: rows of one side: ``iteration``, ``side``, ``deviation``, ``mean``, ``low``,
            ``high``.
        ax: where to draw.
    """
    style = SIDE_STYLES[table.values("side")[0]]
    kinds = {
        "oracle": ("new response", -0.09, style.colour),
        "incumbent": ("best existing policy", 0.09, PAPER),
    }
    ax.axhline(0.0, color=INK, lw=0.8)
    for kind, (label, shift, fill) in kinds.items():
        part = table.where("deviation", kind)
        mean, reach = mean_and_reach(part)
        ax.errorbar(
            part.numbers("iteration") + shift,
            mean,
            yerr=reach,
            fmt=style.marker,
            color=style.colour,
            mfc=fill,
            ms=5.5,
            capsize=3,
            label=label,
        )
    iteration_axis(ax, int(table.numbers("iteration").max()))
    no_narrower(ax, LEAST_SPAN)
    ax.set_ylabel("Gain over own mixture [payoff]")
    ax.set_title(style.label, color=style.colour)
    legend_above(ax)


def draw_values(table: Table, ax: Axes) -> None:
    """Draw what the mixtures are worth to both sides on held-out episodes.

    Args:
        table: rows of held-out values, of one side or both: ``iteration``, ``side``, ``mean``,
            ``low``, ``high``.
        ax: where to draw.
    """
    ax.axhline(0.0, color=INK, lw=0.8)
    apart = 0.06 if len(table.unique("side")) > 1 else 0.0
    shifts = {"blue": -apart, "red": apart}
    for name, style in SIDE_STYLES.items():
        side = table.where("side", name)
        if not side.rows:
            continue
        mean, reach = mean_and_reach(side)
        ax.errorbar(
            side.numbers("iteration") + shifts[name],
            mean,
            yerr=reach,
            fmt=style.marker,
            color=style.colour,
            ls=style.line,
            lw=1.0,
            ms=5,
            capsize=3,
            label=style.label,
        )
    iteration_axis(ax, int(table.numbers("iteration").max()))
    no_narrower(ax, LEAST_SPAN)
    ax.set_ylabel("Payoff, mixture against mixture")
    legend_above(ax)


def _legend(ax: Axes) -> None:
    """The two exploitabilities in the first column, what is marked in the second."""
    labels = ax.get_legend_handles_labels()[1]
    first = next(place for place, label in enumerate(labels) if label.startswith("approximate"))
    others = [place for place in range(len(labels)) if place != first]
    legend_above(ax, columns=2, order=[first, *others])


def _mark_best(table: Table, ax: Axes) -> None:
    best = table.where("best", True)
    if best.rows:
        ax.plot(
            best.numbers("iteration"),
            best.numbers("approx_mean"),
            "o",
            mfc="none",
            mec=INK,
            ms=12,
            mew=1.4,
            ls="none",
            label="best iterate: the lowest bound",
        )


def _mark_tolerance(table: Table, ax: Axes) -> None:
    tolerance = table.numbers("tolerance")[0]
    if tolerance > 0:
        ax.axhline(tolerance, color=MUTED, lw=1.0, ls=(0, (6, 3)), label="tolerance for the bound")
