"""``check --cost`` and ``run --dry-run``: an estimate, and nothing made."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from command_line import SMALL, run

from ssa_psro.cli.estimating import own_bytes, peak_bytes
from ssa_psro.work.processes import process_pool

QUICK = (
    SMALL
    + """
[oracle]
kind = "cma-es"
decisions = 200
hidden = [4]

[solver]
iterations = 2
episodes_per_cell = 4
held_out_episodes = 8
"""
)


def memory(extra: int) -> tuple[float, float]:
    """What a process counts of itself once it has used so many bytes more."""
    return len(np.ones(extra, np.uint8)) * 0.0 + peak_bytes(), own_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's own peak")
def test_a_process_counts_its_own_memory_and_not_its_parents() -> None:
    large = np.ones(800_000_000, np.uint8)
    with process_pool(1) as apart:
        (small, _), (peak, own) = apart(memory, [0, 200_000_000])
    assert peak_bytes() > large.nbytes
    assert small < 0.75 * large.nbytes
    assert 0.9 * 200e6 < peak - small <= 1.1 * 200e6
    assert own < peak


@pytest.mark.learner
@pytest.mark.slow
def test_dry_run_estimates_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scenario = tmp_path / "quick.toml"
    scenario.write_text(QUICK, "utf-8")
    more = ("--iterations", "200", "--audit", "none")
    first, longer = (
        run("run", scenario, "--dry-run", "--json", "--workers", "1", *options).document["cost"]
        for options in ((), more)
    )
    assert list(tmp_path.iterdir()) == [scenario]
    assert set(first["processor_s"]) == set(longer["processor_s"])
    assert all(spent >= 0 for spent in first["processor_s"].values())
    assert longer["processor_s"]["payoffs"] > 10 * first["processor_s"]["payoffs"]
    assert longer["processor_s"]["audit"] == 0
    assert longer["disk_bytes"] > first["disk_bytes"] > 2e6
    assert 1e8 < first["memory_bytes"] < 4e9
    said = run("check", scenario, "--cost", "--workers", "2")
    assert (said.code, said.err) == (0, "")
    assert "processor time" in said.out


def test_what_cannot_fit_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    scenario = tmp_path / "huge.toml"
    scenario.write_text(QUICK.replace("= [4]", "= [65536, 65536, 65536]"), "utf-8")
    for line in (["check"], ["run"], ["run", "--dry-run"]):
        outcome = run(*line, scenario)
        assert (outcome.code, "Traceback" in outcome.err) == (2, False)
        assert "oracle.hidden: takes 687" in outcome.err
    assert list(tmp_path.iterdir()) == [scenario]
