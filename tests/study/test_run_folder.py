"""Run folders: what is written is read back, and nothing else is taken for a run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from forgery import edit, forge
from small_runs import SMALL, guess_on, make, small_study

from ssa_psro.errors import RunFolderError, ScenarioError, UsageError
from ssa_psro.inputs.files import write_arrays
from ssa_psro.policies import HEURISTICS, make_policy
from ssa_psro.scenario import content_hash
from ssa_psro.study import is_run_folder, open_run
from ssa_psro.study.folder import changed_versions, current_versions
from ssa_psro.study.holding import sole_writer
from ssa_psro.study.policies import restore
from ssa_psro.study.study import Populations, dump_study, overridden
from ssa_psro.study.writing import create, new_session, resume


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = make(tmp_path_factory.mktemp("runs") / "finished")
    guess_on(folder)
    return folder


@pytest.fixture
def copy(finished, tmp_path):
    """A finished run that a test may damage."""
    return shutil.copytree(finished, tmp_path / "copy")


def faults_of(folder):
    with pytest.raises(RunFolderError) as caught:
        open_run(folder)
    return {fault.key: fault.problem for fault in caught.value.faults}


def test_a_new_folder_holds_the_scenario_and_the_populations(tmp_path):
    run = open_run(make(tmp_path / "new"))
    assert dump_study(run.study) == dump_study(small_study())
    assert (tmp_path / "new" / "scenario.toml").read_text() == SMALL
    assert run.manifest.content_hash == content_hash(small_study().scenario)
    assert run.manifest.versions == current_versions()
    assert [side.names for side in run.state.populations] == [
        ("aggressive", "random"),
        ("reactive", "blinding", "random"),
    ]
    assert (run.finished, run.records, run.solution, run.coverage) == (False, (), None, None)
    assert not run.table.complete


def test_no_populations_means_all_heuristics(tmp_path):
    text = SMALL.replace('blue = ["aggressive", "random"]', "")
    blue, red = open_run(make(tmp_path / "all", text)).state.populations
    assert (len(blue.names), len(red.names)) == (len(HEURISTICS), 3)


def test_a_finished_run_is_read_back_whole(finished):
    run = open_run(finished)
    assert (run.manifest.status, run.manifest.stopped) == ("finished", "iterations")
    assert [record.iteration for record in run.records] == [1, 2]
    assert run.table.rows == ("aggressive", "random", "blue-1", "blue-2")
    assert run.table.columns == ("reactive", "blinding", "random", "red-1", "red-2")
    assert run.table.complete
    blue = run.state.populations[0].members[2].policy
    assert (blue.kind, blue.iteration, blue.start) == ("doctrine-network", 1, "a guess")
    assert run.best_record is run.records[run.solution.best_iteration - 1]
    for side in run.solution.sides:
        assert sum(share.mean for share in side.mixture) == pytest.approx(1)
        assert side.value.low <= side.value.mean <= side.value.high
    assert len(run.coverage.payoffs) == run.study.solver.held_out_episodes


def test_policies_come_back_as_they_were_played(finished):
    run = open_run(finished)
    blue, _ = restore(run).populations
    assert tuple(blue.policies[0].weights) == tuple(make_policy("aggressive").weights)
    np.testing.assert_array_equal(
        blue.members[0].constant_action, make_policy("aggressive").weights
    )
    trained = blue.members[2]
    assert trained.policy.parameters is trained.parameters
    assert trained.parameters["actor.0.weight"].dtype == np.float32


def test_executing_a_finished_run_leaves_it_as_it_is(copy):
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.name != "lock"}
    assert guess_on(copy).finished
    assert before == {
        path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.name != "lock"
    }


@pytest.mark.parametrize("package", ["torch", "numba", "matplotlib", "gymnasium"])
def test_reading_a_run_needs_no(package, finished):
    code = (
        "import sys; from pathlib import Path; from ssa_psro.study import open_run\n"
        f"assert open_run(Path({str(finished)!r})).finished\n"
        f"sys.exit({package!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_nothing_is_written_over(copy, tmp_path):
    with pytest.raises(RunFolderError, match="ssa-psro resume"):
        make(copy)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(RunFolderError, match="no run folder"):
        make(tmp_path / "mine")
    with pytest.raises(RunFolderError, match="no run folder"):
        make(tmp_path / "mine" / "thesis.txt")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"
    (tmp_path / "empty").mkdir()
    assert is_run_folder(make(tmp_path / "empty"))


def test_making_a_folder_leaves_nothing_else(tmp_path):
    make(tmp_path / "new")
    assert os.listdir(tmp_path) == ["new"]
    unknown = replace(small_study(), populations=Populations(blue=("agressive",)))
    with pytest.raises(UsageError):
        create(tmp_path / "other", unknown, source=SMALL)
    assert os.listdir(tmp_path) == ["new"]


def test_what_is_no_run_folder_is_told(tmp_path):
    assert faults_of(tmp_path) == {"the folder": "has no manifest.json"}
    assert faults_of(tmp_path / "nowhere") == {"the folder": "no such folder"}


def test_another_format_is_refused_whatever_else_is_there(copy):
    edit(copy / "manifest.json", format=5)
    assert faults_of(copy) == {"manifest.json: format": "is another format"}


def test_a_foreign_scenario_is_noticed(copy):
    foreign = overridden(small_study(), {"seed": 4})
    (copy / "scenario.json").write_text(dump_study(foreign))
    problem = "is not the scenario that this run was made from"
    assert faults_of(copy) == {"scenario.json": problem}


def test_foreign_payoffs_are_noticed(copy, tmp_path):
    other = make(tmp_path / "other", SMALL.replace("seed = 3", "seed = 4"))
    guess_on(other)
    shutil.copy(other / "payoffs.npz", copy / "payoffs.npz")
    assert "are not those of this scenario" in faults_of(copy)["payoffs.npz"]


def test_payoffs_of_another_iteration_are_noticed(copy):
    """Whole, and of the same policies and episodes: the last record commits others."""
    arrays = dict(np.load(copy / "payoffs.npz"))
    arrays["samples"][0, 0, 0, 0] += 2.0**-50
    write_arrays(copy / "payoffs.npz", arrays)
    assert "that the last record commits" in faults_of(copy)["payoffs.npz"]


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "scenario.json",
        "populations/blue/000-aggressive.json",
        "payoffs.npz",
        "iterations/001.json",
        "solution.json",
        "coverage.npz",
    ],
)
@pytest.mark.parametrize("damage", ["cut", "empty", "noise", "absent"])
def test_a_damaged_file_is_named(copy, name, damage):
    path = copy / name
    content = path.read_bytes()
    if damage == "absent":
        path.unlink()
    else:
        noise = np.random.default_rng(0).bytes(len(content))
        path.write_bytes(
            {"cut": content[: len(content) // 2], "empty": b"", "noise": noise}[damage]
        )
    key = "the folder" if name + damage == "manifest.jsonabsent" else name
    assert any(fault.startswith(key) for fault in faults_of(copy))


def test_all_faults_are_told_at_once(copy):
    edit(copy / "iterations" / "002.json", gap="wide")
    forge(copy)
    (copy / "populations" / "red" / "003-red-1.json").unlink()
    (copy / "populations" / "blue" / "002-blue-1.safetensors").unlink()
    table = (copy / "payoffs.npz").read_bytes()
    (copy / "payoffs.npz").write_bytes(b"")
    assert set(faults_of(copy)) == {"iterations/002.json: gap"}
    edit(copy / "iterations" / "002.json", gap=0.0)
    edit(copy / "solution.json", best_iteration=7)
    (copy / "payoffs.npz").write_bytes(table)
    forge(copy)
    assert set(faults_of(copy)) == {
        "populations/blue/002-blue-1.safetensors",
        "populations/red/003-red-1.json",
        "solution.json: best_iteration",
    }


def test_a_missing_iteration_is_noticed(copy):
    (copy / "iterations" / "001.json").unlink()
    assert faults_of(copy)["iterations/001.json"] == "is missing"


def test_numbers_that_are_none_are_refused(copy):
    path = copy / "iterations" / "001.json"
    path.write_text(path.read_text().replace('"gap": ', '"gap": NaN, "was": '))
    forge(copy)
    assert "NaN" in faults_of(copy)["iterations/001.json"]


def test_nothing_that_could_run_is_loaded(copy):
    """An array of objects is a pickle, and a pickle can run anything."""

    class Trap:
        def __reduce__(self):
            return (os.mkdir, (str(copy / "sprung"),))

    arrays = dict(np.load(copy / "payoffs.npz"))
    arrays["rows"] = np.array([Trap()] * 4, dtype=object)
    np.savez(copy / "payoffs.npz", **arrays)
    forge(copy)
    assert "no array of numbers or texts" in faults_of(copy)["payoffs.npz"]
    assert not (copy / "sprung").exists()


def test_changed_weights_are_noticed(copy):
    weights = copy / "populations" / "blue" / "002-blue-1.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    described = "populations/red/000-reactive.json"
    edit(copy / described, doctrine={"obsrve": 1.0})
    changed = "is not the file that was written"
    assert faults_of(copy) == {
        "populations/blue/002-blue-1.safetensors": changed,
        described: changed,
    }


def test_weights_and_doctrines_that_do_not_fit_are_not_played(copy):
    edit(copy / "manifest.json", status="running")
    weights = copy / "populations" / "blue" / "002-blue-1.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4])
    edit(copy / "populations" / "red" / "000-reactive.json", doctrine={"obsrve": 1.0})
    forge(copy)
    with pytest.raises(RunFolderError) as caught:
        guess_on(copy)
    keys = [fault.key for fault in caught.value.faults]
    assert keys == [
        "populations/blue/002-blue-1.safetensors",
        "populations/red/000-reactive.json: doctrine",
    ]
    assert "observe" in caught.value.faults[1].cure


def test_one_process_at_a_time(copy):
    edit(copy / "manifest.json", status="running")
    forge(copy)
    with sole_writer(copy), pytest.raises(RunFolderError, match="another process"):
        guess_on(copy)


def test_sessions_and_versions_are_noted(copy):
    run = resume(open_run(copy), new_session(["ssa-psro", "resume", "copy"]))
    assert open_run(copy).manifest == run.manifest
    assert run.manifest.resumed[0].command == ("ssa-psro", "resume", "copy")
    assert changed_versions(run.manifest.versions) == {}
    older = replace(run.manifest, versions={**run.manifest.versions, "numpy": "1.0", "ray": "2"})
    assert changed_versions(older.versions) == {
        "numpy": ("1.0", current_versions()["numpy"]),
        "ray": ("2", "absent"),
    }


def test_overrides_change_the_study_and_not_its_game():
    study = small_study()
    changed = overridden(study, {"oracle.start": "scratch", "seed": 9})
    assert (changed.oracle.start, changed.seed) == ("scratch", 9)
    assert changed.scenario == study.scenario
    assert overridden(study, {}) == study
    shorter = overridden(study, {"window.duration_h": 6.0})
    assert content_hash(shorter.scenario) != content_hash(study.scenario)


def test_overrides_are_checked():
    with pytest.raises(ScenarioError) as caught:
        overridden(small_study(), {"oracle.start": "fussion", "solver.iterations": 0})
    assert [(one.key, one.cure) for one in caught.value.faults] == [
        ("solver.iterations", "For example: iterations = 10."),
        ("oracle.start", "Did you mean 'fusion'?"),
    ]


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    folder = make(tmp_path / "full")
    (folder / "iterations").write_text("in the way")
    with pytest.raises(RunFolderError, match="cannot be written to"):
        guess_on(folder)
