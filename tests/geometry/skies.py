"""Small scenarios for the tests of geometry, straight from the schema's models."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ssa_psro.scenario.schema import (
    GeneratedCatalog,
    Manoeuvres,
    ManoeuvreWindow,
    OsculatingElements,
    Regime,
    Scenario,
    Sensor,
    Side,
    StatedConstellation,
    Walker,
    Window,
)

EPOCH = datetime(2026, 3, 20, tzinfo=UTC)


def walker(**changes: Any) -> Walker:
    """A small delta pattern: 6 satellites in 3 planes at 800 km."""
    design = {
        "kind": "walker-delta",
        "altitude_km": 800.0,
        "inclination_deg": 65.0,
        "satellites": 6,
        "planes": 3,
        **changes,
    }
    return Walker(**design)


def regime(**changes: Any) -> Regime:
    """Four objects in LEO, two of them contested, with a window every 12 hours."""
    content = {
        "regime": "LEO",
        "count": 4,
        "contested": 2,
        "altitude_km": (900.0, 1600.0),
        "inclination_deg": (45.0, 100.0),
        "manoeuvres": Manoeuvres(interval_h=12.0, window_h=3.0, probability=0.6, delta_v_m_s=0.5),
        **changes,
    }
    return Regime(**content)


def geostationary(**changes: Any) -> Regime:
    """Three uncontested objects in GEO."""
    content = {
        "regime": "GEO",
        "count": 3,
        "contested": 0,
        "altitude_km": (35736.0, 35836.0),
        "inclination_deg": (0.0, 10.0),
        **changes,
    }
    return regime(**content)


def catalog(*regimes: Regime, seed: int = 1, windows: tuple[ManoeuvreWindow, ...] = ()) -> Any:
    """A catalogue of the regimes, by default one of LEO and one of GEO."""
    given = regimes or (regime(), geostationary())
    return GeneratedCatalog(seed=seed, regimes=given, windows=windows)


def window(**changes: Any) -> Window:
    """Six hours to play inside a horizon of one day, at 300 s."""
    return Window(**{"epoch": EPOCH, "duration_h": 6.0, "horizon_days": 1.0, **changes})


def scenario(**changes: Any) -> Scenario:
    """Six satellites against two, so that Red's side is padded."""
    elements = OsculatingElements(semi_major_axis_km=7378.0, inclination_deg=50.0)
    content = {
        "name": "small-sky",
        "window": window(),
        "blue": Side(constellation=walker()),
        "red": Side(
            constellation=StatedConstellation(
                kind="elements",
                satellites=(elements, elements.model_copy(update={"mean_anomaly_deg": 180.0})),
            ),
            sensor=Sensor(limiting_magnitude=12.5),
        ),
        "catalog": catalog(),
        **changes,
    }
    return Scenario(**content)
