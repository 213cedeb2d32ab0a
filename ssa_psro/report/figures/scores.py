"""Coverage score of both sides, in all and in parts, with intervals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ssa_psro.findings import Table
from ssa_psro.findings.wording import Form, percent
from ssa_psro.report.axes import legend_above, mean_and_reach
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import INK, SIDE_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.COVERAGE, 20

NUMBERS = Form(typeset=True)

OFFSET = 0.17
"""How far Blue stands above, and Red below, the line of their group of objects."""


def pictures(content: Drawable) -> Iterator[Picture]:
    """Once the best iterate has been played out."""
    table = content.tables.get("scores")
    if table is None:
        return
    yield Picture(
        name="scores",
        title="Coverage score by regime and by contest",
        note=(
            "Score among the objects named, as if they were the whole catalogue; the score of "
            "the catalogue is their mean by weight. Numbers: mean and half the width of the 95 % "
            f"interval over {max(table.values('episodes'))} episodes."
        ),
        table=table,
        panels=(Panel(draw_scores, table),),
        size_in=(WIDTH_IN, 1.4 + 0.5 * len(table.unique("objects"))),
    )


def draw_scores(table: Table, ax: Axes) -> None:
    """Draw one line a group of objects, Blue above Red, the numbers at the margin.

    Args:
        table: ``objects``, ``weight``, ``side``, ``mean``, ``low``, ``high``.
        ax: where to draw.
    """
    groups = table.unique("objects")
    for name, style in SIDE_STYLES.items():
        side = table.where("side", name)
        up = -OFFSET if name == "blue" else OFFSET
        places = [groups.index(group) + up for group in side.values("objects")]
        mean, reach = mean_and_reach(side)
        ax.errorbar(
            mean,
            places,
            xerr=reach,
            fmt=style.marker,
            color=style.colour,
            ms=5.5,
            capsize=3,
            label=style.label,
        )
        _write_numbers(ax, places, side, style.colour)
    _label(ax, table)
    legend_above(ax)


def _write_numbers(ax: Axes, places: list[float], side: Table, colour: str) -> None:
    for place, score in zip(places, side.intervals(), strict=True):
        text = NUMBERS.plus_minus(score)
        ax.annotate(
            text,
            (1.0, place),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=8.5,
        )


def _label(ax: Axes, table: Table) -> None:
    weights = dict(zip(table.values("objects"), table.values("weight"), strict=True))
    labels = [f"{group} ({percent(weight)})" for group, weight in weights.items()]
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set_xlim(0.0, 1.0)
    for place in range(1, len(labels)):
        ax.axhline(place - 0.5, color=INK, lw=0.4, alpha=0.25)
    ax.grid(False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Coverage score [0 to 1]")
    ax.set_ylabel("Objects (share of the weight)")
