"""What a match found, for people and as one document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ssa_psro.findings.coverage import WHOLE
from ssa_psro.findings.figures_of_merit import FIGURES
from ssa_psro.findings.merit import ALONG, GAPS, WHERE, figures_of, merit_table, written
from ssa_psro.findings.table import SIDES, Column, Table, make_table
from ssa_psro.findings.verdict import Sentence
from ssa_psro.findings.wording import Form, paid_in_words, percent, plural
from ssa_psro.metagame.intervals import CONFIDENCE, Interval, student_interval
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
        if one.brief and name in figures
    ]
    columns = (Column(""), Column(f"Blue: {names[0]}"), Column(f"Red: {names[1]}"))
    title = f"{scenario.name}, {hours:g} h, {plural(len(match.episodes), 'episode')}"
    note = (
        f"Mean [95 % interval]. Payoff: {paid_in_words(scenario.rules.rivalry)}. Custody: of every "
        f"object alike unless by weight.\n{GAPS} {WHERE}"
    )
    return make_table("match", title, columns, rows, note=note)


TOP = 3
"""Causes that the verdict names."""


def verdict_of_match(
    match: MeasuredMatch,
    causes: Table,
    recovered: Table,
    names: tuple[str, str],
    *,
    typeset: bool = False,
) -> list[Sentence]:
    """Who is ahead, who holds what, why it was lost, and what denial costs.

    Args:
        match: what was measured.
        causes: ``findings.causes.cause_table`` of some of its episodes.
        recovered: ``findings.causes.recovered_table`` of the same.
        names: Blue's and Red's policy.
        typeset: for pages.
    """
    figures = figures_of(match)
    paid, share = Form(3, signed=True, typeset=typeset), Form(3, typeset=typeset)
    custody, held = figures["custody"], figures["held"]
    return [
        Sentence("Who is ahead?", _ahead(match, names, paid)),
        Sentence("Who has custody of what?", _held(custody, held, share)),
        *(
            Sentence(f"Why does {side.capitalize()} lose custody?", _why(causes, side))
            for side in SIDES
        ),
        *_denied(recovered),
    ]


def _ahead(match: MeasuredMatch, names: tuple[str, str], paid: Form) -> str:
    payoffs = match.played.samples["payoff"]
    blue, red = (student_interval(payoffs[:, side]) for side in (0, 1))
    # both are of the same episodes, whose luck they share: their difference tells more than either
    apart = student_interval(payoffs[:, 0] - payoffs[:, 1])
    told = (
        f"Blue is paid {paid.interval(blue)}, Red {paid.interval(red)}, {paid.interval(apart)} "
        "apart"
    )
    if apart.low > 0.0:
        return f"Blue, which plays {names[0]}: {told}."
    if apart.high < 0.0:
        return f"Red, which plays {names[1]}: {told}."
    return f"Neither, as far as {plural(blue.count, 'episode')} can tell: {told}."


def _held(
    custody: tuple[Interval | None, Interval | None],
    held: tuple[Interval | None, Interval | None],
    share: Form,
) -> str:
    """Shares in words; of what nobody contests there are none."""
    parts = []
    for found, what in ((custody, "of the objects, each alike"), (held, "of the contested weight")):
        both = [share.interval(one) for one in found if one is not None]
        if len(both) == 2:
            parts.append(f"{what}, Blue has {both[0]} and Red {both[1]}")
    return f"Mean over time: {'; '.join(parts)}."


def _why(causes: Table, side: str) -> str:
    """The largest causes of the whole catalogue, with their shares of the hours lost."""
    own = causes.where("side", side).where("objects", WHOLE)
    shares = [0.0 if one is None else one for one in own.values("share")]
    lost_h = sum(own.values("hours"))
    ranked = sorted(zip(own.values("cause"), shares, strict=True), key=lambda one: -one[1])
    named = ", ".join(f"{cause} {percent(part)}" for cause, part in ranked[:TOP] if part > 0)
    if not named:
        return "It loses none."
    return f"Of {lost_h:,.0f} object-hours an episode without custody: {named}."


def _denied(recovered: Table) -> Iterator[Sentence]:
    """What either side would regain without the other's denials, if there are any."""
    whole = recovered.where("objects", WHOLE)
    rows = zip(*(whole.values(name) for name in ("side", "recovered", "low", "high")), strict=True)
    parts = [
        f"{side.capitalize()} would have {gained:,.1f} [{low:,.1f}, {high:,.1f}] more object-hours"
        for side, gained, low, high in rows
        if low is not None and (gained != 0.0 or low != high)
    ]
    if parts:
        words = f"If the other side never denied, {'; '.join(parts)} of custody an episode."
        yield Sentence("What does denial cost?", words)
