"""From a run folder to its report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ssa_psro.errors import Fault, RunFolderError
from ssa_psro.inputs.files import write_bytes
from ssa_psro.progress import Progress, untold
from ssa_psro.report.content import Content, content_of
from ssa_psro.report.headline import headline_of
from ssa_psro.report.table import dictionary_of, write_csv
from ssa_psro.study import open_run

if TYPE_CHECKING:
    from ssa_psro.report.pictures import Picture

FOLDER, PAGE, FIGURES, DATA = "report", "index.html", "figures", "data"


def write_report(run_folder: Path) -> Path:
    """Write ``report/`` into a run folder, over any that is there, and return its page.

    Args:
        run_folder: of a finished run, or of one cut short after its first payoffs were played.

    Raises:
        RunFolderError: it is no run folder, damaged, empty, or cannot be written to.
        SolverError: the meta-solver could not certify an answer for an unfinished run.
    """
    return write_content(content_of(open_run(run_folder)))


def write_content(content: Content, *, on_share: Progress = untold) -> Path:
    """Write the report of what has been read already, and return its page.

    Args:
        content: of the run, into whose folder the report goes.
        on_share: told the share of the figures drawn, in (0, 1].

    Raises:
        RunFolderError: the folder cannot be written to.
    """
    folder = content.run.folder / FOLDER
    try:
        return _write(content, folder, on_share)
    except OSError as error:
        problem = f"cannot be written: {error.strerror or error}"
        cure = "Copy the run folder to where you may write, and name the copy."
        raise RunFolderError(str(folder), [Fault("report", None, problem, cure)]) from None


def _write(content: Content, folder: Path, on_share: Progress) -> Path:
    from ssa_psro.report.page import page_of

    for name in (FIGURES, DATA):
        (folder / name).mkdir(parents=True, exist_ok=True)
    tables = list(content.tables.values())
    for table in [*tables, dictionary_of(tables)]:
        write_csv(table, folder / DATA)
    parts = _pictures(content)
    drawings = _draw([picture for part in parts for picture in part], folder / FIGURES, on_share)
    drawn = [[(picture, drawings[picture.name]) for picture in part] for part in parts]
    page = folder / PAGE
    write_bytes(page, page_of(content, headline_of(content), *drawn).encode())
    return page


def _pictures(content: Content) -> list[list[Picture]]:
    """Those of coverage, of the meta-game, of the iterations and of an audit."""
    from ssa_psro.report.pictures import (
        audit_pictures,
        coverage_pictures,
        iteration_pictures,
        metagame_pictures,
    )

    tables, zero_sum = content.tables, content.run.scenario.rules.payoff == "zero-sum"
    return [
        list(coverage_pictures(tables)),
        list(metagame_pictures(tables, zero_sum=zero_sum)),
        list(iteration_pictures(tables, zero_sum=zero_sum)),
        list(audit_pictures(tables)),
    ]


def _draw(pictures: Sequence[Picture], folder: Path, on_share: Progress) -> dict[str, str]:
    """Save every picture; its SVG text, which the page takes in, by its name."""
    from ssa_psro.report.rendering import save

    drawings = {}
    for done, picture in enumerate(pictures, start=1):
        _, svg = save(picture, folder)
        drawings[picture.name] = svg.read_text("utf-8")
        on_share(done / len(pictures))
    return drawings
