"""Who is played how often, iteration by iteration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from ssa_psro.arrays import Floats
from ssa_psro.findings import Table
from ssa_psro.findings.metagame import SHOWN, often_played
from ssa_psro.findings.wording import shortened
from ssa_psro.report.axes import text_colour
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import BLANK, INK, MUTED, PAPER, POPULATION_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh

PART, PLACE = Part.METAGAME, 30


def pictures(content: Drawable) -> Iterator[Picture]:
    """Once there is an iteration."""
    table = content.tables.get("mixtures")
    if table is None:
        return
    sides = [table.where("side", side) for side in table.unique("side")]
    most = max(len(often_played(side, "probability")) for side in sides)
    yield Picture(
        name="mixtures",
        title="What was played, iteration by iteration",
        note=(
            "Cells: how often a policy is played, in per cent; blank where it had not been "
            "trained yet. Best: the iterate to use. Last column: the equilibrium of the last "
            "payoffs, after all policies have joined."
        ),
        table=table,
        panels=tuple(Panel(draw_mixture_history, side) for side in sides),
        columns=len(sides),
        size_in=(WIDTH_IN, 1.4 + 0.3 * most),
    )


def draw_mixture_history(table: Table, ax: Axes) -> None:
    """Draw one side's mixture of every iteration as a column of shaded cells with per cent.

    Args:
        table: rows of one side: ``iteration``, ``side``, ``policy``, ``probability``, ``best``;
            a policy has no row in iterations before it was there.
        ax: where to draw.
    """
    iterations, policies = table.unique("iteration"), often_played(table, "probability")
    style = POPULATION_STYLES[table.values("side")[0]]
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


def _write_shares(ax: Axes, mesh: QuadMesh, shares: Floats) -> None:
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
