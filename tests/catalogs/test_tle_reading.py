"""Two- and three-line element sets in all the ways they are published."""

from __future__ import annotations

from datetime import UTC, datetime
from math import degrees, pi
from pathlib import Path

import pytest
from element_files import ISS, element_sets, read, signed, tle, tle_lines, verification_lines
from sgp4.api import Satrec

NAME, FIRST, SECOND = ISS.splitlines()


def test_the_published_example(tmp_path: Path) -> None:
    """Field by field, as its source explains it."""
    catalog = read(ISS, tmp_path)
    (station,) = catalog.accepted
    assert (catalog.format, catalog.rejected, catalog.places) == ("tle", (), ("line 2",))
    assert station.name == "ISS (ZARYA)"
    assert station.catalog_id == "25544"
    assert station.designator == "1998-067A"
    assert station.epoch == datetime(2008, 9, 20, 12, 25, 40, 104192, tzinfo=UTC)
    assert station.mean_motion_rev_day == 15.72125391
    assert station.eccentricity == 0.0006703
    assert station.inclination_deg == 51.6416
    assert station.raan_deg == 247.4627
    assert station.argument_of_perigee_deg == 130.5360
    assert station.mean_anomaly_deg == 325.0288
    assert station.bstar == -0.11606e-4
    assert station.mean_motion_dot == -0.00002182
    assert station.mean_motion_ddot == 0.0


@pytest.mark.parametrize("lines", verification_lines(), ids=lambda lines: lines[0][2:7])
def test_fields_are_those_of_sgp4_s_own_reader(lines: tuple[str, str], tmp_path: Path) -> None:
    (one,), known = read("\n".join(lines), tmp_path).accepted, Satrec.twoline2rv(*lines)
    assert int(one.catalog_id) == known.satnum
    assert one.bstar == pytest.approx(known.bstar, rel=1e-12)
    assert one.eccentricity == pytest.approx(known.ecco, rel=1e-12)
    assert one.inclination_deg == pytest.approx(degrees(known.inclo), rel=1e-12)
    assert one.raan_deg == pytest.approx(degrees(known.nodeo), rel=1e-12)
    assert one.argument_of_perigee_deg == pytest.approx(degrees(known.argpo), rel=1e-12)
    assert one.mean_anomaly_deg == pytest.approx(degrees(known.mo), rel=1e-12)
    assert one.mean_motion_rev_day == pytest.approx(known.no_kozai * 720.0 / pi, rel=1e-12)
    assert one.mean_motion_dot == pytest.approx(known.ndot * 1440.0**2 / (2 * pi), rel=1e-9)
    assert one.mean_motion_ddot == pytest.approx(known.nddot * 1440.0**3 / (2 * pi), rel=1e-9)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (ISS, "ISS (ZARYA)"),
        (f"0 {ISS}", "ISS (ZARYA)"),
        (ISS.replace("\n", "\r\n"), "ISS (ZARYA)"),
        (ISS.replace("\n", "\r"), "ISS (ZARYA)"),
        (f"\ufeff{ISS}", "ISS (ZARYA)"),
        (f"# a comment\n\n{NAME}\n\n{FIRST}\n\n{SECOND}   \n\n", "ISS (ZARYA)"),
        (f"{FIRST}\n{SECOND}", "25544"),
        (f"{' ' * 24}\r\n{FIRST}\r\n{SECOND}\r\n", "25544"),
        (f"0 \n{FIRST}\n{SECOND}\n", "25544"),
        (f"1KUNS-PF\n{FIRST}\n{SECOND}\n", "1KUNS-PF"),
        (f"2 MANY SPACES   HERE\n{FIRST}\n{SECOND}\n", "2 MANY SPACES HERE"),
    ],
    ids=["plain", "0", "CRLF", "CR", "mark", "blanks", "2LE", "blank", "0 blank", "1", "2"],
)
def test_all_ways_to_write_a_record_are_read(text: str, name: str, tmp_path: Path) -> None:
    catalog = read(text, tmp_path)
    assert not catalog.rejected
    (one,) = catalog.accepted
    assert (one.name, one.catalog_id) == (name, "25544")
    assert one.mean_motion_rev_day == 15.72125391


def test_records_with_and_without_names_mix(tmp_path: Path) -> None:
    sets = element_sets()
    parts = [tle(one) if number % 2 else tle(one, name="") for number, one in enumerate(sets)]
    catalog = read("".join(parts), tmp_path)
    assert not catalog.rejected
    assert [one.catalog_id for one in catalog.accepted] == [one.catalog_id for one in sets]
    names = [one.name if number % 2 else one.catalog_id for number, one in enumerate(sets)]
    assert [one.name for one in catalog.accepted] == names


@pytest.mark.parametrize("catalog_id", ["A0000", "Z9999", "J1234", "00005", "    5"])
def test_ids_of_five_places(catalog_id: str, tmp_path: Path) -> None:
    lines = [signed(f"{line[:2]}{catalog_id}{line[7:]}") for line in (FIRST, SECOND)]
    (one,) = read("\n".join(lines), tmp_path).accepted
    assert one.catalog_id == catalog_id.strip().lstrip("0")


@pytest.mark.parametrize("catalog_id", ["I0000", "O1234", "a0000", "ABCDE", "12 45", "-1234"])
def test_ids_that_are_none_are_rejected(catalog_id: str, tmp_path: Path) -> None:
    lines = [signed(f"{line[:2]}{catalog_id}{line[7:]}") for line in (FIRST, SECOND)]
    catalog = read("\n".join((NAME, *lines)), tmp_path)
    assert not catalog.accepted
    assert "catalogue number" in catalog.rejected[0].problem


def test_elements_are_read_to_the_last_digit_they_are_written_with(tmp_path: Path) -> None:
    for one in element_sets():
        (found,) = read(tle(one), tmp_path).accepted
        assert found.mean_motion_rev_day == one.mean_motion_rev_day
        assert found.eccentricity == one.eccentricity
        assert found.mean_anomaly_deg == one.mean_anomaly_deg
        assert found.bstar == one.bstar
        # eight decimals of a day are 0.9 ms
        assert abs((found.epoch - one.epoch).total_seconds()) < 5e-4


def test_elements_of_another_theory_are_not_misread(tmp_path: Path) -> None:
    first, second = tle_lines(element_sets()[0])
    extended = signed(f"{first[:62]}4{first[63:]}")
    (one,) = read(f"{extended}\n{second}", tmp_path).rejected
    assert "SGP4-XP" in one.problem


@pytest.mark.parametrize(("year", "full"), [("57", 1957), ("99", 1999), ("00", 2000), ("56", 2056)])
def test_two_digit_years(year: str, full: int, tmp_path: Path) -> None:
    first = signed(f"{FIRST[:18]}{year}{FIRST[20:]}")
    (one,) = read(f"{first}\n{SECOND}", tmp_path).accepted
    assert one.epoch.year == full
