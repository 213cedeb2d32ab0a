"""Data flows one way, and what is light stays light.

Each import runs in a fresh interpreter, since this one has loaded everything already.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ssa_psro"
LEARNING = ["torch", "gymnasium", "pettingzoo", "stable_baselines3"]
PLOTTING = ["matplotlib"]
ORBITS = ["boinor", "astropy"]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]
LAYERS = next(contract["layers"] for contract in CONTRACTS if contract["type"] == "layers")
LOAD_ALL = """
import pkgutil, sys
import {module}
for found in pkgutil.walk_packages({module}.__path__, "{module}."):
    __import__(found.name)
"""
TELL = "import sys; print(*(name for name in {names} if name in sys.modules))"


def loaded_by(code: str, names: list[str]) -> list[str]:
    """Which of the libraries are loaded after ``code`` ran in a fresh interpreter."""
    script = f"{code}\n{TELL.format(names=names)}"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout.splitlines()[-1].split() if done.stdout else []


def test_imports_point_downwards() -> None:
    """The contracts are in pyproject.toml; import-linter reads every import there is."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_every_part_of_the_package_has_its_layer() -> None:
    """A new sub-package must take its place in the contract before it can be forgotten."""
    found = {f"ssa_psro.{path.parent.name}" for path in PACKAGE.glob("*/__init__.py")}
    assert found <= set(LAYERS)


def test_a_class_name_means_one_thing() -> None:
    """Two classes of one name, in whatever rooms, are two things under one word."""
    found = Counter(
        item.name
        for path in PACKAGE.rglob("*.py")
        for item in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(item, ast.ClassDef) and not item.name.startswith("_")
    )
    assert found["Scenario"] == 1
    assert [name for name, times in found.items() if times > 1] == []


@pytest.mark.parametrize("layer", ["scenario", "geometry", "game", "policies", "trace", "metagame"])
def test_the_game_loads_no_learning_and_no_plotting(layer: str) -> None:
    """Every module of the layer, not just its face."""
    code = LOAD_ALL.format(module=f"ssa_psro.{layer}")
    assert loaded_by(code, LEARNING + PLOTTING) == []


def test_every_layer_imports_quickly() -> None:
    """Torch, plotting and orbits come when they are needed, never with an import."""
    code = "\n".join(f"import {layer}" for layer in reversed(LAYERS))
    assert loaded_by(code, ["torch", *PLOTTING, *ORBITS]) == []


@pytest.mark.parametrize("layer", ["study", "findings", "report"])
def test_run_folders_and_reports_load_no_torch(layer: str) -> None:
    assert loaded_by(f"import ssa_psro.{layer}", LEARNING) == []


@pytest.mark.parametrize("arguments", [["--help"], ["report", "--help"], ["list"]])
def test_the_command_line_starts_light(arguments: list[str]) -> None:
    code = f"""
import sys
sys.argv = ["ssa-psro", *{arguments}]
from ssa_psro.cli import main
try:
    main()
except SystemExit as end:
    assert end.code in (0, None), end.code
"""
    assert loaded_by(code, LEARNING + PLOTTING + ORBITS) == []


def test_this_test_can_fail() -> None:
    assert loaded_by("import matplotlib", PLOTTING) == PLOTTING
