"""The benchmark of variants, with guesses for best responses."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_runs import SMALL, guess_on, make

from evidence.pooled import pooled_exploitability
from evidence.variants import rows_in, rows_of, solve, summary_of, table_of
from evidence.variants_figure import draw_variants
from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.markdown import tables_of

ROOT = Path(__file__).parents[2]

TEXT = SMALL.replace("iterations = 2", "iterations = 1").replace("episodes = 6", "episodes = 120")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    base = tmp_path_factory.mktemp("runs")
    texts = {
        "all": TEXT.replace('blue = ["aggressive", "random"]', ""),
        "weak": TEXT.replace('blue = ["aggressive", "random"]', 'blue = ["shielded"]'),
    }
    return {name: guess_on(make(base / name, text)) for name, text in texts.items()}


def test_every_run_meets_the_responses_of_all(runs):
    pooled = pooled_exploitability(runs, seed=1)
    assert pooled.keys() == runs.keys()
    assert pooled["weak"].low > 0  # "shielded" alone, which "blinding" of the pool improves on
    assert pooled["weak"].mean > pooled["all"].mean
    assert pooled["all"].count == 120


def test_rows_and_their_summary(runs):
    pooled = Interval(0.2, 0.1, 0.3, 6)
    rows = list(rows_of("fusion", runs["all"], pooled))
    assert {row[3] for row in rows} == {
        "approx_exploitability",
        "gain_blue",
        "gain_red",
        "train_s",
        "total_s",
        "pooled_exploitability",
    }
    again = [(*row[:4], row[4] + 1.0, *row[5:]) for row in rows]
    summary = {key[1]: key[3] for key in summary_of([*rows, *again])}
    assert summary["pooled_exploitability"].mean == pytest.approx(0.7)
    assert summary["pooled_exploitability"].count == 2


def test_curves_are_drawn(runs, tmp_path):
    rows = [
        row
        for name, run in runs.items()
        for seed in (1, 2)
        for row in (
            (v, seed, *rest) for v, _, *rest in rows_of(name, run, Interval(0.2, 0.1, 0.3, 6))
        )
    ]
    draw_variants("oracle.start", rows, summary_of(rows), tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_a_finished_run_is_taken_up_again(runs):
    folder = runs["all"].folder
    again = solve(folder / "scenario.toml", {"seed": 1}, folder, 1)
    assert again.manifest == runs["all"].manifest


def test_the_page_has_the_table_of_the_stored_runs():
    page = (ROOT / "docs/fusion-findings.md").read_text("utf-8")
    rows = rows_in(ROOT / "figures/experiments/j-coverage.csv")
    assert {(row[0], row[1]) for row in rows} == {
        (name, seed) for name in ("scratch", "inherit-nash", "fusion") for seed in (1, 2, 3)
    }
    assert tables_of(page)["j-coverage"] == table_of(summary_of(rows))
    for name in ("scratch", "fusion"):
        pooled = next(
            line for line in table_of(summary_of(rows)).splitlines() if f" {name} " in line
        )
        assert pooled.split("|")[-2].strip() in page.split("## The paper's open questions")[1]
