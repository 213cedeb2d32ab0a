"""Small files of element sets, and scenarios that name them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ssa_psro.catalogs import ElementSet
from ssa_psro.catalogs.omm_writing import write_catalog

EPOCH = datetime(2026, 3, 20, 6, tzinfo=UTC)
"""Of the element sets: six hours into the window of ``SCENARIO``."""

SCENARIO = """\
name = "from-files"
seed = 5

[window]
epoch = 2026-03-20T00:00:00Z
duration_h = 6
step_s = 600
horizon_days = 1.0

[blue.constellation]
kind = "walker-delta"
altitude_km = 800.0
inclination_deg = 60.0
satellites = 2
planes = 2

[red.constellation]
kind = "walker-delta"
altitude_km = 800.0
inclination_deg = 60.0
satellites = 2
planes = 2
raan_deg = 90.0

[catalog]
kind = "file"
path = "sky.json"

[rules]
contest_period_h = 3.0

[populations]
blue = ["aggressive", "reactive"]
red = ["aggressive"]
"""


def low(name: str = "LOW", catalog_id: str = "101", **changes: object) -> ElementSet:
    """An object in LEO."""
    return _element_set(name, catalog_id, 14.2, 0.001, 98.0, changes)


def high(name: str = "HIGH", catalog_id: str = "201", **changes: object) -> ElementSet:
    """An object in GEO."""
    return _element_set(name, catalog_id, 1.0027, 0.0002, 3.0, changes)


def eccentric(name: str = "LONG", catalog_id: str = "301", **changes: object) -> ElementSet:
    """An object on an orbit of twelve hours that reaches from LEO to GEO."""
    return _element_set(name, catalog_id, 2.0, 0.7, 63.4, changes)


def decaying(name: str = "DOOMED", catalog_id: str = "401") -> ElementSet:
    """An object that SGP4 can place at its epoch, and no longer some hours later."""
    return low(name, catalog_id, mean_motion_rev_day=16.3, bstar=0.02)


def _element_set(
    name: str,
    catalog_id: str,
    mean_motion_rev_day: float,
    eccentricity: float,
    inclination_deg: float,
    changes: dict[str, object],
) -> ElementSet:
    values: dict[str, object] = {
        "name": name,
        "catalog_id": catalog_id,
        "designator": "",
        "epoch": EPOCH,
        "mean_motion_rev_day": mean_motion_rev_day,
        "eccentricity": eccentricity,
        "inclination_deg": inclination_deg,
        "raan_deg": 10.0,
        "argument_of_perigee_deg": 20.0,
        "mean_anomaly_deg": 30.0,
        "bstar": 1e-4,
        **changes,
    }
    return ElementSet(**values)  # type: ignore[arg-type]


def several() -> list[ElementSet]:
    """Six objects in LEO, three in GEO and one between, apart from each other."""
    spread = [{"raan_deg": 50.0 * k, "mean_anomaly_deg": 35.0 * k} for k in range(6)]
    return [
        *(low(f"LOW {k}", f"{101 + k}", **spread[k]) for k in range(6)),
        *(high(f"HIGH {k}", f"{201 + k}", **spread[k]) for k in range(3)),
        eccentric(),
    ]


def write_sky(
    folder: Path,
    element_sets: Sequence[ElementSet] | None = None,
    *,
    scenario: str = SCENARIO,
    name: str = "sky.json",
) -> Path:
    """Write element sets, and a scenario beside them; the path of the scenario."""
    write_catalog(folder / name, several() if element_sets is None else element_sets, created=EPOCH)
    path = folder / "scenario.toml"
    path.write_text(scenario, "utf-8")
    return path
