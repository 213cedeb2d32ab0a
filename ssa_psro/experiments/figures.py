"""The figures of an experiment; each draws finished numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ssa_psro.experiments.plan import FigureName, Plan
from ssa_psro.experiments.summary import Row, Summary
from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.drawing import save_png, settings
from ssa_psro.report.style import INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


COLOURS = ("#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
MARKERS = "osD^vP*Xh<>"
"""Okabe and Ito's colours, each with a marker of its own, so that grey prints tell them apart.
There are more markers than colours, so that no two of many arms look the same, and lines of a
second round are dashed."""

MOST_BANDS = 4
"""Arms whose intervals can be told apart all the way."""

REACH = 5.0
"""Half the width of a picture of the plane; the bumps' centres lie within 3."""

EXPLOITABILITY = "Exploitability, NashConv / 2 [payoff]"


def draw(
    plan: Plan, summary: Summary, rows: Sequence[Row], responses: Sequence[Row], folder: Path
) -> None:
    """Draw the plan's figures into ``folder``, as PNG.

    Args:
        plan: says which.
        summary: of all runs.
        rows: of all iterations.
        responses: of all trainings.
        folder: where to.
    """
    from matplotlib.figure import Figure

    with settings():
        for name in plan.figures:
            figure = Figure(layout="constrained")
            FIGURES[name](figure, plan, summary, rows, responses)
            figure.suptitle(f"{plan.game}: {plan.question}", x=0.01, ha="left")
            save_png(figure, folder / f"{name}.png")


Draw = Callable[["Figure", Plan, Summary, Sequence[Row], Sequence[Row]], None]


def draw_curves(
    figure: Figure, plan: Plan, summary: Summary, rows: Sequence[Row], responses: Sequence[Row]
) -> None:
    """Exploitability against iterations, steps and wall time: means, and intervals, of many arms
    those of the end alone."""
    figure.set_size_inches(11.0, 4.4)
    axes = figure.subplots(1, 3, sharey=True)
    from matplotlib.ticker import EngFormatter

    places = {"iteration": "PSRO iteration", "steps": "Training steps", "wall_s": "Wall time [s]"}
    axes[1].xaxis.set_major_formatter(EngFormatter(sep=""))
    for ax, (place, label) in zip(axes, places.items(), strict=True):
        for number, (arm, curve) in enumerate(summary.curves.items()):
            colour, marker, line = _look(number)
            found = [point.exploitability for point in curve]
            x = [getattr(point, place) for point in curve]
            low, high = _band(found)
            if len(summary.curves) <= MOST_BANDS:
                ax.fill_between(x, low, high, color=colour, alpha=0.13, lw=0)
            else:
                ax.plot([x[-1]] * 2, [low[-1], high[-1]], color=colour, lw=1.2, alpha=0.6)
            every = max(1, len(x) // 8)
            ax.plot(
                x,
                [one.mean for one in found],
                f"{line}{marker}",
                color=colour,
                ms=4,
                lw=1.2,
                markevery=(number % every, every),
                label=arm,
            )
        ax.set_xlabel(label)
    _iterations(axes[0])
    axes[0].set_ylabel(EXPLOITABILITY)
    axes[0].set_ylim(bottom=0.0)
    _legend(figure, axes[0])


def draw_outcomes(
    figure: Figure, plan: Plan, summary: Summary, rows: Sequence[Row], responses: Sequence[Row]
) -> None:
    """Last and mean exploitability, wall time and what start weights cost, arm by arm."""
    quantities = {
        "exploitability": "Exploitability at the end",
        "mean_exploitability": "Mean over iterations",
        "wall_s": "Wall time [s]",
        "start_share": "Share spent on start weights",
    }
    figure.set_size_inches(11.0, 1.6 + 0.32 * len(plan.arms))
    axes = figure.subplots(1, len(quantities), sharey=True)
    for ax, (quantity, label) in zip(axes, quantities.items(), strict=True):
        for number, arm in enumerate(plan.arms):
            finding = summary.find(arm.name, quantity)
            if finding is not None:
                colour, marker, _ = _look(number)
                _across(ax, number, finding.mean, colour, marker)
        ax.set_xlabel(label)
        ax.set_xlim(left=0.0)
    axes[0].set_yticks(range(len(plan.arms)), [arm.name for arm in plan.arms])
    axes[0].invert_yaxis()


def draw_starts(
    figure: Figure, plan: Plan, summary: Summary, rows: Sequence[Row], responses: Sequence[Row]
) -> None:
    """What start weights are worth before any training, beside what training makes of them."""
    figure.set_size_inches(11.0, 4.4)
    axes = figure.subplots(1, 3)
    panels = {
        "start_gain": "Gain of the start weights [payoff]",
        "end_gain": "Gain of the response [payoff]",
        "captured": "The same as a share of the best response's",
    }
    for ax, (key, label) in zip(axes, panels.items(), strict=True):
        ax.axhline(0.0, color=INK, lw=0.8)
        for number, arm in enumerate(plan.arms):
            colour, marker, line = _look(number)
            means = _by_iteration(rows, arm.name, key)
            style = f"{line}{marker}"
            ax.plot(*zip(*means, strict=True), style, color=colour, ms=4, lw=1.2, label=arm.name)
        _iterations(ax)
        ax.set_ylabel(label)
    axes[-1].set_ylim(-1.05, 1.05)  # where little is to be gained, shares of it run wild
    _legend(figure, axes[0])


def draw_entropy(
    figure: Figure, plan: Plan, summary: Summary, rows: Sequence[Row], responses: Sequence[Row]
) -> None:
    """What an arm gains over the one that it is compared with, against its mixtures' entropy."""
    figure.set_size_inches(8.0, 4.6)
    ax = figure.subplots()
    ax.axhline(0.0, color=INK, lw=0.8)
    for number, arm in enumerate(plan.arms):
        finding = summary.find(arm.name, "mean_exploitability")
        spread = summary.find(arm.name, "entropy")
        if finding is None or spread is None or finding.difference is None:
            continue
        colour, marker, _ = _look(number)
        better = finding.difference
        ax.errorbar(
            spread.mean.mean,
            -better.mean,
            yerr=_reach(better),
            xerr=_reach(spread.mean),
            fmt=marker,
            color=colour,
            capsize=3,
            label=f"{arm.name} against {finding.versus}",
        )
    ax.set_xlabel("Entropy of the meta-mixtures [nats], mean over iterations")
    ax.set_ylabel("Exploitability saved [payoff],\nmean over iterations")
    _legend(figure, ax, columns=2)


def draw_trajectories(
    figure: Figure, plan: Plan, summary: Summary, rows: Sequence[Row], responses: Sequence[Row]
) -> None:
    """Where responses start (open) and end (filled) in the plane, over the bumps' centres."""
    from ssa_psro.games.plane.game import CENTRES

    columns = min(4, len(plan.arms))
    lines = -(-len(plan.arms) // columns)
    figure.set_size_inches(2.9 * columns, 2.9 * lines + 0.5)
    axes = np.atleast_1d(figure.subplots(lines, columns, sharex=True, sharey=True)).ravel()
    for number, (arm, ax) in enumerate(zip(plan.arms, axes, strict=False)):
        ax.plot(*CENTRES.T, "x", color=MUTED, ms=7)
        colour, marker, _ = _look(number)
        for row in (row for row in responses if row["arm"] == arm.name and row["seed"] == 1):
            x, y = (row["start_x"], row["end_x"]), (row["start_y"], row["end_y"])
            ax.plot(x, y, "-", color=colour, lw=0.6, alpha=0.6)
            ax.plot(x[0], y[0], marker, color=colour, mfc="none", ms=4)
            ax.plot(x[1], y[1], marker, color=colour, ms=4)
        ax.set_title(arm.name)
        ax.set_aspect("equal")
        ax.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH))
    for ax in axes[len(plan.arms) :]:
        ax.set_visible(False)
    figure.supxlabel("x: open where a response starts, filled where it ends; crosses are the bumps")
    figure.supylabel("y")


def draw_actions(
    figure: Figure, plan: Plan, summary: Summary, rows: Sequence[Row], responses: Sequence[Row]
) -> None:
    """How often both sides take the first action of a matrix game, every seed a line."""
    figure.set_size_inches(2.6 * len(plan.arms), 3.6)
    axes = np.atleast_1d(figure.subplots(1, len(plan.arms), sharey=True))
    for number, (arm, ax) in enumerate(zip(plan.arms, axes, strict=True)):
        colour, _, _ = _look(number)
        for seed in range(1, plan.seeds + 1):
            run = [row for row in rows if row["arm"] == arm.name and row["seed"] == seed]
            for side, line in (("row", "-"), ("column", "--")):
                shares = [row[f"{side}_action_1"] for row in run]
                ax.plot(range(len(run)), shares, line, color=colour, lw=0.9, alpha=0.7)
        ax.set_title(arm.name)
        _iterations(ax)
        ax.set_ylim(-0.03, 1.03)
    axes[0].set_ylabel("Share of the first action\n(solid row, dashed column)")


FIGURES: Mapping[FigureName, Draw] = {
    "curves": draw_curves,
    "outcomes": draw_outcomes,
    "starts": draw_starts,
    "entropy": draw_entropy,
    "trajectories": draw_trajectories,
    "actions": draw_actions,
}
"""Every figure by name."""


def _look(number: int) -> tuple[str, str, str]:
    """Colour, marker and line of an arm."""
    line = "--" if number >= len(COLOURS) else "-"
    return COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)], line


def _iterations(ax: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("PSRO iteration")


def _band(found: Sequence[Interval]) -> tuple[list[float], list[float]]:
    """Bounds; exploitability is not negative, so the part of an interval below 0 says nothing."""
    return [max(one.low, 0.0) for one in found], [one.high for one in found]


def _reach(found: Interval) -> list[list[float]]:
    return [[found.mean - found.low], [found.high - found.mean]]


def _across(ax: Axes, place: int, found: Interval, colour: str, marker: str) -> None:
    ax.errorbar(found.mean, place, xerr=_reach(found), fmt=marker, color=colour, capsize=3, ms=5)


def _by_iteration(rows: Sequence[Row], arm: str, key: str) -> list[tuple[int, float]]:
    """Means over seeds, of iterations that have the figure in every run."""
    seen: dict[int, list[float | None]] = {}
    for row in rows:
        if row["arm"] == arm and row["iteration"] > 0:
            seen.setdefault(row["iteration"], []).append(row[key])
    return [
        (iteration, float(np.mean([v for v in values if v is not None])))
        for iteration, values in seen.items()
        if None not in values
    ] or [(0, np.nan)]


def _legend(figure: Figure, ax: Axes, columns: int = 5) -> None:
    figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=columns)
