"""Files as people have them: what is plain in meaning is read, whatever wrote it.

Kinds after reports to python-sgp4, skyfield, TAT-C, satchecker, TLEscope and tinyGS.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import re
import tarfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sky_files import EPOCH, SCENARIO, high, low, several, write_sky

from ssa_psro.catalogs import CatalogFile, ElementSet, read_catalog
from ssa_psro.catalogs.checks import check_decay, flight_problems, teme_positions_km
from ssa_psro.catalogs.omm_writing import omm_text, write_catalog
from ssa_psro.catalogs.particulars import (
    Attributes,
    Forecast,
    attributes_csv,
    attributes_of,
    forecasts_csv,
    forecasts_of,
    read_attributes,
    read_forecasts,
)
from ssa_psro.catalogs.selection import select
from ssa_psro.catalogs.tle import checksum
from ssa_psro.errors import CatalogError, UsageError
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
    packed = gzip.compress(TLE.encode())
    for torn in (b"\x1f\x8b" + b"nothing that gzip knows", packed[:-1], packed[:40], packed + b"x"):
        (tmp_path / "torn.gz").write_bytes(torn)
        with pytest.raises(CatalogError, match="is damaged gzip"):
            read_catalog(tmp_path / "torn.gz")


def test_files_that_were_compressed_in_parts_are_read_whole(tmp_path: Path) -> None:
    """As pigz, bgzip and ``cat a.gz b.gz`` make them."""
    parts = [gzip.compress(one.encode()) for one in (TLE, TLE.replace("90020", "90022"))]
    (tmp_path / "both.gz").write_bytes(b"".join(parts))
    found = read_catalog(tmp_path / "both.gz")
    assert len(found.accepted) + len(found.rejected) == 2


@pytest.mark.parametrize(
    ("pack", "name"),
    [(bz2.compress, "bzip2"), (lzma.compress, "xz"), (lambda _: b"PK\x03\x04...", "zip")],
)
def test_other_compressed_files_are_told(
    tmp_path: Path, pack: Callable[[bytes], bytes], name: str
) -> None:
    (tmp_path / "today").write_bytes(pack(TLE.encode()))
    with pytest.raises(CatalogError, match=rf"is compressed \({name}\). Unpack it first"):
        read_catalog(tmp_path / "today")


def test_what_is_no_catalogue_is_told_by_its_beginning(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"it begins with '<!DOCTYPE html> <html>'"):
        read(tmp_path, "\n<!DOCTYPE html>\n<html>")


def test_spaces_that_do_not_break_are_spaces(tmp_path: Path) -> None:
    for space in "\u00a0\u2007\u2009\u202f\u3000":
        assert only(read(tmp_path, TLE.replace(" ", space)))[1] == "90020"


def test_marks_of_byte_order_within_joined_files_say_nothing(tmp_path: Path) -> None:
    joined = f"\ufeffALFA\n\ufeff{FIRST}\n{SECOND}\n"
    assert only(read(tmp_path, joined)) == ("ALFA", "90020")


def test_a_minus_sign_of_a_web_page_is_one(tmp_path: Path) -> None:
    (one,) = read(tmp_path, TLE.replace(" 10000-4", " 10000\u22124")).accepted
    assert one.bstar == 0.1e-4


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
        ("0 #9 BIRD", "#9 BIRD"),
        ("USA\u00a0999 \t 4.0   2.0  0.0", "USA 999"),
        ("0 OBJECT  A", "OBJECT A"),
    ],
)
def test_names_are_what_is_left_of_their_lines(tmp_path: Path, written: str, name: str) -> None:
    assert only(read(tmp_path, f"# from somewhere\n{written}\n{TLE}"))[0] == name


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_tables_are_separated_as_they_are(tmp_path: Path, separator: str) -> None:
    text = f"{KEYS}\n{ROW}\n".replace(",", separator)
    assert only(read(tmp_path, text)) == ("ALFA", "90001")
    quoted = "".join(f'"{line}"\n'.replace(",", f'"{separator}"') for line in (KEYS, ROW))
    assert only(read(tmp_path, quoted)) == ("ALFA", "90001")


def test_decimal_commas_are_told(tmp_path: Path) -> None:
    text = f"{KEYS}\n{ROW}\n".replace(",", ";").replace("14.3", "14,3")
    (one,) = read(tmp_path, text).rejected
    assert one.problem == "MEAN_MOTION is not a number (found '14,3')"
    assert one.cure == "Write MEAN_MOTION as 1.25."


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_tables_of_particulars_are_as_free(tmp_path: Path, separator: str) -> None:
    """Ids as tables of numbers write them, names that begin like formulas, names of columns."""
    path = tmp_path / "table.csv"
    path.write_text("Catalog_ID,NAME,radius_m\n90001.0,,1.5\n,'=BIRD,2.5\n".replace(",", separator))
    rows = read_attributes(path)
    bird, other = low("X", "90001"), low("=BIRD", "5")
    assert [one and one.radius_m for one in attributes_of(rows, [bird, other])] == [1.5, 2.5]
    path.write_text(
        "object,start_utc,end_utc\n90001.0,2026-03-20T06:00:00,2026-03-20T07:00:00Z\n".replace(
            ",", separator
        )
    )
    assert [len(one) for one in forecasts_of(read_forecasts(path), [bird, other])] == [1, 0]


def test_names_that_begin_like_formulas_come_back_from_every_table(tmp_path: Path) -> None:
    bird = low('=HYPERLINK("http://x","y")', "7")
    write_catalog(tmp_path / "sky.csv", [bird], created=EPOCH)
    (line,) = (tmp_path / "sky.csv").read_text().splitlines()[1:]
    assert line.startswith("\"'=HYPERLINK(")
    assert read_catalog(tmp_path / "sky.csv").accepted == (bird,)
    rows = (Attributes(name=bird.name, radius_m=2.0),)
    (tmp_path / "a.csv").write_text(attributes_csv(rows))
    assert read_attributes(tmp_path / "a.csv") == rows
    windows = (Forecast(bird.name, EPOCH, EPOCH + timedelta(hours=1)),)
    (tmp_path / "w.csv").write_text(forecasts_csv(windows))
    assert read_forecasts(tmp_path / "w.csv") == windows


def test_whole_numbers_with_a_point_are_whole(tmp_path: Path) -> None:
    text = f"{KEYS}\n{ROW.replace(',0,90001,', ',0.0,90001.0,')}\n"
    assert only(read(tmp_path, text)) == ("ALFA", "90001")
    (one,) = read(tmp_path, text.replace("90001.0", "90001.05")).rejected
    assert "NORAD_CAT_ID is not a catalogue number" in one.problem
    assert select([low("A", "A0001")], ids=["100001.0"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-06-20T12:00:00+00:00", datetime(2026, 6, 20, 12, tzinfo=UTC)),
        ("2026-06-20 12:00:00Z", datetime(2026, 6, 20, 12, tzinfo=UTC)),
        ("2016-12-31T23:59:60.5", datetime(2017, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("2016-366T23:59:60", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2026-06-20t12:00:00z", datetime(2026, 6, 20, 12, tzinfo=UTC)),
        ("2026-06-20 12:00:00 UTC", datetime(2026, 6, 20, 12, tzinfo=UTC)),
        ("2026-06-20T12:00:00-0000", datetime(2026, 6, 20, 12, tzinfo=UTC)),
        ("2026-06-20T12:00:00+00", datetime(2026, 6, 20, 12, tzinfo=UTC)),
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


def test_other_time_zones_are_named(tmp_path: Path) -> None:
    text = f"{KEYS}\n{ROW.replace('12:00:00', '12:00:00+02:00')}\n"
    (one,) = read(tmp_path, text).rejected
    assert one.problem == "EPOCH is not in UTC (found '2026-06-20T12:00:00+02:00')"


def test_forecasts_may_be_of_any_time_zone_that_they_name(tmp_path: Path) -> None:
    text = "object,start_utc,end_utc\nA,2026-06-20T12:00:00+02:00,2026-06-20T23:30:00-01:00\n"
    (tmp_path / "windows.csv").write_text(text, "utf-8")
    (one,) = read_forecasts(tmp_path / "windows.csv")
    assert one.start_utc == datetime(2026, 6, 20, 10, tzinfo=UTC)
    assert one.end_utc == datetime(2026, 6, 21, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("ending", [".json", ".csv", ".kvn", ".xml"])
def test_keys_in_any_case(tmp_path: Path, ending: str) -> None:
    text = omm_text(Path(f"x{ending}"), [low()], created=EPOCH)
    for key in KEYS.split(","):
        text = text.replace(key, key.capitalize())
    assert read(tmp_path, text).accepted == (low(),)


def test_a_key_in_two_cases_is_given_twice(tmp_path: Path) -> None:
    fields = dict(zip(KEYS.split(","), ROW.split(","), strict=True))
    (one,) = read(tmp_path, json.dumps([fields | {"mean_motion": "12.0"}])).rejected
    assert one.problem == "not JSON: a key is given twice"


def test_keys_in_lower_case_and_lines_in_json_are_read(tmp_path: Path) -> None:
    fields = dict(zip(KEYS.lower().split(","), ROW.split(","), strict=True))
    assert only(read(tmp_path, json.dumps([fields]))) == ("ALFA", "90001")
    lines = [{"tle0": "0 BRAVO", "tle1": FIRST, "tle2": SECOND, "norad_cat_id": 90020}]
    assert only(read(tmp_path, json.dumps({"data": lines}))) == ("BRAVO", "90020")
    both = {"info": {"satid": 90020}, "tle": f"{FIRST}\r\n{SECOND}"}
    assert only(read(tmp_path, json.dumps(both))) == ("90020", "90020")
    by_number = {"90001": fields, "90002": fields | {"norad_cat_id": "90002"}}
    found = read(tmp_path, json.dumps(by_number))
    assert [one.catalog_id for one in found.accepted] == ["90001", "90002"]
    assert found.rejected == ()
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


def cubes_at(catalog_id: str, *days: float) -> list[ElementSet]:
    """Three cubes under one number, each with element sets of several days."""
    return [
        low(f"CUBE {k}", catalog_id, mean_anomaly_deg=40.0 * k, epoch=EPOCH + timedelta(days=day))
        for k in range(3)
        for day in days
    ]


def test_a_shared_number_tells_nobody_at_other_epochs_either(tmp_path: Path) -> None:
    """Two share an epoch; the newest element sets of the three have epochs of their own."""
    history = [
        *cubes_at("72001", 0.0),
        *(
            replace(one, epoch=one.epoch + timedelta(days=k / 10))
            for k, one in enumerate(cubes_at("72001", 1.0))
        ),
    ]
    path = write_sky(tmp_path, history)
    assert [one.epoch.day for one in read_catalog(tmp_path / "sky.json").accepted] == [21, 21, 21]
    found = load_study(path)
    assert sorted(found.scenario.catalog.names) == ["CUBE 0", "CUBE 1", "CUBE 2"]
    assert found.files[0].used == 3
    assert len({one.radius_m for one in found.scenario.catalog.objects}) == 3


@pytest.mark.parametrize("catalog_id", ["0", "99999", "999999999"])
def test_numbers_that_stand_for_none_tell_nobody(tmp_path: Path, catalog_id: str) -> None:
    """Even where no two element sets are of one epoch."""
    apart = [
        replace(one, epoch=one.epoch + timedelta(hours=k))
        for k, one in enumerate(cubes_at(catalog_id, 0.0))
    ]
    write_sky(tmp_path, [*apart, replace(apart[0], epoch=EPOCH - timedelta(days=1))])
    found = read_catalog(tmp_path / "sky.json")
    assert [one.name for one in found.accepted] == ["CUBE 0", "CUBE 1", "CUBE 2"]
    assert [one.name for one in found.rejected] == ["CUBE 0"]


@pytest.mark.parametrize(("catalog_id", "name"), [("99999", "TBA"), ("0", "UNKNOWN"), ("0", "")])
def test_objects_without_number_under_one_name_are_as_many_as_orbits(
    tmp_path: Path, catalog_id: str, name: str
) -> None:
    new = [low(name, catalog_id, raan_deg=20.0 * k) for k in range(4)]
    write_sky(tmp_path, [*new, new[1]])
    found = read_catalog(tmp_path / "sky.json")
    assert [one.raan_deg for one in found.accepted] == [0.0, 20.0, 40.0, 60.0]
    (twice,) = found.rejected
    assert twice.cure == "Nothing: that one is used."


def test_of_one_number_and_epoch_but_another_orbit_more_is_said(tmp_path: Path) -> None:
    write_sky(tmp_path, [low("BIRD", "55001"), low("BIRD", "55001", raan_deg=20.0)])
    (one,) = read_catalog(tmp_path / "sky.json").rejected
    assert one.problem == "duplicate id: record 1 (line 2) has the same epoch, and another orbit"
    assert one.cure == "Give it a number of its own if it is another object."


@pytest.mark.parametrize("ending", [".json", ".kvn"])
def test_an_unknown_designator_tells_nobody_and_the_name_does(tmp_path: Path, ending: str) -> None:
    text = omm_text(Path(f"x{ending}"), [low("ONE"), low("OTHER", raan_deg=9.0)], created=EPOCH)
    text = re.sub(r'("NORAD_CAT_ID": \d+, |NORAD_CAT_ID .*\n)', "", text)
    text = text.replace('"OBJECT_ID": ""', '"OBJECT_ID": "UNKNOWN"')
    found = read(tmp_path, text)
    assert [(one.name, one.catalog_id) for one in found.accepted] == [("ONE", "0"), ("OTHER", "0")]


@pytest.mark.parametrize(
    ("before", "within", "end"),
    [("   ", "", ""), ("\t", "", ""), ("", "\u2060", ""), ("", "\u200e", ""), ("", "", "\x1a\0")],
)
def test_what_shows_nothing_costs_no_record(
    tmp_path: Path, before: str, within: str, end: str
) -> None:
    lines = [f"{before}{line[:20]}{within}{line[20:]}\n" for line in ("BRAVO", FIRST, SECOND)]
    found = read(tmp_path, "".join(lines) + end)
    assert [one.name for one in found.accepted] == ["BRAVO"]
    assert found.rejected == ()


def test_a_column_twice_is_told(tmp_path: Path) -> None:
    text = f"{KEYS},MEAN_MOTION\n{ROW},7.3\n"
    with pytest.raises(CatalogError, match="has MEAN_MOTION twice"):
        read(tmp_path, text)


def test_an_archive_is_told(tmp_path: Path) -> None:
    held, path = tmp_path / "one.tle", tmp_path / "all.tar.gz"
    held.write_text(f"{FIRST}\n{SECOND}\n", "utf-8")
    with tarfile.open(path, "w:gz") as archive:
        archive.add(held, "one.tle")
    with pytest.raises(CatalogError, match="is an archive"):
        read_catalog(path)


def test_what_holds_nothing_that_is_read_is_told(tmp_path: Path) -> None:
    nested = [{"name": "ALFA", "tle": [FIRST, SECOND]}]
    with pytest.raises(CatalogError, match="holds no element sets"):
        read(tmp_path, json.dumps(nested))
    (one,) = read(tmp_path, json.dumps([{"error": "You must be logged in"}])).rejected
    assert one.problem == "is no element set: it has ERROR"


def test_nothing_flies_where_nothing_orbits() -> None:
    """At 60 km SGP4 still has positions; in the air of 100 km they are none."""
    low_down = low("LOW DOWN", mean_motion_rev_day=16.78, eccentricity=0.0001, bstar=0.0)
    (problem,) = flight_problems([low_down], EPOCH, np.arange(0.0, 7200.0, 60.0))
    assert re.match(r"decayed: \d\d km above the surface", problem)
    high = low("HIGH", mean_motion_rev_day=15.9, eccentricity=0.0001, bstar=0.0)
    assert flight_problems([high], EPOCH, np.arange(0.0, 7200.0, 60.0)) == [""]


def test_a_number_under_another_name_is_one_object_and_says_so(tmp_path: Path) -> None:
    older = low("OBJECT A", "55001", epoch=EPOCH - timedelta(days=2))
    write_sky(tmp_path, [older, low("BIRD 7", "55001")])
    (one,) = read_catalog(tmp_path / "sky.json").rejected
    assert one.problem == "duplicate id: record 2 (line 3) has a newer epoch, as BIRD 7"
    assert one.cure == "Give it a number of its own if it is another object."


def test_a_blank_number_is_told_with_what_to_write(tmp_path: Path) -> None:
    blank = [line.replace("90020", "     ")[:68] for line in (FIRST, SECOND)]
    text = "\n".join(line + checksum(line + "0") for line in blank)
    (one,) = read(tmp_path, f"BIRD\n{text}\n").rejected
    assert one.cure == "Write 00000 where there is no number yet."


def test_many_patterns_and_unknown_ids_take_no_time() -> None:
    sky = [low(f"BIRD {n}", str(n)) for n in range(2000)]
    start = time.process_time()
    assert len(select(sky, names=[f"bird {n}" for n in range(600)])) == 600
    with pytest.raises(UsageError) as told:
        select(sky, ids=[str(n) for n in range(1500, 4000)])
    assert len(told.value.faults) == 2000
    assert time.process_time() - start < 20.0


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
