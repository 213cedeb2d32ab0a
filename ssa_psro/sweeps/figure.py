"""The map of a sweep: one quantity over its axes, from what there is so far.

Of one axis a line with its band, for everybody whose quantity it is; of two a heat map; of more
small multiples of it, one for each combination of the others. Lines through the scenario's own
values are a panel an axis. Of several seeds the mean is drawn, with Student's interval of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.findings.wording import Form, plural
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.report.axes import text_colour
from ssa_psro.report.drawing import save_png, settings
from ssa_psro.report.style import BLANK, DEEP_BLUE, DEEP_RED, INK, MUTED, PAPER, UNKNOWN
from ssa_psro.sweeps.folder import SweepStanding
from ssa_psro.sweeps.measuring import EXPLOITABILITY, PRICE
from ssa_psro.sweeps.plan import Place, Sweep, is_number, plain, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, Normalize
    from matplotlib.figure import Figure

MAP: Final = "map.png"
MOST_PANELS: Final = 24
MOST_LINES: Final = 8
ACROSS: Final = 4
"""Panels beside one another."""
LETTERS: Final = 12
"""In an inch of the title."""
WRITTEN: Final = 200
"""Cells of a panel up to which numbers are written into them."""
LOOKS: Final = (
    ("#0072b2", "o", "-"),
    ("#d55e00", "s", "--"),
    ("#009e73", "D", "-."),
    ("#cc79a7", "^", ":"),
    ("#e69f00", "v", "-"),
    ("#56b4e9", "P", "--"),
    ("#8c8c8c", "X", "-."),
    ("#000000", "*", ":"),
)
"""Okabe and Ito's colours, with markers and dashes of their own, so that grey prints tell them
apart."""
DEFAULTS: Final = {"tournament": PRICE, "run": EXPLOITABILITY}
"""What is drawn where nothing else is asked for, by the measure."""


@dataclass(frozen=True)
class MapCell:
    """What is drawn at one place.

    Attributes:
        value: over all seeds that were measured; ``None`` where none was.
        failed: how many failed.
        missing: how many have done neither.
    """

    value: Interval | None
    failed: int
    missing: int

    @property
    def lack(self) -> str:
        """Why there is no value, or one of fewer seeds."""
        counts = {"failed": self.failed, "missing": self.missing}
        told = [word for word, count in counts.items() if count]
        if self.value is None:
            return ", ".join(told) or "none"
        return "\n".join(f"{counts[word]} {word}" for word in told)


@dataclass(frozen=True)
class Field:
    """One quantity of one owner over all places.

    Attributes:
        quantity: what it is.
        whose: of whom.
        cells: by place, see ``plan.plain``.
    """

    quantity: str
    whose: str
    cells: Mapping[Any, MapCell]


def fields_of(standing: SweepStanding, wanted: str | None = None) -> list[Field]:
    """What is to be drawn.

    Args:
        standing: of the sweep.
        wanted: a quantity, alone or with whose it is as in ``share: blinding``; that of the
            measure, if not given.

    Raises:
        UsageError: nothing of that name was measured.
    """
    known = list(
        dict.fromkeys((one.quantity, one.whose) for rows in standing.found.values() for one in rows)
    )
    asked = (wanted or DEFAULTS[standing.sweep.plan.measure]).partition(":")
    quantity, whose = asked[0].strip(), asked[2].strip()
    if not known:
        return [_field(standing, quantity, whose)]
    chosen = [one for one in known if one[0] == quantity and whose in ("", one[1])]
    if not chosen:
        names = [one[0] for one in known] + [f"{one[0]}: {one[1]}" for one in known]
        problem = "nothing of that name was measured"
        fault = Fault("--quantity", wanted, problem, did_you_mean(wanted or "", set(names)))
        raise UsageError("command line", [fault])
    return [_field(standing, *one) for one in chosen]


def _field(standing: SweepStanding, quantity: str, whose: str) -> Field:
    found: dict[Any, list[Interval]] = {plain(place): [] for place in standing.sweep.places}
    failed, missing = Counter[Any](), Counter(plain(one.place) for one in standing.missing)
    for point in standing.sweep.points:
        at = plain(point.place)
        failed[at] += point.name in standing.failures
        for one in standing.found.get(point.name, ()):
            if (one.quantity, one.whose) == (quantity, whose):
                found[at].append(one.value)
    cells = {at: MapCell(pooled(values), failed[at], missing[at]) for at, values in found.items()}
    return Field(quantity, whose, cells)


def pooled(values: Sequence[Interval]) -> Interval | None:
    """One interval of all seeds: of one its own, of several Student's of their means."""
    if len(values) < 2:
        return values[0] if values else None
    return student_interval(np.array([one.mean for one in values]))


def draw_map(standing: SweepStanding, folder: Path, wanted: str | None = None) -> Path:
    """Draw what there is of a sweep.

    Args:
        standing: of the sweep.
        folder: where ``map.png`` is written.
        wanted: see ``fields_of``.

    Raises:
        UsageError: nothing of that name was measured.
    """
    from matplotlib.figure import Figure

    sweep, fields = standing.sweep, fields_of(standing, wanted)
    with settings():
        figure = Figure(layout="constrained")
        if sweep.plan.lines or len(sweep.plan.axes) == 1:
            shows = _draw_lines(figure, sweep, fields)
        else:
            shows = _draw_heat_maps(figure, sweep, fields)
        seeds = len(sweep.plan.seeds)
        of = "95 % interval" if seeds == 1 else f"mean of {seeds} seeds and its 95 % interval"
        left = len(standing.missing) + len(standing.failures)
        lacking = f"{plural(left, 'point')} missing or failed." if left else ""
        note = " ".join(filter(None, (f"{of.capitalize()}.", shows, lacking)))
        wide = int(LETTERS * figure.get_figwidth())
        title = f"{sweep.plan.name}: {fields[0].quantity}"
        figure.suptitle(f"{title}\n{fill(note, wide)}", x=0.01, ha="left", fontsize=9.5)
        save_png(figure, folder / MAP)
    return folder / MAP


def _draw_lines(figure: Figure, sweep: Sweep, fields: Sequence[Field]) -> str:
    """A panel an axis, through the scenario's own values where there are several."""
    count = len(sweep.plan.axes)
    columns, drawn = min(count, ACROSS), list(fields)[:MOST_LINES]
    rows = -(-count // columns)
    figure.set_size_inches(max(5.2, 3.6 * columns), 3.4 * rows + 1.0)
    axes = figure.subplots(rows, columns, squeeze=False, sharey=True)
    for number, ax in enumerate(axes.flat):
        if number >= count:
            ax.set_visible(False)
            continue
        values = sweep.values_of(number)
        places = [_moved(sweep.own, number, value) for value in values]
        _draw_curves(ax, values, [[one.cells[plain(at)] for at in places] for one in drawn], drawn)
        ax.set_xlabel(_label(sweep, number))
    for ax in axes[:, 0]:
        ax.set_ylabel(fields[0].quantity.capitalize())
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(4, len(labels)))
    more = f" {len(fields) - len(drawn)} more in the table." if len(fields) > len(drawn) else ""
    marks = [
        _mark_own(ax, sweep.values_of(n), sweep.own[n]) for n, ax in enumerate(axes.flat[:count])
    ]
    told = "Dotted: the scenario's own value." if any(marks) else ""
    return f"{told}{more}".strip()


def _moved(place: Place, axis: int, value: Any) -> Place:
    return (*place[:axis], value, *place[axis + 1 :])


def _across(values: Sequence[Any]) -> list[float]:
    """Where values stand: numbers where they are, others beside one another."""
    whole = all(is_number(one) for one in values)
    return [float(one) for one in values] if whole else [float(n) for n in range(len(values))]


def _draw_curves(
    ax: Axes, values: Sequence[Any], curves: Sequence[Sequence[MapCell]], fields: Sequence[Field]
) -> None:
    x = np.array(_across(values))
    for curve, field, (colour, marker, line) in zip(curves, fields, LOOKS, strict=False):
        numbers = [
            (np.nan,) * 3 if c.value is None else (c.value.mean, c.value.low, c.value.high)
            for c in curve
        ]
        mean, low, high = np.array(numbers).T
        ax.fill_between(x, low, high, color=colour, alpha=0.15, lw=0)
        ax.plot(x, mean, f"{line}{marker}", color=colour, ms=4, label=field.whose or field.quantity)
    for at, cells in zip(x, zip(*curves, strict=True), strict=True):
        if all(cell.value is None for cell in cells):
            _say(ax, (at, 0.5), cells[0].lack, transform=ax.get_xaxis_transform(), rotation=90)
    if not all(is_number(one) for one in values):
        ax.set_xticks(x, [shown(one) for one in values])
    elif x[0] > 0 and x[-1] > 20 * x[0]:
        ax.set_xscale("log")
        ax.set_xticks(x, [f"{one:g}" for one in x])
        ax.set_xticks([], minor=True)


def _mark_own(ax: Axes, values: Sequence[Any], own: Any) -> bool:
    """Whether the scenario's own value is on the axis; if so, it is marked."""
    known = [plain(one) for one in values]
    if found := plain(own) in known:
        ax.axvline(_across(values)[known.index(plain(own))], color=MUTED, lw=1.0, ls=":", zorder=0)
    return found


def _draw_heat_maps(figure: Figure, sweep: Sweep, fields: Sequence[Field]) -> str:
    """The first two axes across and up; a panel for each owner and combination of the others."""
    from matplotlib.cm import ScalarMappable

    panels = list(_panels(sweep, fields))
    drawn = panels[:MOST_PANELS]
    across, up = sweep.values_of(0), sweep.values_of(1)
    columns = min(len(drawn), max(1, min(ACROSS, 16 // max(3, len(across)))))
    rows = -(-len(drawn) // columns)
    width, height = max(3.4, 0.72 * len(across) + 1.3), max(2.6, 0.5 * len(up) + 1.1)
    figure.set_size_inches(max(5.6, width * columns + 1.2), height * rows + 0.9)
    axes = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    framed, written = False, len(across) * len(up) <= WRITTEN
    norm, colours = _scale([one for field in fields for one in field.cells.values()])
    for number, ax in enumerate(axes.flat):
        if number >= len(drawn):
            ax.set_visible(False)
            continue
        field, rest, title = drawn[number]
        for (i, x), (j, y) in product(enumerate(across), enumerate(up)):
            cell = field.cells[plain((x, y, *rest))]
            _draw_cell(ax, (i, j), cell, norm, colours, written=written)
        ax.set_title(title)
        ax.set(xlim=(-0.5, len(across) - 0.5), ylim=(-0.5, len(up) - 0.5))
        ax.set_xticks(range(len(across)), [shown(one) for one in across])
        ax.set_yticks(range(len(up)), [shown(one) for one in up])
        ax.grid(False)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        if plain(rest) == plain(sweep.own[2:]):
            framed = _frame_own(ax, sweep, across, up) or framed
        if number + columns >= len(drawn):
            ax.set_xlabel(_label(sweep, 0))
            ax.tick_params(labelbottom=True)
    for ax in axes[:, 0]:
        ax.set_ylabel(_label(sweep, 1))
    bar = figure.colorbar(ScalarMappable(norm, colours), ax=axes, shrink=0.8, pad=0.02)
    bar.set_label(fields[0].quantity.capitalize())
    bar.outline.set_visible(False)
    told = "Framed: the scenario's own values." if framed else ""
    left = len(panels) - len(drawn)
    return f"{told} {left} more panels are left to the table." if left else told


def _panels(sweep: Sweep, fields: Sequence[Field]) -> Iterator[tuple[Field, Place, str]]:
    """Whose quantity it is, the values of the axes from the third on, and both in words."""
    others = [sweep.values_of(number) for number in range(2, len(sweep.plan.axes))]
    for field, rest in product(fields, product(*others)):
        units = (axis.unit for axis in sweep.plan.axes[2:])
        names = (axis.label or name for axis, name in _named(sweep)[2:])
        told = [
            f"{name} {shown(value)} {unit}".strip()
            for name, value, unit in zip(names, rest, units, strict=True)
        ]
        several = len(fields) > 1 or not told
        yield field, rest, ", ".join([*([field.whose] if several else []), *told])


def _draw_cell(
    ax: Axes,
    at: tuple[int, int],
    cell: MapCell,
    norm: Normalize,
    colours: Colormap,
    *,
    written: bool,
) -> None:
    """A square in its colour with its number; hatched where there is none, and why."""
    from matplotlib.patches import Rectangle

    corner = at[0] - 0.5, at[1] - 0.5
    if cell.value is None:
        ax.add_patch(Rectangle(corner, 1, 1, fc=PAPER, ec=UNKNOWN, hatch="////", lw=0.8))
        _say(ax, at, cell.lack, bbox={"fc": PAPER, "ec": "none", "pad": 1.0})
        return
    colour = colours(norm(cell.value.mean))
    ax.add_patch(Rectangle(corner, 1, 1, fc=colour, ec=PAPER, lw=1.0))
    form = Form(3, typeset=True, notation="g" if abs(cell.value.mean) >= 100 else "f")
    text = f"{form.number(cell.value.mean)}\n{form.half(cell.value)}"
    if written:
        _say(ax, at, f"{text}\n{cell.lack}".strip(), color=text_colour(colour))


def _say(ax: Axes, at: tuple[float, float], text: str, **style: Any) -> None:
    told = {"ha": "center", "va": "center", "fontsize": 7.0, "color": INK, **style}
    ax.text(*at, text, **told).set_in_layout(False)


def _frame_own(ax: Axes, sweep: Sweep, across: Sequence[Any], up: Sequence[Any]) -> bool:
    """Whether the scenario's own values are a cell of the grid; if so, it is framed."""
    from matplotlib.patches import Rectangle

    x, y = ([plain(one) for one in values] for values in (across, up))
    own = [plain(one) for one in sweep.own[:2]]
    if found := own[0] in x and own[1] in y:
        corner = x.index(own[0]) - 0.5, y.index(own[1]) - 0.5
        ax.add_patch(Rectangle(corner, 1, 1, fill=False, ec=INK, lw=2.0, zorder=3, clip_on=False))
    return found


def _scale(cells: Sequence[MapCell]) -> tuple[Normalize, Colormap]:
    """From the least to the greatest; where both signs occur, white is zero."""
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    known = [cell.value.mean for cell in cells if cell.value is not None] or [0.0]
    low, high = min(known), max(known)
    if low < 0 < high:
        top = max(-low, high)
        stops, norm = [DEEP_RED, BLANK, DEEP_BLUE], Normalize(-top, top)
    else:
        stops, norm = [BLANK, DEEP_BLUE], Normalize(low, max(high, low + 1e-6))
    return norm, LinearSegmentedColormap.from_list("sweep", stops)


def _named(sweep: Sweep) -> list[tuple[Any, str]]:
    return list(zip(sweep.plan.axes, sweep.plan.columns, strict=True))


def _label(sweep: Sweep, number: int) -> str:
    axis, column = _named(sweep)[number]
    name = axis.label or column
    return f"{name} [{axis.unit}]" if axis.unit else name
