"""From a run folder to its report, and from a tournament to its heat map."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ssa_psro.errors import Fault, RunFolderError
from ssa_psro.findings import Content, content_of
from ssa_psro.findings.metagame import Mixtures, payoff_table
from ssa_psro.findings.table import dictionary_of
from ssa_psro.inputs.files import remove_unfinished, write_bytes
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.progress import Progress, untold
from ssa_psro.report.csv_files import write_csv
from ssa_psro.report.drawing import Drawable, Part, Picture, save
from ssa_psro.study import open_run
from ssa_psro.study.folder import REPORT, SUMS
from ssa_psro.study.holding import note, sole_writer

if TYPE_CHECKING:
    from ssa_psro.report.page import Drawn, Page

FOLDER, PAGE, FIGURES, DATA = REPORT, "index.html", "figures", "data"


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
        RunFolderError: the folder cannot be written to, or another process is writing the report.
    """
    run, folder = content.run.folder, content.run.folder / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        with sole_writer(folder):
            remove_unfinished(folder)
            page = _write(content, folder, on_share)
            note(run, "report written")
        return page
    except OSError as error:
        problem = f"cannot be written: {error.strerror or error}"
        cure = "Make room, or copy the run folder to where you may write, and name the copy."
        raise RunFolderError(str(folder), [Fault("report", None, problem, cure)]) from None


def _write(content: Content, folder: Path, on_share: Progress) -> Path:
    from ssa_psro.findings.merit import merit_tables
    from ssa_psro.report.episode import Replay, episode_tables, replay_of
    from ssa_psro.report.run_page import run_page

    replay = replay_of(content.run)
    if isinstance(replay, Replay):
        merit = merit_tables(replay.measured, content.run.scenario)
        more = {one.name: one for one in (*episode_tables(replay), *merit) if one.rows}
        content = replace(content, tables={**content.tables, **more})
    return write_page(
        content, folder, lambda drawn: run_page(content, drawn, replay), on_share=on_share
    )


def write_page(
    content: Drawable,
    folder: Path,
    make_page: Callable[[Mapping[Part, Drawn]], Page],
    *,
    on_share: Progress = untold,
) -> Path:
    """Write a result's tables, its figures and its page into a folder, and return the page.

    Args:
        content: what the figures are drawn from.
        folder: made if it is not there.
        make_page: the page, from the figures of each part.
        on_share: told the share of the figures drawn, in (0, 1].

    Raises:
        OSError: the folder cannot be written to.
    """
    from ssa_psro.report.figures import pictures_of
    from ssa_psro.report.page import html_of

    (folder / SUMS).unlink(missing_ok=True)  # until all is written, nothing vouches for it
    pictures = pictures_of(content)
    wanted = list(chain.from_iterable(pictures.values()))
    own = (one.table for one in wanted if one.table.name not in content.tables)
    tables = [*content.tables.values(), *own]
    written = [write_csv(table, folder / DATA) for table in [*tables, dictionary_of(tables)]]
    drawings = _draw(wanted, folder / FIGURES, on_share)
    written += [folder / FIGURES / f"{name}.{kind}" for name in drawings for kind in ("png", "svg")]
    drawn = {part: [(one, drawings[one.name]) for one in found] for part, found in pictures.items()}
    page = folder / PAGE
    write_bytes(page, html_of(make_page(drawn)).encode())
    write_bytes(folder / SUMS, sums_of(folder, [*written, page]).encode())
    return page


def sums_of(folder: Path, paths: Iterable[Path]) -> str:
    """A line a file: its SHA-256 and its path in the folder, as ``sha256sum --check`` reads them.

    The last line is a comment, with the checksum of those before it.
    """
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
    ]
    text = "".join(lines)
    return f"{text}# {sha256(text.encode()).hexdigest()}\n"


def _draw(pictures: Sequence[Picture], folder: Path, on_share: Progress) -> dict[str, str]:
    """Save every picture; its SVG text, which the page takes in, by its name."""
    drawings = {}
    for done, picture in enumerate(pictures, start=1):
        _, svg = save(picture, folder)
        drawings[picture.name] = svg.read_text("utf-8")
        on_share(done / len(pictures))
    return drawings


def save_heat_map(
    payoffs: PayoffTable, mixtures: Mixtures, folder: Path, *, rivalry: float = 1.0
) -> list[Path]:
    """Write the payoffs as CSV, and their heat map as PNG and SVG, into an existing folder.

    Args:
        payoffs: rows are Blue's policies.
        mixtures: probability of each of Blue's and of each of Red's policies at equilibrium.
        folder: must exist.
        rivalry: of the game; at 1 Blue's payoffs alone are drawn, since Red's are their opposite.

    Returns:
        What was written.
    """
    from ssa_psro.report.figures.payoffs import payoff_pictures

    table = payoff_table(payoffs, mixtures)
    paths = [write_csv(table, folder)]
    for picture in payoff_pictures(table, rivalry=rivalry):
        paths += save(picture, folder)
    return paths
