"""Settings that all tests share."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

HAS_LEARNER = importlib.util.find_spec("torch") is not None
NO_LEARNER = re.compile(r"No module named '(torch|stable_baselines3)\b")

os.environ["OMP_NUM_THREADS"] = "1"  # one process a core already, see pytest -n
os.environ["MPLBACKEND"] = "Agg"

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a shell starts background jobs that way, and the processes that tests interrupt inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    """Give each run a cache of its own, shared by its workers, so that no old table is tested."""
    if not hasattr(config, "workerinput"):
        os.environ["SSA_PSRO_CACHE"] = tempfile.mkdtemp(prefix="ssa_psro-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove that cache again."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["SSA_PSRO_CACHE"], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests marked ``learner`` where there is none; begin with the slow, so that no worker
    is left alone with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    for item in items:
        if item.get_closest_marker("learner") and not HAS_LEARNER:
            item.add_marker(pytest.mark.skip(reason="trains, and torch is not installed"))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Skip test modules that cannot be imported without a learner, where there is none."""
    report = yield
    if report.failed and not HAS_LEARNER and NO_LEARNER.search(str(report.longrepr)):
        report.outcome = "skipped"
        report.longrepr = (report.nodeid, 0, "Skipped: imports torch, which is not installed")
    return report
