"""What TAT-C's reduction says of the access intervals of ``reduction``, as a reference file.

``python -m evidence.validation.reduction_with_tatc`` needs TAT-C installed beside the package.
"""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point
from tatc.analysis import aggregate_observations, reduce_observations

from evidence.validation.reduction import REDUCED_FILE, Accesses, accesses
from evidence.validation.setting import START
from evidence.validation.stored import DEFAULT_FOLDER, write_rows


def observations(found: Accesses) -> Any:
    """The intervals as TAT-C's table of observations, of an object in place of a ground point."""
    start, end = (
        [START + timedelta(seconds=one) for one in times.tolist()]
        for times in (found.start_s, found.end_s)
    )
    return gpd.GeoDataFrame(
        {
            "target_hash": [found.objects[number] for number in found.object],
            "geometry": [Point(0.0, 0.0)] * len(start),
            "satellite": [str(number) for number in found.sensor],
            "instrument": "sensor",
            "start": pd.to_datetime(start),
            "end": pd.to_datetime(end),
            "epoch": pd.to_datetime([a + (b - a) / 2 for a, b in zip(start, end, strict=True)]),
        },
        crs="EPSG:4326",
    )


def rows(found: Accesses) -> list[tuple[object, ...]]:
    """Subject, object, accesses, mean access, mean and longest gap in s; empty without a gap."""
    aggregated = aggregate_observations(observations(found))
    longest = aggregated.groupby("target_hash")["revisit"].max()
    return [
        (
            found.subject,
            one.target_hash,
            one.samples,
            f"{one.access.total_seconds():.6f}",
            *(
                "" if pd.isna(gap) else f"{gap.total_seconds():.6f}"
                for gap in (one.revisit, longest[one.target_hash])
            ),
        )
        for one in reduce_observations(aggregated).itertuples()
    ]


def main() -> None:
    """Write the reference file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    folder = parser.parse_args().folder
    header = ("subject", "object", "accesses", "access_s", "revisit_s", "longest_s")
    found = [row for one in accesses(folder) for row in rows(one)]
    write_rows(folder / REDUCED_FILE, header, found, ("tatc", "geopandas", "pandas", "numpy"))


if __name__ == "__main__":
    main()
