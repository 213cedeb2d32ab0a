"""Where each constraint on access begins, to the last bit where it can be said exactly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from ssa_psro.geometry.access import REASONS, Vantage, fill_tables, judge, vantage_of
from ssa_psro.geometry.occultation import (
    above_limb_cosine,
    cosine_between,
    limb_cosine,
    off_nadir_cosine,
)
from ssa_psro.geometry.optics import Optics, reflected_flux

SUN = (1.5e8, 0.0, 0.0)
SENSOR = (7000.0, 0.0, 0.0)
NORTH = (0.0, 0.0, 1.0)
SOUTH = (0.0, 0.0, -1.0)


def optics(**changes: Any) -> Optics:
    """Blue's sensors mind nothing, and an object shines enough for any; Red's are blind."""
    free = {
        "sensors": np.array([1, 1]),
        "max_range_km": np.array([1e5, 0.0]),
        "sun_exclusion_cosine": np.array([1.0, -1.0]),
        "moon_exclusion_cosine": np.array([1.0, -1.0]),
        "limb_background": np.array([False, True]),
        "limb_exclusion_cosine": np.array([1.0, 1.0]),
        "brightest_flux": np.array([math.inf, 0.0]),
        "limiting_flux": np.array([1e-30, 1.0]),
        "detection_snr": np.array([6.0, 6.0]),
        "denial_range_km": np.array([1000.0, 0.0]),
        "area_m2": np.array([0.5, 2.0]),
    }
    return Optics(**{**free, **{key: np.array(value) for key, value in changes.items()}})


def reason(
    target: tuple[float, float, float],
    *,
    sun: tuple[float, float, float] = SOUTH,
    moon: tuple[float, float, float] = SOUTH,
    limb: float = math.inf,
    sunlight: float = 1.0,
    **changes: Any,
) -> str:
    """Why Blue's sensor has no access to the first object there; ``sun`` and ``moon`` point."""
    vantage = Vantage(SENSOR, sun, moon, limb)
    code, quality = judge(vantage, target, sunlight, SUN, 0, 0, optics(**changes))
    assert quality > 0 if code == 0 else quality == 0
    return REASONS[code]


def above(range_km: float) -> tuple[float, float, float]:
    """A target so far north of the sensor, in full light and clear of the Earth."""
    return (7000.0, 0.0, range_km)


def test_reasons_in_the_order_in_which_they_are_checked() -> None:
    assert REASONS == (
        "access",
        "out of range",
        "behind the Earth",
        "in the Earth's shadow",
        "close to the Sun",
        "close to the Moon",
        "against the Earth or close to its limb",
        "too bright",
        "too faint",
        "no such sensor",
    )


def test_ten_metres_and_the_sensors_range_are_within() -> None:
    found = [reason(above(km)) for km in (0.0, 0.00999, 0.01, 1e5, 1e5 + 0.001)]
    assert found == ["out of range", "out of range", "access", "access", "out of range"]


def test_the_first_reason_that_fails_is_the_one() -> None:
    """Everything fails; what comes first is taken away, one after the other."""
    behind, over = (-7000.0, 0.0, 100.0), above(500.0)
    worst = {
        "sunlight": 0.0,
        "sun": NORTH,
        "moon": NORTH,
        "limb": -1.0,
        "sun_exclusion_cosine": [0.5, 0.5],
        "moon_exclusion_cosine": [0.5, 0.5],
        "brightest_flux": [0.0, 0.0],
        "limiting_flux": [1e30, 1e30],
    }
    assert reason(behind, max_range_km=[1.0, 1.0], **worst) == "out of range"
    assert reason(behind, **worst) == "behind the Earth"
    cures = {
        "in the Earth's shadow": {},
        "close to the Sun": {"sunlight": 0.5},
        "close to the Moon": {"sun": SOUTH},
        "against the Earth or close to its limb": {"moon": SOUTH},
        "too bright": {"limb": math.inf},
        "too faint": {"brightest_flux": [math.inf, 0.0]},
        "access": {"limiting_flux": [1e-30, 1.0]},
    }
    for name, cure in cures.items():
        worst |= cure
        assert reason(over, **worst) == name


def test_any_light_at_all_is_no_shadow() -> None:
    assert reason(above(500.0), sunlight=1e-12) == "access"
    assert reason(above(500.0), sunlight=0.0) == "in the Earth's shadow"


@pytest.mark.parametrize("body", ["sun", "moon"])
def test_exclusion_angles_count_from_the_line_of_sight(body: str) -> None:
    # a margin of 90° and a body at exactly 90° from the target: no closer than the margin
    name = {"sun": "close to the Sun", "moon": "close to the Moon"}[body]
    right_angle = {f"{body}_exclusion_cosine": [0.0, 0.0]}
    assert reason(above(500.0), **{body: (0.0, 1.0, 0.0)}, **right_angle) == "access"
    for angle_deg, wanted in ((29.999, name), (30.001, "access")):
        angle = math.radians(angle_deg)
        towards = {body: (0.0, math.sin(angle), math.cos(angle))}
        margin = {f"{body}_exclusion_cosine": [math.cos(math.radians(30.0)), 1.0]}
        assert reason(above(500.0), **towards, **margin) == wanted


def test_the_limb_itself_is_too_close() -> None:
    cosine = off_nadir_cosine(SENSOR, above(500.0))
    assert reason(above(500.0), limb=cosine) == "against the Earth or close to its limb"
    assert reason(above(500.0), limb=math.nextafter(cosine, 2.0)) == "access"


def test_the_margin_from_the_limb_is_still_access() -> None:
    limb = limb_cosine(SENSOR)
    cosine = above_limb_cosine(SENSOR, above(500.0), limb)
    nearer = math.nextafter(cosine, 0.0)
    name = "against the Earth or close to its limb"
    for margin, wanted in ((cosine, "access"), (nearer, name), (1.0, "access")):
        assert reason(above(500.0), limb=limb, limb_exclusion_cosine=[margin, 1.0]) == wanted


def test_the_brightest_flux_is_not_yet_too_bright() -> None:
    phase = math.acos(cosine_between(above(500.0), SUN, SENSOR))
    assert phase == pytest.approx(math.pi / 2.0, abs=1e-5)
    flux = reflected_flux(0.5, 500.0, phase)
    assert reason(above(500.0), brightest_flux=[flux, 0.0]) == "access"
    assert reason(above(500.0), brightest_flux=[math.nextafter(flux, 0.0), 0.0]) == "too bright"
    # half of the light is half of the flux
    assert reason(above(500.0), sunlight=0.5, brightest_flux=[0.5 * flux, 0.0]) == "access"
    assert reason(above(500.0), sunlight=0.5, brightest_flux=[0.499 * flux, 0.0]) == "too bright"


def quality(probability_deviations: float, n: int = 0) -> tuple[int, int]:
    """Reason and byte of a target whose signal lies so many deviations above the threshold."""
    snr, area_m2 = 6.0, (0.5, 2.0)[n]
    flux = reflected_flux(area_m2, 500.0, math.pi / 2.0)
    limiting = flux / (1.0 + probability_deviations / snr)
    vantage = Vantage(SENSOR, SOUTH, SOUTH, math.inf)
    sky = optics(limiting_flux=[limiting, 1.0])
    # the Sun is at a right angle to the line of sight, but for its distance
    return judge(vantage, above(500.0), 1.0, (1e15, 0.0, 0.0), 0, n, sky)


@pytest.mark.parametrize("n", [0, 1])
def test_quality_counts_probability_in_255ths_and_zero_is_too_faint(n: int) -> None:
    # Abramowitz and Stegun, tables 26.1 and 26.5: P(x) of 0.9, 0.99865, 0.97725
    assert quality(1.281551566, n) == (0, round(0.9 * 255))
    assert quality(2.0, n) == (0, round(0.97725 * 255))
    assert quality(0.0, n)[1] in (127, 128)
    # half a 255th is 0.00196, which is P(-2.885)
    assert quality(-2.88, n) == (0, 1)
    assert quality(-2.89, n) == (8, 0)


def test_vantage_points_at_sun_and_moon_and_knows_the_limb() -> None:
    moon = (7000.0, 0.0, 4e5)
    sky = optics(limb_background=[True, False])
    mine, theirs = (vantage_of(SENSOR, SUN, moon, side, sky) for side in (0, 1))
    assert mine.position == SENSOR
    assert mine.sun == pytest.approx((1.0, 0.0, 0.0))
    assert mine.moon == pytest.approx((0.0, 0.0, 1.0))
    assert mine.limb_cosine == limb_cosine(SENSOR)
    assert theirs.limb_cosine == math.inf


def denied(opponent: tuple[float, float, float]) -> bool:
    """Whether Blue's sensor, which reaches 1,000 km, denies an opponent that reaches nothing."""
    position_km = np.array([[SENSOR, opponent, SENSOR]], dtype=np.float32)
    tables = np.zeros((1, 2, 1, 1), np.uint8), np.zeros((1, 2, 1, 1), np.uint8)
    fill_tables(position_km, np.array([SUN]), np.array([[0.0, 0.0, 4e5]]), optics(), *tables)
    assert tables[1][0, 1, 0, 0] == 0
    return bool(tables[1][0, 0, 0, 0])


def test_denial_reaches_from_ten_metres_to_its_range() -> None:
    heights_km = (0.0, 0.009, 0.011, 1000.0, 1000.1)
    assert [denied(above(km)) for km in heights_km] == [False, False, True, True, False]


def test_denial_needs_a_clear_line() -> None:
    low = (6400.0, 0.0, 0.0)
    assert not denied(low), "inside the air"
