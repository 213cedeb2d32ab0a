"""Settings that all tests share."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile

import pytest
from hypothesis import settings

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
