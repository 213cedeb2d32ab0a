"""What a comparison found: every entry's figures, and how they differ from those of the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.findings.table import Column, Table, Value, make_table
from ssa_psro.findings.verdict import Sentence
from ssa_psro.findings.wording import Form, plural, shortened
from ssa_psro.metagame.intervals import CONFIDENCE, Interval, student_interval
from ssa_psro.study.comparison import Entry

FIGURES: dict[str, tuple[str, str, int, bool]] = {
    "payoff": ("payoff", "payoff", 3, True),
    "score": ("coverage score", "score", 3, False),
    "custody": ("custody, share of time and objects, each alike", "custody", 3, False),
    "contested_custody": ("the same of contested objects", "contested", 3, False),
    "opponent_custody": ("custody of the opponent", "opponent's", 3, False),
    "observations": ("observations an episode", "observations", 0, False),
    "hit_rate": ("successful share of them", "successful", 3, False),
    "denials": ("denials an episode", "denials", 0, False),
}
"""Each figure's meaning, its heading, its decimals, and whether it is signed."""

IN_BRIEF = ("payoff", "custody", "contested_custody", "opponent_custody")
"""What fits a terminal."""


def sample_of(entry: Entry, figure: str) -> Floats:
    """One number an episode, ``[E]``."""
    if figure == "opponent_custody":
        return entry.samples["custody"][:, 1]
    return entry.samples[figure][:, 0]


def comparison_table(
    entries: Sequence[Entry], opponent: str, *, figures: Sequence[str] = (), typeset: bool = False
) -> Table:
    """Every entry's figures, each with its interval.

    Args:
        entries: that were compared.
        opponent: of all of them.
        figures: names of those that are shown; all, if there are none.
        typeset: for pages.
    """
    names = figures or tuple(FIGURES)
    rows: list[tuple[Value, ...]] = [
        (*_names(one), *(student_interval(sample_of(one, name)) for name in names))
        for one in entries
    ]
    count = plural(len(sample_of(entries[0], "payoff")), "episode")
    note = f"Against {opponent}, {count} each, on common seeds; ± 95 %."
    columns = _columns(names, typeset, signed=False)
    return make_table("comparison", "Side by side", columns, rows, note=note)


def difference_table(
    entries: Sequence[Entry], *, figures: Sequence[str] = (), typeset: bool = False
) -> Table:
    """How every later entry differs from the first; bold where the payoff surely does."""
    first, names = entries[0], figures or tuple(FIGURES)
    rows: list[tuple[Value, ...]] = [
        (*_names(one), *(difference(one, first, name) for name in names)) for one in entries[1:]
    ]
    marked = [place for place, row in enumerate(rows) if _sure(row[2])]
    note = (
        f"Less what {' in '.join(reversed(_names(first)))} has, episode by episode; ± 95 % of the "
        "paired differences. Bold: the interval of the payoff excludes 0."
    )
    return make_table(
        "differences",
        "Differences from the first",
        _columns(names, typeset, signed=True),
        rows,
        note=note,
        marked=marked,
    )


def difference(one: Entry, other: Entry, figure: str) -> Interval:
    """Mean of the paired differences over the same episodes."""
    return student_interval(sample_of(one, figure) - sample_of(other, figure))


def _names(entry: Entry) -> tuple[str, str]:
    return entry.scenario, entry.policy


def in_brief(table: Table) -> Table:
    """A table as it fits a terminal: long names cut, and no column for a single scenario."""
    columns = (replace(table.columns[1], write=shortened), *table.columns[2:])
    if len(table.unique("scenario")) > 1:
        return replace(table, columns=(table.columns[0], *columns))
    title = f"{table.title}: {table.rows[0][0]}"
    return replace(table, title=title, columns=columns, rows=tuple(row[1:] for row in table.rows))


def _sure(found: object) -> bool:
    return isinstance(found, Interval) and not found.low <= 0.0 <= found.high


def _columns(names: Sequence[str], typeset: bool, *, signed: bool) -> tuple[Column, ...]:
    return (
        Column("scenario", "", "that was played"),
        Column("policy", "", "that is compared"),
        *(
            Column(
                name,
                "",
                meaning,
                heading,
                Form(decimals, signed=signed or always, typeset=typeset).plus_minus,
            )
            for name in names
            for meaning, heading, decimals, always in (FIGURES[name],)
        ),
    )


def verdict_of_comparison(entries: Sequence[Entry], *, typeset: bool = False) -> list[Sentence]:
    """Which entry is best paid, which holds most, and how sure that is."""
    return [
        Sentence(question, _best(entries, figure, typeset))
        for question, figure in (
            ("Which is best paid?", "payoff"),
            ("Which holds most in custody?", "custody"),
        )
    ]


def _best(entries: Sequence[Entry], figure: str, typeset: bool) -> str:
    level = Form(3, signed=FIGURES[figure][3], typeset=typeset)
    apart = Form(3, signed=True, typeset=typeset)
    ranked = sorted(entries, key=lambda one: -float(np.mean(sample_of(one, figure))))
    best = ranked[0]
    words = f"{_called(best, entries)}, {level.interval(student_interval(sample_of(best, figure)))}"
    if len(ranked) == 1:
        return f"{words}."
    second = ranked[1]
    gap = difference(best, second, figure)
    sure = "surely" if gap.low > 0.0 else "not surely: these episodes cannot tell them apart"
    return f"{words}; {apart.interval(gap)} ahead of {_called(second, entries)}, {sure}."


def _called(entry: Entry, entries: Sequence[Entry]) -> str:
    several = len({one.scenario for one in entries}) > 1
    return f"{entry.policy} in {entry.scenario}" if several else entry.policy


def comparison_document(
    entries: Sequence[Entry], opponent: str, side: str, seed: int
) -> dict[str, Any]:
    """A comparison as one JSON document."""
    return {
        "side": side,
        "opponent": opponent,
        "seed": seed,
        "episodes": len(sample_of(entries[0], "payoff")),
        "confidence": CONFIDENCE,
        "verdict": verdict_of_comparison(entries),
        "entries": [
            {
                "scenario": one.scenario,
                "policy": one.policy,
                "figures": {name: student_interval(sample_of(one, name)) for name in FIGURES},
                "differences": {name: difference(one, entries[0], name) for name in FIGURES},
            }
            for one in entries
        ],
    }
