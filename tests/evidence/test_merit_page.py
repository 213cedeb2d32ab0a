"""``docs/merit.md`` defines every figure of merit that tables have."""

from __future__ import annotations

from pathlib import Path

from evidence.merit_figures import figures
from ssa_psro.report.markdown import tables_of

PAGE = Path(__file__).parents[2] / "docs" / "merit.md"


def test_page_is_as_the_figures() -> None:
    """``python -m evidence.merit_figures --write docs/merit.md`` makes it so again."""
    assert tables_of(PAGE.read_text(encoding="utf-8")) == {"merit": figures()}
