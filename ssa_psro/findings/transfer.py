"""What a transfer found: how well a run's policies carry over to other games."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ssa_psro.findings.table import (
    COUNT,
    SIDE,
    SIDES,
    Column,
    Table,
    interval_columns,
    make_table,
    numbers_of,
)
from ssa_psro.findings.wording import Form
from ssa_psro.metagame.intervals import Interval

if TYPE_CHECKING:
    from ssa_psro.study.transfer import Crossing, Transfer

LEVEL, GAIN = Form(3), Form(3, signed=True)

NOTE = (
    "Payoffs on held-out episodes. Gain over the heuristics: what a side gets more by playing the "
    "run's mixture instead of the heuristics' equilibrium, against that equilibrium; mean of both "
    "sides. Known policies: the best heuristic or member of the run against the run's mixtures, "
    "chosen on other episodes: a lower bound of their exploitability. They gain over the "
    "heuristics: the same of the heuristics' equilibrium. Coverage scores: both sides play the "
    "run's mixtures."
)


def transfer_title(found: Transfer) -> str:
    """Whose mixtures are carried over."""
    whom = "the final equilibrium" if found.iteration is None else f"iterate {found.iteration}"
    return f"How {whom} of {found.run} carries over"


def transfer_table(found: Transfer) -> Table:
    """Every figure of every game, a row a side where the sides differ."""
    columns = (
        Column("scenario", "", "name of the game"),
        Column("home", "", "whether the run was trained in it"),
        Column("objects", "objects", "in its catalogue"),
        Column("quantity", "", "value: payoff; score: coverage; gain: over the heuristics"),
        Column(SIDE.name, "", "blue, red, or both: the mean of the two"),
        *interval_columns("payoff, or score from 0 to 1", "the quantity, held out"),
        COUNT,
    )
    rows = [
        (one.scenario, one.home, one.objects, quantity, side, *numbers_of(number), number.count)
        for one in found.crossings
        for quantity, side, number in _figures(one)
    ]
    return make_table("transfer", transfer_title(found), columns, rows)


def crossing_in_brief(one: Crossing) -> Table:
    """What there is to say of one game, a line each, since one line would not hold it all."""
    columns = (Column(""), Column("mean [95 % interval]"))
    rows = [
        ("gain over the heuristics", GAIN.interval(one.gain)),
        ("known policies gain over the run", LEVEL.interval(one.known_exploitability)),
        ("    most as Blue", one.deviators[0]),
        ("    most as Red", one.deviators[1]),
        ("they gain over the heuristics", LEVEL.interval(one.heuristic_exploitability)),
        *(
            (f"coverage score of {side}", LEVEL.interval(score))
            for side, score in zip(("Blue", "Red"), one.scores, strict=True)
        ),
    ]
    home = "home, " if one.home else ""
    title = f"{one.scenario} ({home}{one.objects} objects)"
    return make_table("crossing", title, columns, rows)


def _figures(one: Crossing) -> Iterator[tuple[str, str, Interval]]:
    pairs = {"value": one.values, "score": one.scores, "gain": one.gains}
    for quantity, both in pairs.items():
        yield from zip((quantity, quantity), SIDES, both, strict=True)
    yield "gain", "both", one.gain
    yield "known_exploitability", "both", one.known_exploitability
    yield "heuristic_exploitability", "both", one.heuristic_exploitability
