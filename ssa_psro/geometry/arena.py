"""What geometry hands to the game: the objects, the forecast windows and the tables.

Everything here is plain numpy. Axis letters: T horizon steps, S sensors a side (the larger side's
number; surplus rows of the smaller side have no access), N objects, W windows an object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.scenario.schema import Scenario


@dataclass(frozen=True)
class Objects:
    """The resident space objects of a scenario, one row each.

    Attributes:
        names: ``N`` unique names.
        regime: ``[N]`` int8 index into ``scenario.schema.REGIMES``.
        contested: ``[N]`` bool.
        weight: ``[N]`` value of the object in the score.
        radius_m: ``[N]`` radius of the equivalent diffuse sphere.
        albedo: ``[N]``.
        custody_sigma_km: ``[N]`` RMS position error up to which the object is in custody.
        growth_km_h: ``[N]`` RMS position error of an orbit a day after it was known perfectly,
            over the 24 h of that day.
        measurement_sigma_km: ``[N]`` sigma of one look across its line of sight; 0 where it is the
            sensor's angular error times the range.
        brightness_scatter_mag: ``[N]`` sigma of the magnitude from episode to episode.
        mean_motion_rad_h: ``[N]``.
    """

    names: tuple[str, ...]
    regime: NDArray[np.int8]
    contested: NDArray[np.bool_]
    weight: NDArray[np.float64]
    radius_m: NDArray[np.float64]
    albedo: NDArray[np.float64]
    custody_sigma_km: NDArray[np.float64]
    growth_km_h: NDArray[np.float64]
    measurement_sigma_km: NDArray[np.float64]
    brightness_scatter_mag: NDArray[np.float64]
    mean_motion_rad_h: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class ManoeuvreWindows:
    """When objects may manoeuvre, in order of their starts, padded with probability 0.

    A manoeuvre happens with ``probability`` at a uniformly drawn step of [start, end). Both sides
    know the announced windows; of the others only that they are there, one a day.

    Attributes:
        start_step: ``[N, W]`` int32 horizon step; padding holds a step after the horizon.
        end_step: ``[N, W]`` int32, exclusive.
        probability: ``[N, W]``.
        delta_v_km_h: ``[N, W]`` root mean square of the along-track impulse.
        announced: ``[N, W]`` bool.
    """

    start_step: NDArray[np.int32]
    end_step: NDArray[np.int32]
    probability: NDArray[np.float64]
    delta_v_km_h: NDArray[np.float64]
    announced: NDArray[np.bool_]


class AccessTables(NamedTuple):
    """All geometry of the horizon.

    Attributes:
        quality: ``[T, 2, S, N]`` uint8, detection probability times 255; 0 is no access.
        denial: ``[T, 2, S, S]`` uint8, 1 where a side's sensor can deny an opposing one
            (line of sight and range).
        position_km: ``[T, 2 * S + N, 3]`` float32, GCRS: Blue's sensors, Red's, objects.
            Surplus rows of the smaller side repeat its first sensor.
    """

    quality: NDArray[np.uint8]
    denial: NDArray[np.uint8]
    position_km: NDArray[np.float32]


@dataclass(frozen=True)
class Arena:
    """One scenario made ready to be played.

    Attributes:
        sensor_count: number of sensors of Blue and of Red.
    """

    scenario: Scenario
    objects: Objects
    windows: ManoeuvreWindows
    tables: AccessTables
    sensor_count: tuple[int, int]
