"""Text, CSV, HTML and Markdown are renderers of the same tables."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from ssa_psro.findings import Column, Table, make_table
from ssa_psro.findings.wording import Form
from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.csv_files import write_csv, write_rows
from ssa_psro.report.markdown import markdown_table
from ssa_psro.report.markup import html_table
from ssa_psro.report.text import facts_text, table_text

GAIN = Interval(0.1, 0.05, 0.15, 8)


@pytest.fixture(name="table")
def _table() -> Table:
    columns = (
        Column("side", write=str.capitalize),
        Column("gain", heading="what it gains", write=Form(2).interval),
    )
    rows = [("blue", GAIN), ("red", None)]
    return make_table("gains", "Gains [of all]", columns, rows, note="A note.", marked=[0])


def printed(what: RenderableType, *, colours: bool = False) -> str:
    file = io.StringIO()
    Console(file=file, width=80, markup=False, force_terminal=colours).print(what)
    return file.getvalue()


def test_text_has_title_rows_and_note(table: Table) -> None:
    lines = printed(table_text(table)).splitlines()
    assert lines[0] == "Gains [of all]"
    assert lines[1].split() == ["side", "what", "it", "gains"]
    assert [line.split() for line in lines[3:5]] == [["Blue", "0.10", "[0.05,", "0.15]"], ["Red"]]
    assert lines[5:] == ["A note.", ""]


def test_text_sets_off_marked_rows_and_single_cells(table: Table) -> None:
    blue, red = printed(table_text(table), colours=True).splitlines()[3:5]
    assert "\x1b[1mBlue" in blue
    assert "\x1b[1m" not in red
    styled = printed(
        table_text(table, {"side": lambda side: "red" * (side == "red")}), colours=True
    )
    assert "\x1b[31mRed" in styled


def test_facts_stand_beside_their_labels() -> None:
    lines = printed(facts_text("Outcome", [("value", "0.1"), ("stopped", "done")])).splitlines()
    assert [line.split() for line in lines] == [
        ["Outcome"],
        ["value", "0.1"],
        ["stopped", "done"],
        [],
    ]


def test_csv_has_numbers_and_lines_that_end_in_lf(table: Table, tmp_path: Path) -> None:
    content = write_csv(table, tmp_path).read_bytes()
    assert content == (
        b"side,gain_mean,gain_low,gain_high,gain_count\nblue,0.1,0.05,0.15,8\nred,,,,\n"
    )


def test_rows_of_named_values_have_columns_in_order_of_appearance(tmp_path: Path) -> None:
    path = tmp_path / "new" / "rows.csv"
    write_rows(path, [{"b": 1, "a": None}, {"a": 'say "x"\n', "c": 0.1 + 0.2}])
    assert b"\r" not in path.read_bytes()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {"b": "1", "a": "", "c": ""}
    assert rows[1]["a"] == 'say "x"\n'
    assert float(rows[1]["c"]) == 0.1 + 0.2


def test_markdown_and_html_have_the_cells_of_the_text(table: Table) -> None:
    assert markdown_table(table) == (
        "| side | what it gains |\n| --- | --- |\n| Blue | 0.10 [0.05, 0.15] |\n| Red |  |\n"
    )
    made = html_table(table)
    assert "<caption>Gains [of all]</caption>" in made
    assert '<tr class="best"><th scope="row">Blue</th><td>0.10 [0.05, 0.15]</td></tr>' in made
    assert '<tr class="usual"><th scope="row">Red</th><td></td></tr>' in made
