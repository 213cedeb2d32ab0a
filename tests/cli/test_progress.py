"""Progress: on a terminal it names the stage, elsewhere long work has a line a minute."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from ssa_psro.cli import output as module


def _shown(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> str:
    file = io.StringIO()
    monkeypatch.setattr(module, "stderr", lambda: Console(file=file, force_terminal=terminal))
    with module.progress() as tell:
        tell("tables: orbits", 0.0)
        tell("episodes", 0.25)
        tell("episodes", 0.75)
    return file.getvalue()


def test_terminal_sees_stage_and_share(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _shown(monkeypatch, terminal=True)
    assert "episodes" in shown
    assert "75%" in shown


def test_short_work_leaves_no_line_in_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _shown(monkeypatch, terminal=False) == ""


def test_long_work_has_a_line_a_minute_in_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    file, clock = io.StringIO(), iter([0.0, 30.0, 61.0, 90.0, 119.0, 125.0])
    monkeypatch.setattr(module, "stderr", lambda: Console(file=file, width=200))
    monkeypatch.setattr(module, "perf_counter", lambda: next(clock))
    with module.progress({"play": "payoffs"}) as tell:
        for share in (0.1, 0.2, 0.3, 0.4):
            tell("play", share)
        tell("train", 0.5)
    assert file.getvalue() == ("payoffs: 20% after 61 s in all\ntrain: 50% after 2 min in all\n")
