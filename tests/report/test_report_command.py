"""``ssa-psro report``, and what a report must not import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from run_folders import Report
from typer.testing import CliRunner, Result

from ssa_psro.cli.app import PROGRAM, build_app

HEAVY = ("torch", "gymnasium", "pettingzoo", "stable_baselines3")

SCRIPT = """
import sys
from pathlib import Path
import ssa_psro.report, ssa_psro.study
assert "matplotlib" not in sys.modules, "matplotlib before anything is drawn"
print(ssa_psro.report.write_report(Path(sys.argv[1])))
print(*sorted({name.split(".")[0] for name in sys.modules}))
assert "matplotlib.pyplot" not in sys.modules, "pyplot keeps global state"
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(build_app(), [str(one) for one in arguments], prog_name=PROGRAM)


def test_prints_the_path_of_the_page(begun: Report) -> None:
    result = run("report", begun.run.folder)
    assert (result.exit_code, result.stdout) == (0, f"{begun.page}\n")


def test_json_has_the_headline_and_every_file(begun: Report) -> None:
    result = run("report", begun.run.folder, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["report"] == str(begun.page)
    assert document["headline"]["iterations"] == 0
    assert document["headline"]["approx_exploitability"] is None
    value = document["headline"]["value"]["blue"]
    assert value["low"] <= value["mean"] <= value["high"]
    files = [Path(name) for name in document["files"]]
    assert begun.page in files
    assert {path.suffix for path in files} == {
        ".html",
        ".png",
        ".svg",
        ".csv",
        "",
    }  # SHA256SUMS has none
    assert all(path.is_file() for path in files)


def test_no_run_folder_exits_2_with_its_fault(tmp_path: Path) -> None:
    result = run("report", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "no such folder" in result.stderr
    assert "Traceback" not in result.stderr


def test_damaged_run_folder_names_every_fault(killed: Report, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    for name in ("manifest.json", "scenario.json"):
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes((killed.run.folder / name).read_bytes())
    result = run("report", folder)
    assert result.exit_code == 2
    assert "populations/blue/000-aggressive.json" in result.stderr
    assert "populations/red/003-high-orbit-first.json" in result.stderr


@pytest.mark.slow
def test_another_process_writes_the_same_without_learning_libraries(finished: Report) -> None:
    before = contents(finished.folder)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(finished.run.folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page, modules = done.stdout.splitlines()
    assert page == str(finished.page)
    assert not set(modules.split()) & set(HEAVY)
    assert contents(finished.folder) == before


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its place in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
