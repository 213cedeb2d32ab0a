"""What others have published, read from checkouts as they keep it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evidence.published import (
    PSROLAB_CURVES,
    PSROLAB_ENDS,
    PSROLAB_EPISODES,
    SP_PSRO_RUNS,
    at,
    draw,
    own,
    psrolab,
    sp_psro,
    table_of,
)


def written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_a_row_of_psrolab_has_as_many_trainings_behind_it_as_its_iteration(tmp_path: Path) -> None:
    curve = "seed,iteration,full_exploitability,elapsed_s"
    written(tmp_path / PSROLAB_CURVES, f"{curve}\n0,0,2.37,1.0\n0,3,1.5,9.0\n")
    ends = "game,variant,seed,budget_tag,final_full_exploitability,budget_iterations"
    lines = ["cyclic,psro_nash,0,10x15k,0.1,10,300000", "leduc,psro_nash,4,10x15k,1.4,10,300000"]
    written(tmp_path / PSROLAB_ENDS, "\n".join([f"{ends},budget_train_episodes", *lines, ""]))
    first, later, end = psrolab(tmp_path)
    assert (first["episodes"], later["episodes"]) == (0, 3 * PSROLAB_EPISODES)
    assert (end["seed"], end["episodes"], end["exploitability"]) == (4, 300_000, 1.4)


def test_runs_of_anytime_psro_are_left_out(tmp_path: Path) -> None:
    plain = {"episodes": [9, 200], "exploitability": [2.0, 1.0]}
    for name, one in {
        "a": {**plain, "alternate_metasolver_exploitability": [None, 1.0]},
        "b": plain,
    }.items():
        written(tmp_path / SP_PSRO_RUNS / name / "exploitability_stats.json", json.dumps(one))
    assert [row["exploitability"] for row in sp_psro(tmp_path)] == [2.0, 1.0]


def test_equal_episodes_are_no_more_episodes_and_runs_that_are_too_short_do_not_count(
    tmp_path: Path,
) -> None:
    header = "arm,seed,iteration,steps,episodes,exploitability"
    runs = ["one,1,0,0,0,2.3", "one,1,1,9,100,1.0", "one,1,2,18,200,0.5", "one,2,1,9,110,0.8"]
    written(tmp_path / "iterations.csv", "\n".join([header, *runs, "two,1,1,9,100,3.0", ""]))
    rows = list(own(tmp_path, ["one"]))
    source = f"{tmp_path.name}, one"
    assert at(rows, source, 199) == [1.0], "the second run ends at 110"
    assert at(rows, source, 110) == pytest.approx([1.0, 0.8])
    assert at(rows, source, 99) == [], "nothing is trained yet"
    assert len(list(own(tmp_path, []))) == 5
    assert source not in table_of(rows), "no run is as long as the table's first column"
    draw(rows, tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 10_000
