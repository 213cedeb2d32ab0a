"""The program ``ssa-psro``: every command that lies in :mod:`ssa_psro.cli.commands`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Annotated

import typer

from ssa_psro import __version__
from ssa_psro.cli import commands
from ssa_psro.cli.interrupts import heed_signals
from ssa_psro.cli.output import guarded

PROGRAM = "ssa-psro"

ORDER = (
    *("check", "list", "play", "compare", "tournament", "run", "resume", "audit", "ceiling"),
    *("evaluate", "report", "verify", "export", "experiment", "catalog", "summarize", "generate"),
)
"""Commands in the order of the help; whatever else is found comes after these, by name."""

EXAMPLES = (
    "ssa-psro check scenarios/quickstart.toml",
    "ssa-psro tournament scenarios/quickstart.toml",
    "ssa-psro play --help",
)


def main() -> None:
    """Run the command line and exit: 0 done, 1 failed, 2 unusable input, 130 interrupted.

    Where another signal than Ctrl-C interrupted it, 128 and its number: 129 for HUP, 143 for TERM.
    """
    heed_signals()
    build_app()(prog_name=PROGRAM)


def build_app() -> typer.Typer:
    """The application with every command there is."""
    app = _group()
    app.callback(epilog=epilog(EXAMPLES))(_program)
    _add(app, commands)
    return app


def names_in(package: ModuleType) -> list[str]:
    """Names of the commands and groups in a package, in the order of the help."""
    found = sorted(module.name for module in iter_modules(package.__path__))
    return sorted(found, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


def _group() -> typer.Typer:
    return typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_show_locals=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _add(app: typer.Typer, package: ModuleType) -> None:
    """Add the commands of a package, and a group for each package in it."""
    for name in names_in(package):
        module = import_module(f"{package.__name__}.{name}")
        if hasattr(module, "__path__"):
            group = _group()
            _add(group, module)
            app.add_typer(group, name=name, help=(module.__doc__ or "").split("\n")[0])
        else:
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
