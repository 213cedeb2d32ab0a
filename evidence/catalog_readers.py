"""Texts of catalogue files, sound ones and hostile ones, of about as many characters as asked for.

``evidence.readers`` measures how long it takes to read them, and a test that none takes too long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ssa_psro.catalogs.generation import generate
from ssa_psro.catalogs.omm_writing import omm_text
from ssa_psro.catalogs.particulars import read_attributes, read_forecasts

EPOCH = datetime(2026, 3, 20, tzinfo=UTC)
TLE = """\
SAT {0:06d}
1 90020U 20001C   26171.50000000  .00000100  00000+0  10000-4 0  9991
2 90020  60.0000 120.0000 0010000  90.0000 270.0000 14.30000000 12349
"""
RECORD = '{"OBJECT_NAME": "A", "NORAD_CAT_ID": '


def tle(size: int) -> str:
    """Three-line elements of one placeholder number under many names."""
    return "".join(TLE.format(number) for number in range(size // len(TLE.format(0))))


def omm(ending: str) -> Callable[[int], str]:
    """Sound records, each of an object of its own."""

    def text(size: int) -> str:
        (made,) = generate([("LEO", 1)], seed=1, epoch=EPOCH, first_id=1)
        one = made.element_set
        length = len(omm_text(Path(f"x{ending}"), [one, one], created=EPOCH)) // 2
        sets = [replace(one, catalog_id=str(100_000 + n)) for n in range(size // length)]
        return omm_text(Path(f"x{ending}"), sets, created=EPOCH)

    return text


def repeated(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """One piece over and over."""
    return lambda size: before + piece * (size // len(piece)) + after


CSV = omm_text(
    Path("x.csv"),
    [generate([("LEO", 1)], seed=1, epoch=EPOCH, first_id=1)[0].element_set],
    created=EPOCH,
)
KEYS, ROW = CSV.splitlines()
KVN = "OBJECT_NAME = A\n"

TEXTS: dict[str, Callable[[int], str]] = {
    "tle, one number": tle,
    **{f"omm {ending[1:]}": omm(ending) for ending in (".json", ".csv", ".kvn", ".xml")},
    "xml, comments": repeated("<!--", before="<omm >"),
    "xml, starts": repeated("<omm >"),
    "xml, comments that end": repeated("<!-- -->", before="<omm >"),
    "xml, one long text": repeated("x", before="<omm ><a>", after="</a></omm>"),
    "json, braces": repeated("{", before='{"a":'),
    "json, objects within objects": repeated('{"a":'),
    "json, lists of objects": repeated('{"a":['),
    "json, bad records": repeated(RECORD + "1,, }\n"),
    "json, torn records": repeated(RECORD),
    "json, a long text": repeated("x", before='{"a": "', after='"}'),
    "json, spaces": repeated(" ", before='{"a" ', after=": 1}"),
    "csv, one line": repeated(",", before=f"{KEYS}\n"),
    "csv, columns": repeated("X,", before=f"{KEYS},", after=f"\n{ROW}\n"),
    "csv, quotes": repeated('"', before=f"{KEYS}\n"),
    "csv, a long number": repeated("1", before=f"{KEYS}\n", after="x" + ROW),
    "kvn, names": repeated(KVN),
    "kvn, one line": repeated(" ", before=f"{KVN}EPOCH = 1", after="[x]\n"),
    "kvn, a long number": repeated("1", before=f"{KVN}MEAN_MOTION = ", after="x\n"),
    "tle, names": repeated("A\n", before=TLE.format(0)),
    "tle, spaces in a name": repeated(" ", before="A", after="B\n" + TLE.format(0)),
    "tle, lines 1": repeated(TLE.split("\n")[1] + "\n"),
    "no catalogue": repeated("lorem ipsum, "),
}
TABLES: dict[str, tuple[Callable[[Path], object], Callable[[int], str]]] = {
    "attributes, bad rows": (read_attributes, repeated("A,x\n", before="name,radius_m\n")),
    "attributes, columns": (read_attributes, repeated("X,", before="name,", after="Y\n")),
    "attributes, one object": (read_attributes, repeated("A,1\n", before="name,radius_m\n")),
    "windows, overlapping": (
        read_forecasts,
        repeated(
            "A,2026-03-20T06:00:00,2026-03-21T06:00:00\n", before="object,start_utc,end_utc\n"
        ),
    ),
}
