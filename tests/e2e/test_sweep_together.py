"""Sweeps on one worker, on two, and in a shared folder of three with one killed: the same bits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sweeps.sweep_files import GRID, sweep_file

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs file locks"),
]

PATIENCE_S = 600
TOGETHER = ("--executor", "folder", "--lease", 2)


def start(*arguments: object) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    words = [sys.executable, "-m", "ssa_psro", *map(str, arguments)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    """What it printed, once it has ended well."""
    stdout, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, stderr
    return stdout


def until(there: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait for something that a process brings about."""
    end = time.monotonic() + PATIENCE_S
    while not there():
        assert time.monotonic() < end, process.communicate()
        time.sleep(0.005)


def at_work(folder: Path) -> set[str]:
    """Whoever has claimed a point."""
    claims = folder.glob("work/points/points-0/*.claim.*")
    return {claim.read_text("utf-8") for claim in claims} - {""}


def test_one_two_and_three_of_whom_one_is_killed_write_one_table(tmp_path: Path) -> None:
    path = sweep_file(tmp_path, GRID.replace("[1, 2]", "[1, 2, 3]"))
    alone, two, shared = (tmp_path / name for name in ("alone", "two", "shared"))
    ended(start("sweep", path, "--output", alone, "--workers", 1))
    whole, drawn = ((alone / name).read_bytes() for name in ("sweep.csv", "map.png"))
    assert whole.count(b"\n") > 12 * 15

    ended(start("sweep", path, "--output", two, "--workers", 2))
    assert (two / "sweep.csv").read_bytes() == whole
    assert (two / "map.png").read_bytes() == drawn

    command = ("sweep", path, "--output", shared, *TOGETHER)
    first, *others = start(*command), start(*command), start(*command, "--json")
    until(lambda: len(at_work(shared)) == 3 or first.poll() is not None, first)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    *_, told = map(ended, others)
    found = json.loads(told)
    assert (found["done"], found["failed"], found["missing"]) == (12, [], [])
    assert (shared / "sweep.csv").read_bytes() == whole
    assert (shared / "map.png").read_bytes() == drawn
    assert not (shared / "work").exists()
    assert not list(shared.rglob("*.part"))


def test_an_interrupted_sweep_is_whole_so_far_and_goes_on(tmp_path: Path) -> None:
    path, folder = sweep_file(tmp_path, GRID), tmp_path / "out"
    command = ("sweep", path, "--output", folder, "--workers", 1)
    process = start(*command)
    until(lambda: (folder / "sweep.csv").exists(), process)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    if process.returncode != 0:  # else it was over before the signal came
        assert process.returncode == 143
        assert "Interrupted. Go on by: ssa-psro sweep" in stderr
    rows = (folder / "sweep.csv").read_text("utf-8").splitlines()
    ended(start(*command))
    after = (folder / "sweep.csv").read_text("utf-8").splitlines()
    assert after[: len(rows)] == rows
    ended(start("sweep", path, "--output", tmp_path / "whole", "--workers", 1))
    assert (tmp_path / "whole" / "sweep.csv").read_bytes() == (folder / "sweep.csv").read_bytes()
