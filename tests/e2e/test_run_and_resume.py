"""``ssa-psro run`` in processes of its own: killed, interrupted, resumed, with real training."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from study.small_runs import SMALL

from ssa_psro.study import open_run

pytestmark = [pytest.mark.slow, pytest.mark.learner]

TINY = SMALL.replace("decisions = 256", "decisions = 512")
PATIENCE_S = 900


@dataclass
class Finished:
    """A run that nothing disturbed."""

    folder: Path
    scenario: Path
    stdout: str
    stderr: str
    seconds: float


def start(*arguments: object) -> subprocess.Popen[str]:
    """The command in a process group of its own, as a terminal would start it."""
    return subprocess.Popen(
        [sys.executable, "-m", "ssa_psro", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def call(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command."""
    process = start(*arguments)
    stdout, stderr = process.communicate(timeout=PATIENCE_S)
    return process.returncode, stdout, stderr


def wait_for(condition, what: str):
    """Return when ``condition()`` is true."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"{what} never happened"
        time.sleep(0.05)


def group_is_gone(process: subprocess.Popen[str]) -> bool:
    """Whether no process of the group is left, the command's workers included."""
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Finished:
    """Trained in one process."""
    base = tmp_path_factory.mktemp("runs")
    scenario, folder = base / "tiny.toml", base / "whole"
    scenario.write_text(TINY)
    begun = time.monotonic()
    code, stdout, stderr = call("run", scenario, "--output", folder, "--workers", 1, "--json")
    assert code == 0, stderr
    return Finished(folder, scenario, stdout, stderr, time.monotonic() - begun)


def test_a_run_says_what_it_found(undisturbed):
    document = json.loads(undisturbed.stdout)
    assert Path(document["report"]).is_file()
    assert [record["iteration"] for record in document["iterations"]] == [1, 2]
    assert document["solution"]["stopped"] == "iterations"
    assert document["manifest"]["command"][:2] == ["ssa-psro", "run"]
    lines = [line for line in undisturbed.stderr.splitlines() if "exploitability approx" in line]
    assert [line.split()[0] for line in lines] == ["1/2", "2/2"]


def test_a_killed_run_resumed_equals_the_undisturbed_one(undisturbed, tmp_path):
    """Trained in two processes, killed twice at moments drawn at random."""
    folder, luck = tmp_path / "killed", random.Random(11)
    command = ("run", undisturbed.scenario, "--output", folder)
    for _ in range(2):
        process = start(*command, "--workers", 2)
        wait_for(lambda: (folder / "manifest.json").is_file(), "the beginning")
        time.sleep(luck.uniform(0.1, 0.7) * undisturbed.seconds)
        process.kill()
        process.communicate()
        wait_for(lambda process=process: group_is_gone(process), "the end of the workers")
        command = ("resume", folder)
    code, _, stderr = call(*command, "--workers", 2)
    assert code == 0, stderr
    assert_same_outcome(open_run(undisturbed.folder), open_run(folder))


def test_a_shared_population_is_trained_in_both_seats_whatever_the_workers(tmp_path):
    runs = []
    for workers in (1, 2):
        scenario, folder = tmp_path / "shared.toml", tmp_path / f"shared-{workers}"
        scenario.write_text(
            TINY.replace('["reactive", "blinding", "random"]', '["aggressive", "random"]')
        )
        code, stdout, stderr = call("run", scenario, "--output", folder, "--workers", workers)
        assert code == 0, stderr
        assert "one population for both sides" in stderr
        words = " ".join(stdout.split())
        assert "Blue's seat earns" in words
        assert "members that know their seat gain" in words
        runs.append(open_run(folder))
    assert_same_outcome(*runs)
    for side in runs[0].state.populations:
        responses = ("response-1", "response-1.2", "response-2", "response-2.2")
        assert side.names == ("aggressive", "random", *responses)


def assert_same_outcome(one, other):
    np.testing.assert_array_equal(one.table.samples, other.table.samples)
    for mine, theirs in zip(one.records, other.records, strict=True):
        assert mine.approx_exploitability == theirs.approx_exploitability
        assert [side.mixture for side in mine.sides] == [side.mixture for side in theirs.sides]
    for mine, theirs in zip(one.state.populations, other.state.populations, strict=True):
        assert [m.policy for m in mine.members] == [m.policy for m in theirs.members]
    assert one.solution == other.solution


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_an_interrupted_run_says_how_to_go_on(undisturbed, tmp_path, monkeypatch, number, code):
    """However it is interrupted, it leaves nothing behind."""
    folder, temporary = tmp_path / "interrupted", tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    ignored = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # as where tests run under nohup
    process = start("run", undisturbed.scenario, "--output", folder, "--workers", 2)
    signal.signal(signal.SIGHUP, ignored)
    wait_for(lambda: (folder / "payoffs.npz").is_file(), "the first payoffs")
    os.killpg(process.pid, number)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == code
    assert f"ssa-psro resume {folder}" in stderr
    assert "Traceback" not in stderr
    wait_for(lambda: group_is_gone(process), "the end of the workers")
    assert not open_run(folder).finished
    assert list(folder.rglob("*.part")) == []
    assert list(temporary.iterdir()) == []
    last = (folder / "log.txt").read_text().splitlines()[-1]
    assert "the run with 2 workers ends by " in last


def test_a_finished_run_is_neither_continued_nor_written_over(undisturbed):
    before = (undisturbed.folder / "manifest.json").read_bytes()
    code, stdout, stderr = call("resume", undisturbed.folder)
    assert (code, "is finished" in " ".join(stderr.split())) == (0, True)  # a long path wraps it
    assert "Mixtures" in stdout
    code, _, stderr = call("run", undisturbed.scenario, "--output", undisturbed.folder)
    assert (code, "ssa-psro resume" in stderr) == (2, True)
    assert (undisturbed.folder / "manifest.json").read_bytes() == before
