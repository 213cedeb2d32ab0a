"""What objects of a regime are like where neither a scenario nor a file says.

Nothing in an element set tells how large an object is, how well it is tracked or when it
manoeuvres. Sizes are those of whole satellites: about 1 m² of cross-section in LEO to 10 m² in GEO.
Uncertainty is that of objects whose orbits are kept up (``scenario.calibration``), and manoeuvres
are those of station keeping; ``docs/uncertainty.md`` says where both come from.
"""

from __future__ import annotations

import re
from math import pi, sqrt
from typing import NamedTuple

from ssa_psro.scenario.calibration import calibrated
from ssa_psro.scenario.catalogues import FileRegime, ManoeuvreClass, ManoeuvreKind
from ssa_psro.scenario.fields import RegimeName

SUN_MAGNITUDE = -26.74
"""Apparent magnitude of the Sun, as in ``geometry.photometry``."""
STANDARD_RANGE_M = 1e6
"""Where an object has its standard magnitude."""


class Traits(NamedTuple):
    """What a catalogue needs to know of the objects of one regime, besides their orbits.

    Attributes:
        contested_share: share of them that is contested.
        radius_m: the range that radii are drawn from, of the equivalent diffuse sphere.
    """

    contested_share: float
    radius_m: tuple[float, float]
    albedo: float
    weight: float
    contested_weight: float
    custody_sigma_km: float
    growth_km_h: float
    measurement_sigma_km: float


STANDARDS: dict[RegimeName, Traits] = {
    "LEO": Traits(0.3, (0.3, 1.0), 0.2, 1.0, 2.0, *calibrated("LEO")),
    "MEO": Traits(0.3, (0.5, 1.5), 0.2, 1.0, 2.0, *calibrated("MEO")),
    "GEO": Traits(0.3, (1.0, 2.5), 0.2, 1.0, 2.0, *calibrated("GEO")),
    "HEO": Traits(0.3, (0.5, 1.5), 0.2, 1.0, 2.0, *calibrated("HEO")),
}
"""Each regime's traits, in the order of the fields of ``Traits``."""

CLASSES: dict[RegimeName, ManoeuvreKind] = {
    "LEO": "leo-drag-make-up",
    "MEO": "none",
    "GEO": "geo-station-keeping",
    "HEO": "none",
}
"""How satellites of a regime manoeuvre. A navigation satellite does once a year, and of eccentric
orbits there is no rule: such windows have to be stated."""

DEAD = re.compile(r"\b(DEB|DEBRIS|R/B|AKM|PKM)\b", re.IGNORECASE)
"""What names of debris, rocket bodies and spent kick motors have in them (as in SATCAT)."""


def traits_of(regime: FileRegime) -> Traits:
    """What a scenario says of a regime, and the standard where it says nothing."""
    stated = {name: vars(regime).get(name) for name in Traits._fields}
    said = {name: value for name, value in stated.items() if value is not None}
    return STANDARDS[regime.regime]._replace(**said)


def standard_plan(regime: RegimeName, name: str) -> ManoeuvreClass | None:
    """How an object manoeuvres as far as its regime and its name tell; ``None`` if it does not."""
    kind = "none" if DEAD.search(name) else CLASSES[regime]
    return None if kind == "none" else ManoeuvreClass(kind=kind)


def radius_of_magnitude_m(standard_magnitude: float, albedo: float) -> float:
    """Radius of the diffuse sphere that has this magnitude at 1,000 km and a phase angle of 90°.

    The formula of ``geometry.photometry`` turned round, where a phase of 90° gives a phase function
    of 2 / (3 pi²).
    """
    reflected = 10.0 ** (-0.4 * (standard_magnitude - SUN_MAGNITUDE)) * STANDARD_RANGE_M**2
    return sqrt(reflected / (pi * albedo * 2.0 / (3.0 * pi**2)))
