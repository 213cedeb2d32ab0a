"""Files as a whole: their format, encoding and places, and what cannot be used at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from element_files import ISS, TEXTS, element_sets, read

from ssa_psro.catalogs import read_catalog
from ssa_psro.errors import CatalogError, InputError, UsageError

SETS = element_sets()


@pytest.mark.parametrize("kind", TEXTS)
def test_the_format_is_found_from_the_content(kind: str, tmp_path: Path) -> None:
    catalog = read(TEXTS[kind](SETS), tmp_path)
    assert catalog.format == kind
    assert catalog.path == tmp_path / "catalog.txt"
    assert len(catalog.accepted) == len(catalog.places) == len(SETS)
    assert len(set(catalog.places)) == len(SETS)


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings_of_other_systems_are_read(kind: str, encoding: str, tmp_path: Path) -> None:
    text = TEXTS[kind](SETS).replace("\n", "\r\n")
    catalog = read(text.encode(encoding), tmp_path)
    assert (len(catalog.accepted), catalog.rejected) == (len(SETS), ())


def test_a_name_that_is_not_utf8_costs_no_record(tmp_path: Path) -> None:
    content = ISS.replace("ZARYA", "ZÄRYA").encode("latin-1")
    (one,) = read(content, tmp_path).accepted
    assert one.name == "ISS (Z\ufffdRYA)"


def test_names_hold_nothing_that_a_terminal_would_obey(tmp_path: Path) -> None:
    (one,) = read(ISS.replace("ZARYA", "\x1b[31mZARYA\x07"), tmp_path).accepted
    assert one.name == "ISS ([31mZARYA)"


@pytest.mark.parametrize("kind", TEXTS)
def test_places_lead_to_the_records(kind: str, tmp_path: Path) -> None:
    text = TEXTS[kind](SETS)
    lines = text.splitlines()
    for one, place in zip(SETS, read(text, tmp_path).places, strict=True):
        number = int(place.split("line ")[1].rstrip(")"))
        near = "\n".join(lines[max(0, number - 2) : number + 10])
        assert one.name in near


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b" \r\n \r\n", "is empty"),
        (b"<html><body>503 Service Unavailable</body></html>", "no element sets"),
        (b"No GP data found", "no element sets"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "no element sets"),
        (b"[]", "no element sets"),
        (b"name,epoch\nx,y\n", "no element sets"),
        (b"OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTON,ECCENTRICITY,NORAD_CAT_ID,X\n", "MEAN_MOTION"),
    ],
)
def test_files_without_element_sets_are_refused(
    content: bytes, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(CatalogError) as caught:
        read(content, tmp_path)
    (fault,) = caught.value.faults
    assert problem in fault.problem
    assert fault.cure


def test_a_catalogue_of_damaged_records_only_is_no_error(tmp_path: Path) -> None:
    """The report says more than an error could."""
    catalog = read(ISS.replace("51.6416", "51.64x6"), tmp_path)
    assert not catalog.accepted
    assert len(catalog.rejected) == 1


def test_a_missing_file_is_told_with_its_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "active.tle").write_text(ISS)
    with pytest.raises(CatalogError) as caught:
        read_catalog(tmp_path / "activ.tle")
    assert caught.value.faults[0].problem == "no such file"
    assert "active.tle" in caught.value.faults[0].cure


@pytest.mark.parametrize("name", ["", "nowhere/active.tle", "a\x00b"])
def test_a_path_that_is_no_file_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogError):
        read_catalog(f"{tmp_path}/{name}")


def test_the_error_is_one_of_usage() -> None:
    """So commands end with exit code 2."""
    assert issubclass(CatalogError, UsageError)
    assert issubclass(CatalogError, InputError)
