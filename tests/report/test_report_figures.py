"""Figures: drawn into any axes, nothing clipped or covered, legible in grey, equal every time."""

from __future__ import annotations

import warnings
from itertools import chain, pairwise
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
from arenas import make_arena
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.legend import Legend
from matplotlib.text import Text
from numpy.typing import NDArray
from run_folders import Report

from ssa_psro.findings import Column, Table
from ssa_psro.findings.causes import cause_table
from ssa_psro.findings.metagame import payoff_table
from ssa_psro.metagame import Interval, PayoffTable
from ssa_psro.report import save_heat_map
from ssa_psro.report.axes import text_colour
from ssa_psro.report.drawing import Picture, render, save, settings
from ssa_psro.report.figures import causes, pictures_of
from ssa_psro.report.figures.custody import _end
from ssa_psro.report.figures.payoffs import draw_heat_map, payoff_picture
from ssa_psro.report.style import ON_DARK, ON_LIGHT, SIDE_STYLES
from ssa_psro.trace.causes import CAUSES, Cause

NAMES = {
    "custody",
    "custody-by-regime",
    "contested",
    "scores",
    "standings",
    "payoffs",
    "final-mixture",
    "mixtures",
    "exploitability",
    "gains",
    "values",
}


def drawn(report: Report) -> list[Picture]:
    return list(chain.from_iterable(pictures_of(report.content).values()))


def picture(report: Report, name: str) -> Picture:
    return next(one for one in drawn(report) if one.name == name)


def test_which_figures_there_are(finished: Report, killed: Report, begun: Report) -> None:
    assert {one.name for one in drawn(finished)} == NAMES
    unplayed = {"custody", "custody-by-regime", "contested", "scores", "standings"}
    assert {one.name for one in drawn(killed)} == (NAMES - unplayed) | {"payoffs-red"}
    assert {one.name for one in drawn(begun)} == {"payoffs", "final-mixture"}


@pytest.mark.parametrize("name", ["mixtures", "final-mixture", "gains"])
def test_a_shared_population_is_drawn_once(finished: Report, shared: Report, name: str) -> None:
    assert len(picture(finished, name).panels) == 2
    (panel,) = picture(shared, name).panels
    ax = Figure().subplots()
    panel.draw(panel.table, ax)
    assert ax.get_title().startswith("Both seats")


@pytest.mark.parametrize("name", sorted(NAMES))
def test_files_hold_a_drawing(finished: Report, name: str) -> None:
    folder = finished.folder / "figures"
    pixels = imread(folder / f"{name}.png")
    assert min(pixels.shape[:2]) > 300
    shades = (pixels[..., :3] * 255) @ [65536, 256, 1]
    assert len(np.unique(shades)) > 20
    root = ElementTree.parse(folder / f"{name}.svg").getroot()
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) > 10


@pytest.mark.parametrize("name", sorted(NAMES))
def test_draws_into_axes_of_the_caller(finished: Report, name: str) -> None:
    panel = picture(finished, name).panels[0]
    ax = Figure().subplots()
    panel.draw(panel.table, ax)
    assert ax.has_data()
    assert ax.get_xlabel()
    assert ax.get_ylabel() or ax.get_title()


@pytest.mark.parametrize("name", sorted(NAMES))
def test_nothing_is_clipped_and_no_legend_covers_data(finished: Report, name: str) -> None:
    with settings():
        figure = render(picture(finished, name))
        edge = figure.bbox.padded(1.0)
        for text in shown_texts(figure):
            box = text.get_window_extent()
            inside = edge.contains(box.x0, box.y0) and edge.contains(box.x1, box.y1)
            assert inside, text.get_text()
        for ax in figure.axes:
            for legend in (child for child in ax.get_children() if isinstance(child, Legend)):
                assert not legend.get_window_extent().overlaps(ax.get_window_extent().padded(-1))


@pytest.mark.parametrize("name", sorted(NAMES))
def test_titles_and_legends_do_not_collide(finished: Report, name: str) -> None:
    with settings():
        figure = render(picture(finished, name))
        for ax in figure.axes:
            title, legend = ax._left_title, ax.get_legend()  # type: ignore[attr-defined]
            if title.get_text() and legend is not None:
                assert not title.get_window_extent().overlaps(legend.get_window_extent())


def test_equal_pictures_make_equal_files(finished: Report, tmp_path: Path) -> None:
    for name in ("exploitability", "payoffs"):
        for path in save(picture(finished, name), tmp_path):
            assert path.read_bytes() == (finished.folder / "figures" / path.name).read_bytes()


def test_the_font_is_matplotlib_s_own_whatever_the_system_has() -> None:
    from matplotlib import get_data_path
    from matplotlib.font_manager import FontProperties, findfont

    with settings():
        found = {str(findfont(FontProperties(weight=weight))) for weight in ("normal", "bold")}
    own = Path(get_data_path()) / "fonts" / "ttf"
    assert found == {str(own / f"DejaVuSans{face}.ttf") for face in ("", "-Bold")}


def test_drawing_leaves_the_settings_of_the_caller_alone(finished: Report, tmp_path: Path) -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    save(picture(finished, "values"), tmp_path)
    assert dict(matplotlib.rcParams) == before


def test_sides_differ_in_colour_line_and_marker() -> None:
    blue, red = SIDE_STYLES.values()
    assert blue.colour != red.colour
    assert blue.line != red.line
    assert blue.marker != red.marker


def test_exploitabilities_are_told_apart(finished: Report) -> None:
    panel = picture(finished, "exploitability").panels[0]
    ax = Figure().subplots()
    panel.draw(panel.table, ax)
    legend = ax.get_legend()
    assert legend is not None
    labels = [text.get_text() for text in legend.get_texts()]
    episodes = finished.run.study.solver.held_out_episodes
    assert labels[0] == f"approximate, in the loop: 95 % on {episodes} held-out episodes"
    assert "restricted: within the population, 0 by construction" in labels


def test_rounding_errors_are_not_drawn_as_values(begun: Report, finished: Report) -> None:
    panel = picture(finished, "values").panels[0]
    tiny = panel.table.names.index("mean")
    rows = tuple((*row[:tiny], 1e-17, 0.0, 2e-17, row[-1]) for row in panel.table.rows)
    ax = Figure().subplots()
    panel.draw(Table("values", "", panel.table.columns, rows), ax)
    low, high = ax.get_ylim()
    assert high - low >= 0.002


@pytest.mark.parametrize(("count", "lines"), [(4, 2), (20, 2), (60, 0)])
def test_heat_map_writes_what_fits(count: int, lines: int) -> None:
    with settings():
        figure = render(payoff_picture(payoffs(count), rivalry=1.0))
    ax = figure.axes[0]
    assert len(cell_texts(ax)) == lines * count * count
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert [name.split("  ")[0] for name in names] == [f"policy-{i}" for i in range(count)]


def test_cells_hold_their_text_and_names_are_legible_for_20_policies() -> None:
    with settings():
        figure = render(payoff_picture(payoffs(20), rivalry=1.0))
        ax = figure.axes[0]
        width, height = (ax.bbox.width / 20, ax.bbox.height / 20)
        for text in cell_texts(ax):
            box = text.get_window_extent()
            assert box.width < width
            assert box.height < height / 2 + 1
            assert text.get_fontsize() > 6
        boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
        assert not any(a.overlaps(b) for a, b in pairwise(boxes))


def test_heat_map_is_centred_at_zero_and_bold_where_sure() -> None:
    ax = Figure(figsize=(8, 8), layout="constrained").subplots()
    draw_heat_map(payoffs(3), ax)
    mesh = ax.collections[0]
    low, high = mesh.get_clim()
    assert low == -high  # type: ignore[operator]
    texts = cell_texts(ax)
    bold = {text.get_text() for text in texts if text.get_fontweight() == "bold"}
    assert "0.000" not in bold
    assert {"+0.100", "−0.100"} <= bold


def test_scores_are_not_drawn_as_differences(killed: Report) -> None:
    panel = picture(killed, "payoffs-red").panels[0]
    figure = Figure(figsize=(8, 8), layout="constrained")
    ax = figure.subplots()
    panel.draw(panel.table, ax)
    assert ax.collections[0].get_clim() == (
        panel.table.numbers("mean").min(),
        panel.table.numbers("mean").max(),
    )
    assert figure.axes[1].get_ylabel() == "Payoff to Red: Red's score"
    assert not any("+" in text.get_text() for text in cell_texts(ax))


def test_payoffs_between_the_extremes_have_signs_and_no_centre() -> None:
    """Zero means nothing there: shaded from the least to the greatest, and none of them bold."""
    table = payoffs(3)
    figure = Figure(figsize=(8, 8), layout="constrained")
    ax = figure.subplots()
    draw_heat_map(table, ax, rivalry=0.5)
    assert ax.collections[0].get_clim() == (
        table.numbers("mean").min(),
        table.numbers("mean").max(),
    )
    assert figure.axes[1].get_ylabel() == "Payoff to Blue: Blue's score less 0.5 x Red's"
    means = cell_texts(ax)
    assert any("+" in text.get_text() for text in means)
    assert {text.get_fontweight() for text in means} == {"normal"}


def test_odd_names_are_drawn_as_they_are(tmp_path: Path) -> None:
    odd = ("<b>&amp;</b> -->", r"$\frac$", "a" * 60)
    warnings.simplefilter("error")  # matplotlib warns when names leave no room for the axes
    table = PayoffTable(odd, odd, np.arange(2, dtype=np.uint64), np.zeros((3, 3, 2, 2)))
    shares = tuple(Interval(1 / 3, 0.0, 1.0, 2) for _ in odd)
    csv_path, png, svg = save_heat_map(table, (shares, shares), tmp_path)
    assert (csv_path.name, png.name, svg.name) == ("payoffs.csv", "payoffs.png", "payoffs.svg")
    ElementTree.parse(svg)
    assert imread(png).shape[2] == 4
    assert "a" * 60 in csv_path.read_text("utf-8")


@pytest.mark.parametrize("rivalry", [0.0, 0.5])
def test_heat_map_of_a_tournament_draws_both_sides_of_a_general_sum_game(
    rivalry: float, tmp_path: Path
) -> None:
    table = PayoffTable(
        ("a", "b"), ("c",), np.arange(2, dtype=np.uint64), np.full((2, 1, 2, 2), 0.4)
    )
    one, two = Interval(1.0, 1.0, 1.0, 2), Interval(0.5, 0.0, 1.0, 2)
    written = save_heat_map(table, ((two, two), (one,)), tmp_path, rivalry=rivalry)
    assert [path.name for path in written] == [
        "payoffs.csv",
        "payoffs.png",
        "payoffs.svg",
        "payoffs-red.png",
        "payoffs-red.svg",
    ]


def test_unplayed_cells_are_blank() -> None:
    table = PayoffTable.unplayed(("a", "b"), ("a", "b"), np.arange(2, dtype=np.uint64))
    share = tuple(Interval(0.5, 0.0, 1.0, 2) for _ in "ab")
    ax = Figure(figsize=(6, 6), layout="constrained").subplots()
    draw_heat_map(payoff_table(table, (share, share)).where("paid", "blue"), ax)
    assert cell_texts(ax) == []


def test_text_stands_out_from_its_cell() -> None:
    assert text_colour((1.0, 1.0, 1.0)) == ON_LIGHT
    assert text_colour((0.0, 0.0, 0.4, 1.0)) == ON_DARK


def test_causes_of_both_sides_have_one_scale_and_one_key() -> None:
    objects = make_arena(1).objects
    steps = np.zeros((2, 2, len(objects), len(Cause)), np.int64)
    steps[:, 0, 0, 1:4] = 600, 390, 10
    steps[:, 1, 0, 1:4] = 300, 198, 2  # the last is not worth a part of its own, but is Blue's
    found = cause_table(steps, objects, 1.0)
    content = SimpleNamespace(tables={"causes": found}, rivalry=1.0)
    (shown,) = causes.pictures(content)
    with settings():
        blue, red = render(shown).axes
    assert blue.get_xlim() == red.get_xlim() == (0.0, 1.05 * 1000)
    assert red.get_legend() is None
    key = [text.get_text() for text in blue.get_legend().get_texts()]
    assert key == [CAUSES[Cause(cause)] for cause in (1, 2, 3)]
    colours = [
        [bar.get_facecolor() for bar in ax.patches[:: len(ax.get_yticks())]] for ax in (blue, red)
    ]
    assert colours[0] == colours[1]
    assert len(set(colours[0])) == 3


def payoffs(count: int) -> Table:
    """Blue's payoffs of a made-up zero-sum game of so many policies."""
    names = tuple(f"policy-{i}" for i in range(count))
    strength = np.arange(count) / 10
    noise: NDArray[np.float64] = np.array([-0.01, 0.01, -0.01, 0.01])
    mean = strength[:, None] - strength[None, :]
    blue = mean[:, :, None] + noise
    samples = np.stack([blue, -blue], axis=-1)
    table = PayoffTable(names, names, np.arange(4, dtype=np.uint64), samples)
    shares = tuple(Interval(float(i == 0), 0.0, 1.0, 4) for i in range(count))
    return payoff_table(table, (shares, shares)).where("paid", "blue")


def cell_texts(ax: Axes) -> list[Text]:
    return [text for text in ax.texts if text.get_text()]


def shown_texts(figure: Figure) -> list[Text]:
    """All texts of a figure but the tick labels outside the limits of their axes."""
    texts: list[Text] = [*figure.texts]
    for ax in figure.axes:
        texts += [*ax.texts, ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label]  # type: ignore[attr-defined]
        for axis in (ax.xaxis, ax.yaxis):
            for tick in axis._update_ticks():  # type: ignore[attr-defined]
                texts += [tick.label1, tick.label2]
    return [text for text in texts if text.get_visible() and text.get_text()]


def test_a_window_ends_where_its_last_step_does_whatever_its_hours_round_to() -> None:
    rows = tuple((step * (1 / 12),) for step in range(864))
    hours = Table("custody", "", (Column("hour"),), rows)
    *_, before, last = hours.unique("hour")
    assert last + (last - before) < 72.0  # by rounding
    assert _end(hours) == 72.0
