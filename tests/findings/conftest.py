"""What runs have to say, for the tests of findings."""

from __future__ import annotations

import pytest
from report.run_folders import Duel, few_policies, make_run

from ssa_psro.findings import Content, content_of


@pytest.fixture(scope="session", name="finished")
def _finished(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Of a finished zero-sum run."""
    return content_of(make_run(tmp_path_factory.mktemp("runs") / "finished", few_policies()))


@pytest.fixture(scope="session", name="killed")
def _killed(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Of a general-sum run killed after its second iteration."""
    folder = tmp_path_factory.mktemp("runs") / "killed"
    text, judge = few_policies("general-sum-72h"), Duel(general_sum=True, edge=0.05)
    return content_of(make_run(folder, text, judge=judge, killed_after=2))


@pytest.fixture(scope="session", name="begun")
def _begun(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Of a run killed in its first iteration."""
    folder = tmp_path_factory.mktemp("runs") / "begun"
    return content_of(make_run(folder, few_policies(), killed_after=0))
