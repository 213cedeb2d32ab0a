"""The catalogue on the page: a folded table, cut short where it would make the page heavy."""

from __future__ import annotations

from ssa_psro.report.content import Content
from ssa_psro.report.markup import table, tag, text
from ssa_psro.report.wording import plural

MOST_SHOWN = 500
"""Objects on the page; all of them are in the CSV file."""


def catalogue(content: Content) -> str:
    """The objects that were played for."""
    found = content.tables["objects"]
    rows = [
        (str(name), str(catalog_id), str(regime), "yes" if contested else "no", f"{weight:g}")
        for name, catalog_id, regime, contested, weight in found.rows[:MOST_SHOWN]
    ]
    left = len(found.rows) - len(rows)
    more = f" {left} more are in the file." if left else ""
    header = ("object", "catalogue id", "regime", "contested", "weight")
    link = tag("p", text("a", "CSV", href="data/objects.csv") + text("span", more), class_="links")
    summary = text("summary", f"{plural(len(found.rows), 'object')} by name")
    return tag("details", summary + table(header, rows, found.title) + link)
