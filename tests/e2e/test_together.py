"""Processes that share a folder, one of them killed: the run of one process, to the last bit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evidence.faults.comparing import differences
from ssa_psro.study.verifying import verify

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs file locks"),
]

TINY = Path(__file__).with_name("tiny.toml")
PATIENCE_S = 600


def start(*arguments: object) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    words = [sys.executable, "-m", "ssa_psro", *map(str, arguments)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    """What it printed, once it has ended well."""
    stdout, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, stderr
    return stdout


def test_two_and_one_that_is_killed_make_the_run_of_one(tmp_path: Path) -> None:
    alone, folder = tmp_path / "alone" / "run", tmp_path / "together" / "run"
    made = start("run", TINY, "--output", alone, "--workers", 1)
    share = ("--executor", "folder", "--lease", 2)
    first = start("run", TINY, "--output", folder, *share)
    end = time.monotonic() + PATIENCE_S
    while not list(folder.glob("work/*/train-0/*.claim.0")):
        assert time.monotonic() < end, first.communicate()
        time.sleep(0.01)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()

    joined = start("run", TINY, "--output", folder, *share)
    helping = start("work", folder, "--lease", 2, "--json")
    found = json.loads(ended(helping))
    assert found["folder"] == str(folder)
    assert found["manifest"]["status"] == "finished"
    ended(joined)
    ended(made)
    assert differences(alone, folder) == []
    assert not (folder / "work").exists()
    assert verify(folder).faults == ()


def test_a_folder_that_somebody_works_on_alone_is_not_joined(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    alone = start("run", TINY, "--output", folder, "--workers", 1)
    try:
        end = time.monotonic() + PATIENCE_S
        while not (folder / "lock").exists():
            assert time.monotonic() < end
            time.sleep(0.01)
        refused = start("work", folder)
        _, stderr = refused.communicate(timeout=PATIENCE_S)
        if alone.poll() is None:  # else it was over before the other had asked
            assert refused.returncode == 2
            assert "another process is working on it" in stderr
    finally:
        alone.kill()
        alone.communicate()


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (("run", TINY, "--executor", "folder", "--workers", 4), "is one worker"),
        (("work", "nowhere"), "no such folder"),
    ],
)
def test_what_cannot_be_shared_is_refused(command, wrong, tmp_path: Path) -> None:
    output = ("--output", tmp_path / "run") if command[0] == "run" else ()
    process = start(*command, *output)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert wrong in stderr
    assert list(tmp_path.iterdir()) == []


def test_another_study_is_not_joined(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    for seed in (1, 2):
        words = ("run", TINY, "--output", folder, "--executor", "folder", "--seed", seed)
        process = start(*words, "--audit", "none")
        _, stderr = process.communicate(timeout=PATIENCE_S)
        assert (process.returncode == 0) == (seed == 1), stderr
    assert "holds a run already" in stderr
