"""The generated catalogue: objects and their mean orbits, drawn from the catalogue's seed.

Each object has a generator of its own, keyed by its name. So a longer catalogue extends a shorter
one, and a change to one regime leaves the others as they were.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.geometry.arena import Objects
from ssa_psro.geometry.constants import EARTH_RADIUS_KM
from ssa_psro.geometry.elements import Elements, as_elements
from ssa_psro.randomness import generator
from ssa_psro.scenario.schema import REGIMES, GeneratedCatalog, Regime


class Entry(NamedTuple):
    """One object of the catalogue before its numbers are drawn."""

    name: str
    regime: Regime
    contested: bool


def entries(catalog: GeneratedCatalog) -> list[Entry]:
    """All objects in the order of ``catalog.names``; the first of each regime are contested."""
    kinds = [
        (regime, index < regime.contested)
        for regime in catalog.regimes
        for index in range(regime.count)
    ]
    return [Entry(name, *kind) for name, kind in zip(catalog.names, kinds, strict=True)]


def generate_catalog(catalog: GeneratedCatalog) -> tuple[Objects, Elements]:
    """The objects of a scenario and their mean elements at the epoch, ``N`` of each."""
    listed = entries(catalog)
    rows = [draw_orbit(catalog.seed, entry) for entry in listed]
    return _objects(catalog.seed, listed), as_elements(np.array(rows).reshape(-1, 6))


def draw_orbit(seed: int, entry: Entry) -> NDArray[np.float64]:
    """Mean elements ``[6]`` of one object, in the order of ``Elements``.

    ``altitude_km`` is that of the semi-major axis. Node, perigee and anomaly are uniform.
    """
    random = generator(seed, "catalog", entry.name, "orbit")
    axis_km = EARTH_RADIUS_KM + random.uniform(*entry.regime.altitude_km)
    eccentricity = random.uniform(*entry.regime.eccentricity)
    inclination = np.radians(random.uniform(*entry.regime.inclination_deg))
    return np.array([axis_km, eccentricity, inclination, *random.uniform(0.0, 2.0 * np.pi, 3)])


def _objects(seed: int, listed: list[Entry]) -> Objects:
    regimes = [entry.regime for entry in listed]
    weights = [
        entry.regime.contested_weight if entry.contested else entry.regime.weight
        for entry in listed
    ]
    return Objects(
        names=tuple(entry.name for entry in listed),
        regime=np.array([REGIMES.index(one.regime) for one in regimes], dtype=np.int8),
        contested=np.array([entry.contested for entry in listed], dtype=np.bool_),
        weight=np.array(weights, dtype=np.float64),
        radius_m=np.array([_radius_m(seed, entry) for entry in listed], dtype=np.float64),
        albedo=np.array([one.albedo for one in regimes], dtype=np.float64),
        custody_sigma_km=np.array([one.custody_sigma_km for one in regimes], dtype=np.float64),
        growth_km_h=np.array([one.growth_km_h for one in regimes], dtype=np.float64),
        measurement_sigma_km=np.array(
            [one.measurement_sigma_km for one in regimes], dtype=np.float64
        ),
    )


def _radius_m(seed: int, entry: Entry) -> float:
    random = generator(seed, "catalog", entry.name, "radius")
    return float(random.uniform(*entry.regime.radius_m))
