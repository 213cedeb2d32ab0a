"""What TAT-C says: intervals of ``collect_space_observations`` between the same satellites.

TAT-C 3.6 checks the slant range and the height of the line of sight above the WGS 84 ellipsoid,
and neither sunlight nor instruments.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tatc.analysis import collect_space_observations
from tatc.schemas import GeneralPerturbationsOrbit, Satellite
from tatc.schemas.orbit.gp_elements import GeneralPerturbationsElements

from evidence.validation.setting import AIR_KM, HOURS, LARGEST_RANGE_KM, SAMPLE_S, SENSORS, START
from evidence.validation.stored import DEFAULT_FOLDER, ELEMENTS_FILE, write_rows


def satellite(fields: dict[str, Any]) -> Satellite:
    """A satellite from the fields of an OMM."""
    elements = GeneralPerturbationsElements(
        epoch=datetime.fromisoformat(fields["EPOCH"]).replace(tzinfo=UTC),
        mean_motion=fields["MEAN_MOTION"] * 360.0 / 86400.0,
        eccentricity=fields["ECCENTRICITY"],
        inclination=fields["INCLINATION"],
        ra_of_asc_node=fields["RA_OF_ASC_NODE"],
        arg_of_pericenter=fields["ARG_OF_PERICENTER"],
        mean_anomaly=fields["MEAN_ANOMALY"],
        bstar=fields["BSTAR"],
    )
    orbit = GeneralPerturbationsOrbit(elements=[elements])
    return Satellite(name=fields["OBJECT_NAME"], orbit=orbit)


def observations(satellites: Sequence[Satellite]) -> Any:
    """TAT-C's table of the intervals between sensors and targets."""
    return collect_space_observations(
        list(satellites[:SENSORS]),
        START,
        START + timedelta(hours=HOURS),
        list(satellites[SENSORS:]),
        max_range=LARGEST_RANGE_KM * 1000.0,
        min_grazing_altitude=AIR_KM * 1000.0,
        min_duration=timedelta(seconds=2.0 * SAMPLE_S),  # it samples at half of it
    )


def rows(found: Any) -> list[tuple[str, ...]]:
    """Sensor, target, start and end in s after ``START``."""
    return [
        (
            one.from_satellite,
            one.to_satellite,
            *(f"{(edge - START).total_seconds():.3f}" for edge in (one.start, one.end)),
        )
        for one in found.sort_values(["from_satellite", "to_satellite", "start"]).itertuples()
    ]


def main() -> None:
    """Write the reference file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    folder = parser.parse_args().folder
    fields = json.loads((folder / ELEMENTS_FILE).read_text())
    found = observations([satellite(one) for one in fields])
    header = ("sensor", "target", "start_s", "end_s")
    packages = ("tatc", "skyfield", "sgp4", "numpy")
    write_rows(folder / "access_tatc.csv", header, rows(found), packages)


if __name__ == "__main__":
    main()
