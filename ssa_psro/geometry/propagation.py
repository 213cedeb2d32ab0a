"""Keplerian orbits of several bodies at once, flown under J2, and boinor's word for both.

Mean orbits drift: node, perigee and anomaly move at constant rates. Only this secular part of the
Earth's oblateness is kept (Kozai 1959; Vallado, *Fundamentals of Astrodynamics*, chapter 9): cheap
enough to tabulate 84 orbits over ten days in a fraction of a second. It is only as good as its mean
elements; ``fitting`` finds those of an osculating orbit. Positions are in the frame of the
elements, which does not turn and whose z-axis is the Earth's axis; ``flight`` takes them into GCRS.

``as_orbits`` and ``cowell_positions_km`` give the same orbits as boinor's objects and its numerical
truth, for plots and for the tests of what is done here. boinor (the maintained continuation of
poliastro) takes seconds to import and compile, and nothing on the way to the tables needs it; so it
is imported when one of these functions is called.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.compiled import entry_point
from ssa_psro.geometry.constants import EARTH_J2, EARTH_MU_KM3_S2, EARTH_RADIUS_KM
from ssa_psro.geometry.vectors import Vector
from ssa_psro.scenario import schema

if TYPE_CHECKING:
    from boinor.twobody import Orbit


class Elements(NamedTuple):
    """Keplerian elements of ``K`` orbits at the window's epoch.

    Whether they are mean or osculating is said where they are passed.

    Attributes:
        semi_major_axis_km: ``[K]``.
        eccentricity: ``[K]``, in [0, 1).
        inclination_rad: ``[K]``.
        raan_rad: ``[K]`` right ascension of the ascending node.
        argument_of_perigee_rad: ``[K]``.
        mean_anomaly_rad: ``[K]``.
    """

    semi_major_axis_km: NDArray[np.float64]
    eccentricity: NDArray[np.float64]
    inclination_rad: NDArray[np.float64]
    raan_rad: NDArray[np.float64]
    argument_of_perigee_rad: NDArray[np.float64]
    mean_anomaly_rad: NDArray[np.float64]


def as_elements(rows: NDArray[np.float64]) -> Elements:
    """Elements from ``[K, 6]`` rows in the order of the fields."""
    return Elements(*(np.ascontiguousarray(column) for column in rows.T))


def as_rows(elements: Elements) -> NDArray[np.float64]:
    """``[K, 6]`` rows, the inverse of ``as_elements``."""
    return np.column_stack(elements)


def from_schema(satellites: Sequence[schema.OsculatingElements]) -> Elements:
    """Elements as a scenario states them, from degrees to radians."""
    rows = [
        (
            one.semi_major_axis_km,
            one.eccentricity,
            *np.radians(
                (
                    one.inclination_deg,
                    one.raan_deg,
                    one.argument_of_perigee_deg,
                    one.mean_anomaly_deg,
                )
            ),
        )
        for one in satellites
    ]
    return as_elements(np.array(rows, dtype=np.float64))


KEPLER_TOLERANCE_RAD = 1e-12
"""Last correction of the anomaly; 0.04 mm at the distance of GEO."""
KEPLER_ITERATIONS = 50
"""Where to give up; an eccentricity of 0.99 takes 12, one of 0.999999 takes 22."""


@entry_point
def secular_rates(
    semi_major_axis_km: float, eccentricity: float, inclination_rad: float
) -> tuple[float, float, float]:
    """Rates of node, argument of perigee and mean anomaly of one mean orbit, in rad/s."""
    motion = math.sqrt(EARTH_MU_KM3_S2 / semi_major_axis_km**3)
    # first order in J2, averaged over a revolution: the potential's mean depends on axis, shape and
    # inclination alone, so these three stay and only the three angles drift
    shape = 1.0 - eccentricity**2
    oblateness = 0.75 * EARTH_J2 * (EARTH_RADIUS_KM / (semi_major_axis_km * shape)) ** 2 * motion
    cosine = math.cos(inclination_rad)
    node = -2.0 * oblateness * cosine  # westwards where the orbit is prograde
    perigee = oblateness * (5.0 * cosine**2 - 1.0)  # at rest at 63.4°, the critical inclination
    anomaly = motion + oblateness * math.sqrt(shape) * (3.0 * cosine**2 - 1.0)
    return node, perigee, anomaly


@entry_point
def eccentric_anomaly(mean_anomaly_rad: float, eccentricity: float) -> float:
    """Solution of Kepler's equation by Newton's method, in rad, for an eccentricity in [0, 1).

    The mean anomaly is reduced to [-pi, pi] first; from a start at pi (of its sign) Newton
    converges for every eccentricity below 1 (Charles and Tatum 1998).
    """
    # whole turns off: after ten days the anomaly has some hundred, which cost Newton its digits
    mean = mean_anomaly_rad - 2.0 * math.pi * round(mean_anomaly_rad / (2.0 * math.pi))
    # nearly circular orbits are close to the mean anomaly: four steps at most from there
    anomaly = mean if eccentricity < 0.1 else math.copysign(math.pi, mean)
    for _ in range(KEPLER_ITERATIONS):
        residual = anomaly - eccentricity * math.sin(anomaly) - mean
        change = residual / (1.0 - eccentricity * math.cos(anomaly))
        anomaly -= change
        if abs(change) < KEPLER_TOLERANCE_RAD:
            break
    return anomaly


@entry_point
def position_in_plane(
    semi_major_axis_km: float, eccentricity: float, mean_anomaly_rad: float
) -> tuple[float, float]:
    """Position along the directions of perigee and 90° ahead of it, in km."""
    anomaly = eccentric_anomaly(mean_anomaly_rad, eccentricity)
    along = semi_major_axis_km * (math.cos(anomaly) - eccentricity)
    across = semi_major_axis_km * math.sqrt(1.0 - eccentricity**2) * math.sin(anomaly)
    return along, across


@entry_point
def turn(
    along: float, across: float, inclination: float, raan: float, argument_of_perigee: float
) -> Vector:
    """A vector of the orbital plane turned into the inertial frame; angles in rad."""
    cos_w, sin_w = math.cos(argument_of_perigee), math.sin(argument_of_perigee)
    node_ward = along * cos_w - across * sin_w
    crest_ward = along * sin_w + across * cos_w
    cos_o, sin_o = math.cos(raan), math.sin(raan)
    level = crest_ward * math.cos(inclination)
    return (
        node_ward * cos_o - level * sin_o,
        node_ward * sin_o + level * cos_o,
        crest_ward * math.sin(inclination),
    )


@entry_point
def propagate(mean: Elements, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positions ``[T, K, 3]`` in km of ``K`` mean orbits at ``T`` times after the epoch."""
    count = mean.semi_major_axis_km.shape[0]
    positions = np.empty((times_s.shape[0], count, 3))
    for k in range(count):
        axis, shape = mean.semi_major_axis_km[k], mean.eccentricity[k]
        tilt = mean.inclination_rad[k]
        node, perigee, anomaly = secular_rates(axis, shape, tilt)  # once an orbit
        for i in range(times_s.shape[0]):
            time = times_s[i]
            along, across = position_in_plane(
                axis, shape, mean.mean_anomaly_rad[k] + anomaly * time
            )
            raan = mean.raan_rad[k] + node * time
            argument = mean.argument_of_perigee_rad[k] + perigee * time
            position = turn(along, across, tilt, raan, argument)
            positions[i, k, 0] = position[0]
            positions[i, k, 1] = position[1]
            positions[i, k, 2] = position[2]
    return positions


TRUTH_RTOL = 1e-10
"""Relative tolerance of Cowell's method, far below the errors that it is to show."""


def as_orbits(elements: Elements, epoch: datetime) -> list[Orbit]:
    """One ``boinor.twobody.Orbit`` about the Earth for each of the elements at ``epoch``."""
    from astropy import units
    from astropy.time import Time
    from boinor.bodies import Earth
    from boinor.twobody import Orbit

    orbits = []
    for row in as_rows(elements):
        shape, angles = row[1], [*row[2:5], true_anomaly(row[5], row[1])]
        angles_rad = [angle * units.rad for angle in angles]
        orbits.append(
            Orbit.from_classical(
                Earth, row[0] * units.km, shape * units.one, *angles_rad, epoch=Time(epoch)
            )
        )
    return orbits


def true_anomaly(mean_anomaly_rad: float, eccentricity: float) -> float:
    """True anomaly in [-pi, pi], the range in which boinor's solvers are right."""
    # by half angles, which tell both sides of the apsides apart
    half = eccentric_anomaly(mean_anomaly_rad, eccentricity) / 2.0
    ratio = np.sqrt((1.0 + eccentricity) / (1.0 - eccentricity))
    return float(2.0 * np.arctan2(ratio * np.sin(half), np.cos(half)))


def cowell_positions_km(orbit: Orbit, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positions ``[T, 3]`` by boinor's Cowell method under the Earth's point mass and J2.

    Slow, and free of this package's own formulas: the truth that its propagation is tested
    against. ``times_s`` ascends from the orbit's epoch, in s.
    """
    from astropy import units
    from boinor.bodies import Earth
    from boinor.core.perturbations import J2_perturbation
    from boinor.core.propagation import func_twobody
    from boinor.core.propagation.cowell import cowell

    # boinor's own constants, so that ours are put to the test as well
    flattening, radius_km = Earth.J2.value, Earth.R.to_value(units.km)

    def acceleration(time: float, state: NDArray[np.float64], mu: float) -> NDArray[np.float64]:
        change = func_twobody(time, state, mu)
        change[3:] += J2_perturbation(time, state, mu, flattening, radius_km)
        return np.asarray(change)

    start_km, speed_km_s = orbit.rv()
    positions_km, _ = cowell(
        Earth.k.to_value(units.km**3 / units.s**2),
        start_km.to_value(units.km),
        speed_km_s.to_value(units.km / units.s),
        times_s,
        TRUTH_RTOL,
        f=acceleration,
    )
    return np.array(positions_km)
