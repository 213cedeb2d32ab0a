"""``check --cost`` and ``run --dry-run``: an estimate, and nothing made."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import SMALL, run

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
