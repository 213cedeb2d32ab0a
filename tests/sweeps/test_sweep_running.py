"""Sweeps carried out: their table, what fails, what is damaged, and the map."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from sweeps.sweep_files import GRID, RUNS, sweep_file

from ssa_psro.errors import RunFolderError, SolverError, UsageError
from ssa_psro.metagame.intervals import Interval
from ssa_psro.scenario.memory import PROGRAM_BYTES
from ssa_psro.sweeps import folder as layout
from ssa_psro.sweeps import running
from ssa_psro.sweeps.figure import draw_map, fields_of, pooled
from ssa_psro.sweeps.folder import Failure, SweepStanding, open_sweep, prepare, read_manifest
from ssa_psro.sweeps.measuring import QUANTITIES, refuse_unknown
from ssa_psro.sweeps.plan import plain
from ssa_psro.sweeps.reading import SweepError, load_sweep
from ssa_psro.sweeps.running import carry_out
from ssa_psro.work import Workers


def made(place: Path, text: str = GRID) -> Path:
    """The folder of a sweep in which nothing has been measured."""
    folder = place / "out"
    prepare(folder, load_sweep(sweep_file(place, text)), command=["any"], workers=1)
    return folder


def done(folder: Path, **more) -> SweepStanding:
    """The sweep in a folder, carried out in this process."""
    with Workers() as alone:
        return carry_out(folder, alone, **more)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep that has been carried out."""
    folder = made(tmp_path_factory.mktemp("sweep"))
    done(folder)
    return folder


def table(folder: Path) -> list[dict[str, str]]:
    """Rows of the table, as text."""
    with (folder / layout.TABLE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def copied(finished: Path, folder: Path) -> Path:
    """Its points in another folder, to be damaged."""
    import shutil

    shutil.copytree(finished, folder)
    return folder


def test_the_table_has_a_row_a_number_in_the_order_of_the_points(finished):
    rows, sweep = table(finished), open_sweep(finished)
    assert list(rows[0]) == ["denial_range_km", "denial_s", *layout_columns()]
    keys = list(dict.fromkeys((r["denial_range_km"], r["denial_s"], r["seed"]) for r in rows))
    told = [(*(str(plain(one)) for one in p.place), str(p.seed)) for p in sweep.points]
    assert keys == told
    assert {row["quantity"] for row in rows} == set(QUANTITIES["tournament"])
    for row in rows:
        assert float(row["low"]) <= float(row["value"]) <= float(row["high"])
        assert int(row["count"]) >= 2


def test_points_take_as_much_disk_as_was_counted(finished):
    """A file takes whole blocks of 4 kB, a folder one."""
    needs = load_sweep(finished.parent / "sweep.toml").needs
    sizes = [one.stat().st_size for one in (finished / layout.POINTS).rglob("*.json")]
    blocks = sum(-(-size // 4096) + 1 for size in sizes)
    taken = 4096 * blocks + (finished / layout.TABLE).stat().st_size
    assert taken == pytest.approx(needs.disk_bytes, rel=0.2)


def test_processes_share_the_tables_of_their_games(finished):
    """One axis is of geometry, so that there are two games, which one process keeps both."""
    needs = load_sweep(finished.parent / "sweep.toml").needs
    assert needs.games == 2
    one, two, three = (needs.memory_in(count) for count in (1, 2, 3))
    assert two - one == pytest.approx(PROGRAM_BYTES + 2 * needs.world_bytes + needs.memory_bytes)
    assert three - two == pytest.approx(two - one)
    assert one - (two - one) == pytest.approx(2 * needs.tables_bytes)


def layout_columns() -> list[str]:
    """What follows the axes."""
    return ["seed", "quantity", "whose", "value", "low", "high", "count"]


def test_a_point_is_what_the_tournament_of_its_scenario_finds(finished):
    """The sweep adds nothing of its own: the same call gives the same numbers."""
    from ssa_psro.policies import make_policy
    from ssa_psro.study.matches import play_all_pairs

    sweep = open_sweep(finished)
    point = sweep.points[-1]
    with Workers() as alone:
        found = play_all_pairs(
            sweep.study_at(point).scenario,
            [make_policy(name) for name in ("aggressive", "blinding")],
            seed=point.seed,
            episodes=2,
            resamples=20,
            workers=alone,
        )
    standing = SweepStanding(sweep, finished)
    standing.look()
    told = {(one.quantity, one.whose): one.value for one in standing.found[point.name]}
    assert told["price of rivalry", "equilibrium"] == found.price.price
    assert told["value", "blue"] == found.found.intervals.value[0]
    assert told["cyclic share", "tournament"] == found.found.intervals.cyclic_share


def test_what_is_done_is_not_done_again(finished, tmp_path, monkeypatch):
    folder = copied(finished, tmp_path / "copy")
    whole = (folder / layout.TABLE).read_bytes()
    monkeypatch.setattr(running, "played", None)
    heard = []
    standing = done(folder, heard=lambda point, failure: heard.append(failure))
    assert (heard, standing.missing, standing.failures) == ([], [], {})
    assert (folder / layout.TABLE).read_bytes() == whole


@pytest.mark.parametrize("damage", [b"", b"{}\n", b'{"name": 3'])
def test_a_damaged_point_is_measured_again(finished, tmp_path, damage):
    folder = copied(finished, tmp_path / "copy")
    whole = (folder / layout.TABLE).read_bytes()
    (path,) = (folder / layout.POINTS / one.name for one in open_sweep(folder).points[2:3])
    (path / layout.TOURNAMENT).write_bytes(damage)
    (folder / layout.TABLE).unlink()
    heard = []
    done(folder, heard=lambda point, failure: heard.append(point.name))
    assert heard == [path.name]
    assert (folder / layout.TABLE).read_bytes() == whole


def failing_at(bad: float, error: Exception):
    """``played``, which fails at one value of the first axis."""
    play = running.played

    def played(study, settings, workers):
        if study.scenario.blue.sensor.denial_range_km == bad:
            raise error
        return play(study, settings, workers)

    return played


@pytest.mark.parametrize("error", [SolverError("no answer"), ZeroDivisionError("by zero")])
def test_a_point_that_fails_does_not_stop_the_others(tmp_path, finished, error, monkeypatch):
    folder = made(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(running, "played", failing_at(100.0, error))
        standing = done(folder)
    assert len(standing.found) == len(standing.failures) == 4
    for name, failure in standing.failures.items():
        kept = json.loads((folder / layout.POINTS / name / layout.FAILED).read_bytes())
        assert kept["reason"] == failure.reason == str(error)
        assert kept["error"] == type(error).__name__
        assert "failing_at" in kept["trace"] or "played" in kept["trace"]
        assert failure.at.startswith("denial_range_km 100, denial_s ")
    assert {row["denial_range_km"] for row in table(folder)} == {"20000"}

    again = done(folder)
    assert (len(again.found), again.failures, again.missing) == (8, {}, [])
    assert not list(folder.rglob(layout.FAILED))
    assert (folder / layout.TABLE).read_bytes() == (finished / layout.TABLE).read_bytes()


def test_an_interrupted_sweep_goes_on(tmp_path, finished):
    folder = made(tmp_path)

    def stop(point, failure):
        if point.name == third.name:
            raise KeyboardInterrupt

    third = open_sweep(folder).points[2]
    with pytest.raises(KeyboardInterrupt):
        done(folder, heard=stop)
    standing = SweepStanding(open_sweep(folder), folder)
    standing.look()
    assert len(standing.found) == 3
    assert len({tuple(row.values())[:3] for row in table(folder)}) in (1, 2)
    heard = []
    done(folder, heard=lambda point, failure: heard.append(point.name))
    assert len(heard) == 5
    assert (folder / layout.TABLE).read_bytes() == (finished / layout.TABLE).read_bytes()


def test_another_sweep_is_refused_and_other_labels_are_taken(finished, tmp_path):
    folder = copied(finished, tmp_path / "copy")
    other = GRID.replace("episodes = 2", "episodes = 3")
    with pytest.raises(RunFolderError, match="holds another sweep, small"):
        prepare(folder, load_sweep(sweep_file(tmp_path, other)), command=[], workers=1)
    named = GRID.replace('label = "Range of denial"', 'label = "Reach"')
    prepare(folder, load_sweep(sweep_file(tmp_path, named)), command=[], workers=1)
    assert open_sweep(folder).plan.axes[0].label == "Reach"
    assert read_manifest(folder).created == read_manifest(finished).created


def test_a_folder_of_something_else_is_refused(tmp_path):
    loaded = load_sweep(sweep_file(tmp_path))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    with pytest.raises(RunFolderError, match="cannot be made"):
        prepare(tmp_path / "out", loaded, command=[], workers=1)
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["mine"]


@pytest.mark.parametrize("name", [layout.MANIFEST, layout.BASE])
def test_a_changed_plan_is_noticed(finished, tmp_path, name):
    folder = copied(finished, tmp_path / "copy")
    path = folder / name
    path.write_bytes(path.read_bytes().replace(b"3600.0", b"3601.0"))
    with pytest.raises(RunFolderError, match=name):
        done(folder)


@pytest.mark.parametrize("short", ["memory", "disk"])
def test_what_cannot_fit_is_refused_before_anything_is_written(tmp_path, short, monkeypatch):
    loaded = load_sweep(sweep_file(tmp_path))
    if short == "memory":
        monkeypatch.setattr(layout, "machine_bytes", lambda: 10.0)
    else:
        usage = type("Usage", (), {"free": 10})()
        monkeypatch.setattr(layout.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SweepError, match=short):
        prepare(tmp_path / "out", loaded, command=[], workers=2)
    assert not (tmp_path / "out").exists()


def test_the_map_shows_what_is_asked_for(finished, tmp_path):
    standing = SweepStanding(open_sweep(finished), finished)
    standing.look()
    drawn = set()
    for wanted in (None, "share", "share: blinding", "custody: equilibrium, red"):
        drawn.add(draw_map(standing, tmp_path, wanted).read_bytes())
    assert len(drawn) == 4
    assert all(one.startswith(b"\x89PNG") for one in drawn)
    again = draw_map(standing, tmp_path, "share").read_bytes()
    assert again in drawn
    with pytest.raises(UsageError, match="Did you mean 'share: blinding'"):
        draw_map(standing, tmp_path, "share: blindng")


def test_missing_and_failed_points_are_marked(finished, tmp_path):
    standing = SweepStanding(open_sweep(finished), finished)
    standing.look()
    whole = draw_map(standing, tmp_path).read_bytes()
    first, second = (point.name for point in standing.sweep.points[:2])
    del standing.found[first], standing.found[second]
    standing.failures[second] = Failure(second, "there", "SolverError", "no", "")
    (field,) = fields_of(standing)
    lacks = {place: cell.lack for place, cell in field.cells.items()}
    assert lacks == {
        (100, 600): "1 missing",
        (100, 7200): "1 failed",
        (20000, 600): "",
        (20000, 7200): "",
    }
    assert draw_map(standing, tmp_path).read_bytes() != whole
    standing.found.clear()
    standing.failures.clear()
    assert {cell.lack for cell in fields_of(standing)[0].cells.values()} == {"missing"}
    assert draw_map(standing, tmp_path).is_file()


def test_several_seeds_are_pooled_as_independent_samples():
    one, other = Interval(1.0, 0.5, 1.5, 8), Interval(3.0, 2.5, 3.5, 8)
    assert pooled([]) is None
    assert pooled([one]) == one
    both = pooled([one, other])
    assert both is not None
    assert (both.mean, both.count) == (2.0, 2)
    # t of one degree of freedom at 97.5 % is 12.706; the standard error of 1 and 3 is 1
    assert both.high - both.mean == pytest.approx(12.706, abs=1e-3)


@pytest.mark.parametrize(
    ("wanted", "measure", "cure"),
    [
        ("shares", "tournament", "Did you mean 'share'?"),
        ("exploitability", "tournament", "Known: "),
        ("custdy: blue", "run", "Did you mean 'custody'?"),
    ],
)
def test_a_quantity_that_is_never_measured_is_refused_at_once(wanted, measure, cure):
    with pytest.raises(UsageError) as caught:
        refuse_unknown(wanted, measure)
    assert caught.value.faults[0].cure.startswith(cure)


@pytest.mark.learner
@pytest.mark.slow
def test_points_may_be_whole_runs_of_which_one_fails(tmp_path, monkeypatch):
    def fail(study, *rest, **more):
        if study.scenario.rules.rivalry < 1.0:
            raise SolverError("no answer")
        return carried_out(study, *rest, **more)

    carried_out, folder = running._run, made(tmp_path, RUNS)
    monkeypatch.setattr(running, "_run", fail)
    standing = done(folder)
    assert [one.place for one in standing.sweep.points] == [(0.5,), (1.0,)]
    (failure,) = standing.failures.values()
    assert (failure.error, failure.reason) == ("SolverError", "no answer")
    rows = table(folder)
    assert {row["rivalry"] for row in rows} == {"1"}
    told = {row["quantity"] for row in rows}
    assert {"exploitability", "gain of an attack", "value", "iterations"} <= told
    assert told <= set(QUANTITIES["run"])
    whole = (folder / layout.TABLE).read_bytes()
    again = done(folder)
    assert list(again.failures) == list(standing.failures)
    assert (folder / layout.TABLE).read_bytes() == whole
    assert draw_map(again, tmp_path).is_file()
