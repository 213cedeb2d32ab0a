"""What the README and the tutorials tell a new user to type works as it stands there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from typer.testing import CliRunner

from ssa_psro.cli.app import build_app
from ssa_psro.scenario.schema import REGIMES

ROOT = Path(__file__).parents[1]
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
NOTEBOOKS = sorted((ROOT / "docs" / "tutorials").glob("*.ipynb"))
PAGES = [ROOT / "README.md", ROOT / "docs" / "causes.md", *TUTORIALS]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of a page in one language, in their order."""
    return [code for found, code in BLOCK.findall(page.read_text("utf-8")) if found == language]


def commands(page: Path) -> list[list[str]]:
    """What follows the name of the program in each line of a page that has it."""
    lines = "".join(blocks(page, "console")).splitlines()
    words = [shlex.split(line.removeprefix("$ "), comments=True) for line in lines]
    return [rest for name, *rest in filter(None, words) if name == "ssa-psro"]


@pytest.fixture
def as_in_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the files that the pages name, where others may be made."""
    for name in ("scenarios", "data"):
        (tmp_path / name).symlink_to(ROOT / name)
    run = ROOT / "tests" / "study" / "folders" / "format-3"
    shutil.copytree(run, tmp_path / "runs" / "contested-72h-1")
    monkeypatch.chdir(tmp_path)


@pytest.mark.learner
@pytest.mark.usefixtures("as_in_a_checkout")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_python_on_a_page_runs(page: Path) -> None:
    told: dict[str, object] = {}
    for code in blocks(page, "python"):
        exec(compile(code, page.name, "exec"), told)


@pytest.mark.learner
@pytest.mark.slow
@pytest.mark.usefixtures("as_in_a_checkout")
@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_commands_of_a_tutorial_run(page: Path) -> None:
    for command in commands(page):
        done = CliRunner().invoke(build_app(), command)
        assert done.exit_code == 0, (command, done.output)


@pytest.mark.parametrize("command", commands(PAGES[0]), ids=" ".join)
def test_commands_of_the_readme_are_commands(command: list[str]) -> None:
    """They are read, not run: some take hours."""
    found: click.Command = typer.main.get_command(build_app())
    while isinstance(found, click.Group) or hasattr(found, "commands"):
        name, *command = command
        found = found.commands[name]  # type: ignore[union-attr]
    found.make_context(found.name, command)


@pytest.mark.learner
@pytest.mark.usefixtures("as_in_a_checkout")
def test_the_analysts_script_is_short_and_gives_what_it_says() -> None:
    (script,) = (code for code in blocks(PAGES[0], "python") if "match.looks()" in code)
    assert len(script.split("\n\n")[-1].strip().splitlines()) <= 8
    told: dict[str, Any] = {}
    exec(compile(script, "README", "exec"), told)
    figures, looks, custody = told["figures"], told["looks"], told["custody"]
    assert {"custody", "revisit_p95_h", "age_h", "redundant"} <= set(figures["figure"])
    assert set(figures["regime"]) <= set(REGIMES)
    assert figures["catalog_id"].str.fullmatch(r"[0-9A-Z]+").all()
    for times in (looks["tasked_utc"], custody["utc"]):
        assert times.min().isoformat() >= "2026-03-20T06:00:00+00:00"
        assert times.max().isoformat() <= "2026-03-21T06:00:00+00:00"
    assert {"hit", "broken off"} <= set(looks["result"])
    assert set(told["better"]["side"]) == {"blue", "red"}


@pytest.mark.usefixtures("as_in_a_checkout")
@pytest.mark.parametrize("page", NOTEBOOKS, ids=lambda page: page.name)
def test_cells_of_a_notebook_run(page: Path) -> None:
    import matplotlib as mpl

    cells = json.loads(page.read_text("utf-8"))["cells"]
    names: dict[str, Any] = {}
    with mpl.rc_context():
        mpl.use("agg")
        for cell in cells:
            if cell["cell_type"] == "code":
                assert cell["outputs"] == [], "stored without what it shows"
                exec(compile("".join(cell["source"]), str(page), "exec"), names)


def test_there_is_something_to_run() -> None:
    assert all(blocks(page, "python") or commands(page) for page in PAGES)
    assert len(commands(PAGES[0])) > 10
