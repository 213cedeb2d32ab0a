"""Figures of custody and scores."""

from __future__ import annotations

from collections.abc import Iterator

from ssa_psro.report.figures.custody import draw_custody
from ssa_psro.report.figures.scores import draw_scores
from ssa_psro.report.pictures.picture import WIDTH_IN, Panel, Picture, Tables
from ssa_psro.report.table import Table
from ssa_psro.report.tables.coverage import WHOLE


def coverage_pictures(tables: Tables) -> Iterator[Picture]:
    """Custody, contested custody and scores, where they have been played."""
    if "custody" in tables:
        yield _custody(tables["custody"])
        yield _regimes(tables["custody"])
    if "contested" in tables:
        yield _contested(tables["contested"])
    if "scores" in tables:
        yield _scores(tables["scores"])


def _custody(table: Table) -> Picture:
    whole = table.where("objects", WHOLE)
    return Picture(
        name="custody",
        title="Catalogue in custody against time",
        note=(
            "Share of the catalogue, by weight, whose position each side knows well enough for "
            "custody. Line: mean over episodes; band: its 95 % interval. Both sides start with "
            "observations of random age, so the first hours show what they began with."
        ),
        table=whole,
        panels=(Panel(draw_custody, whole),),
        columns=1,
        size_in=(WIDTH_IN, 3.6),
    )


def _regimes(table: Table) -> Picture:
    regimes = [name for name in table.unique("objects") if name != WHOLE]
    panels = tuple(Panel(draw_custody, table.where("objects", name), name) for name in regimes)
    return Picture(
        name="custody-by-regime",
        title="Custody against time by regime",
        note="As above, within each regime.",
        table=table,
        panels=panels,
        columns=1,
        size_in=(WIDTH_IN, 0.5 + 2.7 * len(panels)),
    )


def _contested(table: Table) -> Picture:
    return Picture(
        name="contested",
        title="Contested objects: who holds the fresher custody",
        note=(
            "Share of the contested objects, by weight, that each side holds: it has custody, "
            "and its last success is the more recent, or it alone has custody. What is missing "
            "to 100 % is held by nobody."
        ),
        table=table,
        panels=(Panel(draw_custody, table),),
        columns=1,
        size_in=(WIDTH_IN, 3.6),
    )


def _scores(table: Table) -> Picture:
    return Picture(
        name="scores",
        title="Coverage score by regime and by contest",
        note=(
            "Score among the objects named, as if they were the whole catalogue; the score of "
            "the catalogue is their mean by weight. Numbers: mean and half the width of the 95 % "
            f"interval over {max(table.values('episodes'))} episodes."
        ),
        table=table,
        panels=(Panel(draw_scores, table),),
        columns=1,
        size_in=(WIDTH_IN, 1.4 + 0.5 * len(table.unique("objects"))),
    )
