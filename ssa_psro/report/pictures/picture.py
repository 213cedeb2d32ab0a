"""What a figure is before it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ssa_psro.report.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Tables = Mapping[str, Table]
Draw = Callable[[Table, "Axes"], None]

WIDTH_IN = 12.0


@dataclass(frozen=True)
class Panel:
    """One set of axes: what is drawn into it, from what, under which title of its own."""

    draw: Draw
    table: Table
    title: str = ""


@dataclass(frozen=True)
class Picture:
    """One figure.

    Attributes:
        name: of its files.
        title: above it.
        note: what to read in it.
        table: all of its data.
        panels: in reading order.
        columns: panels beside one another.
        same_scale: whether all panels have the same vertical axis.
        size_in: width and height.
    """

    name: str
    title: str
    note: str
    table: Table
    panels: tuple[Panel, ...]
    columns: int
    size_in: tuple[float, float]
    same_scale: bool = False
