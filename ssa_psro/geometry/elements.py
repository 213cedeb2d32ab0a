"""Keplerian elements of several orbits at once, in km and radians."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.scenario import schema


class Elements(NamedTuple):
    """Keplerian elements of ``K`` orbits at the window's epoch.

    Whether they are mean or osculating is said where they are passed.

    Attributes:
        semi_major_axis_km: ``[K]``.
        eccentricity: ``[K]``, in [0, 1).
        inclination_rad: ``[K]``.
        raan_rad: ``[K]`` right ascension of the ascending node.
        argument_of_perigee_rad: ``[K]``.
        mean_anomaly_rad: ``[K]``.
    """

    semi_major_axis_km: NDArray[np.float64]
    eccentricity: NDArray[np.float64]
    inclination_rad: NDArray[np.float64]
    raan_rad: NDArray[np.float64]
    argument_of_perigee_rad: NDArray[np.float64]
    mean_anomaly_rad: NDArray[np.float64]


def as_elements(rows: NDArray[np.float64]) -> Elements:
    """Elements from ``[K, 6]`` rows in the order of the fields."""
    return Elements(*(np.ascontiguousarray(column) for column in rows.T))


def as_rows(elements: Elements) -> NDArray[np.float64]:
    """``[K, 6]`` rows, the inverse of ``as_elements``."""
    return np.column_stack(elements)


def from_schema(satellites: Sequence[schema.Elements]) -> Elements:
    """Elements as a scenario states them, from degrees to radians."""
    rows = [
        (
            one.semi_major_axis_km,
            one.eccentricity,
            *np.radians(
                (
                    one.inclination_deg,
                    one.raan_deg,
                    one.argument_of_perigee_deg,
                    one.mean_anomaly_deg,
                )
            ),
        )
        for one in satellites
    ]
    return as_elements(np.array(rows, dtype=np.float64))
