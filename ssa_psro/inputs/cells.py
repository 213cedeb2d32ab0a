"""Texts in the cells of CSV files, which spreadsheets may take for formulas and work out.

A cell that begins like a formula gets an apostrophe, which spreadsheets take for the sign of a text
(OWASP, *CSV Injection*). Reading takes it away again.
"""

from __future__ import annotations

import re

FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a text begins that is taken for a formula, or has been kept from it; full-width signs
count too."""


def harmless(text: str) -> str:
    """``text`` as a cell that is shown as it is."""
    return f"'{text}" if FORMULA.match(text) else text


def as_meant(cell: str) -> str:
    """The text that ``harmless`` made ``cell`` of."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
