"""Drawings in a page: several SVG files in one document, in the colours of the page."""

from __future__ import annotations

import re
from html import escape

from ssa_psro.report.style import BLUE, GRID, INK, MUTED, PAPER, RED

PAGE_COLOURS = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--grid",
    PAPER: "--paper",
    BLUE: "--blue",
    RED: "--red",
}
"""Colours that follow the page when it turns dark, by the variable that names them there."""


def inline_svg(text: str, name: str, label: str) -> str:
    """A drawing as an element of a page.

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
