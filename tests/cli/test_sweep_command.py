"""``sweep``: points measured, told and drawn; what fails, and what is unusable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import run
from sweeps.sweep_files import GRID, sweep_file

from ssa_psro.errors import SolverError
from ssa_psro.sweeps import running

ONE_SEED = ("--seeds", "1", "--workers", "1")


@pytest.fixture(scope="module", name="finished")
def _finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A sweep file, and the folder of the sweep carried out."""
    path = sweep_file(tmp_path_factory.mktemp("sweep"))
    outcome = run("sweep", path, *ONE_SEED, "--output", path.parent / "out", "--json")
    assert outcome.code == 0, outcome.err
    return path, path.parent / "out"


def test_people_see_a_line_a_place_and_how_the_sweep_stands(finished) -> None:
    path, folder = finished
    outcome = run("sweep", path, *ONE_SEED, "--output", folder, "--quantity", "share: blinding")
    assert outcome.code == 0, outcome.err
    lines = outcome.out.splitlines()
    assert lines[0] == "small: share, [95 % interval]"
    assert lines[1].split() == ["denial_range_km", "denial_s", "blinding"]
    places = [line.split()[:2] for line in lines[3:7]]
    assert places == [["100", "600"], ["100", "7200"], ["20000", "600"], ["20000", "7200"]]
    assert "4 of 4 points done, 0 missing, 0 failed" in lines
    assert lines[-2:] == [str(folder / "sweep.csv"), str(folder / "map.png")]


def test_json_has_all_of_it(finished) -> None:
    path, folder = finished
    document = run("sweep", path, *ONE_SEED, "--output", folder, "--json").document
    assert (document["points"], document["done"]) == (4, 4)
    assert document["missing"] == document["failed"] == []
    assert {row["seed"] for row in document["rows"]} == {1}
    assert Path(document["map"]).is_file()
    manifest = json.loads((folder / "sweep.json").read_bytes())
    assert manifest["command"][0] == "ssa-psro"
    assert document["rows"] == run("work", folder, "--json").document["rows"]


def test_a_failed_point_is_told_with_its_reason(tmp_path, monkeypatch) -> None:
    def fail(study, settings, workers):
        if study.scenario.rules.denial_s == 600.0:
            raise SolverError("no answer [to be had]")
        return play(study, settings, workers)

    play, path, folder = running.played, sweep_file(tmp_path), tmp_path / "out"
    command = ("sweep", path, *ONE_SEED, "--output", folder)
    with monkeypatch.context() as patched:
        patched.setattr(running, "played", fail)
        outcome = run(*command)
        told = run(*command, "--json")
    assert (outcome.code, told.code) == (1, 1)
    assert "Failed; the next call tries them again" in outcome.out
    assert "SolverError: no answer [to be had]" in outcome.out
    assert "2 of 4 points done, 0 missing, 2 failed" in outcome.out
    assert outcome.err.count("failed: SolverError: no answer") == 2
    assert {one["reason"] for one in told.document["failed"]} == {"no answer [to be had]"}
    assert run(*command).code == 0


def test_an_interrupt_says_how_to_go_on(tmp_path, monkeypatch) -> None:
    def stop(study, settings, workers):
        raise KeyboardInterrupt

    path, folder = sweep_file(tmp_path), tmp_path / "out put"
    with monkeypatch.context() as patched:
        patched.setattr(running, "played", stop)
        outcome = run("sweep", path, *ONE_SEED, "--output", folder)
        shared = run("work", folder)
    assert (outcome.code, shared.code) == (130, 130)
    again = f"Go on by: ssa-psro sweep {path} --output '{folder}' --seeds 1 --workers 1"
    assert again in outcome.err
    assert f"Go on by: ssa-psro work '{folder}'" in shared.err
    assert run("work", folder).code == 0
    assert not (folder / "work").exists()


def test_an_estimate_makes_nothing(finished, tmp_path) -> None:
    path, _ = finished
    folder = tmp_path / "none"
    outcome = run("sweep", path, "--output", folder, "--dry-run", "--workers", "2")
    assert outcome.code == 0, outcome.err
    for word in ("points", "by the clock", "memory", "disk"):
        assert word in outcome.out
    cost = run("sweep", path, "--output", folder, "--dry-run", "--json").document["cost"]
    assert cost["points"] == 8
    assert cost["wall_s"] > 0
    assert 1e8 < cost["memory_bytes"] < 2e9
    assert not folder.exists()


def test_work_on_a_sweep_takes_no_audit_of_its_own(finished) -> None:
    _, folder = finished
    outcome = run("work", folder, "--audit", "none")
    assert (outcome.code, "--audit: is said by a sweep itself" in outcome.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (["--seeds", "1,x"], "--seeds: are no seeds"),
        (["--seeds", "2,2"], "is there twice"),
        (["--quantity", "shar"], "Did you mean 'share'?"),
        (["--executor", "folder", "--workers", "2"], "is one worker"),
        (["--lease", "30"], "--lease: is for a shared folder"),
        (["--output", "{folder}/tiny.toml"], "cannot be made"),
    ],
)
def test_unusable_options_are_refused_before_anything_is_made(options, hint, tmp_path) -> None:
    path = sweep_file(tmp_path)
    given = [one.replace("{folder}", str(tmp_path)) for one in options]
    outcome = run("sweep", path, "--output", tmp_path / "out", *given)
    assert outcome.code == 2
    assert hint in outcome.err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["sweep.toml", "tiny.toml"]


def test_every_fault_of_a_file_is_told(tmp_path) -> None:
    text = GRID.replace("seeds", "sedes").replace('"blinding"', '"blindng"')
    outcome = run("sweep", sweep_file(tmp_path, text), "--output", tmp_path / "out")
    assert outcome.code == 2
    assert "sedes" in outcome.err
    assert "Did you mean 'blinding'?" in outcome.err
