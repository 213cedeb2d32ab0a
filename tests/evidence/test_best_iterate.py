"""The replay of the best-iterate rule: the page says what the rows say; rows are made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.best_iterate import MARK, PLANS, draw, run_of, stored, table_of
from ssa_psro.report.markdown import tables_of

ROOT = Path(__file__).parents[2]
STORED = ROOT / "figures/best-iterate.csv"


def test_the_page_has_the_table_of_the_stored_runs() -> None:
    rows = stored(STORED)
    assert len(rows) >= 60
    page = (ROOT / "docs/which-iterate.md").read_text("utf-8")
    assert tables_of(page)[MARK] == table_of(rows)


def test_the_figure_has_a_panel_a_game(tmp_path: Path) -> None:
    draw(stored(STORED), tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 20_000


def test_a_stored_run_is_made_again() -> None:
    known = next(
        row for row in stored(STORED) if row["game"] == PLANS[0].claim and row["seed"] == 1
    )
    found = run_of(PLANS[0], 1)
    assert found["new_iteration"] != found["old_iteration"]
    for key, value in known.items():
        assert found[key] == (value if key == "game" else pytest.approx(value, abs=1e-6)), key
