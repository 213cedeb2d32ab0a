"""Where everything is: as the tables have it, and as SGP4 and astropy say."""

from __future__ import annotations

import numpy as np
import pytest
from astropy import units
from astropy.coordinates import GCRS, TEME, CartesianRepresentation
from astropy.time import Time, TimeDelta
from numpy.typing import NDArray
from sgp4.api import Satrec

from ssa_psro.catalogs.element_set import satrec
from ssa_psro.exports.ephemeris import Ephemeris, ephemeris_of
from ssa_psro.geometry import Arena
from ssa_psro.scenario.catalogue import ListedCatalog
from ssa_psro.scenario.orbits import as_record
from ssa_psro.trace import Trace

SINGLE_KM = 0.004
"""What single precision, in which the tables are kept, rounds off at 42,000 km and nearer."""


def test_positions_are_those_of_the_tables(arena: Arena, trace: Trace) -> None:
    whole = ephemeris_of(arena.scenario)
    tables_km = arena.tables.position_km
    assert whole.position_km.shape == (len(tables_km) + 1, len(whole.bodies), 3)
    assert np.abs(whole.position_km[:-1] - tables_km).max() < SINGLE_KM
    part = ephemeris_of(arena.scenario, trace.start_step, trace.steps)
    inside = slice(trace.start_step, trace.start_step + trace.steps + 1)
    assert part.epoch == trace.epoch
    assert np.abs(part.position_km - whole.position_km[inside]).max() < 1e-6  # a spline
    assert np.abs(part.velocity_km_s - whole.velocity_km_s[inside]).max() < 1e-7


def test_states_are_sgp4_s_turned_by_astropy(ephemeris: Ephemeris) -> None:
    """Astropy goes by the Earth-fixed frame and back.

    Velocities are the derivative of the positions, here by five points: those that SGP4 gives are
    not, by 20 mm/s in LEO and 0.7 m/s near the perigee of an eccentric orbit.
    """
    catalog = ephemeris.scenario.catalog
    assert isinstance(catalog, ListedCatalog)
    first = len(ephemeris.bodies) - catalog.count
    for number, one in enumerate(catalog.objects, first):
        flown = satrec(as_record(one.orbit))
        around = [_gcrs_km(flown, ephemeris, moved_s) for moved_s in (-4.0, -2.0, 0.0, 2.0, 4.0)]
        assert np.abs(ephemeris.position_km[:, number] - around[2]).max() < 1e-5  # 10 mm
        slope = (around[0] - 8 * around[1] + 8 * around[3] - around[4]) / (12 * 2.0)
        assert np.abs(ephemeris.velocity_km_s[:, number] - slope).max() < 1e-7  # 0.1 mm/s


def _gcrs_km(flown: Satrec, ephemeris: Ephemeris, moved_s: float) -> NDArray[np.float64]:
    """Positions some seconds later."""
    after = TimeDelta(ephemeris.times_s + moved_s, format="sec")
    times = Time(ephemeris.epoch, scale="utc") + after
    _, place, _ = flown.sgp4_array(times.jd1, times.jd2)
    found = TEME(CartesianRepresentation(place.T * units.km), obstime=times)
    turned = found.transform_to(GCRS(obstime=times)).cartesian
    return np.asarray(turned.xyz.to_value(units.km).T)


def test_velocities_lead_from_one_position_to_the_next(ephemeris: Ephemeris) -> None:
    """Hermite's cubic through positions and velocities passes near the state between."""
    place, speed = ephemeris.position_km, ephemeris.velocity_km_s
    twice_s = 2.0 * (ephemeris.times_s[1] - ephemeris.times_s[0])
    between = (place[:-2] + place[2:]) / 2.0 + twice_s / 8.0 * (speed[:-2] - speed[2:])
    # the fourth derivative is n^4 a: 8,700 km (1.0e-3 / s * 1200 s)^4 / 384 in LEO
    assert np.abs(between - place[1:-1]).max() < 60.0


def test_bodies_are_named_and_numbered(ephemeris: Ephemeris) -> None:
    keys = [one.key for one in ephemeris.bodies]
    assert keys[:5] == ["blue-1", "blue-2", "red-1", "red-2", "object-1"]
    assert len(set(keys)) == len(keys)
    assert ephemeris.bodies[3].name == "Red satellite 2 (plane 2)"
    low = next(one for one in ephemeris.bodies if one.name == "LOW")
    assert (low.kind, low.name, low.catalog_id, low.designator) == (
        *("object", "LOW", "101", "1998-067A"),
    )
    assert ephemeris.utc(600.0).timestamp() - ephemeris.epoch.timestamp() == pytest.approx(600.0)
