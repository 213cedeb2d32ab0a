"""Whether element sets can be used: by themselves, at the time they are wanted, and in flight.

By themselves, elements must be in range and make an orbit that SGP4 can follow. At a given time
they must be neither too old nor too new, nor decayed by then. In flight SGP4 gives their positions
in TEME, or tells which of them do not last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sgp4.api import SGP4_ERRORS, SatrecArray, jday
from sgp4.conveniences import jday_datetime

from ssa_psro.catalogs.element_set import WGS72_RADIUS_KM, ElementSet, satrec
from ssa_psro.catalogs.records import CatalogFile, RecordError, reject

DOWNLOAD = "Download the record again, or leave it out."
FIRST_YEAR, LAST_YEAR = 1957, 2100
DECAYED = 6
"""SGP4's error code of an orbit inside the Earth."""


class Quantity(NamedTuple):
    """One element: its field, its OMM key and unit, and the range that makes sense."""

    field: str
    key: str
    unit: str
    low: float
    high: float


QUANTITIES = (
    Quantity("mean_motion_rev_day", "MEAN_MOTION", "rev/day", 0.01, 20.0),
    Quantity("eccentricity", "ECCENTRICITY", "", 0.0, 0.999999999),
    Quantity("inclination_deg", "INCLINATION", "deg", 0.0, 180.0),
    Quantity("raan_deg", "RA_OF_ASC_NODE", "deg", -360.0, 360.0),
    Quantity("argument_of_perigee_deg", "ARG_OF_PERICENTER", "deg", -360.0, 360.0),
    Quantity("mean_anomaly_deg", "MEAN_ANOMALY", "deg", -360.0, 360.0),
    Quantity("bstar", "BSTAR", "1/ER", -10.0, 10.0),
    Quantity("mean_motion_dot", "MEAN_MOTION_DOT", "rev/day**2", -1000.0, 1000.0),
    Quantity("mean_motion_ddot", "MEAN_MOTION_DDOT", "rev/day**3", -1000.0, 1000.0),
)


def checked(element_set: ElementSet) -> ElementSet:
    """``element_set`` itself, if it can be used.

    Raises:
        RecordError: an element or the epoch is out of range, the perigee lies inside the Earth, or
            SGP4 cannot place the object at its own epoch.
    """
    for field, key, unit, low, high in QUANTITIES:
        value = getattr(element_set, field)
        if not low <= value <= high:  # written so that NaN fails too
            limits = f"{low:g} to {high:g} {unit}".rstrip()
            raise RecordError(f"{key} = {value:g} is outside {limits}", DOWNLOAD)
    if not FIRST_YEAR <= element_set.epoch.year <= LAST_YEAR:
        problem = f"epoch {element_set.epoch:%Y-%m-%d} is outside {FIRST_YEAR} to {LAST_YEAR}"
        raise RecordError(problem, DOWNLOAD)
    # said before SGP4 says "error 6": with a perigee inside the Earth nothing else needs telling
    if element_set.perigee_altitude_km < 0.0:
        depth_km = -element_set.perigee_altitude_km
        raise RecordError(f"decayed: perigee {depth_km:.0f} km below the surface", DOWNLOAD)
    check_propagation(element_set)
    return element_set


def check_propagation(element_set: ElementSet) -> None:
    """Raise ``RecordError`` unless SGP4 gives a position at the epoch."""
    code, position_km, _ = satrec(element_set).sgp4_tsince(0.0)
    if code:
        raise RecordError(f"{sgp4_problem(code)} at its own epoch", DOWNLOAD)
    if not all(map(isfinite, position_km)):
        raise RecordError("diverging: SGP4 finds no position at its own epoch", DOWNLOAD)


def sgp4_problem(code: int) -> str:
    """SGP4's error code in words."""
    said = SGP4_ERRORS.get(code, "unknown error")
    return f"{'decayed' if code == DECAYED else 'diverging'}: SGP4 error {code}, {said}"


NEARER = "Use an element set nearer to the window, or allow a larger difference."
GONE = "Leave it out, or use a newer element set."
LONGEST_STEP_DAYS = 0.25
"""Decay is looked for at instants no further apart; an orbit that has decayed stays so."""
MOST_INSTANTS = 20_000
"""But at no more than these, over 13 years."""


def check_epochs(
    catalog: CatalogFile, *, start: datetime, end: datetime, span_days: float
) -> CatalogFile:
    """``catalog`` without the element sets over ``span_days`` before ``start`` or after ``end``."""

    def problem(one: ElementSet) -> str:
        before, after = (
            apart / timedelta(days=1) for apart in (start - one.epoch, one.epoch - end)
        )
        if max(before, after) <= span_days:
            return ""
        days, side = (before, "before") if before > after else (after, "after")
        return f"epoch {one.epoch:%Y-%m-%d %H:%M} is {days:.1f} days {side} the window"

    return reject(catalog, [problem(one) for one in catalog.accepted], NEARER)


LOWEST_KM = 100.0
"""Altitude below which nothing orbits: the air brings down within a revolution what SGP4 still
follows."""
FARTHEST = 2.0
"""Apogees from the Earth's centre at which a position is none: past its decay SGP4 may find an
object anywhere, and report no error."""


def check_decay(catalog: CatalogFile, *, start: datetime, end: datetime) -> CatalogFile:
    """``catalog`` without the element sets that SGP4 cannot follow from ``start`` to ``end``.

    Nor from their epoch to there: what has come down before the window is not in it.
    """
    return reject(catalog, [decay_problem(one, start, end) for one in catalog.accepted], GONE)


def decay_problem(one: ElementSet, start: datetime, end: datetime) -> str:
    """What becomes of an object between its epoch, ``start`` and ``end``; empty if it lasts."""
    day, fraction = jday_datetime(start)
    age_days = (one.epoch - start) / timedelta(days=1)
    first, last = min(age_days, 0.0), max((end - start) / timedelta(days=1), age_days)
    count = min(int((last - first) / LONGEST_STEP_DAYS) + 2, MOST_INSTANTS)
    offsets = np.linspace(first, last, count)
    codes, places, _ = satrec(one).sgp4_array(np.full_like(offsets, day), fraction + offsets)
    lost = _lost(codes, places, one)
    if not lost.any():
        return ""
    # of what is lost the instant nearest to the epoch, at which it was not
    at = int(np.flatnonzero(lost)[np.argmin(np.abs(offsets[lost] - age_days))])
    when = start + timedelta(days=float(offsets[at]))
    return f"{_lost_in_words(int(codes[at]), places[at])}, at {when:%Y-%m-%d %H:%M}"


def _lost(
    codes: NDArray[np.uint8],
    places_km: NDArray[np.float64],
    one: ElementSet,
    lowest_km: float = LOWEST_KM,
) -> NDArray[np.bool_]:
    """Where SGP4 has no position of an object, or one where nothing of it orbits, ``[T]``."""
    farthest_km = FARTHEST * (one.apogee_altitude_km + WGS72_RADIUS_KM)
    square = (places_km**2).sum(axis=-1)
    # nan is neither
    within = (square < farthest_km**2) & (square > (WGS72_RADIUS_KM + lowest_km) ** 2)
    return np.asarray((codes != 0) | ~within)


def _lost_in_words(code: int, place_km: NDArray[np.float64]) -> str:
    if code:
        return sgp4_problem(code)
    altitude_km = float(np.linalg.norm(place_km)) - WGS72_RADIUS_KM
    if altitude_km <= LOWEST_KM:
        where = "above" if altitude_km > 0.0 else "below"
        return f"decayed: {abs(altitude_km):.0f} km {where} the surface"
    return "diverging: SGP4 finds no position on its orbit"


MOST_SAMPLES = 750_000
"""Positions and velocities worked out at a time; they take 36 MB, 260 objects over ten days."""
DAY_S = 86400.0


def teme_positions_km(
    element_sets: Sequence[ElementSet],
    epoch: datetime,
    times_s: NDArray[np.float64],
    lowest_km: float = LOWEST_KM,
) -> NDArray[np.float64]:
    """Positions ``[T, K, 3]`` in km of ``K`` objects; nan where SGP4 finds none.

    Args:
        element_sets: the ``K`` objects.
        epoch: in UTC.
        times_s: ``[T]`` seconds after ``epoch``.
        lowest_km: altitude below which a position is none either.
    """
    positions = np.empty((len(times_s), len(element_sets), 3))
    first = 0
    for lost, _, batch in _flights(element_sets, epoch, times_s, lowest_km):
        batch[lost] = np.nan
        positions[:, first : first + len(batch)] = batch.transpose(1, 0, 2)
        first += len(batch)
    return positions


def flight_problems(
    element_sets: Sequence[ElementSet], epoch: datetime, times_s: NDArray[np.float64]
) -> list[str]:
    """What keeps each object from being flown at all of ``times_s``, in words; empty if nothing."""
    problems = []
    for lost, codes, places_km in _flights(element_sets, epoch, times_s):
        for row, code, place in zip(lost, codes, places_km, strict=True):
            problems.append(_problem(row, code, place, times_s) if row.any() else "")
    return problems


def _problem(
    lost: NDArray[np.bool_],
    codes: NDArray[np.uint8],
    places_km: NDArray[np.float64],
    times_s: NDArray[np.float64],
) -> str:
    step = int(np.argmax(lost))
    what = _lost_in_words(int(codes[step]), places_km[step])
    return f"{what}, {times_s[step] / DAY_S:.1f} days into the window"


def _flights(
    element_sets: Sequence[ElementSet],
    epoch: datetime,
    times_s: NDArray[np.float64],
    lowest_km: float = LOWEST_KM,
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.uint8], NDArray[np.float64]]]:
    """Batch after batch, where there is no position, ``[k, T]``, SGP4's codes and ``[k, T, 3]``."""
    # days and their fraction apart, as SGP4 takes them: one float would tell 40 microseconds, in
    # which a satellite in LEO flies 30 cm
    second = epoch.second + epoch.microsecond / 1e6
    whole, fraction = jday(epoch.year, epoch.month, epoch.day, epoch.hour, epoch.minute, second)
    days, fractions = np.full(len(times_s), whole), fraction + times_s / DAY_S
    size = max(1, MOST_SAMPLES // max(1, len(times_s)))
    for first in range(0, len(element_sets), size):
        some = element_sets[first : first + size]
        codes, positions, _ = SatrecArray([satrec(one) for one in some]).sgp4(days, fractions)
        rows = zip(codes, positions, some, strict=True)
        lost = np.array([_lost(*row, lowest_km) for row in rows])
        yield lost, codes, positions
