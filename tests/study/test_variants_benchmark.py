"""The benchmark of variants, with guesses for best responses."""

from __future__ import annotations

import pytest
from small_runs import SMALL, guess_on, make

from evidence.pooled import pooled_exploitability
from evidence.variants import rows_of, solve, summary_of
from evidence.variants_figure import draw_variants
from ssa_psro.metagame.intervals import Interval

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
