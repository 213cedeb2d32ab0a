"""Generated catalogues: repeatable, extensible, and distributed as their modules say."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from astropy.time import Time
from element_files import EPOCH
from hypothesis import given
from hypothesis import strategies as st
from sgp4.conveniences import jday_datetime

from ssa_psro.catalogs import ElementSet, satrec
from ssa_psro.catalogs.checks import checked
from ssa_psro.catalogs.element_set import WGS72_MU_KM3_S2
from ssa_psro.catalogs.generation import POPULATIONS, GeneratedObject, generate
from ssa_psro.catalogs.generation.debris_cloud import orbit_of, secular
from ssa_psro.catalogs.generation.drafts import Orbit, mean_motion_rev_day
from ssa_psro.catalogs.generation.high_orbits import (
    drifted_plane_deg,
    libration_drift_deg_day,
    sidereal_angle_deg,
)
from ssa_psro.catalogs.generation.low_and_medium_orbits import (
    sun_longitude_deg,
    sun_synchronous_inclination_deg,
)
from ssa_psro.errors import UsageError

MANY = {name: generate([(name, 150)], seed=5, epoch=EPOCH) for name in POPULATIONS}


def family(name: str, population: str) -> list[ElementSet]:
    sets = [one.element_set for one in MANY[population]]
    return [one for one in sets if one.name.startswith(f"{name}-")]


def longitude_deg(one: ElementSet, at: datetime) -> float:
    code, position_km, _ = satrec(one).sgp4(*jday_datetime(at))
    assert code == 0
    return float(np.degrees(np.arctan2(position_km[1], position_km[0]))) - sidereal_angle_deg(at)


def drift_deg_day(one: ElementSet, days: float = 10.0) -> float:
    """Of the longitude averaged over a day, so that eccentricity and inclination do not show."""
    hours = np.arange(0.0, 24.0, 2.0)
    means = [
        np.mean(
            np.unwrap(
                [longitude_deg(one, EPOCH + timedelta(days=day, hours=h)) for h in hours],
                period=360.0,
            )
        )
        for day in (0.0, days)
    ]
    return float((means[1] - means[0] + 180.0) % 360.0 - 180.0) / days


@pytest.mark.parametrize("name", POPULATIONS)
def test_every_object_is_sound_and_in_its_regime(name: str) -> None:
    regime = {"DEBRIS": "LEO"}.get(name, name)
    for one in MANY[name]:
        found = checked(one.element_set)
        assert found.regime == regime
        assert timedelta(0) <= EPOCH - found.epoch <= timedelta(hours=36)
        assert one.attributes.radius_m
        assert 0.05 <= one.attributes.radius_m <= 4.0
        assert one.attributes.albedo
        assert 0.1 <= one.attributes.albedo <= 0.3


@pytest.mark.parametrize("name", POPULATIONS)
def test_every_object_flies_ten_days(name: str) -> None:
    days = np.linspace(0.0, 10.0, 21)
    whole, fraction = jday_datetime(EPOCH)
    for one in MANY[name]:
        codes, _, _ = satrec(one.element_set).sgp4_array(np.full(21, whole), fraction + days)
        assert not codes.any()


def test_names_and_ids_are_unique_and_cross_the_limit_of_alpha5() -> None:
    made = generate([(name, 20) for name in POPULATIONS], seed=1, epoch=EPOCH)
    assert len({one.element_set.name for one in made}) == 100
    ids = [int(one.element_set.catalog_id) for one in made]
    assert ids == list(range(ids[0], ids[0] + 100))
    assert ids[0] <= 339999 < ids[-1]


@given(
    name=st.sampled_from(list(POPULATIONS)),
    seed=st.integers(0, 2**63 - 1),
    count=st.integers(1, 4),
    more=st.integers(1, 3),
)
def test_a_longer_catalogue_extends_a_shorter_one(
    name: str, seed: int, count: int, more: int
) -> None:
    short = generate([(name, count)], seed=seed, epoch=EPOCH)
    assert generate([(name, count + more)], seed=seed, epoch=EPOCH)[:count] == short


def test_populations_leave_each_other_as_they_are() -> None:
    def orbits(made: tuple[GeneratedObject, ...]) -> set[float]:
        return {one.element_set.mean_anomaly_deg for one in made}

    alone = generate([("GEO", 10)], seed=3, epoch=EPOCH)
    assert orbits(alone) < orbits(generate([("LEO", 7), ("GEO", 10)], seed=3, epoch=EPOCH))
    assert orbits(alone).isdisjoint(orbits(generate([("GEO", 10)], seed=4, epoch=EPOCH)))


def test_contested_share() -> None:
    made = generate([("GEO", 600)], seed=1, epoch=EPOCH, contested=0.3)
    share = np.mean([bool(one.attributes.contested) for one in made])
    # five standard deviations
    assert share == pytest.approx(0.3, abs=5 * np.sqrt(0.21 / 600))


def test_unknown_populations_are_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        generate([("LEO", 1), ("GE0", 1), ("MARS", 2)], seed=1, epoch=EPOCH)
    assert [fault.value for fault in caught.value.faults] == ["GE0", "MARS"]
    assert "GEO" in caught.value.faults[0].cure


@pytest.mark.parametrize("name", POPULATIONS)
def test_windows_lie_in_the_horizon_and_apart(name: str) -> None:
    made = generate([(name, 80)], seed=6, epoch=EPOCH, horizon_days=20.0)
    for one in made:
        rows = sorted(one.forecasts, key=lambda row: row.start_utc)
        assert all(row.object == one.element_set.name for row in rows)
        assert all(EPOCH <= row.start_utc < row.end_utc for row in rows)
        assert all(row.end_utc <= EPOCH + timedelta(days=20) for row in rows)
        assert all(a.end_utc <= b.start_utc for a, b in pairwise(rows))
    dead = ("STAGE", "LIBRATING", "GRAVEYARD", "TRANSFER", "FRAGMENT")
    assert not any(one.forecasts for one in made if one.element_set.name.startswith(dead))


def test_manoeuvres_add_up_to_a_year_s_budget() -> None:
    """GEO: about 45 m/s north-south and 2 to 3 m/s east-west a year (Soop 1994).

    Burns north-south count as the along-track ones that displace as much, 0.21 times their size.
    """
    made = generate([("GEO", 60)], seed=6, epoch=EPOCH, horizon_days=365.0, contested=1.0)
    slots = [one for one in made if one.element_set.name.startswith("SLOT")]
    north = [sum(w.delta_v_m_s for w in one.forecasts if w.delta_v_m_s > 0.2) for one in slots]
    east = [sum(w.delta_v_m_s for w in one.forecasts if w.delta_v_m_s < 0.2) for one in slots]
    assert np.mean(north) == pytest.approx(45.0 * 2.0 / (3.0 * np.pi), rel=0.1)
    assert np.mean(east) == pytest.approx(2.6, rel=0.15)


def test_sun_synchronous_nodes_follow_the_sun() -> None:
    """By SGP4 itself: 0.9856° a day, to 2 % for the spread of the inclinations."""
    for one in family("SSO", "LEO")[:10]:
        model = satrec(one)
        node_deg_day = float(np.degrees(model.nodedot)) * 1440.0
        assert node_deg_day == pytest.approx(360.0 / 365.2422, rel=0.02)


def test_sun_synchronous_nodes_are_at_usual_local_times() -> None:
    for one in family("SSO", "LEO"):
        local_h = ((one.raan_deg - sun_longitude_deg(one.epoch)) / 15.0 + 12.0) % 24.0
        assert min(abs(local_h - usual) for usual in (6.0, 9.5, 10.5, 13.5, 22.5)) < 1.1


@pytest.mark.parametrize(("altitude_km", "inclination_deg"), [(500, 97.40), (800, 98.60)])
def test_sun_synchronous_inclination(altitude_km: float, inclination_deg: float) -> None:
    """Values of textbooks (Wertz, *Space Mission Engineering*, 2011), to their last digit."""
    found = sun_synchronous_inclination_deg(6378.135 + altitude_km)
    assert found == pytest.approx(inclination_deg, abs=0.02)


def test_shells_stand_in_planes() -> None:
    for one in family("SHELL53", "LEO"):
        assert one.inclination_deg == pytest.approx(53.05, abs=0.05)
        assert abs((one.raan_deg + 2.5) % 5.0 - 2.5) < 0.5


def test_navigation_planes_are_few() -> None:
    """GPS-like nodes fall into six groups 60° apart."""
    nodes = np.sort([one.raan_deg for one in family("NAV55", "MEO")])
    gaps = np.diff(nodes, append=nodes[0] + 360.0)
    assert np.sum(gaps > 30.0) == 6


def test_kept_slots_stay_and_wrecks_librate_and_the_graveyard_drifts() -> None:
    """Longitudes of SGP4 over ten days; the equator's pull is 0.0017°/day² at most."""
    assert max(abs(drift_deg_day(one)) for one in family("SLOT", "GEO")[:12]) < 0.02
    assert max(abs(drift_deg_day(one)) for one in family("INCLINED", "GEO")[:6]) < 0.03
    librating = [abs(drift_deg_day(one)) for one in family("LIBRATING", "GEO")[:8]]
    assert max(librating) < 0.5
    for one in family("GRAVEYARD", "GEO")[:6]:
        assert -6.2 < drift_deg_day(one) < -2.8


def test_kept_slots_stand_at_their_longitudes() -> None:
    """Half a degree apart, kept to 0.05°; eccentricity adds twice its size."""
    for one in family("SLOT", "GEO")[:20]:
        off_deg = (longitude_deg(one, one.epoch) + 0.25) % 0.5 - 0.25
        assert abs(off_deg) < 0.08 + np.degrees(2.0 * one.eccentricity)


@given(years=st.floats(0.0, 53.0))
def test_planes_left_alone_circle_the_laplace_pole(years: float) -> None:
    inclination_deg, raan_deg = np.radians(drifted_plane_deg(years))
    pole = np.array(
        [
            np.sin(raan_deg) * np.sin(inclination_deg),
            -np.cos(raan_deg) * np.sin(inclination_deg),
            np.cos(inclination_deg),
        ]
    )
    laplace = np.array([0.0, -np.sin(np.radians(7.4)), np.cos(np.radians(7.4))])
    assert np.degrees(np.arccos(pole @ laplace)) == pytest.approx(7.4, abs=1e-5)


def test_inclination_grows_as_it_does() -> None:
    """0.75° to 0.95° in the first year from a node near 90°, 14.8° after half a period."""
    inclination_deg, raan_deg = drifted_plane_deg(1.0)
    assert 0.75 < inclination_deg < 0.95
    assert raan_deg == pytest.approx(90.0, abs=5.0)
    assert drifted_plane_deg(26.5)[0] == pytest.approx(14.8, abs=0.01)


def test_libration_is_fastest_in_the_middle_and_stands_at_its_ends() -> None:
    assert libration_drift_deg_day(60.0, 60.0) == 0.0
    assert libration_drift_deg_day(0.0, 85.0) == pytest.approx(0.44, abs=0.02)


@pytest.mark.parametrize("days", [0.0, 9000.3, 10000.7])
def test_sidereal_angle_is_that_of_astropy(days: float) -> None:
    """With UT1 = UTC the IAU 1982 formula; its quadratic terms are 1e-5° in this century."""
    at = datetime(2000, 1, 1, 12, tzinfo=UTC) + timedelta(days=days)
    time = Time(at.replace(tzinfo=None), scale="ut1")
    wanted = time.sidereal_time("mean", "greenwich", "IAU1982").deg
    assert (sidereal_angle_deg(at) - wanted + 180.0) % 360.0 - 180.0 == pytest.approx(0, abs=1e-4)


def test_fragments_share_the_node_of_their_parent_roughly() -> None:
    sets = family("FRAGMENT", "DEBRIS")
    nodes = np.exp(1j * np.radians([one.raan_deg for one in sets]))
    assert abs(nodes.mean()) > 0.98
    assert np.ptp([one.inclination_deg for one in sets]) < 8.0
    assert Counter(one.regime for one in sets) == {"LEO": len(sets)}


@given(
    axis_km=st.floats(6800.0, 12000.0),
    eccentricity=st.floats(0.001, 0.3),
    inclination=st.floats(0.05, 3.0),
    angles=st.tuples(*3 * [st.floats(0.0, 6.28)]),
)
def test_elements_of_a_state_give_the_state(
    axis_km: float,
    eccentricity: float,
    inclination: float,
    angles: tuple[float, float, float],
) -> None:
    """Against elements turned into a state the other way round (perifocal frame)."""
    node, perigee, eccentric = angles
    away = np.array([np.cos(eccentric) - eccentricity, 0.0, 0.0])
    away[1] = np.sqrt(1.0 - eccentricity**2) * np.sin(eccentric)
    rate = np.sqrt(WGS72_MU_KM3_S2 / axis_km) / (1.0 - eccentricity * np.cos(eccentric))
    speed = np.array([-np.sin(eccentric), 0.0, 0.0])
    speed[1] = np.sqrt(1.0 - eccentricity**2) * np.cos(eccentric)
    turn = _about_z(node) @ _about_x(inclination) @ _about_z(perigee)
    found = orbit_of(turn @ away * axis_km, turn @ speed * rate)
    assert found.semi_major_axis_km == pytest.approx(axis_km, rel=1e-9)
    assert found.eccentricity == pytest.approx(eccentricity, abs=1e-9)
    assert found.inclination_deg == pytest.approx(np.degrees(inclination), abs=1e-6)
    wanted = np.degrees([node, perigee, eccentric - eccentricity * np.sin(eccentric)])
    off = (np.array(found[3:]) - wanted + 180.0) % 360.0 - 180.0
    assert np.abs(off).max() < 1e-5


def _about_z(angle: float) -> np.ndarray:
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])


def _about_x(angle: float) -> np.ndarray:
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])


def test_j2_turns_fragments_as_sgp4_does() -> None:
    """Secular rates at 800 km, 86.4°; SGP4's higher terms change them by less than 1 %."""
    orbit = Orbit(7178.135, 0.01, 86.4, 10.0, 20.0, 30.0)
    later = secular(orbit, 1.0)
    one = family("FRAGMENT", "DEBRIS")[0]
    model = satrec(
        ElementSet(
            one.name,
            one.catalog_id,
            "",
            EPOCH,
            mean_motion_rev_day(orbit.semi_major_axis_km),
            *orbit[1:],
            bstar=0.0,
        )
    )
    node, perigee = (np.degrees(rate) * 1440.0 for rate in (model.nodedot, model.argpdot))
    assert later.raan_deg - 10.0 == pytest.approx(node, rel=0.01)
    assert later.argument_of_perigee_deg - 20.0 == pytest.approx(perigee, rel=0.01)
