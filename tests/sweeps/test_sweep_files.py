"""Sweep files: their points, and everything that can be wrong with them, at once."""

from __future__ import annotations

from math import prod
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sweeps.sweep_files import GRID, sweep_file

from ssa_psro.errors import InputError
from ssa_psro.inputs.reading import read
from ssa_psro.scenario.shipped import shipped_sweeps
from ssa_psro.study.study import document_of, dump_study, load_study, overridden
from ssa_psro.sweeps.plan import MOST_POINTS, Axis, Sweep, SweepInFile, plain
from ssa_psro.sweeps.reading import SweepError, load_sweep

ROOT = Path(__file__).parents[2]
FIRST, SECOND = (f"[[axes]]{part}" for part in GRID.split("[[axes]]")[1:])


def faults(path: Path, **more) -> dict[str, str]:
    """What is wrong with a file, by where it stands."""
    with pytest.raises(SweepError) as caught:
        load_sweep(path, **more)
    assert all(one.cure for one in caught.value.faults)
    return {one.key: f"{one.problem} {one.value}" for one in caught.value.faults}


def test_the_points_of_a_grid_are_its_product_with_all_seeds(tmp_path):
    sweep = load_sweep(sweep_file(tmp_path)).sweep
    assert [(*one.place, one.seed) for one in sweep.points] == [
        (range_km, denial_s, seed)
        for seed in (1, 2)
        for range_km in (100.0, 20000.0)
        for denial_s in (600.0, 7200.0)
    ]
    study = sweep.study_at(sweep.points[-1])
    assert (study.seed, study.scenario.rules.denial_s) == (2, 7200.0)
    sensors = study.scenario.blue.sensor, study.scenario.red.sensor
    assert [sensor.denial_range_km for sensor in sensors] == [20000.0, 20000.0]
    assert study.scenario.rules.denial_recharge_s == 3600.0


def test_lines_go_through_the_scenarios_own_values(tmp_path):
    text = GRID.replace("seeds = [1, 2]", "lines = true")
    sweep = load_sweep(sweep_file(tmp_path, text)).sweep
    own = load_study(tmp_path / "tiny.toml").study.scenario
    here = (own.blue.sensor.denial_range_km, own.rules.denial_s)
    assert sweep.own == here
    assert {one.place for one in sweep.points} == {
        here,
        (100.0, here[1]),
        (20000.0, here[1]),
        (here[0], 600.0),
        (here[0], 7200.0),
    }
    (middle,) = (one for one in sweep.points if one.place == here)
    assert dump_study(sweep.study_at(middle)) == dump_study(overridden(sweep.base, {"seed": 1}))


def test_a_key_of_every_entry_of_a_list(tmp_path):
    text = GRID.replace('"rules.denial_s"', '"catalog.regimes[].count"').replace(
        "[600.0, 7200.0]", "[4, 6]"
    )
    sweep = load_sweep(sweep_file(tmp_path, text)).sweep
    counts = {sweep.study_at(one).scenario.catalog.count for one in sweep.points}
    assert counts == {4, 6}
    assert sweep.plan.columns == ("denial_range_km", "count") or "count" not in sweep.plan.columns
    assert len(set(sweep.plan.columns)) == 2


def test_seeds_may_be_given_from_outside(tmp_path):
    path = sweep_file(tmp_path)
    sweep = load_sweep(path, [7]).sweep
    assert {one.seed for one in sweep.points} == {7}
    assert "is there twice" in faults(path, seeds=[3, 3])["seeds[1]"]


def test_the_order_in_which_a_sweep_is_written_decides_nothing(tmp_path):
    usual = load_sweep(sweep_file(tmp_path / "usual")).sweep
    head = GRID.split("[[axes]]")[0].replace("[1, 2]", "[2, 1]")
    turned = SECOND.replace("[600.0, 7200.0]", "[7200, 600]") + "\n" + FIRST
    other = load_sweep(sweep_file(tmp_path / "other", f"{head}{turned}")).sweep
    assert [one.name for one in other.points] == [one.name for one in usual.points]
    assert other.identity == usual.identity
    assert other.plan.columns == usual.plan.columns[::-1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("seeds = [1, 2]", "seeds = [1, 3]"),
        ("episodes = 2", "episodes = 3"),
        ("denial_recharge_s = 3600.0", "denial_recharge_s = 1800.0"),
        ("[600.0, 7200.0]", "[600.0, 7201.0]"),
        ('"blue.sensor.denial_range_km", ', ""),
        ("[tournament]", "lines = true\n[tournament]"),
    ],
)
def test_another_sweep_has_another_identity(old, new, tmp_path):
    assert old in GRID
    usual = load_sweep(sweep_file(tmp_path / "usual")).sweep
    other = load_sweep(sweep_file(tmp_path / "other", GRID.replace(old, new, 1))).sweep
    assert other.identity != usual.identity


@pytest.mark.parametrize(
    ("old", "new", "key", "told"),
    [
        ('scenario = "tiny.toml"', 'scenario = "quikstart"', "scenario", "neither a file nor"),
        ('scenario = "tiny.toml"', 'scenario = "tny.toml"', "{scenario}: the file", "no such file"),
        ('name = "small"', 'name = "no name"', "name", "may hold letters"),
        ("seeds = [1, 2]", "seeds = [1, 1]", "seeds[1]", "is there twice"),
        ("seeds = [1, 2]", "seeds = []", "seeds", "has too few entries"),
        ("seeds = [1, 2]", 'audit = "none"', "audit", "a tournament is not audited"),
        ("seeds = [1, 2]", 'measure = "run"', "tournament", "is passed over"),
        ("seeds = [1, 2]", 'measure = "play"', "measure", "must be"),
        ("seeds = [1, 2]", "sedes = [1, 2]", "sedes", "unknown key"),
        ('["aggressive", "blinding"]', '["aggressive"]', "tournament.policies", "needs two"),
        ('"blinding"]', '"aggressive"]', "tournament.policies[1]", "is named twice"),
        ('"blinding"]', '"blindng"]', "tournament.policies[1]", "not one of the heuristics"),
        ("episodes = 2", "episodes = 1", "tournament.episodes", "must be at least 2"),
        ("denial_recharge_s", "denial_rechage_s", "set.rules.denial_rechage_s", "no scenario has"),
        ("denial_recharge_s = 3600.0", "denial_s = 60.0", "axes[1].keys[0]", "is in set already"),
        (
            "recharge_s = 3600.0",
            "recharge_s = -1.0",
            "set.rules.denial_recharge_s",
            "greater than 0",
        ),
        ("rules.denial_recharge_s = 3600.0", "seed = 3", "set.seed", "is not moved by a sweep"),
        ('"rules.denial_s"', '"rules.denail_s"', "axes[1].keys[0]", "no scenario has"),
        ('"rules.denial_s"', '"seed"', "axes[1].keys[0]", "is not moved by a sweep"),
        ('"red.sensor', '"blue.sensor', "axes[0].keys[1]", "is named twice"),
        ('"rules.denial_s"', '"red.sensor.denial_range_km"', "axes[1].keys[0]", "is in axes[0]"),
        ("[20000.0, 100.0]", "[100, 100.0]", "axes[0].values[1]", "is there twice"),
        ("[20000.0, 100.0]", "[]", "axes[0].values", "has too few entries"),
        ("[20000.0, 100.0]", "[nan]", "axes[0].values[0]", "is no plain value"),
        ("[20000.0, 100.0]", "[{a = 1}]", "axes[0].values[0]", "is no plain value"),
        ("[600.0, 7200.0]", "[600.0, -1.0]", "axes[1].values[1]", "rules.denial_s must be"),
        ("[600.0, 7200.0]", '["long", 60.0]', "axes[1].values[0]", "rules.denial_s must be"),
        ("[600.0, 7200.0]", f"{list(range(MOST_POINTS))}", "axes", "may have 5,000"),
    ],
)
def test_a_fault_is_told_where_it_stands(old, new, key, told, tmp_path):
    assert old in GRID
    path = sweep_file(tmp_path, GRID.replace(old, new, 1))
    found = faults(path)
    at = key.format(scenario=f"scenario {tmp_path / 'tny.toml'}")
    assert told in found[at], found
    assert len(found) <= 2  # a key that is misspelt is missing, too


def test_all_faults_of_a_file_are_told_at_once(tmp_path):
    text = GRID
    for old, new in (
        ("tiny.toml", "quikstart"),
        ("[1, 2]", "[1, 1]"),
        ('"blinding"', '"blindng"'),
        ("rules.denial_recharge_s", "rules.recharge"),
        ('"rules.denial_s"', '"rules.denail_s"'),
        ("[20000.0, 100.0]", "[100.0, 100.0]"),
    ):
        text = text.replace(old, new, 1)
    assert set(faults(sweep_file(tmp_path, text))) == {
        "scenario",
        "seeds[1]",
        "tournament.policies[1]",
        "set.rules.recharge",
        "axes[1].keys[0]",
        "axes[0].values[1]",
    }


def test_what_only_some_combinations_are_at_fault_for_is_said_of_these(tmp_path):
    axes = """
[[axes]]
keys = ["blue.constellation.satellites"]
values = [4, 6, 0]
[[axes]]
keys = ["blue.constellation.planes"]
values = [1, 4]
"""
    path = sweep_file(tmp_path, GRID.split("[[axes]]")[0] + axes)
    found = faults(path)
    assert "must be at least 1" in found["axes[0].values[2]"]
    assert "must divide satellites" in found["the point satellites 6, planes 4"]
    assert len(found) == 2


def test_lines_need_one_value_to_go_through(tmp_path):
    text = GRID.replace("[tournament]", "lines = true\n[tournament]")
    text = text.replace("[set]", "[set]\nred.sensor.denial_range_km = 9.0")
    text = text.replace('"red.sensor.denial_range_km"]', '"red.sensor.latency_s"]', 1)
    assert "different values" in faults(sweep_file(tmp_path, text))["axes[0].keys"]


def test_the_shipped_sweeps_are_sound_and_small():
    assert set(shipped_sweeps()) >= {"denial"}
    for path in shipped_sweeps().values():
        loaded = load_sweep(path)
        assert len(loaded.sweep.points) <= 100
        assert loaded.needs.disk_bytes < 1e8


KEYS = ("rules.denial_s", "rules.protection_s", "blue.sensor.dwell_s", "rules.rivalry")
NUMBERS = st.integers(0, 50) | st.floats(0, 50)
BASE = load_study(ROOT / "tests" / "e2e" / "tiny.toml").study


@st.composite
def plans(draw):
    """Axes, seeds and whether they are lines; and all that in another order."""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
    axes = [
        {"keys": [key], "values": draw(st.lists(NUMBERS, min_size=1, max_size=4, unique_by=plain))}
        for key in keys
    ]
    seeds = draw(st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True))
    document = {"name": "any", "scenario": "any", "seeds": seeds, "lines": draw(st.booleans())}
    other = [
        {"keys": axis["keys"], "values": draw(st.permutations(axis["values"]))} for axis in axes
    ]
    turned = {"seeds": draw(st.permutations(seeds)), "axes": draw(st.permutations(other))}
    return {**document, "axes": axes}, {**document, **turned}


@given(plans())
def test_points_are_distinct_and_sorted_alike_however_they_are_given(both):
    one, other = (Sweep(read(SweepInFile, plan).checked("any", InputError), BASE) for plan in both)
    names = [point.name for point in one.points]
    assert len(set(names)) == len(names)
    assert names == [point.name for point in other.points]
    keys = [
        [(tuple(axis.keys), plain(value)) for axis, value in zip(s.plan.axes, p.place, strict=True)]
        for s in (one, other)
        for p in s.points
    ]
    half = len(names)
    assert [sorted(key) for key in keys[:half]] == [sorted(key) for key in keys[half:]]
    counts = [len(axis.values) for axis in one.plan.axes]
    if not one.plan.lines:
        assert half == len(one.plan.seeds) * prod(counts)


@given(st.lists(NUMBERS | st.booleans() | st.text(max_size=3), min_size=1, max_size=6))
def test_values_are_told_apart_by_what_they_are(values):
    twice = [one for n, one in enumerate(values) if plain(one) in map(plain, values[:n])]
    found = read(Axis, {"keys": ["a"], "values": values}).faults
    assert len(found) == len(twice)


def test_own_values_are_those_that_the_study_has():
    plan = {
        "name": "any",
        "scenario": "any",
        "axes": [{"keys": ["oracle.hidden"], "values": [[8]]}],
    }
    sweep = Sweep(read(SweepInFile, plan).checked("any", InputError), BASE)
    assert sweep.own == (document_of(BASE)["oracle"]["hidden"],)
    assert sweep.study_at(sweep.points[0]).oracle.hidden == (8,)
