"""What a figure is before it is drawn, and how it becomes PNG, SVG and a part of the page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ssa_psro.findings import Table
from ssa_psro.inputs.files import write_bytes
from ssa_psro.report.style import BLUE, FAMILY, GRID, INK, MUTED, PAPER, RED, SETTINGS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Draw = Callable[[Table, "Axes"], None]

WIDTH_IN = 12.0
PNG_DPI = 160
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
"""Nothing in a file but the drawing, so that equal runs make equal files."""

FALLBACK = "'DejaVu Sans', Verdana, sans-serif"
"""Fonts of the text in SVG files, by falling preference; Verdana is as wide."""

PAGE_COLOURS = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--grid",
    PAPER: "--paper",
    BLUE: "--blue",
    RED: "--red",
}
"""Colours that follow the page when it turns dark, by the variable that names them there."""


class Part(StrEnum):
    """The parts of the page that have figures."""

    COVERAGE = "coverage"
    CAUSES = "causes"
    EPISODE = "episode"
    ITERATIONS = "iterations"
    AUDIT = "audit"
    METAGAME = "metagame"
    CATALOGUE = "catalogue"


class Drawable(Protocol):
    """What figures are drawn from: the tables of any result.

    Attributes:
        tables: by name; a figure whose table is not there is not drawn.
        rivalry: share of the other side's score that is taken off a side's own; 1 is zero-sum.
    """

    @property
    def tables(self) -> Mapping[str, Table]: ...

    @property
    def rivalry(self) -> float: ...


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
        table: its data; where the run has a table of that name, the CSV file holds all of that.
        panels: in reading order.
        columns: panels beside one another.
        size_in: width and height.
        same_scale: whether all panels have the same vertical axis.
    """

    name: str
    title: str
    note: str
    table: Table
    panels: tuple[Panel, ...]
    size_in: tuple[float, float]
    columns: int = 1
    same_scale: bool = False


@contextmanager
def settings() -> Iterator[None]:
    """The report's settings of matplotlib for a ``with`` block, whatever the user's are."""
    import matplotlib

    _offer_font()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        yield


def _offer_font() -> None:
    """Let matplotlib find its own font by our name for it, once in a process."""
    from matplotlib import get_data_path
    from matplotlib.font_manager import fontManager, get_font, ttfFontProperty

    if FAMILY not in {entry.name for entry in fontManager.ttflist}:
        for face in ("", "-Bold", "-Oblique", "-BoldOblique"):
            path = Path(get_data_path()) / "fonts" / "ttf" / f"DejaVuSans{face}.ttf"
            entry = ttfFontProperty(get_font(str(path)))
            fontManager.ttflist.append(replace(entry, name=FAMILY))


def render(picture: Picture) -> Figure:
    """The picture as a figure of its own, apart from any that the caller may have open."""
    from matplotlib.figure import Figure

    rows = -(-len(picture.panels) // picture.columns)
    figure = Figure(figsize=picture.size_in, layout="constrained")
    figure.suptitle(picture.title, x=0.01, ha="left", fontsize=11.5, fontweight="bold")
    axes = figure.subplots(
        rows, picture.columns, squeeze=False, sharey="all" if picture.same_scale else "none"
    )
    for panel, ax in zip(picture.panels, axes.flat, strict=False):
        panel.draw(panel.table, ax)
        if panel.title:
            ax.set_title(panel.title)
    if picture.columns == 1:
        for ax in axes.flat[:-1]:
            ax.set_xlabel("")  # the lowest panel says it for all
    figure.draw_without_rendering()
    figure.set_layout_engine(None)  # laid out once, not again for every file
    return figure


def save(picture: Picture, folder: Path) -> tuple[Path, Path]:
    """Write ``NAME.png`` and ``NAME.svg``; equal pictures make equal files."""
    png, svg = (folder / f"{picture.name}.{kind}" for kind in ("png", "svg"))
    with settings():
        figure = render(picture)
        save_png(figure, png)
        text = io.StringIO()
        figure.savefig(text, format="svg", dpi=PNG_DPI, metadata=NO_METADATA)
    # text in a file is set in the reader's font: the one that it was laid out in, if that is there
    write_bytes(svg, text.getvalue().replace(f"'{FAMILY}'", FALLBACK).encode())
    return png, svg


def save_png(figure: Figure, path: Path) -> None:
    """Write a figure as PNG, at once or not at all; nothing in the file but the drawing."""
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=PNG_DPI, metadata={"Software": None})
    write_bytes(path, content.getvalue())


def inline_svg(text: str, name: str, label: str) -> str:
    """A drawing as an element of a page, in the colours of the page.

    Args:
        text: an SVG file of matplotlib's.
        name: put before every id, since ids must differ within the page.
        label: what the drawing shows, for those who cannot see it.
    """
    body = text[text.index("<svg") :].strip()
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", body)
    for colour, variable in PAGE_COLOURS.items():
        body = body.replace(colour, f"var({variable},{colour})")
    return body.replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1)


def width_px(text: str) -> int:
    """Width of a drawing at its own size, in CSS pixels."""
    found = re.search(r'width="([\d.]+)pt"', text)
    assert found is not None, "matplotlib writes the width in points"
    return round(float(found[1]) * 96 / 72)
