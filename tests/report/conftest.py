"""Runs and reports that the tests of reports share."""

from __future__ import annotations

import pytest
from run_folders import Duel, Report, few_policies, make_run

from ssa_psro.findings import content_of
from ssa_psro.report import write_content
from ssa_psro.study import Run

ODD = "<script>alert('x')</script> & \\\"odd\\\" $\\\\frac$"


@pytest.fixture(scope="session", name="finished")
def _finished(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Of a finished zero-sum run, with an odd description."""
    text = few_policies(description=f'"{ODD}"')
    return _reported(make_run(tmp_path_factory.mktemp("runs") / "finished-1", text))


@pytest.fixture(scope="session", name="killed")
def _killed(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Of a general-sum run killed after its second iteration."""
    folder = tmp_path_factory.mktemp("runs") / "killed <2>"
    text, judge = few_policies("general-sum-72h"), Duel(general_sum=True, edge=0.05)
    return _reported(make_run(folder, text, judge=judge, killed_after=2))


@pytest.fixture(scope="session", name="begun")
def _begun(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Of a run killed in its first iteration."""
    folder = tmp_path_factory.mktemp("runs") / "begun"
    return _reported(make_run(folder, few_policies(), killed_after=0))


@pytest.fixture(scope="session", name="shared")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Of a finished run whose sides share a population."""
    folder = tmp_path_factory.mktemp("runs") / "shared"
    return _reported(make_run(folder, few_policies(), populations="shared"))


def _reported(run: Run) -> Report:
    content = content_of(run)
    return Report(run, content, write_content(content))
