"""Who is played how often: through the iterations, and at the last equilibrium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from ssa_psro.report.figures.axes import legend_above
from ssa_psro.report.figures.cells import text_colour
from ssa_psro.report.style import BLANK, INK, MUTED, PAPER, SIDE_STYLES
from ssa_psro.report.table import Table
from ssa_psro.report.wording import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh

SHOWN = 0.005
"""A policy that is never played more often than this is left out of the figures."""


def played(table: Table, column: str) -> list[str]:
    """The policies of ``table`` whose number in ``column`` ever exceeds ``SHOWN``."""
    pairs = zip(table.values("policy"), table.numbers(column), strict=True)
    often = {policy for policy, share in pairs if share > SHOWN}
    return [policy for policy in table.unique("policy") if policy in often]


def draw_mixture_history(table: Table, ax: Axes) -> None:
    """Draw one side's mixture of every iteration as a column of shaded cells with per cent.

    Args:
        table: rows of one side: ``iteration``, ``side``, ``policy``, ``probability``, ``best``;
            a policy has no row in iterations before it was there.
        ax: where to draw.
    """
    iterations, policies = table.unique("iteration"), played(table, "probability")
    style = SIDE_STYLES[table.values("side")[0]]
    shares = np.full((len(policies), len(iterations)), np.nan)
    best = None
    for iteration, _, policy, share, is_best in table.rows:
        best = iteration if is_best else best
        if policy in policies:
            shares[policies.index(policy), iterations.index(iteration)] = share
    colours = LinearSegmentedColormap.from_list("share", [BLANK, style.deep])
    mesh = ax.pcolormesh(
        np.ma.masked_invalid(shares),
        cmap=colours.with_extremes(bad="none"),
        vmin=0,
        vmax=1,
        lw=0.8,
        ec=PAPER,
    )
    _write_shares(ax, mesh, shares)
    _label(ax, iterations, policies, best)
    left_out = len(table.unique("policy")) - len(policies)
    more = f"  ({left_out} others below {100 * SHOWN:g} %)" if left_out else ""
    ax.set_title(f"{style.label}{more}", color=style.colour)


def draw_final_mixture(table: Table, ax: Axes) -> None:
    """Draw one side's last equilibrium as bars with intervals, the best iterate as diamonds.

    Args:
        table: rows of one side: ``policy``, ``mean``, ``low``, ``high``, ``best_iterate``.
        ax: where to draw.
    """
    style = SIDE_STYLES[table.values("side")[0]]
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
    return {name for column in ("high", "best_iterate") for name in played(table, column)}


def _finish_bars(ax: Axes, names: list[str]) -> None:
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlim(0.0, 1.0)
    ax.set_xticks(np.linspace(0, 1, 6), ["0", "20", "40", "60", "80", "100"])
    ax.grid(False, axis="y")
    ax.tick_params(axis="y", length=0, pad=7)  # a diamond at 0 reaches half-way
    ax.set_xlabel("How often it is played [%]")


def _write_shares(ax: Axes, mesh: QuadMesh, shares: NDArray[np.float64]) -> None:
    for (row, column), share in np.ndenumerate(shares):
        if np.isfinite(share) and share > SHOWN:
            ax.text(
                column + 0.5,
                row + 0.5,
                f"{100 * share:.0f}",
                ha="center",
                va="center",
                fontsize=8,
                color=text_colour(mesh.cmap(float(share))),
            )


def _label(ax: Axes, iterations: list[str], policies: list[str], best: object) -> None:
    names = [f"{name}\nbest" if name == best else name for name in iterations]
    ax.set_xticks(np.arange(len(iterations)) + 0.5, names)
    for text, name in zip(ax.get_xticklabels(), iterations, strict=True):
        text.set_fontweight("bold" if name == best else "normal")
    ax.set_yticks(np.arange(len(policies)) + 0.5, [shortened(name) for name in policies])
    ax.invert_yaxis()
    ax.grid(False)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.set_xlabel("PSRO iteration; cells in %", color=INK)
    ax.axvline(len(iterations) - 1, color=MUTED, lw=1.0)
