"""Every figure of ``docs/physics.md``: within its limits, and the same as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ssa_psro.benchmarks.validation.figures import Figure, Section
from ssa_psro.benchmarks.validation.page import table, tables_of
from ssa_psro.benchmarks.validation.sections import SECTIONS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "physics.md"
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")
SAME = 0.05
"""Relative difference at which a printed number counts as stale: platforms round differently."""
NOTHING = 2e-3
"""Numbers below this are rounding errors (seconds, millimetres), of any size on each platform."""

pytestmark = pytest.mark.slow
measured: dict[str, list[Figure]] = {}


def figures_of(section: Section) -> list[Figure]:
    """Measured once for all tests."""
    if section.key not in measured:
        measured[section.key] = list(section.measure(ROOT / "tests" / "reference" / "data"))
    return measured[section.key]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_every_figure_is_within_its_limits(section: Section) -> None:
    outside = [f"{one.name} = {one.value}" for one in figures_of(section) if not one.accepted]
    assert not outside


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_page_shows_every_figure_as_measured(section: Section) -> None:
    shown = tables_of(PAGE.read_text(encoding="utf-8"))[section.key]
    fresh = table(section, figures_of(section))
    assert NUMBER.sub("#", shown) == NUMBER.sub("#", fresh)
    for printed, wanted in zip(numbers(shown), numbers(fresh), strict=True):
        assert printed == pytest.approx(wanted, rel=SAME, abs=NOTHING)


def numbers(text: str) -> list[float]:
    """All numbers of a table in their order."""
    return [float(found.replace(",", "")) for found in NUMBER.findall(text)]


def test_figures_have_names_of_their_own() -> None:
    for section in SECTIONS:
        names = [one.name for one in figures_of(section)]
        assert len(set(names)) == len(names)


def test_leo_error_after_three_days_is_under_ten_kilometres() -> None:
    section = next(one for one in SECTIONS if one.key == "orbit-error")
    errors_km = [
        one.value
        for one in figures_of(section)
        if "72 h" in one.quantity and ("LEO" in one.subject or "Walker" in one.subject)
    ]
    assert len(errors_km) == 5
    assert max(errors_km) < 10.0


def test_access_is_found_twenty_times_as_fast_as_by_tatc() -> None:
    section = next(one for one in SECTIONS if one.key == "speed")
    assert figures_of(section)[-1].value >= 20.0
