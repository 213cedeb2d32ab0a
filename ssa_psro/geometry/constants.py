"""Physical constants, in kilometres and seconds.

The Earth's gravity is that of ``boinor.bodies.Earth``, so that the propagation here and Cowell's
method there solve the same problem. A test compares them; they are repeated because importing
boinor takes a second.
"""

from __future__ import annotations

from ssa_psro.scenario import fields

EARTH_MU_KM3_S2 = fields.EARTH_MU_KM3_S2
EARTH_RADIUS_KM = fields.EARTH_RADIUS_KM
EARTH_POLAR_RADIUS_KM = 6356.752
"""WGS 84, as the equatorial radius."""
EARTH_J2 = 0.00108263
"""Second zonal harmonic (EGM96)."""
SUN_RADIUS_KM = 695_700.0
"""Nominal solar radius (IAU 2015 resolution B3)."""
ATMOSPHERE_KM = 100.0
"""Height of the air that spoils an optical line of sight."""
HORIZON_RADIUS_KM: float = EARTH_RADIUS_KM + ATMOSPHERE_KM
"""Equatorial radius of the ellipsoid that blocks optical lines of sight."""
EARTH_STRETCH = EARTH_RADIUS_KM / EARTH_POLAR_RADIUS_KM
"""What turns the Earth into a sphere when all polar coordinates are multiplied by it. Straight
lines stay straight, so that what holds of the sphere then holds of the flattened Earth."""
HORIZON_STRETCH: float = HORIZON_RADIUS_KM / (EARTH_POLAR_RADIUS_KM + ATMOSPHERE_KM)
"""What turns the ellipsoid of the air, which blocks lines of sight, into a sphere."""
