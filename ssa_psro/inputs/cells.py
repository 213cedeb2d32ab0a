"""Cells of CSV files, whose texts spreadsheets may take for formulas and work out.

A text that begins like a formula gets an apostrophe, which spreadsheets take for the sign of a text
(OWASP, *CSV Injection*). Reading takes it away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+|inf|nan)(?:[eE][+-]?\d+)?\Z"
FORMULA = re.compile(rf"'*(?!{NUMBER})[=+\-@\t\r\n＝＋－＠]", re.ASCII)
"""How a text begins that is taken for a formula, or has been kept from it; full-width signs count
too, numbers do not."""


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as the text of a CSV file: lines end in LF, ``None`` is an empty cell, no text is a
    formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()


def harmless(text: str) -> str:
    """``text`` as a cell that is shown as it is."""
    return f"'{text}" if FORMULA.match(text) else text


def as_meant(cell: str) -> str:
    """The text that ``harmless`` made ``cell`` of."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
