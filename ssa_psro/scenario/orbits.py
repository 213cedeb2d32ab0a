"""Orbits as scenarios state them: element sets, and constellations of one kind or another."""

from __future__ import annotations

from collections.abc import Iterator
from math import isqrt
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field

from ssa_psro.catalogs import element_set as catalogs
from ssa_psro.errors import Fault
from ssa_psro.inputs.sections import Count, Items, Section, Seed, rule
from ssa_psro.scenario.fields import EARTH_RADIUS_KM, Degrees, Eccentricity, Epoch, Inclination

LOWEST_PERIGEE_KM = 150.0
"""Below it drag brings a satellite down within hours."""


def _several(value: Any) -> Any:
    """One path as a list of one."""
    return [value] if isinstance(value, str) else value


Paths = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(_several),
    Field(strict=False, min_length=1, max_length=1000, examples=["catalog.json"]),
]
"""One file or several, relative to the folder of the scenario file."""


class StatedElementSet(Section):
    """Mean elements for SGP4, as an orbit mean-elements message (OMM) or a TLE states them."""

    name: str = ""
    """Name of the object; a label."""
    catalog_id: str = ""
    """Catalogue id; a label of any form, such as 25544 or A0000: nothing is looked up by it."""
    designator: str = ""
    """International designator, such as 1998-067A; a label too."""
    epoch: Annotated[Epoch, Field(examples=["2026-03-20T00:00:00Z"])]
    """Instant that the elements are of; a time zone is required."""
    mean_motion_rev_day: Annotated[float, Field(ge=0.01, le=20, examples=[15.5])]
    """Mean motion as SGP4 takes it (Kozai's)."""
    eccentricity: Annotated[Eccentricity, Field(examples=[0.001])]
    """Eccentricity of the orbit."""
    inclination_deg: Annotated[Inclination, Field(examples=[60.0])]
    """Inclination to the equator."""
    raan_deg: Annotated[Degrees, Field(examples=[0.0])]
    """Right ascension of the ascending node."""
    argument_of_perigee_deg: Annotated[Degrees, Field(examples=[0.0])]
    """Argument of the perigee, from the ascending node."""
    mean_anomaly_deg: Annotated[Degrees, Field(examples=[0.0])]
    """Mean anomaly at the epoch."""
    bstar: Annotated[float, Field(ge=-10, le=10)] = 0.0
    """SGP4's drag term, per Earth radius."""


class Selection(Section):
    """Which element sets of a file are taken; every stated key must be met."""

    names: Annotated[Items[str], Field(max_length=1000, examples=[["STARLINK-*"]])] = ()
    """Patterns of names with ``*`` and ``?``, upper and lower case alike; empty takes all."""
    ids: Annotated[Items[str], Field(examples=[["25544"]])] = ()
    """Catalogue ids; ``A0000`` and ``100000`` are one. Empty takes all."""
    max_epoch_age_days: Annotated[float, Field(gt=0, le=3660)] = 30.0
    """Element sets farther from the window than this are rejected, since SGP4 is not meant to reach
    so far."""
    count: Annotated[Count | None, Field(examples=[100])] = None
    """Of more that remain, so many are drawn; left out, all are taken."""


def as_record(element_set: StatedElementSet) -> catalogs.ElementSet:
    """``element_set`` as the package of catalogue files knows it."""
    return catalogs.ElementSet(**element_set.model_dump())


def from_record(record: catalogs.ElementSet) -> StatedElementSet:
    """What a scenario keeps of an element set: all that SGP4 reads, and the labels."""
    return StatedElementSet(
        **{name: getattr(record, name) for name in StatedElementSet.model_fields}
    )


def divisors(number: int) -> list[int]:
    """All divisors, ascending."""
    small = [n for n in range(1, isqrt(number) + 1) if number % n == 0]
    return sorted({*small, *(number // n for n in small)})


def perigee_km(semi_major_axis_km: float, eccentricity: float) -> float:
    """Altitude of the lowest point of an orbit."""
    return semi_major_axis_km * (1 - eccentricity) - EARTH_RADIUS_KM


class Walker(Section):
    """A Walker constellation i:t/p/f (Walker 1984): delta spreads its nodes over 360°, star 180°.

    Satellite k of plane j stands at ``anomaly_deg + 360 k p/t + 360 j f/t`` along its orbit.
    """

    kind: Literal["walker-delta", "walker-star"]
    """``walker-delta`` spreads the nodes over 360°, ``walker-star`` over 180°."""
    altitude_km: Annotated[float, Field(ge=200, le=60_000, examples=[800.0])]
    """Altitude of the circular orbits above the equatorial radius."""
    inclination_deg: Annotated[Inclination, Field(examples=[60.0])]
    """Inclination to the equator."""
    satellites: Annotated[int, Field(ge=1, le=10_000)] = 12
    """Number of satellites of the whole constellation, Walker's t."""
    planes: Annotated[int, Field(ge=1, le=10_000)] = 6
    """Number of planes, Walker's p; it divides the satellites."""
    phasing: Annotated[int, Field(ge=0, lt=10_000)] = 1
    """Walker's f, less than the planes: the stagger from one plane to the next."""
    raan_deg: Degrees = 0.0
    """Turns the whole constellation about the Earth's axis."""
    anomaly_deg: Degrees = 0.0
    """Moves every satellite along its orbit."""

    @property
    def count(self) -> int:
        """Number of satellites."""
        return self.satellites

    @rule("satellites", "planes")
    def planes_divide_satellites(self, at: str) -> Iterator[Fault]:
        """Every plane of a Walker constellation holds equally many satellites."""
        if self.satellites % self.planes:
            *first, last = divisors(self.satellites)
            yield Fault(
                f"{at}.planes",
                self.planes,
                f"must divide satellites = {self.satellites}",
                f"Use {', '.join(map(str, first))} or {last}.",
            )

    @rule("phasing", "planes")
    def phasing_below_planes(self, at: str) -> Iterator[Fault]:
        """Walker's f counts planes."""
        if self.phasing >= self.planes:
            yield Fault(
                f"{at}.phasing",
                self.phasing,
                f"must be less than planes = {self.planes}",
                f"Use 0 to {self.planes - 1}.",
            )


def walker_angles(design: Walker) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Node and anomaly of every satellite of a Walker pattern, plane after plane, ``[K]`` rad.

    1. The nodes of the ``p`` planes are spread evenly over 360° (delta) or 180° (star).
    2. The ``t / p`` satellites of a plane are spread evenly along it.
    3. From a plane to the next one eastwards, satellites are ahead by ``f * 360° / t``.
    """
    # the schema has checked that the planes share the satellites evenly
    per_plane = design.satellites // design.planes
    plane, slot = np.divmod(np.arange(per_plane * design.planes), per_plane)
    spread = 2.0 * np.pi if design.kind == "walker-delta" else np.pi
    raan = np.radians(design.raan_deg) + spread * plane / design.planes
    stagger = 2.0 * np.pi * design.phasing * plane / design.satellites
    anomaly = np.radians(design.anomaly_deg) + 2.0 * np.pi * slot / per_plane + stagger
    return raan, anomaly


class OsculatingElements(Section):
    """Osculating Keplerian elements at the window's epoch, in its true equator and mean equinox."""

    semi_major_axis_km: Annotated[float, Field(ge=6578, le=100_000, examples=[7178.137])]
    """Semi-major axis; the perigee has to be 150 km above the equatorial radius."""
    eccentricity: Eccentricity = 0.0
    """Eccentricity of the orbit."""
    inclination_deg: Annotated[Inclination, Field(examples=[60.0])]
    """Inclination to the equator."""
    raan_deg: Degrees = 0.0
    """Right ascension of the ascending node."""
    argument_of_perigee_deg: Degrees = 0.0
    """Argument of the perigee, from the ascending node."""
    mean_anomaly_deg: Degrees = 0.0
    """Mean anomaly at the window's epoch."""

    @rule("semi_major_axis_km", "eccentricity")
    def elements_clear_earth(self, at: str) -> Iterator[Fault]:
        """A stated orbit does not dip into the atmosphere."""
        lowest_km = perigee_km(self.semi_major_axis_km, self.eccentricity)
        if lowest_km < LOWEST_PERIGEE_KM:
            yield Fault(
                f"{at}.eccentricity",
                self.eccentricity,
                f"puts the perigee at {lowest_km:.0f} km altitude",
                "Lower it or raise semi_major_axis_km until the perigee is "
                f"{LOWEST_PERIGEE_KM:g} km.",
            )


class StatedConstellation(Section):
    """A constellation given satellite by satellite, by Keplerian elements."""

    kind: Literal["elements"]
    """Says that the satellites are given by elements."""
    satellites: Annotated[Items[OsculatingElements], Field(min_length=1)]
    """One section a satellite."""

    @property
    def count(self) -> int:
        """Number of satellites."""
        return len(self.satellites)


class ElementSetConstellation(Section):
    """A constellation given satellite by satellite, by element sets for SGP4."""

    kind: Literal["element-sets"]
    """Says that the satellites are given by element sets."""
    satellites: Annotated[Items[StatedElementSet], Field(min_length=1)]
    """One section a satellite."""

    @property
    def count(self) -> int:
        """Number of satellites."""
        return len(self.satellites)


class FileConstellation(Section):
    """The satellites of files of element sets; loading puts the element sets in their place."""

    kind: Literal["file"]
    """Says that the satellites are those of files."""
    path: Paths
    """One file or several of any format (TLE; OMM in JSON, CSV, XML or KVN), relative to the folder
    of the scenario file."""
    seed: Seed = 1
    """Draws the satellites where ``count`` leaves some out."""
    select: Selection = Selection()
    """Which of them fly."""


Constellation = Annotated[
    Walker | StatedConstellation | ElementSetConstellation, Field(discriminator="kind")
]
ConstellationInFile = Annotated[
    Walker | StatedConstellation | ElementSetConstellation | FileConstellation,
    Field(discriminator="kind"),
]
