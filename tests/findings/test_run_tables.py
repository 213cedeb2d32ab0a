"""Tables say what the run folder says, and CSV files say what the tables say."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from report.run_folders import made_up_series, scenario_text

from ssa_psro.findings import Column, Content, content_of, make_table
from ssa_psro.findings.coverage import contested_table, custody_table, score_table
from ssa_psro.findings.iterations import exploitability_table, iterations_in_brief
from ssa_psro.findings.metagame import payoff_table
from ssa_psro.findings.table import dictionary_of
from ssa_psro.metagame import Interval, PayoffTable
from ssa_psro.psro import Review, best_record, recomputed
from ssa_psro.report.csv_files import write_csv
from ssa_psro.scenario import parse_scenario
from ssa_psro.study.outcome import Band

ALL = {
    "payoffs",
    "final-mixture",
    "mixtures",
    "exploitability",
    "gains",
    "values",
    "training",
    "custody",
    "contested",
    "scores",
    "price-of-rivalry",
    "standings",
    "seats",
    "objects",
}


def test_finished_run_fills_every_table(finished: Content) -> None:
    assert set(finished.tables) == ALL


def test_tables_of_shorter_runs(killed: Content, begun: Content) -> None:
    assert set(killed.tables) == ALL - {
        "custody",
        "contested",
        "scores",
        "price-of-rivalry",
        "standings",
        "seats",
    }
    assert set(begun.tables) == {"payoffs", "final-mixture", "objects"}


@pytest.mark.parametrize("name", sorted(ALL))
def test_csv_equals_table(finished: Content, name: str, tmp_path: Path) -> None:
    table = finished.tables[name]
    header, *rows = read(write_csv(table, tmp_path))
    assert tuple(header) == table.names
    assert len(rows) == len(table.rows) > 0
    for row, wanted in zip(rows, table.rows, strict=True):
        assert all(same(cell, value) for cell, value in zip(row, wanted, strict=True))


def test_every_column_is_explained(finished: Content) -> None:
    found = dictionary_of(list(finished.tables.values()))
    assert found.names == ("file", "column", "unit", "meaning")
    explained = {(file, column) for file, column, _, meaning in found.rows if meaning}
    assert explained == {
        (f"{table.name}.csv", column)
        for table in finished.tables.values()
        for column in table.names
    }


def test_payoffs_are_those_of_the_run(killed: Content) -> None:
    payoffs, table = killed.run.table, killed.tables["payoffs"]
    low, high = payoffs.bounds()
    shape = (2, len(payoffs.rows), len(payoffs.columns))
    for name, wanted in (("mean", payoffs.mean), ("low", low), ("high", high)):
        cells = table.numbers(name).reshape(shape)
        assert np.array_equal(cells, np.moveaxis(wanted, 2, 0))
    assert table.unique("blue_policy") == list(payoffs.rows)
    assert table.unique("red_policy") == list(payoffs.columns)


def test_unplayed_cells_have_no_numbers() -> None:
    played = PayoffTable.unplayed(["a"], ["b"], np.arange(3, dtype=np.uint64))
    one = (Interval(1.0, 1.0, 1.0, 3),)
    table = payoff_table(played, (one, one))
    assert table.values("mean") == [None, None]
    assert np.isnan(table.numbers("mean")).all()


def test_exploitability_is_that_of_the_records_as_last_measured(finished: Content) -> None:
    table, records = finished.tables["exploitability"], finished.run.records
    now = recomputed(records)
    assert table.values("iteration") == [record.iteration for record in records]
    for bound in ("mean", "low", "high"):
        for kind in ("approx", "raw"):
            wanted = [getattr(getattr(r, f"{kind}_exploitability"), bound) for r in now]
            assert table.values(f"{kind}_{bound}") == wanted
        wanted = [getattr(r.approx_exploitability, bound) for r in records]
        assert table.values(f"in_loop_{bound}") == wanted
    assert table.values("restricted") == [r.restricted_exploitability for r in records]
    assert table.values("credible_bound") == [r.credible_bound for r in now]
    best = [i for i, b in zip(table.values("iteration"), table.values("best"), strict=True) if b]
    assert best == [finished.run.solution.best_iteration]  # type: ignore[union-attr]


def test_a_reviewed_iterate_has_its_new_figure_and_keeps_that_of_the_loop(
    finished: Content,
) -> None:
    *earlier, last = finished.run.records
    found = Interval(0.5, 0.4, 0.6, 100)
    review = Review(1, ("a", "b"), (found, found), found, found)
    records = [*earlier, replace(last, reviews=(review,))]
    table = exploitability_table(records, best_record(records), 0.1, [0.55, 0.0, 0.0])
    assert table.values("approx_mean")[0] == 0.5
    assert table.values("approx_episodes")[0] == 100
    assert table.values("in_loop_mean")[0] == earlier[0].approx_exploitability.mean
    assert table.values("members")[0] == 0.55
    brief = iterations_in_brief("x", records, best_record(records))
    assert brief.values("approx. exploitability")[0] == found
    assert brief.values("in the loop")[0] == earlier[0].approx_exploitability.mean


def test_members_are_what_the_table_has_against_each_iterate(finished: Content) -> None:
    table = finished.run.table
    for record, gain in zip(finished.run.records, finished.members, strict=True):
        row, column = (np.array(side.mixture) for side in record.sides)
        payoffs = table.mean[..., 0]
        value = row @ payoffs[: row.size, : column.size] @ column
        best = (payoffs[:, : column.size] @ column).max(), (row @ payoffs[: row.size]).min()
        assert gain == pytest.approx((best[0] - value + value - best[1]) / 2)


def test_gains_are_those_of_the_records(finished: Content) -> None:
    table = finished.tables["gains"]
    for record in finished.run.records:
        rows = table.where("iteration", record.iteration)
        for name, side in zip(("blue", "red"), record.sides, strict=True):
            new, old = rows.where("side", name).rows
            assert new[3:7] == (
                side.responses[0].name,
                side.gain.mean,
                side.gain.low,
                side.gain.high,
            )
            assert old[3:5] == (side.incumbent, side.incumbent_gain.mean)


def test_mixtures_sum_to_one_in_every_iteration(finished: Content) -> None:
    table = finished.tables["mixtures"]
    assert table.unique("iteration") == ["1", "2", "3", "final"]
    for iteration in table.unique("iteration"):
        for side in ("blue", "red"):
            part = table.where("iteration", iteration).where("side", side)
            assert part.numbers("probability").sum() == pytest.approx(1.0)


def test_final_mixture_is_the_solution_beside_the_best_iterate(finished: Content) -> None:
    run, table = finished.run, finished.tables["final-mixture"]
    assert run.solution is not None
    assert run.best_record is not None
    for number, side in enumerate(("blue", "red")):
        part = table.where("side", side)
        assert part.values("policy") == list(run.solution.sides[number].names)
        assert part.values("high") == [p.high for p in run.solution.sides[number].mixture]
        assert part.numbers("best_iterate").sum() == pytest.approx(1.0)


def test_custody_has_every_step_of_every_group(finished: Content) -> None:
    series, table = finished.run.coverage, finished.tables["custody"]
    assert series is not None
    assert table.unique("objects") == ["catalogue", *series.regimes]
    blue = table.where("side", "blue")
    assert np.array_equal(
        blue.where("objects", "catalogue").numbers("mean"), series.custody.mean[0]
    )
    geo = blue.where("objects", "GEO")
    assert np.array_equal(geo.numbers("high"), series.regime_custody.high[0, 2])
    assert np.array_equal(geo.numbers("hour"), series.hour)


def test_score_of_the_catalogue_is_that_of_its_parts_by_weight() -> None:
    series = made_up_series(parse_scenario(scenario_text(), "test"))
    parts = series.regime_scores @ series.regime_weights
    table = score_table(replace(series, scores=parts)).where("side", "red")
    regimes = [table.where("objects", name) for name in series.regimes]
    mean = sum(float(r.numbers("mean")[0] * r.numbers("weight")[0]) for r in regimes)
    assert table.where("objects", "catalogue").numbers("mean")[0] == pytest.approx(mean)


def test_groups_without_weight_are_left_out() -> None:
    series = made_up_series(parse_scenario(scenario_text(), "test"))
    nothing = np.full_like(series.contested_held.mean, np.nan)
    series = replace(
        series,
        contested_held=Band(nothing, nothing, nothing),
        contest_weights=np.array([1.0, 0.0]),
    )
    assert contested_table(series).rows == ()
    assert "contested" not in score_table(series).unique("objects")
    assert custody_table(series).rows


def test_equilibrium_of_an_unfinished_run_is_solved_for_the_report(killed: Content) -> None:
    final = killed.final
    assert [len(mixture) for mixture in final.mixtures] == [6, 6]
    assert sum(share.mean for share in final.mixtures[0]) == pytest.approx(1.0)
    again = content_of(killed.run).final
    assert again == final


def test_csv_keeps_floats_to_their_last_digit(tmp_path: Path) -> None:
    numbers = [0.1 + 0.2, -1e-300, 1 / 3, np.float64(2) / 7]
    column = Column("x", "", "a number")
    table = make_table("numbers", "", [column], [[number] for number in numbers])
    _, *rows = read(write_csv(table, tmp_path))
    assert [float(cell) for (cell,) in rows] == numbers


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def same(cell: str, value: object) -> bool:
    if value is None:
        return cell == ""
    if isinstance(value, float):
        return float(cell) == value
    return cell == str(value)
