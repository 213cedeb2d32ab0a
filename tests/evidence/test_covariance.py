"""The covariance of the game against its references, as ``docs/uncertainty.md`` states it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.uncertainty.closed_forms import differences
from evidence.uncertainty.hill import carried, dynamics, flow, seen
from evidence.uncertainty.looks import (
    SENSORS,
    Kepler,
    hill_axes,
    next_look,
    random_orbit,
    sequence,
)
from evidence.uncertainty.manoeuvres import recognised, recovery
from evidence.uncertainty.nonlinear import ORBITS, rms_by_cloud, rms_by_game
from evidence.uncertainty.tables import CIRCULAR, beside_stone_soup, growth_km_h, starts
from evidence.uncertainty.tracking import (
    LOOKS,
    calibration_tracking,
    compared,
    kernel_steps,
    linear_steps,
    rms_km,
    tracked,
)
from ssa_psro.scenario.schema import REGIMES, RegimeName
from ssa_psro.scenario.standards import CALIBRATIONS, CUSTODY_AGE_H

FOLDER = Path(__file__).parents[1] / "reference" / "data"
LEO_MOTION, GEO_MOTION = 3.59, 0.2625  # rad/h


@given(first=st.floats(0.01, 12.0), second=st.floats(0.01, 12.0))
def test_two_flows_are_one(first: float, second: float) -> None:
    start = np.diag([1.0, 4.0, 2.0, 0.1, 0.01, 0.1])
    halfway = carried(start, *flow(GEO_MOTION, first, 1e-3))
    steps = carried(halfway, *flow(GEO_MOTION, second, 1e-3))
    at_once = carried(start, *flow(GEO_MOTION, first + second, 1e-3))
    assert steps == pytest.approx(at_once, rel=1e-6)


@given(st.integers(0, 10_000))
def test_measurement_adds_its_information(seed: int) -> None:
    random = np.random.default_rng(seed)
    root = random.normal(size=(6, 6))
    before, sight = root @ root.T + 0.1 * np.eye(6), random.normal(size=3)
    sight /= np.linalg.norm(sight)
    information = np.zeros((6, 6))
    information[:3, :3] = (np.eye(3) - np.outer(sight, sight)) / 0.3**2
    expected = np.linalg.inv(np.linalg.inv(before) + information)
    assert seen(before, sight, 0.3) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_dynamics_keep_a_circular_neighbour_in_place() -> None:
    ahead = np.array([0.0, 7.0, 0.0, 0.0, 0.0, 0.0])
    assert not (dynamics(GEO_MOTION) @ ahead).any()


@pytest.mark.parametrize("motion", [LEO_MOTION, GEO_MOTION])
def test_closed_forms_are_the_exponentials(motion: float) -> None:
    assert max(differences(motion).values()) < 1e-9


def test_eccentric_orbit_keeps_its_energy_and_its_plane() -> None:
    flown = Kepler(26_560.0, 0.7, 1.1, 0.3, 2.0, 0.5)
    states = [flown.state(time_s) for time_s in (0.0, 5000.0, 21_000.0)]
    energies = [
        0.5 * state[3:] @ state[3:] - 398600.4418 / np.hypot.reduce(state[:3]) for state in states
    ]
    assert energies == pytest.approx([-398600.4418 / 2.0 / 26_560.0] * 3, rel=1e-12)
    momenta = [np.cross(state[:3], state[3:]) for state in states]
    assert momenta[1] == pytest.approx(momenta[0], rel=1e-12)
    # a small step along the velocity is where the orbit goes
    ahead = flown.state(5000.1)[:3] - flown.state(4999.9)[:3]
    assert ahead / 0.2 == pytest.approx(states[1][3:], rel=1e-6)
    assert hill_axes(states[1]) @ hill_axes(states[1]).T == pytest.approx(np.eye(3), abs=1e-12)


def test_looks_come_in_time_and_past_the_earth() -> None:
    random = np.random.default_rng(0)
    flown = random_orbit("GEO", random)
    looks = sequence(flown, 5, 6.0, random)
    gaps_h = np.diff([one.time_s for one in looks]) / 3600.0
    assert (gaps_h > 3.0).all()
    assert (gaps_h < 9.5).all()
    for one in looks:
        state = flown.state(one.time_s)
        line = state[:3] - one.sensor_km
        assert one.range_km == pytest.approx(np.linalg.norm(line))
        assert hill_axes(state).T @ one.sight == pytest.approx(line / one.range_km)
        assert (
            min(np.linalg.norm(sensor.state(one.time_s)[:3] - one.sensor_km) for sensor in SENSORS)
            < 1e-6
        )
    assert next_look(flown, 1000.0, random).time_s >= 1000.0


@pytest.mark.parametrize("regime", CIRCULAR)
def test_a_sequence_of_looks_is_that_of_the_linear_reference(regime: RegimeName) -> None:
    tracking = calibration_tracking(regime)
    given_ = compared(tracking)
    arguments = (given_.looks, tracking, given_.start, given_.start_s)
    units = np.diag([1.0] * 3 + [1.0 / 3600.0] * 3)
    for own, other in zip(kernel_steps(*arguments), linear_steps(*arguments), strict=True):
        assert units @ own @ units == pytest.approx(other, rel=1e-5, abs=1e-7 * np.abs(other).max())


@pytest.mark.parametrize("regime", REGIMES)
def test_sigma_after_each_look_is_that_of_stone_soup(regime: RegimeName) -> None:
    own, theirs = beside_stone_soup(regime, FOLDER)
    assert len(own) == len(theirs) == LOOKS
    # eccentric orbits are flown as circles of the same period
    limit = {"LEO": 0.02, "MEO": 0.002, "GEO": 0.002, "HEO": 0.5}[regime]
    assert np.abs(own / theirs - 1.0).max() < limit


@pytest.mark.parametrize(
    "name", [name for name, orbit in ORBITS.items() if orbit.eccentricity < 0.1]
)
def test_game_is_near_a_cloud_of_true_orbits(name: str) -> None:
    for first, covariance, density in starts(name, ORBITS[name])[:3]:
        hours = (24.0,)
        cloud = rms_by_cloud(ORBITS[name], covariance, density, hours)
        ratio = rms_by_game(ORBITS[name], covariance, density, hours) / cloud
        assert ratio == pytest.approx(1.0, abs=0.15 if first == "as tracked" else 0.05)


def test_circles_are_wrong_for_eccentric_orbits() -> None:
    """Why the page warns of HEO: a push at the perigee leads six times as far."""
    orbit = ORBITS["Molniya, e = 0.72"]
    _, covariance, density = starts("Molniya, e = 0.72", orbit)[1]
    ratio = rms_by_cloud(orbit, covariance, density, (24.0,)) / rms_by_game(
        orbit, covariance, density, (24.0,)
    )
    assert 4.0 < ratio < 8.0


@pytest.mark.parametrize("regime", REGIMES)
def test_calibration_is_what_follows_from_the_acceleration(regime: RegimeName) -> None:
    tracking, known = calibration_tracking(regime), CALIBRATIONS[regime]
    covariances, ranges_km = tracked(tracking)
    assert known.growth_km_h == pytest.approx(growth_km_h(tracking), rel=0.01)
    custody = float(np.median(rms_km(covariances, tracking, CUSTODY_AGE_H)))
    assert known.custody_sigma_km == pytest.approx(custody, rel=0.05)
    assert known.range_km == pytest.approx(np.median(ranges_km), rel=0.05)


def test_orbits_are_known_again_after_several_looks() -> None:
    quiet = recovery(calibration_tracking("GEO"), 0.0, 24.0, 24.0, draws=8)
    shifted = recovery(calibration_tracking("GEO"), 0.5, 24.0, 24.0, draws=8)
    # three times 0.5 m/s for some 14 h, and every look helps
    assert 60.0 < shifted[0] < 110.0
    assert (np.diff(shifted) < 0.0).all()
    assert shifted[1] > 5.0 * quiet[1]
    assert shifted[4] < 2.5 * quiet[4]
    # in LEO the first one tells nearly all
    assert recovery(calibration_tracking("LEO"), 0.5, 24.0, 24.0, draws=8)[1] < 0.2


def test_early_looks_do_not_show_a_manoeuvre_in_geo() -> None:
    """Where the rule is kind: the next look is taken to show every manoeuvre."""
    geo, leo = calibration_tracking("GEO"), calibration_tracking("LEO")
    assert recognised(geo, 1e-9, 6.0, draws=8) == pytest.approx(np.exp(-4.5), abs=0.01)
    assert recognised(geo, 0.1, 2.0, draws=8) < 0.1
    assert recognised(geo, 0.1, 24.0, draws=8) > 0.8
    assert recognised(leo, 0.1, 2.0, draws=8) > 0.75
