"""The tables of ``docs/uncertainty.md``, each measured anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import get_args

from evidence.uncertainty.growth import (
    grow,
    grow_after_impulse,
    grow_after_recovery,
    scalar_sigma_km,
)
from evidence.uncertainty.reference import REGIME_ORBITS, Tracking
from ssa_psro.geometry.manoeuvres import DRIFT_KM_H_PER_M_S, processes
from ssa_psro.report.markdown import markdown
from ssa_psro.scenario import load_scenario
from ssa_psro.scenario.calibration import CALIBRATIONS, Uncertainty, calibrated
from ssa_psro.scenario.schema import GeneratedCatalog, ManoeuvreKind, RegimeName

SHIPPED = Path("scenarios/contested-72h.toml")
SHOWN_H = (0, 1, 6, 12, 24)
IMPULSES_M_S = (0.05, 0.5)
RECOVERED_M_S = 0.5
LATE_H = (0.5, 2.0, 6.0, 12.0)
FIRST_DWELLS = (1, 2, 3, 4, 5, 6)
ALTITUDES_KM = (400.0, 500.0, 600.0, 700.0, 800.0, 1000.0)


def calibration_tracking(regime: RegimeName) -> Tracking:
    """How objects of a regime are tracked in the conditions of their calibration."""
    return Tracking(regime, CALIBRATIONS[regime].unmodelled_nm_s2)


def growth() -> str:
    """Sigma of the reference against age, its line, and the scalar model's ratio to it."""
    ages = [f"{age} h" for age in SHOWN_H]
    rows = [["", *(f"sigma at {age} [km]" for age in ages), "slope [km/h]", "rms off the line"]]
    rows[0] += ["range [km]", "scalar / reference"]
    for regime in REGIME_ORBITS:
        found = grow(calibration_tracking(regime))
        ratio = scalar_sigma_km(calibrated(regime)) / found.sigma_km
        rows.append(
            [
                regime,
                *(f"{found.sigma_km[age]:.3f}" for age in SHOWN_H),
                f"{found.rate_km_h:.4f}",
                f"{found.residual_km:.3f} km",
                f"{found.range_km:,.0f}",
                _span(ratio),
            ]
        )
    return markdown(rows)


def recommended(shipped: Path = SHIPPED) -> str:
    """The calibrated keys of each regime beside those of the reference game."""
    catalog = load_scenario(shipped).catalog
    assert isinstance(catalog, GeneratedCatalog)
    rows = [["", "key", "calibrated", "contested-72h", "shipped / calibrated"]]
    for regime in catalog.regimes:
        values = calibrated(regime.regime)
        for key in Uncertainty._fields:
            known, stated = getattr(values, key), getattr(regime, key)
            cells = [f"{known:.3g}", f"{stated:g}", f"{stated / known:.2g}"]
            rows.append([regime.regime, f"`{key}`", *cells])
    return markdown(rows)


def impulses() -> str:
    """Ratio of the scalar model to the reference after an unseen manoeuvre."""
    header = [f"{size:g} m/s: {what}" for size in IMPULSES_M_S for what in ("6 h", "24 h", "ratio")]
    rows = [["", *header]]
    for regime in REGIME_ORBITS:
        cells: list[str] = [regime]
        for size in IMPULSES_M_S:
            found = grow_after_impulse(calibration_tracking(regime), size).sigma_km
            scalar = scalar_sigma_km(calibrated(regime), delta_v_m_s=size)
            cells += [f"{found[6]:.2f} km", f"{found[24]:.1f} km", _span((scalar / found)[1:])]
        rows.append(cells)
    return markdown(rows)


def recoveries() -> str:
    """Growth after the first observation that follows an unseen manoeuvre."""
    rows = [["", "never manoeuvred", *(f"seen after {late:g} h" for late in LATE_H)]]
    for regime in REGIME_ORBITS:
        base = calibration_tracking(regime)
        rates = [grow_after_recovery(base, RECOVERED_M_S, late).rate_km_h for late in LATE_H]
        rows.append([regime, *(f"{rate:.3g}" for rate in (grow(base).rate_km_h, *rates))])
    return markdown(rows)


def discoveries() -> str:
    """Growth after the first few dwells on an object that was unknown before."""
    rows = [["", *(f"{count}" for count in FIRST_DWELLS)]]
    for regime in REGIME_ORBITS:
        base = calibration_tracking(regime)
        found = [grow(replace(base, dwells=count)).rate_km_h for count in FIRST_DWELLS]
        rows.append([regime, *(f"{rate:.2g}" for rate in found)])
    return markdown(rows)


def sensitivity() -> str:
    """Growth in other conditions than those of the calibration."""
    changes: dict[str, Callable[[Tracking], Tracking]] = {
        "as calibrated": lambda base: base,
        "1 arcsec": lambda base: replace(base, angular_resolution_arcsec=1.0),
        "20 arcsec": lambda base: replace(base, angular_resolution_arcsec=20.0),
        "every 2 h": lambda base: replace(base, revisit_h=2.0),
        "every 24 h": lambda base: replace(base, revisit_h=24.0),
        "acceleration / 10": lambda base: _forced(base, 0.1),
        "acceleration × 10": lambda base: _forced(base, 10.0),
        "acceleration × 100": lambda base: _forced(base, 100.0),
    }
    rows: list[list[str]] = [["", *REGIME_ORBITS]]
    for name, change in changes.items():
        tracks = [change(calibration_tracking(regime)) for regime in REGIME_ORBITS]
        rows.append([name, *(f"{grow(one).rate_km_h:.3g}" for one in tracks)])
    return markdown(rows)


def manoeuvres() -> str:
    """The processes of every class of object."""
    rows = [["class", "process", "mean interval", "window", "probability", "impulse", "drift"]]
    for kind in get_args(ManoeuvreKind):
        for altitude_km in ALTITUDES_KM if kind == "leo-drag-make-up" else (35_786.0,):
            for purpose, one in processes(kind, altitude_km).items():
                place = f" at {altitude_km:g} km" if kind == "leo-drag-make-up" else ""
                rows.append(
                    [
                        f"`{kind}`",
                        f"{purpose}{place}",
                        f"{one.interval_h / 24:.1f} days ± {100 * one.spread:.0f} %",
                        f"{one.window_h:.1f} h",
                        f"{one.probability:g}",
                        f"{one.delta_v_m_s:.3f} m/s",
                        f"{DRIFT_KM_H_PER_M_S * one.delta_v_m_s:.2f} km/h",
                    ]
                )
    return markdown(rows)


TABLES: dict[str, Callable[[], str]] = {
    "growth": growth,
    "recommended": recommended,
    "impulses": impulses,
    "recoveries": recoveries,
    "discoveries": discoveries,
    "sensitivity": sensitivity,
    "manoeuvres": manoeuvres,
}
"""The tables of the page by the name of their mark."""


def _forced(base: Tracking, times: float) -> Tracking:
    return replace(base, unmodelled_nm_s2=times * base.unmodelled_nm_s2)


def _span(ratios: Iterable[float]) -> str:
    """Smallest and largest."""
    values = list(ratios)
    return f"{min(values):.2f} to {max(values):.2f}"
