"""The scenario files of the repository: they load, and are what their comments say."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from documents import SHIPPED
from numpy.typing import NDArray

from ssa_psro.scenario import (
    Scenario,
    content_hash,
    is_symmetric,
    load_scenario,
)
from ssa_psro.scenario.schema import EARTH_RADIUS_KM, ListedCatalog, Walker
from ssa_psro.study import load_study

FILES = sorted(SHIPPED.glob("*.toml"))
FROM_FILES = {"leo-meo-geo-mix", "geo-belt-watch", "leo-debris-cloud", "own-catalog"}
SYMMETRIC = FROM_FILES | {
    *("quickstart", "contested-72h", "no-denial-72h", "general-sum-72h", "realistic-72h")
}
LABELS = {"name", "description"}


def shipped(name: str) -> Scenario:
    """A shipped scenario by name."""
    return load_scenario(SHIPPED / f"{name}.toml")


def test_ten_scenarios_are_shipped() -> None:
    assert {path.stem for path in FILES} == SYMMETRIC | {"asymmetric-72h"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_file_loads_and_explains_itself(path: Any) -> None:
    scenario = load_scenario(path)
    assert scenario.name == path.stem
    assert scenario.description
    assert is_symmetric(scenario) == (path.stem in SYMMETRIC)
    text = path.read_text("utf-8")
    assert text.startswith(f"# {path.stem}: ")
    assert "# What it studies: " in text


@pytest.mark.parametrize("name", sorted(FROM_FILES))
def test_scenario_from_files_uses_every_record(name: str) -> None:
    loaded = load_study(SHIPPED / f"{name}.toml")
    assert isinstance(loaded.scenario.catalog, ListedCatalog)
    assert not any(report.rejected for report in loaded.files)
    assert sum(one.contested for one in loaded.scenario.catalog.objects) >= 15
    path, *_ = loaded.files
    assert path.used == path.records == loaded.scenario.catalog.count >= 40


def test_own_catalog_starts_where_its_element_sets_are_from() -> None:
    scenario = shipped("own-catalog")
    assert isinstance(scenario.catalog, ListedCatalog)
    ages = [scenario.window.epoch - one.orbit.epoch for one in scenario.catalog.objects]
    assert max(map(abs, ages)) < timedelta(days=5)


def test_shipped_scenarios_are_different_games() -> None:
    assert len({content_hash(load_scenario(path)) for path in FILES}) == len(FILES)


def test_reference_game_is_as_large_as_promised() -> None:
    scenario = shipped("contested-72h")
    assert scenario.window.duration_h == 72
    for side in scenario.sides:
        assert isinstance(side.constellation, Walker)
        assert (side.constellation.satellites, side.constellation.planes) == (12, 6)
    assert 55 <= scenario.catalog.count <= 65
    assert sum(regime.contested for regime in scenario.catalog.regimes) == 20
    assert [regime.regime for regime in scenario.catalog.regimes] == ["LEO", "MEO", "GEO"]


def test_realistic_sensors_look_as_often_as_published_ones() -> None:
    """One step a look after a slew of 90 degrees: Sapphire's 360 a day."""
    scenario = shipped("realistic-72h")
    for side in scenario.sides:
        sensor = side.sensor
        look_s = 90.0 / sensor.slew_rate_deg_s + sensor.settle_s + sensor.dwell_s
        assert look_s / sensor.duty_cycle == scenario.window.step_s == 86_400 / 360
        assert isinstance(side.constellation, Walker)
        assert (side.constellation.satellites, side.constellation.planes) == (12, 6)


@pytest.mark.parametrize("name", ["contested-72h", "quickstart", "leo-debris-cloud"])
def test_half_the_field_of_an_abstraction_spans_its_custody_limit_in_low_orbit(name: str) -> None:
    scenario = shipped(name)
    objects = getattr(scenario.catalog, "regimes", None) or scenario.catalog.objects
    (custody_km,) = {one.custody_sigma_km for one in objects if one.regime == "LEO"}
    for side in scenario.sides:
        half_km = 3000.0 * np.tan(np.radians(side.sensor.field_of_view_deg / 2.0))
        assert custody_km == pytest.approx(half_km, rel=0.06)


def test_no_denial_is_the_reference_without_denial() -> None:
    ignored = {
        **dict.fromkeys(LABELS, True),
        "rules": {"denial", "denial_s", "denial_recharge_s", "protection_s"}
        | {"protected_sensitivity"},
        "blue": {"sensor": {"denial_range_km"}},
        "red": {"sensor": {"denial_range_km"}},
    }
    variant, reference = shipped("no-denial-72h"), shipped("contested-72h")
    assert variant.model_dump(exclude=ignored) == reference.model_dump(exclude=ignored)
    assert (variant.rules.denial, reference.rules.denial) == (False, True)


def test_general_sum_is_the_reference_with_another_payoff() -> None:
    ignored = {**dict.fromkeys(LABELS, True), "rules": {"rivalry"}}
    variant, reference = shipped("general-sum-72h"), shipped("contested-72h")
    assert variant.model_dump(exclude=ignored) == reference.model_dump(exclude=ignored)
    assert (variant.rules.rivalry, reference.rules.rivalry) == (0.0, 1.0)


def test_asymmetric_differs_in_sides_only() -> None:
    ignored = {**dict.fromkeys(LABELS, True), "blue": True, "red": True}
    variant, reference = shipped("asymmetric-72h"), shipped("contested-72h")
    assert variant.model_dump(exclude=ignored) == reference.model_dump(exclude=ignored)
    blue, red = variant.sides
    assert isinstance(blue.constellation, Walker)
    assert isinstance(red.constellation, Walker)
    assert blue.constellation.altitude_km != red.constellation.altitude_km
    assert blue.constellation.inclination_deg != red.constellation.inclination_deg
    assert blue.sensor != red.sensor


def orbit_km(walker: Walker, along: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positions ``[satellites, len(along), 3]`` after turning by ``along`` [rad]: circles."""
    plane, slot = np.divmod(np.arange(walker.satellites), walker.satellites // walker.planes)
    spread = 360 if walker.kind == "walker-delta" else 180
    node = np.radians(walker.raan_deg + spread * plane / walker.planes)[:, None]
    slots_deg = 360 * slot * walker.planes / walker.satellites
    phase_deg = 360 * walker.phasing * plane / walker.satellites
    u = np.radians(walker.anomaly_deg + slots_deg + phase_deg)[:, None] + along
    tilt = np.radians(walker.inclination_deg)
    unit = [
        np.cos(node) * np.cos(u) - np.sin(node) * np.sin(u) * np.cos(tilt),
        np.sin(node) * np.cos(u) + np.cos(node) * np.sin(u) * np.cos(tilt),
        np.sin(u) * np.sin(tilt),
    ]
    return (EARTH_RADIUS_KM + walker.altitude_km) * np.stack(unit, axis=-1)


@pytest.mark.parametrize("name", sorted(SYMMETRIC))
def test_satellites_of_equal_designs_never_come_close(name: str) -> None:
    """Equal designs drift equally, so their pattern of one revolution holds for ever."""
    along = np.linspace(0, 2 * np.pi, 721)
    designs = [side.constellation for side in shipped(name).sides]
    blue, red = (orbit_km(design, along) for design in designs if isinstance(design, Walker))
    everyone = np.concatenate([blue, red])
    separation_km = np.linalg.norm(everyone[:, None] - everyone[None], axis=-1)
    others = ~np.eye(len(everyone), dtype=bool)
    assert separation_km[others].min() > 200


def test_object_names_are_unique_across_entries_of_one_regime() -> None:
    scenario = shipped("quickstart")
    regimes = scenario.catalog.regimes
    catalog = scenario.catalog.model_copy(update={"regimes": (*regimes, regimes[0])})
    assert len(set(catalog.names)) == catalog.count
    leo = [name for name in catalog.names if name.startswith("LEO")]
    numbers = [int(name.removeprefix("LEO-")) for name in leo]
    assert all(second == first + 1 for first, second in pairwise(numbers))


def test_scenarios_are_immutable_and_hashable() -> None:
    scenario = shipped("quickstart")
    with pytest.raises(ValueError, match="frozen"):
        scenario.rules.denial = False  # type: ignore[misc]
    assert hash(scenario) == hash(shipped("quickstart"))
