"""The page of a tournament."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ssa_psro.findings.catalog import use_in_brief
from ssa_psro.findings.metagame import payoff_table
from ssa_psro.findings.rivalry import price_in_brief, price_table, seat_difference_table
from ssa_psro.findings.scenario import game_in_words, object_table
from ssa_psro.findings.table import Table
from ssa_psro.findings.tournament import (
    custody_table,
    mixtures_of,
    nash_table,
    ranking_table,
    seat_custody_table,
    seat_table,
    tournament_facts,
)
from ssa_psro.findings.verdict import verdict_of_tournament
from ssa_psro.report.drawing import Part
from ssa_psro.report.markup import html_facts, html_table
from ssa_psro.report.page import Chapter, Drawn, Page, catalogue_part, figures_part, noted_table
from ssa_psro.report.writing import write_page
from ssa_psro.scenario import FileReport, Scenario
from ssa_psro.study.matches import PlayedTournament


@dataclass(frozen=True, eq=False)
class TournamentContent:
    """What the page of a tournament is made of.

    Attributes:
        scenario: that was played.
        played: what came of it.
        tolerance: payoff below which a difference of the seats does not matter.
        provenance: enough to make it again.
        files: what became of files of element sets.
    """

    scenario: Scenario
    played: PlayedTournament
    tolerance: float
    provenance: Sequence[tuple[str, str]]
    files: tuple[FileReport, ...] = ()

    @property
    def rivalry(self) -> float:
        """Share of the other side's score that is taken off a side's own."""
        return self.scenario.rules.rivalry

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """All tables by name."""
        found = self.played.found
        tables = (
            payoff_table(found.table, mixtures_of(found)),
            nash_table(found),
            ranking_table(found),
            # under a name that no table of a run has
            replace(custody_table(self.played).flat(), name="policies"),
            price_table(self.played.price).flat(),
            seat_difference_table(found.seats, self.tolerance).flat(),
            object_table(self.scenario),
        )
        return {one.name: one for one in tables}


def write_tournament(content: TournamentContent, folder: Path) -> Path:
    """Write the page, its figures and its tables into a folder, and return the page.

    Raises:
        OSError: the folder cannot be written to.
    """
    return write_page(content, folder, lambda drawn: tournament_page(content, drawn))


def tournament_page(content: TournamentContent, drawn: Mapping[Part, Drawn]) -> Page:
    """The page of a tournament.

    Args:
        content: what it is about.
        drawn: the figures of each part.
    """
    played, found = content.played, content.played.found
    seats = ("both seats",) if found.one_seat else ("Blue", "Red")
    rankings = "".join(
        html_table(seat_table(found, side, seat))
        + html_table(seat_custody_table(played, side, seat))
        for side, seat in enumerate(seats)
    )
    price = price_in_brief(played.price, content.rivalry, typeset=True)
    worth = seat_difference_table(found.seats, content.tolerance, typeset=True)
    figures = {part: figures_part(drawn[part]) for part in Part}
    game = f"{game_in_words(content.scenario)} {use_in_brief(content.files)}".strip()
    return Page(
        title=f"{content.scenario.name}: a tournament",
        lead=f"{len(found.table.rows)} policies. {game}",
        verdict=verdict_of_tournament(played, content.tolerance, typeset=True),
        cards="",
        sections=(
            Chapter("ranking", "Who earns and who holds", rankings + figures[Part.COVERAGE]),
            Chapter(
                "metagame",
                "The meta-game",
                figures[Part.METAGAME] + html_facts(tournament_facts(found)),
            ),
            Chapter(
                "rivalry",
                "What rivalry and seats are worth",
                noted_table(price, "price-of-rivalry") + noted_table(worth),
            ),
            Chapter(
                "catalogue",
                "The catalogue",
                catalogue_part(content.tables["objects"], content.files),
            ),
        ),
        provenance=content.provenance,
        source="a tournament",
    )
