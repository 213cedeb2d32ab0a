"""Files as people have them: what is plain in meaning is read, whatever wrote it.

Kinds after reports to python-sgp4, skyfield, TAT-C, satchecker, TLEscope and tinyGS.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sky_files import EPOCH, SCENARIO, high, low, several, write_sky

from ssa_psro.catalogs import CatalogFile, read_catalog
from ssa_psro.catalogs.checks import check_decay, flight_problems, teme_positions_km
from ssa_psro.catalogs.omm_writing import write_catalog
from ssa_psro.catalogs.tle import checksum
from ssa_psro.errors import CatalogError
from ssa_psro.study import load_study

FIRST = "1 90020U 20001C   26171.50000000  .00000100  00000+0  10000-4 0  9991"
SECOND = "2 90020  60.0000 120.0000 0010000  90.0000 270.0000 14.30000000 12349"
TLE = f"{FIRST}\n{SECOND}\n"
KEYS = (
    "OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE,"
    "ARG_OF_PERICENTER,MEAN_ANOMALY,EPHEMERIS_TYPE,NORAD_CAT_ID,BSTAR"
)
ROW = "ALFA,2020-001A,2026-06-20T12:00:00,14.3,0.001,60,120,90,270,0,90001,0.00001"


def read(folder: Path, text: str, *, encoding: str = "utf-8") -> CatalogFile:
    (folder / "file").write_text(text, encoding)
    return read_catalog(folder / "file")


def only(catalog: CatalogFile) -> tuple[str, str]:
    """Name and id of the one element set of a file in which nothing is rejected."""
    (one,) = catalog.accepted
    assert catalog.rejected == ()
    return one.name, one.catalog_id


def test_compressed_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "today.tle.gz").write_bytes(gzip.compress(TLE.encode()))
    assert only(read_catalog(tmp_path / "today.tle.gz")) == ("90020", "90020")
    (tmp_path / "torn.gz").write_bytes(b"\x1f\x8b" + b"nothing that gzip knows")
    with pytest.raises(CatalogError, match="is damaged gzip"):
        read_catalog(tmp_path / "torn.gz")


def test_spaces_that_do_not_break_are_spaces(tmp_path: Path) -> None:
    assert only(read(tmp_path, TLE.replace(" ", "\u00a0")))[1] == "90020"


def test_check_digits_may_be_absent_but_not_half_of_them(tmp_path: Path) -> None:
    assert only(read(tmp_path, f"COURIER\n{FIRST[:-1]}\n{SECOND[:-1]}\n"))[0] == "COURIER"
    for first, second in ((FIRST[:-1], SECOND), (FIRST, SECOND[:-1])):
        (one,) = read(tmp_path, f"{first}\n{second}\n").rejected
        assert "has 68 characters" in one.problem


@pytest.mark.parametrize("column", range(2, 63))
def test_a_record_that_lost_a_column_in_both_lines_is_not_one_without_check_digits(
    tmp_path: Path, column: int
) -> None:
    """Beyond column 63 only labels move; and the point of B* shows by nothing."""
    cut = [line[:column] + line[column + 1 :] for line in (FIRST, SECOND)]
    found = read(tmp_path, "\n".join(cut))
    if found.accepted:  # digits of the same kind on both sides: of an id, or a blank among blanks
        (one,) = found.accepted
        whole = read(tmp_path, TLE).accepted[0]
        assert abs(one.mean_motion_rev_day - whole.mean_motion_rev_day) < 1e-6
        assert one.inclination_deg == whole.inclination_deg
    else:
        assert found.rejected


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("#COURIER X", "COURIER X"),
        ("0 COURIER X", "COURIER X"),
        ("USA 999         4.0  2.0  0.0  5.2 v   62", "USA 999"),
        ("USA 999         4.0  2.0  0.0", "USA 999"),
        ("SERIES 1.0 2.0", "SERIES 1.0 2.0"),
        ("# a comment", "90020"),
        ("#", "90020"),
    ],
)
def test_names_are_what_is_left_of_their_lines(tmp_path: Path, written: str, name: str) -> None:
    assert only(read(tmp_path, f"# from somewhere\n{written}\n{TLE}"))[0] == name


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_are_separated_as_they_are(tmp_path: Path, separator: str) -> None:
    text = f"{KEYS}\n{ROW}\n".replace(",", separator)
    assert only(read(tmp_path, text)) == ("ALFA", "90001")


def test_whole_numbers_with_a_point_are_whole(tmp_path: Path) -> None:
    text = f"{KEYS}\n{ROW.replace(',0,90001,', ',0.0,90001.0,')}\n"
    assert only(read(tmp_path, text)) == ("ALFA", "90001")
    (one,) = read(tmp_path, text.replace("90001.0", "90001.05")).rejected
    assert "NORAD_CAT_ID is not a catalogue number" in one.problem


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-06-20T12:00:00+00:00", datetime(2026, 6, 20, 12, tzinfo=UTC)),
        ("2026-06-20 12:00:00Z", datetime(2026, 6, 20, 12, tzinfo=UTC)),
        ("2016-12-31T23:59:60.5", datetime(2017, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("2016-366T23:59:60", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2026-06-20T12:00:60", None),
        ("2026-06-20T12:00:00+02:00", None),
        ("2025-366T23:59:59", None),
    ],
)
def test_instants_are_read_where_they_are_of_utc(
    tmp_path: Path, written: str, meant: datetime | None
) -> None:
    found = read(tmp_path, f"{KEYS}\n{ROW.replace('2026-06-20T12:00:00', written)}\n")
    assert [one.epoch for one in found.accepted] == ([meant] if meant else [])
    assert len(found.rejected) == (meant is None)


def test_keys_in_lower_case_and_lines_in_json_are_read(tmp_path: Path) -> None:
    fields = dict(zip(KEYS.lower().split(","), ROW.split(","), strict=True))
    assert only(read(tmp_path, json.dumps([fields]))) == ("ALFA", "90001")
    lines = [{"tle0": "0 BRAVO", "tle1": FIRST, "tle2": SECOND, "norad_cat_id": 90020}]
    assert only(read(tmp_path, json.dumps({"data": lines}))) == ("BRAVO", "90020")
    lines[0]["tle1"] = FIRST.replace("26171", "26172")
    (one,) = read(tmp_path, json.dumps(lines)).rejected
    assert one.problem.startswith("checksum of line 1")


def test_a_placeholder_number_is_no_identity(tmp_path: Path) -> None:
    """Four new satellites, one of them twice; and the same again in another file."""
    cubes = [low(f"CUBE {k}", "99999", mean_anomaly_deg=40.0 * k) for k in range(4)]
    path = write_sky(tmp_path, [*cubes, cubes[2]])
    write_catalog(tmp_path / "more.kvn", cubes[:2], created=EPOCH)
    found = read_catalog(tmp_path / "sky.json")
    assert [one.name for one in found.accepted] == [one.name for one in cubes]
    assert [one.name for one in found.rejected] == ["CUBE 2"]
    path.write_text(
        SCENARIO.replace('path = "sky.json"', 'path = ["more.kvn", "sky.json"]'), "utf-8"
    )
    loaded = load_study(path)
    assert sorted(loaded.scenario.catalog.names) == [one.name for one in cubes]
    assert [one.used for one in loaded.files] == [2, 2]


def test_of_a_history_the_element_set_nearest_to_the_window_is_used(tmp_path: Path) -> None:
    days = (-9.0, -1.0, 40.0)
    history = [
        low("ONE", "101", epoch=EPOCH + timedelta(days=day), mean_anomaly_deg=10.0 + k)
        for k, day in enumerate(days)
    ]
    loaded = load_study(write_sky(tmp_path, [*history, high()]))
    orbits = {one.name: one.orbit for one in loaded.scenario.catalog.objects}
    assert orbits["ONE"].mean_anomaly_deg == 11.0
    problems = [one.problem for one in loaded.files[0].rejected]
    assert [one.partition(" has ")[2] for one in problems] == [
        "a newer epoch",
        "an epoch nearer to the window",
    ]
    write_catalog(tmp_path / "late.kvn", [history[2]], created=EPOCH)
    text = SCENARIO.replace('path = "sky.json"', 'path = ["late.kvn", "sky.json"]')
    again = load_study(write_sky(tmp_path, [history[1], high()], scenario=text))
    assert again.scenario.catalog.objects[0].orbit.mean_anomaly_deg == 11.0
    assert [one.used for one in again.files] == [0, 2]


def test_what_came_down_before_the_window_is_not_in_it() -> None:
    """After its decay SGP4 places this one 100 million km away, and reports no error."""
    gone = replace(
        low("GONE"),
        epoch=datetime(2026, 5, 31, 2, 58, 39, tzinfo=UTC),
        mean_motion_rev_day=15.92146194,
        eccentricity=0.0014449,
        inclination_deg=98.5849,
        bstar=0.044853,
    )
    start = datetime(2026, 6, 21, tzinfo=UTC)
    times_s = np.array([0.0, 600.0])
    assert not (teme_positions_km([gone], start, times_s) < 1e9).any()
    assert flight_problems([gone, several()[0]], start, times_s)[0].startswith(
        ("decayed", "diverging")
    )
    file = CatalogFile(Path("x"), "tle", (gone, several()[0]), (), ("line 1", "line 3"))
    left = check_decay(file, start=start, end=start + timedelta(days=3))
    assert [one.name for one in left.accepted] == ["LOW 0"]
    assert left.rejected[0].problem.startswith("decayed")
    assert "2026-06-0" in left.rejected[0].problem  # weeks before the window


def test_checksums_of_this_page_are_right() -> None:
    assert [checksum(line) for line in (FIRST, SECOND)] == [FIRST[-1], SECOND[-1]]
