"""Why objects were not in custody, and what of it denial cost: tables for people, CSV and figures.

All hours count objects alike, whatever their weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Flags, Floats
from ssa_psro.findings.coverage import WHOLE
from ssa_psro.findings.table import COUNT, SIDE, SIDES, Column, Table, Value, make_table
from ssa_psro.findings.wording import Form, percent
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.scenario.schema import REGIMES
from ssa_psro.trace.causes import CAUSES, Cause

if TYPE_CHECKING:
    from ssa_psro.geometry.arena import Objects
    from ssa_psro.trace.causes import Lapses
    from ssa_psro.trace.episode import Trace

_HOURS = Form(1).number
_OBJECTS = Column("objects", "", "the whole catalogue, or one regime")
_OBJECT = Column("object", "", "name of the object")
_REGIME = Column("regime", "", "of its orbit")
_CAUSE = Column("cause", "", "why there was no custody; docs/causes.md has the list")
_SHARE = Column("share", "share of the hours without custody", "adds up to 1", write=percent)


def cause_table(steps: NDArray[np.int64], objects: Objects, step_h: float) -> Table:
    """Hours without custody by cause, of the catalogue and of each regime.

    Args:
        steps: ``[E, 2, N, C]`` of ``trace.causes.cause_steps``, an episode a row.
        objects: the N objects.
        step_h: length of a step.
    """
    columns = (
        SIDE,
        _OBJECTS,
        _CAUSE,
        Column("hours", "object-hours an episode", "without custody for this cause", write=_HOURS),
        Column("low", "object-hours an episode", "lower bound of its 95 % interval", write=_HOURS),
        Column("high", "object-hours an episode", "upper bound of its 95 % interval", write=_HOURS),
        _SHARE,
        COUNT,
    )
    found = [cause for cause in CAUSES if steps[..., cause].any()]
    rows: list[tuple[Value, ...]] = []
    for side, who in enumerate(SIDES):
        for name, members in _groups(objects):
            hours = steps[:, side, members].sum(axis=1) * step_h
            lost_h = hours[:, 1:].sum(axis=1).mean()
            for cause in found:
                mean = hours[:, cause].mean()
                share = mean / lost_h if lost_h > 0 else None
                bounds = _bounds(hours[:, cause])
                rows.append((who, name, CAUSES[cause], mean, *bounds, share, len(steps)))
    note = "Object-hours an episode, all objects alike. Shares are of the hours without custody."
    return make_table("causes", "Why there was no custody", columns, rows, note=note)


def object_cause_table(steps: NDArray[np.int64], objects: Objects, step_h: float) -> Table:
    """The same of every object; causes that an object never had are left out."""
    columns = (
        SIDE,
        _OBJECT,
        _REGIME,
        _CAUSE,
        Column("hours", "h an episode", "without custody for this cause", write=_HOURS),
        _SHARE,
    )
    hours = steps.mean(axis=0) * step_h
    rows: list[tuple[Value, ...]] = []
    for side, n, cause in np.argwhere(hours > 0):
        if cause == Cause.CUSTODY:
            continue
        mean = hours[side, n, cause]
        regime = REGIMES[objects.regime[n]]
        share = mean / hours[side, n, 1:].sum()
        rows.append((SIDES[side], objects.names[n], regime, CAUSES[Cause(cause)], mean, share))
    title = "Why there was no custody of each object"
    return make_table("object-causes", title, columns, rows)


def recovered_table(
    steps: NDArray[np.int64], recovered: Floats, objects: Objects, step_h: float
) -> Table:
    """What each side would hold if the other never denied, beside what denial stood in the way of.

    Args:
        steps: as in :func:`cause_table`.
        recovered: ``[E, 2, N]`` of ``trace.causes.recovered_steps``, the same episodes.
        objects: the N objects.
        step_h: length of a step.
    """
    columns = (
        SIDE,
        _OBJECTS,
        Column("lost", "object-hours an episode", "hours without custody", write=_HOURS),
        Column("denied", "object-hours an episode", CAUSES[Cause.DENIED], write=_HOURS),
        Column(
            "recovered",
            "object-hours an episode",
            "custody gained in a replay with the same luck in which the other side never denies",
            "recovered if not denied",
            write=_HOURS,
        ),
        Column("low", "object-hours an episode", "lower bound of its 95 % interval", write=_HOURS),
        Column("high", "object-hours an episode", "upper bound of its 95 % interval", write=_HOURS),
        COUNT,
    )
    rows = []
    for side, who in enumerate(SIDES):
        for name, members in _groups(objects):
            hours = steps[:, side, members].sum(axis=1).mean(axis=0) * step_h
            gained = recovered[:, side, members].sum(axis=1) * step_h
            numbers = (hours[1:].sum(), hours[Cause.DENIED], gained.mean())
            rows.append((who, name, *numbers, *_bounds(gained), len(steps)))
    note = "More may be recovered than was denied: an object that is lost is hard to find again."
    return make_table("recovered", "Recovered if not denied", columns, rows, note=note)


def lapse_table(lapses: Lapses, trace: Trace, objects: Objects) -> Table:
    """Every spell without custody in one episode, in UTC."""
    columns = (
        SIDE,
        _OBJECT,
        _REGIME,
        Column("from", "UTC", "first step without custody"),
        Column("to", "UTC", "first step with custody again, or the end of the episode"),
        Column("hours", "h", "how long it lasted", write=_HOURS),
        Column("cause", "", "the one that took most of it"),
    )
    rows = []
    for side, n, first, end, cause in zip(*(part.tolist() for part in lapses), strict=True):
        times = (trace.utc(step).strftime("%Y-%m-%dT%H:%M:%SZ") for step in (first, end))
        hours = (end - first) * trace.step_s / 3600
        regime = REGIMES[objects.regime[n]]
        rows.append((SIDES[side], objects.names[n], regime, *times, hours, CAUSES[Cause(cause)]))
    return make_table("lapses", "When custody was lost", columns, rows)


def _groups(objects: Objects) -> Iterator[tuple[str, Flags]]:
    """The catalogue and each regime that has objects."""
    yield WHOLE, np.ones(len(objects), np.bool_)
    for index, regime in enumerate(REGIMES):
        members = objects.regime == index
        if members.any():
            yield regime, members


def _bounds(samples: Floats) -> tuple[float | None, float | None]:
    """Of the mean's 95 % interval; none from a single episode."""
    if len(samples) < 2:
        return None, None
    found = student_interval(samples)
    return found.low, found.high
