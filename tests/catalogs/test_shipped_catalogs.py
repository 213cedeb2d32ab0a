"""The catalogues in data/: made by the commands in its README, byte by byte, and sound."""

from __future__ import annotations

import re
import shlex
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ssa_psro.catalogs import read_catalog
from ssa_psro.catalogs.particulars import (
    attributes_of,
    read_attributes,
    read_forecasts,
    unmatched_forecasts,
)
from ssa_psro.cli.app import PROGRAM, build_app

DATA = Path(__file__).parents[2] / "data"
README = (DATA / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^ssa-psro (.*)$", README, re.MULTILINE)
CHECKSUMS = {name: digest for digest, name in re.findall(r"^([0-9a-f]{64})  data/(.*)$", README, 8)}
CATALOGS = [name for name in CHECKSUMS if not name.endswith(("-attributes.csv", "-windows.csv"))]


def digest_of(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def test_every_file_has_its_checksum() -> None:
    found = {path.name: digest_of(path) for path in DATA.iterdir() if path.name != "README.md"}
    assert found == CHECKSUMS


def test_the_commands_make_the_files_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in COMMANDS:
        outcome = CliRunner().invoke(build_app(), shlex.split(command), prog_name=PROGRAM)
        assert outcome.exit_code == 0, outcome.output
    made = {path.name: digest_of(path) for path in (tmp_path / "data").iterdir()}
    assert made == CHECKSUMS


@pytest.mark.parametrize("name", CATALOGS)
def test_every_catalogue_is_sound_and_described(name: str) -> None:
    path = DATA / name
    catalog = read_catalog(path)
    assert not catalog.rejected
    assert 40 <= len(catalog.accepted) <= 60
    rows = read_attributes(path.with_name(f"{path.stem}-attributes.csv"))
    assert all(attributes_of(rows, catalog.accepted))
    windows = path.with_name(f"{path.stem}-windows.csv")
    if windows.exists():
        assert not unmatched_forecasts(read_forecasts(windows), catalog.accepted)


def test_the_catalogues_show_every_notation_and_ids_that_tle_cannot_write() -> None:
    catalogs = [read_catalog(DATA / name) for name in CATALOGS]
    formats = {catalog.format for catalog in catalogs}
    assert formats == {"omm-json", "omm-csv", "omm-xml", "omm-kvn"}
    for catalog in catalogs:
        assert any(int(one.catalog_id) > 339999 for one in catalog.accepted)
