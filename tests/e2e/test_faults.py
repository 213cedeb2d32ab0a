"""The command line, killed in a call and refused one; ``evidence.faults`` tries all of them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from evidence.faults.commands import Bench, Fault, prepared
from evidence.faults.comparing import differences
from ssa_psro.study.verifying import verify

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or shutil.which("cc") is None,
        reason="needs Linux and a C compiler",
    ),
]

TINY = Path(__file__).with_name("tiny.toml")


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in prepared(folder).items():
            patch.setenv(name, value)
        yield Bench(folder)


@pytest.fixture(scope="module")
def whole(bench):
    """A run that nothing disturbed, up to its report, and the calls that it took."""
    folder = bench.runs / "whole" / "run"
    line = ("run", TINY, "--output", folder, "--workers", 1)
    ended = bench.call(*line, fault=Fault.KILL, at=0, fresh=True)
    assert (ended.killed, ended.call) == (True, "mkdir whole/run/report")
    assert verify(folder).faults == ()
    return folder, ended.calls


@pytest.mark.parametrize("share", [0.45, 0.8])
def test_killed_in_a_call_and_resumed_it_equals_the_undisturbed_one(bench, whole, share):
    folder, at = bench.runs / f"killed-{share}" / "run", round(share * whole[1])
    run = ("run", TINY, "--output", folder, "--workers", 2)
    killed = bench.call(*run, fault=Fault.KILL, at=at, fresh=True)
    assert killed.killed
    assert killed.calls == at
    line = ("resume", folder, "--workers", 2)
    assert "report" in bench.call(*line, fault=Fault.KILL, at=0, fresh=True).call
    assert differences(whole[0], folder, report=False) == []


@pytest.mark.parametrize("fault", [Fault.FAIL, Fault.FAIL_ON])
def test_refused_a_write_it_says_so_and_goes_on(bench, whole, fault):
    folder = bench.runs / f"refused-{fault}" / "run"
    run = ("run", TINY, "--output", folder, "--workers", 1)
    refused = bench.call(*run, fault=fault, at=round(0.6 * whole[1]), fresh=True)
    assert refused.code == 2
    assert f"{folder}: 1 fault" in refused.stderr
    assert f"ssa-psro resume {folder}" in " ".join(refused.stderr.split())
    assert "Traceback" not in refused.stderr
    assert verify(folder).faults == ()
    line = ("resume", folder, "--workers", 1)
    assert "report" in bench.call(*line, fault=Fault.KILL, at=0, fresh=True).call
    assert differences(whole[0], folder, report=False) == []
