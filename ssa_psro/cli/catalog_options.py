"""Options that commands on catalogues share, and what their texts mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MOST_OBJECTS = 100_000
"""Of one regime in a generated catalogue."""


def instant(text: str, option: str) -> datetime:
    """The instant in UTC that an option names. Raises ``UsageError``."""
    from ssa_psro.catalogs.omm_fields import omm_epoch
    from ssa_psro.catalogs.records import RecordError
    from ssa_psro.errors import Fault, UsageError

    try:
        return omm_epoch(text if "T" in text else f"{text}T00:00:00")
    except RecordError:
        cure = "Write UTC, as in 2026-03-20 or 2026-03-20T06:00:00."
        fault = Fault(option, text, "is not a date, or a date and time", cure)
        raise UsageError("command line", [fault]) from None


def populations(texts: list[str]) -> list[tuple[str, int]]:
    """``["LEO:60", "GEO:20"]`` as names and counts. Raises ``UsageError`` with every fault."""
    from ssa_psro.catalogs.generation import POPULATIONS
    from ssa_psro.errors import Fault, UsageError, did_you_mean

    faults, found = [], []
    for text in texts:
        name, colon, count = (part.strip() for part in text.partition(":"))
        if name.upper() not in POPULATIONS:
            hint = did_you_mean(name.upper(), POPULATIONS)
            faults.append(Fault("--regime", text, "no such regime", hint))
        elif not (count.isdecimal() and count.isascii() and 0 < int(count[:9]) <= MOST_OBJECTS):
            problem = "lacks a count" if not colon else "has no such count"
            cure = f"Write {name.upper()}:60, with 1 to {MOST_OBJECTS} objects."
            faults.append(Fault("--regime", text, problem, cure))
        else:
            found.append((name.upper(), int(count)))
    if faults:
        raise UsageError("command line", faults)
    return found
