"""What commands say: results on stdout, progress, warnings and faults on stderr.

Results are tables for people or one JSON document for machines. A failure is every fault with its
cure and an exit code, never a traceback.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from functools import wraps
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import TYPE_CHECKING, Any, ParamSpec

import typer

from ssa_psro.cli.interrupts import exit_code
from ssa_psro.errors import CatalogError, Fault, InputError, SsaPsroError, UsageError, shortened
from ssa_psro.progress import StageProgress

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from ssa_psro.findings import Table
    from ssa_psro.findings.table import Facts
    from ssa_psro.report.text import Styles
    from ssa_psro.scenario import FileReport

FAILED, UNUSABLE = 1, 2
"""Exit codes: the work failed, the input is at fault."""

LOG_EVERY_S = 60.0
"""Between two lines on work in progress, where no terminal shows a bar."""

MOST_REJECTS = 3
"""Rejected records that a warning shows of one file."""

P = ParamSpec("P")


def stdout() -> Console:
    """Where results go; text is printed as it is, whatever brackets it holds."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def stderr() -> Console:
    """Where progress and faults go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def print_table(table: Table, styles: Styles | None = None, *, width: int | None = None) -> None:
    """Print a table for people.

    Args:
        table: under its title and above its note; marked rows are bold.
        styles: for single cells, by the name of their column.
        width: columns to use at least; those of the terminal, if left out.
    """
    from ssa_psro.report.text import table_text

    console = stdout()
    console.width = max(console.width, width or 0)
    console.print(table_text(table, styles))


def print_facts(title: str, facts: Facts) -> None:
    """Print labels beside what there is to say of each, under a title."""
    from ssa_psro.report.text import facts_text

    stdout().print(facts_text(title, facts))


def print_json(document: Any) -> None:
    """Write ``document`` as the only thing on stdout; arrays and dataclasses become plain."""
    text = to_json(document)
    sys.stdout.write(text)
    sys.stdout.flush()


def to_json(document: Any) -> str:
    """``document`` as JSON text that ends in a new line.

    Raises:
        ValueError: a number is not finite, which JSON cannot say.
    """
    return json.dumps(document, indent=2, default=_plain, allow_nan=False) + "\n"


@contextmanager
def output_folder(folder: Path, option: str = "--output") -> Iterator[Path]:
    """The folder that an option names, made if it is not there, to write into.

    Raises:
        UsageError: it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):  # better to know before hours of work
            pass
        yield folder
    except OSError as error:
        problem = f"cannot be written: {error.strerror or error}"
        cure = "Name a folder that can be made or written to."
        raise UsageError("command line", [Fault(option, str(folder), problem, cure)]) from None


@contextmanager
def progress(words: Mapping[str, str] | None = None) -> Iterator[StageProgress]:
    """A bar that is there while the block runs, and gone afterwards; in logs, a line a minute.

    The remaining time restarts with every stage, since stages differ in speed.

    Args:
        words: what people read for the name of a stage; the name itself where there are none.
    """
    if not stderr().is_terminal:
        yield _Log(words or {}).tell
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
    from rich.progress import TimeRemainingColumn as TimeRemaining

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemaining(elapsed_when_finished=True),
    )
    with Progress(*columns, console=stderr(), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        stage = ""

        def tell(name: str, share: float) -> None:
            nonlocal stage
            if name != stage:
                bar.reset(task, description=(words or {}).get(name, name))
                stage = name
            bar.update(task, completed=share)

        yield tell


class _Log:
    """Progress for a file or a pipe: nothing of what is soon done, of long work a line at times."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words, self._begun = words, perf_counter()
        self._next_s = LOG_EVERY_S

    def tell(self, name: str, share: float) -> None:
        from ssa_psro.findings.wording import duration

        spent_s = perf_counter() - self._begun
        if spent_s >= self._next_s:
            self._next_s = spent_s + LOG_EVERY_S
            line = f"{self._words.get(name, name)}: {share:.0%} after {duration(spent_s)} in all"
            stderr().print(line, soft_wrap=True)


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
            show_failure(str(error))
            raise typer.Exit(FAILED) from None
        except KeyboardInterrupt as interrupt:
            _show(_heading("interrupted", "nothing more is written."))
            raise typer.Exit(exit_code(interrupt)) from None

    return guarded_command


def stopped(interrupt: KeyboardInterrupt, words: str) -> typer.Exit:
    """How an interrupted command ends, once it has been said how to go on."""
    stderr().print(f"Interrupted. {words}", soft_wrap=True, style="bold")
    return typer.Exit(exit_code(interrupt))


def show_failure(message: str) -> None:
    """Say on stderr why the work failed."""
    _show(_heading("error", message))


def show_faults(error: InputError) -> None:
    """List the faults of one input on stderr, each with what was found and how to mend it."""
    count = len(error.faults)
    _show(_heading(error.source, f"{count} fault{'s' if count > 1 else ''}"))
    for fault in error.faults:
        _show(_paragraph(fault))


def warn_of_rejects(files: Sequence[FileReport]) -> None:
    """Say on stderr how many records of each file were rejected, and why the first ones."""
    from rich.text import Text

    for file in files:
        if not file.rejected:
            continue
        count = len(file.rejected)
        heading = f": {count} of {file.records} {_records(file)} rejected, {file.used} used"
        lines = [f"\n  {one}" for one in file.rejected[:MOST_REJECTS]]
        if count > MOST_REJECTS:
            lines.append(f"\n  … and {count - MOST_REJECTS} more; --json lists them all")
        text = Text.assemble((file.path, "bold yellow"), heading, *lines)
        stderr().print(text, soft_wrap=True)


def print_use(files: Sequence[FileReport]) -> None:
    """Say on stdout which element sets are used, and why the others are not."""
    from ssa_psro.findings.catalog import use_in_words

    for line in use_in_words(files):
        stdout().print(line)


def refuse_rejects(files: Sequence[FileReport]) -> None:
    """Raise ``CatalogError`` with every rejected record, if there are any."""
    rejected = [(file.path, one) for file in files for one in file.rejected]
    sources = list(dict.fromkeys(path for path, _ in rejected))
    if rejected:
        faults = [
            Fault(f"{path}: {one.place}, {one.label}", None, one.problem, one.cure)
            for path, one in rejected
        ]
        raise CatalogError(sources[0] if len(sources) == 1 else "files of element sets", faults)


def _records(file: FileReport) -> str:
    """What the records of a file are; CSV files of attributes and windows have rows."""
    return "rows" if file.format == "csv" else "element sets"


def _paragraph(fault: Fault) -> Text:
    from rich.text import Text

    found = "" if fault.value is None else f" (found {shortened(repr(fault.value))})"
    return Text.assemble(
        ("  ", ""), (fault.key, "bold"), f": {fault.problem}{found}\n    ", (fault.cure, "green")
    )


def _heading(subject: str, message: str) -> Text:
    from rich.text import Text

    return Text.assemble((subject, "bold red"), f": {message}")


def _show(text: Text) -> None:
    """Print to stderr; lines are left whole, so that paths and values can be copied."""
    stderr().print(text, soft_wrap=True)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
