"""``ssa-psro run`` and ``resume``: what is refused before anything begins, and what is recorded."""

from __future__ import annotations

import json

import pytest
from command_line import SMALL
from study.forgery import forge
from typer.testing import CliRunner

from ssa_psro.cli.app import PROGRAM, build_app
from ssa_psro.findings.wording import duration
from ssa_psro.scenario import content_hash, parse_scenario
from ssa_psro.study import open_run, parse_study
from ssa_psro.study.writing import create


@pytest.fixture
def scenario(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.toml").write_text(SMALL)
    return "small.toml"


@pytest.fixture
def begun(tmp_path):
    """A run folder in which nothing has been played yet."""
    create(tmp_path / "begun", parse_study(SMALL, "small.toml"), source=SMALL)
    return tmp_path / "begun"


def call(*arguments):
    return CliRunner().invoke(build_app(), [str(a) for a in arguments], prog_name=PROGRAM)


@pytest.fixture
def without_work(monkeypatch):
    """Leave out everything after the folder has been made."""
    carried = []
    for one in ("run", "resume"):
        monkeypatch.setattr(
            f"ssa_psro.cli.commands.{one}.carry_through",
            lambda folder, workers, **options: carried.append((folder, options.get("session"))),
        )
    return carried


def test_the_default_folder_is_named_after_scenario_and_seed(scenario, without_work):
    assert call("run", scenario, "--seed", 5).exit_code == 0
    run = open_run(without_work[0][0])
    assert str(without_work[0][0]) == "runs/small-5"
    assert (run.manifest.seed, run.study.seed) == (5, 5)


def test_overrides_are_part_of_what_is_run(scenario, without_work):
    options = ("--start-weights", "scratch", "--iterations", 2, "--decisions", 640)
    assert call("run", scenario, *options, "--output", "here").exit_code == 0
    run = open_run(without_work[0][0])
    assert run.manifest.overrides == {
        "solver.iterations": 2,
        "oracle.start": "scratch",
        "oracle.decisions": 640,
    }
    assert run.study.oracle.start == "scratch"
    assert run.manifest.content_hash == content_hash(parse_scenario(SMALL, "small.toml"))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--start-weights", "fusoin"), "fusion"),
        (("--iterations", 0), "solver.iterations"),
        (("--decisions", -1), "oracle.decisions"),
    ],
)
def test_unusable_overrides_are_refused_before_a_folder_is_made(scenario, tmp_path, options, told):
    result = call("run", scenario, *options)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (tmp_path / "runs").exists()


def test_a_run_folder_is_not_written_over(scenario, begun):
    result = call("run", scenario, "--output", begun)
    assert result.exit_code == 2
    assert "ssa-psro resume" in result.stderr


def test_resuming_under_other_versions_is_pointed_out(begun, without_work):
    path = begun / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["versions"]["ssa-psro"] = "0.0.9"
    path.write_text(json.dumps(manifest))
    forge(begun)
    result = call("resume", begun)
    assert result.exit_code == 0
    assert "ssa-psro 0.0.9 →" in result.stderr
    assert without_work[0][1].versions != manifest["versions"]


def test_what_is_no_run_folder_is_refused(tmp_path):
    result = call("resume", tmp_path)
    assert result.exit_code == 2
    assert "manifest.json" in result.stderr


@pytest.mark.parametrize(
    ("seconds", "words"), [(4.4, "4 s"), (89, "89 s"), (150, "2 min"), (9000, "2.5 h")]
)
def test_durations_in_words(seconds, words):
    assert duration(seconds) == words
