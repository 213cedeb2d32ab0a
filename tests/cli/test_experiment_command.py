"""``experiment``: plans run, told, written down, and refused with a hint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import run
from experiments.plan_texts import MATRIX

BRIEF = ("--smoke", "--workers", "1")


@pytest.fixture(name="plan")
def _plan(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(MATRIX, "utf-8")
    return path


def test_people_see_a_line_an_arm_and_progress_apart(plan: Path, tmp_path: Path) -> None:
    outcome = run("experiment", plan, *BRIEF, "--output", tmp_path / "out")
    assert outcome.code == 0, outcome.err
    lines = outcome.out.splitlines()
    assert lines[0] == "small (coordination): mean over 2 seeds [95 % interval]"
    assert [line.split()[0] for line in lines[3:6]] == ["scratch", "fusion", "uniform-fusion"]
    assert lines[4].split()[-1] == "scratch"
    assert "…" not in outcome.out
    assert "small 6/6: " in outcome.err


def test_json_has_every_finding_and_nothing_else_is_printed(plan: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    outcome = run("experiment", plan, *BRIEF, "--seeds", "3", "--output", folder, "--json")
    document = outcome.document
    (found,) = document["experiments"]
    assert (found["name"], found["seeds"]) == ("small", 3)
    assert found["folder"] == str(folder / "small")
    assert {one["seeds"] for one in found["findings"]} == {3}
    assert {one["arm"] for one in found["findings"]} == {"scratch", "fusion", "uniform-fusion"}
    assert Path(document["results"]).is_file()
    manifest = json.loads((folder / "small" / "manifest.json").read_text("utf-8"))
    assert manifest["smoke"]
    assert manifest["command"][0] == "ssa-psro"


def test_finished_runs_are_not_run_again(plan: Path, tmp_path: Path) -> None:
    line = ("experiment", plan, *BRIEF, "--output", tmp_path / "out", "--json")
    first, again = run(*line), run(*line)
    assert again.document == first.document
    assert "small 1/6" in first.err
    assert again.err == ""


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (["--seeds", "1"], "--seeds"),
        (["--page", "none.md"], "--page: cannot be renewed"),
        (["--page", "{folder}/bare.md"], "<!-- figures: NAME -->"),
        (["--output", "{folder}/small.toml"], "--output: cannot be written"),
    ],
)
def test_unusable_options_are_refused_with_a_hint(
    options: list[str], hint: str, plan: Path, tmp_path: Path
) -> None:
    (tmp_path / "bare.md").write_text("no place for tables\n", "utf-8")
    given = [one.replace("{folder}", str(tmp_path)) for one in options]
    outcome = run("experiment", plan, *BRIEF, "--output", tmp_path / "out", *given)
    assert outcome.code == 2
    assert isinstance(outcome.error, SystemExit)
    assert hint in outcome.err
    assert not (tmp_path / "out" / "small").exists(), "nothing is run before all is well"
