"""Figures of coverage of the same access intervals, by this package and by TAT-C's reduction.

The intervals are those of the comparison with Skyfield, to the millisecond, and those of both
sides' access tables in a shipped scenario of published-like element sets, step by step. TAT-C
leaves out the gaps at the ends of the window, and so does this comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from evidence.validation.access import element_sets, stored_intervals
from evidence.validation.figures import Figure
from evidence.validation.setting import HOURS, SENSORS
from evidence.validation.stored import read_peer, read_rows
from ssa_psro.arrays import Floats
from ssa_psro.geometry import build_arena
from ssa_psro.scenario import load_scenario
from ssa_psro.trace.gaps import Numbers, gap_figures, gaps_of, intervals_of, ratio, united

SCENARIO = Path("scenarios/leo-meo-geo-mix.toml")
REDUCED_FILE = "reduction_tatc.csv"
TOLERANCE_US = 1.0
"""TAT-C keeps times to a microsecond."""


class Accesses(NamedTuple):
    """Access intervals of all sensors of one side.

    Attributes:
        subject: whose they are.
        window_s: length of the window, which begins at 0.
        objects: names of the objects.
        sensor: ``[A]`` number of the sensor.
        object: ``[A]`` number of the object.
        start_s: ``[A]``.
        end_s: ``[A]``.
    """

    subject: str
    window_s: float
    objects: tuple[str, ...]
    sensor: Numbers
    object: Numbers
    start_s: Floats
    end_s: Floats


def accesses(folder: Path) -> Iterator[Accesses]:
    """All that are compared."""
    names = tuple(one.name for one in element_sets(folder))
    found = stored_intervals(folder / "access_skyfield.csv", names)
    yield Accesses(
        "12 sensors, 20 targets, to the ms",
        HOURS * 3600.0,
        names[SENSORS:],
        found.sensor,
        found.target,
        found.start_s,
        found.end_s,
    )
    scenario = load_scenario(SCENARIO)
    arena, window = build_arena(scenario), scenario.window
    for side, name in enumerate(("Blue", "Red")):
        seen = arena.tables.quality[: window.steps, side, : arena.sensor_count[side]] > 0
        each = [intervals_of(seen[:, s], window.step_s / 3600.0) for s in range(seen.shape[1])]
        yield Accesses(
            f"{scenario.name}, {name}",
            window.duration_h * 3600.0,
            arena.objects.names,
            np.repeat(np.arange(len(each)), [one.owner.size for one in each]),
            np.concatenate([one.owner for one in each]),
            np.round(3600.0 * np.concatenate([one.start_h for one in each])),
            np.round(3600.0 * np.concatenate([one.end_h for one in each])),
        )


def reduced(found: Accesses) -> Floats:
    """``[N, 4]`` accesses, their mean length, mean gap between them and longest gap, in s."""
    count, hour = len(found.objects), 3600.0
    whole = united(found.object, found.start_s / hour, found.end_s / hour)
    gaps = gaps_of(whole, count, found.window_s / hour, ends=False)
    figures = gap_figures(gaps, np.arange(count), found.window_s / hour)
    number = np.bincount(whole.owner, minlength=count)
    length_h = np.bincount(whole.owner, whole.end_h - whole.start_h, minlength=count)
    times_h = (ratio(length_h, number), figures.mean_h, figures.longest_h)
    return np.stack([number.astype(np.float64), *(hour * one for one in times_h)], axis=1)


def measure(folder: Path) -> list[Figure]:
    """The greatest difference of any object, and whether both leave out the same objects."""
    peer, rows = read_peer(folder / REDUCED_FILE), read_rows(folder / REDUCED_FILE)
    names = ("accesses", "access_s", "revisit_s", "longest_s")
    figures = []
    for one in accesses(folder):
        mine = reduced(one)
        theirs = np.full_like(mine, np.nan)
        theirs[:, 0] = 0.0
        for row in rows:
            if row["subject"] == one.subject:
                place = one.objects.index(row["object"])
                theirs[place] = [float(row[name] or "nan") for name in names]
        apart = np.isnan(mine) != np.isnan(theirs)
        differences = np.nanmax(np.abs(mine - theirs), axis=0)
        figures += [
            Figure(one.subject, "intervals", one.start_s.size, "", peer, low=500),
            Figure(one.subject, "objects", len(one.objects), "", peer, low=20),
            Figure(one.subject, "accesses of all", mine[:, 0].sum(), "", peer, low=100),
            Figure(one.subject, "gaps in one only", int(apart.sum()), "", peer, 0, 0),
            Figure(one.subject, "accesses by", differences[0], "", peer, 0, 0),
            *(
                Figure(one.subject, f"{what} by", 1e6 * number, "µs", peer, high=TOLERANCE_US)
                for what, number in zip(
                    ("mean access", "mean gap", "longest gap"), differences[1:], strict=True
                )
            ),
        ]
    return figures
