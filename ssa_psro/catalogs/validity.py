"""Element sets against the time they are to be used at: too old, too new, decayed by then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from sgp4.conveniences import jday_datetime

from ssa_psro.catalogs.checks import sgp4_problem
from ssa_psro.catalogs.element_set import ElementSet, satrec
from ssa_psro.catalogs.records import CatalogFile, Rejected

NEARER = "Use an element set nearer to the window, or allow a larger difference."
GONE = "Leave it out, or use a newer element set."
LONGEST_STEP_DAYS = 0.25
"""Decay is looked for at instants no further apart; an orbit that has decayed stays so."""


def check_epochs(catalog: CatalogFile, *, epoch: datetime, span_days: float) -> CatalogFile:
    """``catalog`` without the element sets whose epoch is over ``span_days`` from ``epoch``."""

    def problem(one: ElementSet) -> str | None:
        days = (one.epoch - epoch) / timedelta(days=1)
        if abs(days) <= span_days:
            return None
        side = "after" if days > 0 else "before"
        return f"epoch {one.epoch:%Y-%m-%d %H:%M} is {abs(days):.1f} days {side} the window"

    return _reject(catalog, problem, NEARER)


def check_decay(catalog: CatalogFile, *, start: datetime, end: datetime) -> CatalogFile:
    """``catalog`` without the element sets that SGP4 cannot follow from ``start`` to ``end``."""
    days = (end - start) / timedelta(days=1)
    offsets = np.linspace(0.0, days, int(days / LONGEST_STEP_DAYS) + 2)
    day, fraction = jday_datetime(start)

    def problem(one: ElementSet) -> str | None:
        codes, _, _ = satrec(one).sgp4_array(np.full_like(offsets, day), fraction + offsets)
        if not codes.any():
            return None
        first = int(np.argmax(codes != 0))
        when = start + timedelta(days=float(offsets[first]))
        return f"{sgp4_problem(int(codes[first]))}, at {when:%Y-%m-%d %H:%M}"

    return _reject(catalog, problem, GONE)


def _reject(
    catalog: CatalogFile, problem: Callable[[ElementSet], str | None], cure: str
) -> CatalogFile:
    """``catalog`` with every element set that has a problem moved to the rejected ones."""
    problems = [problem(one) for one in catalog.accepted]
    found = list(zip(problems, catalog.places, catalog.accepted, strict=True))
    rejected = [
        Rejected(place, one.name, one.catalog_id, what, cure) for what, place, one in found if what
    ]
    return replace(
        catalog,
        accepted=tuple(one for what, _, one in found if not what),
        rejected=(*catalog.rejected, *rejected),
        places=tuple(place for what, place, _ in found if not what),
    )
