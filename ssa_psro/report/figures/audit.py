"""What independent responses gain over the outcome of a run, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ssa_psro.findings import Content, Table
from ssa_psro.report.axes import legend_above, mean_and_reach
from ssa_psro.report.drawing import WIDTH_IN, Panel, Part, Picture
from ssa_psro.report.style import INK, PAPER, SIDE_STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART, PLACE = Part.AUDIT, 10

OFFSET = 0.17
"""How far Blue stands above, and Red below, the line of their response."""


def pictures(content: Content) -> Iterator[Picture]:
    """If the run has been audited."""
    if "audit" not in content.tables:
        return
    table = content.tables["audit"]
    audited = table.unique("audited")
    yield Picture(
        name="audit",
        title="What independent best responses gain",
        note=(
            "Each line is one response, trained from fresh seeds by the oracle and from the "
            "start weights named, against mixtures that stay as they are. Right of zero: the "
            "mixture loses to it. Filled: the best of its side on other episodes, which is "
            "what the lower bound counts."
        ),
        table=table,
        panels=tuple(
            Panel(draw_audit, part, f"Against {whom}" if len(audited) > 1 else "")
            for whom in audited
            for part in [table.where("audited", whom)]
        ),
        size_in=(
            WIDTH_IN,
            sum(1.5 + 0.42 * len(table.where("audited", w).unique("response")) for w in audited),
        ),
    )


def draw_audit(table: Table, ax: Axes) -> None:
    """Draw the gains of all responses against one subject; the chosen ones are filled.

    Args:
        table: ``response``, ``side``, ``mean``, ``low``, ``high``, ``chosen``.
        ax: where to draw.
    """
    responses = table.unique("response")
    ax.axvline(0.0, color=INK, lw=0.8)
    for name, style in SIDE_STYLES.items():
        up = -OFFSET if name == "blue" else OFFSET
        for chosen in (True, False):
            part = table.where("side", name).where("chosen", chosen)
            mean, reach = mean_and_reach(part)
            ax.errorbar(
                mean,
                [responses.index(response) + up for response in part.values("response")],
                xerr=reach,
                fmt=style.marker,
                color=style.colour,
                mfc=style.colour if chosen else PAPER,
                ms=5.5,
                capsize=3,
                label=f"{style.label}, best on other episodes" if chosen else style.label,
            )
    ax.set_yticks(range(len(responses)), responses)
    ax.set_ylim(len(responses) - 0.5, -0.5)
    ax.grid(False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Gain over own mixture [payoff]")
    legend_above(ax)
