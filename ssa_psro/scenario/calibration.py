"""How well objects of a regime are tracked: growth, measurement and custody sigma from physics.

The numbers come from a linear covariance propagation (``evidence.uncertainty``), and a
test compares the two. ``docs/uncertainty.md`` says what is assumed and what the scalar model of
the game leaves out.
"""

from __future__ import annotations

from math import pi
from typing import NamedTuple

from ssa_psro.scenario.fields import RegimeName

ARCSEC = pi / 648_000.0
"""One second of arc in radians."""

SBV_ARCSEC = 4.0
"""Sigma of one position of the Space-Based Visible sensor on MSX, met in orbit (von Braun and
Gaposchkin, Journal of Guidance, Control, and Dynamics 23(1), 2000); 2 with attitude correction."""

CUSTODY_AGE_H = 6.0
"""An object is in custody until this long after it was seen; a requirement, not physics."""


class Calibration(NamedTuple):
    """What sets the uncertainty of the objects of one regime.

    Attributes:
        range_km: median range from a sensor in LEO to a target that it has line of sight to.
        unmodelled_nm_s2: sigma of the acceleration that no model predicts [nm/s²], correlated over
            ``evidence.uncertainty.reference.CORRELATION_H``.
        growth_km_h: growth of sigma over the first day that this acceleration causes.
        source: where ``unmodelled_nm_s2`` comes from.
    """

    range_km: float
    unmodelled_nm_s2: float
    growth_km_h: float
    source: str


class Uncertainty(NamedTuple):
    """Keys of a regime in a scenario file.

    Attributes:
        custody_sigma_km: position sigma below which an object is in custody.
        growth_km_h: growth of sigma without manoeuvres.
        measurement_sigma_km: sigma of one successful observation.
    """

    custody_sigma_km: float
    growth_km_h: float
    measurement_sigma_km: float


CALIBRATIONS: dict[RegimeName, Calibration] = {
    "LEO": Calibration(
        3_000.0, 50.0, 0.016, "30 % of drag at 600 km and 20 % of solar pressure on 0.02 m²/kg"
    ),
    "MEO": Calibration(24_000.0, 25.0, 0.010, "20 % of solar pressure on 0.02 m²/kg"),
    "GEO": Calibration(39_000.0, 50.0, 0.019, "20 % of solar pressure on 0.04 m²/kg"),
    "HEO": Calibration(39_000.0, 50.0, 0.019, "as GEO, near whose distance the apogee is"),
}
"""Each regime's calibration; solar pressure is 5.9 µN/m² on a body that reflects 30 %."""


def calibrated(
    regime: RegimeName,
    *,
    angular_resolution_arcsec: float = SBV_ARCSEC,
    range_km: float | None = None,
    unmodelled_nm_s2: float | None = None,
    custody_age_h: float = CUSTODY_AGE_H,
) -> Uncertainty:
    """The uncertainty of objects of a regime whose orbits are kept up by observations.

    1. Measurement sigma is angular resolution times range.
    2. Growth is in proportion to the unmodelled acceleration; neither resolution nor revisit time
       matter to it by more than a third.
    3. Custody lasts ``custody_age_h`` from an observation of an object that was lost.

    Args:
        regime: where the objects fly.
        angular_resolution_arcsec: sigma of one measured direction.
        range_km: typical range; by default the regime's.
        unmodelled_nm_s2: sigma of the unmodelled acceleration; by default the regime's. Debris of
            1 m²/kg: about 1,200. Unknown electric propulsion: 10,000 to 100,000.
        custody_age_h: how long custody lasts.
    """
    known = CALIBRATIONS[regime]
    distance_km = known.range_km if range_km is None else range_km
    force = 1.0 if unmodelled_nm_s2 is None else unmodelled_nm_s2 / known.unmodelled_nm_s2
    measurement_km = angular_resolution_arcsec * ARCSEC * distance_km
    growth_km_h = known.growth_km_h * force
    return Uncertainty(
        custody_sigma_km=measurement_km + growth_km_h * custody_age_h,
        growth_km_h=growth_km_h,
        measurement_sigma_km=measurement_km,
    )
