"""The curves of the variants benchmark: what each seed found, and its mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.axes import iteration_axis
from ssa_psro.report.drawing import save_png, settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes


COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
MARKERS = "osD^vP"
"""Okabe and Ito's colours, each with a marker of its own, so that grey prints tell them apart."""

SPREAD = 0.4
"""Width over which the variants of one iteration stand beside one another."""

Rows = Sequence[tuple[str, int, int, str, float, float, float]]
Summary = Sequence[tuple[str, str, int, Interval]]


def draw_variants(key: str, rows: Rows, summary: Summary, path: Path) -> None:
    """Draw the exploitability in the loop by iteration, and by the common yardstick at the end.

    Args:
        key: of the scenario, which was varied.
        rows: variant, seed, iteration, quantity, value, low, high.
        summary: variant, quantity, iteration, mean over seeds.
        path: the PNG file.
    """
    from matplotlib.figure import Figure

    with settings():
        figure = Figure(figsize=(9.0, 4.2), layout="constrained")
        loop, pooled = figure.subplots(1, 2, width_ratios=(2, 1))
        _draw(loop, "approx_exploitability", rows, summary)
        _draw(pooled, "pooled_exploitability", rows, summary)
        last = max(row[2] for row in rows)
        iteration_axis(loop, last)
        pooled.set_xlim(last - 0.5, last + 0.5)
        pooled.set_xticks([last], ["last equilibrium"])
        loop.set_ylabel("Exploitability, NashConv / 2 [payoff]")
        loop.set_title("What each run's own responses gain")
        pooled.set_title("What the best of all runs' gain")
        figure.legend(
            *loop.get_legend_handles_labels(), loc="outside lower center", ncols=len(COLOURS)
        )
        seeds = len({row[1] for row in rows})
        figure.suptitle(
            f"{key}, equal budgets: {seeds} seeds (small) and their mean with its 95 % interval",
            x=0.01,
            ha="left",
        )
        save_png(figure, path)


def _draw(ax: Axes, quantity: str, rows: Rows, summary: Summary) -> None:
    variants = list(dict.fromkeys(row[0] for row in rows))
    for number, variant in enumerate(variants):
        shift = SPREAD * (number / max(1, len(variants) - 1) - 0.5)
        colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
        seen = [row for row in rows if row[0] == variant and row[3] == quantity]
        ax.plot(
            [row[2] + shift for row in seen],
            [row[4] for row in seen],
            marker,
            color=colour,
            ms=3,
            alpha=0.55,
        )
        means = [(row[2], row[3]) for row in summary if row[:2] == (variant, quantity)]
        ax.errorbar(
            [iteration + shift for iteration, _ in means],
            [found.mean for _, found in means],
            # exploitability is not negative, so the part of an interval below 0 says nothing
            yerr=[
                [found.mean - max(found.low, 0.0) for _, found in means],
                [found.high - found.mean for _, found in means],
            ],
            fmt=f"-{marker}",
            color=colour,
            lw=1.2,
            ms=6,
            capsize=3,
            label=variant,
        )
    ax.set_ylim(bottom=0.0)
