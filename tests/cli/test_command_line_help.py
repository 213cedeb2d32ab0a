"""Help, version, and misspelt command lines."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from command_line import run

from ssa_psro import __version__
from ssa_psro.cli import commands
from ssa_psro.cli.app import names_in
from ssa_psro.cli.commands import catalog

COMMANDS = [name for name in names_in(commands) if name != "catalog"]


def test_help_names_every_command() -> None:
    outcome = run("--help")
    assert outcome.code == 0
    for name in COMMANDS:
        assert f"│ {name} " in outcome.out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_has_examples_of_it(name: str) -> None:
    outcome = run(name, "--help")
    assert outcome.code == 0
    assert "Examples" in outcome.out
    assert f"$ ssa-psro {name}" in outcome.out
    assert outcome.out == run(name, "-h").out


NEW = '''
EXAMPLES = ("ssa-psro greet",)


def command() -> None:
    """Greet whoever asks."""
    print("hello")
'''


def test_a_new_command_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "greet.py").write_text(NEW, "utf-8")
    monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(tmp_path)])
    assert run("greet").out == "hello\n"
    assert "Greet whoever asks." in run("--help").out
    assert "$ ssa-psro greet" in run("greet", "--help").out
    monkeypatch.delitem(sys.modules, "ssa_psro.cli.commands.greet")


def test_commands_stand_in_the_order_of_use() -> None:
    assert COMMANDS[:3] == ["init", "check", "list"]
    assert names_in(catalog) == ["summarize", "generate"]


def test_version() -> None:
    outcome = run("--version")
    assert (outcome.code, outcome.out) == (0, f"ssa-psro {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["plya"], "Did you mean 'play'?"),
        (["tournament", "x.toml", "--episods", "3"], "--episodes"),
        (["play", "x.toml", "--blue", "random"], "--red"),
        (
            ["play", "x.toml", "--blue", "random", "--red", "random", "--episodes", "1"],
            "--episodes",
        ),
        (
            ["play", "x.toml", "--blue", "random", "--red", "random", "--workers", "0"],
            "--workers",
        ),
        (["tournament", "x.toml", "--seed", "-1"], "--seed"),
        (["list", "polices"], "policies"),
        (["check"], "SCENARIO"),
    ],
)
def test_misspelt_command_line_exits_2_with_a_hint(arguments: list[str], hint: str) -> None:
    outcome = run(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert hint in outcome.err
