"""Measure the tables of ``docs/uncertainty.md``; takes about a minute."""

from __future__ import annotations

import argparse
from pathlib import Path

from evidence.uncertainty.tables import TABLES
from ssa_psro.report.markdown import renew


def main() -> None:
    """Print the tables, or write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="page whose tables are renewed")
    parser.add_argument("--only", choices=tuple(TABLES), action="append", help="not all tables")
    arguments = parser.parse_args()
    tables = {name: TABLES[name]() for name in arguments.only or TABLES}
    if arguments.write:
        renew(arguments.write, tables)
    else:
        print("\n".join(f"{name}\n{table}" for name, table in tables.items()))


if __name__ == "__main__":
    main()
