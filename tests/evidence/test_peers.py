"""Every peer beside this package: what is asked, who takes turns, what the table tells.

Peers that tests do not have are asked for nothing here; those that are installed with the tests
(sgp4, nashpy, OpenSpiel) play a round.
"""

from __future__ import annotations

import ast
import csv
import json
import sys
import venv
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from evidence.peers import access, joint_step, nash, race, states
from evidence.peers.__main__ import chosen, compare, main
from evidence.peers.rows import COLUMNS, MARK, NBSP, in_words, left_out, measured_row, table_of
from evidence.peers.there.host import versions
from evidence.peers.turns import THERE, Turn, own_turn, ratio_of
from evidence.peers.works import COMPARISONS, NOT_COMPARED, SIGHT, SITES
from evidence.validation.access import stored_intervals
from evidence.validation.stored import DEFAULT_FOLDER
from ssa_psro.geometry.fitting import cowell
from ssa_psro.report.markdown import tables_of

ROOT = Path(__file__).parents[2]
OURS = Path(sys.executable)
BY_KEY = {one.key: one for one in COMPARISONS}
HERE = ("states-teme/sgp4", "nash-5/nashpy", "nash-conv-kuhn/open-spiel")
"""Comparisons with what is installed with the tests."""
LARGEST = {"largest_m": 1e-3, "peer_gap": 1e-6, "own_gap": 1e-9, "apart": 1e-12}
MEAN_ORBIT_KM = 10.0
"""Of mean orbits from integrated ones with J2, see ``ssa_psro.geometry.fitting``."""


def works_of(script: str) -> set[str]:
    """The names of the works that a script offers, without running it."""
    tree = ast.parse((THERE / script).read_text(encoding="utf-8"))
    (table,) = (
        one.value
        for one in tree.body
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "WORKS"
    )
    assert isinstance(table, ast.Dict)
    return {ast.literal_eval(key) for key in table.keys if key is not None}


@pytest.mark.parametrize("one", COMPARISONS, ids=lambda one: one.key)
def test_every_comparison_says_what_is_done_and_has_a_script_that_does_it(one):
    assert one.how
    assert one.work.definition
    assert one.work.against
    task = one.work.task()
    assert task["work"] in works_of(one.script)
    assert set(json.loads(json.dumps(task))) == set(task)


def test_every_peer_of_the_issue_is_there_with_its_aim():
    aims = {one.key: one.aim for one in COMPARISONS if one.aim is not None}
    assert aims == {
        "joint-step/bsk-rl": 10_000.0,
        "sight/tatc": 20.0,
        "sites/brahe": 1.0,
        "nash-5/open-spiel": 1.0,
        "nash-20/open-spiel": 1.0,
        "nash-100/open-spiel": 1.0,
        "psro-kuhn/open-spiel": 5.0,
        "psro-leduc/open-spiel": 5.0,
    }
    assert {one.environment for one in COMPARISONS} >= {"skyfield", "orekit", "pygambit", "psrolab"}
    assert len(BY_KEY) == len(COMPARISONS)


def test_an_interpreter_without_the_peer_has_a_row_that_says_so(tmp_path):
    venv.create(tmp_path / "bare", with_pip=False)
    (python,) = (tmp_path / "bare").glob("*/python")
    row = compare(BY_KEY["sites/brahe"], python, 1)
    assert row["status"] == "not installed: No module named 'brahe'"
    assert row["ratio"] is None
    assert row["definition"] == SITES.definition
    nowhere = compare(BY_KEY["sites/brahe"], tmp_path / "nothing", 1)
    assert nowhere["status"].startswith("not installed: no interpreter")


def test_a_peer_that_fails_has_a_row_with_its_last_words():
    one = BY_KEY["nash-5/nashpy"]
    broken = replace(one, work=replace(one.work, task=lambda: {"work": "nothing"}))
    assert compare(broken, OURS, 1)["status"] == "failed: KeyError: 'nothing'"


@pytest.mark.slow
@pytest.mark.parametrize("key", HERE)
def test_peers_that_are_here_agree_and_are_timed(key):
    row = compare(BY_KEY[key], OURS, 2)
    assert row["status"] == "measured"
    assert row["rounds"] == 2
    assert 0.0 < row["ratio_low"] <= row["ratio"] <= row["ratio_high"]
    known = set(LARGEST) & set(row["disagreement"])
    assert known
    assert all(row["disagreement"][name] <= LARGEST[name] for name in known)


def test_the_command_writes_both_tables(tmp_path):
    assert main(["--only", "nash-5/nashpy", "--rounds", "1", "--output", str(tmp_path)]) == 0
    document = json.loads((tmp_path / "peers.json").read_text())
    (row,) = document["rows"]
    assert tuple(row) == COLUMNS
    assert document["rounds"] == 1
    with (tmp_path / "peers.csv").open(newline="") as file:
        (told,) = csv.DictReader(file)
    assert told["disagreement"] == in_words(row)


def test_disagreements_are_told_with_their_units():
    found = {"intervals": 3245, "median_s": 0.01193, "own_gap": 1.2e-15, "apart": 0.0}
    assert in_words({"disagreement": found}).replace(NBSP, " ") == (
        "intervals 3,245, median 0.0119 s, own gap 1.2e-15, apart 0"
    )


def test_the_page_has_the_table_of_the_stored_rows():
    stored = json.loads((ROOT / "figures/peers/peers.json").read_text("utf-8"))["rows"]
    found = {row["comparison"] for row in stored}
    assert found == {one.key for one in COMPARISONS} | {f"none/{name}" for name in NOT_COMPARED}
    page = (ROOT / "docs/performance.md").read_text("utf-8")
    assert tables_of(page)[MARK] == table_of(stored)


def test_a_table_tells_what_was_measured_and_why_nothing_was():
    one = BY_KEY["sight/tatc"]
    row = measured_row(one, "1.0", [Turn(2.0, 2.0, 1)], [Turn(5e-3, 5e-3, 1)], {"apart": 0.5})
    lines = table_of([row, left_out("GMAT", "an installer")]).replace(NBSP, " ").splitlines()
    assert "| 5 ms | 2 s | 0.0025 (0.0025 to 0.0025) | ≥ 20 | apart 0.5 |" in lines[2]
    assert lines[3].endswith("| not compared: an installer |")


def test_comparisons_are_chosen_by_work_by_peer_or_by_both():
    assert [one.key for one in chosen(["sight/tatc"])] == ["sight/tatc"]
    assert {one.environment for one in chosen(["sites"])} == {"brahe", "skyfield", "orekit"}
    assert {one.work.key for one in chosen(["brahe"])} == {"sites", "states-teme", "states-gcrs"}
    assert chosen([]) == list(COMPARISONS)


@pytest.mark.parametrize("wrong", ["tatc", "nobody=python", "tatc="])
def test_interpreters_are_given_by_known_names(wrong, capsys, tmp_path):
    with pytest.raises(SystemExit):
        main(["--python", wrong, "--output", str(tmp_path)])
    assert "give NAME=PATH, NAME one of: brahe, bsk-rl" in capsys.readouterr().err


def test_our_intervals_of_sight_are_those_that_tatc_found():
    run, told = access.sight(SIGHT.task())
    found, pairs = run()
    names = [one["OBJECT_NAME"] for one in access.elements()]
    stored = stored_intervals(DEFAULT_FOLDER / "access_tatc.csv", names)
    theirs = access.named(stored, names[:12], names[12:])
    apart = access.disagreement(told(found), theirs)
    assert pairs == 240
    assert (apart["missing"], apart["extra"]) == (0, 0)
    assert apart["median_s"] < 0.05
    assert apart["largest_s"] < 2.0


def test_fewer_sensors_have_the_same_intervals():
    run, told = access.sight(access.one_sensor_task())
    found, pairs = run()
    assert pairs == 20
    assert {row[0] for row in told(found)} == {"SENSOR-01"}
    full, names = access.sight(SIGHT.task())
    assert told(found) == [row for row in names(full()[0]) if row[0] == "SENSOR-01"]


def test_a_place_lies_on_the_ellipsoid():
    assert access.ground(0.0, 0.0) == pytest.approx([6378.137, 0.0, 0.0])
    assert access.ground(0.0, 90.0) == pytest.approx([0.0, 0.0, 6356.752314], abs=1e-6)


@pytest.mark.parametrize("elevation_deg", [10.0, 60.0])
def test_elevation_counts_from_the_plane_that_touches_the_ellipsoid(elevation_deg):
    site = np.array(access.ground(30.0, 45.0))
    longitude, latitude = np.radians([30.0, 45.0])
    east = np.array([-np.sin(longitude), np.cos(longitude), 0.0])
    zenith = np.array(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ]
    )
    holds = access.above(elevation_deg)
    for degrees, seen in ((elevation_deg + 0.001, True), (elevation_deg - 0.001, False)):
        angle = np.radians(degrees)
        target = site + 2000.0 * (np.cos(angle) * east + np.sin(angle) * zenith)
        assert holds(np.zeros(1), site[None, None], target[None, None]).item() is seen


def test_windows_above_a_site_are_named_and_in_order():
    run, told = access.sites(SITES.task())
    found, pairs = run()
    rows = told(found)
    assert pairs == 3 * 32
    assert len(rows) > 100
    assert all(0.0 <= start < end <= 86_400.0 for _, _, start, end in rows)


def test_positions_in_both_frames_are_one_turn_apart():
    works = [states.states(task()) for task in (states.teme_task, states.gcrs_task)]
    teme, gcrs = (run() for run, _ in works)
    assert teme[1] == gcrs[1] == 32 * 289
    assert np.linalg.norm(teme[0], axis=-1) == pytest.approx(np.linalg.norm(gcrs[0], axis=-1))
    told = works[1][1](gcrs[0])
    assert states.disagreement(told, told)["largest_m"] == 0.0


def test_gaps_of_solvers_are_worked_out_here():
    games = [np.array(one) for one in nash.task(5)["games"]]
    run, told = nash.solve(nash.task(5))
    ours = told(run()[0])
    pure = [[np.eye(5)[0].tolist(), np.eye(5)[0].tolist()] for _ in games]
    found = nash.disagreement(5, ours, pure)
    assert found["own_gap"] < 1e-9
    assert found["peer_gap"] > 0.1
    assert found["values_apart"] > 0.0


def test_mean_orbits_are_held_against_integrated_ones():
    objects = joint_step.task()["objects"][:3]
    paths = [cowell(np.array(one), 6 * 3600.0) for one in objects]
    times = [int(np.argmin(np.abs(times_s - 3000.0))) for times_s, _ in paths]
    apart = [
        joint_step.disagreement(
            [one],
            {"time_s": float(path[0][at]), "positions_km": [path[1][at].tolist()]},
        )["largest_km"]
        for one, path, at in zip(objects, paths, times, strict=True)
    ]
    assert max(apart) < MEAN_ORBIT_KM


def test_a_race_is_to_the_peers_lowest_and_ours_must_stay_there():
    theirs = [(1.0, 0.9), (2.0, 0.3), (3.0, 0.4)]
    ours = [(0.1, 0.9), (0.2, 0.2), (0.3, 0.5), (0.4, 0.3), (0.5, 0.1)]
    assert [turn.cpu_s for turn in race.reached(ours, theirs)] == [0.4, 2.0]
    with pytest.raises(race.NeverThereError, match=r"does not come to a NashConv of 0\.3000"):
        race.reached(ours[:3], theirs)
    with pytest.raises(race.NeverThereError, match="below where it starts"):
        race.reached(ours, [(1.0, 0.9), (2.0, 1.3)])


def test_double_oracle_solves_its_matrix():
    run, told = race.psro(race.matrix_task())
    curve = told(run()[0])
    assert curve[0][1] > 1.0
    assert curve[-1][1] < race.EXACT
    assert all(first[0] <= second[0] for first, second in pairwise(curve))


def test_ratios_are_of_medians_a_unit():
    own = [Turn(1.0, 2.0, 10), Turn(3.0, 3.0, 10), Turn(2.0, 2.0, 10)]
    theirs = [Turn(4.0, 4.0, 2), Turn(4.0, 8.0, 2), Turn(8.0, 8.0, 2)]
    found = ratio_of(own, theirs)
    assert (found.own_s, found.peer_s) == (0.2, 2.0)
    assert (found.ratio, found.low, found.high) == pytest.approx((10.0, 20.0 / 3.0, 20.0))
    row = measured_row(BY_KEY["sight/tatc"], "1", own, theirs, {"median_s": 0.5})
    assert row["met"] is False
    assert row["wall_ratio"] == pytest.approx(20.0)


def test_short_work_is_repeated_until_it_can_be_timed():
    turn, answer = own_turn(lambda: (sum(range(20_000)), 3), 0.05)
    assert turn.cpu_s >= 0.05
    assert turn.units % 3 == 0
    assert answer == sum(range(20_000))


def test_peers_that_are_not_compared_have_a_reason():
    assert "OrbitalGym" in NOT_COMPARED
    rows = [left_out(*one) for one in NOT_COMPARED.items()]
    assert all(row["status"].startswith("not compared: ") for row in rows)
    assert versions(("numpy", "no-such-distribution"))["no-such-distribution"] == "no distribution"
