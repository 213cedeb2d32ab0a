"""Finished tables on disk, found again by the content of the scenario that they were made from.

Only plain arrays are stored and loaded (never pickles). A file that cannot be read, or whose
arrays are not as expected, counts as absent and is written anew.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ssa_psro.geometry.arena import AccessTables
from ssa_psro.scenario import Scenario, geometry_hash

TABLE_FORMAT = 3
"""Raise this whenever the same scenario gives other tables than before."""
TABLE_DTYPES = {"quality": np.uint8, "denial": np.uint8, "position_km": np.float32}


def default_cache_dir() -> Path:
    """``$SSA_PSRO_CACHE``, else ``ssa_psro`` in the user's XDG cache folder."""
    if own := os.environ.get("SSA_PSRO_CACHE"):
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "ssa_psro"


def table_path(folder: Path, scenario: Scenario) -> Path:
    """Where the tables of a scenario are kept: named by table format and all geometry reads."""
    return folder / f"tables-{TABLE_FORMAT}-{geometry_hash(scenario)[:32]}.npz"


def load_tables(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> AccessTables | None:
    """Tables from a cache file, or ``None`` if it is absent, damaged or of another shape.

    Args:
        path: the file.
        shapes: shape of each field of ``AccessTables``.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            tables = AccessTables(**{name: stored[name] for name in AccessTables._fields})
    except Exception:  # whatever a damaged file raises, the cure is to make it anew
        return None
    expected = all(
        array.shape == shapes[name] and array.dtype == TABLE_DTYPES[name]
        for name, array in tables._asdict().items()
    )
    return tables if expected else None


def save_tables(path: Path, tables: AccessTables) -> None:
    """Write tables at once or not at all: readers never see half a file.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, allow_pickle=False, **tables._asdict())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
