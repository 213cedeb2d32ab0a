"""What objects of a regime are like where neither a scenario nor a file says.

Nothing in an element set tells how large an object is, how well it is tracked or when it
manoeuvres. Sizes are those of whole satellites: about 1 m² of cross-section in LEO to 10 m² in GEO.
Uncertainty is that of objects whose orbits are kept up, and manoeuvres are those of station
keeping.

Growth and custody follow from the acceleration that no model predicts and from how objects are
tracked (``evidence.uncertainty``, whose tests measure them again). ``docs/uncertainty.md`` says
what is assumed.
"""

from __future__ import annotations

import re
from math import pi, sqrt
from typing import NamedTuple

from ssa_psro.scenario.catalogue import FileRegime
from ssa_psro.scenario.fields import RegimeName
from ssa_psro.scenario.manoeuvres import ManoeuvreClass, ManoeuvreKind

ARCSEC = pi / 648_000.0
"""One second of arc in radians."""

SBV_ARCSEC = 4.0
"""Sigma of one position of the Space-Based Visible sensor on MSX, met in orbit (von Braun and
Gaposchkin, Journal of Guidance, Control, and Dynamics 23(1), 2000); 2 with attitude correction."""

CUSTODY_AGE_H = 6.0
"""A tracked object is in custody until this long after a look; a requirement, not physics."""


class Calibration(NamedTuple):
    """What sets the uncertainty of the objects of one regime.

    Attributes:
        range_km: median range from a sensor in LEO to a target that it has line of sight to.
        unmodelled_nm_s2: sigma of the acceleration that no model predicts [nm/s²], correlated over
            3 h.
        growth_km_h: RMS position error after a day of an orbit that was known perfectly, by this
            acceleration alone, divided by 24 h.
        custody_sigma_km: median RMS position error of a tracked object ``CUSTODY_AGE_H`` after a
            look.
        source: where ``unmodelled_nm_s2`` comes from.
    """

    range_km: float
    unmodelled_nm_s2: float
    growth_km_h: float
    custody_sigma_km: float
    source: str


CALIBRATIONS: dict[RegimeName, Calibration] = {
    "LEO": Calibration(
        3_300.0,
        50.0,
        0.0135,
        0.17,
        "30 % of drag at 600 km and 20 % of solar pressure on 0.02 m²/kg",
    ),
    "MEO": Calibration(25_000.0, 25.0, 0.0070, 0.48, "20 % of solar pressure on 0.02 m²/kg"),
    "GEO": Calibration(40_000.0, 50.0, 0.0158, 0.83, "20 % of solar pressure on 0.04 m²/kg"),
    "HEO": Calibration(34_000.0, 50.0, 0.0141, 0.60, "as GEO, near whose distance the apogee is"),
}
"""Each regime's calibration; solar pressure is 5.9 µN/m² on a body that reflects 30 %."""


SUN_MAGNITUDE = -26.74
"""Apparent magnitude of the Sun, as in ``geometry.optics``."""
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
    measurement_sigma_km: float | None = None


def _known(regime: RegimeName) -> tuple[float, float]:
    """Custody sigma and growth."""
    return CALIBRATIONS[regime].custody_sigma_km, CALIBRATIONS[regime].growth_km_h


STANDARDS: dict[RegimeName, Traits] = {
    "LEO": Traits(0.3, (0.3, 1.0), 0.2, 1.0, 2.0, *_known("LEO")),
    "MEO": Traits(0.3, (0.5, 1.5), 0.2, 1.0, 2.0, *_known("MEO")),
    "GEO": Traits(0.3, (1.0, 2.5), 0.2, 1.0, 2.0, *_known("GEO")),
    "HEO": Traits(0.3, (0.5, 1.5), 0.2, 1.0, 2.0, *_known("HEO")),
}
"""Each regime's traits, in the order of the fields of ``Traits``; the error of a look is the
sensor's."""

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

    The formula of ``geometry.optics`` turned round, where a phase of 90° gives a phase function
    of 2 / (3 pi²).
    """
    reflected = 10.0 ** (-0.4 * (standard_magnitude - SUN_MAGNITUDE)) * STANDARD_RANGE_M**2
    return sqrt(reflected / (pi * albedo * 2.0 / (3.0 * pi**2)))
