"""Draws and geometry on file; ``docs/reproducibility.md`` says what may differ, and where."""

from __future__ import annotations

import json

import numpy as np
import pytest
from geometry.golden_geometry import PATH, found

DRAWN = 1e-12
"""Of draws: the last bit of a logarithm or a sine of another mathematics library."""
POSITION_KM = 0.002
"""Single precision is 0.001 km near 10,000 km; one rounding to either side."""
QUALITY = 1
"""Steps of 1/255."""


def test_draws_and_geometry_are_those_on_file() -> None:
    kept, now = json.loads(PATH.read_text("utf-8")), found()
    assert now["exact"] == kept["exact"]
    for name, numbers in kept["drawn"].items():
        assert now["drawn"][name] == pytest.approx(numbers, rel=DRAWN), (
            f"{name}: numpy may change the streams of its generators from one version to the next "
            "(NEP 19); if it has, scenarios draw other catalogues, which is a change of the rules"
        )
    np.testing.assert_allclose(now["position_km"], kept["position_km"], rtol=0, atol=POSITION_KM)
    np.testing.assert_allclose(now["quality"], kept["quality"], rtol=0, atol=QUALITY)
    np.testing.assert_allclose(now["access"], kept["access"], rtol=0, atol=1)
