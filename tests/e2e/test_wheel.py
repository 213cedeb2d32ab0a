"""The package as others install it: a wheel, away from the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

pytest.importorskip("hatchling", reason="nothing builds a wheel without hatchling")

ROOT = Path(__file__).parents[2]
PIP = (sys.executable, "-m", "pip")
GOLDEN = """
import json, ssa_psro
from game.golden import outcomes
print(json.dumps([ssa_psro.__file__, outcomes()]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(folder))
    subprocess.run([*PIP, "wheel", *options, str(ROOT)], check=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    folder = wheel.parent / "site-packages"
    options = ("--no-deps", "--no-index", "--quiet", "--target", str(folder))
    subprocess.run([*PIP, "install", *options, str(wheel)], check=True)
    return folder


def python(installed: Path, *arguments: str, path: tuple[Path, ...] = ()) -> str:
    """What a process prints that finds the installed package, and no repository around it."""
    found = os.pathsep.join(map(str, (installed, *path)))
    environment = os.environ | {"PYTHONPATH": found}
    line = [sys.executable, *arguments]
    folder = installed.parent
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_wheel_has_every_scenario_and_catalogue(wheel: Path) -> None:
    held = set(ZipFile(wheel).namelist())
    kept = subprocess.run(
        ["git", "ls-files", "scenarios", "data"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    kept = kept or [str(one.relative_to(ROOT)) for one in ROOT.glob("scenarios/**/*.toml")]
    assert len(kept) > 20
    assert {f"ssa_psro/{name}" for name in kept} <= held


def test_scenarios_are_listed_and_copied_once_installed(installed: Path) -> None:
    listed = json.loads(python(installed, "-m", "ssa_psro", "list", "scenarios", "--json"))
    names = [one["name"] for one in listed["scenarios"]]
    assert names == sorted(path.stem for path in (ROOT / "scenarios").glob("*.toml"))
    said = python(installed, "-m", "ssa_psro", "init", "own-catalog")
    assert [line.split()[-1] for line in said.splitlines()[:2]] == [
        "scenarios/own-catalog.toml",
        "data/leo-meo-geo-june.kvn",
    ]
    checked = python(installed, "-m", "ssa_psro", "check", "scenarios/own-catalog.toml", "--json")
    assert json.loads(checked)["scenarios"][0]["ok"]


@pytest.mark.slow
def test_installed_package_plays_the_golden_episodes(installed: Path) -> None:
    from game.golden import outcomes

    file, found = json.loads(python(installed, "-c", GOLDEN, path=(ROOT / "tests",)))
    assert Path(file).is_relative_to(installed)
    assert found == json.loads(json.dumps(outcomes()))  # to the last bit
