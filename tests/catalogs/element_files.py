"""Catalogue files for tests: element sets, and their text in every format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from ssa_psro.catalogs import CatalogFile, ElementSet, read_catalog
from ssa_psro.catalogs.generation import generate
from ssa_psro.catalogs.omm_writing import omm_text
from ssa_psro.catalogs.tle import checksum

EPOCH = datetime(2026, 3, 20, tzinfo=UTC)

ISS = """\
ISS (ZARYA)
1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927
2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537
"""
"""The worked example of CelesTrak's and Wikipedia's descriptions of the format."""


def verification_lines() -> list[tuple[str, str]]:
    """The published verification cases of SGP4 (Vallado et al. 2006), as the sgp4 package has them.

    Without the times that follow the elements, and without the four cases whose checksums are wrong
    in the publication or that repeat an object.
    """
    text = files("sgp4").joinpath("SGP4-VER.TLE").read_text("ascii")
    lines = [line[:69] for line in text.splitlines() if line[:2] in ("1 ", "2 ")]
    pairs = list(zip(lines[::2], lines[1::2], strict=True))
    unusable = ("33333", "33334", "33335", "28872")
    found = {first[2:7]: (first, second) for first, second in reversed(pairs)}
    return [pair for number, pair in reversed(found.items()) if number not in unusable]


def element_sets(count: int = 6) -> list[ElementSet]:
    """A few generated ones, whose ids fit into TLE."""
    mix = [("LEO", count - 3), ("MEO", 1), ("GEO", 1), ("HEO", 1)]
    made = generate(mix, seed=8, epoch=EPOCH, first_id=45001)
    return [one.element_set for one in made]


def tle(one: ElementSet, *, name: str | None = None) -> str:
    """Three lines, as they are published."""
    first, second = tle_lines(one)
    return f"{one.name if name is None else name:<24}\n{first}\n{second}\n"


def tle_lines(one: ElementSet) -> tuple[str, str]:
    """Both element lines, with checksums."""
    new_year = datetime(one.epoch.year, 1, 1, tzinfo=UTC)
    day = (one.epoch - new_year).total_seconds() / 86400.0 + 1.0
    exponent = f"{one.bstar:.4e}" if one.bstar else "0.0000e-01"
    digits, power = exponent.split("e")
    drag = f"{digits.replace('.', '')}{int(power) + 1:+d}"
    first = (
        f"1 {one.catalog_id:>5}U 26001A   {one.epoch:%y}{day:012.8f} "
        f" .00000000  00000-0 {drag:>8} 0  999"
    )
    second = (
        f"2 {one.catalog_id:>5} {one.inclination_deg:8.4f} {one.raan_deg:8.4f} "
        f"{round(one.eccentricity * 1e7):07d} {one.argument_of_perigee_deg:8.4f} "
        f"{one.mean_anomaly_deg:8.4f} {one.mean_motion_rev_day:11.8f}    1"
    )
    return signed(first), signed(second)


def signed(line: str) -> str:
    """``line`` with the checksum of its first 68 characters."""
    return line[:68] + checksum(line[:68] + "0")


def tle_text(sets: Sequence[ElementSet]) -> str:
    """A file of three-line elements."""
    return "".join(map(tle, sets))


def omm(ending: str) -> Callable[[Sequence[ElementSet]], str]:
    """The writer of the files with that ending."""
    return lambda sets: omm_text(Path(f"x{ending}"), sets, created=EPOCH)


TEXTS: dict[str, Callable[[Sequence[ElementSet]], str]] = {
    "tle": tle_text,
    "omm-json": omm(".json"),
    "omm-csv": omm(".csv"),
    "omm-xml": omm(".xml"),
    "omm-kvn": omm(".kvn"),
}
"""How each format is written."""


def read(text: str | bytes, folder: Path) -> CatalogFile:
    """The catalogue in a file with that content."""
    path = folder / "catalog.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_catalog(path)
