"""The page of a match: who is ahead, who holds what, why custody was lost, and one episode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ssa_psro.findings.catalog import use_in_brief
from ssa_psro.findings.match import figure_table, verdict_of_match
from ssa_psro.findings.merit import all_tables, object_tables, regime_tables, sensor_tables
from ssa_psro.findings.scenario import game_in_words, object_table
from ssa_psro.findings.table import Table
from ssa_psro.game import game_of
from ssa_psro.policies import Policy
from ssa_psro.progress import Progress, untold
from ssa_psro.report.drawing import Part
from ssa_psro.report.episode import Replay, episode_tables, replayed
from ssa_psro.report.markup import html_table, text
from ssa_psro.report.page import Chapter, Drawn, Page, catalogue_part, figures_part, noted_table
from ssa_psro.report.timeline import timeline_part
from ssa_psro.report.writing import write_page
from ssa_psro.scenario import FileReport, Scenario
from ssa_psro.study.matches import MeasuredMatch


@dataclass(frozen=True, eq=False)
class MatchContent:
    """What the page of a match is made of.

    Attributes:
        scenario: that was played.
        names: Blue's and Red's policy.
        match: what was measured.
        replay: episodes of it.
        provenance: enough to make it again.
        files: what became of files of element sets.
    """

    scenario: Scenario
    names: tuple[str, str]
    match: MeasuredMatch
    replay: Replay
    provenance: Sequence[tuple[str, str]]
    files: tuple[FileReport, ...]

    @property
    def rivalry(self) -> float:
        """Share of the other side's score that is taken off a side's own."""
        return self.scenario.rules.rivalry

    @cached_property
    def _every(self) -> Mapping[str, Table]:
        found = [
            *all_tables(self.match, self.scenario),
            *episode_tables(self.replay),
            object_table(self.scenario),
        ]
        return {one.name: one for one in found}

    @property
    def causes(self) -> Table:
        """Why custody was lost; without rows where it never was."""
        return self._every["causes"]

    @property
    def tables(self) -> Mapping[str, Table]:
        """All tables that have rows, by name."""
        return {name: one for name, one in self._every.items() if one.rows}


def match_content(
    scenario: Scenario,
    policies: tuple[Policy, Policy],
    match: MeasuredMatch,
    *,
    provenance: Sequence[tuple[str, str]] = (),
    files: tuple[FileReport, ...] = (),
) -> MatchContent:
    """What the page of a match is made of; some of its episodes are played again for it.

    Args:
        scenario: that was played.
        policies: Blue's and Red's.
        match: what was measured.
        provenance: enough to make it again.
        files: what became of files of element sets.
    """
    game, (blue, red) = game_of(scenario), policies
    seeds = np.array([one.seed for one in match.episodes], np.uint64)
    replay = replayed(game, blue, red, seeds, match.played.samples["payoff"])
    names = (blue.name, red.name)
    return MatchContent(scenario, names, match, replay, provenance, files)


def write_match(content: MatchContent, folder: Path, *, on_share: Progress = untold) -> Path:
    """Write the page, its figures and its tables into a folder, and return the page.

    Args:
        content: of the match.
        folder: made if it is not there.
        on_share: told the share of the figures drawn, in (0, 1].

    Raises:
        OSError: the folder cannot be written to.
    """
    return write_page(content, folder, lambda drawn: match_page(content, drawn), on_share=on_share)


def match_page(content: MatchContent, drawn: Mapping[Part, Drawn]) -> Page:
    """The page of a match.

    Args:
        content: what it is about.
        drawn: the figures of each part.
    """
    figures = {part: figures_part(drawn[part]) for part in Part}
    match, scenario, replay = content.match, content.scenario, content.replay
    timeline = timeline_part(replay.shown, replay.game, replay.names)
    merit = html_table(figure_table(match, scenario, content.names))
    more = [*regime_tables(match, scenario), *sensor_tables(match, scenario)]
    objects = "".join(map(html_table, object_tables(match, scenario)))
    catalogue = catalogue_part(content.tables["objects"], content.files)
    blue, red = content.names
    return Page(
        title=f"{blue} against {red}",
        lead=f"{scenario.name}: {game_in_words(scenario)} {use_in_brief(content.files)}".strip(),
        verdict=verdict_of_match(
            match,
            content.causes,
            content.tables["recovered"],
            content.names,
            typeset=True,
        ),
        cards="",
        sections=(
            Chapter("coverage", "Coverage and custody", figures[Part.COVERAGE] + merit),
            Chapter(
                "causes",
                "Why custody was lost",
                figures[Part.CAUSES] + noted_table(content.tables["recovered"]),
            ),
            Chapter(
                "episode",
                "One episode",
                text("p", replay.words) + timeline.html + figures[Part.EPISODE],
            ),
            Chapter("details", "Regimes and sensors", "".join(map(html_table, more))),
            Chapter("objects", "Objects, the least custody first", objects),
            Chapter("catalogue", "The catalogue", figures[Part.CATALOGUE] + catalogue),
        ),
        provenance=content.provenance,
        source="a match",
        timeline=timeline,
    )
