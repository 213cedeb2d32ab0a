"""The page of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssa_psro.findings.comparison import (
    comparison_table,
    difference_table,
    verdict_of_comparison,
)
from ssa_psro.findings.table import Table
from ssa_psro.report.drawing import Part
from ssa_psro.report.page import Drawn, Page, Section, figures_part, noted_table
from ssa_psro.report.writing import write_page
from ssa_psro.study.comparison import Entry


@dataclass(frozen=True, eq=False)
class ComparisonContent:
    """What the page of a comparison is made of.

    Attributes:
        entries: that were compared.
        opponent: of all of them.
        provenance: enough to make it again.
        rivalry: of the first scenario.
    """

    entries: Sequence[Entry]
    opponent: str
    provenance: Sequence[tuple[str, str]]
    rivalry: float = 1.0

    @property
    def tables(self) -> Mapping[str, Table]:
        """Figures and differences, by name."""
        found = [comparison_table(self.entries, self.opponent).flat()]
        if len(self.entries) > 1:
            found.append(difference_table(self.entries).flat())
        return {one.name: one for one in found}


def write_comparison(content: ComparisonContent, folder: Path) -> Path:
    """Write the page, its figures and its tables into a folder, and return the page.

    Raises:
        OSError: the folder cannot be written to.
    """
    return write_page(content, folder, lambda drawn: comparison_page(content, drawn))


def comparison_page(content: ComparisonContent, drawn: Mapping[Part, Drawn]) -> Page:
    """The page of a comparison.

    Args:
        content: what it is about.
        drawn: the figures of each part.
    """
    tables = [comparison_table(content.entries, content.opponent, typeset=True)]
    if len(content.entries) > 1:
        tables.append(difference_table(content.entries, typeset=True))
    figures = figures_part(drawn[Part.COVERAGE])
    names = list(dict.fromkeys(one.policy for one in content.entries))
    return Page(
        title=f"{', '.join(names)}: a comparison",
        lead=f"Each against {content.opponent}, on the same episodes.",
        verdict=verdict_of_comparison(content.entries, typeset=True),
        cards="",
        sections=(Section("figures", "Side by side", "".join(map(noted_table, tables)) + figures),),
        provenance=content.provenance,
        source="a comparison",
    )
