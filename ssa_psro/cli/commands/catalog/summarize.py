"""``ssa-psro catalog summarize``: what files of element sets hold, and what of it is unusable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.options import AsJson, instant
from ssa_psro.cli.output import UNUSABLE, print_json, print_table, stdout

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rich.console import Group

    from ssa_psro.catalogs import CatalogFile, Rejected

EXAMPLES = (
    "ssa-psro catalog summarize data/leo-meo-geo.json",
    "ssa-psro catalog summarize active.tle --all-rejects",
    "ssa-psro catalog summarize gp.csv --epoch 2026-03-20 --strict --json",
)

SHOWN_REJECTS = 10
"""Rejected records that are listed unless all are wanted."""


def command(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Element sets: TLE with or without names, or OMM in JSON, CSV, XML or KVN.",
            show_default=False,
        ),
    ],
    epoch: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Instant (UTC) that ages count from.", show_default="now"
        ),
    ] = None,
    all_rejects: Annotated[
        bool, typer.Option("--all-rejects", help="List every rejected record, not the first ten.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with code 2 if a record is rejected.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Sum up files of element sets: objects by regime, their epochs, and every damaged record.

    A damaged record is reported with its place, what is wrong and what to do; the rest is used.
    """
    from dataclasses import replace
    from datetime import UTC, datetime

    from ssa_psro.catalogs import read_catalog
    from ssa_psro.errors import CatalogError
    from ssa_psro.findings.catalog import summary_of

    at = instant(epoch, "--epoch") if epoch else datetime.now(UTC)
    catalogs, errors = [], list[CatalogError]()
    for path in files:
        try:
            catalogs.append(read_catalog(path))
        except CatalogError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        told = [(error.source, one) for error in errors for one in error.faults]
        faults = [replace(one, key=f"{source}: {one.key}") for source, one in told]
        raise CatalogError("files of element sets", faults)
    if as_json:
        print_json({"catalogs": [summary_of(one, at) for one in catalogs]})
    else:
        for one in catalogs:
            _print(one, at, all_rejects=all_rejects)
    if strict and any(one.rejected for one in catalogs):
        raise typer.Exit(UNUSABLE)


def _print(catalog: CatalogFile, at: datetime, *, all_rejects: bool) -> None:
    """A file for people; of the rejected records only the first, unless all are wanted."""
    from rich.text import Text

    from ssa_psro.findings.catalog import catalog_in_words, regime_table

    objects, rejects = catalog_in_words(catalog)
    heading = Text.assemble(
        (str(catalog.path), "bold"),
        f": {objects}, ",
        (rejects, "red" if catalog.rejected else ""),
    )
    stdout().print(heading, "", soft_wrap=True)
    if catalog.accepted:
        print_table(regime_table(catalog, at))
    if catalog.rejected:
        shown = catalog.rejected[: None if all_rejects else SHOWN_REJECTS]
        stdout().print(_rejects(shown, hidden=len(catalog.rejected) - len(shown)))


def _rejects(rejected: Sequence[Rejected], *, hidden: int) -> Group:
    """A line a record, folded where it is long, with the cure in green."""
    from rich.text import Text

    from ssa_psro.report.text import lines_of, titled

    lines = lines_of("Place", "Object", "Id", "Problem and cure")
    for column in lines.columns:
        column.justify, column.overflow = "left", "fold"
    for one in rejected:
        what = Text.assemble(f"{one.problem}. ", (one.cure, "green"))
        lines.add_row(one.place, one.name, one.catalog_id, what)
    note = f"{hidden} more: --all-rejects lists them, --json too." if hidden else ""
    return titled("Rejected records", lines, note)
