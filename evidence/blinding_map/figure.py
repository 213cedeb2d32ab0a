"""The map as two figures: a line a quantity, and the slices through two of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.blinding_map.found import GAIN, Found, Map
from evidence.blinding_map.points import QUANTITIES, RIVALRY, SLICES
from ssa_psro.findings.wording import Form
from ssa_psro.report.axes import share_axis, text_colour
from ssa_psro.report.drawing import save_png, settings
from ssa_psro.report.style import BLANK, DEEP_RED, INK, MUTED, PAPER
from ssa_psro.sweeps.measuring import CONTESTED, CYCLIC, EQUILIBRIUM, TOGETHER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

LOOKS = (
    ("#0072b2", ""),
    ("#d55e00", "///"),
    ("#009e73", "..."),
    ("#cc79a7", "xxx"),
    ("#e69f00", "\\\\\\"),
    ("#56b4e9", "---"),
    ("#f0e442", "+++"),
    ("#8c8c8c", "ooo"),
)
"""Okabe and Ito's colours, each with a hatching of its own, so that grey prints tell them apart."""
OF_NOTE = ("blinding", "shielded", "information")
"""Keep their looks, whoever else is played."""
DENYING = ("blinding", "shielded")
"""Whose shares colour the slices: what is played because there is denial."""
BAND = "#eef1f5"
ACROSS = 4
"""Panels beside one another."""
GAINED = Form(2, signed=True, typeset=True)
LEAST = 0.05
"""Share from which a policy is named in a cell."""


def draw_lines(found: Map, path: Path) -> None:
    """Who is played along every line, and below it what both sides hold.

    Args:
        found: the map.
        path: the PNG file.
    """
    from matplotlib.figure import Figure

    names = [*QUANTITIES, RIVALRY]
    looks = _looks(found)
    with settings():
        figure = Figure(figsize=(13.0, 10.4), layout="constrained")
        rows = -(-len(names) // ACROSS)
        panels = figure.subplots(2 * rows, ACROSS, height_ratios=(3, 2) * rows, sharey="row")
        for number, name in enumerate(names):
            row, column = divmod(number, ACROSS)
            points = found.along(name)
            _draw_mixtures(panels[2 * row, column], name, points, looks)
            _draw_custody(panels[2 * row + 1, column], points)
            for ax in panels[2 * row : 2 * row + 2, column]:
                _mark_reference(ax, name, points, found.reference[name])
                if column:
                    ax.set_ylabel("")
        _legend(figure, [panels[0, 0], panels[1, 0]])
        save_png(figure, path)


def _looks(found: Map) -> dict[str, tuple[str, str]]:
    """Colour and hatching of every policy that is played."""
    others = [name for name in found.policies if name not in OF_NOTE]
    return dict(zip((*OF_NOTE, *others), LOOKS, strict=False))


def _draw_mixtures(
    ax: Axes, name: str, points: Sequence[Found], looks: Mapping[str, tuple[str, str]]
) -> None:
    """A bar a point, and above it what a response gains where one was searched."""
    floor, places = [0.0] * len(points), range(len(points))
    for policy, (colour, hatch) in looks.items():
        shares = [one.share(policy) for one in points]
        ax.bar(
            places, shares, 0.78, floor, color=colour, hatch=hatch, ec=PAPER, lw=0.4, label=policy
        )
        floor = [low + share for low, share in zip(floor, shares, strict=True)]
    for place, one in enumerate(points):
        if (GAIN, "search") in one.measures:
            text = GAINED.number(one[GAIN, "search"].mean)
            ax.text(place, 1.02, text, ha="center", va="bottom", fontsize=7.5, color=MUTED)
    share_axis(ax, "Nash mixture [%]")
    ax.set_ylim(0.0, 1.1)
    ax.set_title(QUANTITIES[name].title if name != RIVALRY else "Rivalry λ")


def _draw_custody(ax: Axes, points: Sequence[Found]) -> None:
    """Contested objects in custody, at the equilibrium and together, and the cyclic share."""
    places = list(range(len(points)))
    for play, style, label in (
        (EQUILIBRIUM, "-o", "contested custody at equilibrium, mean of both sides"),
        (TOGETHER, "--D", "contested custody of the best cooperative pair"),
    ):
        held = [one.both(CONTESTED, play) for one in points]
        ax.plot(places, held, style, color=INK, mfc=PAPER, ms=4.5, lw=1.1, label=label)
    cyclic = [one[CYCLIC, "tournament"] for one in points]
    ax.errorbar(
        places,
        [one.mean for one in cyclic],
        yerr=[
            [max(0.0, one.mean - one.low) for one in cyclic],
            [max(0.0, one.high - one.mean) for one in cyclic],
        ],
        fmt=":^",
        color="#cc79a7",
        ms=4.5,
        lw=1.2,
        capsize=2.5,
        label="cyclic share of the tournament, 95 % interval",
    )
    share_axis(ax, "Share [%]")
    ax.set_ylim(0.0, 1.04)


def _mark_reference(ax: Axes, name: str, points: Sequence[Found], reference: float) -> None:
    """Values below the axes, and a band behind the reference's."""
    values = [one.place[name] for one in points]
    texts = [_text(name, value) for value in values]
    ax.set_xticks(range(len(values)), texts)
    ax.set_xlim(-0.6, len(values) - 0.4)
    ax.grid(False, axis="x")
    place = values.index(reference)
    ax.axvspan(place - 0.5, place + 0.5, color=BAND, zorder=0)
    ax.get_xticklabels()[place].set_fontweight("bold")
    unit = QUANTITIES[name].unit if name in QUANTITIES else ""
    ax.set_xlabel(f"[{unit}]" if unit else "")


def _text(name: str, value: float) -> str:
    """A value without its unit."""
    text = QUANTITIES[name].text(value) if name in QUANTITIES else f"{value:g}"
    return text.split(" ")[0]


def _legend(figure: Figure, panels: Sequence[Axes]) -> None:
    found = [ax.get_legend_handles_labels() for ax in panels]
    figure.legend(
        [handle for handles, _ in found for handle in handles],
        [label for _, labels in found for label in labels],
        loc="outside lower center",
        ncols=4,
    )
    figure.suptitle(
        "Who is played at the heuristics' equilibrium. Shaded: the reference. "
        "Numbers: payoff that a searched response gains",
        x=0.01,
        ha="left",
        fontsize=11.5,
        fontweight="bold",
    )


def draw_slices(found: Map, path: Path) -> None:
    """Two quantities at a time: how much of the mixture is denial and protection.

    Args:
        found: the map.
        path: the PNG file.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize
    from matplotlib.figure import Figure

    colours, norm = LinearSegmentedColormap.from_list("share", [BLANK, DEEP_RED]), Normalize(0, 1)
    with settings():
        figure = Figure(figsize=(13.0, 5.2), layout="constrained")
        panels = figure.subplots(1, len(SLICES))
        for ax, (x, y) in zip(panels, SLICES, strict=True):
            cells = found.across(x, y)
            across, up = (sorted({one[place] for one in cells}) for place in (0, 1))
            for (right, high), one in cells.items():
                share = sum(one.share(name) for name in DENYING)
                place = across.index(right), up.index(high)
                _cell(ax, place, one, colours(norm(share)))
            centre = across.index(found.reference[x]), up.index(found.reference[y])
            ax.add_patch(_square(centre, fill=False, ec=INK, lw=2.2, zorder=3))
            ax.set_xlim(-0.5, len(across) - 0.5)
            ax.set_ylim(-0.5, len(up) - 0.5)
            ax.set_xticks(range(len(across)), [_text(x, value) for value in across])
            ax.set_yticks(range(len(up)), [_text(y, value) for value in up])
            ax.set_xlabel(_label(x))
            ax.set_ylabel(_label(y))
            ax.grid(False)
        bar = figure.colorbar(ScalarMappable(norm, colours), ax=panels, shrink=0.8, pad=0.02)
        bar.set_label("Share of blinding and shielded")
        figure.suptitle(
            "The heuristics' equilibrium, two quantities at a time. Framed: the reference.\n"
            "Cells: shares in per cent, and the payoff that a searched response gains",
            x=0.01,
            ha="left",
            fontsize=11.5,
            fontweight="bold",
        )
        save_png(figure, path)


def _cell(ax: Axes, place: tuple[int, int], one: Found, colour: tuple[float, ...]) -> None:
    """A square in its colour, and who is played in it."""
    ax.add_patch(_square(place, fc=colour, ec=PAPER, lw=1.0))
    played = sorted(one.shares.items(), key=lambda item: -item[1])
    lines = [f"{name} {100 * share:.0f}" for name, share in played if share >= LEAST]
    lines.append(f"gain {GAINED.number(one[GAIN, 'search'].mean)}")
    ax.text(
        *place, "\n".join(lines), ha="center", va="center", fontsize=7, color=text_colour(colour)
    )


def _square(place: tuple[int, int], **style: Any) -> Patch:
    from matplotlib.patches import Rectangle

    return Rectangle((place[0] - 0.5, place[1] - 0.5), 1.0, 1.0, **style)


def _label(name: str) -> str:
    quantity = QUANTITIES[name]
    return f"{quantity.title} [{quantity.unit}]" if quantity.unit else quantity.title
