"""``ssa-psro catalog summarize``: what files of element sets hold, and what of it is unusable."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssa_psro.cli.catalog_options import instant
from ssa_psro.cli.failure import UNUSABLE
from ssa_psro.cli.options import AsJson
from ssa_psro.cli.output import print_json

EXAMPLES = (
    "ssa-psro catalog summarize data/leo-meo-geo.json",
    "ssa-psro catalog summarize active.tle --all-rejects",
    "ssa-psro catalog summarize gp.csv --epoch 2026-03-20 --strict --json",
)


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
    from datetime import UTC, datetime

    from ssa_psro.catalogs import read_catalog
    from ssa_psro.cli.catalog_summary import print_summary, summary_of

    at = instant(epoch, "--epoch") if epoch else datetime.now(UTC)
    catalogs = [read_catalog(path) for path in files]
    if as_json:
        print_json({"catalogs": [summary_of(one, at) for one in catalogs]})
    else:
        for one in catalogs:
            print_summary(one, at, all_rejects=all_rejects)
    if strict and any(one.rejected for one in catalogs):
        raise typer.Exit(UNUSABLE)
