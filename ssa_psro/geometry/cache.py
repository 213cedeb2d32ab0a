"""Finished tables on disk: found again, never trusted blindly, never half written.

A file is named by the content of the scenario that its tables were made from. It is the plain
numbers of the tables (never pickles), which are mapped rather than read: what is never looked at
takes no memory, and processes that play the same game share what they look at. A file that is not
to the last bit what was written counts as absent, and is written anew.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from math import prod
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import parts
from ssa_psro.geometry.arena import AccessTables
from ssa_psro.progress import Progress, untold
from ssa_psro.scenario import Scenario, geometry_hash

TABLE_FORMAT: Final = 4
"""Raise this whenever the same scenario gives other tables than before, or other files of them."""
TABLE_DTYPES: Final = {"position_km": np.float32, "quality": np.uint8, "denial": np.uint8}
"""In the order of a file. Numbers of four bytes come first, so that they lie where they should."""
HEADER_BYTES: Final = 4096
BLOCK_BYTES: Final = 1 << 20
ABANDONED_S: Final = 86400.0
"""Age from which nobody is taken to be writing a file any more."""

Shapes = Mapping[str, tuple[int, ...]]


def default_cache_dir() -> Path | None:
    """``$SSA_PSRO_CACHE``, else ``ssa_psro`` in the user's XDG cache folder.

    Whoever has no home has none: it is said once, and tables are made anew every time.
    """
    if own := os.environ.get("SSA_PSRO_CACHE"):
        return Path(own)
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "ssa_psro"
    try:
        return Path.home() / ".cache" / "ssa_psro"
    except RuntimeError:
        problem = "no home folder is known. Name a folder by SSA_PSRO_CACHE."
        warnings.warn(f"Tables are not cached: {problem}", stacklevel=2)
        return None


def table_path(folder: Path, scenario: Scenario) -> Path:
    """Where the tables of a scenario are kept: named by table format and all geometry reads."""
    return folder / f"tables-{TABLE_FORMAT}-{geometry_hash(scenario)[:32]}.bin"


def load_tables(path: Path, shapes: Shapes) -> AccessTables | None:
    """Tables from a cache file, or ``None`` if it is absent, damaged or of another shape.

    They may be written to; that changes this process's copy alone.

    Args:
        path: the file.
        shapes: shape of each field of ``AccessTables``.
    """
    tables, offset = {}, HEADER_BYTES
    try:
        if not _is_whole(path, shapes):
            return None
        for name, dtype in TABLE_DTYPES.items():
            mapped = np.memmap(path, dtype, "c", offset, shapes[name])
            tables[name], offset = np.asarray(mapped), offset + mapped.nbytes
    except (OSError, ValueError):  # absent, or too short to be mapped
        return None
    return AccessTables(**tables)


def save_tables(
    path: Path, shapes: Shapes, pieces: Iterable[NDArray[Any]], tell: Progress = untold
) -> None:
    """Write tables at once or not at all: readers never see half a file.

    What older versions left in the folder, and what nobody finished, is swept.

    Args:
        path: the file.
        shapes: shape of each field of ``AccessTables``.
        pieces: the tables in the order of a file, some steps at a time; each piece is asked for
            when those before it are written, so that no table has to be whole in memory.
        tell: told the share that is written.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.seek(HEADER_BYTES)
            check, total = 0, _table_bytes(shapes)
            for piece in pieces:
                file.write(piece.data)
                check = crc32(piece.data, check)
                tell((file.tell() - HEADER_BYTES) / total)
            file.seek(0)
            file.write(_header(shapes, check))
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def pieces_of(tables: AccessTables) -> Iterator[NDArray[Any]]:
    """Finished tables as ``save_tables`` takes them."""
    for name, dtype in TABLE_DTYPES.items():
        yield from in_pieces(np.ascontiguousarray(getattr(tables, name), dtype))


def in_pieces(table: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Some steps of a table at a time; looked at only when they are asked for."""
    return (table[part] for part in parts(len(table)))


def _table_bytes(shapes: Shapes) -> int:
    return sum(
        prod(shapes[name]) * np.dtype(dtype).itemsize for name, dtype in TABLE_DTYPES.items()
    )


def _header(shapes: Shapes, check: int) -> bytes:
    """What the file holds, in words, and the CRC-32 of it."""
    lines = [f"{np.dtype(dtype)} {name} {shapes[name]}" for name, dtype in TABLE_DTYPES.items()]
    return "\n".join([*lines, f"{check:08x}\n"]).encode().ljust(HEADER_BYTES)


def _is_whole(path: Path, shapes: Shapes) -> bool:
    """Whether a file holds such tables, exactly as they were written."""
    with path.open("rb") as file:
        header, check = file.read(HEADER_BYTES), 0
        while block := file.read(BLOCK_BYTES):
            check = crc32(block, check)
    return header == _header(shapes, check)


def _sweep(folder: Path) -> None:
    """Remove tables of older formats, and what nobody has finished for a day."""
    long_ago = time.time() - ABANDONED_S
    for path in folder.glob("tables-*"):
        written = re.match(r"tables-(\d+)-", path.name)
        older = written is not None and int(written[1]) < TABLE_FORMAT
        with suppress(OSError):  # others may be sweeping too
            if older or (path.suffix == ".part" and path.stat().st_mtime < long_ago):
                path.unlink()
