"""The table of all figures of merit on their page.

``python -m evidence.merit_figures --write docs/merit.md`` renews it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ssa_psro.findings.figures_of_merit import FIGURES
from ssa_psro.report.markdown import markdown, renew


def figures() -> str:
    """Name, unit and definition of every figure, in the order of tables."""
    rows = [[f"`{name}`", one.unit, one.meaning] for name, one in FIGURES.items()]
    return markdown([["Name", "Unit", "Definition"], *rows])


def main() -> None:
    """Print the table, or write it into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="page that is renewed")
    page = parser.parse_args().write
    if page:
        renew(page, {"merit": figures()})
    else:
        print(figures())


if __name__ == "__main__":
    main()
