"""What the page and the figures tell apart, at the limits; and a figure that nobody knew of."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from report.run_folders import Report

from ssa_psro.findings import Column, Table, make_table
from ssa_psro.findings.table import COUNT, interval_columns
from ssa_psro.report import figures, write_content
from ssa_psro.report.axes import hours_axis
from ssa_psro.report.drawing import Part
from ssa_psro.report.figures.exploitability import draw_exploitability
from ssa_psro.report.figures.gains import draw_gains
from ssa_psro.report.figures.payoffs import cell_text, draw_heat_map, payoff_picture
from ssa_psro.report.figures.values import draw_values
from ssa_psro.report.page import html_of
from ssa_psro.report.run_page import run_page

NOTHING = {part: [] for part in Part}


@pytest.mark.parametrize(("count", "left"), [(500, ""), (501, " 1 more are in the file.")])
def test_five_hundred_objects_stand_on_the_page(finished: Report, count: int, left: str) -> None:
    objects = finished.content.tables["objects"]
    some = (f"object {n}" for n in range(count))
    many = replace(objects, rows=tuple((name, "", "LEO", True, 1.5, None) for name in some))
    content = replace(finished.content, tables={**finished.content.tables, "objects": many})
    page = html_of(run_page(content, NOTHING, "no episode"))
    assert page.count('<th scope="row">object ') == 500
    assert f"<span>{left}</span>" in page
    assert f"{count} objects by name" in page
    assert "<td>LEO</td><td>yes</td><td>1.5</td><td></td>" in page


@pytest.mark.parametrize(("width_pt", "kind"), [(870, "usual"), (871, "wide")])
def test_figures_wider_than_the_page_are_scrolled(
    finished: Report, width_pt: int, kind: str
) -> None:
    picture = payoff_picture(payoffs(0.5, 0.05), rivalry=1.0)
    drawing = f'<svg width="{width_pt}pt"></svg>'  # 1160 and 1161 px
    drawn = {**NOTHING, Part.METAGAME: [(picture, drawing)]}
    page = html_of(run_page(finished.content, drawn, "no episode"))
    assert f'<figure id="figure-payoffs" class="{kind}">' in page


@pytest.mark.parametrize(
    ("cells", "lines"), [(10, "mean and half"), (11, "mean"), (15, "mean"), (16, "")]
)
def test_cells_of_30_points_hold_two_lines_and_of_19_one(cells: int, lines: str) -> None:
    ax = Figure(figsize=(300 / 72, 300 / 72), dpi=72).add_axes((0, 0, 1, 1))
    text = cell_text(ax, cells, 3, rivalry=1.0)
    found = "" if text is None else "mean and half" if text.widths else "mean"
    assert found == lines


def payoffs(share: float, low: float) -> Table:
    """A matrix of one cell."""
    columns = (
        *map(Column, ("paid", "blue_policy", "red_policy")),
        *interval_columns("payoff", "a payoff"),
        COUNT,
        *map(Column, ("blue_probability", "red_probability")),
    )
    return make_table("payoffs", "", columns, [("blue", "a", "b", 0.1, low, 0.2, 9, share, share)])


@pytest.mark.parametrize(("share", "label"), [(0.005, "a  0.5 %"), (0.00499, "a")])
def test_shares_from_half_a_per_cent_stand_beside_names(share: float, label: str) -> None:
    ax = Figure(figsize=(6, 6), layout="constrained").subplots()
    draw_heat_map(payoffs(share, 0.05), ax)
    (written,) = ax.get_yticklabels()
    assert written.get_text() == label
    assert written.get_fontweight() == ("bold" if "%" in label else "normal")


@pytest.mark.parametrize(("low", "weight"), [(1.1e-9, "bold"), (0.9e-9, "normal")])
def test_payoffs_that_surely_differ_from_zero_are_bold(low: float, weight: str) -> None:
    ax = Figure(figsize=(6, 6), layout="constrained").subplots()
    draw_heat_map(payoffs(0.5, low), ax)
    assert ax.texts[0].get_fontweight() == weight


def nearly_zero(table: Table) -> Table:
    """The same with payoffs that differ by rounding errors only."""
    kept = ("iteration", "side", "deviation", "policy", "measured_on", "best")
    told = [None if name in kept else 9 if "episodes" in name else 1e-17 for name in table.names]
    rows = (
        tuple(own if new is None else new for own, new in zip(row, told, strict=True))
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def test_rounding_errors_are_not_drawn_as_findings(finished: Report) -> None:
    tables = finished.content.tables
    for draw, table in (
        (draw_values, tables["values"].where("measured_on", "held-out")),
        (draw_gains, tables["gains"].where("side", "red")),
    ):
        ax = Figure().subplots()
        draw(nearly_zero(table), ax)
        low, high = ax.get_ylim()
        assert high - low == pytest.approx(0.002)
    ax = Figure().subplots()
    draw_exploitability(nearly_zero(tables["exploitability"]), ax)
    assert ax.get_ylim()[1] == pytest.approx(0.002)


@pytest.mark.parametrize(("hours", "step"), [(10.0, 1.0), (10.5, 2.0), (72.0, 12.0), (240.0, 24.0)])
def test_ticks_of_hours_divide_a_day(hours: float, step: float) -> None:
    ax = Figure().subplots()
    hours_axis(ax, hours)
    ticks = [tick for tick in ax.get_xticks() if 0 <= tick <= hours]
    assert ticks[1] - ticks[0] == step


NEW = '''
"""How often each side is played out, for a test."""

from ssa_psro.findings import Column, make_table
from ssa_psro.report.drawing import Panel, Picture, Part

PART, PLACE = Part.COVERAGE, 15


def pictures(content):
    columns = (Column("side", "", "blue or red"), Column("wins", "episodes", "won by it"))
    table = make_table("wins", "Wins", columns, [("blue", 3), ("red", 2)])
    yield Picture("wins", "Who wins", "Bars: episodes.", table, (Panel(draw, table),), (12.0, 3.0))


def draw(table, ax):
    ax.bar(table.values("side"), table.numbers("wins"))
'''


def test_a_new_figure_is_one_file(
    finished: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wins.py").write_text(NEW, "utf-8")
    monkeypatch.setattr(figures, "__path__", [*figures.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "ssa_psro.report.figures.wins", raising=False)
    folder = tmp_path / "copy"
    folder.mkdir()
    page = write_content(replace(finished.content, run=replace(finished.run, folder=folder)))
    text = page.read_text("utf-8")
    places = [text.index(f'id="figure-{name}"') for name in ("contested", "wins", "scores")]
    assert places == sorted(places)
    assert {path.name for path in page.parent.rglob("wins.*")} == {
        "wins.csv",
        "wins.png",
        "wins.svg",
    }
    assert "wins.csv,wins,episodes,won by it" in (page.parent / "data/columns.csv").read_text()
    monkeypatch.delitem(sys.modules, "ssa_psro.report.figures.wins")
