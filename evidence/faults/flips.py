"""One digit or one bit of a run folder changed: whether anything takes it for what was written."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from evidence.faults.commands import Bench
from evidence.faults.kills import models_of
from ssa_psro.errors import RunFolderError
from ssa_psro.study import open_run
from ssa_psro.study.audit import read_audit
from ssa_psro.study.verifying import FREE, Condition, verify

DIGITS: Final = b"0123456789"


def flips(place: Path, tiny: str, seed: int, end: float) -> Iterator[dict[str, Any]]:
    """What came of every change.

    Args:
        place: for everything.
        tiny: text of a small scenario whose oracle is ``cma-es``.
        seed: of the changes.
        end: of the time, ``time.monotonic()``.
    """
    scenario = place / "cma-es.toml"
    scenario.write_text(tiny)
    models = models_of(Bench(place), place / "cma-es", scenario, "cma-es")
    luck, folder = random.Random(seed), place / "runs" / "flipped"
    shutil.copytree(models["report"].folder, folder)
    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).as_posix() not in FREE
    )
    for path in cycle(paths):
        if time.monotonic() > end:
            return
        yield {"kind": "flips", **_flipped(folder, path, luck)}


def _flipped(folder: Path, path: Path, luck: random.Random) -> dict[str, Any]:
    """Change a file, look at the folder, and change it back."""
    content = path.read_bytes()
    where, changed = _change(content, luck)
    path.write_bytes(changed)
    try:
        found = verify(folder)
        key = path.relative_to(folder).as_posix()
        return {
            "file": key,
            "where": where,
            "digit": content[where : where + 1] in DIGITS,
            "verified": not found.faults,
            "named": found.files.get(key) == Condition.DAMAGED,
            "opened": _opened(folder),
        }
    finally:
        path.write_bytes(content)


def _change(content: bytes, luck: random.Random) -> tuple[int, bytes]:
    """A digit of a text, half of the times; else any bit."""
    digits = [n for n, one in enumerate(content) if one in DIGITS]
    if digits and luck.random() < 0.5:
        where = luck.choice(digits)
        other = luck.choice([one for one in DIGITS if one != content[where]])
    else:
        where = luck.randrange(len(content))
        other = content[where] ^ 1 << luck.randrange(8)
    return where, content[:where] + bytes([other]) + content[where + 1 :]


def _opened(folder: Path) -> bool:
    """Whether those who go on with a run would take it."""
    try:
        open_run(folder)
        read_audit(folder)
    except RunFolderError:
        return False
    return True
