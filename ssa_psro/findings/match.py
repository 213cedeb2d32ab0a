"""What a match found, for people and as one document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ssa_psro.findings.figures_of_merit import FIGURES
from ssa_psro.findings.merit import ALONG, GAPS, WHERE, figures_of, merit_table, written
from ssa_psro.findings.table import Column, Table, make_table
from ssa_psro.findings.wording import paid_in_words, plural
from ssa_psro.metagame.intervals import CONFIDENCE
from ssa_psro.scenario import Scenario, content_hash

if TYPE_CHECKING:
    from ssa_psro.study.matches import MeasuredMatch


def document_of(
    match: MeasuredMatch,
    scenario: Scenario,
    names: tuple[str, str],
    seed: int,
    along: str = ALONG[0],
) -> dict[str, Any]:
    """A match as one JSON document.

    Args:
        match: what was measured.
        scenario: its game.
        names: Blue's and Red's policy.
        seed: root of its randomness.
        along: one of ``ALONG``; if not the sides, their figures stand beside those of the sides.
    """
    document: dict[str, Any] = {
        "scenario": {"name": scenario.name, "content_hash": content_hash(scenario)},
        "payoff_kind": scenario.rules.payoff_kind,
        "rivalry": scenario.rules.rivalry,
        "blue": names[0],
        "red": names[1],
        "seed": seed,
        "episodes": len(match.episodes),
        "confidence": CONFIDENCE,
        "within_h": match.within_h,
        "figures": {
            name: {"blue": blue, "red": red} for name, (blue, red) in figures_of(match).items()
        },
    }
    if along != ALONG[0]:
        table = merit_table(match, scenario, along)
        document[f"{along}s"] = [dict(zip(table.names, row, strict=True)) for row in table.rows]
    return document


def figure_table(match: MeasuredMatch, scenario: Scenario, names: tuple[str, str]) -> Table:
    """The figures of both sides for people, a line each; those that need no table of their own."""
    hours, figures = scenario.window.duration_h, figures_of(match)
    rows = [
        (
            one.label.format(within=match.within_h),
            *(written(name, side, hours) for side in figures[name]),
        )
        for name, one in FIGURES.items()
        if one.brief
    ]
    columns = (Column(""), Column(f"Blue: {names[0]}"), Column(f"Red: {names[1]}"))
    title = f"{scenario.name}, {hours:g} h, {plural(len(match.episodes), 'episode')}"
    note = (
        f"Mean [95 % interval]. Payoff: {paid_in_words(scenario.rules.rivalry)}. Custody: of every "
        f"object alike unless by weight.\n{GAPS} {WHERE}"
    )
    return make_table("match", title, columns, rows, note=note)
