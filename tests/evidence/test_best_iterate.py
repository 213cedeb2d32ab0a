"""The replay of the best-iterate rule: the page says what the rows say; rows are made again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from evidence.best_iterate import MARK, PLANS, run_of, table_of
from ssa_psro.report.markdown import tables_of

ROOT = Path(__file__).parents[2]


def _stored() -> list[dict[str, object]]:
    with (ROOT / "figures/best-iterate.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{k: v if k == "game" else float(v) for k, v in row.items()} for row in rows]


def test_the_page_has_the_table_of_the_stored_runs() -> None:
    rows = _stored()
    assert len(rows) >= 60
    page = (ROOT / "docs/game.md").read_text("utf-8")
    assert tables_of(page)[MARK] == table_of(rows)


def test_a_stored_run_is_made_again() -> None:
    stored = next(row for row in _stored() if row["game"] == PLANS[0].claim and row["seed"] == 1)
    found = run_of(PLANS[0], 1)
    assert found["new_iteration"] != found["old_iteration"]
    for key, value in stored.items():
        assert found[key] == (value if key == "game" else pytest.approx(value, abs=1e-6)), key
