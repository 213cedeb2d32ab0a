"""Figures of merit of a match: custody against time, gaps between successes, revisit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from ssa_psro.findings import Table
from ssa_psro.findings.wording import percent, plural
from ssa_psro.report.axes import legend_above, mean_and_reach
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.figures.custody import draw_custody
from ssa_psro.report.style import SIDE_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.COVERAGE, 15

SERIES = {
    "custody": "In custody, every object alike",
    "custody_weighted": "In custody, by weight",
    "held": "Contested weight held",
}
SHARES = (0.001, 0.01, 0.1, 1.0)
BY_REGIME = {
    "revisit_mean_h": "Mean gap [h]",
    "response_h": "Response time [h]",
    "age_h": "Age [h]",
}


def pictures(content: Drawable) -> Iterator[Picture]:
    """Where figures of merit were measured."""
    series, gaps = content.tables.get("merit-custody"), content.tables.get("gaps")
    regimes = content.tables.get("merit-regimes")
    if series is not None:
        yield Picture(
            name="merit-custody",
            title="Custody against time",
            note=(
                f"Mean over {plural(max(series.values('episodes')), 'episode')}; band: its 95 % "
                "interval. Episodes begin at other instants unless their start was given."
            ),
            table=series,
            panels=tuple(
                Panel(partial(draw_custody, label="Share [%]"), series.where("figure", name), title)
                for name, title in SERIES.items()
                if series.where("figure", name).rows
            ),
            size_in=(WIDTH_IN, 8.2),
        )
    if gaps is not None:
        yield Picture(
            name="gaps",
            title="How long objects go unseen",
            note=(
                "Share of the gaps between successes that last longer; gaps at the ends of the "
                "window count from and to them. All episodes together."
            ),
            table=gaps,
            panels=tuple(
                Panel(draw_gaps, gaps.where("objects", name), name)
                for name in gaps.unique("objects")
            ),
            size_in=(WIDTH_IN, 3.6),
            columns=len(gaps.unique("objects")),
            same_scale=True,
        )
    if regimes is not None:
        yield Picture(
            name="revisit",
            title="Revisit, response and age by regime",
            note="Mean over episodes; bars: its 95 % interval. Definitions: docs/merit.md.",
            table=regimes,
            panels=tuple(
                Panel(partial(draw_by_regime, label=label), regimes.where("figure", name))
                for name, label in BY_REGIME.items()
            ),
            size_in=(WIDTH_IN, 3.4),
            columns=len(BY_REGIME),
        )


def draw_gaps(table: Table, ax: Axes) -> None:
    """Draw the complementary distribution of the gaps, a line a side.

    Args:
        table: of one group of objects: ``side``, ``gap_h``, ``longer``.
        ax: where to draw.
    """
    for name, style in SIDE_STYLES.items():
        side = table.where("side", name)
        ax.step(
            side.numbers("gap_h"),
            side.numbers("longer"),
            where="post",
            color=style.colour,
            ls=style.line,
            label=style.label,
        )
    ax.set_yscale("log")
    ax.set_ylim(SHARES[0], SHARES[-1])
    ax.yaxis.set_major_locator(FixedLocator(SHARES))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: percent(share)))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.set_xlim(0.0, None)
    ax.set_xlabel("Gap [h]")
    ax.set_ylabel("Share of gaps longer")
    legend_above(ax)


def draw_by_regime(table: Table, ax: Axes, *, label: str) -> None:
    """Draw one figure, a point a regime and side.

    Args:
        table: of one figure: ``side``, ``regime``, ``mean``, ``low``, ``high``.
        ax: where to draw.
        label: of the vertical axis.
    """
    regimes = table.unique("regime")
    for name, style in SIDE_STYLES.items():
        side = table.where("side", name)
        shift = -0.12 if name == "blue" else 0.12
        places = np.array([regimes.index(one) for one in side.values("regime")]) + shift
        mean, reach = mean_and_reach(side)
        ax.errorbar(
            places,
            mean,
            yerr=reach,
            fmt=style.marker,
            color=style.colour,
            ms=5.5,
            capsize=3,
            label=style.label,
        )
    ax.set_xticks(range(len(regimes)), regimes)
    ax.set_xlim(-0.5, len(regimes) - 0.5)
    ax.set_ylim(0.0, None)
    ax.set_ylabel(label)
    legend_above(ax)
