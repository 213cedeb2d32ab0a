"""Files full of damaged records: each is reported, and each good one between them is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from element_files import TEXTS, element_sets, read, signed, tle, tle_lines

from ssa_psro.catalogs import ElementSet, Rejected

GOOD = element_sets(7)
OLDER = replace(GOOD[0], name="OLDER", epoch=GOOD[0].epoch - timedelta(days=1))
VICTIM = replace(GOOD[1], name="VICTIM", catalog_id="45777")


def field(line: int, start: int, text: str) -> str:
    """The victim as TLE with a text written into a line, which is signed anew."""
    lines = list(tle_lines(VICTIM))
    old = lines[line - 1]
    lines[line - 1] = signed(old[:start] + text + old[start + len(text) :])
    return "\n".join(("VICTIM", *lines)) + "\n"


FIRST, SECOND = tle_lines(VICTIM)
WRONG_SUM = FIRST[:68] + str((int(FIRST[68]) + 1) % 10)
TLE_DAMAGE = {
    "checksum": (f"VICTIM\n{WRONG_SUM}\n{SECOND}\n", "checksum of line 1"),
    "cut short": (f"VICTIM\n{FIRST}\n{SECOND[:60]}\n", "60 characters"),
    "too long": (f"VICTIM\n{FIRST}7\n{SECOND}\n", "70 characters"),
    "letter in a number": (field(2, 8, " 97.4x21"), "inclination is not a number"),
    "eccentricity": (field(2, 26, "00-1234"), "eccentricity is not seven digits"),
    "drag": (field(1, 53, "12345678"), "B*"),
    "inclination": (field(2, 8, "190.0000"), "INCLINATION = 190 is outside"),
    "mean motion": (field(2, 52, " 0.00000000"), "MEAN_MOTION = 0 is outside"),
    "epoch": (field(1, 20, "400.00000000"), "epoch has day 400"),
    "no line 2": (f"VICTIM\n{FIRST}\n", "line 1 without a line 2"),
    "no line 1": (f"VICTIM\n{SECOND}\n", "line 2 without a line 1"),
    "swapped": (f"VICTIM\n{SECOND}\n{FIRST}\n", "line 2 stands before line 1"),
    "no lines": ("VICTIM\n", "name without element lines"),
    "two objects": (field(2, 2, "45778"), "lines of two objects"),
    "id": (field(1, 2, "I0000"), "not a catalogue number"),
    "theory": (field(1, 62, "4"), "SGP4-XP"),
    "decayed": (field(2, 52, "17.90000000"), "below the surface"),
    "diverging": (field(2, 26, "9999999"), "decayed"),
    "duplicate": (tle(OLDER), "duplicate id"),
}
"""Kinds of damage to a record of TLE: the record, and what the report says of it."""


def omm_values(kind: str, key: str, value: str | None) -> str:
    """The victim's OMM with another value; without the key where that is ``None``."""
    text = TEXTS[kind]([VICTIM])
    if kind == "omm-csv":
        header, row = (line.split(",") for line in text.splitlines())
        row[header.index(key)] = value or ""
        return f"{','.join(header)}\n{','.join(row)}\n"
    start, end = {
        "omm-json": (f'"{key}": ', (",", "}")),
        "omm-xml": (f"<{key}>", ("<",)),
        "omm-kvn": (f"{key:<20} = ", ("\n",)),
    }[kind]
    at = text.index(start)
    value_end = min(text.index(one, at + len(start)) for one in end if one in text[at:])
    if value is not None:
        shown = f'"{value}"' if kind == "omm-json" else value
        return text[: at + len(start)] + shown + text[value_end:]
    tail = {"omm-json": 2, "omm-xml": len(f"</{key}>"), "omm-kvn": 1}[kind]
    return text[:at] + text[value_end + tail :]


VALUES = {
    "missing": ("MEAN_MOTION", None, "MEAN_MOTION is missing"),
    "blank": ("BSTAR", "", "BSTAR is missing"),
    "no number": ("INCLINATION", "fifty", "INCLINATION is not a number"),
    "not finite": ("MEAN_ANOMALY", "nan", "MEAN_ANOMALY is not a number"),
    "too large": ("RA_OF_ASC_NODE", "1e999", "RA_OF_ASC_NODE = inf is outside"),
    "underscore": ("ARG_OF_PERICENTER", "1_0", "ARG_OF_PERICENTER is not a number"),
    "eccentricity": ("ECCENTRICITY", "1.2", "ECCENTRICITY = 1.2 is outside"),
    "inclination": ("INCLINATION", "-1", "INCLINATION = -1 is outside"),
    "unit": ("INCLINATION", "1.7 [rad]", "INCLINATION is in 'rad'"),
    "epoch": ("EPOCH", "2026-13-01T00:00:00", "EPOCH is not a date"),
    "id": ("NORAD_CAT_ID", "45x77", "NORAD_CAT_ID is not a catalogue number"),
    "theory": ("EPHEMERIS_TYPE", "4", "unsupported EPHEMERIS_TYPE = 4"),
    "decayed": ("MEAN_MOTION", "17.9", "below the surface"),
    "diverging": ("ECCENTRICITY", "0.99999", "decayed"),
}
"""Kinds of damage to a value of an OMM: its key, what stands there, and what the report says."""

STRUCTURE: dict[str, list[tuple[Callable[[str], str], str]]] = {
    "omm-json": [
        (lambda text: text.replace('"EPOCH": ', '"EPOCH" '), "not JSON"),
        (lambda text: text.replace('"VICTIM"', '"VICTIM'), "not JSON"),
        (lambda text: text.replace("{", ""), "opening brace is missing"),
        (lambda text: text.replace("}", ""), "not JSON"),
        (lambda text: text.replace('"VICTIM"', "[" * 100_000), "not JSON"),
        (lambda text: text.replace('"BSTAR"', '"EPOCH"'), "given twice"),
    ],
    "omm-csv": [
        (lambda text: text.replace("VICTIM,", "VICTIM,,"), "18 values for 17 keys"),
        (lambda text: text[: text.rindex(",")], "16 values for 17 keys"),
        (lambda text: text.replace("VICTIM", '"VICTIM'), "quote"),
    ],
    "omm-xml": [
        (lambda text: text.replace("</EPOCH>", "</EPOK>"), "not XML: mismatched tag"),
        (lambda text: text.replace("</omm>", ""), "end tag is missing"),
        (lambda text: text.replace("<omm ", "<om "), "start tag is missing"),
        (lambda text: text.replace("VICTIM", "VICTIM & CO"), "not XML"),
        (lambda text: text.replace("TEME", "GCRF"), "unsupported REF_FRAME = GCRF"),
        (lambda text: text.replace("<BSTAR>", "<EPOCH>1</EPOCH><BSTAR>"), "given twice"),
    ],
    "omm-kvn": [
        (lambda text: text.replace("= VICTIM", ": VICTIM"), "is not KEY = value"),
        (lambda text: text.replace("UTC", "TAI"), "unsupported TIME_SYSTEM = TAI"),
        (lambda text: text.replace("SGP4", "DSST"), "unsupported MEAN_ELEMENT_THEORY = DSST"),
        (lambda text: text.replace("EARTH", "MARS"), "unsupported CENTER_NAME = MARS"),
        (lambda text: text.replace("MEAN_MOTION  ", "MEEN_MOTION  "), "MEAN_MOTION is missing"),
    ],
}
"""Kinds of damage to the notation itself."""


def record(kind: str, text: str) -> str:
    """What stands between the head and the foot of a file with one record."""
    if kind == "omm-json":
        return text.removeprefix("[\n").removesuffix("\n]\n") + ",\n"
    if kind == "omm-csv":
        return text.partition("\n")[2].rstrip("\n") + "\n"
    if kind == "omm-xml":
        return text.partition("<ndm>\n")[2].removesuffix("</ndm>\n")
    return text + "\n"


def between(kind: str, records: list[str]) -> tuple[str, list[ElementSet]]:
    """A file in which records stand between good ones, and the good ones."""
    whole = TEXTS[kind]([VICTIM])
    head, foot = whole.split(record(kind, whole).rstrip(",\n"))
    goods = [record(kind, TEXTS[kind]([one])) for one in GOOD]
    gap = len(records) // (len(GOOD) - 1) + 1
    body = [goods[0]]
    for start, good in zip(range(0, len(records), gap), goods[1:], strict=False):
        body += [*records[start : start + gap], good]
    used = sum(one in body for one in goods)
    text = "".join(body)
    return head + (text.rstrip(",\n") if kind == "omm-json" else text) + foot, GOOD[:used]


def assert_reported(rejected: tuple[Rejected, ...], says: list[str]) -> None:
    """Each record is reported once, with all there is to say of it."""
    assert len(rejected) == len(says)
    for one in rejected:
        assert one.place
        assert one.name in ("VICTIM", "OLDER") or one.catalog_id
        assert one.cure.endswith((".", "?"))
    left = [one.problem for one in rejected]
    for words in says:
        found = next((problem for problem in left if words in problem), None)
        assert found is not None, (words, left)
        left.remove(found)


def test_tle_with_nineteen_kinds_of_damage(tmp_path: Path) -> None:
    """Good records stand before, after and between."""
    damaged = [text for text, _ in TLE_DAMAGE.values()]
    gap = 4
    parts = [tle(GOOD[0])]
    for number, good in enumerate(GOOD[1:]):
        parts += [*damaged[number * gap : (number + 1) * gap], tle(good)]
    catalog = read("".join(parts), tmp_path)
    assert [one.name for one in catalog.accepted] == [one.name for one in GOOD]
    assert_reported(catalog.rejected, [words for _, words in TLE_DAMAGE.values()])


def test_a_line_2_on_its_own_costs_the_next_record_nothing(tmp_path: Path) -> None:
    """Of the same object, without names: its line 1 goes with the line 2 behind it."""
    lines = (SECOND, FIRST, SECOND, *tle_lines(GOOD[0]))
    catalog = read("\n".join(lines), tmp_path)
    assert [one.catalog_id for one in catalog.accepted] == ["45777", GOOD[0].catalog_id]
    assert [one.problem for one in catalog.rejected] == ["line 2 without a line 1"]


def test_a_missing_key_is_not_taken_for_another_that_belongs_there(tmp_path: Path) -> None:
    catalog = read(omm_values("omm-json", "MEAN_MOTION", None), tmp_path)
    (rejected,) = catalog.rejected
    assert (rejected.problem, rejected.cure) == ("MEAN_MOTION is missing", "Add MEAN_MOTION.")


@pytest.mark.parametrize("kind", STRUCTURE)
def test_omm_with_as_many_kinds_of_damage(kind: str, tmp_path: Path) -> None:
    damage = [(omm_values(kind, key, value), words) for key, value, words in VALUES.values()]
    damage += [(mar(TEXTS[kind]([VICTIM])), words) for mar, words in STRUCTURE[kind]]
    damage.append((TEXTS[kind]([OLDER]), "duplicate id"))
    text, good = between(kind, [record(kind, one) for one, _ in damage])
    assert len(damage) >= 12
    catalog = read(text, tmp_path)
    assert list(catalog.accepted) == good
    assert len(good) > 3
    assert_reported(catalog.rejected, [words for _, words in damage])


@pytest.mark.parametrize("kind", TEXTS)
def test_of_one_object_the_newest_record_is_kept(kind: str, tmp_path: Path) -> None:
    one = GOOD[0]
    older, newer = (replace(one, epoch=one.epoch + timedelta(days=days)) for days in (-1, 1))
    catalog = read(TEXTS[kind]([one, older, newer, GOOD[1], newer]), tmp_path)
    assert [found.catalog_id for found in catalog.accepted] == [one.catalog_id, GOOD[1].catalog_id]
    assert (catalog.accepted[0].epoch - newer.epoch).total_seconds() == pytest.approx(0, abs=1e-3)
    assert [rejected.problem.split(": ")[0] for rejected in catalog.rejected] == 3 * [
        "duplicate id"
    ]
    assert "newer epoch" in catalog.rejected[0].problem
    assert "the same epoch" in catalog.rejected[2].problem


def test_alpha5_and_digits_are_duplicates(tmp_path: Path) -> None:
    sets = [replace(GOOD[0], catalog_id=catalog_id) for catalog_id in ("A0000", "100000")]
    catalog = read(TEXTS["omm-json"](sets), tmp_path)
    assert [one.catalog_id for one in catalog.accepted] == ["A0000"]


def test_objects_without_number_are_no_duplicates(tmp_path: Path) -> None:
    """Id 0 is given to what has no number yet."""
    sets = [replace(one, catalog_id="0") for one in GOOD[:3]]
    assert len(read(TEXTS["omm-json"](sets), tmp_path).accepted) == 3


def test_a_file_cut_off_in_the_middle_keeps_what_is_whole(tmp_path: Path) -> None:
    for kind, write in TEXTS.items():
        text = write(GOOD)
        cut = text[: text.index(GOOD[4].name) + 80]
        catalog = read(cut, tmp_path)
        assert [one.name for one in catalog.accepted] == [one.name for one in GOOD[:4]], kind
        assert [one.name for one in catalog.rejected] == [GOOD[4].name], kind
