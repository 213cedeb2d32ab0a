"""Access intervals of the same pairs by this package, TAT-C and Skyfield."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from evidence.validation.figures import Figure
from evidence.validation.intervals import Intervals, Tracks, find_intervals, in_sight, observable
from evidence.validation.setting import (
    HOURS,
    LARGEST_RANGE_KM,
    MOON_EXCLUSION_DEG,
    SAMPLE_S,
    SENSORS,
    START,
    SUN_EXCLUSION_DEG,
)
from evidence.validation.stored import ELEMENTS_FILE, column, read_peer, read_rows
from ssa_psro.arrays import Floats
from ssa_psro.catalogs import read_catalog
from ssa_psro.geometry.flight import propagate_sgp4
from ssa_psro.geometry.optics import Optics
from ssa_psro.geometry.sky import moon_position_km, sun_position_km
from ssa_psro.scenario.orbits import StatedElementSet, from_record

TABLE_STEPS_S = (60.0, 300.0)


class Limits(NamedTuple):
    """How far starts and ends may be apart, and how many intervals may have no partner."""

    median_s: float
    most_s: float
    largest_s: float
    unmatched: int


LIMITS = Limits(0.05, 0.2, 2.0, 0)
"""The programs' axes of the Earth are up to 0.2° apart."""


class Comparison(NamedTuple):
    """Two lists of intervals side by side.

    Attributes:
        difference_s: ``[D]`` own start minus the reference's, and end minus end, where exactly one
            interval of each list overlaps the other; not where the day's ends cut both off.
        missing: intervals of the reference without such a partner.
        extra: own intervals without such a partner.
    """

    difference_s: Floats
    missing: int
    extra: int


def samples_s() -> Floats:
    """The times at which all programs look first."""
    return np.arange(0.0, HOURS * 3600.0 + SAMPLE_S / 2.0, SAMPLE_S)


def element_sets(folder: Path) -> list[StatedElementSet]:
    """Sensors first, then targets, read as any catalogue."""
    return [from_record(one) for one in read_catalog(folder / ELEMENTS_FILE).accepted]


def tracks(satellites: Sequence[StatedElementSet]) -> Tracks:
    """Where the satellites are, in GCRS."""
    times_s = samples_s()
    return Tracks(times_s, propagate_sgp4([satellites], START, times_s)[0])


def sky() -> Tracks:
    """Where Sun and Moon are."""
    times_s = samples_s()
    bodies = sun_position_km(START, times_s), moon_position_km(START, times_s)
    return Tracks(times_s, np.stack(bodies, axis=1))


def optics(objects: int) -> Optics:
    """The sensor of the comparison: every constraint but a limiting magnitude."""
    return Optics(
        sensors=np.array([SENSORS, 0]),
        max_range_km=np.full(2, LARGEST_RANGE_KM),
        sun_exclusion_cosine=np.full(2, math.cos(math.radians(SUN_EXCLUSION_DEG))),
        moon_exclusion_cosine=np.full(2, math.cos(math.radians(MOON_EXCLUSION_DEG))),
        limb_background=np.array([True, True]),
        limb_exclusion=np.array([[1.0, 0.0], [1.0, 0.0]]),
        brightest_flux=np.full(2, math.inf),
        limiting_flux=np.full(2, np.finfo(np.float64).tiny),
        detection_snr=np.ones(2),
        denial_range_km=np.full(2, LARGEST_RANGE_KM),
        area_m2=np.ones(objects),
    )


def stored_intervals(path: Path, names: Sequence[str]) -> Intervals:
    """A reference file's intervals."""
    rows = read_rows(path)
    sensor, target = (
        np.array([names.index(row[key]) for row in rows]) for key in ("sensor", "target")
    )
    return Intervals(sensor, target - SENSORS, column(rows, "start_s"), column(rows, "end_s"))


def compare(own: Intervals, reference: Intervals) -> Comparison:
    """Pair intervals by overlap, and subtract their ends."""
    day_s, theirs = HOURS * 3600.0, _by_pair(reference)
    differences: list[float] = []
    matched = 0
    for pair, mine in _by_pair(own).items():
        others = theirs.get(pair, [])
        for one in mine:
            partner = _only(one, others)
            if partner is None or _only(partner, mine) is None:
                continue
            matched += 1
            for edge, other in zip(one, partner, strict=True):
                if max(edge, other) > 0.0 and min(edge, other) < day_s:
                    differences.append(edge - other)
    return Comparison(np.array(differences), len(reference) - matched, len(own) - matched)


def _by_pair(found: Intervals) -> dict[tuple[int, int], list[tuple[float, float]]]:
    grouped = defaultdict(list)
    for sensor, target, start_s, end_s in zip(
        found.sensor.tolist(),
        found.target.tolist(),
        found.start_s.tolist(),
        found.end_s.tolist(),
        strict=True,
    ):
        grouped[sensor, target].append((start_s, end_s))
    return grouped


def _only(
    one: tuple[float, float], others: Sequence[tuple[float, float]]
) -> tuple[float, float] | None:
    """The one of ``others`` that overlaps; nothing if none or several do."""
    found = [other for other in others if min(one[1], other[1]) > max(one[0], other[0])]
    return found[0] if len(found) == 1 else None


def measure(folder: Path) -> list[Figure]:
    """Access intervals of all constraints against Skyfield, of sight and range against TAT-C."""
    satellites = element_sets(folder)
    names, paths = [one.name for one in satellites], tracks(satellites)
    seen = find_intervals(paths, SENSORS, observable(optics(len(names) - SENSORS), sky()))
    sighted = find_intervals(paths, SENSORS, in_sight(LARGEST_RANGE_KM))
    return [
        figure
        for subject, own, file in (
            ("every constraint", seen, "access_skyfield.csv"),
            ("sight and range", sighted, "access_tatc.csv"),
        )
        for figure in _figures(subject, own, stored_intervals(folder / file, names), folder / file)
    ]


def measure_steps(folder: Path) -> list[Figure]:
    """How much of the access falls between two steps of the tables."""
    satellites = element_sets(folder)
    carried = optics(len(satellites) - SENSORS)
    seen = find_intervals(tracks(satellites), SENSORS, observable(carried, sky()))
    lengths_s = seen.end_s - seen.start_s
    figures = []
    for step_s in TABLE_STEPS_S:
        lost = np.ceil(seen.start_s / step_s) * step_s > seen.end_s
        share = 100.0 * float(lengths_s[lost].sum() / lengths_s.sum())
        subject, reference = f"step of {step_s:.0f} s", "intervals to the millisecond"
        figures += [
            Figure(
                subject, "intervals missed", 100.0 * float(lost.mean()), "%", reference, high=15.0
            ),
            Figure(subject, "access time in them", share, "%", reference, high=2.0),
        ]
    return figures


def _figures(subject: str, own: Intervals, theirs: Intervals, path: Path) -> list[Figure]:
    found, peer = compare(own, theirs), read_peer(path)
    sizes_s = np.abs(found.difference_s)
    median_s, most_s = float(np.median(sizes_s)), float(np.quantile(sizes_s, 0.95))
    return [
        Figure(subject, "intervals", len(own), "", peer, low=1000),
        Figure(subject, "missing", found.missing, "", peer, 0, LIMITS.unmatched),
        Figure(subject, "extra", found.extra, "", peer, 0, LIMITS.unmatched),
        Figure(subject, "ends: median", median_s, "s", peer, high=LIMITS.median_s),
        Figure(subject, "95 % within", most_s, "s", peer, high=LIMITS.most_s),
        Figure(subject, "largest", float(sizes_s.max()), "s", peer, high=LIMITS.largest_s),
    ]
