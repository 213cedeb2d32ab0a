"""Access intervals of the same pairs by this package, TAT-C and Skyfield."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ssa_psro.benchmarks.validation.figures import Figure
from ssa_psro.benchmarks.validation.intervals import (
    Floats,
    Intervals,
    Tracks,
    find_intervals,
    in_sight,
    observable,
)
from ssa_psro.benchmarks.validation.setting import (
    HOURS,
    LARGEST_RANGE_KM,
    MOON_EXCLUSION_DEG,
    SAMPLE_S,
    SENSORS,
    START,
    SUN_EXCLUSION_DEG,
)
from ssa_psro.benchmarks.validation.stored import (
    ELEMENTS_FILE,
    column,
    read_provenance,
    read_rows,
)
from ssa_psro.catalogs import read_catalog
from ssa_psro.geometry.moon import moon_position_km
from ssa_psro.geometry.optics import Optics
from ssa_psro.geometry.sgp4_propagation import propagate_sgp4
from ssa_psro.geometry.sun import sun_position_km
from ssa_psro.scenario.element_sets import ElementSet, from_record

TABLE_STEP_S = 300.0


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


def element_sets(folder: Path) -> list[ElementSet]:
    """Sensors first, then targets, read as any catalogue."""
    return [from_record(one) for one in read_catalog(folder / ELEMENTS_FILE).accepted]


def tracks(satellites: Sequence[ElementSet]) -> Tracks:
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


def stored_intervals(path: Path, names: Sequence[str], **wanted: str) -> Intervals:
    """A reference file's intervals, of the rows whose columns hold the ``wanted`` values."""
    rows = [row for row in read_rows(path) if wanted.items() <= row.items()]
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
                if 0.0 < max(edge, other) and min(edge, other) < day_s:
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
    """Access intervals against Skyfield and TAT-C, and what a step of 300 s makes of them."""
    satellites = element_sets(folder)
    names, paths = [one.name for one in satellites], tracks(satellites)
    carried = optics(len(satellites) - SENSORS)
    seen = find_intervals(paths, SENSORS, observable(carried, sky()))
    sighted = find_intervals(paths, SENSORS, in_sight(LARGEST_RANGE_KM))
    skyfield, tatc = folder / "access_skyfield.csv", folder / "access_tatc.csv"
    return [
        *_figures(
            "all constraints",
            compare(seen, stored_intervals(skyfield, names)),
            len(seen),
            _peer(skyfield),
            (0.001, 0.002, 1.0, 0),
        ),
        *_figures(
            "range and line of sight, spherical Earth",
            compare(sighted, stored_intervals(tatc, names, earth="sphere")),
            len(sighted),
            _peer(tatc),
            (0.001, 0.002, 0.1, 0),
        ),
        *_figures(
            "range and line of sight, flattened Earth",
            compare(sighted, stored_intervals(tatc, names, earth="ellipsoid")),
            len(sighted),
            _peer(tatc),
            (10.0, 30.0, 600.0, 20),
        ),
        *_at_steps(seen),
    ]


def _peer(path: Path) -> str:
    return read_provenance(path).split(",")[0]


def _figures(
    subject: str,
    found: Comparison,
    count: int,
    peer: str,
    limits: tuple[float, float, float, int],
) -> list[Figure]:
    median_s, most_s, largest_s, unmatched = limits
    sizes = np.abs(found.difference_s)
    return [
        Figure(subject, "intervals", count, "", peer, low=1000),
        Figure(subject, "missing", found.missing, "", peer, high=unmatched),
        Figure(subject, "extra", found.extra, "", peer, high=unmatched),
        Figure(subject, "start and end, median", float(np.median(sizes)), "s", peer, high=median_s),
        Figure(
            subject,
            "start and end, 95 % within",
            float(np.quantile(sizes, 0.95)),
            "s",
            peer,
            high=most_s,
        ),
        Figure(subject, "start and end, largest", float(sizes.max()), "s", peer, high=largest_s),
    ]


def _at_steps(seen: Intervals) -> list[Figure]:
    """How much falls between two steps of the tables."""
    first = np.ceil(seen.start_s / TABLE_STEP_S) * TABLE_STEP_S
    lost = first > seen.end_s
    lengths_s = seen.end_s - seen.start_s
    share = float(lengths_s[lost].sum() / lengths_s.sum())
    subject, reference = "tables at a step of 300 s", "intervals above"
    return [
        Figure(subject, "intervals between two steps", 100 * lost.mean(), "%", reference, high=15),
        Figure(subject, "access time in them", 100 * share, "%", reference, high=2),
    ]
