"""One object's mean orbital elements, as general perturbations catalogues publish them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import cbrt, pi, radians
from typing import Literal

from sgp4.api import WGS72, Satrec

OrbitRegime = Literal["LEO", "MEO", "GEO", "HEO"]
ORBIT_REGIMES: tuple[OrbitRegime, ...] = ("LEO", "MEO", "GEO", "HEO")

WGS72_MU_KM3_S2 = 398600.8
"""Gravitational parameter that SGP4 elements are fitted with (Hoots and Roehrich 1980)."""
WGS72_RADIUS_KM = 6378.135
"""Equatorial radius that SGP4 elements are fitted with."""

FASTEST_MEDIUM_REV_DAY = 11.25
"""Faster than this is LEO: periods under 128 minutes, altitudes below about 2,030 km."""
GEOSYNCHRONOUS_REV_DAY = (0.9, 1.1)
"""Mean motions counted as GEO: from 2,500 km inside the geostationary radius to 3,200 outside."""
HIGHLY_ECCENTRIC = 0.25
"""From this eccentricity on an orbit is HEO, whatever its period."""

SGP4_EPOCH = datetime(1949, 12, 31, tzinfo=UTC)
"""Day zero of the epochs that ``sgp4init`` takes."""
_DAY = timedelta(days=1)
_REV_DAY = 2.0 * pi / 1440.0
"""One revolution a day in radians a minute."""


@dataclass(frozen=True, slots=True)
class ElementSet:
    """Mean elements of SGP4 (theory SGP4, frame TEME, time UTC), with the units of an OMM.

    Attributes:
        name: as published; the catalogue id where the file gives no name.
        catalog_id: as published, without leading zeros: ``"25544"``, ``"A0000"``, ``"799501234"``.
            A text: five digits ran out, and not every id is a number.
        designator: international designator, such as ``"1998-067A"``; may be empty.
        epoch: in UTC, to the microsecond.
        mean_motion_rev_day: Kozai's mean motion, as SGP4 wants it.
        eccentricity: at least 0, below 1.
        inclination_deg: 0 to 180.
        raan_deg: right ascension of the ascending node.
        argument_of_perigee_deg: argument of perigee.
        mean_anomaly_deg: mean anomaly.
        bstar: drag term [1/earth radii].
        mean_motion_dot: MEAN_MOTION_DOT [rev/day²]; SGP4 makes no use of it.
        mean_motion_ddot: MEAN_MOTION_DDOT [rev/day³]; SGP4 makes no use of it.
        shares_id: whether the id was found to stand for several objects.
    """

    name: str
    catalog_id: str
    designator: str
    epoch: datetime
    mean_motion_rev_day: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    argument_of_perigee_deg: float
    mean_anomaly_deg: float
    bstar: float
    mean_motion_dot: float = 0.0
    mean_motion_ddot: float = 0.0
    shares_id: bool = field(default=False, repr=False)

    @property
    def semi_major_axis_km(self) -> float:
        """Of a two-body orbit with this mean motion; SGP4's own differs by up to 10 km in LEO."""
        rate_rad_s = self.mean_motion_rev_day * _REV_DAY / 60.0
        return cbrt(WGS72_MU_KM3_S2 / rate_rad_s**2)

    @property
    def perigee_altitude_km(self) -> float:
        """Lowest height above the equatorial radius."""
        return self.semi_major_axis_km * (1.0 - self.eccentricity) - WGS72_RADIUS_KM

    @property
    def apogee_altitude_km(self) -> float:
        """Greatest height above the equatorial radius."""
        return self.semi_major_axis_km * (1.0 + self.eccentricity) - WGS72_RADIUS_KM

    @property
    def regime(self) -> OrbitRegime:
        """Every orbit is in one regime, first match.

        HEO: eccentricity from 0.25, or slower than GEO. LEO: more than 11.25 rev/day. GEO: 0.9 to
        1.1 rev/day, whatever the inclination. MEO: between the two. (Limits of LEO and HEO as
        space-track.org's; its GEO and MEO leave gaps, which are closed here.)
        """
        if self.eccentricity >= HIGHLY_ECCENTRIC:
            return "HEO"
        if self.mean_motion_rev_day > FASTEST_MEDIUM_REV_DAY:
            return "LEO"
        slowest, fastest = GEOSYNCHRONOUS_REV_DAY
        if self.mean_motion_rev_day < slowest:
            return "HEO"
        return "GEO" if self.mean_motion_rev_day <= fastest else "MEO"

    def flies_as(self, other: ElementSet) -> bool:
        """Whether two element sets of one epoch are of one orbit, to the digits of a TLE."""
        pairs = (
            (self.inclination_deg, other.inclination_deg),
            (self.raan_deg, other.raan_deg),
            (
                self.argument_of_perigee_deg + self.mean_anomaly_deg,
                other.argument_of_perigee_deg + other.mean_anomaly_deg,
            ),
        )
        apart_deg = max(abs((one - two + 180.0) % 360.0 - 180.0) for one, two in pairs)
        slower = abs(self.mean_motion_rev_day - other.mean_motion_rev_day)
        flatter = abs(self.eccentricity - other.eccentricity)
        return apart_deg < 2.5e-4 and slower < 2.5e-8 and flatter < 2.5e-7


def satrec(element_set: ElementSet) -> Satrec:
    """The propagator of ``element_set``: TEME positions in km, velocities in km/s.

    Its catalogue number is 0: sgp4 refuses numbers above 339999, and propagation needs none.
    """
    made = Satrec()
    made.sgp4init(
        WGS72,
        "i",
        0,
        (element_set.epoch - SGP4_EPOCH) / _DAY,
        element_set.bstar,
        # an OMM counts in revolutions and days, SGP4 in radians and minutes; both halve the first
        # derivative and divide the second by six, as a TLE does
        element_set.mean_motion_dot * _REV_DAY / 1440.0,
        element_set.mean_motion_ddot * _REV_DAY / 1440.0**2,
        element_set.eccentricity,
        radians(element_set.argument_of_perigee_deg),
        radians(element_set.inclination_deg),
        radians(element_set.mean_anomaly_deg),
        element_set.mean_motion_rev_day * _REV_DAY,
        radians(element_set.raan_deg),
    )
    return made


def canonical_id(catalog_id: str) -> str:
    """``catalog_id`` as all files agree on it: ``"A0000"`` is ``"100000"``, ``"00005"`` is ``"5"``.

    Alpha-5 writes ids of 100000 to 339999 as a letter (neither I nor O) and four digits. Tables of
    numbers write ``"25544.0"`` where a value of the column is missing.
    """
    # 24 letters for the tens of thousands from 10 to 33: I and O would be read as 1 and 0
    text = whole(catalog_id.strip().upper())
    if len(text) == 5 and text[0] in ALPHA5 and text[1:].isdecimal():
        text = f"{ALPHA5.index(text[0]) + 10}{text[1:]}"
    return text.lstrip("0") or "0"


def whole(text: str) -> str:
    """``90001.0`` as ``90001``; anything else as it stands."""
    parts = WHOLE.fullmatch(text)
    return parts[1] if parts else text


WHOLE = re.compile(r"([A-Z]?\d+)\.0*", re.ASCII)
"""A whole number as tables of numbers write it where a value of the column was missing."""

PLACEHOLDERS = frozenset(("0", "99999", "999999999"))
"""Ids of objects that have no number of their own yet."""


def identities(element_sets: Sequence[ElementSet]) -> list[str]:
    """What tells the object of each element set from the others of a catalogue.

    1. The id does, unless it is a placeholder or shared.
    2. Then the name does, unless it stands at one epoch on two orbits, as "TBA" may.
    3. Then the whole element set.
    """
    shared = PLACEHOLDERS | shared_ids(element_sets)
    ids = [canonical_id(one.catalog_id) for one in element_sets]
    first = dict[tuple[str, datetime], ElementSet]()
    alike = {
        one.name
        for one, catalog_id in zip(element_sets, ids, strict=True)
        if catalog_id in shared and not one.flies_as(first.setdefault((one.name, one.epoch), one))
    }
    return [
        catalog_id
        if catalog_id not in shared
        else (f"name {one.name}" if _named(one) and one.name not in alike else f"orbit {one!r}")
        for one, catalog_id in zip(element_sets, ids, strict=True)
    ]


def shared_ids(element_sets: Sequence[ElementSet]) -> set[str]:
    """Ids that tell nobody: two names stand with them at one epoch, on two orbits."""
    shared, first = set[str](), dict[tuple[str, datetime], ElementSet]()
    for one in element_sets:
        catalog_id = canonical_id(one.catalog_id)
        other = first.setdefault((catalog_id, one.epoch), one)
        apart = _named(one) and one.name != other.name and not one.flies_as(other)
        if apart or one.shares_id:
            shared.add(catalog_id)
    return shared


def _named(one: ElementSet) -> bool:
    return one.name not in ("", one.catalog_id)


ALPHA5 = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Leading letters of Alpha-5 ids; A stands for 10."""
