"""OMM in JSON, CSV, XML and KVN, as the usual services publish it and as the standard allows it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from element_files import EPOCH, TEXTS, element_sets, read, tle_text, verification_lines
from sgp4 import omm
from sgp4.api import Satrec

from ssa_psro.catalogs import ElementSet, satrec
from ssa_psro.catalogs.generation import generate
from ssa_psro.errors import CatalogError

OMM = [name for name in TEXTS if name.startswith("omm")]

KVN = """\
CCSDS_OMM_VERS = 2.0
COMMENT the layout of the standard's figure 4-2, with its units and a day of the year
CREATION_DATE = 2007-065T16:00:00
ORIGINATOR = NOAA/USA

OBJECT_NAME = GOES 9
OBJECT_ID = 1995-025A
CENTER_NAME = EARTH
REF_FRAME = TEME
TIME_SYSTEM = UTC
MEAN_ELEMENT_THEORY = SGP/SGP4

EPOCH = 2007-064T10:34:41.4264
MEAN_MOTION = 1.00273272 [rev/day]
ECCENTRICITY = 0.0005013
INCLINATION = 3.0539 [deg]
RA_OF_ASC_NODE = 81.7939 [deg]
ARG_OF_PERICENTER = 249.2363 [deg]
MEAN_ANOMALY = 150.1602 [deg]
GM = 398600.8 [km**3/s**2]

EPHEMERIS_TYPE = 0
CLASSIFICATION_TYPE = U
NORAD_CAT_ID = 23581
ELEMENT_SET_NO = 0925
REV_AT_EPOCH = 4316
BSTAR = 0.0001 [1/ER]
MEAN_MOTION_DOT = -0.00000113 [rev/day**2]
MEAN_MOTION_DDOT = 0.0 [rev/day**3]
USER_DEFINED_EARTH_MODEL = WGS-84
"""
GOES_9 = ElementSet(
    name="GOES 9",
    catalog_id="23581",
    designator="1995-025A",
    epoch=datetime(2007, 3, 5, 10, 34, 41, 426400, tzinfo=UTC),
    mean_motion_rev_day=1.00273272,
    eccentricity=0.0005013,
    inclination_deg=3.0539,
    raan_deg=81.7939,
    argument_of_perigee_deg=249.2363,
    mean_anomaly_deg=150.1602,
    bstar=0.0001,
    mean_motion_dot=-0.00000113,
    mean_motion_ddot=0.0,
)
"""The example of CCSDS 502.0-B, annex G."""


@pytest.mark.parametrize("kind", OMM)
def test_what_is_written_is_read_again(kind: str, tmp_path: Path) -> None:
    """All populations, ids above 339999, and the verification cases read from TLE."""
    mix = [("LEO", 20), ("MEO", 5), ("GEO", 10), ("HEO", 5), ("DEBRIS", 5)]
    sets = [one.element_set for one in generate(mix, seed=3, epoch=EPOCH)]
    sets.append(replace(sets[0], catalog_id="A0000", name='ODD, "NAME" <&> = [x]'))
    sets.append(replace(sets[0], catalog_id="799501234", designator="2026-001A"))
    lines = "\n".join("\n".join(pair) for pair in verification_lines())
    sets += read(lines, tmp_path).accepted
    catalog = read(TEXTS[kind](sets), tmp_path)
    assert catalog.format == kind
    assert not catalog.rejected
    assert list(catalog.accepted) == sets


@pytest.mark.parametrize("kind", OMM)
def test_positions_agree_with_those_from_tle(kind: str, tmp_path: Path) -> None:
    """From one to the other only the epoch is rounded: 0.4 ms, or 4 m of a fast orbit."""
    sets = element_sets()
    from_tle = read(tle_text(sets), tmp_path).accepted
    for one, other in zip(read(TEXTS[kind](sets), tmp_path).accepted, from_tle, strict=True):
        instant = 2461120.5, 0.25
        _, position_km, _ = satrec(one).sgp4(*instant)
        _, wanted_km, _ = satrec(other).sgp4(*instant)
        assert np.linalg.norm(np.subtract(position_km, wanted_km)) < 0.005


@pytest.mark.parametrize("kind", ["omm-csv", "omm-xml"])
def test_sgp4_s_own_reader_makes_the_same_orbits(kind: str, tmp_path: Path) -> None:
    """``sgp4.omm`` reads these two notations."""
    sets = [replace(one, designator="2026-001A") for one in element_sets()]
    text = TEXTS[kind](sets)
    parse = omm.parse_csv if kind == "omm-csv" else omm.parse_xml
    for one, fields in zip(read(text, tmp_path).accepted, parse(io.StringIO(text)), strict=True):
        reference = Satrec()
        omm.initialize(reference, fields)
        assert reference.satnum == int(one.catalog_id)
        assert reference.sgp4_tsince(600.0) == satrec(one).sgp4_tsince(600.0)


def test_the_example_of_the_standard(tmp_path: Path) -> None:
    assert read(KVN, tmp_path).accepted == (GOES_9,)
    assert read(KVN.replace("\n", "\r\n").replace(" = ", "="), tmp_path).accepted == (GOES_9,)


def test_the_example_as_xml_with_namespaces_and_units(tmp_path: Path) -> None:
    rows = [line.split(" = ") for line in KVN.splitlines() if " = " in line]
    tags = "\n".join(_tag(key, value) for key, value in rows[3:] if "USER" not in key)
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<ndm:ndm xmlns:ndm="urn:ccsds:recommendation:navigation:schema:ndmxml"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="ndmxml-3.0-master.xsd">
<!-- <omm> a message that is commented out <OBJECT_NAME>NONE</OBJECT_NAME></omm> -->
<ndm:omm id="CCSDS_OMM_VERS" version="3.0" xsi:nil="false"><body>{tags}
<userDefinedParameters><USER_DEFINED parameter="EPOCH">now</USER_DEFINED></userDefinedParameters>
</body></ndm:omm>
</ndm:ndm>"""
    catalog = read(text, tmp_path)
    assert catalog.rejected == ()
    assert catalog.accepted == (GOES_9,)
    assert catalog.places == ("record 1 (line 5)",)


def _tag(key: str, value: str) -> str:
    number, _, unit = value.partition(" [")
    units = f' units="{unit[:-1]}"' if unit else ""
    return f"<{key}{units}>{number}</{key}>"


def test_json_with_every_value_in_quotes_and_its_metadata(tmp_path: Path) -> None:
    """As space-track.org writes it; CelesTrak writes numbers, and no metadata."""
    plain = json.loads(TEXTS["omm-json"]([GOES_9]))
    quoted = [{key: str(value) for key, value in one.items()} for one in plain]
    quoted[0] |= {"CENTER_NAME": "EARTH", "REF_FRAME": "TEME", "TIME_SYSTEM": "UTC"}
    quoted[0] |= {"MEAN_ELEMENT_THEORY": "SGP4", "DECAY_DATE": None, "FILE": "1234"}
    for document in (plain, quoted, quoted[0], {"count": 1, "results": quoted}):
        for indent in (None, 2):
            catalog = read(json.dumps(document, indent=indent), tmp_path)
            assert (catalog.accepted, catalog.rejected) == ((GOES_9,), ())


def test_csv_in_any_order_and_with_more_columns(tmp_path: Path) -> None:
    row = {"CCSDS_OMM_VERS": "2.0", "COMMENT": "GENERATED, VIA API"}
    row |= next(csv.DictReader(io.StringIO(TEXTS["omm-csv"]([GOES_9]))))
    text = io.StringIO()
    writer = csv.DictWriter(text, sorted(row, reverse=True), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerow(row)
    catalog = read(text.getvalue(), tmp_path)
    assert (catalog.accepted, catalog.rejected) == ((GOES_9,), ())


def test_an_object_without_number_goes_by_its_designator(tmp_path: Path) -> None:
    """NORAD_CAT_ID is optional in the standard."""
    (one,) = read(KVN.replace("NORAD_CAT_ID = 23581\n", ""), tmp_path).accepted
    assert one.catalog_id == "1995-025A"


def test_rates_may_be_left_out(tmp_path: Path) -> None:
    """SGP4 makes no use of them."""
    short = "".join(line for line in KVN.splitlines(True) if "_DOT" not in line)
    (one,) = read(short.replace("MEAN_MOTION_DDOT = 0.0 [rev/day**3]\n", ""), tmp_path).accepted
    assert (one.mean_motion_dot, one.mean_motion_ddot) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("written", "epoch"),
    [
        ("2026-05-30T10:07:48", datetime(2026, 5, 30, 10, 7, 48, tzinfo=UTC)),
        ("2026-05-30T10:07:48Z", datetime(2026, 5, 30, 10, 7, 48, tzinfo=UTC)),
        ("2026-05-30 10:07:48.5", datetime(2026, 5, 30, 10, 7, 48, 500000, tzinfo=UTC)),
        ("2026-150T10:07:48.25Z", datetime(2026, 5, 30, 10, 7, 48, 250000, tzinfo=UTC)),
        ("2024-366T00:00:00", datetime(2024, 12, 31, tzinfo=UTC)),
        ("2026-05-30T23:59:59.9999996", datetime(2026, 5, 31, tzinfo=UTC)),
        ("2026-05-30T10:07:48.55612812345", datetime(2026, 5, 30, 10, 7, 48, 556128, tzinfo=UTC)),
    ],
)
def test_epochs_are_read_to_the_microsecond(written: str, epoch: datetime, tmp_path: Path) -> None:
    text = KVN.replace("2007-064T10:34:41.4264", written)
    assert read(text, tmp_path).accepted[0].epoch == epoch


@pytest.mark.parametrize(
    "written",
    ["2026-366T00:00:00", "2026-02-30T00:00:00", "2026-05-30", "2026-05-30T24:00:00", "now"],
)
def test_epochs_that_are_none_are_rejected(written: str, tmp_path: Path) -> None:
    (one,) = read(KVN.replace("2007-064T10:34:41.4264", written), tmp_path).rejected
    assert "EPOCH" in one.problem


BOMB = """<?xml version="1.0"?>
<!DOCTYPE ndm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY file SYSTEM "file:///etc/hostname">]>
<ndm><omm><OBJECT_NAME>&b;</OBJECT_NAME></omm></ndm>"""


def test_xml_with_a_document_type_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="document type"):
        read(BOMB, tmp_path)


def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    text = TEXTS["omm-xml"]([GOES_9]).replace("GOES 9", "&file;")
    (one,) = read(text, tmp_path).rejected
    assert "undefined entity" in one.problem
