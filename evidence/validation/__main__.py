"""Measure every figure and renew the tables of the validation page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evidence.validation.page import table
from evidence.validation.sections import SECTIONS
from evidence.validation.stored import DEFAULT_FOLDER
from ssa_psro.report.markdown import renew


def main() -> int:
    """Exit code 1 if a figure is outside its limits; the page is then left as it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="Markdown page to renew")
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="reference files")
    arguments = parser.parse_args()
    tables, outside = {}, []
    for section in SECTIONS:
        figures = section.measure(arguments.folder)
        tables[section.key] = table(section, figures)
        outside += [one for one in figures if not one.accepted]
        print(f"{section.key}\n\n{tables[section.key]}")
    for one in outside:
        print(f"{one.name}: {one.value} {one.unit} is not {one.limits}", file=sys.stderr)
    if outside:
        return 1
    if arguments.write:
        renew(arguments.write, tables)
    return 0


if __name__ == "__main__":
    sys.exit(main())
