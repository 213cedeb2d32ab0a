"""The cache of finished tables: found again, never trusted blindly, never half written."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skies import scenario, walker, window

from ssa_psro.geometry import build, build_arena, default_cache_dir
from ssa_psro.geometry.arena import AccessTables
from ssa_psro.geometry.cache import (
    TABLE_DTYPES,
    load_tables,
    pieces_of,
    save_tables,
    table_path,
)
from ssa_psro.scenario.schema import GameRules, Sensor, Side

SHAPES = {"quality": (4, 2, 3, 5), "denial": (4, 2, 3, 3), "position_km": (4, 11, 3)}


def some_tables(seed: int = 0) -> AccessTables:
    """Random tables of the shapes above."""
    random = np.random.default_rng(seed)
    return AccessTables(
        **{
            name: random.integers(0, 255, shape).astype(TABLE_DTYPES[name])
            for name, shape in SHAPES.items()
        }
    )


def same(a: AccessTables, b: AccessTables) -> bool:
    """Whether two sets of tables agree to the last bit."""
    return all(np.array_equal(x, y) and x.dtype == y.dtype for x, y in zip(a, b, strict=True))


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A good cache file, as bytes."""
    path = tmp_path_factory.mktemp("cache") / "tables.bin"
    save_tables(path, SHAPES, pieces_of(some_tables()))
    return path.read_bytes()


def test_second_build_reads_what_the_first_wrote(tmp_path: Path) -> None:
    stages: list[str] = []
    first = build_arena(
        scenario(), cache_dir=tmp_path, progress=lambda stage, _: stages.append(stage)
    )
    assert "access" in stages
    assert len(list(tmp_path.iterdir())) == 1
    stages.clear()
    again = build_arena(
        scenario(), cache_dir=tmp_path, progress=lambda stage, _: stages.append(stage)
    )
    assert stages == ["ready"]
    assert same(first.tables, again.tables)


def test_damaged_file_is_made_anew(tmp_path: Path) -> None:
    good = build_arena(scenario(), cache_dir=tmp_path).tables
    (path,) = tmp_path.iterdir()
    for damage in (b"", b"no tables", path.read_bytes()[:-100], path.read_bytes() + b"0"):
        path.unlink()  # the tables above are still mapped
        path.write_bytes(damage)
        assert same(build_arena(scenario(), cache_dir=tmp_path).tables, good)
        assert load_tables(path, {name: array.shape for name, array in good._asdict().items()})


def test_file_of_other_shapes_is_made_anew(tmp_path: Path) -> None:
    path = table_path(tmp_path, scenario())
    save_tables(path, SHAPES, pieces_of(some_tables()))
    built = build_arena(scenario(), cache_dir=tmp_path).tables
    assert built.quality.shape == (288, 2, 6, 7)


@settings(max_examples=200)
@given(data=st.data())
def test_no_flipped_byte_passes_unnoticed(
    stored: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(stored) - 1))
    flipped = stored[place] ^ data.draw(st.integers(1, 255))
    path = tmp_path_factory.getbasetemp() / "flipped.bin"
    path.write_bytes(stored[:place] + bytes([flipped]) + stored[place + 1 :])
    loaded = load_tables(path, SHAPES)
    assert loaded is None or same(loaded, some_tables())


def test_key_follows_geometry_and_nothing_else(tmp_path: Path) -> None:
    base = table_path(tmp_path, scenario())
    for unrelated in (
        {"description": "words"},
        {"name": "other"},
        {"rules": GameRules(denial=False)},
    ):
        assert table_path(tmp_path, scenario(**unrelated)) == base
    for related in (
        {"window": window(step_s=600)},
        {"blue": Side(constellation=walker(raan_deg=1.0))},
        {"blue": Side(constellation=walker(), sensor=Sensor(sun_exclusion_deg=20.0))},
    ):
        assert table_path(tmp_path, scenario(**related)) != base


def test_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    broken = some_tables()._replace(quality=np.array([object()]))
    with pytest.raises(TypeError):
        save_tables(tmp_path / "tables.bin", SHAPES, pieces_of(broken))
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_tables_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(path: Path, shapes: object, pieces: Iterable[np.ndarray], tell: object) -> None:
        for _ in zip(
            range(70), pieces, strict=False
        ):  # all positions, and a little of what is seen
            pass
        raise OSError("No space left on device")

    wanted = build_arena(scenario(), cache_dir=None).tables
    monkeypatch.setattr(build, "save_tables", half)
    with pytest.warns(UserWarning, match="not cached: No space left"):
        found = build_arena(scenario(), cache_dir=tmp_path).tables
    assert same(found, wanted)


def test_what_nobody_reads_or_finishes_any_more_is_swept(tmp_path: Path) -> None:
    names = ("tables-3-0a.npz", "tables-4-0a.bin", "tables-4-0bold.part", "tables-4-0bnew.part")
    for name in (*names, "tables-99-0a.bin", "tables.txt"):
        (tmp_path / name).write_text("something")
    for name in ("tables-4-0a.bin", "tables-4-0bold.part", "tables-99-0a.bin", "tables.txt"):
        os.utime(tmp_path / name, (time.time() - 90_000.0,) * 2)
    save_tables(tmp_path / "tables-4-0c.bin", SHAPES, pieces_of(some_tables()))
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {
        "tables-4-0a.bin",
        "tables-4-0bnew.part",
        "tables-4-0c.bin",
        "tables-99-0a.bin",
        "tables.txt",
    }


def test_writing_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[float] = []
    save_tables(tmp_path / "tables.bin", SHAPES, pieces_of(some_tables()), told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) >= 12  # every step of every table


def test_writing_into_loaded_tables_changes_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "tables.bin"
    save_tables(path, SHAPES, pieces_of(some_tables()))
    mine = load_tables(path, SHAPES)
    assert mine is not None
    mine.quality[:] = 0
    mine.position_km[:] = np.nan
    yours = load_tables(path, SHAPES)
    assert yours is not None
    assert same(yours, some_tables())


def test_folder_that_cannot_be_made_costs_a_warning_only(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("in the way")
    with pytest.warns(UserWarning, match="not cached"):
        arena = build_arena(scenario(), cache_dir=occupied / "cache")
    assert arena.tables.quality.any()


def test_default_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSA_PSRO_CACHE", str(tmp_path / "own"))
    assert default_cache_dir() == tmp_path / "own"
    build_arena(scenario())
    assert len(list((tmp_path / "own").iterdir())) == 1
    monkeypatch.delenv("SSA_PSRO_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert default_cache_dir() == tmp_path / "xdg" / "ssa_psro"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_cache_dir() == Path.home() / ".cache" / "ssa_psro"


def test_without_a_home_folder_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("SSA_PSRO_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.warns(UserWarning, match="no home folder is known"):
        arena = build_arena(scenario())
    assert arena.tables.quality.any()
