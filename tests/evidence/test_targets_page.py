"""What the page says of training targets is what the stored runs found."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from ssa_psro.findings.wording import Form
from ssa_psro.metagame.intervals import student_interval

ROOT = Path(__file__).parents[2]


def test_the_page_says_what_is_gained_over_the_last_equilibrium_of_each_target() -> None:
    with (ROOT / "figures/targets.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["quantity"] == "pooled_exploitability"]
    page = " ".join((ROOT / "docs/game.md").read_text("utf-8").split())
    found: dict[str, list[float]] = {}
    for row in rows:
        found.setdefault(row["variant"], []).append(float(row["value"]))
    assert found.keys() == {"vanilla", "rectified", "anytime", "uniform"}
    for values in found.values():
        assert len(values) == 3
        assert Form(3).interval(student_interval(np.array(values))) in page
