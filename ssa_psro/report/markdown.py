"""Tables as Markdown, and pages whose tables programs write, between marks that name them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ssa_psro.findings import Table
from ssa_psro.inputs.files import write_bytes

MARKED = re.compile(r"<!-- figures: (?P<key>[\w-]+) -->\n(?P<table>.*?)<!-- end -->", re.DOTALL)
"""A table in the page; what stands between the two marks is written anew."""


def renew(page: Path, tables: Mapping[str, str]) -> None:
    """Replace tables of a page, and leave all others; at once or not at all.

    Raises:
        OSError: it cannot be read or written.
        ValueError: it lacks the mark of a table, or is no text.
    """
    write_bytes(page, renewed(page.read_text("utf-8"), tables).encode())


def renewed(text: str, tables: Mapping[str, str]) -> str:
    """A page's text with these tables replaced.

    Raises:
        ValueError: it lacks the mark of a table.
    """
    found = tables_of(text)
    if missing := tables.keys() - found.keys():
        raise ValueError(f"the page has no place for: {', '.join(sorted(missing))}")
    found |= tables
    return MARKED.sub(
        lambda mark: f"<!-- figures: {mark['key']} -->\n{found[mark['key']]}<!-- end -->", text
    )


def tables_of(page: str) -> dict[str, str]:
    """What stands between the marks, by key."""
    return {found["key"]: found["table"] for found in MARKED.finditer(page)}


def markdown_table(table: Table) -> str:
    """A table as people read it."""
    return markdown([table.header, *table.texts])


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """A table of texts; the first row is its head."""
    ruled = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in ruled)
