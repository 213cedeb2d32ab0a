"""Progress: on a terminal it names the stage, elsewhere it is silent."""

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


def test_nobody_watching_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _shown(monkeypatch, terminal=False) == ""
