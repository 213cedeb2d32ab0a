"""The program ``ssa-psro``: every command that lies in :mod:`ssa_psro.cli.commands`."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from errno import EPIPE
from importlib import import_module
from importlib.util import find_spec
from io import TextIOWrapper
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Annotated, NoReturn

import typer

from ssa_psro import __version__
from ssa_psro.cli import commands
from ssa_psro.cli.interrupts import heed_signals
from ssa_psro.cli.output import FAILED, guarded, show_failure, stderr

PROGRAM = "ssa-psro"

ORDER = (
    *("init", "check", "list", "play", "compare", "tournament", "run", "resume", "work"),
    *("audit", "ceiling", "evaluate", "report", "verify", "export"),
    *("sweep", "experiment", "bench", "catalog", "summarize", "generate"),
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
    _settle_streams()
    warnings.showwarning = _show_warning
    os.environ["MPLBACKEND"] = "agg"  # a notebook's may not be there, and nothing is shown
    # figures have settings of their own, and a user's may be such as nobody can read
    if (plotting := find_spec("matplotlib")) is not None and plotting.origin is not None:
        os.environ["MATPLOTLIBRC"] = str(Path(plotting.origin).parent / "mpl-data" / "matplotlibrc")
    try:
        try:
            build_app()(prog_name=PROGRAM)
        finally:
            sys.stdout.flush()
    except OSError as error:
        _give_up(error)


def _settle_streams() -> None:
    """See that whatever is printed can be, if need be with other characters in its place."""
    sys.stdout, err = (stream or os.fdopen(_nowhere(), "w") for stream in (sys.stdout, sys.stderr))
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    if isinstance(err, TextIOWrapper):
        encoding = err.encoding
        sys.stderr = _Messages(err.detach(), encoding, "replace", line_buffering=True)


class _Messages(TextIOWrapper):
    """Standard error: a message that cannot be written is lost, and stops nobody."""

    def write(self, text: str) -> int:
        """All of it, or nothing."""
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """As far as that can be done."""
        with suppress(OSError):
            super().flush()


def _nowhere() -> int:
    """Where whatever is written vanishes."""
    return os.open(os.devnull, os.O_WRONLY)


def _give_up(error: OSError) -> NoReturn:
    """Exit where the system refuses something, in one line; a reader that has left needs none."""
    # what is still buffered would be written at the end, and fail once more
    os.dup2(_nowhere(), sys.stdout.fileno())
    if error.errno != EPIPE:
        problem = error.strerror or str(error)
        where = "cannot write" if error.filename is None else os.fsdecode(error.filename)
        show_failure(f"{where}: {problem}")
    sys.exit(FAILED)


def _show_warning(message: Warning | str, *where: object, **more: object) -> None:
    """What warns, in one sentence on stderr, without the line of code that it comes from."""
    stderr().print(f"Warning: {message}", soft_wrap=True, style="yellow")


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
