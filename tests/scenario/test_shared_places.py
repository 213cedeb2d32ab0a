"""Satellites of the two sides in one place, whatever their orbits are stated as."""

from __future__ import annotations

from datetime import UTC, datetime
from math import degrees, pi, sqrt
from typing import Any

import numpy as np
import pytest
from documents import changed, faults_of
from pydantic import TypeAdapter

from ssa_psro.geometry.bodies import walker_elements
from ssa_psro.geometry.propagation import from_schema, propagate
from ssa_psro.scenario.places import places_km, shared_places
from ssa_psro.scenario.schema import Constellation

EPOCH = datetime(2026, 3, 20, tzinfo=UTC)
AXIS_KM = 6378.137 + 800.0
MOTION_REV_DAY = 86400 / (2 * pi) * sqrt(398600.4418 / AXIS_KM**3)
WALKER = {
    "kind": "walker-delta",
    "altitude_km": 800.0,
    "inclination_deg": 60.0,
    "satellites": 12,
    "planes": 6,
    "phasing": 1,
}


def constellation(**content: Any) -> Constellation:
    return TypeAdapter(Constellation).validate_python(content)


def turned(**angles: float) -> Constellation:
    return constellation(**WALKER, **angles)


def stated(**changes: float) -> Constellation:
    """One satellite, at the node and the ascending equator of the Walker pattern unless changed."""
    one = {"semi_major_axis_km": AXIS_KM, "inclination_deg": 60.0, **changes}
    return constellation(kind="elements", satellites=[one])


def element_set(**changes: Any) -> Constellation:
    one = {
        "name": "TWIN",
        "epoch": EPOCH,
        "mean_motion_rev_day": MOTION_REV_DAY,
        "eccentricity": 1e-6,
        "inclination_deg": 60.0,
        "raan_deg": 0.0,
        "argument_of_perigee_deg": 0.0,
        "mean_anomaly_deg": 0.0,
        **changes,
    }
    return constellation(kind="element-sets", satellites=[one])


@pytest.mark.parametrize(
    ("angles", "pairs"),
    [
        ({}, 12),
        ({"raan_deg": 360.0}, 12),
        ({"raan_deg": -360.0, "anomaly_deg": 180.0}, 12),
        # to the next plane, whose satellites are ahead by 360/12
        ({"raan_deg": 60.0, "anomaly_deg": 30.0}, 12),
        ({"raan_deg": 60.0}, 0),
        ({"raan_deg": 1.0}, 0),
        ({"anomaly_deg": 15.0}, 0),
    ],
)
def test_pattern_is_compared_with_itself_as_it_is_turned(
    angles: dict[str, float], pairs: int
) -> None:
    found = list(shared_places(turned(), turned(**angles), EPOCH))
    assert len(found) == pairs
    assert len({one for one, _ in found}) == len({other for _, other in found}) == pairs


@pytest.mark.parametrize("other", [stated(), element_set(), stated(raan_deg=360.0)])
def test_every_way_of_stating_an_orbit_is_compared_with_every_other(other: Constellation) -> None:
    assert list(shared_places(turned(), other, EPOCH)) == [(0, 0)]
    assert list(shared_places(other, turned(raan_deg=360.0), EPOCH)) == [(0, 0)]
    assert list(shared_places(stated(), element_set(), EPOCH)) == [(0, 0)]
    assert not list(shared_places(turned(), element_set(mean_anomaly_deg=1.0), EPOCH))


def test_element_set_that_cannot_be_followed_shares_no_place() -> None:
    lost = element_set(mean_motion_rev_day=19.0)
    assert np.isnan(places_km(lost, EPOCH)).any()
    assert not list(shared_places(lost, lost, EPOCH))


@pytest.mark.parametrize(("gap_km", "shared"), [(0.999, True), (1.001, False)])
def test_more_than_a_kilometre_along_an_orbit_is_apart(gap_km: float, shared: bool) -> None:
    ahead = stated(mean_anomaly_deg=degrees(gap_km / AXIS_KM))
    assert bool(list(shared_places(stated(), ahead, EPOCH))) == shared


@pytest.mark.parametrize("inclination_deg", [0.0, 60.0, 98.0])
@pytest.mark.parametrize("mean_anomaly_deg", [0.0, 90.0, 135.0])
def test_sgp4_is_near_the_ellipse_of_the_same_elements(
    inclination_deg: float, mean_anomaly_deg: float
) -> None:
    angles = {"inclination_deg": inclination_deg, "mean_anomaly_deg": mean_anomaly_deg}
    assert list(shared_places(stated(**angles), element_set(**angles), EPOCH)) == [(0, 0)]
    ahead = angles | {"mean_anomaly_deg": mean_anomaly_deg + degrees(40 / AXIS_KM)}
    assert not list(shared_places(stated(**ahead), element_set(**angles), EPOCH))


def test_satellites_that_merely_pass_are_apart() -> None:
    """Both at one node at the epoch, on planes a degree apart."""
    crossing = stated(inclination_deg=61.0)
    here, there = places_km(stated(), EPOCH), places_km(crossing, EPOCH)
    assert np.linalg.norm(here[0] - there[0]) < 1e-6
    assert not list(shared_places(stated(), crossing, EPOCH))


@pytest.mark.parametrize("shape", [0.0, 0.01, 0.7])
def test_places_are_those_that_geometry_finds(shape: float) -> None:
    angles = {"raan_deg": 40.0, "argument_of_perigee_deg": 200.0, "mean_anomaly_deg": 310.0}
    design = stated(eccentricity=shape, semi_major_axis_km=26000.0, **angles)
    flown = propagate(from_schema(design.satellites), np.zeros(1))
    np.testing.assert_allclose(places_km(design, EPOCH)[:1], flown, rtol=0, atol=1e-6)
    pattern = propagate(walker_elements(turned(raan_deg=20.0)), np.array([0.0, 600.0]))
    apart_km = np.linalg.norm(places_km(turned(raan_deg=20.0), EPOCH) - pattern, axis=2)
    assert apart_km[0].max() < 1e-6
    assert apart_km[1].max() < 3.0, "the oblateness that ellipses leave out"


def walker_at(**angles: float) -> dict[str, Any]:
    return {"constellation": {**WALKER, **angles}}


def test_fault_names_both_satellites_and_the_cure() -> None:
    (fault,) = faults_of(changed((("red",), walker_at(raan_deg=360.0))))
    assert fault.key == "red.constellation"
    assert fault.problem == (
        "puts satellite 1 (plane 1) within 1 km of Blue's satellite 1 (plane 1), and 11 more "
        "likewise"
    )
    assert "raan_deg or anomaly_deg" in fault.cure
    (fault,) = faults_of(changed((("red", "constellation"), stated(raan_deg=360.0).model_dump())))
    assert fault.problem == "puts satellite 1 within 1 km of Blue's satellite 1 (plane 1)"


def test_two_element_sets_are_named_as_in_their_files() -> None:
    blue, red = (element_set(name=name).model_dump() for name in ("EYE", "SPY"))
    (fault,) = faults_of(
        changed((("blue", "constellation"), blue), (("red", "constellation"), red))
    )
    assert fault.problem == "puts SPY within 1 km of Blue's EYE"
    assert "select.names" in fault.cure


def test_side_with_a_fault_of_its_own_is_not_compared() -> None:
    broken = walker_at(raan_deg=361.0)
    assert [fault.key for fault in faults_of(changed((("red",), broken)))] == [
        "red.constellation.raan_deg"
    ]
