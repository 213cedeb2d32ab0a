"""The map of what decides the equilibrium: its points, its numbers, its figures and its page."""

from __future__ import annotations

import numpy as np
import pytest
from cli.command_line import SMALL, UNEQUAL

from evidence.blinding_map.__main__ import main
from evidence.blinding_map.figure import draw_lines, draw_slices
from evidence.blinding_map.found import PLACE, map_of, read, row, write
from evidence.blinding_map.page import blocks
from evidence.blinding_map.play import paid
from evidence.blinding_map.points import QUANTITIES, SLICES, custody_h, grid_of, with_custody
from ssa_psro.errors import UsageError
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.report.markdown import tables_of
from ssa_psro.study.study import parse_study

MARKS = ("setting", "answer", "reference", "lines", "rivalry", "trust")
PAGE = "".join(f"<!-- figures: {name} -->\n<!-- end -->\n" for name in MARKS)
BUDGET = ("--smoke", "--workers", "1", "--search", "24")


@pytest.fixture(scope="module")
def scenario():
    return parse_study(SMALL, "small").scenario


def test_every_line_goes_through_the_reference(scenario):
    grid = grid_of(scenario)
    assert grid.scenario_at(grid.reference) is scenario
    for name, values in grid.values.items():
        assert grid.reference[name] in values, name
        assert list(values) == sorted(set(values)), name


def test_the_points_are_those_of_the_lines_and_of_the_slices(scenario):
    grid = grid_of(scenario)
    counts = {name: len(values) for name, values in grid.values.items()}
    alone = 1 + sum(count - 1 for count in counts.values())
    together = sum((counts[x] - 1) * (counts[y] - 1) for x, y in SLICES)
    assert len(grid.points) == alone + together > 30


@pytest.mark.parametrize("name", QUANTITIES)
def test_a_point_moves_its_quantity_alone(scenario, name):
    grid = grid_of(scenario)
    value = grid.values[name][0]
    moved = grid.scenario_at({**grid.reference, name: value})
    others = {one.name: one.read(moved) for one in QUANTITIES.values()}
    hours, wanted = others.pop("custody_h"), {**grid.reference, name: value}
    assert hours == pytest.approx(wanted.pop("custody_h"), abs=1.0)  # whole hours of the median
    assert others == pytest.approx(wanted)


def test_custody_is_told_by_how_long_it_lasts(scenario):
    hours = [custody_h(with_custody(scenario, value)) for value in (3.0, 9.0, 30.0)]
    assert hours == pytest.approx([3.0, 9.0, 30.0], abs=1.0)


def test_sides_of_two_designs_have_no_map():
    with pytest.raises(UsageError, match="sides differ"):
        grid_of(parse_study(UNEQUAL, "unequal").scenario)


def test_a_rivalry_takes_so_much_of_the_others_score_off():
    scores = np.random.default_rng(0).random((2, 2, 3, 2))
    table = PayoffTable(("a", "b"), ("a", "b"), np.arange(3, dtype=np.uint64), scores, scores)
    found = paid(table, 0.5).samples
    np.testing.assert_allclose(found[..., 0], scores[..., 0] - 0.5 * scores[..., 1])
    np.testing.assert_allclose(found[..., 1], scores[..., 1] - 0.5 * scores[..., 0])


@pytest.mark.learner
@pytest.mark.slow
def test_an_interrupted_map_goes_on_where_it_stopped(tmp_path, capsys):
    scenario, page, folder = tmp_path / "small.toml", tmp_path / "page.md", tmp_path / "map"
    scenario.write_text(SMALL, "utf-8")
    page.write_text(PAGE, "utf-8")
    command = [str(scenario), "--output", str(folder), *BUDGET, "--write", str(page)]
    assert main(command) == 0
    whole, text = (folder / "map.csv").read_bytes(), page.read_text("utf-8")
    assert all(tables_of(text).values())
    assert (folder / "lines.png").stat().st_size > 10_000
    rows = read(folder / "map.csv")
    last = [rows[-1][name] for name in PLACE]
    kept = [one for one in rows if [one[name] for name in PLACE] != last]
    write(folder / "map.csv", kept)
    capsys.readouterr()
    assert main(command) == 0
    assert capsys.readouterr().err.startswith("1 of 1 points")
    assert (folder / "map.csv").read_bytes() == whole
    assert page.read_text("utf-8") == text
    assert main([*command, "--episodes", "3"]) == 2
    assert "holds another map: budget differ" in capsys.readouterr().err


def invented(blinding: float):
    """A map of the reference alone, where blinding is played so often."""
    place = dict.fromkeys(PLACE, 1.0)
    values = {"share": {"blinding": blinding, "information": 1 - blinding}}
    values |= {"cyclic share": {"tournament": 0.2}, "gain of a response": {"search": 0.01}}
    values |= {"price of rivalry": {"equilibrium": 0.1}, "worth of Blue's seat": {"mixture": 0.0}}
    values["cooperative pair"] = {"reactive and reactive": 1.5}
    sides = [f"{play}, {side}" for play in ("equilibrium", "together") for side in ("blue", "red")]
    for measure in ("score", "custody", "contested custody"):
        values[measure] = dict.fromkeys(sides, 0.7)
    rows = [
        row(place, measure, of, Interval(value, value - 0.01, value + 0.01, 8))
        for measure, found in values.items()
        for of, value in found.items()
    ]
    return map_of(rows, place)


def test_figures_are_drawn_from_the_map(tmp_path):
    drawn = {}
    for share in (0.1, 0.9):
        for draw in (draw_lines, draw_slices):
            path = tmp_path / f"{draw.__name__}-{share}.png"
            draw(invented(share), path)
            drawn[draw.__name__, share] = path.read_bytes()
    assert len(set(drawn.values())) == 4


def test_the_answer_follows_the_map():
    about = {
        "scenario": "invented",
        "values": {name: [1.0] for name in QUANTITIES},
        "policies": ["blinding", "information"],
        "budget": {"episodes": 4, "search": 48, "fresh": 8},
    }
    often = blocks(invented(0.9), about)["answer"]
    assert "plays blinding 90 %, information 10 %" in often
    assert "blinding is played at 1 and alone at 0" in often
    never = blocks(invented(0.0), about)["answer"]
    assert "plays information alone" in never
    assert "played in none of 1 cell" in never
