"""What commands print: tables for people, or one JSON document for machines."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from ssa_psro.metagame.intervals import Interval


def stdout() -> Console:
    """Where results go; text is printed as it is, whatever brackets it holds."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def stderr() -> Console:
    """Where progress and faults go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False)


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


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def table(*columns: str) -> Table:
    """A plain table whose first column is text and whose others are numbers."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for index, name in enumerate(columns):
        made.add_column(name, justify="right" if index else "left")
    return made


def print_table(title: str, lines: Table, note: str = "") -> None:
    """A table under its title and above its note, neither of them squeezed to its width."""
    console = stdout()
    console.print(title, style="bold")
    console.print(lines)
    if note:
        console.print(note, style="dim")
    console.print()


def shown(interval: Interval, decimals: int, *, signed: bool = False) -> str:
    """``mean [low, high]`` with so many decimals; trailing zeros stay, so that columns align."""
    form = f"{'+' if signed else ''}.{decimals}f"
    low, high = format(interval.low, form), format(interval.high, form)
    return f"{format(interval.mean, form)} [{low}, {high}]"
