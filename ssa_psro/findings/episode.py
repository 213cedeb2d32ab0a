"""One episode in tables: how freshly each object was known, and what each sensor did when."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Flags
from ssa_psro.findings.table import SIDES, Column, Table, Value, make_table
from ssa_psro.scenario import Scenario
from ssa_psro.trace import Activity, Trace

MOST_SAMPLES = 145
"""Times in the table of ages: every half hour of three days."""

HOLDERS = {-1: "nobody", 0: "blue", 1: "red", 2: "both alike"}
"""Who has the fresher custody, as traces number it."""

DENIED, PROTECTED = "denied", "protected"
"""States of a sensor beside what it does."""


def age_table(trace: Trace, scenario: Scenario) -> Table:
    """Age of information and custody of every object with each side, at evenly spaced steps."""
    columns = (
        Column("object", "", "its name"),
        Column("regime", "", "LEO, MEO, GEO or HEO"),
        Column("contested", "", "whether only the fresher custody is paid for"),
        Column("hour", "h", "hours since the episode began"),
        Column("utc", "", "the same as a time"),
        *(
            column
            for side in SIDES
            for column in (
                Column(f"{side}_age_h", "h", f"since {side}'s last success; may reach back before"),
                Column(f"{side}_custody", "", f"whether {side} has custody"),
            )
        ),
        Column("holder", "", "who has the fresher custody"),
    )
    every = max(1, -(-trace.steps // MOST_SAMPLES))
    rows = (
        row
        for place, one in enumerate(scenario.catalog.roster())
        for row in _ages(trace, place, (one.name, one.regime, one.contested), every)
    )
    title = "Age of information and custody of every object in one episode"
    return make_table("ages", title, columns, rows)


def _ages(
    trace: Trace, place: int, member: tuple[Value, ...], every: int
) -> Iterator[tuple[Value, ...]]:
    for step in range(0, trace.steps, every):
        hour = step * trace.step_s / 3600.0
        known = [
            number
            for side in (0, 1)
            for number in (
                hour - float(trace.seen_h[side, step, place]),
                bool(trace.custody[side, step, place]),
            )
        ]
        holder = HOLDERS[int(trace.holder[step, place])]
        yield (*member, hour, trace.utc(step).isoformat(), *known, holder)


def activity_table(trace: Trace, scenario: Scenario) -> Table:
    """What each sensor did from when to when, and when it was denied or protected."""
    columns = (
        Column("side", "", "blue or red"),
        Column("sensor", "", "number of the side's sensor, from 1"),
        Column("state", "", "what it does; or that it is denied, or protected"),
        Column("start_h", "h", "hours since the episode began"),
        Column("end_h", "h", "likewise; the end is no part of it"),
    )
    rows = [
        (side, sensor + 1, state, first * trace.step_s / 3600.0, end * trace.step_s / 3600.0)
        for number, (side, own) in enumerate(zip(SIDES, scenario.sides, strict=True))
        for sensor in range(own.constellation.count)
        for state, when in _states(trace, number, sensor)
        for first, end in spells(when)
    ]
    return make_table("activity", "What the sensors did in one episode", columns, rows)


def _states(trace: Trace, side: int, sensor: int) -> Iterator[tuple[str, Flags]]:
    activity = trace.activity[side, :, sensor]
    for kind in Activity:
        if kind != Activity.IDLE:
            yield kind.name.lower(), activity == kind
    yield DENIED, trace.denied[side, :, sensor]
    yield PROTECTED, trace.protected[side, :, sensor]


def spells(when: Flags) -> NDArray[np.int64]:
    """``[K, 2]`` first and end step of every run of true values in ``when [T]``."""
    edges = np.diff(np.concatenate([[False], when, [False]]).astype(np.int8))
    return np.stack([np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)], axis=1)
