"""Pictures as files: PNG for slides, SVG for print and for the page."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from ssa_psro.report.style import SETTINGS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ssa_psro.report.pictures import Picture

PNG_DPI = 160
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
"""Nothing in a file but the drawing, so that equal runs make equal files."""


def settings() -> AbstractContextManager[None]:
    """The report's settings of matplotlib, for the time of a ``with`` block."""
    import matplotlib

    return matplotlib.rc_context(SETTINGS)


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
        figure.savefig(png, dpi=PNG_DPI, metadata={"Software": None})
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata=NO_METADATA)
    svg.write_text(text.getvalue(), "utf-8")
    return png, svg
