"""Tables as Markdown, and pages whose tables programs write, between marks that name them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ssa_psro.findings import Table

MARKED = re.compile(r"<!-- figures: (?P<key>[\w-]+) -->\n(?P<table>.*?)<!-- end -->", re.DOTALL)
"""A table in the page; what stands between the two marks is written anew."""


def renew(page: str, tables: Mapping[str, str]) -> str:
    """The page with every table replaced.

    Raises:
        KeyError: the page has a mark without a table.
        ValueError: the page lacks the mark of a table.
    """
    marked = {found["key"] for found in MARKED.finditer(page)}
    if missing := tables.keys() - marked:
        raise ValueError(f"the page has no place for: {', '.join(sorted(missing))}")
    return MARKED.sub(
        lambda found: f"<!-- figures: {found['key']} -->\n{tables[found['key']]}<!-- end -->", page
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
