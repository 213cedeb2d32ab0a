"""Files that would take long, fill the memory or never end: told, and soon.

Once 100 kB of ``<!--`` or of ``{`` took longer than 20 s; a reader whose time grows with the square
of the size would take minutes for the files of this page.
"""

from __future__ import annotations

import gzip
import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from element_files import TEXTS as SOUND
from element_files import element_sets, read

from evidence.catalog_readers import TABLES, TEXTS
from ssa_psro.catalogs import read_catalog, tables
from ssa_psro.catalogs.particulars import read_attributes
from ssa_psro.errors import CatalogError

SIZE = 300_000
MOST_S = 10.0


@pytest.mark.parametrize("name", [*TEXTS, *TABLES])
def test_hostile_files_take_no_longer_than_sound_ones(name: str, tmp_path: Path) -> None:
    reader, make = TABLES.get(name) or (read_catalog, TEXTS[name])
    path = tmp_path / "file"
    path.write_text(make(SIZE), "utf-8")
    start = time.process_time()
    with suppress(CatalogError):
        reader(path)
    assert time.process_time() - start < MOST_S


def test_a_hundred_thousand_damaged_records_are_listed_and_one_more_refused(tmp_path: Path) -> None:
    sound = SOUND["tle"](element_sets()[:1])
    found = read("A\n" * 100_000 + sound, tmp_path)
    assert (len(found.accepted), len(found.rejected)) == (1, 100_000)
    with pytest.raises(CatalogError, match=r"more than 100000 damaged records, such as line 1: "):
        read("A\n" * 100_001 + sound, tmp_path)


def test_long_lines_are_told(tmp_path: Path) -> None:
    keys, row = SOUND["omm-csv"](element_sets()[:1]).splitlines()
    long = row.replace(row.split(",")[0], "N" * 100_000, 1)
    found = read(f"{keys}\n{long}\n{row}\n", tmp_path)
    assert len(found.accepted) == 1
    assert found.rejected[0].problem == "not CSV: is longer than 100000 characters"
    (tmp_path / "a.csv").write_text(f"name\n{'N' * 100_001}\n")
    with pytest.raises(CatalogError, match="is longer than 100000 characters"):
        read_attributes(tmp_path / "a.csv")


@pytest.mark.parametrize("kind", ["omm-kvn", "omm-xml"])
def test_messages_of_a_thousand_keys_and_more(kind: str, tmp_path: Path) -> None:
    """Standard keys count too, of which there are fewer than 40."""
    text = SOUND[kind](element_sets()[:1])
    for count, sound in ((900, True), (1001, False)):
        if kind == "omm-kvn":
            more = text + "".join(f"X{n} = 1\n" for n in range(count))
        else:
            tags = "".join(f"<X{n}>1</X{n}>" for n in range(count))
            more = text.replace("<metadata>", f"<metadata>{tags}")
        found = read(more, tmp_path)
        assert len(found.accepted) == sound
        assert sound or "more than 1000" in found.rejected[0].problem


def test_objects_within_objects_end_somewhere(tmp_path: Path) -> None:
    record = SOUND["omm-json"](element_sets()[:1])
    assert len(read('{"a": ' * 20 + record + "}" * 20, tmp_path).accepted) == 1
    found = read('{"a": ' * 21 + record + "}" * 21, tmp_path)
    assert found.rejected[0].problem.startswith("not JSON: ")


def test_what_gzip_made_of_too_much_is_refused(tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * 1_000_000)
    (tmp_path / "bomb.gz").write_bytes(bomb * 501)
    with pytest.raises(CatalogError, match="is larger than 500 MB once unpacked"):
        read_catalog(tmp_path / "bomb.gz")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for reader in (read_catalog, read_attributes):
        with pytest.raises(CatalogError, match="is a pipe, not a file"):
            reader(tmp_path / "pipe")


def test_rows_of_a_table_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    (tmp_path / "a.csv").write_text("name,radius_m\nA,1\nB,1\nC,1\n")
    assert len(read_attributes(tmp_path / "a.csv")) == 3
    (tmp_path / "a.csv").write_text("name,radius_m\nA,1\nB,1\nC,1\nD,1\n")
    with pytest.raises(CatalogError, match="the file: has more than 3 rows"):
        read_attributes(tmp_path / "a.csv")


def test_faults_of_a_table_end_at_a_thousand(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,radius_m\n" + "A,x\n" * 5000)
    with pytest.raises(CatalogError) as told:
        read_attributes(tmp_path / "a.csv")
    assert len(told.value.faults) == 1001
    assert "Mend these first" in str(told.value.faults[-1])
