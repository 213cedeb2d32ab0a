"""What flies in a scenario: each side's constellation, and the objects with their numbers.

Both come as orbits that can be flown. Objects are as listed, or drawn from the catalogue's seed;
then each has a generator of its own, keyed by its name. So a longer catalogue extends a shorter
one, and a change to one regime leaves the others as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.geometry.arena import Objects
from ssa_psro.geometry.constants import EARTH_MU_KM3_S2, EARTH_RADIUS_KM
from ssa_psro.geometry.fitting import fit_mean_elements
from ssa_psro.geometry.flight import Orbits
from ssa_psro.geometry.propagation import Elements, as_elements, from_schema
from ssa_psro.randomness import generator
from ssa_psro.scenario.orbits import as_record, walker_angles
from ssa_psro.scenario.schema import (
    REGIMES,
    Catalog,
    Constellation,
    GeneratedCatalog,
    ListedCatalog,
    ListedObject,
    Regime,
    RegimeName,
    Scenario,
    StatedConstellation,
    Walker,
)


def constellation_orbits(design: Constellation, arc_s: float) -> Orbits:
    """The orbit of every satellite, in the order of the design.

    The elements of a Walker pattern *are* mean elements: the pattern is a design of mean orbits,
    and stays rigid because all of them drift alike. Explicit elements are osculating, so their
    mean elements are fitted over the first ``arc_s`` seconds. Element sets are flown as they are.
    """
    if isinstance(design, Walker):
        return walker_elements(design)
    if isinstance(design, StatedConstellation):
        return fit_mean_elements(from_schema(design.satellites), arc_s)
    return design.satellites


def flights(scenario: Scenario) -> tuple[Orbits, Orbits, Orbits]:
    """The orbits of Blue's satellites, of Red's and of the objects, as the tables fly them."""
    window = scenario.window
    # the arc of the tables, over which stated satellites are fitted
    arc_s = float((window.horizon_steps - 1) * window.step_s)
    blue, red = (constellation_orbits(side.constellation, arc_s) for side in scenario.sides)
    return blue, red, catalog_objects(scenario.catalog)[1]


def walker_elements(design: Walker) -> Elements:
    """The circular orbits of a Walker pattern i:t/p/f (Walker 1984), plane after plane."""
    raan, anomaly = walker_angles(design)
    count = raan.size
    return as_elements(
        np.column_stack(
            (
                np.full(count, EARTH_RADIUS_KM + design.altitude_km),
                np.zeros(count),
                np.full(count, np.radians(design.inclination_deg)),
                raan,
                np.zeros(count),
                anomaly,
            )
        )
    )


class Entry(NamedTuple):
    """One object of a generated catalogue before its numbers are drawn."""

    name: str
    regime: Regime
    contested: bool


class _Row(NamedTuple):
    """One generated object with its numbers."""

    name: str
    regime: RegimeName
    contested: bool
    weight: float
    radius_m: float
    albedo: float
    custody_sigma_km: float
    growth_km_h: float
    measurement_sigma_km: float | None
    brightness_scatter_mag: float


def entries(catalog: GeneratedCatalog) -> list[Entry]:
    """All objects in the order of ``catalog.names``; the first of each regime are contested."""
    kinds = [
        (regime, index < regime.contested)
        for regime in catalog.regimes
        for index in range(regime.count)
    ]
    return [Entry(name, *kind) for name, kind in zip(catalog.names, kinds, strict=True)]


def catalog_objects(catalog: Catalog) -> tuple[Objects, Orbits]:
    """The objects of a scenario and their orbits, ``N`` of each."""
    if isinstance(catalog, ListedCatalog):
        flown = tuple(one.orbit for one in catalog.objects)
        axes_km = [as_record(orbit).semi_major_axis_km for orbit in flown]
        return _objects(catalog.objects, axes_km), flown
    return generate_catalog(catalog)


def generate_catalog(catalog: GeneratedCatalog) -> tuple[Objects, Elements]:
    """The objects of a generated catalogue and their mean elements at the epoch, ``N`` of each."""
    listed = entries(catalog)
    orbits = np.array([draw_orbit(catalog.seed, entry) for entry in listed]).reshape(-1, 6)
    return _objects(_drawn_objects(catalog.seed, listed), orbits[:, 0]), as_elements(orbits)


def draw_orbit(seed: int, entry: Entry) -> NDArray[np.float64]:
    """Mean elements ``[6]`` of one object, in the order of ``Elements``.

    ``altitude_km`` is that of the semi-major axis. Node, perigee and anomaly are uniform.
    """
    random = generator(seed, "catalog", entry.name, "orbit")
    axis_km = EARTH_RADIUS_KM + random.uniform(*entry.regime.altitude_km)
    eccentricity = random.uniform(*entry.regime.eccentricity)
    inclination = np.radians(random.uniform(*entry.regime.inclination_deg))
    return np.array([axis_km, eccentricity, inclination, *random.uniform(0.0, 2.0 * np.pi, 3)])


def _drawn_objects(seed: int, listed: list[Entry]) -> list[_Row]:
    return [
        _Row(
            name=entry.name,
            regime=entry.regime.regime,
            contested=entry.contested,
            weight=entry.regime.contested_weight if entry.contested else entry.regime.weight,
            radius_m=_radius_m(seed, entry),
            albedo=entry.regime.albedo,
            custody_sigma_km=entry.regime.custody_sigma_km,
            growth_km_h=entry.regime.growth_km_h,
            measurement_sigma_km=entry.regime.measurement_sigma_km,
            brightness_scatter_mag=entry.regime.brightness_scatter_mag,
        )
        for entry in listed
    ]


def _objects(
    rows: Sequence[ListedObject | _Row], axes_km: Sequence[float] | NDArray[np.float64]
) -> Objects:
    return Objects(
        names=tuple(one.name for one in rows),
        regime=np.array([REGIMES.index(one.regime) for one in rows], dtype=np.int8),
        contested=np.array([one.contested for one in rows], dtype=np.bool_),
        weight=np.array([one.weight for one in rows], dtype=np.float64),
        radius_m=np.array([one.radius_m for one in rows], dtype=np.float64),
        albedo=np.array([one.albedo for one in rows], dtype=np.float64),
        custody_sigma_km=np.array([one.custody_sigma_km for one in rows], dtype=np.float64),
        growth_km_h=np.array([one.growth_km_h for one in rows], dtype=np.float64),
        measurement_sigma_km=np.array([one.measurement_sigma_km or 0.0 for one in rows]),
        brightness_scatter_mag=np.array([one.brightness_scatter_mag for one in rows]),
        mean_motion_rad_h=3600.0 * np.sqrt(EARTH_MU_KM3_S2 / np.asarray(axes_km, np.float64) ** 3),
    )


def _radius_m(seed: int, entry: Entry) -> float:
    random = generator(seed, "catalog", entry.name, "radius")
    return float(random.uniform(*entry.regime.radius_m))
