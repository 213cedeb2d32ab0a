"""How a command fails: every fault with its cure on stderr, an exit code, no traceback."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

import typer

from ssa_psro.errors import Fault, InputError, SsaPsroError

if TYPE_CHECKING:
    from rich.text import Text

FAILED, UNUSABLE, INTERRUPTED = 1, 2, 130
"""Exit codes: the work failed, the input is at fault, the user pressed Ctrl-C."""

P = ParamSpec("P")


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """``command``, with the errors this package raises on purpose turned into exit codes."""

    @wraps(command)
    def guarded_command(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except InputError as error:
            show_faults(error)
            raise typer.Exit(UNUSABLE) from None
        except SsaPsroError as error:
            _show(_heading("error", str(error)))
            raise typer.Exit(FAILED) from None
        except KeyboardInterrupt:
            _show(_heading("interrupted", "nothing more is written."))
            raise typer.Exit(INTERRUPTED) from None

    return guarded_command


def show_faults(error: InputError) -> None:
    """List the faults of one input on stderr, each with what was found and how to mend it."""
    count = len(error.faults)
    _show(_heading(error.source, f"{count} fault{'s' if count > 1 else ''}"))
    for fault in error.faults:
        _show(_paragraph(fault))


def _paragraph(fault: Fault) -> Text:
    from rich.text import Text

    found = "" if fault.value is None else f" (found {fault.value!r})"
    return Text.assemble(
        ("  ", ""), (fault.key, "bold"), f": {fault.problem}{found}\n    ", (fault.cure, "green")
    )


def _heading(subject: str, message: str) -> Text:
    from rich.text import Text

    return Text.assemble((subject, "bold red"), f": {message}")


def _show(text: Text) -> None:
    """Print to stderr; lines are left whole, so that paths and values can be copied."""
    from ssa_psro.cli.output import stderr

    stderr().print(text, soft_wrap=True)
