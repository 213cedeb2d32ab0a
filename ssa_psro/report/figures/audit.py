"""What an attack gains over the outcome of a run: by budget, and response by response."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ssa_psro.findings import Table
from ssa_psro.report.axes import LEAST_SPAN, legend_above, mean_and_reach
from ssa_psro.report.drawing import WIDTH_IN, Drawable, Panel, Part, Picture
from ssa_psro.report.style import GREEN, INK, MUTED, PAPER, POPULATION_STYLES, LineStyle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.AUDIT, 10

OFFSET = 0.17
"""How far Blue stands above, and Red below, the line of their response; between, who is both."""

LINES: tuple[tuple[str, LineStyle, str], ...] = (
    (INK, "-", "o"),
    (GREEN, (0, (5, 1.5)), "s"),
    (MUTED, (0, (1.5, 1.5)), "^"),
)
"""Colour, dash pattern and marker of each curve, to be told apart in grey."""


def pictures(content: Drawable) -> Iterator[Picture]:
    """If the run has been audited."""
    if "audit" not in content.tables:
        return
    curves = content.tables["attack"]
    yield Picture(
        name="attack",
        title="The attack curve: largest gain found, by budget of the attack",
        note=(
            "Mean of both sides, on episodes that neither trained nor chose; intervals hold "
            "jointly. A lower bound of exploitability at every budget: what less has found, more "
            "may play too, so a curve never falls. One that still rises at its end would go on. At "
            "none, policies at hand attack as they are."
        ),
        table=curves,
        panels=(Panel(draw_attack, curves),),
        size_in=(WIDTH_IN, 4.2),
    )
    table = content.tables["audit"]
    audited = table.unique("audited")
    yield Picture(
        name="audit",
        title="What each response of the attack gains",
        note=(
            "Each line is one response, trained from fresh seeds by the oracle, from the start "
            "weights and for the decisions named, against mixtures that stay as they are; or a "
            "policy at hand. Right of zero: the mixture loses to it. Filled: the best of its side "
            "on other episodes. Who plays both seats gains the mean over both."
        ),
        table=table,
        panels=tuple(
            Panel(draw_audit, part, f"Against {whom}" if len(audited) > 1 else "")
            for whom in audited
            for part in [table.where("audited", whom)]
        ),
        size_in=(
            WIDTH_IN,
            sum(1.5 + 0.3 * len(_named(table.where("audited", w))) for w in audited),
        ),
    )


def draw_attack(table: Table, ax: Axes) -> None:
    """Draw one curve for each pair of mixtures, over the logarithm of the budget.

    Args:
        table: ``audited``, ``budget``, ``mean``, ``low``, ``high``, ``tolerance``.
        ax: where to draw.
    """
    budgets = sorted(table.unique("budget"))
    least = min(budget for budget in budgets if budget > 0)
    ax.set_xscale("log")
    ax.axhline(0.0, color=INK, lw=0.8)
    tolerance = table.numbers("tolerance")[0]
    if tolerance > 0:
        ax.axhline(tolerance, color=MUTED, lw=1.0, ls=(0, (6, 3)), label="tolerance of the run")
    curves = table.unique("audited")
    for number, (whom, (colour, line, marker)) in enumerate(zip(curves, LINES, strict=False)):
        part = table.where("audited", whom)
        mean, reach = mean_and_reach(part)
        # a logarithm has no place for none; curves stand beside each other, to show each interval
        places = np.maximum(part.numbers("budget"), least / NONE) * 1.03 ** (
            number - (len(curves) - 1) / 2
        )
        ax.errorbar(
            places,
            mean,
            yerr=reach,
            fmt=marker,
            ls=line,
            color=colour,
            ms=5.5,
            capsize=3,
            label=f"against {whom}",
        )
    ticks = {budget or least / NONE: f"{budget:,}" if budget else "none" for budget in budgets}
    ax.set_xticks(list(ticks), list(ticks.values()))
    ax.minorticks_off()
    ax.set_xlim(min(ticks) / 1.3, max(ticks) * 1.3)
    top = max(1.06 * max(float(table.numbers("high").max()), tolerance), LEAST_SPAN)
    ax.set_ylim(-0.03 * top, top)
    ax.set_xlabel("Budget of the attack [decisions a training]")
    ax.set_ylabel("Largest gain found [payoff]")
    legend_above(ax)


NONE = 4.0
"""So many times below the least budget stands the point at which nobody trains."""


def draw_audit(table: Table, ax: Axes) -> None:
    """Draw the gains of all responses against one subject; the chosen ones are filled.

    Args:
        table: ``response``, ``budget``, ``side``, ``mean``, ``low``, ``high``, ``chosen``.
        ax: where to draw.
    """
    names = _named(table)
    ax.axvline(0.0, color=INK, lw=0.8)
    sides = table.unique("side")
    for number, name in enumerate(sides):
        style, up = POPULATION_STYLES[name], OFFSET * (2 * number - len(sides) + 1)
        for chosen in (True, False):
            part = table.where("side", name).where("chosen", chosen)
            mean, reach = mean_and_reach(part)
            keys = zip(part.values("response"), part.values("budget"), strict=True)
            ax.errorbar(
                mean,
                [names.index(key) + up for key in keys],
                xerr=reach,
                fmt=style.marker,
                color=style.colour,
                mfc=style.colour if chosen else PAPER,
                ms=5.5,
                capsize=3,
                label=f"{style.label}, best on other episodes" if chosen else style.label,
            )
    labels = [f"{name}, {budget:,}" if budget else name for name, budget in names]
    ax.set_yticks(range(len(names)), labels)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Gain over own mixture [payoff]")
    legend_above(ax)


def _named(table: Table) -> list[tuple[str, int]]:
    """Responses and their budgets, the untrained first, as both sides have them."""
    pairs = zip(table.values("response"), table.values("budget"), strict=True)
    return sorted(dict.fromkeys(pairs), key=lambda pair: pair[1])
