"""The table of a mixture in other scenarios says what the stored evaluation found."""

from __future__ import annotations

import csv
from pathlib import Path

from ssa_psro.findings.wording import Form
from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.markdown import tables_of

ROOT = Path(__file__).parents[2]
QUANTITIES = ("gain", "known_exploitability", "heuristic_exploitability")


def test_the_page_has_the_stored_figures_of_every_scenario() -> None:
    with (ROOT / "figures/transfer.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["side"] == "both"]
    lines = tables_of((ROOT / "docs/game.md").read_text("utf-8"))["transfer"].splitlines()[2:]
    assert len(lines) == len({row["scenario"] for row in rows}) > 1
    for line in lines:
        scenario, *told = (cell.strip() for cell in line.strip("|").split("|"))
        own = {row["quantity"]: row for row in rows if row["scenario"] == scenario}
        for quantity, cell in zip(QUANTITIES, told, strict=True):
            mean, low, high = (float(own[quantity][key]) for key in ("mean", "low", "high"))
            assert cell == Form(3).interval(Interval(mean, low, high, 600))
