"""The command line as users run it: in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PROGRAM = [sys.executable, "-m", "ssa_psro"]
HEAVY = (
    *("torch", "stable_baselines3", "gymnasium", "pettingzoo", "boinor", "astropy"),
    *("matplotlib", "numba", "scipy", "numpy"),
)


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *map(str, arguments)], capture_output=True, text=True)


def test_help_needs_no_heavy_library() -> None:
    script = (
        "import sys\nfrom typer.testing import CliRunner\nfrom ssa_psro.cli.app import *\n"
        "for line in (['--help'], *([name, '--help'] for name in names_in(commands))):\n"
        "    assert CliRunner().invoke(build_app(), line).exit_code == 0\n"
        f"print(*[name for name in {HEAVY} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")


def test_installed_script_is_the_module() -> None:
    script = Path(sys.executable).parent / "ssa-psro"
    done = subprocess.run([script, "--version"], capture_output=True, text=True)
    assert done.stdout == _run("--version").stdout


def test_broken_file_exits_2_without_traceback(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    text = (SCENARIOS / "quickstart.toml").read_text("utf-8")
    path.write_text(text.replace("planes = 3", "planes = 4"), "utf-8")
    done = _run("check", path, SCENARIOS / "quickstart.toml", "--json")
    assert done.returncode == 2
    assert [report["ok"] for report in json.loads(done.stdout)["scenarios"]] == [False, True]
    assert f"{path}: 2 faults" in done.stderr
    assert "Traceback" not in done.stderr


def test_results_do_not_depend_on_the_process() -> None:
    line = ("play", SCENARIOS / "quickstart.toml", "--blue", "shielded", "--red", "blinding")
    documents = []
    for workers in ("1", "2"):
        done = _run(*line, "--episodes", "34", "--json", "--workers", workers)
        assert (done.returncode, done.stderr) == (0, "")
        document = json.loads(done.stdout)
        assert document.pop("timing")["workers"] == int(workers)
        documents.append(document)
    assert documents[0] == documents[1]


def test_reader_that_leaves_is_no_error() -> None:
    line = f"{sys.executable} -m ssa_psro list --json | true"
    done = subprocess.run(line, shell=True, capture_output=True, text=True)
    assert done.stderr == ""


INTERRUPTED = """
import os, signal, sys
from ssa_psro.cli import main
from ssa_psro.study import matches

plain = matches.play

def interrupt_and_play(*arguments):
    matches.play = plain  # once is enough
    os.kill(os.getpid(), signal.SIGINT)
    return plain(*arguments)

matches.play = interrupt_and_play
sys.argv[1:] = ["tournament", sys.argv[1], "--policies", "random,reactive", "--episodes", "100000"]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
def test_interrupt_stops_long_matches_without_traceback() -> None:
    line = [sys.executable, "-c", INTERRUPTED, SCENARIOS / "quickstart.toml"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "interrupted: nothing more is written.\n"
