"""Names of objects that begin like formulas are texts in every CSV file of results."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from ssa_psro.experiments.running import read_rows
from ssa_psro.exports.tables import Data, write_tables
from ssa_psro.findings.table import Column, make_table
from ssa_psro.report.csv_files import write_csv, write_rows

NAME = "=cmd|' /C calc'!A0"
COLUMNS = (Column("object", "", "its name"), Column("x", "km", "where"))


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_tables_of_results(tmp_path: Path) -> None:
    path = write_csv(make_table("objects", "Objects", COLUMNS, [(NAME, -1.5)]), tmp_path)
    assert cells(path) == [["object", "x"], [f"'{NAME}", "-1.5"]]


def test_tables_for_other_programs(tmp_path: Path) -> None:
    values = np.array([NAME]), np.array([-1.5], np.float32)
    table = Data("bodies", tuple(zip(COLUMNS, values, strict=True)))
    path = write_tables([table], tmp_path, parquet=False)[0]
    assert cells(path) == [["object", "x"], [f"'{NAME}", "-1.5"]]


def test_rows_of_experiments_come_back(tmp_path: Path) -> None:
    rows = [{"arm": NAME, "value": -1.5, "note": "-x"}]
    write_rows(tmp_path / "rows.csv", rows)
    assert cells(tmp_path / "rows.csv")[1] == [f"'{NAME}", "-1.5", "'-x"]
    assert list(read_rows(tmp_path / "rows.csv")) == rows
