"""Exploitability of both programs against wall time and against training episodes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evidence.peers.psro_v2.programs import OWN, PEER, Row
from evidence.peers.psro_v2.summary import PUBLISHED_NASH_CONV, PUBLISHED_PPO
from ssa_psro.experiments.figures import COLOURS, EXPLOITABILITY, MARKERS
from ssa_psro.report.drawing import save_png, settings
from ssa_psro.report.style import INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes


LABELS = {PEER: "OpenSpiel psro_v2, DQN", OWN: "ssa_psro, PPO"}
PLACES = {
    "wall_s": "Wall time without measuring [s]",
    "episodes_per_player": "Training episodes a player",
}
REFERENCES = {
    PUBLISHED_NASH_CONV / 2: ("psro_v2, 7 iterations: NashConv 2.6", "--"),
    PUBLISHED_PPO: ("PPO after 20 × 60k steps: 0.84", ":"),
}
"""Published figures that both are held against."""


def draw(rows: Sequence[Row], path: Path) -> None:
    """Draw the curves of every seed into a PNG file.

    Args:
        rows: of ``curve.csv``.
        path: of the file.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullFormatter, StrMethodFormatter

    with settings():
        figure = Figure(figsize=(10.0, 4.6), layout="constrained")
        axes = figure.subplots(1, 2, sharey=True)
        for ax, (place, label) in zip(axes, PLACES.items(), strict=True):
            _panel(ax, rows, place)
            ax.set_xlabel(label)
            ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
            ax.xaxis.set_minor_formatter(NullFormatter())
        axes[0].set_ylabel(EXPLOITABILITY)
        axes[0].set_ylim(bottom=0.0)
        handles = axes[0].get_legend_handles_labels()
        figure.legend(*handles, loc="outside lower center", ncols=4)
        figure.suptitle("Leduc poker: side by side with OpenSpiel's psro_v2", x=0.01, ha="left")
        save_png(figure, path)


def _panel(ax: Axes, rows: Sequence[Row], place: str) -> None:
    """Both programs; what has cost nothing yet has no place on a logarithmic axis."""
    for height, (label, line) in REFERENCES.items():
        ax.axhline(height, color=INK if line == ":" else MUTED, ls=line, lw=1.0, label=label)
    for number, (program, label) in enumerate(LABELS.items(), 1):
        for seed in sorted({row["seed"] for row in rows}):
            curve = [
                (row[place], row["nash_conv"] / 2)
                for row in rows
                if (row["program"], row["seed"]) == (program, seed) and row[place] > 0
            ]
            ax.plot(
                *zip(*curve, strict=True),
                f"-{MARKERS[number]}",
                color=COLOURS[number],
                ms=4,
                lw=1.3,
                label=label if seed == 1 else None,
            )
    ax.set_xscale("log")
