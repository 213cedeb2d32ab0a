"""Tables as text for a terminal, drawn by rich."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table as Lines
from rich.text import Text

from ssa_psro.findings import Table
from ssa_psro.findings.table import Facts

Styles = Mapping[str, Callable[[Any], str]]
"""How to set off values of a column, by its name: rich's style for each value."""


def table_text(table: Table, styles: Styles | None = None) -> Group:
    """A table under its title and above its note; marked rows are bold.

    Args:
        table: what to show.
        styles: for single cells.
    """
    lines = lines_of(*table.header)
    for place, (values, texts) in enumerate(zip(table.rows, table.texts, strict=True)):
        cells = [
            _styled(text, (styles or {}).get(name), value)
            for name, text, value in zip(table.names, texts, values, strict=True)
        ]
        lines.add_row(*cells, style="bold" if place in table.marked else "")
    return titled(table.title, lines, table.note)


def facts_text(title: str, facts: Facts) -> Group:
    """Labels beside what there is to say of each, under a title."""
    return titled(title, grid_of(facts))


def lines_of(*columns: str) -> Lines:
    """A plain table whose first column is text and whose others are numbers."""
    made = Lines(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for index, name in enumerate(columns):
        made.add_column(name, justify="right" if index else "left")
    return made


def grid_of(facts: Facts) -> Lines:
    """Two columns without a heading."""
    lines = Lines.grid(padding=(0, 2))
    for label, value in facts:
        lines.add_row(label, printable(value))
    return lines


def titled(title: str, lines: Lines, note: str = "") -> Group:
    """Lines under their title and above their note, neither of them squeezed to their width."""
    parts: list[RenderableType] = [Text(title, style="bold"), lines]
    if note:
        parts.append(Text(note, style="dim"))
    return Group(*parts, Text(""))


def _styled(text: str, style: Callable[[Any], str] | None, value: Any) -> str | Text:
    text = printable(text)
    return text if style is None else Text(text, style=style(value))


def printable(text: str) -> str:
    """``text`` without what a terminal would obey instead of showing it."""
    if text.isprintable():
        return text
    return "".join(one for one in text if one.isprintable() or one == "\n")
