"""Gymnasium knows the environments, whoever is imported first; nobody loads it for that."""

from __future__ import annotations

import subprocess
import sys

import pytest

SHAPE = "scenario='scenarios/quickstart.toml').reset(seed=1)[0].shape"


def printed(code: str) -> str:
    """What a fresh interpreter prints, warnings being errors."""
    line = [sys.executable, "-W", "error::UserWarning", "-c", code]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("imports", "name"),
    [
        ("ssa_psro, gymnasium", "ssa_psro/Coverage-v0"),
        ("gymnasium, ssa_psro", "ssa_psro/Coverage-v0"),
        ("gymnasium", "ssa_psro:ssa_psro/Coverage-v0"),
    ],
)
def test_make_works_at_once(imports: str, name: str) -> None:
    assert printed(f"import {imports}\nprint(gymnasium.make({name!r}, {SHAPE})") == "(32,)"


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = ("numpy", "numba", "gymnasium", "torch", "matplotlib", "pydantic")
    code = f"import sys, ssa_psro\nprint(*(name for name in {heavy} if name in sys.modules))"
    assert printed(code) == ""
