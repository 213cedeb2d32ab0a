"""One episode, object by object: how old each side's information is, and who holds what when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from ssa_psro.arrays import Floats
from ssa_psro.findings import Table
from ssa_psro.findings.episode import HOLDERS
from ssa_psro.report.axes import hours_axis
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import BLANK, BLUE, GREEN, INK, MUTED, RED, SIDE_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.EPISODE, 10

OLDEST_H = 24.0
"""Ages from this on look alike."""

HOLDER_COLOURS = {"nobody": BLANK, "blue": BLUE, "red": RED, "both alike": GREEN}

ROW_IN, LEAST_IN, MOST_IN = 0.12, 2.6, 9.0
"""Height of an object in a map, and of a map at least and at most."""


def pictures(content: Drawable) -> Iterator[Picture]:
    """Where one episode was traced."""
    table = content.tables.get("ages")
    if table is None:
        return
    objects = len(table.unique("object"))
    height = min(MOST_IN, max(LEAST_IN, 1.0 + ROW_IN * objects))
    yield Picture(
        name="ages",
        title="Age of information, object by object",
        note=(
            f"One episode. Dark: just seen; light: {OLDEST_H:g} h or longer ago. Hatched: not in "
            "custody. Objects by regime, contested ones first; each has a line."
        ),
        table=table,
        panels=tuple(
            Panel(draw, table, SIDE_STYLES[side].label)
            for side, draw in (("blue", draw_blue_ages), ("red", draw_red_ages))
        ),
        size_in=(WIDTH_IN, height),
        columns=2,
        same_scale=True,
    )
    if any(table.values("contested")):
        contested = table.where("contested", True)
        rows = len(contested.unique("object"))
        yield Picture(
            name="holders",
            title="Contested objects: who held what when",
            note="One episode. Whoever has custody and saw the object last is paid for it.",
            table=table,
            panels=(Panel(draw_holders, contested),),
            size_in=(WIDTH_IN, min(MOST_IN, max(LEAST_IN, 1.2 + 1.5 * ROW_IN * rows))),
        )


def draw_blue_ages(table: Table, ax: Axes) -> None:
    """Draw how old Blue's information is: a line an object, time to the right.

    Args:
        table: ``object``, ``regime``, ``contested``, ``hour``, ``blue_age_h``, ``blue_custody``.
        ax: where to draw.
    """
    _draw_ages(table, ax, "blue")


def draw_red_ages(table: Table, ax: Axes) -> None:
    """The same for Red."""
    _draw_ages(table, ax, "red")


def _draw_ages(table: Table, ax: Axes, side: str) -> None:
    order, _, hours = _lines(table)
    shape = (len(order), hours.size)
    age_h = table.numbers(f"{side}_age_h").reshape(shape)[order]
    held = np.array(table.values(f"{side}_custody")).reshape(shape)[order]
    edges = _edges(hours)
    mesh = ax.pcolormesh(
        edges,
        np.arange(len(order) + 1),
        age_h,
        vmin=0.0,
        vmax=OLDEST_H,
        cmap="cividis",
        rasterized=True,
    )
    ax.contourf(
        hours + (edges[1] - edges[0]) / 2,
        np.arange(len(order)) + 0.5,
        np.where(held, 0.0, 1.0),
        levels=[0.5, 1.5],
        colors="none",
        hatches=["////"],
    )
    _regimes(ax, table, order)
    if side == "blue":
        return  # one scale for both
    assert ax.figure is not None
    ax.figure.colorbar(mesh, ax=ax, label="Age of information [h]", extend="max", pad=0.01)


def draw_holders(table: Table, ax: Axes) -> None:
    """Draw who holds each contested object: a line an object, time to the right.

    Args:
        table: ``object``, ``regime``, ``contested``, ``hour``, ``holder``.
        ax: where to draw.
    """
    order, names, hours = _lines(table)
    words = list(HOLDERS.values())
    holder = np.array([words.index(one) for one in table.values("holder")])
    cells = holder.reshape(len(order), hours.size)[order]
    colours = ListedColormap([HOLDER_COLOURS[word] for word in words])
    ax.pcolormesh(
        _edges(hours),
        np.arange(len(order) + 1),
        cells,
        cmap=colours,
        vmin=-0.5,
        vmax=3.5,
        rasterized=True,
    )
    _regimes(ax, table, order, names)
    marks = [Patch(fc=HOLDER_COLOURS[word], ec=MUTED, lw=0.4, label=word) for word in words]
    ax.legend(handles=marks, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=4)


def _lines(table: Table) -> tuple[list[int], list[str], Floats]:
    """Order of the objects from below, their names in it, and the hours of the columns."""
    names, hours = table.unique("object"), np.array(table.unique("hour"))
    first = slice(None, None, hours.size)
    regimes, contested = table.values("regime")[first], table.values("contested")[first]
    places = table.unique("regime")
    order = sorted(
        range(len(names)),
        key=lambda n: (places.index(regimes[n]), not contested[n], n),
        reverse=True,
    )
    return order, [names[n] for n in order], hours


def _edges(hours: Floats) -> Floats:
    width = hours[1] - hours[0] if hours.size > 1 else 1.0
    return np.append(hours, hours[-1] + width)


def _regimes(ax: Axes, table: Table, order: list[int], names: list[str] | None = None) -> None:
    """Name the regimes, or the objects where there is room, and part the regimes by lines."""
    hours = len(table.unique("hour"))
    regimes = [table.values("regime")[n * hours] for n in order]
    if names is not None and len(names) <= 40:
        ax.set_yticks(np.arange(len(names)) + 0.5, names, fontsize=7)
    else:
        blocks = {
            regime: [k for k, one in enumerate(regimes) if one == regime] for regime in regimes
        }
        middles = [(places[0] + places[-1] + 1) / 2 for places in blocks.values()]
        ax.set_yticks(middles, list(blocks))
    for k in range(1, len(regimes)):
        if regimes[k] != regimes[k - 1]:
            ax.axhline(k, color=INK, lw=1.0)
    ax.grid(False)
    hours_axis(ax, _edges(np.array(table.unique("hour")))[-1])
