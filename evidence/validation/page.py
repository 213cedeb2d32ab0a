"""The tables of the validation page."""

from __future__ import annotations

from collections.abc import Sequence

from evidence.validation.figures import Figure, Section, number
from ssa_psro.report.markdown import markdown

ATTACHED = ("°", "″")
"""Units that follow their number without a space."""


def table(section: Section, figures: Sequence[Figure]) -> str:
    """The figures of a section as a Markdown table."""
    return markdown(_wide(figures) if section.wide else _long(figures))


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
