"""Finished tables on disk, found again by the content of the scenario that they were made from.

Only plain arrays are stored and loaded (never pickles). A file that cannot be read, or whose
arrays are not as expected, counts as absent and is written anew.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import numpy as np

from ssa_psro.geometry.arena import AccessTables
from ssa_psro.scenario.schema import Scenario

TABLE_FORMAT = 1
"""Raise this whenever the same scenario gives other tables than before."""


def default_cache_dir() -> Path:
    """``$SSA_PSRO_CACHE``, else ``ssa_psro`` in the user's XDG cache folder."""
    if own := os.environ.get("SSA_PSRO_CACHE"):
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "ssa_psro"


def table_key(scenario: Scenario) -> str:
    """Hex name of a scenario's tables: a hash of the table format and all that geometry reads."""
    body = scenario.model_dump_json(include={"window", "blue", "red", "catalog"})
    return sha256(f"{TABLE_FORMAT}:{body}".encode()).hexdigest()


def table_path(folder: Path, scenario: Scenario) -> Path:
    """Where the tables of a scenario are kept inside the cache folder."""
    return folder / f"tables-{table_key(scenario)[:32]}.npz"


def load_tables(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> AccessTables | None:
    """Tables from a cache file, or ``None`` if it is absent, damaged or of other shapes."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            tables = AccessTables(**{name: stored[name] for name in AccessTables._fields})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    if any(getattr(tables, name).shape != shape for name, shape in shapes.items()):
        return None
    return tables


def save_tables(path: Path, tables: AccessTables) -> None:
    """Write tables at once or not at all: readers never see half a file.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **tables._asdict())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
