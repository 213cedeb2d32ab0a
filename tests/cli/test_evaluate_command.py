"""``ssa-psro evaluate``: a run's mixtures at home and in other games."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from command_line import run
from sky_files import EPOCH, SCENARIO, high, low, write_sky
from study.small_runs import SMALL, guess_on, make

from ssa_psro.catalogs.omm_writing import write_catalog
from ssa_psro.scenario import content_hash
from ssa_psro.scenario.changes import Changes
from ssa_psro.study import load_study, open_run
from ssa_psro.study.writing import create

ASKED = ("--episodes", "8", "--cell-episodes", "4")
OTHER = SMALL.replace("count = ", "count = 1")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    return guess_on(make(tmp_path_factory.mktemp("runs") / "run")).folder


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Another game: more objects."""
    path = tmp_path_factory.mktemp("scenarios") / "other.toml"
    path.write_text(OTHER.replace('name = "small"', 'name = "other"'), "utf-8")
    return path


@pytest.fixture(scope="module")
def evaluated(finished, elsewhere):
    outcome = run("evaluate", finished, "--scenario", elsewhere, *ASKED, "--json")
    assert outcome.code == 0, outcome.error or outcome.err
    return outcome.document


def test_home_comes_first_and_every_figure_has_its_interval_and_count(evaluated):
    home, other = evaluated["crossings"]
    assert (home["home"], other["home"]) == (True, False)
    assert other["objects"] > home["objects"]
    for one in (home, other):
        figures = [*one["values"], *one["scores"], *one["gains"], one["gain"]]
        figures += [one["known_exploitability"], one["heuristic_exploitability"]]
        for figure in figures:
            assert figure["count"] == 8
            assert figure["low"] <= figure["mean"] <= figure["high"]
        assert sum(one["heuristics"]["blue"].values()) == pytest.approx(1.0)


def test_gain_is_the_mean_of_both_sides(evaluated):
    for one in evaluated["crossings"]:
        both = [gain["mean"] for gain in one["gains"]]
        assert one["gain"]["mean"] == pytest.approx(sum(both) / 2)


def test_workers_change_nothing(evaluated, finished, elsewhere):
    again = run("evaluate", finished, "--scenario", elsewhere, *ASKED, "--json", "--workers", "1")
    assert again.document == evaluated


def test_tables_and_files(finished, elsewhere, tmp_path, evaluated):
    folder = tmp_path / "made" / "here"
    outcome = run("evaluate", finished, "--scenario", elsewhere, *ASKED, "--output", folder)
    assert outcome.code == 0, outcome.error or outcome.err
    home, other = evaluated["crossings"]
    lines = outcome.out.splitlines()
    assert f"small (home, {home['objects']} objects)" in lines
    assert f"other ({other['objects']} objects)" in lines
    assert all(len(line) <= 80 and "…" not in line for line in lines)
    # nothing is cut or wrapped: figures and names stand in one line with what they are
    assert sum("gain over the heuristics " in line and "]" in line for line in lines) == 4
    for side, name in zip(("Blue", "Red"), other["deviators"], strict=True):
        assert any(line.split() == ["most", "as", side, *name.split()] for line in lines)
    assert json.loads((folder / "transfer.json").read_text("utf-8")) == evaluated
    with (folder / "transfer.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["quantity"] for row in rows} == {
        "value",
        "score",
        "gain",
        "known_exploitability",
        "heuristic_exploitability",
    }
    assert len(rows) == 2 * 9


def test_an_unfinished_run_and_a_bad_scenario_are_faults(tmp_path, finished, elsewhere):
    begun = make(tmp_path / "begun")
    outcome = run("evaluate", begun, "--scenario", elsewhere)
    assert outcome.code == 2
    assert "is not finished" in outcome.err
    outcome = run("evaluate", finished, "--scenario", tmp_path / "missing.toml")
    assert outcome.code == 2
    assert "missing.toml" in outcome.err


def test_a_folder_that_cannot_be_written_to_is_a_fault(finished, elsewhere, tmp_path):
    (tmp_path / "file").write_text("in the way", "utf-8")
    outcome = run(
        "evaluate", finished, "--scenario", elsewhere, *ASKED, "--output", tmp_path / "file"
    )
    assert outcome.code == 2
    assert "--output" in outcome.err


def test_the_run_s_own_game_in_another_window(finished):
    asked = ("--start", "2026-04-01T06:00Z", "--duration", "6")
    outcome = run("evaluate", finished, *asked, *ASKED, "--json")
    assert outcome.code == 0, outcome.error or outcome.err
    home, other = outcome.document["crossings"]
    assert home["scenario"] == other["scenario"] == "small"
    assert home["content_hash"] != other["content_hash"]
    outcome = run("evaluate", finished, *ASKED)
    assert outcome.code == 2
    assert "--scenario: no other game" in outcome.err
    outcome = run("evaluate", finished, "--catalog", "today.tle", *ASKED)
    assert outcome.code == 2
    assert "--catalog: the scenario takes no catalogue" in outcome.err


def test_a_run_on_another_catalogue(tmp_path):
    """A run made on one file of element sets is evaluated on another, by its own scenario."""
    tail = SMALL[SMALL.index("[oracle]") :]
    path = write_sky(tmp_path, scenario=SCENARIO + "\n" + tail)
    asked = Changes(start=EPOCH + timedelta(hours=2), duration_h=6.0)
    made, source = load_study(path, asked), path.read_text("utf-8")
    files, overrides = made.files, asked.overrides
    create(tmp_path / "run", made.study, source=source, files=files, overrides=overrides)
    folder = guess_on(tmp_path / "run").folder
    assert [one.used for one in open_run(folder).manifest.files] == [10]
    (tmp_path / "sky.json").unlink()
    write_catalog(tmp_path / "today.tle.csv", [low("NEW", "77"), high("FAR", "78")], created=EPOCH)
    outcome = run("evaluate", folder, "--catalog", tmp_path / "today.tle.csv", *ASKED, "--json")
    assert outcome.code == 0, outcome.error or outcome.err
    assert [one["objects"] for one in outcome.document["crossings"]] == [10, 2]
    assert [one["used"] for one in outcome.document["files"]] == [2]
    # the window is the run's, which its command had changed
    other = load_study(path, replace(asked, catalogs=(tmp_path / "today.tle.csv",)))
    assert outcome.document["crossings"][1]["content_hash"] == content_hash(other.scenario)
