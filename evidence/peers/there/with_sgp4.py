"""sgp4: positions of a catalogue in TEME by its compiled ``SatrecArray``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from sgp4 import omm
from sgp4.api import Satrec, SatrecArray, jday

PACKAGES = ("sgp4", "numpy")


def satrec(fields: dict[str, Any]) -> Satrec:
    """SGP4's record of one OMM."""
    record = Satrec()
    omm.initialize(record, fields)
    return record


def states(task: dict[str, Any]) -> tuple[Any, Any]:
    """Records and Julian dates outside the measurement."""
    satellites = SatrecArray([satrec(one) for one in task["elements"]])
    at = datetime.fromisoformat(task["start"])
    day, fraction = jday(at.year, at.month, at.day, at.hour, at.minute, at.second)
    times_s = np.array(task["times_s"])
    days, fractions = np.full(len(times_s), day), fraction + times_s / 86400.0

    def run() -> tuple[Any, int]:
        _, positions_km, _ = satellites.sgp4(days, fractions)
        return positions_km, positions_km.shape[0] * positions_km.shape[1]

    def told(positions_km: Any) -> Any:
        return positions_km[:, :: task["every"]].tolist()

    return run, told


WORKS = {"states": states}
