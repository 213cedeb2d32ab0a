"""Element sets of a scenario in the tables: where they are, beside orbits of other kinds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sgp4.api import Satrec
from skies import walker
from sky_files import SCENARIO, decaying, eccentric, high, low, several, write_sky

from ssa_psro.catalogs import read_catalog
from ssa_psro.catalogs.checks import MOST_SAMPLES, flight_problems, teme_positions_km
from ssa_psro.errors import ScenarioError
from ssa_psro.geometry import build_arena
from ssa_psro.geometry.bodies import walker_elements
from ssa_psro.geometry.flight import fly, positions_km
from ssa_psro.geometry.propagation import Elements
from ssa_psro.geometry.sky import exact_teme_to_gcrs
from ssa_psro.scenario import load_scenario
from ssa_psro.scenario.orbits import as_record, from_record
from ssa_psro.scenario.schema import EARTH_RADIUS_KM, REGIMES, ListedCatalog

EPOCH = datetime(2026, 3, 20, tzinfo=UTC)
DAY_S = 86400.0

VALLADO = (
    "1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753\n"
    "2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667\n"
)
"""Vallado et al., *Revisiting Spacetrack Report #3* (AIAA 2006-6753), the example of its page 33:
three days after the epoch TEME is [-9060.47373569, 4658.70952502, 813.68673153] km."""


def test_published_case_of_sgp4(tmp_path: Path) -> None:
    path = tmp_path / "vallado.tle"
    path.write_text(VALLADO, "ascii")
    (element_set,) = read_catalog(path).accepted
    (found,) = teme_positions_km([element_set], element_set.epoch, np.array([3.0 * DAY_S]))[:, 0]
    published = [-9060.47373569, 4658.70952502, 813.68673153]
    # the reader rounds the epoch to a microsecond, in which the object moves 5 mm
    assert found == pytest.approx(published, abs=1e-5)
    assert found == pytest.approx(
        Satrec.twoline2rv(*VALLADO.split("\n")[:2]).sgp4_tsince(3.0 * 1440.0)[1], abs=1e-5
    )


def test_positions_are_those_of_sgp4_turned_into_gcrs() -> None:
    sets = [low(), high(), eccentric()]
    times_s = np.arange(0.0, 2.0 * DAY_S, 1800.0)
    flown = positions_km(tuple(map(from_record, sets)), EPOCH, times_s)
    rotation = exact_teme_to_gcrs(EPOCH, times_s)
    for k, one in enumerate(sets):
        for i in (0, 17, 95):
            teme_km = teme_positions_km([one], EPOCH, times_s[i : i + 1])[0, 0]
            assert flown[i, k] == pytest.approx(rotation[i] @ teme_km, abs=1e-6)


def test_groups_of_both_kinds_keep_their_order() -> None:
    times_s = np.array([0.0, 600.0])
    pattern, sets = walker_elements(walker()), (from_record(low()), from_record(high()))
    first, second, third = (
        positions_km(one, EPOCH, times_s) for one in (sets[:1], pattern, sets[1:])
    )
    assert np.linalg.norm(second, axis=2) == pytest.approx(EARTH_RADIUS_KM + 800.0)
    assert np.linalg.norm(first[0, 0]) < 8000.0
    assert np.linalg.norm(third[0, 0]) > 42_000.0
    assert np.array_equal(positions_km(sets, EPOCH, times_s)[:, 1:], third)


def test_defined_orbits_drift_about_the_true_axis_of_the_epoch() -> None:
    """Above the true equator a satellite climbs to its inclination, whenever one looks."""
    (rotation,) = exact_teme_to_gcrs(EPOCH, np.zeros(1))
    true_axis, gcrs_axis = rotation[:, 2], np.array([0.0, 0.0, 1.0])
    highest: dict[str, list[float]] = {"true": [], "GCRS": []}
    for day in (0.0, 5.0, 10.0):
        times_s = day * DAY_S + np.arange(0.0, 6100.0, 5.0)
        positions = positions_km(walker_elements(walker()), EPOCH, times_s)
        upward = positions[:, 0] / np.linalg.norm(positions[:, 0], axis=1)[:, None]
        highest["true"].append(np.degrees(np.arcsin((upward @ true_axis).max())))
        highest["GCRS"].append(np.degrees(np.arcsin((upward @ gcrs_axis).max())))
    assert highest["true"] == pytest.approx([65.0] * 3, abs=1e-3)
    assert np.ptp(highest["GCRS"]) > 0.03


def test_element_set_survives_the_way_into_a_scenario_and_back() -> None:
    for one in several():
        again = as_record(from_record(one))
        assert all(
            getattr(again, name) == getattr(one, name)
            for name in ("name", "catalog_id", "epoch", "mean_motion_rev_day", "bstar")
        )


def test_many_objects_are_flown_batch_by_batch() -> None:
    sets = [low(mean_anomaly_deg=float(k)) for k in range(9)]
    times_s = np.linspace(0.0, 5.0 * DAY_S, MOST_SAMPLES // 4)  # four at a time
    together = teme_positions_km(sets, EPOCH, times_s)
    assert together.shape == (len(times_s), 9, 3)
    assert np.array_equal(together[:, 8:], teme_positions_km(sets[8:], EPOCH, times_s))
    assert flight_problems(sets[:5], EPOCH, times_s) == [""] * 5


@pytest.mark.parametrize("kind", ["element sets", "mean elements"])
def test_orbits_flown_some_at_a_time_are_those_flown_alone(kind: str) -> None:
    """Whatever batch an orbit is in, and whichever its precision."""
    times_s = np.linspace(0.0, 5.0 * DAY_S, MOST_SAMPLES // 4)  # four at a time
    sets = tuple(from_record(low(mean_anomaly_deg=float(k))) for k in range(9))
    orbits = sets if kind == "element sets" else walker_elements(walker(satellites=9))
    single, told = np.empty((len(times_s), 9, 3), np.float32), []
    fly(orbits, EPOCH, times_s, single, told.append)
    for k in (0, 3, 4, 8):
        one = slice(k, k + 1)
        alone = Elements(*(c[one] for c in orbits)) if isinstance(orbits, Elements) else orbits[one]
        assert np.array_equal(
            single[:, one], positions_km(alone, EPOCH, times_s).astype(np.float32)
        )
    assert told == [4 / 9, 8 / 9, 1.0]


def test_what_decays_is_named_and_leaves_no_gap_in_the_tables(tmp_path: Path) -> None:
    """A list of objects that was not checked against the horizon, as one written by hand."""
    scenario = load_scenario(write_sky(tmp_path))
    doomed = from_record(decaying())
    catalog = scenario.catalog
    assert isinstance(catalog, ListedCatalog)
    objects = (catalog.objects[0].model_copy(update={"orbit": doomed}), *catalog.objects[1:])
    broken = scenario.model_copy(
        update={"catalog": catalog.model_copy(update={"objects": objects})}
    )
    with pytest.raises(ScenarioError) as caught:
        build_arena(broken, cache_dir=None)
    (fault,) = caught.value.faults
    assert fault.value == "DOOMED"
    assert "decayed" in fault.problem


def test_arena_of_files_has_the_objects_of_the_files(tmp_path: Path) -> None:
    red = '[red.constellation]\nkind = "file"\npath = "sky.json"\nselect.names = ["LOW*"]\n\n'
    start, end = SCENARIO.index("[red.constellation]"), SCENARIO.index("[catalog]")
    text = SCENARIO[:start] + red + SCENARIO[end:]
    scenario = load_scenario(write_sky(tmp_path, scenario=text))
    arena = build_arena(scenario, cache_dir=None)
    assert arena.sensor_count == (2, 6)
    assert arena.objects.names == scenario.catalog.names
    assert [REGIMES[k] for k in arena.objects.regime] == ["LEO"] * 6 + ["GEO"] * 3 + ["HEO"]
    positions = arena.tables.position_km
    assert np.isfinite(positions).all()
    # Red flies the very satellites that are the first objects of the catalogue
    assert np.array_equal(positions[:, 6:12], positions[:, 12:18])
    assert not arena.tables.quality[:, 1, range(6), range(6)].any()  # nobody sees himself
    planned = [one.manoeuvres is not None for one in scenario.catalog.objects]
    assert (arena.windows.probability.max(axis=1) > 0.0).tolist() <= planned
