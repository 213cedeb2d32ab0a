"""The program where it is not at home: encodings, full disks, closed streams, foreign settings."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT / "scenarios" / "quickstart.toml"
FINISHED = ROOT / "tests" / "study" / "folders" / "format-3"
ODD = "★ ω \N{GRINNING FACE}"
PROGRAM = f"{shlex.quote(sys.executable)} -m ssa_psro"


def shell(line: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line, in which ``ssa-psro`` is the program."""
    line = line.replace("ssa-psro", PROGRAM)
    return subprocess.run(line, shell=True, capture_output=True, env=os.environ | variables)


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "gbk"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=lambda variables: next(iter(variables.values())),
)
def test_characters_that_an_encoding_lacks_are_replaced(
    variables: dict[str, str], tmp_path: Path
) -> None:
    named = tmp_path / "named.toml"
    named.write_text(QUICKSTART.read_text("utf-8").replace("A small", f"{ODD} … A small"), "utf-8")
    for path in (named, tmp_path / f"{ODD}.toml"):
        done = shell(f"ssa-psro check {shlex.quote(str(path))}", **variables)
        assert (done.returncode, b"Traceback" in done.stderr) == (2 * (path != named), False)
        assert b"?" in done.stdout + done.stderr


def test_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.json")
    shutil.copy(ROOT / "data" / "leo-meo-geo.json", path)
    line = f"cd {shlex.quote(str(tmp_path))}; ssa-psro catalog summarize *.json"
    done = shell(line, PYTHONIOENCODING="utf-8:strict", PYTHONPATH=str(ROOT))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"caf?.json")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("options", ["list", "list solvers --json", "--version", "list --help"])
def test_full_output_is_told_in_one_line(options: str) -> None:
    done = shell(f"ssa-psro {options} > /dev/full")
    assert done.returncode == 1
    assert done.stderr == b"error: cannot write: No space left on device\n"


def test_messages_that_nobody_can_read_change_no_exit_code() -> None:
    redirections = ["2>&-", *["2> /dev/full"][: Path("/dev/full").exists()]]
    for redirection in redirections:
        assert shell(f"ssa-psro check nowhere.toml {redirection}").returncode == 2
        assert shell(f"ssa-psro list solvers {redirection}").returncode == 0
    assert shell("ssa-psro list solvers --json >&-").returncode == 0


@pytest.mark.slow
def test_figures_are_the_same_whatever_the_user_has_set(tmp_path: Path) -> None:
    settings = "text.usetex: True\nfont.size: 30\naxes.grid: False\nsavefig.bbox: tight\n"
    (tmp_path / "matplotlibrc").write_text(settings + "image.cmap: gray\nsvg.id: a\n", "utf-8")
    foreign = {
        "MATPLOTLIBRC": str(tmp_path),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
    written = []
    for name, variables in {"plain": {}, "foreign": foreign}.items():
        run = shutil.copytree(FINISHED, tmp_path / name)
        done = shell(f"ssa-psro report {shlex.quote(str(run))}", **variables)
        assert done.returncode == 0, done.stderr
        paths = sorted((run / "report").rglob("*.*g"))
        written.append({path.name: path.read_bytes() for path in paths})
    assert len(written[0]) > 10
    assert written[0] == written[1]


def test_commands_in_messages_can_be_pasted(tmp_path: Path) -> None:
    run = shutil.copytree(FINISHED, tmp_path / "My Runs ü" / "it's 1")
    done = shell(f"ssa-psro run {QUICKSTART} --output {shlex.quote(str(run))}")
    said = done.stderr.decode()
    command = said[said.index("ssa-psro resume") : said.index(", or name")]
    assert done.returncode == 2
    assert shlex.split(command) == ["ssa-psro", "resume", str(run)]
