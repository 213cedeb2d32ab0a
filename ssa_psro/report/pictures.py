"""Which figures a report has, what each is drawn from, and what to read in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ssa_psro.report.figures.convergence import draw_exploitability, draw_gains, draw_values
from ssa_psro.report.figures.custody import draw_custody
from ssa_psro.report.figures.heat_map import draw_heat_map
from ssa_psro.report.figures.mixtures import draw_final_mixture, draw_mixture_history, played
from ssa_psro.report.figures.scores import draw_scores
from ssa_psro.report.table import Table
from ssa_psro.report.tables.columns import SIDES
from ssa_psro.report.tables.coverage import WHOLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Draw = Callable[[Table, "Axes"], None]

WIDTH_IN = 12.0


@dataclass(frozen=True)
class Panel:
    """One set of axes: what is drawn into it, from what, under which title of its own."""

    draw: Draw
    table: Table
    title: str = ""


@dataclass(frozen=True)
class Picture:
    """One figure.

    Attributes:
        name: of its files.
        title: above it.
        note: what to read in it.
        table: all of its data.
        panels: in reading order.
        columns: panels beside one another.
        same_scale: whether all panels have the same vertical axis.
        size_in: width and height.
    """

    name: str
    title: str
    note: str
    table: Table
    panels: tuple[Panel, ...]
    columns: int
    size_in: tuple[float, float]
    same_scale: bool = False


Tables = Mapping[str, Table]


def coverage_pictures(tables: Tables) -> Iterator[Picture]:
    """Custody, contested custody and scores, where they have been played."""
    if "custody" in tables:
        yield _custody(tables["custody"])
        yield _regimes(tables["custody"])
    if "contested" in tables:
        yield _contested(tables["contested"])
    if "scores" in tables:
        yield _scores(tables["scores"])


def metagame_pictures(tables: Tables, *, zero_sum: bool) -> Iterator[Picture]:
    """Payoffs and mixtures."""
    for side in SIDES[:1] if zero_sum else SIDES:
        yield payoff_picture(tables["payoffs"].where("paid", side), zero_sum=zero_sum)
    yield _final_mixture(tables["final-mixture"])
    if "mixtures" in tables:
        yield _mixtures(tables["mixtures"])


def iteration_pictures(tables: Tables, *, zero_sum: bool) -> Iterator[Picture]:
    """Exploitability, gains and values by iteration, once there is one."""
    if "exploitability" in tables:
        yield _exploitability(tables["exploitability"])
        yield _gains(tables["gains"])
        yield _values(tables["values"], zero_sum)


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
            "has found something new. Below zero, its training failed. The best existing policy "
            "is the best of several, hence a little flattered."
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
