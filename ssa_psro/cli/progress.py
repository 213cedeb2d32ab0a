"""Progress of long work on stderr: stage, bar, time remaining. Silent where nobody watches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ssa_psro.cli.output import stderr
from ssa_psro.progress import StageProgress


@contextmanager
def progress(words: Mapping[str, str] | None = None) -> Iterator[StageProgress]:
    """A bar that is there while the block runs, and gone afterwards.

    The remaining time restarts with every stage, since stages differ in speed.

    Args:
        words: what people read for the name of a stage; the name itself where there are none.
    """
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
    from rich.progress import TimeRemainingColumn as TimeRemaining

    console = stderr()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemaining(elapsed_when_finished=True),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=1.0)
        stage = ""

        def tell(name: str, share: float) -> None:
            nonlocal stage
            if name != stage:
                bar.reset(task, description=(words or {}).get(name, name))
                stage = name
            bar.update(task, completed=share)

        yield tell
