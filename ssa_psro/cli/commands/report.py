"""``ssa-psro report``: tables, figures and one page about a run."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.options import AsJson
from ssa_psro.cli.output import print_json, progress, stdout

if TYPE_CHECKING:
    from ssa_psro.findings import Content

EXAMPLES = (
    "ssa-psro report runs/quickstart-1",
    "ssa-psro report runs/quickstart-1 --json",
)


def command(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Write the report of a run, finished or not, into its folder.

    The page report/index.html stands on its own; beside it lie the figures as PNG and SVG, and
    the data of every figure as CSV.
    """
    from ssa_psro.findings import content_of
    from ssa_psro.report import write_content
    from ssa_psro.study import open_run

    with progress() as tell:
        tell("tables", 0.0)
        content = content_of(open_run(folder))
        tell("figures", 0.0)
        page = write_content(content, on_share=partial(tell, "figures"))
    if as_json:
        _print_json(content, page)
    else:
        stdout().print(str(page), soft_wrap=True)


def _print_json(content: Content, page: Path) -> None:
    from ssa_psro.findings import headline_of

    files = sorted(str(path) for path in page.parent.rglob("*") if path.is_file())
    print_json(
        {
            "folder": str(content.run.folder),
            "report": str(page),
            "headline": headline_of(content),
            "files": files,
        }
    )
