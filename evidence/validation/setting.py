"""The access comparison's setting: 12 sensors in LEO, 20 targets in all regimes, one day.

The element sets are the project's own design (``tests/reference/data``), the constraints those of
a sensor of the package without a magnitude limit.
"""

from __future__ import annotations

from datetime import UTC, datetime

START = datetime(2026, 3, 20, tzinfo=UTC)
"""The equinox: geostationary targets pass through the Earth's shadow."""
HOURS = 24.0
SENSORS = 12
"""The first element sets of the file are the sensors, the others the targets."""
SAMPLE_S = 30.0
"""Step of the first search in all three programs; shorter intervals may be missed by any."""
LARGEST_RANGE_KM = 45_000.0
AIR_KM = 100.0
SUN_EXCLUSION_DEG = 30.0
MOON_EXCLUSION_DEG = 10.0
LIMB_EXCLUSION_DEG = 20.0
"""Of the second comparison; the first has none."""
