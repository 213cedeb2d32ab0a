"""MEO: four navigation systems, each with its planes, and each slot kept."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import numpy as np

from ssa_psro.catalogs.generation.drafts import Draft, Draw, Orbit, anywhere, pick, rayleigh
from ssa_psro.randomness import generator


class System(NamedTuple):
    """The design of a navigation constellation (its interface control document)."""

    semi_major_axis_km: float
    inclination_deg: float
    planes: int
    slots: int
    eccentricity: float


SYSTEMS = {
    "NAV55": System(26_560.0, 55.0, 6, 5, 0.006),
    "NAV65": System(25_508.0, 64.8, 3, 8, 0.001),
    "NAV56": System(29_600.0, 56.0, 3, 8, 0.0003),
    "NAV55H": System(27_906.0, 55.0, 3, 8, 0.0006),
}
"""GPS-like, GLONASS-like, Galileo-like and BeiDou-like, in this order."""
SHARES = {"NAV55": 0.32, "NAV65": 0.24, "NAV56": 0.24, "NAV55H": 0.2}


def medium_orbits(seed: int, epoch: datetime) -> Draw:
    """One navigation satellite. Where the planes of a system lie depends on the seed."""
    first_node_deg = {
        name: anywhere(generator(seed, "catalog", "planes", name)) for name in SYSTEMS
    }

    def draw(random: np.random.Generator, at: datetime) -> Draft:
        name = pick(random, SHARES)
        system = SYSTEMS[name]
        plane, slot = random.integers(system.planes), random.integers(system.slots)
        perigee_deg = anywhere(random)
        # along the orbit from the node, with neighbouring planes shifted against each other
        along_deg = 360.0 * (slot / system.slots + plane / (system.planes * system.slots))
        orbit = Orbit(
            system.semi_major_axis_km + random.normal(0.0, 2.0),
            rayleigh(random, system.eccentricity),
            system.inclination_deg + random.normal(0.0, 0.6),
            first_node_deg[name] + 360.0 * plane / system.planes + random.normal(0.0, 2.0),
            perigee_deg,
            along_deg + random.normal(0.0, 3.0) - perigee_deg,
        )
        return Draft(name, orbit, 0.0, random.uniform(1.0, 2.5), random.uniform(0.15, 0.3))

    return draw
