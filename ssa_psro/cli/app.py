"""The commands of ``ssa-psro`` and where they live.

A command is a module with a function ``command``, whose annotations are its options and whose
docstring is its help, and a tuple ``EXAMPLES`` of command lines. It is registered by its line in
``COMMANDS``, or in a group of ``GROUPS``. Modules of commands import nothing heavier than typer at
their top; what a command works with is imported when it runs, so that help and misspellings answer
at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Annotated

import typer

from ssa_psro import __version__
from ssa_psro.cli.failure import guarded

PROGRAM = "ssa-psro"

COMMANDS = {
    "check": "ssa_psro.cli.check",
    "list": "ssa_psro.cli.listing",
    "play": "ssa_psro.cli.play",
    "tournament": "ssa_psro.cli.tournament",
    "run": "ssa_psro.cli.run",
    "resume": "ssa_psro.cli.resume",
    "audit": "ssa_psro.cli.audit",
    "evaluate": "ssa_psro.cli.evaluate",
    "report": "ssa_psro.cli.report",
}
"""Every command, in the order of the help, and its module."""

GROUPS = {
    "catalog": (
        "Files of element sets: sum them up, or generate them.",
        {
            "summarize": "ssa_psro.cli.catalog_summarize",
            "generate": "ssa_psro.cli.catalog_generate",
        },
    ),
}
"""Groups of commands: what they are about, and their commands as in ``COMMANDS``."""

EXAMPLES = (
    "ssa-psro check scenarios/quickstart.toml",
    "ssa-psro tournament scenarios/quickstart.toml",
    "ssa-psro play --help",
)


def main() -> None:
    """Run the command line and exit: 0 done, 1 failed, 2 unusable input, 130 interrupted."""
    build_app()(prog_name=PROGRAM)


def build_app() -> typer.Typer:
    """The application with every command in ``COMMANDS`` and ``GROUPS``."""
    app = _group()
    app.callback(epilog=epilog(EXAMPLES))(_program)
    _add(app, COMMANDS)
    for name, (about, commands) in GROUPS.items():
        group = _group()
        _add(group, commands)
        app.add_typer(group, name=name, help=about)
    return app


def _group() -> typer.Typer:
    return typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_show_locals=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _add(app: typer.Typer, commands: Mapping[str, str]) -> None:
    for name, path in commands.items():
        module = import_module(path)
        app.command(name, epilog=epilog(module.EXAMPLES))(guarded(module.command))


def epilog(examples: Sequence[str]) -> str:
    """Examples as typer wants them: a blank line makes a new line."""
    return "\n\n".join(["[bold]Examples[/bold]", *(f"  $ {line}" for line in examples)])


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{PROGRAM} {__version__}")
        raise typer.Exit


def _program(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Two operators task their constellations over one catalogue: play it, and solve it by PSRO."""
