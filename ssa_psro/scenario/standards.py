"""What objects of a regime are like where neither a scenario nor a file of attributes says.

Nothing in an element set tells how large an object is, how well it is tracked or when it
manoeuvres. The values of these tables are those of the reference game (``contested-72h``), with
the sizes of whole satellites: about 1 m² of cross-section in LEO to 10 m² in GEO.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import NamedTuple

from ssa_psro.scenario.catalogues import FileRegime, ManoeuvrePlan, Manoeuvres
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
        manoeuvres: how contested ones manoeuvre.
    """

    contested_share: float
    radius_m: tuple[float, float]
    albedo: float
    weight: float
    contested_weight: float
    custody_sigma_km: float
    growth_km_h: float
    measurement_sigma_km: float
    manoeuvres: ManoeuvrePlan


def _manoeuvres(interval_h: float, window_h: float, delta_v_m_s: float) -> Manoeuvres:
    return Manoeuvres(
        interval_h=interval_h, window_h=window_h, probability=0.7, delta_v_m_s=delta_v_m_s
    )


STANDARDS: dict[RegimeName, Traits] = {
    "LEO": Traits(0.3, (0.3, 1.0), 0.2, 1.0, 2.0, 2.0, 0.8, 0.2, _manoeuvres(36.0, 6.0, 0.2)),
    "MEO": Traits(0.3, (0.5, 1.5), 0.2, 1.0, 2.0, 4.0, 0.8, 0.4, _manoeuvres(48.0, 8.0, 0.3)),
    "GEO": Traits(0.3, (1.0, 2.5), 0.2, 1.0, 2.0, 6.0, 1.2, 0.6, _manoeuvres(48.0, 8.0, 0.5)),
    "HEO": Traits(0.3, (0.5, 1.5), 0.2, 1.0, 2.0, 6.0, 1.2, 0.6, _manoeuvres(48.0, 8.0, 0.5)),
}
"""Each regime's traits, in the order of the fields of ``Traits``."""


def traits_of(regime: FileRegime) -> Traits:
    """What a scenario says of a regime, and the standard where it says nothing."""
    stated = {name: vars(regime).get(name) for name in Traits._fields}
    said = {name: value for name, value in stated.items() if value is not None}
    return STANDARDS[regime.regime]._replace(**said)


def radius_of_magnitude_m(standard_magnitude: float, albedo: float) -> float:
    """Radius of the diffuse sphere that has this magnitude at 1,000 km and a phase angle of 90°.

    The formula of ``geometry.photometry`` turned round, where a phase of 90° gives a phase function
    of 2 / (3 pi²).
    """
    reflected = 10.0 ** (-0.4 * (standard_magnitude - SUN_MAGNITUDE)) * STANDARD_RANGE_M**2
    return sqrt(reflected / (pi * albedo * 2.0 / (3.0 * pi**2)))
