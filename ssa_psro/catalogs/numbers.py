"""Numbers as catalogue files write them; stricter than ``float``, which takes ``1_0`` and nan."""

from __future__ import annotations

import re

from ssa_psro.catalogs.records import RecordError

DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def decimal(text: str, what: str) -> float:
    """The number that ``text`` writes; infinite where it is too large.

    Raises:
        RecordError: it writes none. ``what`` names it.
    """
    stripped = text.strip()
    if not DECIMAL.fullmatch(stripped):
        raise RecordError(
            f"{what} is not a number (found {stripped[:40]!r})", f"Write {what} as 1.25."
        )
    return float(stripped)
