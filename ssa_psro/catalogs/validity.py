"""Element sets against the time they are to be used at: too old, too new, decayed by then."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from sgp4.conveniences import jday_datetime

from ssa_psro.catalogs.checks import sgp4_problem
from ssa_psro.catalogs.element_set import ElementSet, satrec
from ssa_psro.catalogs.records import CatalogFile, reject

NEARER = "Use an element set nearer to the window, or allow a larger difference."
GONE = "Leave it out, or use a newer element set."
LONGEST_STEP_DAYS = 0.25
"""Decay is looked for at instants no further apart; an orbit that has decayed stays so."""


def check_epochs(catalog: CatalogFile, *, epoch: datetime, span_days: float) -> CatalogFile:
    """``catalog`` without the element sets whose epoch is over ``span_days`` from ``epoch``."""

    def problem(one: ElementSet) -> str:
        days = (one.epoch - epoch) / timedelta(days=1)
        if abs(days) <= span_days:
            return ""
        side = "after" if days > 0 else "before"
        return f"epoch {one.epoch:%Y-%m-%d %H:%M} is {abs(days):.1f} days {side} the window"

    return reject(catalog, [problem(one) for one in catalog.accepted], NEARER)


def check_decay(catalog: CatalogFile, *, start: datetime, end: datetime) -> CatalogFile:
    """``catalog`` without the element sets that SGP4 cannot follow from ``start`` to ``end``."""
    days = (end - start) / timedelta(days=1)
    offsets = np.linspace(0.0, days, int(days / LONGEST_STEP_DAYS) + 2)
    day, fraction = jday_datetime(start)

    def problem(one: ElementSet) -> str:
        codes, _, _ = satrec(one).sgp4_array(np.full_like(offsets, day), fraction + offsets)
        if not codes.any():
            return ""
        first = int(np.argmax(codes != 0))
        when = start + timedelta(days=float(offsets[first]))
        return f"{sgp4_problem(int(codes[first]))}, at {when:%Y-%m-%d %H:%M}"

    return reject(catalog, [problem(one) for one in catalog.accepted], GONE)
