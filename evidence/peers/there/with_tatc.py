"""TAT-C: ``collect_space_observations`` of range and line of sight between satellites."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tatc.analysis import collect_space_observations
from tatc.schemas import GeneralPerturbationsOrbit, Satellite
from tatc.schemas.orbit.gp_elements import GeneralPerturbationsElements

PACKAGES = ("tatc", "skyfield", "sgp4", "numpy", "numba")


def satellite(fields: dict[str, Any]) -> Satellite:
    """A satellite from the fields of an OMM."""
    elements = GeneralPerturbationsElements(
        epoch=datetime.fromisoformat(fields["EPOCH"] + "+00:00"),
        mean_motion=fields["MEAN_MOTION"] * 360.0 / 86400.0,
        eccentricity=fields["ECCENTRICITY"],
        inclination=fields["INCLINATION"],
        ra_of_asc_node=fields["RA_OF_ASC_NODE"],
        arg_of_pericenter=fields["ARG_OF_PERICENTER"],
        mean_anomaly=fields["MEAN_ANOMALY"],
        bstar=fields["BSTAR"],
    )
    return Satellite(
        name=fields["OBJECT_NAME"], orbit=GeneralPerturbationsOrbit(elements=[elements])
    )


def sight(task: dict[str, Any]) -> tuple[Any, Any]:
    """Satellites outside the measurement."""
    satellites = [satellite(one) for one in task["elements"]]
    sensors, targets = satellites[: task["sensors"]], satellites[task["sensors"] :]
    start = datetime.fromisoformat(task["start"])
    end = start + timedelta(hours=task["hours"])

    def run() -> tuple[Any, int]:
        found = collect_space_observations(
            sensors,
            start,
            end,
            targets,
            max_range=1e3 * task["largest_range_km"],
            min_grazing_altitude=1e3 * task["air_km"],
            min_duration=timedelta(seconds=2.0 * task["sample_s"]),  # it samples at half of it
        )
        return found, len(sensors) * len(targets)

    def told(found: Any) -> Any:
        return [
            [
                one.from_satellite,
                one.to_satellite,
                *((edge - start).total_seconds() for edge in (one.start, one.end)),
            ]
            for one in found.itertuples()
        ]

    return run, told


WORKS = {"sight": sight}
