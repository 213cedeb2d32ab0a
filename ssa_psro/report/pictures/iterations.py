"""Figures of what happened from iteration to iteration."""

from __future__ import annotations

from collections.abc import Iterator

from ssa_psro.report.figures.convergence import draw_exploitability, draw_gains, draw_values
from ssa_psro.report.pictures.picture import WIDTH_IN, Panel, Picture, Tables
from ssa_psro.report.table import Table
from ssa_psro.report.tables.columns import SIDES


def iteration_pictures(tables: Tables, *, zero_sum: bool) -> Iterator[Picture]:
    """Exploitability, gains and values by iteration, once there is one."""
    if "exploitability" in tables:
        yield _exploitability(tables["exploitability"])
        yield _gains(tables["gains"])
        yield _values(tables["values"], zero_sum)


def _exploitability(table: Table) -> Picture:
    return Picture(
        name="exploitability",
        title="Exploitability by iteration: two different quantities",
        note=(
            "Approximate: what responses freshly trained against the iteration's mixtures gain "
            "on held-out episodes, mean of both sides; a lower bound of the truth, since better "
            "responses may exist. Restricted: what policies already in the populations gain; "
            "zero at an equilibrium of the population by construction, so it says nothing about "
            "the game. The curve need not fall in every iteration."
        ),
        table=table,
        panels=(Panel(draw_exploitability, table),),
        columns=1,
        size_in=(WIDTH_IN, 4.2),
    )


def _gains(table: Table) -> Picture:
    return Picture(
        name="gains",
        title="Who gains over the mixture: the new response or an existing policy",
        note=(
            "Gain over the side's own mixture against the other side's, on held-out episodes, "
            "with 95 % intervals. A new response above zero and above the best existing policy "
            "has found something new; one that lies below zero has failed. The best existing "
            "policy is the best of several, hence a little flattered."
        ),
        table=table,
        panels=tuple(Panel(draw_gains, table.where("side", side)) for side in SIDES),
        columns=2,
        size_in=(WIDTH_IN, 3.8),
        same_scale=True,
    )


def _values(table: Table, zero_sum: bool) -> Picture:
    held_out = table.where("measured_on", "held-out")
    shown = held_out.where("side", "blue") if zero_sum else held_out
    return Picture(
        name="values",
        title=f"What the mixtures are worth{' to Blue' if zero_sum else ''}",
        note=(
            "Payoff of mixture against mixture with its 95 % interval, on episodes that did not "
            "choose the mixtures."
        ),
        table=table,
        panels=(Panel(draw_values, shown),),
        columns=1,
        size_in=(WIDTH_IN, 3.2),
    )
