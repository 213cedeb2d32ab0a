"""What happened in the episodes of a match, in UTC: custody step by step, looks, interference."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from ssa_psro.findings.figures_of_merit import FIGURES, SHARE
from ssa_psro.findings.table import SIDES, UTC, Column, Table, Value, make_table
from ssa_psro.scenario import Scenario
from ssa_psro.trace import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssa_psro.study.matches import Episode, MeasuredMatch
    from ssa_psro.trace import Trace

    Episodes = Sequence[Episode | Trace]


def custody_by_episode(match: MeasuredMatch, scenario: Scenario) -> Table:
    """Shares of the catalogue in custody at every step of every episode, in UTC."""
    columns = (
        *_EPISODE,
        Column("utc", UTC, "when the step begins"),
        Column("hour", "h", "hours since the episode began"),
        Column("side", "", "blue or red"),
        Column("custody", SHARE, FIGURES["custody"].meaning),
        Column("custody_weighted", SHARE, FIGURES["custody_weighted"].meaning),
        Column("held", SHARE, FIGURES["held"].meaning),
    )
    step_s = scenario.window.step_s
    rows = [
        (number, _utc(one, step * step_s), step * step_s / 3600.0, side, *values)
        for number, one in enumerate(match.episodes, 1)
        for place, side in enumerate(SIDES)
        for step, values in enumerate(
            zip(
                one.merit.custody[place].tolist(),
                one.merit.custody_weighted[place].tolist(),
                (None if np.isnan(x) else x for x in one.merit.held[place].tolist()),
                strict=True,
            )
        )
    ]
    return make_table("custody", "Custody of each episode", columns, rows)


_EPISODE = (Column("episode", "", "from 1"),)
_LOOK = (
    Column("side", "", "blue or red"),
    Column("sensor", "", "number of the side's sensor, from 1"),
)
_OBJECT = (
    Column("object", "", "its name"),
    Column("catalog_id", "", "its catalogue id; empty for objects that were drawn"),
    Column("regime", "", "LEO, MEO, GEO or HEO"),
)


def look_log(episodes: Episodes, scenario: Scenario) -> Table:
    """Every look of every episode, in the order in which they began."""
    columns = (
        *_EPISODE,
        *_LOOK,
        *_OBJECT,
        Column("tasked_utc", UTC, "when the sensor was tasked"),
        Column("exposure_utc", UTC, "when the exposure was to begin, after slewing and settling"),
        Column("end_utc", UTC, "first step by which it had ended, or was broken off"),
        Column("known_utc", UTC, "when the side knew the result"),
        Column("slew_deg", "deg", "how far the sensor turned"),
        Column("detection", "probability", "of detection by optics"),
        Column("found", "probability", "that the object is in the field of view"),
        Column(
            "result",
            "",
            "hit, not detected, out of field, broken off (denied), or unfinished: the window ended",
        ),
    )
    roster, step_s = tuple(scenario.catalog.roster()), scenario.window.step_s
    rows = []
    for number, one in enumerate(episodes, 1):
        for look in zip(*(column.tolist() for column in one.looks), strict=True):
            side, sensor, n, start, slew, exposure_s, end, known, detection, found, result = look
            times = (start * step_s, exposure_s, end * step_s, known * step_s)
            rows.append(
                (
                    *(number, SIDES[side], sensor + 1),
                    *(roster[n].name, roster[n].catalog_id, roster[n].regime),
                    *(_utc(one, seconds) for seconds in times),
                    *(float(np.degrees(slew)), detection, None if np.isnan(found) else found),
                    Result(result).name.lower().replace("_", " "),
                )
            )
    return make_table("looks", "Looks", columns, rows)


def interference_log(episodes: Episodes, scenario: Scenario) -> Table:
    """Every denial and protection of every episode."""
    columns = (
        *_EPISODE,
        *_LOOK,
        Column("utc", UTC, "when"),
        Column("event", "", "denial, denial blocked, or protection"),
        Column("target", "", "number of the opposing sensor, of a denial"),
    )
    step_s = scenario.window.step_s
    rows: list[tuple[Value, ...]] = []
    for number, one in enumerate(episodes, 1):
        events = [
            (step, side, sensor, "denial blocked" if blocked else "denial", target + 1)
            for side, sensor, target, step, blocked in zip(*one.denials, strict=True)
        ]
        events += [
            (step, side, sensor, "protection", None)
            for side, sensor, step, _ in zip(*one.protections, strict=True)
        ]
        for step, side, sensor, event, target in sorted(events, key=lambda found: int(found[0])):
            rows.append((number, SIDES[side], sensor + 1, _utc(one, step * step_s), event, target))
    return make_table("interference", "Denials and protections", columns, rows)


def manoeuvre_log(episodes: Episodes, scenario: Scenario) -> Table:
    """Every manoeuvre of every episode, and when it was noticed."""
    columns = (
        *_EPISODE,
        *_OBJECT,
        Column("utc", UTC, "its step; before the episode, if it was not yet known as that began"),
        Column("blue_utc", UTC, "when Blue noticed it; empty if never"),
        Column("red_utc", UTC, "when Red noticed it; empty if never"),
    )
    roster, step_s, rows = tuple(scenario.catalog.roster()), scenario.window.step_s, []
    for number, one in enumerate(episodes, 1):
        for n, _, step, noticed in zip(*one.manoeuvres, strict=True):
            when = (None if known < 0 else _utc(one, known * step_s) for known in noticed.tolist())
            named = roster[n].name, roster[n].catalog_id, roster[n].regime
            rows.append((number, *named, _utc(one, step * step_s), *when))
    return make_table("manoeuvres", "Manoeuvres", columns, rows)


def _utc(one: Episode | Trace, seconds: float) -> str:
    return in_utc(one.epoch + timedelta(seconds=round(float(seconds))))


def in_utc(when: datetime) -> str:
    """An instant in UTC as tables have it: ISO 8601, to the second."""
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"
