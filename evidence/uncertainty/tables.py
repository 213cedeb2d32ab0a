"""The tables of ``docs/uncertainty.md``, each measured anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np

from evidence.uncertainty.closed_forms import differences
from evidence.uncertainty.looks import REGIME_ORBITS
from evidence.uncertainty.manoeuvres import KM_H, recognised, recovery
from evidence.uncertainty.nonlinear import ORBITS, Orbit, rms_by_cloud, rms_by_game
from evidence.uncertainty.tracking import (
    SHIFTED_KM_H,
    Tracking,
    calibration_tracking,
    compared,
    kernel_steps,
    lost,
    rms_km,
    tracked,
)
from evidence.validation.stored import DEFAULT_FOLDER, column, read_rows
from ssa_psro.arrays import Floats
from ssa_psro.game.motion import noise_variance
from ssa_psro.geometry.manoeuvres import processes
from ssa_psro.report.markdown import markdown
from ssa_psro.scenario import load_scenario
from ssa_psro.scenario.schema import GeneratedCatalog, ManoeuvreKind, RegimeName
from ssa_psro.scenario.standards import CALIBRATIONS, CUSTODY_AGE_H

SHIPPED = Path("scenarios/contested-72h.toml")
STONE_SOUP = "covariance_stonesoup.csv"
CIRCULAR: tuple[RegimeName, ...] = ("LEO", "MEO", "GEO")
AGES_H = (0.0, 6.0, 12.0, 24.0)
DAY_H = 24.0
DRIFT = 3.0
"""An object drifts along its track by so many times its impulse, averaged over revolutions."""
FLOWN_H = (24.0, 72.0)
SHOWN_LOOKS = (1, 2, 3, 4, 6, 12)
WINDOW_H = 24.0
RECOVERED_M_S = (0.02, 0.1, 0.5)
RECOGNISED_M_S = (0.01, 0.05, 0.1, 0.5)
LATE_H = (0.5, 2.0, 6.0, 12.0, 24.0)
ALTITUDES_KM = (400.0, 500.0, 600.0, 700.0, 800.0, 1000.0)


def closed_forms() -> str:
    """The kernel's closed forms against matrix exponentials."""
    found = {one: differences(calibration_tracking(one).motion_rad_h) for one in CIRCULAR}
    rows = [["", *found["LEO"]]]
    rows += [[regime, *(f"{one:.0e}" for one in found[regime].values())] for regime in CIRCULAR]
    return markdown(rows)


def filters(folder: Path = DEFAULT_FOLDER) -> str:
    """RMS position sigma after each look, of the game and of a filter of Stone Soup."""
    rows = [["", "", *(f"look {look}" for look in SHOWN_LOOKS), "largest of 12"]]
    for regime in REGIME_ORBITS:
        own, theirs = beside_stone_soup(regime, folder)
        off = 100.0 * (own / theirs - 1.0)
        shown = [look - 1 for look in SHOWN_LOOKS]
        rows += [
            [regime, "game", *(f"{own[look]:.4f} km" for look in shown), ""],
            ["", "Stone Soup", *(f"{theirs[look]:.4f} km" for look in shown), ""],
            [
                "",
                "",
                *(f"{off[look]:+.1f} %" for look in shown),
                f"{off[np.abs(off).argmax()]:+.1f} %",
            ],
        ]
    return markdown(rows)


def beside_stone_soup(regime: RegimeName, folder: Path = DEFAULT_FOLDER) -> tuple[Floats, Floats]:
    """RMS position sigma [km] after each look: the game's and the filter's."""
    tracking, given = calibration_tracking(regime), compared(calibration_tracking(regime))
    steps = kernel_steps(given.looks, tracking, given.start, given.start_s)
    own = np.sqrt([np.trace(one[:3, :3]) for one in steps])
    rows = [row for row in read_rows(folder / STONE_SOUP) if row["regime"] == regime]
    return own, column(rows, "sigma_km")


def nonlinear() -> str:
    """RMS position errors of clouds of orbits, and of the game."""
    header = [f"{age:g} h: {what}" for age in FLOWN_H for what in ("cloud", "game", "off")]
    rows = [["orbit", "at first", *header]]
    for name, orbit in ORBITS.items():
        for first, covariance, density in starts(name, orbit):
            cloud = rms_by_cloud(orbit, covariance, density, FLOWN_H)
            game = rms_by_game(orbit, covariance, density, FLOWN_H)
            cells = [
                cell
                for one, other in zip(cloud, game, strict=True)
                for cell in (_km(one), _km(other), f"{100.0 * (other / one - 1.0):+.1f} %")
            ]
            rows.append([name, first, *cells])
            name = ""
    return markdown(rows)


def starts(name: str, orbit: Orbit) -> list[tuple[str, Floats, float]]:
    """What is known at first, in words and as a covariance, and the density of the noise."""
    regime: RegimeName = next((one for one in CIRCULAR if name.startswith(one)), "HEO")
    tracking = calibration_tracking(regime)
    density = tracking.density_km2_h3
    pushed = np.zeros((6, 6))
    pushed[4, 4] = SHIFTED_KM_H**2
    found = [("the orbit", np.zeros((6, 6)), density), ("all but 0.1 m/s", pushed, density)]
    if regime == "HEO":
        return found
    covariances, _ = tracked(tracking, 9)
    middle = np.argsort(rms_km(covariances, tracking, CUSTODY_AGE_H))[4]
    found.insert(1, ("as tracked", covariances[middle], density))
    return [*found, ("5 km, 5 m/s an axis", lost(), density)]


def calibration() -> str:
    """What follows from the unmodelled acceleration and from tracking."""
    ages = [f"{age:g} h after a look [km]" for age in AGES_H]
    rows = [["", "growth [km/h]", *ages, "range [km]"]]
    for regime in REGIME_ORBITS:
        tracking = calibration_tracking(regime)
        covariances, ranges_km = tracked(tracking)
        rows.append(
            [
                regime,
                f"{growth_km_h(tracking):.4f}",
                *(f"{np.median(rms_km(covariances, tracking, age)):.3f}" for age in AGES_H),
                f"{np.median(ranges_km):,.0f}",
            ]
        )
    return markdown(rows)


def growth_km_h(tracking: Tracking) -> float:
    """RMS position error after a day of a perfectly known orbit, divided by the day."""
    variance = tracking.density_km2_h3 * noise_variance(tracking.motion_rad_h, DAY_H)
    return float(np.sqrt(variance)) / DAY_H


def sensitivity() -> str:
    """RMS position error at the age of custody in other conditions than the calibration's."""
    changes: dict[str, Callable[[Tracking], Tracking]] = {
        "as calibrated": lambda base: base,
        "1 arcsec": lambda base: replace(base, angular_sigma_arcsec=1.0),
        "20 arcsec": lambda base: replace(base, angular_sigma_arcsec=20.0),
        "every 2 h": lambda base: replace(base, revisit_h=2.0),
        "every 24 h": lambda base: replace(base, revisit_h=24.0),
        "acceleration / 10": lambda base: _forced(base, 0.1),
        "acceleration × 10": lambda base: _forced(base, 10.0),
        "acceleration × 100": lambda base: _forced(base, 100.0),
    }
    rows: list[list[str]] = [["", *CIRCULAR]]
    for name, change in changes.items():
        conditions = [change(calibration_tracking(regime)) for regime in CIRCULAR]
        rows.append([name, *(f"{custody_km(one):.3g}" for one in conditions)])
    return markdown(rows)


def custody_km(tracking: Tracking) -> float:
    """Median RMS position error [km] of tracked objects at the age of custody."""
    return float(np.median(rms_km(tracked(tracking)[0], tracking, CUSTODY_AGE_H)))


def recommended(shipped: Path = SHIPPED) -> str:
    """The calibrated keys of each regime beside those of the abstract game."""
    catalog = load_scenario(shipped).catalog
    assert isinstance(catalog, GeneratedCatalog)
    rows = [["", "key", "calibrated", "contested-72h", "contested-72h / calibrated"]]
    for regime in catalog.regimes:
        for key in ("custody_sigma_km", "growth_km_h"):
            known, stated = getattr(CALIBRATIONS[regime.regime], key), getattr(regime, key)
            cells = [f"{known:.3g}", f"{stated:g}", f"{stated / known:.2g}"]
            rows.append([regime.regime, f"`{key}`", *cells])
    return markdown(rows)


def recoveries() -> str:
    """RMS position errors before and after the looks that follow an unseen manoeuvre."""
    rows = [["", "impulse", "before", "1 look", "2 looks", "3 looks", "4 looks"]]
    for regime in REGIME_ORBITS:
        for size in (0.0, *RECOVERED_M_S):
            found = recovery(calibration_tracking(regime), size, WINDOW_H, WINDOW_H)
            rows.append([regime, f"{size:g} m/s" if size else "none", *map(_km, found)])
    return markdown(rows)


def recognitions() -> str:
    """Share of looks after a manoeuvre whose residual stands out."""
    rows = [["", "impulse", *(f"after {late:g} h" for late in LATE_H)]]
    for regime in CIRCULAR:
        for size in RECOGNISED_M_S:
            shares = [recognised(calibration_tracking(regime), size, late) for late in LATE_H]
            rows.append([regime, f"{size:g} m/s", *(f"{100.0 * one:.0f} %" for one in shares)])
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
                        f"{DRIFT * KM_H * one.delta_v_m_s:.2f} km/h",
                    ]
                )
    return markdown(rows)


TABLES: dict[str, Callable[[], str]] = {
    "closed-forms": closed_forms,
    "nonlinear": nonlinear,
    "filters": filters,
    "calibration": calibration,
    "sensitivity": sensitivity,
    "recommended": recommended,
    "recoveries": recoveries,
    "recognitions": recognitions,
    "manoeuvres": manoeuvres,
}
"""The tables of the page by the name of their mark."""


def _forced(base: Tracking, times: float) -> Tracking:
    return replace(base, unmodelled_nm_s2=times * base.unmodelled_nm_s2)


def _km(value: float) -> str:
    """Three digits."""
    return f"{value:,.0f} km" if value >= 100.0 else f"{value:.3g} km"
