"""Files that command lines are tested on."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import GENERAL_SUM, HALF_RIVALS, SMALL, UNEQUAL


@pytest.fixture(scope="session", name="small")
def _small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A symmetric game."""
    return _written(tmp_path_factory, "small.toml", SMALL)


@pytest.fixture(scope="session", name="unequal")
def _unequal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with sides that differ."""
    return _written(tmp_path_factory, "unequal.toml", UNEQUAL)


@pytest.fixture(scope="session", name="general_sum")
def _general_sum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sides that differ and are each paid their own score."""
    return _written(tmp_path_factory, "general_sum.toml", GENERAL_SUM)


@pytest.fixture(scope="session", name="half_rivals")
def _half_rivals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sides of one design, each paid its own score less half of the other's."""
    return _written(tmp_path_factory, "half_rivals.toml", HALF_RIVALS)


def _written(factory: pytest.TempPathFactory, name: str, text: str) -> Path:
    path = factory.mktemp("scenarios") / name
    path.write_text(text, "utf-8")
    return path
