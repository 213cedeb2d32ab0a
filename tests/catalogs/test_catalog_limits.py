"""Limits of what a catalogue may say, just within and just beyond; each stands here as meant."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from element_files import element_sets, omm, read

from ssa_psro.catalogs import CatalogFile, ElementSet, satrec
from ssa_psro.catalogs.checks import check_decay, check_epochs, checked
from ssa_psro.catalogs.particulars import read_attributes, read_forecasts
from ssa_psro.catalogs.records import RecordError
from ssa_psro.catalogs.selection import select
from ssa_psro.errors import CatalogError

ONE = element_sets()[0]
WINDOW = datetime(2026, 3, 20, tzinfo=UTC)
FAR = math.inf


def beyond(value: float, towards: float) -> float:
    """The next number in that direction."""
    return math.nextafter(value, towards)


@pytest.mark.parametrize(
    ("mean_motion", "eccentricity", "regime"),
    [
        (11.25, 0.0, "MEO"),
        (beyond(11.25, FAR), 0.0, "LEO"),
        (1.1, 0.0, "GEO"),
        (beyond(1.1, FAR), 0.0, "MEO"),
        (0.9, 0.0, "GEO"),
        (beyond(0.9, 0.0), 0.0, "HEO"),
        (15.0, 0.25, "HEO"),
        (15.0, beyond(0.25, 0.0), "LEO"),
    ],
)
def test_regimes_begin_where_they_say(mean_motion: float, eccentricity: float, regime: str) -> None:
    one = replace(ONE, mean_motion_rev_day=mean_motion, eccentricity=eccentricity)
    assert one.regime == regime


@pytest.mark.parametrize(
    ("field", "low", "high"),
    [
        ("mean_motion_rev_day", 0.01, 20.0),
        ("eccentricity", 0.0, 0.999999999),
        ("inclination_deg", 0.0, 180.0),
        ("raan_deg", -360.0, 360.0),
        ("argument_of_perigee_deg", -360.0, 360.0),
        ("mean_anomaly_deg", -360.0, 360.0),
        ("bstar", -10.0, 10.0),
        ("mean_motion_dot", -1000.0, 1000.0),
        ("mean_motion_ddot", -1000.0, 1000.0),
    ],
)
def test_elements_have_ranges_that_include_their_ends(field: str, low: float, high: float) -> None:
    def out_of_range(value: float) -> bool:
        try:
            checked(replace(ONE, **{field: value}))
        except RecordError as error:  # what is in range may yet be no orbit
            return "is outside" in error.problem
        return False

    assert [out_of_range(value) for value in (low, high)] == [False, False]
    assert out_of_range(beyond(low, -FAR))
    assert out_of_range(beyond(high, FAR))
    assert out_of_range(math.nan)


@pytest.mark.parametrize(
    ("year", "sound"), [(1956, False), (1957, True), (2100, True), (2101, False)]
)
def test_epochs_lie_between_sputnik_and_the_end_of_the_century(year: int, sound: bool) -> None:
    one = replace(ONE, epoch=datetime(year, 6, 1, tzinfo=UTC))
    if sound:
        assert checked(one) is one
    else:
        with pytest.raises(RecordError, match="outside 1957 to 2100"):
            checked(one)


def test_a_perigee_below_the_surface_is_decayed() -> None:
    # radii of 6,378.135 km and mu of 398,600.8 km³/s²: axes of the two orbits half a km apart
    for altitude_km, decayed in ((0.5, False), (-0.5, True)):
        rate_rad_s = math.sqrt(398600.8 / (6378.135 + altitude_km) ** 3)
        one = replace(ONE, mean_motion_rev_day=rate_rad_s * 43200.0 / math.pi, eccentricity=0.0)
        assert one.perigee_altitude_km == pytest.approx(altitude_km, abs=1e-6)
        if not decayed:
            assert checked(one) is one
            continue
        with pytest.raises(RecordError, match="decayed: perigee 0 km below the surface"):
            checked(one)


def catalog_of(*element_sets: ElementSet) -> CatalogFile:
    places = tuple(f"line {number}" for number in range(len(element_sets)))
    return CatalogFile(Path("x"), "tle", tuple(element_sets), (), places)


@pytest.mark.parametrize("sign", [-1, 1])
def test_epochs_as_far_as_the_span_are_near_enough(sign: int) -> None:
    at, past = (
        replace(ONE, epoch=WINDOW + sign * timedelta(days=5, microseconds=late)) for late in (0, 1)
    )
    days = timedelta(days=20)
    start, end = (WINDOW, WINDOW + days) if sign < 0 else (WINDOW - days, WINDOW)
    within = replace(ONE, epoch=start + days / 2)
    found = check_epochs(catalog_of(at, within, past), start=start, end=end, span_days=5.0)
    assert found.accepted == (at, within)
    (told,) = found.rejected
    assert told.problem.endswith(f"is 5.0 days {'after' if sign > 0 else 'before'} the window")
    assert select([at, past], epoch=WINDOW, max_age_days=5.0) == (at,)


def test_decay_is_looked_for_every_quarter_of_a_day() -> None:
    falling = replace(ONE, mean_motion_rev_day=16.3, eccentricity=0.001, bstar=0.002, epoch=WINDOW)
    end = WINDOW + timedelta(days=10)
    (told,) = check_decay(catalog_of(falling), start=WINDOW, end=end).rejected
    # of 42 instants over ten days, the first at which it is lower than anything orbits
    days = np.linspace(0.0, 10.0, 42)
    places = [satrec(falling).sgp4_tsince(1440.0 * day)[1] for day in days]
    lost = [bool(np.linalg.norm(place) < 6378.135 + 100.0) for place in places]
    assert not lost[0]
    when = WINDOW + timedelta(days=float(days[lost.index(True)]))
    assert told.problem.endswith(f"{when:%Y-%m-%d %H:%M}")
    assert told.problem.startswith("decayed")


def test_names_and_designators_are_cut_to_what_can_be_printed(tmp_path: Path) -> None:
    long = replace(ONE, name="N" * 81, designator="D" * 21)
    (found,) = read(omm(".csv")([long]), tmp_path).accepted
    assert found.name == "N" * 80
    assert found.designator == "D" * 20


def test_three_known_keys_make_a_line_of_keys(tmp_path: Path) -> None:
    row = "1,2,3,4,5,6,7,8\n"
    filler = ",".join(f"X{number}" for number in range(5))
    with pytest.raises(CatalogError, match="the line of keys lacks"):
        read(f"EPOCH,MEAN_MOTION,ECCENTRICITY,{filler}\n{row}", tmp_path)
    two = read(f"EPOCH,MEAN_MOTION,XX,{filler}\n{row}", tmp_path)
    assert [one.problem for one in two.rejected] == ["stands before the line of keys"] * 2


@pytest.mark.parametrize(
    ("column", "low", "high"),
    [
        ("radius_m", 0.001, 1000.0),
        ("albedo", 0.001, 1.0),
        ("standard_magnitude", -5.0, 30.0),
        ("weight", 0.0, 1e6),
    ],
)
def test_attributes_have_ranges(column: str, low: float, high: float, tmp_path: Path) -> None:
    check_cells(read_attributes, f"name,{column}", "A,{}", low, high, tmp_path)


@pytest.mark.parametrize(
    ("column", "low", "high"), [("probability", 0.0, 1.0), ("delta_v_m_s", 0.0, 1000.0)]
)
def test_forecasts_have_ranges(column: str, low: float, high: float, tmp_path: Path) -> None:
    row = "A,2026-03-20T06:00:00,2026-03-20T07:00:00,{}"
    check_cells(read_forecasts, f"object,start_utc,end_utc,{column}", row, low, high, tmp_path)


def check_cells(reader: Any, header: str, row: str, low: float, high: float, folder: Path) -> None:
    path = folder / "table.csv"
    for value in (low, high):
        path.write_text(f"{header}\n{row.format(value)}\n")
        assert len(reader(path)) == 1
    for value in (beyond(low, -FAR), beyond(high, FAR)):
        path.write_text(f"{header}\n{row.format(value)}\n")
        with pytest.raises(CatalogError, match="out of range"):
            reader(path)
