"""The tables of a Markdown page, written between marks that name them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ssa_psro.benchmarks.validation.figures import Figure, Section, number

TABLE = re.compile(r"<!-- figures: (?P<key>[\w-]+) -->\n(?P<table>.*?)<!-- end -->", re.DOTALL)
"""A table in the page; what stands between the two marks is written anew."""


ATTACHED = ("°", "″")
"""Units that follow their number without a space."""


def renew(page: str, tables: dict[str, str]) -> str:
    """The page with every table replaced.

    Raises:
        KeyError: the page has a mark without a table.
        ValueError: the page lacks the mark of a table.
    """
    marked = {found["key"] for found in TABLE.finditer(page)}
    if missing := tables.keys() - marked:
        raise ValueError(f"the page has no place for: {', '.join(sorted(missing))}")
    return TABLE.sub(
        lambda found: f"<!-- figures: {found['key']} -->\n{tables[found['key']]}<!-- end -->", page
    )


def tables_of(page: str) -> dict[str, str]:
    """What stands between the marks, by key."""
    return {found["key"]: found["table"] for found in TABLE.finditer(page)}


def table(section: Section, figures: Sequence[Figure]) -> str:
    """The figures of a section as a Markdown table."""
    rows = _wide(figures) if section.wide else _long(figures)
    rows.insert(1, ["---"] * len(rows[0]))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def _long(figures: Sequence[Figure]) -> list[list[str]]:
    """One row a figure; a subject is named once."""
    rows = [["What", "Quantity", "Value", "Accepted", "Against"]]
    subject = ""
    for one in figures:
        first = "" if one.subject == subject else one.subject
        subject = one.subject
        rows.append([first, one.quantity, _valued(one), one.limits, one.reference])
    return rows


def _wide(figures: Sequence[Figure]) -> list[list[str]]:
    """One row a subject, one column a quantity; limits at the end, or in cells if they differ."""
    quantities = list(dict.fromkeys(one.quantity for one in figures))
    subjects = [
        [one for one in figures if one.subject == subject]
        for subject in dict.fromkeys(one.subject for one in figures)
    ]
    shared = all(len({one.limits for one in row}) == 1 for row in subjects)
    rows = [["What", *quantities, *(["Accepted"] if shared else []), "Against"]]
    for row in subjects:
        cells = {one.quantity: _valued(one, limits=not shared) for one in row}
        accepted = [f"{row[0].limits} {row[0].unit}".strip()] if shared else []
        values = [cells.get(name, "") for name in quantities]
        rows.append([row[0].subject, *values, *accepted, row[0].reference])
    return rows


def _valued(figure: Figure, *, limits: bool = False) -> str:
    space = "" if figure.unit in ATTACHED else " "
    value = f"{number(figure.value)}{space}{figure.unit}".strip()
    return f"{value} ({figure.limits})" if limits else value
