"""Why objects were not in custody: hours by cause, of the catalogue and of each regime."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ssa_psro.arrays import Flags, Floats
from ssa_psro.findings import Table
from ssa_psro.findings.wording import plural
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import SIDE_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.CAUSES, 10

LEAST = 0.01
"""Causes of less than this share of the hours, in every group and of both sides, are summed up."""

OTHERS = "others"

COLOURS = (
    *("#0171b1", "#d45d01", "#019d73", "#cc79a7", "#f0e442", "#56b4e9", "#e69f00", "#8c6d31"),
    *("#7fb8d8", "#eaae7f", "#7fcfb9", "#e5bcd3", "#999999", "#c9c9c9"),
    *("#7f3c8d", "#80ba5a", "#4b4b8f", "#f97b72", "#a5aa59"),
)
"""Okabe and Ito's, the same paler, and some more, one a cause. The first two are not quite the
sides' own colours, which a page exchanges when it turns dark; there black would not be seen."""


def pictures(content: Drawable) -> Iterator[Picture]:
    """Where episodes were traced."""
    table = content.tables.get("causes")
    if table is None or not table.rows:
        return
    sides, groups = table.unique("side"), len(table.unique("objects"))
    hours = {side: _hours(table.where("side", side)) for side in sides}
    draw = partial(
        draw_causes,
        shown=np.any([_large(each) for each in hours.values()], axis=0),
        reach_h=1.05 * max(each.sum(axis=1).max() for each in hours.values()),
    )
    yield Picture(
        name="causes",
        title="Why there was no custody",
        note=(
            "Object-hours without custody by the one thing that stood in the way, all objects "
            f"alike; {plural(max(table.values('episodes')), 'episode')}. Each bar adds up to all "
            "hours without custody of its group."
        ),
        table=table,
        panels=tuple(
            Panel(
                partial(draw, keyed=side == sides[0]),
                table.where("side", side),
                SIDE_STYLES[side].label,
            )
            for side in sides
        ),
        size_in=(WIDTH_IN, 1.6 + len(sides) * (0.7 + 0.42 * groups)),
    )


def draw_causes(
    table: Table,
    ax: Axes,
    *,
    shown: Flags | None = None,
    reach_h: float | None = None,
    keyed: bool = True,
) -> None:
    """Draw a bar a group of objects, a part a cause.

    Args:
        table: of one side: ``objects``, ``cause``, ``hours``.
        ax: where to draw.
        shown: the causes with a part of their own, one flag each, by default those of this side
            that are large enough; the rest are summed up.
        reach_h: length of the axis; by default as long as this side's bars need.
        keyed: whether the causes are named beside it.
    """
    groups, causes, parts = table.unique("objects"), table.unique("cause"), _hours(table)
    if shown is None:
        shown = _large(parts)
    names = [cause for cause, kept in zip(causes, shown, strict=True) if kept]
    if not shown.all():
        names.append(OTHERS)
        parts = np.column_stack([parts[:, shown], parts[:, ~shown].sum(axis=1)])
    lefts = np.zeros(len(groups))
    for name, part, colour in zip(names, parts.T, _colours(names, causes), strict=True):
        ax.barh(range(len(groups)), part, left=lefts, height=0.66, color=colour, label=name)
        lefts += part
    ax.set_yticks(range(len(groups)), groups)
    ax.set_ylim(len(groups) - 0.5, -0.5)
    ax.set_xlim(0.0, reach_h)  # with none, matplotlib's own
    ax.grid(False, axis="y")
    ax.set_xlabel("Object-hours without custody, an episode")
    if keyed:
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), handlelength=1.2, fontsize=8)


def _hours(table: Table) -> Floats:
    """``[groups, causes]``, of one side."""
    shape = len(table.unique("objects")), len(table.unique("cause"))
    return table.numbers("hours").reshape(shape)


def _large(hours: Floats) -> Flags:
    """Which causes have more than a small share in some group, of all its hours."""
    totals: Floats = np.maximum(hours.sum(axis=1, keepdims=True), 1e-12)
    return np.asarray((hours / totals).max(axis=0) >= LEAST)


def _colours(names: list[str], causes: list[str]) -> list[str]:
    """A cause has one colour on all panels."""
    return [
        "#e8e8e8" if name == OTHERS else COLOURS[causes.index(name) % len(COLOURS)]
        for name in names
    ]
