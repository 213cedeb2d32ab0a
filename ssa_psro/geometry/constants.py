"""Physical constants, in kilometres and seconds.

The Earth's three are those of ``boinor.bodies.Earth`` (IAU 2015 and Archinal et al. 2018; J2 of
EGM96), so that the propagation here and Cowell's method there solve the same problem. A test
compares them; they are repeated because importing boinor takes a second.
"""

from __future__ import annotations

EARTH_MU_KM3_S2 = 398600.4418
EARTH_RADIUS_KM = 6378.1366
EARTH_J2 = 0.00108263
SUN_RADIUS_KM = 695_700.0
ATMOSPHERE_KM = 100.0
"""Height of the air that spoils an optical line of sight."""
HORIZON_RADIUS_KM = EARTH_RADIUS_KM + ATMOSPHERE_KM
"""Radius of the sphere that blocks optical lines of sight."""
