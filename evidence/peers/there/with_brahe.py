"""brahe: windows of ground sites, and positions of a catalogue by SGP4."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import brahe
import numpy as np

PACKAGES = ("brahe", "numpy")


def epoch(text: str) -> Any:
    """An instant of UTC."""
    at = datetime.fromisoformat(text)
    second = at.second + at.microsecond / 1e6
    clock = (at.year, at.month, at.day, at.hour, at.minute, second, 0.0)
    return brahe.Epoch.from_datetime(*clock, brahe.TimeSystem.UTC)


def propagator(fields: dict[str, Any]) -> Any:
    """SGP4 for one OMM."""
    return brahe.SGPPropagator.from_omm_elements(
        epoch=epoch(fields["EPOCH"]),
        mean_motion=fields["MEAN_MOTION"],
        eccentricity=fields["ECCENTRICITY"],
        inclination=fields["INCLINATION"],
        raan=fields["RA_OF_ASC_NODE"],
        arg_of_pericenter=fields["ARG_OF_PERICENTER"],
        mean_anomaly=fields["MEAN_ANOMALY"],
        norad_id=int(fields["NORAD_CAT_ID"]),
        bstar=fields["BSTAR"],
        object_name=fields["OBJECT_NAME"],
    )


def sites(task: dict[str, Any]) -> tuple[Any, Any]:
    """Sites and propagators outside the measurement; UT1 = UTC and no polar motion, as ours."""
    brahe.set_global_eop_provider_from_static_provider(brahe.StaticEOPProvider.from_zero())
    brahe.set_num_threads(1)
    satellites = [propagator(one) for one in task["elements"]]
    places = [
        brahe.PointLocation(one["longitude_deg"], one["latitude_deg"], 0.0).with_name(one["name"])
        for one in task["sites"]
    ]
    start = epoch(task["start"])
    end = start + 3600.0 * task["hours"]
    config = brahe.AccessSearchConfig(
        initial_time_step=task["sample_s"], parallel=False, time_tolerance=task["tolerance_s"]
    )
    constraint = brahe.ElevationConstraint(task["elevation_deg"])

    def run() -> tuple[Any, int]:
        found = brahe.location_accesses(places, satellites, start, end, constraint, config=config)
        return found, len(places) * len(satellites)

    def told(found: Any) -> Any:
        return [
            [
                one.location_name,
                one.satellite_name,
                one.window_open - start,
                one.window_close - start,
            ]
            for one in found
        ]

    return run, told


def states(task: dict[str, Any]) -> tuple[Any, Any]:
    """Propagators and epochs outside the measurement, which makes positions in TEME or GCRF."""
    brahe.set_global_eop_provider_from_static_provider(brahe.StaticEOPProvider.from_zero())
    brahe.set_num_threads(1)
    satellites = [propagator(one) for one in task["elements"]]
    start = epoch(task["start"])
    epochs = [start + second for second in task["times_s"]]
    name = {"TEME": "states", "GCRS": "states_gcrf"}[task["frame"]]

    def run() -> tuple[Any, int]:
        found = [np.asarray(getattr(one, name)(epochs)) for one in satellites]
        return found, len(epochs) * len(satellites)

    def told(found: Any) -> Any:
        return [(one[:: task["every"], :3] / 1e3).tolist() for one in found]

    return run, told


WORKS = {"sites": sites, "states": states}
