"""CSV files of attributes and of forecast windows: every fault at once, each with its line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from element_files import EPOCH, element_sets

from ssa_psro.catalogs.generation import generate
from ssa_psro.catalogs.particulars import (
    Attributes,
    Forecast,
    attributes_csv,
    attributes_of,
    forecasts_csv,
    forecasts_of,
    read_attributes,
    read_forecasts,
    unmatched,
    unmatched_forecasts,
)
from ssa_psro.errors import CatalogError, Fault

SETS = element_sets()
GENERATED = generate([("LEO", 20), ("GEO", 20)], seed=5, epoch=EPOCH)


def write(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, "utf-8")
    return path


def faults_of(read: object, path: Path) -> list[tuple[str, str]]:
    assert callable(read)
    with pytest.raises(CatalogError) as caught:
        read(path)
    assert caught.value.source == str(path)
    assert all(isinstance(fault, Fault) and fault.cure for fault in caught.value.faults)
    return [(fault.key, fault.problem) for fault in caught.value.faults]


def test_attributes_are_read(tmp_path: Path) -> None:
    text = """\
# sizes from nowhere
name,catalog_id,contested,radius_m,standard_magnitude

"HUBBLE, THE",20580,yes,2.5,
,A0000,FALSE,,7.5
SL-16 R/B,,,,
"""
    assert read_attributes(write(tmp_path, text)) == (
        Attributes(name="HUBBLE, THE", catalog_id="20580", contested=True, radius_m=2.5),
        Attributes(catalog_id="A0000", contested=False, standard_magnitude=7.5),
        Attributes(name="SL-16 R/B"),
    )


def test_attributes_are_written_as_they_are_read(tmp_path: Path) -> None:
    rows = tuple(one.attributes for one in GENERATED)
    assert read_attributes(write(tmp_path, attributes_csv(rows))) == rows


def test_all_faults_of_attributes_come_at_once(tmp_path: Path) -> None:
    text = """\
catalog_id,radius_m,albedo,contested
1,big,0.2,true
2,-1,1.5,perhaps
3,1.0
,1.0,0.2,true
4,1.0,0.2,
"4,1.0,0.2,true
"""
    assert faults_of(read_attributes, write(tmp_path, text)) == [
        ("line 2, radius_m", "the value is not a number (found 'big')"),
        ("line 3, radius_m", "is out of range"),
        ("line 3, albedo", "is out of range"),
        ("line 3, contested", "is neither true nor false"),
        ("line 4", "has 2 values"),
        ("line 7", "a quote is out of place"),
    ]


def test_rows_about_nobody_or_one_object_are_faults(tmp_path: Path) -> None:
    text = "catalog_id,name,radius_m\n,,1\n5,A,1\n00005,B,2\n,sat  x,1\n,SAT X,1\n"
    assert faults_of(read_attributes, write(tmp_path, text)) == [
        ("line 2", "says not which object"),
        ("line 4", "is about the same object as line 3"),
        ("line 6", "is about the same object as line 5"),
    ]


def test_columns_are_told_with_their_nearest_name(tmp_path: Path) -> None:
    path = write(tmp_path, "catalog_id,raduis_m,albedo,albedo\n1,2,3,4\n")
    with pytest.raises(CatalogError) as caught:
        read_attributes(path)
    first, second = caught.value.faults
    assert (first.value, first.cure) == ("raduis_m", "Did you mean 'radius_m'?")
    assert second.problem == "column is there twice"


def test_attributes_find_their_objects() -> None:
    """By id before by name, whatever the case; a name may be that of several objects."""
    twins = [replace(SETS[0], catalog_id=str(number), name="SL-8 R/B") for number in (7, 100000)]
    rows = (
        Attributes(name="sl-8  r/b", radius_m=1.0),
        Attributes(catalog_id="A0000", radius_m=2.0),
        Attributes(catalog_id="8", radius_m=3.0),
    )
    found = attributes_of(rows, [*twins, SETS[1]])
    assert [one and one.radius_m for one in found] == [1.0, 2.0, None]
    assert unmatched(rows, twins) == (rows[2],)
    assert unmatched(rows[:2], twins[1:]) == (rows[0],)  # the row with the id goes before


def test_numbers_that_stand_for_none_speak_of_nobody(tmp_path: Path) -> None:
    cubes = [replace(SETS[0], catalog_id="99999", name=f"CUBE {k}") for k in (1, 2)]
    path = write(tmp_path, "catalog_id,name,radius_m\n99999,CUBE 1,0.1\n99999,CUBE 2,0.2\n")
    found = attributes_of(read_attributes(path), cubes)
    assert [one and one.radius_m for one in found] == [0.1, 0.2]
    path = write(tmp_path, "catalog_id,radius_m\n99999,0.1\n")
    assert faults_of(read_attributes, path) == [
        ("line 2, catalog_id", "is a number that stands for none")
    ]
    window = Forecast("99999", EPOCH, EPOCH.replace(hour=6))
    assert forecasts_of([window], cubes) == ((), ())


def test_truth_may_be_written_as_numbers_with_a_point(tmp_path: Path) -> None:
    path = write(tmp_path, "catalog_id,contested\n1,1.0\n2,0.0\n3,\n")
    assert [one.contested for one in read_attributes(path)] == [True, False, None]


def test_forecasts_are_read(tmp_path: Path) -> None:
    text = """\
object,start_utc,end_utc,probability,delta_v_m_s
SLOT-001,2026-03-20T06:00:00,2026-03-20T12:00:00Z,0.9,1.5
SLOT-001,2026-03-20T12:00:00,2026-03-20T18:00:00,,
"""
    first, second = read_forecasts(write(tmp_path, text))
    start, end = datetime(2026, 3, 20, 6, tzinfo=UTC), datetime(2026, 3, 20, 12, tzinfo=UTC)
    assert first == Forecast("SLOT-001", start, end, 0.9, 1.5)
    assert (second.probability, second.delta_v_m_s) == (1.0, 0.5)


def test_forecasts_are_written_as_they_are_read(tmp_path: Path) -> None:
    rows = tuple(row for one in GENERATED for row in one.forecasts)
    assert len(rows) > 20
    assert read_forecasts(write(tmp_path, forecasts_csv(rows))) == rows


def test_all_faults_of_forecasts_come_at_once(tmp_path: Path) -> None:
    head = "object,start_utc,end_utc,probability\n"
    broken = f"""{head}A,2026-03-20T06:00:00,tomorrow,2
,2026-03-20T06:00:00,,0.5
"""
    assert faults_of(read_forecasts, write(tmp_path, broken)) == [
        ("line 2, end_utc", "is not a date and time"),
        ("line 2, probability", "is out of range"),
        ("line 3, object", "is blank"),
        ("line 3, end_utc", "is blank"),
    ]
    crossed = f"""{head}A,2026-03-20T06:00:00,2026-03-20T06:00:00,
B,2026-03-20T06:00:00,2026-03-20T09:00:00,
b,2026-03-20T08:00:00,2026-03-20T10:00:00,
"""
    assert faults_of(read_forecasts, write(tmp_path, crossed)) == [
        ("line 2, end_utc", "is not after start_utc"),
        ("line 4, start_utc", "overlaps the window of line 3"),
    ]
    assert faults_of(read_forecasts, write(tmp_path, "object,start_utc\n")) == [
        ("line 1", "column end_utc is missing")
    ]


def test_forecasts_find_their_objects() -> None:
    start, end = EPOCH, EPOCH.replace(hour=6)
    rows = (
        Forecast(SETS[0].name.lower(), start, end),
        Forecast(SETS[1].catalog_id, start, end),
        Forecast("NOBODY", start, end),
    )
    assert forecasts_of(rows, SETS[:3]) == ((rows[0],), (rows[1],), ())
    assert unmatched_forecasts(rows, SETS) == (rows[2],)


@pytest.mark.parametrize("read", [read_attributes, read_forecasts])
def test_files_that_are_no_tables_are_refused(read: object, tmp_path: Path) -> None:
    assert faults_of(read, tmp_path / "none.csv")[0][1] == "no such file"
    assert faults_of(read, write(tmp_path, ""))[0][1] == "is empty"
    assert faults_of(read, write(tmp_path, "{}\n"))[0][1] == "unknown column"
