"""``play``: the figures of both sides, the same whatever the number of workers."""

from __future__ import annotations

import csv
import re
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from command_line import Outcome, run

from ssa_psro.findings.figures_of_merit import FIGURES
from ssa_psro.game import CoverageGame
from ssa_psro.geometry import build_arena
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.policies import make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import load_scenario
from ssa_psro.trace.merit import USES

KNOWN = ("hit", "not detected", "out of field")
"""Results of looks that were completed."""


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def _play(path: Path, *more: str) -> Outcome:
    return run("play", path, "--blue", "aggressive", "--red", "blinding", *more)


@pytest.mark.parametrize("hours", ["nan", "inf", "-1", "1e9"])
def test_hours_that_are_none_are_refused(small: Path, hours: str) -> None:
    outcome = _play(small, "--within", hours)
    assert outcome.code == 2
    assert "--within" in outcome.err


def test_instants_of_a_stated_start_are_in_utc(small: Path, tmp_path: Path) -> None:
    start = "2026-03-20T06:00:00Z"
    outcome = _play(small, "--episodes", "2", "--start", start, "--tables", tmp_path)
    assert (outcome.code, "Warning" in outcome.err) == (0, False)
    first = rows_of(tmp_path / "merit-custody.csv")[0]
    assert first["utc"] == start.replace("Z", ".000Z")


@pytest.mark.parametrize("option", ["--tables", "--report", "--trace"])
def test_a_place_that_cannot_be_written_is_told_by_its_option(small: Path, option: str) -> None:
    outcome = _play(small, "--episodes", "2", option, "/proc/nowhere/x")
    assert outcome.code == 2
    assert f"{option}:" in outcome.err


def test_a_trace_takes_no_other_files_place(small: Path, tmp_path: Path) -> None:
    other, before = tmp_path / "scenario.toml", small.read_bytes()
    other.write_bytes(before)
    outcome = run(*("play", other, "--blue", "random", "--red", "random", "--trace", other))
    assert (outcome.code, other.read_bytes() == before) == (2, True)
    assert "--trace: is there, and no trace" in outcome.err


def test_figures_are_those_of_the_match(small: Path) -> None:
    document = _play(small, "--episodes", "10", "--seed", "3", "--json").document
    game = CoverageGame(build_arena(load_scenario(small)))
    seeds = episode_seeds(3, "play", count=10)
    match = play(game, make_policy("aggressive"), make_policy("blinding"), seeds)
    assert list(document["figures"]) == list(FIGURES)
    for name, sample in {
        "payoff": match.payoffs,
        "score": match.scores,
        "custody": match.statistics["custody"],
        "contested_custody": match.statistics["contested_custody"],
        "revisit_longest_h": match.statistics["max_gap_h"],
        "looks": match.statistics["observations"],
        "denials": match.statistics["denials"],
    }.items():
        for side, column in (("blue", 0), ("red", 1)):
            found, wanted = document["figures"][name][side], student_interval(sample[:, column])
            assert found["count"] == 10
            assert [found["mean"], found["low"], found["high"]] == pytest.approx(
                [wanted.mean, wanted.low, wanted.high], rel=1e-6
            )


def test_seed_decides_and_workers_do_not(small: Path) -> None:
    def document(*more: str) -> dict[str, object]:
        found = dict(_play(small, "--episodes", "40", "--json", *more).document)
        assert found.pop("timing")
        return found

    one = document("--seed", "5", "--workers", "1")
    assert one == document("--seed", "5", "--workers", "3")
    assert one["figures"] != document("--seed", "6")["figures"]
    assert document() == document("--seed", "7")  # the scenario's own


def test_table_for_people(small: Path) -> None:
    outcome = _play(small, "--episodes", "4")
    assert (outcome.code, outcome.err) == (0, "")
    assert "small, 6 h, 4 episodes" in outcome.out
    labels = [one.label.format(within=12) for one in FIGURES.values() if one.brief]
    for text in ("Blue: aggressive", "Red: blinding", *labels):
        assert text in outcome.out
    assert max(len(line) for line in outcome.out.splitlines()) <= 80


def test_payoff_is_the_own_score_less_rivalry_times_the_others(
    small: Path, general_sum: Path, half_rivals: Path
) -> None:
    figures = _play(small, "--episodes", "6", "--json").document["figures"]
    score = {side: figures["score"][side]["mean"] for side in ("blue", "red")}
    assert figures["payoff"]["blue"]["mean"] == pytest.approx(score["blue"] - score["red"])
    assert figures["payoff"]["red"]["mean"] == pytest.approx(score["red"] - score["blue"])
    figures = _play(general_sum, "--episodes", "6", "--json").document["figures"]
    assert figures["payoff"] == figures["score"]
    document = _play(half_rivals, "--episodes", "6", "--json").document
    figures = document["figures"]
    score = {side: figures["score"][side]["mean"] for side in ("blue", "red")}
    paid = score["blue"] - 0.5 * score["red"]
    assert figures["payoff"]["blue"]["mean"] == pytest.approx(paid)
    assert (document["payoff_kind"], document["rivalry"]) == ("general-sum", 0.5)
    words = "Payoff: own score less 0.5 x the other's."
    assert words in _play(half_rivals, "--episodes", "6").out


def test_every_unknown_policy_is_named_with_a_suggestion(small: Path) -> None:
    outcome = run("play", small, "--blue", "agressive", "--red", "rective")
    assert (outcome.code, outcome.out) == (2, "")
    assert "--blue: not one of the known policies (found 'agressive')" in outcome.err
    assert "Did you mean 'aggressive'?" in outcome.err
    assert "Did you mean 'reactive'?" in outcome.err


def test_intervals_hold_the_mean(small: Path) -> None:
    figures = _play(small, "--json").document["figures"]
    for sides in figures.values():
        for found in filter(None, sides.values()):
            assert np.isfinite([found["low"], found["high"]]).all()
            assert found["low"] <= found["mean"] <= found["high"]


def test_what_is_never_seen_is_told_as_the_whole_window(small: Path) -> None:
    """Two that blind each other leave some objects unseen in every episode."""
    out = run("play", small, "--blue", "blinding", "--red", "blinding", "--episodes", "3").out
    line = next(line for line in out.splitlines() if line.startswith("  longest [h]"))
    assert "> 6 h (whole window)" in line


def test_an_age_of_more_than_the_window_is_no_lower_bound(small: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.toml"
    text = small.read_text("utf-8")
    old.write_text(text.replace("[rules]", "[rules]\ninitial_age_h = 400.0"), "utf-8")
    out = run("play", old, "--blue", "blinding", "--red", "blinding", "--episodes", "3").out
    line = next(line for line in out.splitlines() if line.startswith("age of information [h]"))
    assert "whole window" not in line
    assert re.search(r"1[0-9]{2}\.[0-9]{2} \[", line)


def test_the_distribution_of_gaps_says_one_thing_of_a_length(small: Path, tmp_path: Path) -> None:
    _play(small, "--episodes", "4", "--tables", tmp_path)
    rows = rows_of(tmp_path / "gaps.csv")
    for side, regime in {(row["side"], row["objects"]) for row in rows}:
        own = [row for row in rows if (row["side"], row["objects"]) == (side, regime)]
        hours, longer = (
            np.array([float(row[name]) for row in own]) for name in ("gap_h", "longer")
        )
        assert (np.diff(hours) > 0).all()
        assert (np.diff(longer) < 0).all()
        assert (longer[0], longer[-1]) == (1.0, 0.0)


@pytest.mark.parametrize("along", ["regime", "object", "sensor"])
def test_tables_by_member(small: Path, along: str) -> None:
    outcome = _play(small, "--episodes", "3", "--by", along)
    assert (outcome.code, outcome.err) == (0, "")
    assert "Blue" in outcome.out
    assert "Red" in outcome.out
    assert max(len(line) for line in outcome.out.splitlines()) <= 80
    document = _play(small, "--episodes", "3", "--by", along, "--json").document
    rows = document[f"{along}s"]
    assert {row["side"] for row in rows} == {"blue", "red"}
    assert {row["figure"] for row in rows} < set(FIGURES)
    assert all(row["low"] <= row["mean"] <= row["high"] for row in rows)
    if along == "sensor":
        for sensor in {(row["side"], row["sensor"]) for row in rows}:
            mine = [row for row in rows if (row["side"], row["sensor"]) == sensor]
            assert sum(row["mean"] for row in mine if row["figure"] in USES) == pytest.approx(1)


def test_tables_for_files(small: Path, tmp_path: Path) -> None:
    assert _play(small, "--episodes", "3", "--tables", tmp_path).code == 0
    rows = {path.stem: rows_of(path) for path in tmp_path.glob("*.csv")}
    assert rows.keys() == {
        *(f"merit-{along}s" for along in ("side", "regime", "object", "sensor")),
        *("merit-custody", "gaps", "looks", "interference", "manoeuvres", "columns"),
    }
    completed = [one for one in rows["looks"] if one["result"] in KNOWN and one["side"] == "red"]
    told = {(one["side"], one["figure"]): one for one in rows["merit-sides"]}
    assert float(told["red", "looks"]["mean"]) == pytest.approx(len(completed) / 3)
    first = rows["looks"][0]
    assert datetime.fromisoformat(first["tasked_utc"]).utcoffset() == timedelta(0)
    described = {(one["table"], one["column"]) for one in rows["columns"]}
    assert {("looks", name) for name in first} <= described


def test_parquet_needs_a_folder_and_pyarrow(small: Path, tmp_path: Path) -> None:
    outcome = _play(small, "--parquet")
    assert outcome.code == 2
    assert "--parquet" in outcome.err
    if find_spec("pyarrow") is None:
        outcome = _play(small, "--parquet", "--tables", tmp_path)
        assert outcome.code == 2
        assert "pip install 'ssa-psro[parquet]'" in outcome.err


def test_parquet_says_what_csv_says(small: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert _play(small, "--episodes", "2", "--tables", tmp_path, "--parquet").code == 0
    for path in tmp_path.glob("*.csv"):
        rows = rows_of(path)
        table = parquet.read_table(path.with_suffix(".parquet"))
        assert table.num_rows == len(rows)
        for name in table.column_names:
            values = table[name].to_pylist()
            for value, row in zip(values, rows, strict=True):
                if isinstance(value, float):
                    assert float(row[name]) == pytest.approx(value)
                elif isinstance(value, datetime):
                    assert datetime.fromisoformat(row[name]) == value
                else:
                    assert row[name] == ("" if value is None else str(value))
