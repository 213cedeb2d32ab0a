"""Every figure of ``docs/physics.md``: within its limits, and the same as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evidence.validation.figures import Section
from evidence.validation.page import table
from evidence.validation.sections import SECTIONS
from ssa_psro.report.markdown import tables_of

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "physics.md"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
SAME = 0.05
"""Relative difference at which a printed number counts as stale: platforms round differently."""
NOTHING = 2e-3
"""And in any unit: what is left of errors of rounding differs between platforms altogether."""
BISECTED_US = 1.0
"""Differences of two searches that end at a microsecond."""


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_figures_are_within_their_limits_and_on_the_page(section: Section) -> None:
    figures = section.measure(ROOT / "tests" / "reference" / "data")
    assert [f"{one.name} = {one.value}" for one in figures if not one.accepted] == []
    assert len({one.name for one in figures}) == len(figures)
    shown, fresh = tables_of(PAGE.read_text(encoding="utf-8"))[section.key], table(section, figures)
    assert NUMBER.sub("#", shown) == NUMBER.sub("#", fresh)
    nothing = BISECTED_US if "µs" in fresh else NOTHING
    for printed, measured in zip(NUMBER.findall(shown), NUMBER.findall(fresh), strict=True):
        wanted = pytest.approx(float(measured.replace(",", "")), rel=SAME, abs=nothing)
        assert float(printed.replace(",", "")) == wanted, f"{section.key}: the page is stale"


def test_page_has_a_table_for_every_section_and_no_other() -> None:
    tables = tables_of(PAGE.read_text(encoding="utf-8"))
    assert set(tables) == {section.key for section in SECTIONS}
    assert all(tables.values())
