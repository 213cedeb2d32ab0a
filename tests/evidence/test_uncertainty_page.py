"""``docs/uncertainty.md`` states what the code holds; other tests measure its other tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.uncertainty.tables import SHIPPED, TABLES, manoeuvres, recommended
from ssa_psro.report.markdown import tables_of
from ssa_psro.scenario.calibration import CALIBRATIONS
from ssa_psro.scenario.schema import RegimeName

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "uncertainty.md").read_text(encoding="utf-8")


def test_page_has_every_table() -> None:
    written = tables_of(PAGE)
    assert written.keys() == TABLES.keys()
    assert all(table.startswith("|") for table in written.values())


def test_recommended_values_and_classes_are_those_of_the_code() -> None:
    written = tables_of(PAGE)
    assert written["recommended"] == recommended(ROOT / SHIPPED)
    assert written["manoeuvres"] == manoeuvres()


@pytest.mark.parametrize("regime", CALIBRATIONS)
def test_page_names_the_unmodelled_accelerations(regime: RegimeName) -> None:
    assert f"| {regime} | {CALIBRATIONS[regime].unmodelled_nm_s2:g} nm/s² |" in PAGE
