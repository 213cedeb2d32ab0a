"""Figures of payoffs and mixtures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ssa_psro.report.figures.heat_map import draw_heat_map
from ssa_psro.report.figures.mixtures import draw_final_mixture, draw_mixture_history, played
from ssa_psro.report.pictures.picture import WIDTH_IN, Panel, Picture, Tables
from ssa_psro.report.table import Table
from ssa_psro.report.tables.columns import SIDES


def metagame_pictures(tables: Tables, *, zero_sum: bool) -> Iterator[Picture]:
    """Payoffs and mixtures."""
    for side in SIDES[:1] if zero_sum else SIDES:
        yield payoff_picture(tables["payoffs"].where("paid", side), zero_sum=zero_sum)
    yield _final_mixture(tables["final-mixture"])
    if "mixtures" in tables:
        yield _mixtures(tables["mixtures"])


def payoff_picture(table: Table, *, zero_sum: bool) -> Picture:
    """The payoff matrix of one paid side; also of a tournament."""
    sure = "Bold: the interval excludes zero. " if zero_sum else ""
    paid = table.values("paid")[0]
    rows, columns = len(table.unique("blue_policy")), len(table.unique("red_policy"))
    cell = min(0.56, 13.0 / max(rows, columns))
    episodes = max(table.values("episodes"))
    return Picture(
        name="payoffs" if paid == "blue" else "payoffs-red",
        title=f"Payoff to {paid.capitalize()} of every policy against every policy",
        note=(
            f"Mean over {episodes} episodes, the same ones in every cell, above half the width "
            f"of its 95 % interval. {sure}Beside a policy's name: how often it is played at the "
            "equilibrium of these payoffs."
        ),
        table=table,
        panels=(Panel(partial(draw_heat_map, zero_sum=zero_sum), table),),
        columns=1,
        size_in=(max(6.5, cell * columns + 3.6), max(4.0, cell * rows + 2.4)),
    )


def _final_mixture(table: Table) -> Picture:
    sides = [table.where("side", side) for side in SIDES]
    most = max(len(set(played(s, "high")) | set(played(s, "best_iterate"))) for s in sides)
    episodes = max(table.values("episodes"))
    return Picture(
        name="final-mixture",
        title="Equilibrium of the last payoff table, and what the best iterate plays",
        note=(
            "Bars: how often each policy is played at the equilibrium of the last payoffs; "
            f"lines: 95 % bootstrap intervals over {episodes} episodes a cell. An equilibrium can "
            "jump when payoffs change a little, so wide intervals are common. Diamonds: the best "
            "iterate, whose exploitability has been measured; that of the last equilibrium has not."
        ),
        table=table,
        panels=tuple(Panel(draw_final_mixture, side) for side in sides),
        columns=2,
        size_in=(WIDTH_IN, 1.6 + 0.34 * most),
    )


def _mixtures(table: Table) -> Picture:
    sides = [table.where("side", side) for side in SIDES]
    most = max(len(played(side, "probability")) for side in sides)
    return Picture(
        name="mixtures",
        title="What each side played, iteration by iteration",
        note=(
            "Cells: how often a policy is played, in per cent; blank where it had not been "
            "trained yet. Best: the iterate to use. Last column: the equilibrium of the last "
            "payoffs, after all policies have joined."
        ),
        table=table,
        panels=tuple(Panel(draw_mixture_history, side) for side in sides),
        columns=2,
        size_in=(WIDTH_IN, 1.4 + 0.3 * most),
    )
