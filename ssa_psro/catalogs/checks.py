"""What makes an element set usable: elements in range, an orbit that SGP4 can follow."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

from sgp4.api import SGP4_ERRORS

from ssa_psro.catalogs.element_set import ElementSet, satrec
from ssa_psro.catalogs.records import RecordError

DOWNLOAD = "Download the record again, or leave it out."
FIRST_YEAR, LAST_YEAR = 1957, 2100
DECAYED = 6
"""SGP4's error code of an orbit inside the Earth."""


class Quantity(NamedTuple):
    """One element: its field, its OMM key and unit, and the range that makes sense."""

    field: str
    key: str
    unit: str
    low: float
    high: float


QUANTITIES = (
    Quantity("mean_motion_rev_day", "MEAN_MOTION", "rev/day", 0.01, 20.0),
    Quantity("eccentricity", "ECCENTRICITY", "", 0.0, 0.999999999),
    Quantity("inclination_deg", "INCLINATION", "deg", 0.0, 180.0),
    Quantity("raan_deg", "RA_OF_ASC_NODE", "deg", -360.0, 360.0),
    Quantity("argument_of_perigee_deg", "ARG_OF_PERICENTER", "deg", -360.0, 360.0),
    Quantity("mean_anomaly_deg", "MEAN_ANOMALY", "deg", -360.0, 360.0),
    Quantity("bstar", "BSTAR", "1/ER", -10.0, 10.0),
    Quantity("mean_motion_dot", "MEAN_MOTION_DOT", "rev/day**2", -1000.0, 1000.0),
    Quantity("mean_motion_ddot", "MEAN_MOTION_DDOT", "rev/day**3", -1000.0, 1000.0),
)


def checked(element_set: ElementSet) -> ElementSet:
    """``element_set`` itself, if it can be used.

    Raises:
        RecordError: an element or the epoch is out of range, the perigee lies inside the Earth, or
            SGP4 cannot place the object at its own epoch.
    """
    for field, key, unit, low, high in QUANTITIES:
        value = getattr(element_set, field)
        if not low <= value <= high:  # written so that NaN fails too
            limits = f"{low:g} to {high:g} {unit}".rstrip()
            raise RecordError(f"{key} = {value:g} is outside {limits}", DOWNLOAD)
    if not FIRST_YEAR <= element_set.epoch.year <= LAST_YEAR:
        problem = f"epoch {element_set.epoch:%Y-%m-%d} is outside {FIRST_YEAR} to {LAST_YEAR}"
        raise RecordError(problem, DOWNLOAD)
    if element_set.perigee_altitude_km < 0.0:
        depth_km = -element_set.perigee_altitude_km
        raise RecordError(f"decayed: perigee {depth_km:.0f} km below the surface", DOWNLOAD)
    check_propagation(element_set)
    return element_set


def check_propagation(element_set: ElementSet) -> None:
    """Raise ``RecordError`` unless SGP4 gives a position at the epoch."""
    code, position_km, _ = satrec(element_set).sgp4_tsince(0.0)
    if code:
        raise RecordError(f"{sgp4_problem(code)} at its own epoch", DOWNLOAD)
    if not all(map(isfinite, position_km)):
        raise RecordError("diverging: SGP4 finds no position at its own epoch", DOWNLOAD)


def sgp4_problem(code: int) -> str:
    """SGP4's error code in words."""
    said = SGP4_ERRORS.get(code, "unknown error")
    return f"{'decayed' if code == DECAYED else 'diverging'}: SGP4 error {code}, {said}"
