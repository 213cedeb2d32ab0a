"""Catalogues that scenarios take from files: what is taken, said of it, and reported."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sky_files import (
    EPOCH,
    SCENARIO,
    decaying,
    eccentric,
    high,
    low,
    several,
    write_sky,
)

from ssa_psro.catalogs.omm_writing import write_catalog
from ssa_psro.errors import Fault, ScenarioError
from ssa_psro.geometry.optics import magnitude
from ssa_psro.scenario import (
    Scenario,
    content_hash,
    dump_scenario,
    load_scenario,
    parse_scenario,
    parse_scenario_json,
)
from ssa_psro.scenario.changes import Changes
from ssa_psro.scenario.schema import ListedCatalog, ListedObject, ManoeuvreClass, Manoeuvres
from ssa_psro.scenario.standards import (
    CALIBRATIONS,
    STANDARDS,
    radius_of_magnitude_m,
    standard_plan,
)
from ssa_psro.study import load_study

WINDOW = datetime(2026, 3, 20, tzinfo=UTC)


def with_catalog(keys: str, *sections: str) -> str:
    """The scenario with more keys in its catalogue, and sections after it."""
    head = 'path = "sky.json"\n'
    return SCENARIO.replace(head, "\n".join([head, keys, *sections, ""]))


def catalog_of(scenario: Scenario) -> ListedCatalog:
    """Its catalogue, which is a list by now."""
    assert isinstance(scenario.catalog, ListedCatalog)
    return scenario.catalog


def objects_of(path: Path) -> dict[str, ListedObject]:
    """The objects of the scenario in a file, by name."""
    return {one.name: one for one in catalog_of(load_scenario(path)).objects}


def faults_of(path: Path) -> list[Fault]:
    """What loading reports."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return list(caught.value.faults)


def test_every_object_is_there_with_its_element_set(tmp_path: Path) -> None:
    objects = objects_of(write_sky(tmp_path))
    assert list(objects) == [f"LOW {k}" for k in range(6)] + [f"HIGH {k}" for k in range(3)] + [
        "LONG"
    ]
    orbit, given = objects["LOW 3"].orbit, several()[3]
    assert all(getattr(orbit, name) == getattr(given, name) for name in type(orbit).model_fields)
    assert [objects[name].regime for name in ("LOW 0", "HIGH 0", "LONG")] == ["LEO", "GEO", "HEO"]


def test_what_a_file_does_not_say_is_the_standard_of_the_regime(tmp_path: Path) -> None:
    for one in objects_of(write_sky(tmp_path)).values():
        standard = STANDARDS[one.regime]
        assert standard.radius_m[0] <= one.radius_m <= standard.radius_m[1]
        assert one.albedo == standard.albedo
        known = CALIBRATIONS[one.regime]
        assert one.custody_sigma_km == known.custody_sigma_km
        assert one.growth_km_h == known.growth_km_h
        assert one.measurement_sigma_km is None  # the error of a look is the sensor's
        assert one.weight == (standard.contested_weight if one.contested else standard.weight)


def test_contested_objects_keep_station_as_their_regime_does(tmp_path: Path) -> None:
    everything = [*several(), low("OLD DEB", "901", raan_deg=7.0), high("SL-12 R/B", "902")]
    sections = [
        f'[[catalog.regimes]]\nregime = "{name}"\ncontested_share = 1.0'
        for name in ("LEO", "GEO", "HEO")
    ]
    text = with_catalog("", *sections)
    objects = objects_of(write_sky(tmp_path, everything, scenario=text))
    kinds = {one.name: one.manoeuvres and one.manoeuvres.kind for one in objects.values()}
    assert (kinds["LOW 0"], kinds["HIGH 0"]) == ("leo-drag-make-up", "geo-station-keeping")
    # of eccentric orbits there is no rule, and what is dead does not manoeuvre ...
    assert kinds["LONG"] is kinds["OLD DEB"] is kinds["SL-12 R/B"] is None
    # ... unless the scenario says so
    stated = text.replace('"LEO"\n', '"LEO"\nmanoeuvres.interval_h = 36.0\n')
    objects = objects_of(write_sky(tmp_path, everything, scenario=stated))
    assert objects["OLD DEB"].manoeuvres == Manoeuvres(interval_h=36.0)


def test_uncontested_objects_manoeuvre_where_the_scenario_says_so(tmp_path: Path) -> None:
    everything = [*several(), low("OLD DEB", "901", raan_deg=7.0)]
    section = '[[catalog.regimes]]\nregime = "LEO"\ncontested_share = 0.0'
    path = write_sky(tmp_path, everything, scenario=with_catalog("", section))
    assert not any(one.manoeuvres for one in objects_of(path).values())
    moving = f'{section}\nuncontested_manoeuvres.kind = "leo-drag-make-up"'
    (tmp_path / "windows.csv").write_text(
        "object,start_utc,end_utc\nLOW 1,2026-03-20T06:00:00,2026-03-20T09:00:00\n", "utf-8"
    )
    text = with_catalog('windows = "windows.csv"', moving)
    objects = objects_of(write_sky(tmp_path, everything, scenario=text))
    plans = {name: one.manoeuvres for name, one in objects.items()}
    assert plans["LOW 0"] == ManoeuvreClass(kind="leo-drag-make-up")
    assert plans["LOW 1"] is plans["OLD DEB"] is None  # windows are stated; debris is dead


def test_what_is_uncertain_of_an_object_is_its_regime_s(tmp_path: Path) -> None:
    keys = (
        "brightness_scatter_mag = 0.6\nunforecast_per_day = 0.09\n"
        "unforecast_delta_v_m_s = 0.05\nmeasurement_sigma_km = 0.3"
    )
    (tmp_path / "facts.csv").write_text("name,brightness_scatter_mag\nLOW 1,1.5\n", "utf-8")
    section = f'[[catalog.regimes]]\nregime = "LEO"\n{keys}'
    text = with_catalog('attributes = "facts.csv"', section)
    objects = objects_of(write_sky(tmp_path, scenario=text))
    one = objects["LOW 0"]
    stated = (one.unforecast_per_day, one.unforecast_delta_v_m_s, one.measurement_sigma_km)
    assert stated == (0.09, 0.05, 0.3)
    scatter = [objects[name].brightness_scatter_mag for name in ("LOW 0", "LOW 1")]
    assert scatter == [0.6, 1.5]


def test_a_satellite_called_debut_is_not_debris() -> None:
    assert standard_plan("GEO", "DEBUT") == ManoeuvreClass(kind="geo-station-keeping")
    assert standard_plan("GEO", "FENGYUN 1C DEB") is None


def test_scenario_needs_its_files_no_more(tmp_path: Path) -> None:
    scenario = load_scenario(write_sky(tmp_path))
    text = dump_scenario(scenario)
    (tmp_path / "sky.json").unlink()
    again = parse_scenario_json(text, "run folder")
    assert again == scenario
    assert content_hash(again) == content_hash(scenario)


def test_same_objects_from_another_format_and_path_are_the_same_game(tmp_path: Path) -> None:
    first = load_scenario(write_sky(tmp_path))
    other = SCENARIO.replace("sky.json", "elsewhere/sky.xml")
    (tmp_path / "elsewhere").mkdir()
    path = write_sky(tmp_path, scenario=other, name="elsewhere/sky.xml")
    assert content_hash(load_scenario(path)) == content_hash(first)


def test_changed_element_set_is_another_game(tmp_path: Path) -> None:
    first = load_scenario(write_sky(tmp_path))
    moved = [replace(several()[0], mean_anomaly_deg=31.0), *several()[1:]]
    assert content_hash(load_scenario(write_sky(tmp_path, moved))) != content_hash(first)


def test_names_that_repeat_or_lack_get_the_id(tmp_path: Path) -> None:
    alike = [
        low("DEBRIS", "799501234"),
        low("DEBRIS", "A0000", mean_anomaly_deg=90.0),
        low("", "55", mean_anomaly_deg=180.0),
        low("ALONE", "56", mean_anomaly_deg=270.0),
    ]
    path = write_sky(tmp_path, alike)
    assert list(objects_of(path)) == ["DEBRIS (799501234)", "DEBRIS (A0000)", "55", "ALONE"]


def test_objects_without_number_are_told_by_name_or_else_by_orbit(tmp_path: Path) -> None:
    places = {"X": 10.0, "Y": 20.0, "0": 30.0}
    unnumbered = [low(name, "0", mean_anomaly_deg=at) for name, at in places.items()]
    unnumbered += [low("0", "0", mean_anomaly_deg=40.0), low("0", "0", mean_anomaly_deg=40.0)]
    path = write_sky(tmp_path, unnumbered)
    objects = objects_of(path)
    assert list(objects) == ["X", "Y", "0 (0)", "0 (0) #2"]
    assert len({one.radius_m for one in objects.values()}) == 4
    (report,) = load_study(path).files
    assert [one.problem for one in report.rejected] == [
        "duplicate id: record 4 (line 5) has the same epoch"
    ]


def test_longest_names_and_designators_for_ids_fit(tmp_path: Path) -> None:
    alike = [
        low("N" * 200, "", designator=letter * 70, mean_anomaly_deg=at)
        for letter, at in (("D", 10.0), ("E", 20.0))
    ]
    names = list(objects_of(write_sky(tmp_path, alike)))
    assert names == [f"{'N' * 80} ({letter * 20})" for letter in "DE"]


def test_regimes_and_counts_choose(tmp_path: Path) -> None:
    sections = '[[catalog.regimes]]\nregime = "GEO"\n[[catalog.regimes]]\nregime = "LEO"\ncount = 4'
    scenario = load_scenario(write_sky(tmp_path, scenario=with_catalog("", sections)))
    tally = scenario.catalog.tally()
    assert {regime: one.objects for regime, one in tally.items()} == {"GEO": 3, "LEO": 4}
    total = with_catalog("select.count = 5", sections)
    assert load_scenario(write_sky(tmp_path, scenario=total)).catalog.count == 5


def test_names_and_ids_choose(tmp_path: Path) -> None:
    named = with_catalog('select.names = ["high*", "LONG"]')
    assert list(objects_of(write_sky(tmp_path, scenario=named))) == [
        *(f"HIGH {k}" for k in range(3)),
        "LONG",
    ]
    by_id = with_catalog('select.ids = ["00103", "301"]')
    assert list(objects_of(write_sky(tmp_path, scenario=by_id))) == ["LOW 2", "LONG"]


def test_draw_keeps_its_objects_when_the_file_grows(tmp_path: Path) -> None:
    few = with_catalog("select.count = 4")
    before = objects_of(write_sky(tmp_path, scenario=few))
    more = [*several(), low("NEW", "999", raan_deg=5.0)]
    after = objects_of(write_sky(tmp_path, more, scenario=few))
    assert len(set(before) & set(after)) >= 3
    shared = set(before) & set(after)
    assert all(before[name].radius_m == after[name].radius_m for name in shared)


def test_another_seed_draws_others(tmp_path: Path) -> None:
    drawn = [
        tuple(objects_of(write_sky(tmp_path, scenario=with_catalog(f"seed = {seed}\n{rest}"))))
        for seed in (1, 2, 3)
        for rest in ("select.count = 4",)
    ]
    assert len(set(drawn)) > 1


def test_share_of_a_regime_is_contested(tmp_path: Path) -> None:
    section = '[[catalog.regimes]]\nregime = "LEO"\ncontested_share = 0.5\ncontested_weight = 7.0'
    objects = objects_of(write_sky(tmp_path, scenario=with_catalog("", section)))
    contested = [one for one in objects.values() if one.contested]
    assert len(contested) == 3
    assert {one.weight for one in contested} == {7.0}


def test_attributes_go_before_the_standard(tmp_path: Path) -> None:
    table = (
        "catalog_id,name,radius_m,albedo,standard_magnitude,contested,weight\n"
        "101,,0.25,0.5,,true,9\n"
        ",low 1,,,4.0,false,\n"
    )
    (tmp_path / "facts.csv").write_text(table, "utf-8")
    section = '[[catalog.regimes]]\nregime = "LEO"\ncontested_share = 0.0'
    text = with_catalog('attributes = "facts.csv"', section)
    objects = objects_of(write_sky(tmp_path, scenario=text))
    first, second = objects["LOW 0"], objects["LOW 1"]
    assert (first.radius_m, first.albedo, first.weight, first.contested) == (0.25, 0.5, 9.0, True)
    assert [one.contested for one in objects.values()].count(True) == 1
    area_m2 = math.pi * second.radius_m**2 * second.albedo
    assert magnitude(area_m2, 1000.0, math.pi / 2.0) == pytest.approx(4.0)


def test_brightness_is_that_of_a_body_a_scenario_can_hold(tmp_path: Path) -> None:
    """Brighter than the space station by far, and black: the largest sphere there can be."""
    table = "catalog_id,albedo,standard_magnitude\n101,0.001,-5\n102,,-5.1\n"
    (tmp_path / "facts.csv").write_text(table, "utf-8")
    path = write_sky(tmp_path, scenario=with_catalog('attributes = "facts.csv"'))
    (fault,) = faults_of(path)
    assert fault.key == "catalog.attributes: facts.csv: line 3, standard_magnitude"
    (tmp_path / "facts.csv").write_text(table[: table.index("102")], "utf-8")
    assert objects_of(path)["LOW 0"].radius_m == 1000.0


def test_standard_magnitude_of_a_known_satellite() -> None:
    # the space station: standard magnitude about -1.8 (Quicksat's list), some 110 m x 70 m of
    # panels and modules; a diffuse sphere of albedo 0.2 as bright is 50 m wide
    assert 40.0 < 2.0 * radius_of_magnitude_m(-1.8, 0.2) < 110.0


def test_forecasts_replace_the_plan_of_their_object(tmp_path: Path) -> None:
    table = (
        "object,start_utc,end_utc,probability,delta_v_m_s\n"
        "101,2026-03-20T06:00:00,2026-03-20T09:00:00,0.4,0.3\n"
        "LOW 1,2026-03-19T20:00:00,2026-03-20T02:00:00,,\n"
        "LOW 2,2026-05-01T00:00:00,2026-05-01T02:00:00,,\n"
    )
    (tmp_path / "windows.csv").write_text(table, "utf-8")
    section = '[[catalog.regimes]]\nregime = "LEO"\ncontested_share = 1.0'
    complete = with_catalog('windows = "windows.csv"', section)
    listed = catalog_of(load_scenario(write_sky(tmp_path, scenario=complete)))
    assert not any(one.manoeuvres for one in listed.objects)
    text = with_catalog('windows = "windows.csv"', f"{section}\nmanoeuvres.interval_h = 36.0")
    catalog = catalog_of(load_scenario(write_sky(tmp_path, scenario=text)))
    found = [(w.object, w.start_h, w.end_h, w.probability) for w in catalog.windows]
    assert found == [("LOW 0", 6.0, 9.0, 0.4), ("LOW 1", 0.0, 2.0, pytest.approx(1.0 / 3.0))]
    planned = [one.name for one in catalog.objects if one.manoeuvres]
    assert planned == ["LOW 3", "LOW 4", "LOW 5"]


def test_rejected_records_are_reported_and_the_rest_is_used(tmp_path: Path) -> None:
    old = low("OLD", "501", epoch=EPOCH - timedelta(days=45), mean_anomaly_deg=200.0)
    path = write_sky(tmp_path, [*several(), old, decaying()])
    text = (tmp_path / "sky.json").read_text("utf-8")
    damaged = json.loads(text)
    damaged[2]["ECCENTRICITY"] = 1.7
    (tmp_path / "sky.json").write_text(json.dumps(damaged), "utf-8")
    loaded = load_study(path)
    (report,) = loaded.files
    assert (report.key, report.format) == ("catalog.path", "omm-json")
    assert (report.records, report.used) == (12, 9)
    reasons = {one.name: one.problem for one in report.rejected}
    assert "ECCENTRICITY = 1.7" in reasons["LOW 2"]
    assert "epoch 2026-02-03 06:00 is 44.8 days before the window" in reasons["OLD"]
    assert "decayed" in reasons["DOOMED"]
    assert set(loaded.scenario.catalog.names).isdisjoint(reasons)


def test_what_is_not_selected_is_not_rejected_either(tmp_path: Path) -> None:
    path = write_sky(
        tmp_path, [*several(), decaying()], scenario=with_catalog('select.names = ["HIGH*"]')
    )
    (report,) = load_study(path).files
    assert (report.records, report.used, report.rejected) == (11, 3, ())


def test_objects_that_decay_do_not_count_among_those_drawn(tmp_path: Path) -> None:
    doomed = [decaying(f"DOOMED {k}", f"{401 + k}") for k in range(5)]
    text = with_catalog("select.count = 3")
    objects = objects_of(write_sky(tmp_path, [*doomed, *several()[:3]], scenario=text))
    assert sorted(objects) == ["LOW 0", "LOW 1", "LOW 2"]


def test_newer_element_set_of_two_files_is_used(tmp_path: Path) -> None:
    newer = low("LOW 0", "101", epoch=EPOCH + timedelta(hours=1), mean_anomaly_deg=99.0)
    same = several()[1]
    write_catalog(tmp_path / "more.kvn", [newer, same], created=EPOCH)
    text = SCENARIO.replace('path = "sky.json"', 'path = ["sky.json", "more.kvn"]')
    loaded = load_study(write_sky(tmp_path, scenario=text))
    names = loaded.scenario.catalog.names
    assert len(names) == len(set(names)) == 10
    first, second = loaded.files
    (superseded,) = first.rejected
    assert superseded.problem == "duplicate id: more.kvn has a newer epoch"
    assert (first.used, second.used, second.rejected) == (9, 1, ())


def test_window_may_follow_the_catalogue(tmp_path: Path) -> None:
    later = [replace(one, epoch=one.epoch + timedelta(days=90)) for one in several()]
    assert "days after the window" in faults_of(write_sky(tmp_path, later))[0].problem
    path = write_sky(tmp_path, later, scenario=with_catalog("sets_epoch = true"))
    assert load_scenario(path).window.epoch == WINDOW + timedelta(days=91)


def test_window_cannot_follow_a_catalogue_of_the_sixties(tmp_path: Path) -> None:
    """A scenario's window lies between 1972 and 2100; what is older is rejected like any other."""
    early = [
        replace(one, epoch=one.epoch.replace(year=1969), name=f"EARLY {one.name}")
        for one in several()[:3]
    ]
    path = write_sky(tmp_path, early, scenario=with_catalog("sets_epoch = true"))
    (fault,) = faults_of(path)
    assert "3 rejected, such as EARLY LOW 2 [103] (sky.json, " in fault.problem
    assert ")): epoch 1969-03-20 is out of reach" in fault.problem
    path = write_sky(tmp_path, [*early, *several()[3:]], scenario=with_catalog("sets_epoch = true"))
    (report,) = load_study(path).files
    assert (report.used, len(report.rejected)) == (7, 3)


def test_missing_file_is_named_with_its_key(tmp_path: Path) -> None:
    path = write_sky(tmp_path, scenario=SCENARIO.replace("sky.json", "skie.json"))
    (fault,) = faults_of(path)
    assert (fault.key, fault.value) == ("catalog.path", str(tmp_path / "skie.json"))
    assert "no such file" in fault.problem
    assert "Did you mean 'sky.json'?" in fault.cure


def test_every_fault_is_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text("catalog_id,albedo\n101,3\n102,high\n", "utf-8")
    text = (
        with_catalog(
            'attributes = "facts.csv"\nselect.ids = ["101", "4711"]',
            '[[catalog.regimes]]\nregime = "LEO"\nradius_m = [2.0, 1.0]',
            '[[catalog.regimes]]\nregime = "LEO"',
        )
        .replace("planes = 2", "planes = 3", 1)
        .replace("horizon_days = 1.0", "horizon_days = 0.1")
    )
    found = {fault.key: fault for fault in faults_of(write_sky(tmp_path, scenario=text))}
    assert set(found) == {
        "blue.constellation.planes",
        "window.horizon_days",
        "catalog.select.ids",
        "catalog.attributes: facts.csv: line 2, albedo",
        "catalog.attributes: facts.csv: line 3, albedo",
        "catalog.regimes[0].radius_m",
        "catalog.regimes[1].regime",
    }
    assert found["catalog.select.ids"].value == "4711"


def test_id_that_is_asked_for_and_damaged_says_so(tmp_path: Path) -> None:
    path = write_sky(tmp_path, scenario=with_catalog('select.ids = ["103"]'))
    damaged = json.loads((tmp_path / "sky.json").read_text("utf-8"))
    damaged[2]["INCLINATION"] = 400.0
    (tmp_path / "sky.json").write_text(json.dumps(damaged), "utf-8")
    (fault,) = faults_of(path)
    assert fault.key == "catalog.select.ids"
    assert "is rejected (record 3" in fault.problem
    assert "INCLINATION = 400" in fault.problem


def test_nothing_left_is_one_fault_with_the_reason(tmp_path: Path) -> None:
    none = '[[catalog.regimes]]\nregime = "MEO"'
    (fault,) = faults_of(write_sky(tmp_path, scenario=with_catalog("", none)))
    assert "no element set that is asked for" in fault.problem
    (fault,) = faults_of(write_sky(tmp_path, [decaying()]))
    assert "1 rejected, such as DOOMED [401] (sky.json, record 1 (line " in fault.problem
    assert ")): decayed" in fault.problem


def test_misspelt_kind_and_key_are_told(tmp_path: Path) -> None:
    (fault,) = faults_of(write_sky(tmp_path, scenario=SCENARIO.replace('"file"', '"flie"')))
    assert fault.key == "catalog.kind"
    assert "'file'" in fault.cure
    (fault,) = faults_of(write_sky(tmp_path, scenario=with_catalog("sets_epok = true")))
    assert fault.cure == "Did you mean 'sets_epoch'?"


def test_text_that_stands_alone_can_name_no_file(tmp_path: Path) -> None:
    write_sky(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(SCENARIO, "text")
    (fault,) = caught.value.faults
    assert fault.key == "catalog.kind"


def test_rows_about_strangers_are_reported(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text("catalog_id,radius_m\n101,1\n4711,2\n", "utf-8")
    path = write_sky(tmp_path, scenario=with_catalog('attributes = "facts.csv"'))
    _, report = load_study(path).files
    assert (report.key, report.records, report.used) == ("catalog.attributes", 2, 1)
    assert [one.catalog_id for one in report.rejected] == ["4711"]


def test_other_files_can_take_the_place_of_the_catalogue(tmp_path: Path) -> None:
    path = write_sky(tmp_path)
    write_catalog(tmp_path / "other.csv", [high(), eccentric()], created=EPOCH)
    changes = Changes(catalogs=(tmp_path / "other.csv",))
    loaded = load_study(path, changes)
    assert loaded.scenario.catalog.names == ("HIGH", "LONG")
    generated = SCENARIO.replace(
        'kind = "file"\npath = "sky.json"',
        '[[catalog.regimes]]\nregime = "LEO"\ncount = 2\n'
        "altitude_km = [900, 1000]\ninclination_deg = [0, 90]",
    )
    with pytest.raises(ScenarioError) as caught:
        load_study(write_sky(tmp_path, scenario=generated), changes)
    (fault,) = caught.value.faults
    assert fault.key == "catalog"


def test_listed_objects_can_be_written_by_hand() -> None:
    listed = """[catalog]
kind = "listed"
[[catalog.objects]]
name = "ONE"
regime = "LEO"
radius_m = 1.0
[catalog.objects.orbit]
epoch = 2026-03-20T00:00:00Z
mean_motion_rev_day = 14.0
eccentricity = 0.001
inclination_deg = 60.0
raan_deg = 0.0
argument_of_perigee_deg = 0.0
mean_anomaly_deg = 0.0
"""
    text = SCENARIO.replace('[catalog]\nkind = "file"\npath = "sky.json"\n', listed)
    assert parse_scenario(text, "text").catalog.names == ("ONE",)
    twice = text.replace("[rules]", listed.removeprefix('[catalog]\nkind = "listed"\n') + "[rules]")
    with pytest.raises(ScenarioError, match="is the name of catalog"):
        parse_scenario(twice, "text")
    weightless = text.replace("radius_m = 1.0", "radius_m = 1.0\nweight = 0.0")
    with pytest.raises(ScenarioError, match="weigh nothing"):
        parse_scenario(weightless, "text")
    window = '[[catalog.windows]]\nobject = "ON"\nstart_h = 1.0\nend_h = 2.0\n[rules]'
    with pytest.raises(ScenarioError, match="Did you mean 'ONE'"):
        parse_scenario(text.replace("[rules]", window), "text")
