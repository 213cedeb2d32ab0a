"""What peers found, as small CSV files: comment lines with the provenance, a header, rows."""

from __future__ import annotations

import csv
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DEFAULT_FOLDER = Path("tests/reference/data")
ELEMENTS_FILE = "access_elements.json"
PEERS = {"skyfield": "Skyfield", "tatc": "TAT-C"}
"""What the programs call themselves, by distribution."""


def write_rows(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], packages: Sequence[str]
) -> None:
    """Write rows under a comment that says when, by which packages and on what Python.

    Args:
        path: of the CSV file.
        header: names of the columns, with units.
        rows: values in the order of the header.
        packages: distributions whose versions matter.
    """
    made_by = ", ".join(f"{name} {version(name)}" for name in packages)
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(f"# {made_by}, Python {platform.python_version()}\n")
        file.write(f"# {datetime.now(UTC):%Y-%m-%d}; what and how: README.md in this folder\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows under the header, by column."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def read_peer(path: Path) -> str:
    """The program that found what a file holds, such as ``TAT-C 3.6.0``."""
    with path.open(encoding="utf-8") as file:
        package, number = file.readline().removeprefix("# ").split(",")[0].split()
    return f"{PEERS[package]} {number}"


def column(rows: Sequence[dict[str, str]], *names: str) -> NDArray[np.float64]:
    """Numbers of one column ``[R]``, or of several ``[R, columns]``."""
    values = np.array([[float(row[name]) for name in names] for row in rows])
    return values[:, 0] if len(names) == 1 else values
